"""`relief policy compare`: what one policy would relieve and another would not, as the last build has it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.export.built import check_built
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

CHANGES = {
    "gained": "relieved by {to} alone",
    "lost": "relieved by {of} alone",
    "kept": "relieved by both",
    "neither": "relieved by neither",
}


def compare_policies(home: Home, from_id: str, to_id: str, report: Callable[[str], None]) -> None:
    """Print convictions and people by change and rule. Raises ReliefError when the build has no such pair."""
    if from_id == to_id:
        raise ReliefError(f"policy {from_id} is compared with itself; name another one")
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, {"rpt_policy_comparison"}, from_id, to_id)
        rows = _rows(connection, from_id, to_id) or _rows_of_any_two(connection, from_id, to_id)
        titles = dict(connection.execute("select policy_id, title from marts.dim_policies").fetchall())
    if not rows:
        raise ReliefError(f"the last build compares no {from_id} with {to_id}: neither evaluates a conviction")
    _, _, _, _, _, as_of, is_synthetic = rows[0]
    if is_synthetic:
        report("SYNTHETIC: the people and the records are invented.")
    report(f"From {from_id} to {to_id}, evaluated as of {as_of}. A determination dismisses nothing.")
    for policy_id in (from_id, to_id):
        report(f"{policy_id}: {titles[policy_id]}.")
    for change, words in CHANGES.items():
        for row_change, rule, determination, convictions, people, _, _ in rows:
            if row_change == change and rule == "all":
                said = words.format(of=from_id, to=to_id)
                report(f"{said}: {convictions:,} convictions of {people:,} people")
            elif row_change == change:
                answer = f" ({determination})" if determination else ""
                report(f"  by rule {rule} of {to_id}{answer}: {convictions:,} convictions of {people:,} people")


# The report holds policies beside each other and beside their variants; two variants are compared when somebody asks.
_ANY_TWO = """
    with answers as (
        select
            determinations.policy_id, convictions.conviction_key, convictions.person_key, determinations.determination,
            coalesce(determinations.deciding_rule_id, 'cannot tell') as rule_id,
            starts_with(determinations.determination, 'Eligible') as is_granted
        from intermediate.int_relief__determinations as determinations
        inner join marts.fct_convictions as convictions
            on regexp_replace(determinations.conviction_key, '[|]published$', '') = convictions.conviction_key
        where determinations.policy_id in ($from_id, $to_id)
    ),
    compared as (
        select
            case
                when coalesce(was.is_granted, false) and coalesce(becomes.is_granted, false) then 'kept'
                when becomes.is_granted then 'gained'
                when was.is_granted then 'lost'
                else 'neither'
            end as change,
            coalesce(becomes.rule_id, 'not evaluated') as rule_id,
            coalesce(becomes.determination, '') as determination,
            coalesce(was.person_key, becomes.person_key) as person_key
        from (select * from answers where policy_id = $from_id) as was
        full outer join (select * from answers where policy_id = $to_id) as becomes
            on was.conviction_key = becomes.conviction_key
    ),
    counted as (
        select change, rule_id, determination, count(*) as convictions, count(distinct person_key) as people
        from compared group by all
        union all
        select change, 'all', '', count(*), count(distinct person_key) from compared group by change
    )
    select counted.*, context.evaluated_as_of_date, context.is_synthetic
    from counted cross join intermediate.int_relief__evaluation_context as context
    order by change, rule_id <> 'all', convictions desc, rule_id
"""


def _rows_of_any_two(
    connection: "duckdb.DuckDBPyConnection", from_id: str, to_id: str
) -> list[tuple[str, str, str, int, int, object, bool]]:
    return connection.execute(_ANY_TWO, {"from_id": from_id, "to_id": to_id}).fetchall()


def _rows(
    connection: "duckdb.DuckDBPyConnection", from_id: str, to_id: str
) -> list[tuple[str, str, str, int, int, object, bool]]:
    return connection.execute(
        "select change, to_rule_id, to_determination, convictions, people, evaluated_as_of_date, is_synthetic "
        "from reporting.rpt_policy_comparison where from_policy_id = ? and to_policy_id = ? "
        "order by change, to_rule_id <> 'all', convictions desc, to_rule_id",
        [from_id, to_id],
    ).fetchall()
