"""What must be true before anything is published: a passed build, and both gates open for it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from relief.building.as_known import as_known_at
from relief.errors import ReliefError

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


def passed_build(connection: "duckdb.DuckDBPyConnection") -> Build:
    """The last build, when it passed and no check that stops failed for it; else one clear line."""
    if not _has(connection, "meta", "builds"):
        raise ReliefError("nothing is built yet; run: relief build")
    row = connection.execute(
        """
        select build_id, county, evaluated_as_of_date, extract_as_of_date, coalesce(is_synthetic, false), status
        from meta.builds order by started_at desc limit 1
        """
    ).fetchone()
    if row is None:
        raise ReliefError("nothing is built yet; run: relief build")
    *facts, status = row
    build = Build(*facts)
    if status == "running":
        raise ReliefError(f"build {build.build_id} has not finished; wait for it, or run again: relief build")
    if status != "passed":
        raise ReliefError(f"build {build.build_id} failed and is not published; mend it and run: relief build")
    at = as_known_at(connection)
    if at:
        raise ReliefError(
            f"build {build.build_id} shows what was known at {at:%Y-%m-%d %H:%M:%S} UTC and is not published; "
            "build what is known now: relief build"
        )
    _refuse_other_tables(connection, build)
    _refuse_failed_checks(connection, build)
    return build


def _refuse_other_tables(connection: "duckdb.DuckDBPyConnection", build: Build) -> None:
    """The tables must be the build's own, of every delivery in use: no dbt by hand since, no later landing."""
    if _has(connection, "meta", "last_dbt_run"):
        row = connection.execute("select build_id from meta.last_dbt_run").fetchone()
        if row is None or row[0] != build.build_id:
            raise ReliefError(
                f"the tables are not those of build {build.build_id}, dbt was run by hand since; run: relief build"
            )
    for table, condition, what in (("deliveries", "status = 'landed'", "deliveries"), ("repairs", "true", "repairs")):
        if not _has(connection, "raw", table):
            continue
        row = connection.execute(
            f"select count(*) from raw.{table} where {condition} "
            "and landed_at > (select max(started_at) from meta.builds)"
        ).fetchone()
        if row and row[0]:
            raise ReliefError(f"{row[0]} {what} landed after build {build.build_id}; run: relief build")


def newest_checks(connection: "duckdb.DuckDBPyConnection", build_id: str) -> list[tuple[object, ...]]:
    """The newest result of every check: of this build, or of the landed gate, which runs before a build."""
    return connection.execute(
        """
        select build_id, gate, check_name, description, severity, status, observed, checked_at
        from meta.check_results
        where build_id = ? or gate = 'landed'
        qualify row_number() over (partition by gate, check_name order by checked_at desc) = 1
        order by gate, checked_at, check_name
        """,
        [build_id],
    ).fetchall()


def _refuse_failed_checks(connection: "duckdb.DuckDBPyConnection", build: Build) -> None:
    checks = newest_checks(connection, build.build_id) if _has(connection, "meta", "check_results") else []
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


def _has(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> bool:
    row = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
    ).fetchone()
    return bool(row and row[0])
