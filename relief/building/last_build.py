"""The last build, and whether its tables may be published or exported. All refusals of a build are made here.

Builds are ordered by their number, which only grows, and not by the clock.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from relief.building.inputs import differences, from_text, read_inputs
from relief.duck import has_table
from relief.errors import ReliefError
from relief.home import Home
from relief.landing.catalog import AS_KNOWN, RAW

if TYPE_CHECKING:
    import duckdb

NOTHING = "nothing is built yet; run: relief build"


@dataclass(frozen=True)
class LastBuild:
    """The row of meta.builds; a value is None where an earlier version did not record it."""

    build_id: str
    status: str
    county: str | None = None
    evaluated_as_of_date: date | None = None
    extract_as_of_date: date | None = None
    is_synthetic: bool | None = None
    as_known_at: datetime | None = None
    fingerprint: str | None = None
    inputs: str | None = None
    selector: str | None = None


def last_build(connection: "duckdb.DuckDBPyConnection") -> LastBuild | None:
    """The last build, passed or failed; None before the first build."""
    if not has_table(connection, "meta", "builds"):
        return None
    kept = columns_of(connection, "builds")
    names = [field.name for field in fields(LastBuild) if field.name in kept]
    row = connection.execute(
        f"select {', '.join(names)} from meta.builds order by {newest_first(connection, 'builds', 'build_no')} limit 1"
    ).fetchone()
    return LastBuild(**dict(zip(names, row, strict=True))) if row else None


def current_build(
    connection: "duckdb.DuckDBPyConnection",
    home: Home,
    *,
    of_now: bool = False,
    policies: Collection[str] | None = None,
    selectors: Collection[str] = (),
) -> LastBuild:
    """Return the last build if its tables are complete, current, and not from another run; else raise ReliefError.

    A build of an earlier time (`--as-known-at`) is compared with what was known then, and refused if `of_now` is true.
    With `policies`, changes to other policies are ignored. A build of a part of the models is refused, unless its
    selector is among `selectors`.
    """
    build = last_build(connection)
    if build is None:
        raise ReliefError(NOTHING)
    if build.status == "running":
        raise ReliefError(f"build {build.build_id} has not finished; wait for it, or run again: relief build")
    if build.status != "passed":
        raise ReliefError(
            f"build {build.build_id} failed and is not published or exported; mend it and run: relief build"
        )
    if build.selector and build.selector not in selectors:
        raise ReliefError(f"build {build.build_id} built only the selector {build.selector}; run: relief build")
    if has_table(connection, "meta", "last_dbt_run"):
        row = connection.execute("select build_id from meta.last_dbt_run").fetchone()
        if row is None or row[0] != build.build_id:
            raise ReliefError(
                f"the tables are not those of build {build.build_id}, dbt was run by hand since; run: relief build"
            )
    if build.as_known_at and of_now:
        raise ReliefError(
            f"build {build.build_id} shows what was known at {build.as_known_at:%Y-%m-%d %H:%M:%S} UTC, an earlier "
            "time, and is not published or filed; build what is known now: relief build"
        )
    if build.inputs is None:
        raise ReliefError(
            f"build {build.build_id} was made by an earlier version, which did not keep what it was made of; "
            "run: relief build"
        )
    changes = changes_since(connection, home, build, policies)
    if changes:
        raise ReliefError(f"{', '.join(changes)} after build {build.build_id}; run: relief build")
    return build


def changes_since(
    connection: "duckdb.DuckDBPyConnection", home: Home, build: LastBuild, policies: Collection[str] | None = None
) -> list[str]:
    """The differences, in words, between the inputs of the build and the inputs that a build would have now.

    With `policies`, only these added policies are compared.
    """
    then = from_text(build.inputs or "{}")
    now = read_inputs(connection, home, AS_KNOWN if build.as_known_at else RAW)
    if policies is not None:
        for inputs in (then, now):
            added = inputs.get("policies", {})
            inputs["policies"] = {policy_id: added[policy_id] for policy_id in policies if policy_id in added}
    return differences(then, now)


def deliveries_of_builds(connection: "duckdb.DuckDBPyConnection") -> dict[str, set[str]]:
    """The deliveries that each passed build used, newest build first. Builds without a record of them are left out."""
    if not has_table(connection, "meta", "builds") or "inputs" not in columns_of(connection, "builds"):
        return {}
    rows = connection.execute(
        "select build_id, inputs from meta.builds where status = 'passed' and inputs is not null "
        f"order by {newest_first(connection, 'builds', 'build_no')}"
    ).fetchall()
    return {
        build_id: {
            key for key, value in from_text(inputs).get("deliveries", {}).items() if json.loads(value)[0] == "landed"
        }
        for build_id, inputs in rows
    }


def newest_first(connection: "duckdb.DuckDBPyConnection", table: str, number: str) -> str:
    """The SQL to order a table of `meta`: by number, or by position for rows of an earlier version without a number."""
    return f"{number} desc nulls first, rowid desc" if number in columns_of(connection, table) else "rowid desc"


def number_rows(connection: "duckdb.DuckDBPyConnection", table: str, number: str) -> None:
    """Number the rows that an earlier version wrote, in the order in which they were written."""
    connection.execute(
        f"""
        alter table meta.{table} add column if not exists {number} bigint;
        update meta.{table} as numbered set {number} = counted.number
        from (
            select rowid as place, row_number() over (order by rowid) + (
                select coalesce(max({number}), 0) from meta.{table}
            ) as number
            from meta.{table} where {number} is null
        ) as counted
        where numbered.rowid = counted.place
        """
    )


def next_number(connection: "duckdb.DuckDBPyConnection", table: str, number: str) -> int:
    """The next number of a table of `meta`. Call it in the transaction that writes the row."""
    row = connection.execute(f"select coalesce(max({number}), 0) + 1 from meta.{table}").fetchone()
    assert row is not None  # noqa: S101  (type checker)
    return int(row[0])


def columns_of(connection: "duckdb.DuckDBPyConnection", table: str) -> set[str]:
    """The columns of a table of `meta`."""
    return {
        name
        for (name,) in connection.execute(
            "select column_name from information_schema.columns "
            "where table_catalog = current_database() and table_schema = 'meta' and table_name = ?",
            [table],
        ).fetchall()
    }
