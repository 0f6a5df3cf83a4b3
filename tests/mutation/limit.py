"""Limits on a query: a join that a mutant lets explode is stopped, and counts as a build that fails."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

# Nothing is ever written to disk, however large a mutant makes it.
IN_MEMORY: dict[str, Any] = {
    "threads": 1, "preserve_insertion_order": False, "memory_limit": "1500MB", "temp_directory": "",
}  # fmt: skip
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
