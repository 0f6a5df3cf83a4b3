"""Report the decisions, events and files that the last build did not use, and how to correct them.

The report names deliveries, rows, columns and files, but it never shows a value from a row.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from relief.home import Home
from relief.landing import catalog
from relief.landing.given import MODELS, Fault, faults, lines
from relief.landing.layout_use import unused_layouts
from relief.linkage.own_weights import not_used
from relief.policies.life import left_out

if TYPE_CHECKING:
    import duckdb

Report = Callable[[str], None]
_NEEDED = {
    ("quality", "audit_decisions", "column_name"),
    ("quality", "audit_unmatched_events", "column_name"),
    ("marts", "fct_review_decisions", "fault_column"),
    ("marts", "fct_relief_events", "fault_column"),
}
_DECISIONS = """
    select
        count(*) filter (where decision_status = 'in_force'),
        count(*) filter (where decision_status = 'replaced'),
        count(*) filter (where decision_status = 'not_filled_in'),
        count(*) filter (where decision_status not in ('in_force', 'replaced', 'not_filled_in'))
    from marts.fct_review_decisions
"""
_EVENTS = """
    select
        count(*) filter (where is_type_known and match_status = 'matched'),
        count(*) filter (where is_type_known and match_status = 'duplicate'),
        count(*) filter (where not is_type_known or match_status not in ('matched', 'duplicate'))
    from (
        select events.match_status, audit.finding is distinct from 'event_type_unknown' as is_type_known
        from marts.fct_relief_events as events
        left join quality.audit_unmatched_events as audit using (delivery_id, row_no)
    )
"""
_FAULTS = """
    select delivery_id, row_no, finding, column_name from quality.audit_decisions
    union all
    select delivery_id, row_no, finding, column_name from quality.audit_unmatched_events
    union all
    select delivery_id, row_no, 'event_in_the_future', 'event_date'
    from marts.fct_relief_events where match_status = 'in_the_future'
"""
_NOT_BUILT = """
    select table_name, delivery_id, as_of_date, parquet_path from raw.deliveries
    where status = 'landed' and loaded > 0 and list_contains($tables, table_name)
        and delivery_id not in (select delivery_id from {built} where delivery_id is not null)
    order by landed_at, delivery_id
"""


def report_build(connection: "duckdb.DuckDBPyConnection", report: Report) -> None:
    """Report how many decisions and events the build used, and list the rows that it did not use, with the reason."""
    if not is_built(connection):
        return
    obeyed, replaced, blank, refused = connection.execute(_DECISIONS).fetchall()[0]
    if total := obeyed + replaced + blank + refused:
        report(
            f"decisions: {total:,} rows = {obeyed:,} obeyed + {replaced:,} replaced by a later one + "
            f"{blank:,} not filled in + {refused:,} not obeyed"
        )
    matched, repeated, unmatched = connection.execute(_EVENTS).fetchall()[0]
    if total := matched + repeated + unmatched:
        report(
            f"events: {total:,} rows = {matched:,} that count + {repeated:,} reported before + "
            f"{unmatched:,} that count nowhere"
        )
    found = [Fault(*row) for row in connection.execute(_FAULTS).fetchall()]
    for line in lines(found, with_delivery=True):
        report(f"  {line}")
    if found:
        report("  row by row, to be mended: relief export worklist")


def report_status(connection: "duckdb.DuckDBPyConnection", home: Home, report: Report) -> None:
    """Report the rows that the last build did not use, faulty rows landed since that build, and unused files."""
    report_build(connection, report)
    for table, delivery_id, as_of, path in connection.execute(
        _NOT_BUILT.format(built=_built_rows(connection)), {"tables": list(MODELS)}
    ).fetchall():
        found = faults(connection, table, delivery_id, as_of, catalog.rows_of(home, path))
        for line in lines(found, with_delivery=True):
            report(f"not built yet: {line}")
    report_files(connection, home, report)


def report_files(connection: "duckdb.DuckDBPyConnection", home: Home, report: Report) -> None:
    """Report the unused layouts, policies and weight files of the data folder, one line each."""
    for line in unused_layouts(connection, home):
        report(line)
    for line in left_out(connection, home):
        report(line)
    for line in not_used(home.path):
        report(line)


def is_built(connection: "duckdb.DuckDBPyConnection") -> bool:
    """Whether the tables of the last build exist and have the columns of this version."""
    columns = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
    ).fetchall()
    return set(columns) >= _NEEDED


def _built_rows(connection: "duckdb.DuckDBPyConnection") -> str:
    if not is_built(connection):
        return "(select null as delivery_id)"
    return "(select delivery_id from marts.fct_review_decisions union select delivery_id from marts.fct_relief_events)"
