"""The conditions for publishing: a passed build for which both gates have passed."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from relief.building.last_build import current_build, newest_first
from relief.duck import has_table
from relief.errors import ReliefError
from relief.home import Home

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Build:
    """The build that is published."""

    build_id: str
    county: str
    evaluated_as_of_date: date | None
    extract_as_of_date: date | None
    is_synthetic: bool


def passed_build(connection: "duckdb.DuckDBPyConnection", home: Home) -> Build:
    """Return the last build. Raises ReliefError unless it is complete and current and no check stops publishing."""
    last = current_build(connection, home, of_now=True)
    build = Build(
        last.build_id,
        last.county or "",
        last.evaluated_as_of_date,
        last.extract_as_of_date,
        bool(last.is_synthetic),
    )
    _refuse_failed_checks(connection, build)
    return build


def newest_checks(connection: "duckdb.DuckDBPyConnection", build_id: str) -> list[tuple[object, ...]]:
    """The newest result of every check of this build, and of the landed gate, which runs before a build."""
    return connection.execute(
        f"""
        select build_id, gate, check_name, description, severity, status, observed, checked_at
        from meta.check_results
        where build_id = ? or gate = 'landed'
        qualify row_number() over (
            partition by gate, check_name order by {newest_first(connection, "check_results", "result_no")}
        ) = 1
        order by gate, checked_at, check_name
        """,
        [build_id],
    ).fetchall()


def _refuse_failed_checks(connection: "duckdb.DuckDBPyConnection", build: Build) -> None:
    has_checks = has_table(connection, "meta", "check_results")
    checks = newest_checks(connection, build.build_id) if has_checks else []
    if not any(gate == "published" for _, gate, *_ in checks):
        raise ReliefError(
            f"the published gate has not passed for build {build.build_id}; run: relief validate published"
        )
    failed = [
        f"{name} ({gate})"
        for _, gate, name, _, severity, status, *_ in checks
        if severity == "stop" and status not in {"passed", "warned"}
    ]
    if failed:
        raise ReliefError(f"not published, {len(failed)} checks stop build {build.build_id}: {', '.join(failed[:3])}")
