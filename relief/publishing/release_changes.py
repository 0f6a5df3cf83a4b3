"""The changes between the last research release and this one, computed from numbers that both releases show.

Both releases are suppressed and public, so the table contains nothing that a reader of both could not see.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from relief.publishing.research_tables import CHANGES, COUNTED
from relief.publishing.tables import DISMISSALS, EXPORTED

if TYPE_CHECKING:
    import duckdb

# These columns differ between any two releases, so they are not compared.
_DATES = ("evaluated_as_of_date", "extract_as_of_date", "lifecycle_as_of_date")
_ALL = " = 'all' and "


def add_changes(connection: "duckdb.DuckDBPyConnection", schema: str, before: Path | None) -> None:
    """Make `release_changes` in `schema`. Without an earlier release, the columns for it are NULL."""
    if before is not None:
        connection.execute(f"attach '{str(before).replace(chr(39), chr(39) * 2)}' as previous (read_only)")
    try:
        connection.execute(
            f"create table {schema}.{CHANGES} (table_name varchar, what varchar, unit varchar, before bigint, "
            "now bigint, previous_release_id varchar, previous_extract_as_of_date date)"
        )
        for table in dict.fromkeys(table.name for table in EXPORTED if "research" in table.kinds):
            for what, unit, now, earlier in _questions(connection, schema, table, before is not None):
                connection.execute(
                    f"insert into {schema}.{CHANGES} select ?, ?, ?, ({earlier}), ({now}), "
                    + ("release_id, extract_as_of_date from previous.main.release_info" if before else "null, null"),
                    [table, what, unit],
                )
    finally:
        if before is not None:
            connection.execute("detach previous")


def _questions(
    connection: "duckdb.DuckDBPyConnection", schema: str, table: str, has_previous: bool
) -> list[tuple[str, str, str, str]]:
    """The comparisons for a table: what is counted, its unit, and the queries of this release and the last one."""
    columns = _columns(connection, f"{schema}.{table}")
    if not columns:  # a warehouse of an earlier version lacks the table
        return []
    earlier = _columns(connection, f"previous.main.{table}") if has_previous else []

    def both(what: str, unit: str, select: str) -> tuple[str, str, str, str]:
        then = f"{select} ".replace("{table}", f"previous.main.{table}") if earlier else "null"
        return what, unit, select.replace("{table}", f"{schema}.{table}"), then

    found = [both("rows", "rows", "select count(*) from {table}")]
    if "mark" in columns:
        found.append(both("withheld", "rows", "select count(*) from {table} where mark = 'suppressed'"))
    shared = ", ".join(name for name in columns if name in earlier and name not in _DATES)
    if shared:
        differ = f"select count(*) from (select {shared} from {schema}.{table} except from previous.main.{table} "
        found.append(("rows that are new or differ", "rows", f"{differ} select {shared})", "null"))
    if table == DISMISSALS:
        where = "year_basis = 'conviction_year' and year = 'all' and offense = 'all' and level = 'all' and wave = 'all'"
        found += [
            both("total", unit, f"select max(dismissals) from {{table}} where {where} and unit = '{unit}'")
            for unit in ("convictions", "cases", "people")
        ]
    for counted in COUNTED:
        if counted.name == table and "unit" not in counted.dimensions and counted.count == "convictions":
            dimensions = [name for name in counted.dimensions if name != "transition"]
            where = " and ".join(f"{name} = 'all'" for name in dimensions)
            found.append(both("total", "convictions", f"select max(convictions) from {{table}} where {where}"))
    return found


def _columns(connection: "duckdb.DuckDBPyConnection", table: str) -> list[str]:
    database, schema, name = table.split(".")
    return [
        str(column)
        for (column,) in connection.execute(
            "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ? "
            "order by column_index",
            [database, schema, name],
        ).fetchall()
    ]
