"""Check that a statement is one SELECT on the tables of the release, with listed functions and of limited size.

DuckDB itself parses the statement. The code here checks only the first word and the brackets of the text.
"""

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any

import duckdb

from relief.sandbox.allowed import CATALOG_VIEWS, FUNCTIONS, RESERVED, SHOWN, TABLE_FUNCTIONS, is_allowed
from relief.sandbox.denied import DeniedError
from relief.sandbox.limits import MAX_DEPTH, MAX_LENGTH

CANDIDATES = 3
_SPACE = r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*+\*/)"
# The words that may begin a statement, after comments. DuckDB's parser returns PRAGMA and CALL as a SELECT, so they can
# be refused only by their first word.
_BEGINS = re.compile(
    rf"(?:{_SPACE}|\()*+(?:select|with|from|values|table|describe|desc|show|summarize|pivot|unpivot)\b", re.IGNORECASE
)
_EXPLAIN = re.compile(rf"{_SPACE}*+explain\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_OPTIONS = re.compile(rf"{_SPACE}*+(?:analyze\b|\(\s*(?:analyze|format)\b)", re.IGNORECASE)
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")

Scope = frozenset[str]


def single_select(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the text to run if it is one SELECT, SHOW, DESCRIBE, SUMMARIZE, PIVOT, UNPIVOT or EXPLAIN of the release.

    Raises DeniedError otherwise, or duckdb.Error when the text is not SQL.
    """
    refuse_large(sql)
    explained = _EXPLAIN.match(sql)
    if explained and _OPTIONS.match(explained["rest"]):
        raise DeniedError("write EXPLAIN and the SELECT, without ANALYZE or another option")
    text = explained["rest"] if explained else sql
    statements = connection.extract_statements(text)
    if not statements:
        raise DeniedError("the statement is empty")
    if not _BEGINS.match(text):
        raise DeniedError("only SELECT is possible here; the release is read-only")
    # DuckDB parses a PIVOT without named values into two statements without text.
    if any(not statement.query for statement in statements):
        from relief.sandbox.pivot import with_values  # noqa: PLC0415  (slow import, seldom needed)

        text = with_values(connection, text, check)
        refuse_large(text)
        statements = connection.extract_statements(text)
    if len(statements) != 1:
        raise DeniedError(f"write one statement; this is {len(statements)}")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise DeniedError("only SELECT is possible here; the release is read-only")
    query = str(statements[0].query)
    check(connection, query)
    return f"explain {query}" if explained else query


def refuse_large(sql: str) -> None:
    """Raise DeniedError for a text that is too long or has too deeply nested brackets."""
    if len(sql) > MAX_LENGTH:
        raise DeniedError(f"the statement has {len(sql):,} characters; the limit is {MAX_LENGTH:,}")
    depth = deepest = 0
    for character in sql:
        # Brackets in strings and comments count too, so the depth may be overestimated but never underestimated.
        if character in _OPENS:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSES:
            depth = max(0, depth - 1)
    if deepest > MAX_DEPTH:
        raise DeniedError(f"brackets are nested {deepest:,} levels deep; the limit is {MAX_DEPTH}")


def check(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raise DeniedError unless every table and function of one SELECT is allowed."""
    row = connection.execute("select json_serialize_sql(?)", [query]).fetchone()
    try:
        tree = json.loads(row[0]) if row else {"error": True}
    except RecursionError:
        raise _too_deep() from None
    if tree.get("error"):
        raise DeniedError("only a plain SELECT is possible here")
    tables = {
        str(name).lower()
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and not internal"
        ).fetchall()
    }
    _Walk(tables).walk(tree)


class _Walk:
    """Check a parsed statement node by node, and keep track of which WITH names are in scope."""

    def __init__(self, tables: set[str]) -> None:
        self.tables = tables
        self._waiting: list[tuple[Any, Scope, int]] = []

    def walk(self, tree: Any) -> None:
        """Visit every node once. There is no recursion, because a statement may be nested very deeply."""
        self._waiting = [(tree, frozenset(), 0)]
        while self._waiting:
            value, scope, depth = self._waiting.pop()
            if isinstance(value, list):
                self._waiting += [(part, scope, depth) for part in value]
            elif isinstance(value, dict):
                self._visit(value, scope, depth)

    def _visit(self, node: dict[str, Any], scope: Scope, depth: int) -> None:
        kind = node.get("type")
        depth += isinstance(kind, str)
        if depth > MAX_DEPTH:
            raise _too_deep()
        for entry in (node.get("cte_map") or {}).get("map", []):
            # The name of a WITH is in scope after its own query. Inside that query, it still names the table that it
            # hides.
            self._waiting.append((entry["value"], scope, depth))
            scope |= {self._common_table(entry["key"])}
        if kind == "RECURSIVE_CTE_NODE":
            # In a recursive WITH, only the second part may read the WITH's own rows.
            self._waiting.append((node["right"], scope | {self._common_table(node["cte_name"])}, depth))
            self._waiting += [(part, scope, depth) for name, part in node.items() if name not in {"right", "cte_map"}]
            return
        self._judge(node, kind, scope)
        self._waiting += [(part, scope, depth) for name, part in node.items() if name != "cte_map"]

    @staticmethod
    def _common_table(name: Any) -> str:
        if RESERVED.match(str(name)):
            raise DeniedError("a name in WITH must not begin with duckdb_, sqlite_, pragma_ or pg_; choose another")
        return str(name).lower()

    def _judge(self, node: dict[str, Any], kind: Any, scope: Scope) -> None:
        if kind == "BASE_TABLE":
            self._judge_table(node, scope)
        elif kind == "TABLE_FUNCTION":
            function = str((node.get("function") or {}).get("function_name", "")).lower()
            if function not in TABLE_FUNCTIONS:
                raise DeniedError(
                    f"the function {function} is not available in FROM; {_near(function, TABLE_FUNCTIONS)}"
                )
        elif kind == "SHOW_REF":
            if not node.get("query") and (node.get("schema_name") or str(node.get("table_name")) not in SHOWN):
                raise DeniedError("SHOW lists tables, databases and schemas here; see: show tables")
        elif node.get("function_name") is not None:
            name = str(node["function_name"]).lower()
            if node.get("schema") not in {None, "", "main"} or node.get("catalog"):
                raise DeniedError(f"call the function {name} without a schema")
            if not is_allowed(name):
                raise DeniedError(f"the function {name} is not available here; {_near(name, FUNCTIONS)}")

    def _judge_table(self, node: dict[str, Any], scope: Scope) -> None:
        schema, table = str(node.get("schema_name", "")).lower(), str(node.get("table_name", ""))
        if not node.get("catalog_name"):
            if schema == "" and table.lower() in scope:
                return
            if schema in {"", "main"} and table.lower() in self.tables:
                return
            if schema == "information_schema" and table.lower() in CATALOG_VIEWS:
                return
        raise DeniedError(
            f"there is no table {table} in the release; {_near(table, self.tables | scope)}; see: show tables"
        )


def _near(name: str, names: Iterable[str]) -> str:
    """The names that are similar to a given name, or else the first names."""
    given = sorted(names)
    close = difflib.get_close_matches(name.lower(), given, CANDIDATES, 0.5)
    return f"close to it: {', '.join(close)}" if close else f"for example: {', '.join(given[:CANDIDATES])}"


def _too_deep() -> DeniedError:
    return DeniedError(f"queries and expressions are nested too deep; the limit is {MAX_DEPTH} levels")


def one_line(error: duckdb.Error) -> str:
    """DuckDB's message with its candidate names, without the statement and without a path."""
    text = str(error).split("\n\nLINE", maxsplit=1)[0]
    first, *others = [line.strip() for line in text.splitlines() if line.strip()]
    more = [line for line in others if line.startswith(("Candidate bindings", "Did you mean"))]
    return " ".join([first, *(line.replace("bindings: :", "bindings:") for line in more)])
