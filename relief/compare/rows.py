"""Compare row by row: join the peer's answers with ours, and name the defects that explain each difference."""

from typing import TYPE_CHECKING

from relief.compare.peer import PeerShape, checked_sql, key_sql
from relief.errors import ReliefError
from relief.export.doj_rows import DojDelivery, rows_sql

if TYPE_CHECKING:
    import duckdb

# Our answers beside the answers expected of the older tool, given its defects. If no defect affects a row, both answers
# are the same.
_ANSWERS = """
    create or replace temp table answers as
    select
        coalesce(ours.delivery_id, defects.delivery_id) as delivery_id,
        coalesce(ours.row_no, defects.row_no) as row_no,
        ours.row_no is not null as is_evaluated,
        coalesce(ours.determination, '') as determination,
        coalesce(ours.reason, '') as reason,
        coalesce(defects.is_evaluated_by_older_tool, true) as is_expected,
        coalesce(case when defects.row_no is null then ours.determination else defects.older_tool_determination end, '')
            as expected_determination,
        coalesce(case when defects.row_no is null then ours.reason else defects.older_tool_reason end, '')
            as expected_reason,
        coalesce(defects.defects, '') as defects
    from (
        select delivery_id, row_no, eligibility_determination as determination, eligibility_reason as reason
        from marts.fct_older_tool_results
        where policy_id = $policy_id and delivery_id in (select delivery_id from compared_deliveries)
    ) as ours
    full join (
        select * from marts.fct_relief_defects
        where policy_id = $policy_id and delivery_id in (select delivery_id from compared_deliveries)
    ) as defects
        on ours.delivery_id = defects.delivery_id and ours.row_no = defects.row_no
"""

# Rows that are equal in all columns are matched by order. If the peer has all rows of the file, this is the order of
# the file. Otherwise rows with an answer come first.
_MATCHED = """
    create or replace temp table matched as
    with landed as (
        select
            file_rows.key, file_rows.delivery_id, file_rows.row_no, file_rows.subject_id, file_rows.cnt_order,
            file_rows.checked, coalesce(answers.is_evaluated, false) as is_evaluated, answers.determination,
            answers.reason, coalesce(answers.is_expected, false) as is_expected, answers.expected_determination,
            answers.expected_reason, coalesce(answers.defects, '') as defects,
            row_number() over (
                partition by file_rows.key
                order by
                    $is_whole or coalesce(answers.is_evaluated, false) desc,
                    $is_whole or coalesce(answers.is_expected, false) desc,
                    compared_deliveries.delivery_no, file_rows.row_no
            ) as place
        from (select {key} as key, {checked} as checked, delivery_id, row_no, subject_id, cnt_order from ({rows}))
            as file_rows
        inner join compared_deliveries on file_rows.delivery_id = compared_deliveries.delivery_id
        left join answers on file_rows.delivery_id = answers.delivery_id and file_rows.row_no = answers.row_no
    ),
    peers as (
        select
            *,
            row_number() over (
                partition by key order by $is_whole or coalesce(is_evaluated, false) desc, line_no
            ) as place
        from peer
    )
    select
        landed.delivery_id, landed.row_no, trim(landed.subject_id) as subject_id,
        trim(landed.cnt_order) as cnt_order, landed.is_evaluated, landed.determination, landed.reason,
        landed.is_expected, landed.expected_determination, landed.expected_reason, landed.defects,
        peers.line_no,
        -- If the peer does not report whether it evaluated a row, assume it did where the older tool is expected to.
        peers.line_no is not null
        and coalesce(peers.is_evaluated, landed.is_evaluated and landed.is_expected, false) as is_peer_evaluated,
        coalesce(peers.determination, '') as peer_determination,
        coalesce(peers.reason, '') as peer_reason,
        landed.checked <> peers.checked as is_another_count
    from landed
    full join peers on landed.key = peers.key and landed.place = peers.place
    where peers.line_no is not null or landed.is_evaluated
"""

