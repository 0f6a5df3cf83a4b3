"""`relief status`: print deliveries and their dates, the last build, its checks, the verdicts and the releases."""

from collections.abc import Callable
from datetime import UTC, datetime

from relief.attention import report_status
from relief.building.inputs import from_text
from relief.building.last_build import last_build, newest_first
from relief.home import Home, open_warehouse
from relief.linkage.own_weights import used_by
from relief.publishing import current_release
from relief.verdicts import report_public_files, report_release, report_verdicts

Report = Callable[[str], None]


def show_status(home: Home, report: Report) -> None:
    """Print the state of the home. Without a warehouse, print how to begin."""
    report(f"RELIEF_HOME {home.path}")
    if not home.has_warehouse():
        report("no warehouse yet; begin with: relief run, or relief land --help")
        return
    with open_warehouse(home, read_only=True) as connection:
        known = {
            f"{schema}.{name}"
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        }
        if "raw.deliveries" in known:
            _deliveries(connection, report, repaired="raw.reject_repairs" in known)
        if "meta.builds" in known:
            _builds(connection, report)
        if "meta.check_results" in known:
            _checks(connection, report)
        if "raw.deliveries" in known:
            report_status(connection, home, report)
        report_verdicts(connection, report)
        release = current_release(home)
        if release is None:
            report("no release yet: relief publish")
            return
        report(f"release {release.release_id} of build {release.build_id}")
        report_release(connection, release, report)
    report_public_files(home, release, report)


def _deliveries(connection, report: Report, *, repaired: bool) -> None:  # type: ignore[no-untyped-def]  # late import
    closed = (
        "select delivery_id from raw.reject_repairs where outcome <> 'open'" if repaired else "select '' where false"
    )
    rows = connection.execute(
        f"""
        select
            delivery_id, table_name, as_of_date, as_of_given, records, loaded, rejected, status, is_synthetic,
            rejected - (select count(*) from ({closed}) as closed (id) where closed.id = deliveries.delivery_id)
        from raw.deliveries order by landed_at, delivery_id
        """
    ).fetchall()
    report(f"{len(rows)} deliveries")
    today = datetime.now(UTC).date()
    for delivery_id, table, as_of, given, records, loaded, rejected, status, is_synthetic, still_open in rows:
        date_note = f"as of {as_of}" if given else f"landed {as_of}, no as-of date was given"
        open_note = f" ({still_open:,} open)" if rejected else ""
        label = "SYNTHETIC " if is_synthetic else ""
        report(
            f"  {delivery_id}  {label}{table}  {date_note} ({max(0, (today - as_of).days)} days ago)  "
            f"{records:,} records = {loaded:,} loaded + {rejected:,} rejected{open_note}  {status}"
        )


def _builds(connection, report: Report) -> None:  # type: ignore[no-untyped-def]  # duckdb is imported late
    build = last_build(connection)
    if build:
        at = build.as_known_at
        known = f", as known at {at:%Y-%m-%d %H:%M:%S} UTC (not published)" if at else ""
        part = f", only the selector {build.selector} (not published)" if build.selector else ""
        report(
            f"last build {build.build_id} {build.status}: {build.county}, evaluated as of "
            f"{build.evaluated_as_of_date}{known}{part}"
        )
        if build.inputs:
            report(f"  people linked by weights: {used_by(from_text(build.inputs))}")


def _checks(connection, report: Report) -> None:  # type: ignore[no-untyped-def]  # duckdb is imported late
    newest = newest_first(connection, "check_results", "result_no")
    rows = connection.execute(
        f"""
        with newest as (
            select *, row_number() over (partition by gate, check_name order by {newest}) as age
            from meta.check_results
        )
        select gate, count(*), count(*) filter (where status = 'passed'),
            string_agg(check_name || ' ' || status, ', ' order by check_name) filter (where status <> 'passed')
        from newest where age = 1 group by gate order by gate
        """
    ).fetchall()
    for gate, checks, passed, others in rows:
        report(f"gate {gate}: {passed} of {checks} checks passed" + (f"; {others}" if others else ""))
