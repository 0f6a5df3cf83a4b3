"""List the rows of decisions and events that the last build did not use, as delivered, so that people can mend them."""

from typing import TYPE_CHECKING, Any

from relief.landing.given import findings
from relief.landing.layout import load_source

if TYPE_CHECKING:
    import duckdb

LATER = ("a later decision about the same thing is in force", "Nothing, if the later decision is meant")
_COLUMNS = ("outcome", "delivery_id", "file_name", "row_no", "column_to_mend", "reason", "what_to_write")
_DECISIONS = """
    with listed as (
        select
            delivery_id, row_no, finding, column_name,
            case when decision_status in ('in_force', 'replaced') then decision_status else 'not_obeyed' end as outcome
        from quality.audit_decisions
        union all
        select delivery_id, row_no, null, null, decision_status
        from marts.fct_review_decisions as decisions
        where decision_status = 'replaced'
            and not exists (
                select 1 from quality.audit_decisions as audit
                where audit.delivery_id = decisions.delivery_id and audit.row_no = decisions.row_no
            )
    )
"""
_EVENTS = """
    with listed as (
        select
            delivery_id, row_no, finding, column_name,
            case match_status
                when 'matched' then 'counted' when 'duplicate' then 'reported before' else 'not counted'
            end as outcome
        from quality.audit_unmatched_events
        union all
        select delivery_id, row_no, 'event_in_the_future', 'event_date', 'not counted'
        from marts.fct_relief_events where match_status = 'in_the_future'
            and (delivery_id, row_no) not in (select (delivery_id, row_no) from quality.audit_unmatched_events)
    )
"""
_OUTCOMES = {"in_force": "obeyed", "replaced": "replaced", "not_obeyed": "not obeyed"}


def columns(source: str) -> list[str]:
    """The columns of the list: the outcome of each row and the reason, then the row's cells as delivered."""
    (table,) = load_source(source).tables
    return [*_COLUMNS, *table.columns]


def not_obeyed(connection: "duckdb.DuckDBPyConnection", source: str) -> list[tuple[Any, ...]]:
    """The rows of decisions (or events) to list: first rows without effect, then rows that lack something."""
    (table,) = load_source(source).tables
    given = ", ".join(f'given."{column}"' for column in table.columns)
    rows = connection.execute(
        f"""{_DECISIONS if source == "review_decisions" else _EVENTS}
        select
            listed.outcome, listed.delivery_id, deliveries.file_name, listed.row_no, listed.column_name, listed.finding,
            {given}
        from listed
        left join raw.deliveries as deliveries on listed.delivery_id = deliveries.delivery_id
        left join raw.{table.name} as given
            on listed.delivery_id = given.delivery_id and listed.row_no = given.row_no
        order by
            case
                when listed.outcome like 'not%' then 1 when listed.outcome in ('in_force', 'counted') then 2 else 3
            end,
            listed.delivery_id, listed.row_no, listed.finding
        """
    ).fetchall()
    return [
        (_OUTCOMES.get(outcome, outcome), delivery, file, row_no, column, *findings().get(finding, LATER), *cells)
        for outcome, delivery, file, row_no, column, finding, *cells in rows
    ]
