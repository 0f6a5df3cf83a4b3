"""The one way to open DuckDB: in UTC, as all times are kept. Out of the box its zone is the machine's."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

SET_UTC = "set global TimeZone = 'UTC'"  # global: a cursor is a session of its own


def connect(
    file: Path | str = ":memory:",
    *,
    read_only: bool = False,
    config: dict[str, str | bool | int | float | list[str]] | None = None,
) -> "duckdb.DuckDBPyConnection":
    """A connection whose zone is UTC. Raises what `duckdb.connect` raises."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    connection = duckdb.connect(str(file), read_only=read_only, config=config or {})
    try:
        connection.execute(SET_UTC)  # no option of `connect`: it is known only when the database is there
    except BaseException:
        connection.close()
        raise
    return connection


def happened(column: str) -> str:
    """A time in UTC as the clock had it. One that has not come yet was a wrong clock's: it happened by today."""
    return f"(case when {column} > now()::timestamp then cast(now()::date as timestamp) else {column} end)"


def has_table(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> bool:
    """Whether the database of the connection has this table or view."""
    row = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_catalog = current_database() and table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(row and row[0])
