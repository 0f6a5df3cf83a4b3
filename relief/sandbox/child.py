"""The process that runs one query. ``relief.sandbox.query`` starts it inside the releases folder, with limits.

It reads one JSON object from stdin (file, sql, rows, limits, and parquet: a file descriptor or null). It writes lines
of JSON to stdout: first the release's notice, the columns and which of the operating system's limits could not be set;
then batches of rows; last whether there were more rows, or an error.
"""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from relief.duck import connect
from relief.sandbox.confine import confine
from relief.sandbox.denied import DeniedError
from relief.sandbox.statement import one_line, refuse_large, single_select

BATCH = 500
MAX_COLUMNS = 1_000
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "1GB",
    "threads": "1",
    "temp_directory": "",
}
Line = dict[str, Any]


def answers(request: Line, missing: list[str] | None = None) -> Iterator[Line]:
    """Yield the lines that answer a request. The last one contains `end`, or `error` with the reason in one line.

    A line never contains a path, but only the file's name.
    """
    try:
        refuse_large(request["sql"])
        connection = connect(request["file"], read_only=True, config=SETTINGS)
    except DeniedError as error:
        yield {"error": str(error)}
        return
    except duckdb.Error:
        yield {"error": f"{request['file']} cannot be opened; publish again: relief publish"}
        return
    with connection:
        try:
            yield from _run(connection, request, missing or [])
        except DeniedError as error:
            yield {"error": str(error)}
        except duckdb.OutOfMemoryException:
            yield {"error": "the query needs more memory than it may use; aggregate or filter first"}
        except duckdb.Error as error:
            yield {"error": one_line(error)}
        except MemoryError:
            yield {"error": "the query needs more memory than it may use; aggregate or filter first"}
        except RecursionError:
            yield {"error": "a value of the answer is nested too deep to be shown; select its parts"}


def _run(connection: duckdb.DuckDBPyConnection, request: Line, missing: list[str]) -> Iterator[Line]:
    kind = connection.execute("select kind from release_info").fetchone()
    if kind != ("research",):
        raise DeniedError("the file that the pointer names is not a research release; publish again: relief publish")
    about = connection.execute("select notice, extract_as_of_date, release_id from release_info").fetchone()
    statement = single_select(connection, request["sql"])
    connection.execute("set lock_configuration = true")
    cursor = connection.execute(statement)
    names = [column[0] for column in cursor.description or []]
    if len(names) > MAX_COLUMNS:
        raise DeniedError(f"the answer has {len(names):,} columns; the limit is {MAX_COLUMNS:,}")
    yield {"about": about, "columns": names, "missing": missing}
    if request.get("parquet") is not None:
        from relief.sandbox.parquet import write_parquet  # noqa: PLC0415  (slow import, seldom needed)

        notes = dict(zip(("notice", "extract_as_of_date", "release_id"), map(str, about or ()), strict=False))
        written = write_parquet(cursor, request["parquet"], notes, int(request["rows"]))
        yield {"end": True, "is_cut": False, "written": written}
        return
    left = int(request["rows"])
    while left and (found := cursor.fetchmany(min(left, BATCH))):
        left -= len(found)
        yield {"rows": [list(row) for row in found]}
    yield {"end": True, "is_cut": not left and cursor.fetchone() is not None}


def answer(request: Line) -> Line:
    """Merge all lines of an answer into one: columns, rows and so on, or an error."""
    whole: Line = {"rows": []}
    for line in answers(request):
        if "error" in line:
            return line
        whole["rows"] += line.pop("rows", [])
        whole |= line
    return whole


def _limit(request: Line) -> None:
    """Set the limits of memory and file size in bytes, and of processor time in seconds."""
    for kind, most in (
        (resource.RLIMIT_AS, request["memory"]),
        (resource.RLIMIT_CPU, request["seconds"]),
        (resource.RLIMIT_FSIZE, request["file_size"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an oversized file then raises an error, and the process goes on


def _prepare(request: Line) -> list[str]:
    """Import what the query may need, then confine the process: afterwards it can open only the release file."""
    import decimal  # noqa: F401, PLC0415  (DuckDB imports it when it makes values)
    import uuid  # noqa: F401, PLC0415  (DuckDB imports it when it makes values)

    with suppress(ImportError):  # without pytz, DuckDB refuses times with a zone with a one-line message
        import_module("pytz")
    if re.search(r"\bpivot\b", request["sql"], re.IGNORECASE):
        import relief.sandbox.pivot  # noqa: PLC0415  (slow import, seldom needed)
    if request.get("parquet") is not None:
        import relief.sandbox.parquet  # noqa: F401, PLC0415  (slow import, seldom needed)
    return confine(Path(request["file"]))


def main() -> None:
    """Answer the request from stdin on stdout."""
    request = json.load(sys.stdin)
    _limit(request)
    try:
        missing = _prepare(request)
    except OSError:
        missing = []  # the file is gone, and `answers` reports that
    for line in answers(request, missing):
        try:
            text = json.dumps(line, default=str)
        except (RecursionError, ValueError):
            text = json.dumps({"error": "a value of the answer is nested too deep to be shown; select its parts"})
        sys.stdout.write(text + "\n")
        if '"error"' in text[:9]:
            break
    sys.stdout.flush()
    os._exit(0)  # ends at once: there is nothing to clean up, and freeing memory may take long


if __name__ == "__main__":
    main()
