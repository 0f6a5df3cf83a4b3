"""The lines of `relief status` about headline figures and releases: verdicts, acceptances and public files."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from relief.duck import has_table
from relief.home import Home
from relief.publishing import Release
from relief.publishing.releases import releases_kept

if TYPE_CHECKING:
    import duckdb

Report = Callable[[str], None]


def report_verdicts(connection: "duckdb.DuckDBPyConnection", report: Report) -> None:
    """Report each headline figure, whether it may be quoted, and why. Before the first build, report nothing."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    if not has_table(connection, "reporting", "rpt_data_quality"):
        return
    try:
        rows = connection.execute(
            "select title, unit, counted, verdict, reason_1, reason_2, reason_3, is_synthetic "
            "from reporting.rpt_data_quality order by figure_no"
        ).fetchall()
    except duckdb.CatalogException:
        return  # a build failed half-way, so the tables that the view reads are missing
    label = "SYNTHETIC " if any(is_synthetic for *_, is_synthetic in rows) else ""
    report(f"{label}headline figures of the last build, and whether they may be quoted")
    for title, unit, counted, verdict, *reasons, _ in rows:
        number = "cannot be told" if counted is None else f"{counted:,} {unit}"
        why = " ".join(reason for reason in reasons if reason)
        report(f"  {verdict}: {title}: {number}. {why}")


def report_release(connection: "duckdb.DuckDBPyConnection", release: Release, report: Report) -> None:
    """Report who accepted which figure of the current release, and why."""
    from relief.publishing.remembered import acceptances_of  # noqa: PLC0415  (only where there is a release)

    for one in acceptances_of(connection, release.release_id):
        before = "none" if one.counted_before is None else f"{one.counted_before:,}"
        now = "cannot be told" if one.counted_now is None else f"{one.counted_now:,}"
        report(
            f"  accepted by {one.accepted_by} at {one.accepted_at:%Y-%m-%d %H:%M:%S} UTC: {one.figure_id}, "
            f"{before} before, {now} in this release: {one.reason}"
        )


def report_public_files(home: Home, current: Release, report: Report) -> None:
    """Report every public file that was published, newest first, and whether it is current or gone."""
    kept = releases_kept(home)
    report(f"{len(kept)} public files were published")
    for release in kept:
        mark = "  current" if release.release_id == current.release_id else ""
        gone = "" if (home.releases / release.public).exists() else "  gone from the releases folder"
        report(f"  {release.public}  published {release.published_at}  build {release.build_id}{mark}{gone}")
