"""Open DuckDB always in UTC, since all times are stored in UTC. By default DuckDB uses the machine's time zone."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

SET_UTC = "set global TimeZone = 'UTC'"  # global, because each cursor has its own session settings


def connect(
    file: Path | str = ":memory:",
    *,
    read_only: bool = False,
    config: dict[str, str | bool | int | float | list[str]] | None = None,
) -> "duckdb.DuckDBPyConnection":
    """Return a connection whose time zone is UTC. Raises the errors of `duckdb.connect`."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    connection = duckdb.connect(str(file), read_only=read_only, config=config or {})
    try:
        connection.execute(SET_UTC)  # `connect` has no option for the time zone
    except BaseException:
        connection.close()
        raise
    return connection


def happened(column: str) -> str:
    """SQL for a recorded UTC time. A time in the future comes from a wrong clock and is replaced by the current day."""
    return f"(case when {column} > now()::timestamp then cast(now()::date as timestamp) else {column} end)"


def has_table(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> bool:
    """Whether the database of the connection has this table or view."""
    row = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_catalog = current_database() and table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(row and row[0])
