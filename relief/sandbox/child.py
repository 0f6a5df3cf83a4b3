"""The process that runs one query. It is started by ``relief.sandbox.query`` inside the releases folder, with limits.

Reads one JSON object from stdin (file, sql, rows) and writes one to stdout: columns and rows, or an error.
"""

import json
import re
import sys
from typing import Any

import duckdb

# Functions that tell of the machine, not of the release.
DENIED_PREFIXES = (
    "duckdb_",
    "pragma_",
    "read_",
    "parquet_",
    "sniff_",
    "json_execute",
    "which_secret",
    "getenv",
    "glob",
)
DENIED = {
    "current_setting",
    "query",
    "query_table",
    "sql_auto_complete",
    "checkpoint",
    "force_checkpoint",
    "test_all_types",
}
ALLOWED = {"duckdb_tables", "duckdb_columns", "duckdb_views"}
# What a statement may begin with, after comments: PRAGMA and CALL are turned into a SELECT before anyone can tell.
BEGINS = re.compile(
    r"(\s|--[^\n]*(\n|$)|/\*.*?\*/|\()*(select|with|from|values|describe|show|summarize)\b", re.I | re.S
)
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "1GB",
    "threads": "1",
    "temp_directory": "",
}


class DeniedError(Exception):
    """A statement that is not a single SELECT over the release."""


def run(file: str, sql: str, rows: int) -> dict[str, Any]:
    """Columns, rows as JSON values, and whether more rows were left."""
    with duckdb.connect(file, read_only=True, config=SETTINGS) as connection:
        statement = _single_select(connection, sql)
        connection.execute("set lock_configuration = true")
        cursor = connection.execute(statement)
        names = [column[0] for column in cursor.description or []]
        found = cursor.fetchmany(rows + 1)
    return {"columns": names, "rows": [list(row) for row in found[:rows]], "is_cut": len(found) > rows}


def _single_select(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise DeniedError(f"write one statement; this is {len(statements)}")
    if statements[0].type != duckdb.StatementType.SELECT or not BEGINS.match(statements[0].query):
        raise DeniedError("only SELECT is possible here; the release is read-only")
    row = connection.execute("select json_serialize_sql(?)", [statements[0].query]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise DeniedError("only a plain SELECT is possible here")
    for name in _functions(tree):
        if name not in ALLOWED and (name in DENIED or name.startswith(DENIED_PREFIXES)):
            raise DeniedError(f"the function {name} is not available here")
    return statements[0]


def _functions(tree: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(tree, dict):
        name = tree.get("function_name")
        if isinstance(name, str):
            found.add(name.lower())
        for value in tree.values():
            found |= _functions(value)
    elif isinstance(tree, list):
        for value in tree:
            found |= _functions(value)
    return found


def main() -> None:
    """Answer on stdout, whatever happens."""
    request = json.load(sys.stdin)
    try:
        answer = run(request["file"], request["sql"], request["rows"])
    except DeniedError as error:
        answer = {"error": str(error)}
    except duckdb.Error as error:
        answer = {"error": str(error).split("\n", maxsplit=1)[0]}
    except MemoryError:
        answer = {"error": "the query needs more memory than it may use; aggregate or filter first"}
    json.dump(answer, sys.stdout, default=str)


if __name__ == "__main__":
    main()
