"""The process that runs one query. It is started by ``relief.sandbox.query`` inside the releases folder, with limits.

Reads one JSON object from stdin (file, sql, rows) and writes one to stdout: columns and rows, or an error.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import duckdb

from relief.duck import connect

# Functions in a FROM that make rows out of nothing. All others read files, settings, or run a text as SQL.
TABLE_FUNCTIONS = {"generate_series", "range", "repeat_row", "unnest"}
# Views of the catalog that tell of the release only.
CATALOG_VIEWS = {"columns", "schemata", "tables"}
# Functions that tell of the machine, not of the release.
DENIED = {"checkpoint", "current_setting", "force_checkpoint", "getenv", "query", "query_table", "sql_auto_complete"}
DENIED_PREFIXES = (
    "duckdb_",
    "pragma_",
    "pg_read",
    "read_",
    "json_deserialize",
    "json_execute",
    "json_serialize",
    "which_secret",
)
MAX_ANSWER = 64 * 1024**2
# What a statement may begin with, after comments: PRAGMA and CALL are turned into a SELECT before anyone can tell.
BEGINS = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*+\*/|\()*+(?:select|with|from|values|describe|show|summarize)\b", re.I
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
    with connect(file, read_only=True, config=SETTINGS) as connection:
        kind = connection.execute("select kind from release_info").fetchone()
        if kind != ("research",):
            raise DeniedError("the file that the pointer names is no research release; publish again: relief publish")
        statement = _single_select(connection, sql)
        connection.execute("set lock_configuration = true")
        cursor = connection.execute(statement)
        names = [column[0] for column in cursor.description or []]
        found = cursor.fetchmany(rows + 1)
        about = connection.execute("select notice, extract_as_of_date, release_id from release_info").fetchone()
    return {"about": about, "columns": names, "rows": [list(row) for row in found[:rows]], "is_cut": len(found) > rows}


def _single_select(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise DeniedError(f"write one statement; this is {len(statements)}" if statements else "the statement is empty")
    if statements[0].type != duckdb.StatementType.SELECT or not BEGINS.match(statements[0].query):
        raise DeniedError("only SELECT is possible here; the release is read-only")
    row = connection.execute("select json_serialize_sql(?)", [statements[0].query]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise DeniedError("only a plain SELECT is possible here")
    tables = _names(connection, "select table_name from duckdb_tables()")
    catalog = _names(connection, "select view_name from duckdb_views()")
    _check(tree, tables, _common_tables(tree) - catalog)
    return statements[0]


def _names(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    return {str(name).lower() for (name,) in connection.execute(sql).fetchall()}


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of a parsed statement."""
    if isinstance(tree, dict):
        yield tree
    for value in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(value)


def _common_tables(tree: Any) -> set[str]:
    """Names that the statement itself gives to its parts (WITH)."""
    return {
        str(entry.get("key")).lower() for node in _nodes(tree) for entry in (node.get("cte_map") or {}).get("map", [])
    }


def _check(tree: Any, tables: set[str], common_tables: set[str]) -> None:
    """Refuse every relation that is not a table of the release, and every function that tells of the machine."""
    for node in _nodes(tree):
        kind = node.get("type")
        name = str(node.get("function_name", "")).lower()
        if kind == "BASE_TABLE":
            schema, table = str(node.get("schema_name", "")).lower(), str(node.get("table_name", ""))
            is_own = not node.get("catalog_name") and (
                (schema == "" and table.lower() in common_tables)
                or (schema in {"", "main"} and table.lower() in tables)
            )
            if not is_own and not (schema == "information_schema" and table.lower() in CATALOG_VIEWS):
                raise DeniedError(f"there is no table {table} in the release; see: show tables")
        elif kind == "TABLE_FUNCTION":
            function = str((node.get("function") or {}).get("function_name", "")).lower()
            if function not in TABLE_FUNCTIONS:
                raise DeniedError(f"the function {function} is not available here")
        elif name in DENIED or name.startswith(DENIED_PREFIXES):
            raise DeniedError(f"the function {name} is not available here")


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What `run` finds, or one line that says why not. Never a path: the file is named by its name only."""
    try:
        with connect(request["file"], read_only=True, config=SETTINGS):
            pass
    except duckdb.Error:
        return {"error": f"{request['file']} cannot be opened; publish again: relief publish"}
    try:
        return run(request["file"], request["sql"], request["rows"])
    except DeniedError as error:
        return {"error": str(error)}
    except duckdb.Error as error:
        return {"error": str(error).split("\n", maxsplit=1)[0]}
    except MemoryError:
        return {"error": "the query needs more memory than it may use; aggregate or filter first"}


def main() -> None:
    """Answer on stdout, whatever happens."""
    text = json.dumps(answer(json.load(sys.stdin)), default=str)
    if len(text) > MAX_ANSWER:
        text = json.dumps({"error": "the answer is too large; aggregate or select fewer columns"})
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
