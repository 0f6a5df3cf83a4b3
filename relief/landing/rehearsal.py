"""A dry run's manifest: a copy in memory, so that each file is checked against the files before it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from relief.duck import connect
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing import catalog


@contextmanager
def rehearse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with a schema ``raw`` like that of the home. The home is only read."""
    _check_home(home)
    connection = connect()
    try:
        connection.execute(catalog.TABLES)
        if home.has_warehouse():
            with open_warehouse(home, read_only=True):
                pass  # opening the warehouse checks that it belongs to this folder
            _copy(connection, home)
        catalog.refresh_views(connection, home)
        yield connection
    finally:
        connection.close()


def _check_home(home: Home) -> None:
    """Refuse a folder that landing could not use."""
    home.check_name()
    nearest = home.path
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise ReliefError(f"RELIEF_HOME {home.path}: {nearest} is a file; name a folder you can write to")
    if not os.access(nearest, os.W_OK | os.X_OK, effective_ids=True):
        raise ReliefError(f"RELIEF_HOME {home.path}: Permission denied; name a folder you can write to")


def _copy(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    path = str(home.warehouse).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as landed (read_only)")
    except duckdb.IOException as error:
        if "set lock" in str(error).lower():
            raise ReliefError(
                f"{home.warehouse} is in use by another process; wait until it has finished and try again"
            ) from error
        raise ReliefError(
            f"{home.warehouse} cannot be opened as a DuckDB file; is the disk full or the file damaged?"
        ) from error
    there = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'landed' and schema_name = 'raw'"
        ).fetchall()
    }
    for table in sorted(there & {"deliveries", "repairs", "reject_repairs"}):
        connection.execute(f"insert into raw.{table} by name select * from landed.raw.{table}")
    if "rejects" in there:  # there may be many rejects, so they are read in place and not copied
        connection.execute("drop table raw.rejects")
        connection.execute("create view raw.rejects as select * from landed.raw.rejects")