_NAMED = """
    create or replace temp table differences as
    with compared as (
        select
            *,
            case
                when row_no is null then 'no row of the delivery'
                when is_evaluated and is_peer_evaluated then 'differs'
                when is_evaluated then 'only here'
                else 'only in the peer file'
            end as difference,
            is_peer_evaluated = is_expected
            and (
                not is_expected
                or (peer_determination = expected_determination and peer_reason = expected_reason)
            ) as is_as_expected
        from matched
        where
            is_peer_evaluated <> coalesce(is_evaluated, false)
            or (is_peer_evaluated and (peer_determination <> determination or peer_reason <> reason))
    )
    select
        compared.* exclude (is_as_expected, is_another_count),
        case
            when compared.row_no is null then 'unexplained'
            when compared.defects <> '' and compared.is_as_expected then compared.defects
            when compared.is_peer_evaluated and not compared.is_evaluated and newer.row_no is not null
                then 'counted_per_file'
            else 'unexplained'
        end as named
    from compared
    left join (
        select file_rows.delivery_id, file_rows.row_no
        from marts.fct_criminal_history_rows as file_rows
        left join intermediate.int_criminal_history__rows as used
            on file_rows.delivery_id = used.delivery_id and file_rows.row_no = used.row_no
        where used.row_no is null and file_rows.subject_key is not null
    ) as newer
        on compared.delivery_id = newer.delivery_id and compared.row_no = newer.row_no
"""


def match(
    connection: "duckdb.DuckDBPyConnection", deliveries: list[DojDelivery], shape: PeerShape, policy_id: str
) -> None:
    """Fill the temporary tables ``matched`` (rows of either side) and ``differences``, from ``peer``.

    ``differences.named`` is defect ids joined with ``;``, or ``unexplained``. Raises ReliefError when the peer's rows
    are not rows of these deliveries, or when no answer of the peer is for a row that was evaluated here.
    """
    connection.execute("create or replace temp table compared_deliveries (delivery_id varchar, delivery_no integer)")
    connection.executemany(
        "insert into compared_deliveries values (?, ?)",
        [[delivery.delivery_id, number] for number, delivery in enumerate(deliveries)],
    )
    connection.execute(_ANSWERS, {"policy_id": policy_id})
    columns = tuple(dict.fromkeys(("subject_id", "cnt_order", *(c for c in shape.key_columns if c != "row_no"))))
    counts = connection.execute(
        "select (select count(*) from peer), (select count(*) from marts.fct_criminal_history_rows "
        "where delivery_id in (select delivery_id from compared_deliveries))"
    ).fetchone()
    connection.execute(
        _MATCHED.format(key=key_sql(shape), checked=checked_sql(shape), rows=rows_sql(deliveries, columns)),
        {"is_whole": bool(counts and counts[0] == counts[1])},
    )
    _refuse_another_file(connection)
    connection.execute(_NAMED)


def _refuse_another_file(connection: "duckdb.DuckDBPyConnection") -> None:
    found = connection.execute(
        """
        select
            count(*) filter (where line_no is not null),
            count(*) filter (where line_no is not null and row_no is not null),
            count(*) filter (where is_evaluated),
            count(*) filter (where is_peer_evaluated),
            count(*) filter (where is_evaluated and is_peer_evaluated),
            min(row_no) filter (where is_another_count)
        from matched
        """
    ).fetchone()
    lines, known, ours, peers, both, another = found or (0, 0, 0, 0, 0, None)
    if not lines:
        raise ReliefError("the peer file contains no rows; give a result file with its rows")
    if another is not None:
        raise ReliefError(
            f"row {another} of the peer file is another SUBJECT_ID or CNT_ORDER than row {another} of the delivery: "
            "it was made from another file"
        )
    if not known:
        raise ReliefError("no row of the peer file is a row of the landed file: it was made from another file")
    if ours and peers and not both:
        raise ReliefError(
            "the peer file and the last build evaluated no row in common; was it made for another county? "
            "Build for its county: relief build --county NAME"
        )
