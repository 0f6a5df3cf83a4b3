"""Limits on a query: a join that a mutant lets explode is stopped, and counts as a build that fails."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

SECONDS = 5.0  # without a mutant no query takes a tenth of it


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what the connection does within, when it takes too long: raises duckdb.InterruptException there."""
    timer = threading.Timer(SECONDS, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def in_memory() -> duckdb.DuckDBPyConnection:
    """A database that writes nothing to disk, however large a mutant makes a table."""
    connection = duckdb.connect(
        config={"threads": 1, "preserve_insertion_order": False, "memory_limit": "1500MB", "temp_directory": ""}
    )
    connection.execute("set enable_progress_bar = false")
    return connection
