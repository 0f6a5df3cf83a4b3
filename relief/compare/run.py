"""Run `relief compare`: read the peer file, find and name the differences, print and list them."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from relief.compare.peer import read_peer
from relief.compare.result import UNEXPLAINED, Comparison
from relief.compare.rows import match
from relief.compare.summary import compare_summaries, is_summary
from relief.errors import ReliefError
from relief.export.built import check_built
from relief.export.determinations import check_target, write_csv
from relief.export.doj_rows import DojDelivery, landed_deliveries
from relief.home import Home, open_warehouse

MARTS = {"fct_criminal_history_rows", "fct_older_tool_results", "fct_relief_defects", "rpt_older_tool_summary"}
ROW_COLUMNS = (
    "delivery_id",
    "row_no",
    "subject_id",
    "cnt_order",
    "difference",
    "determination",
    "reason",
    "peer_determination",
    "peer_reason",
    "expected_determination",
    "expected_reason",
    "named",
    "defects",
)
SHOWN_ROWS = 10


def compare(
    home: Home,
    policy_id: str,
    peer: Path,
    *,
    answer_columns: tuple[str, str] | None = None,
    delivery_id: str | None = None,
    out: Path | None = None,
    report: Callable[[str], None],
) -> Comparison:
    """Compare the older tool's answers with the last build's, print counts, and list the differences in `out`.

    Only counts and row numbers are printed, and no person's data. Raises ReliefError when nothing is built, or the peer
    file cannot be read or was made from another file or for another county.
    """
    if not peer.exists():
        raise ReliefError(f"{peer}: there is no such file")
    if out:
        check_target(home, out)
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, MARTS, policy_id)
        deliveries = _chosen(landed_deliveries(connection, home), delivery_id)
        if is_summary(peer):
            if out or delivery_id or answer_columns:
                raise ReliefError(f"{peer} is a summary: it has no rows to choose from or to list; give it alone")
            return compare_summaries(connection, policy_id, peer, report)
        shape = read_peer(connection, peer, answer_columns)
        if shape.kind == "row_no" and len(deliveries) > 1:
            raise ReliefError(
                f"{peer}: its row numbers are those of one file, and {len(deliveries)} are landed; "
                f"name the delivery: --delivery {deliveries[0].delivery_id}"
            )
        match(connection, deliveries, shape, policy_id)
        result = _counts(connection)
        _print(connection, result, peer, policy_id, report)
        if out:
            listed = connection.execute(
                f"select {', '.join(ROW_COLUMNS)} from differences order by delivery_id, row_no, line_no"
            ).fetchall()
            write_csv(out, ROW_COLUMNS, listed)
            report(f"listed {len(listed)} differences in {out}; it contains identifiers, keep it inside the office")
    return result


def _chosen(deliveries: list[DojDelivery], delivery_id: str | None) -> list[DojDelivery]:
    if not deliveries:
        raise ReliefError("no file of the DOJ is landed; land one: relief land --source ca_doj FILE")
    if delivery_id is None:
        return deliveries
    chosen = [delivery for delivery in deliveries if delivery.delivery_id == delivery_id]
    if not chosen:
        raise ReliefError(f"--delivery: there is no delivery {delivery_id} of the DOJ in use; see relief status")
    return chosen


def _counts(connection: duckdb.DuckDBPyConnection) -> Comparison:
    row = connection.execute(
        """
        select
            count(*) filter (where is_evaluated and is_peer_evaluated),
            (select count(*) from differences),
            (select count(*) from differences where named = ?),
            (select count(*) from differences where difference = 'differs')
        from matched
        """,
        [UNEXPLAINED],
    ).fetchone()
    compared, differences, unexplained, differing = row or (0, 0, 0, 0)
    named = dict(
        connection.execute(
            "select name, count(*) from (select unnest(string_split(named, ';')) as name from differences) "
            "group by name order by name"
        ).fetchall()
    )
    return Comparison(compared, compared - differing, differences, unexplained, named)


def _print(
    connection: duckdb.DuckDBPyConnection,
    result: Comparison,
    peer: Path,
    policy_id: str,
    report: Callable[[str], None],
) -> None:
    kinds = dict(connection.execute("select difference, count(*) from differences group by difference").fetchall())
    context = connection.execute(
        "select county_name, evaluated_as_of_date from staging.stg_landing__build_context"
    ).fetchone()
    county, day = context or ("", None)
    report(f"{peer.name} beside policy {policy_id}, {county}, evaluated as of {day}")
    report(
        f"rows evaluated by both: {result.compared}; equal: {result.equal}; differing: {kinds.get('differs', 0)}; "
        f"only here: {kinds.get('only here', 0)}; only in the peer file: {kinds.get('only in the peer file', 0)}; "
        f"no row of the delivery: {kinds.get('no row of the delivery', 0)}"
    )
    titles = dict(connection.execute("select defect, title from reference.older_tool_defects").fetchall())
    for name, count in result.named.items():
        report(f"  {name}: {count}" + (f" ({titles[name]})" if name in titles else ""))
    if result.unexplained:
        rows = connection.execute(
            "select delivery_id, row_no from differences where named = ? and row_no is not null "
            "order by delivery_id, row_no limit ?",
            [UNEXPLAINED, SHOWN_ROWS],
        ).fetchall()
        if rows:
            report("  first unexplained rows: " + ", ".join(f"{delivery} row {row_no}" for delivery, row_no in rows))
