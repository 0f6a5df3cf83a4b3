"""dbt's unit tests, run on a database in memory: fixtures are made once, and a test is one query."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.mutation.limit import in_memory, limited
from tests.mutation.project import RELATION, Project, read_seed

SHARED = "shared"  # the schema of seeds that tests read as they are


class UnitTests:
    """All unit tests of the project, ready to run on other SQL or with other rows of a seed."""

    def __init__(self, project: Project, types: dict[str, dict[str, str]]) -> None:
        """`types` are the columns of every model and seed: {name: {column: type}}."""
        self.types = types
        self.connection = in_memory()
        self.connection.execute(f"create schema {SHARED}")
        self.tests: dict[str, dict[str, Any]] = {}
        self.by_model: dict[str, list[str]] = {}
        self.by_seed: dict[str, list[str]] = {}
        for number, test in enumerate(project.unit_tests):
            self._prepare(project, f"unit_{number}", test)

    def _prepare(self, project: Project, schema: str, test: dict[str, Any]) -> None:
        name = test["name"]
        given: dict[str, str] = {}
        self.connection.execute(f"create schema {schema}")
        for fixture in test["given"]:
            table = _table_of(fixture["input"])
            if table in project.seeds and _is_whole(fixture["rows"], project.seeds[table]["original_file_path"]):
                given[table] = SHARED
                self.by_seed.setdefault(table, []).append(name)
                if not self._exists(SHARED, table):
                    self.fill(SHARED, table, read_seed(project.seeds[table]["original_file_path"]))
            elif isinstance(fixture["rows"], str):  # format: sql
                given[table] = schema
                self.connection.execute(f"create table {schema}.{table} as {fixture['rows']}")
            else:
                given[table] = schema
                self.fill(schema, table, fixture["rows"])
        variables = {key: str(value) for key, value in (test.get("overrides") or {}).get("vars", {}).items()}
        self.tests[name] = {"model": test["model"], "given": given, "variables": variables}
        self.by_model.setdefault(test["model"], []).append(name)
        columns, expected = self._expected(test["expect"]["rows"], self.types[test["model"]])
        self.tests[name] |= {"columns": columns, "expected": expected}

    def _expected(
        self, rows: list[dict[str, Any]] | str, types: dict[str, str]
    ) -> tuple[list[str], Counter[tuple[Any, ...]]]:
        """Columns and rows that a test expects, in the types of its model."""
        if isinstance(rows, str):  # format: sql
            columns = [str(column[0]).lower() for column in self.connection.execute(rows).description or []]
            cast = ", ".join(f'try_cast("{column}" as {types[column]})' for column in columns)
            return columns, _counted(self.connection.execute(f"select {cast} from ({rows})").fetchall())
        return [column.lower() for column in rows[0]] if rows else [], _counted(
            row
            for line in rows
            for row in self.connection.execute(
                "select " + ", ".join(_cast(line[column], types[column.lower()]) for column in line)
            ).fetchall()
        )

    def _exists(self, schema: str, table: str) -> bool:
        return bool(
            self.connection.execute(
                "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
            ).fetchone()
        )

    def fill(self, schema: str, table: str, rows: list[dict[str, Any]]) -> None:
        """Make a table of fixture rows, as dbt does: a column that is not named is NULL."""
        types = self.types[table]
        columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        self.connection.execute(f"create or replace table {schema}.{table} ({columns})")
        if rows:
            lines = [{column.lower(): value for column, value in row.items()} for row in rows]
            values = ", ".join(
                "(" + ", ".join(_cast(line.get(column), kind) for column, kind in types.items()) + ")" for line in lines
            )
            self.connection.execute(f"insert into {schema}.{table} values {values}")

    def failure(self, project: Project, name: str, sql: str | None = None) -> str | None:
        """None where the test passes, else what is wrong with it."""
        test = self.tests[name]
        if sql is None or test["variables"]:
            project = project.with_variables(test["variables"]) if test["variables"] else project
            sql = project.sql(test["model"])
        body = RELATION.sub(lambda match: f'{test["given"].get(match[3], "missing")}."{match[3]}"', sql)
        columns = ", ".join(f'"{column}"' for column in test["columns"]) or "*"
        with limited(self.connection):
            rows = self.connection.execute(f"select {columns} from ({body}\n) as actual").fetchall()
        return None if _counted(rows) == test["expected"] else "other rows"


def _counted(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """How often each row occurs; a value that is a list is compared as a tuple."""
    return Counter(tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in rows)


def _table_of(input_: str) -> str:
    """The last name in ref('x') or source('x', 'y')."""
    return input_.split("'")[-2]


def _is_whole(rows: list[dict[str, Any]] | str | None, path: str) -> bool:
    """True where a test gives a seed without rows: dbt puts those of its file there."""
    seed = read_seed(path)
    return rows is None or (len(rows) == len(seed) and list(rows[0]) == list(seed[0]))


def _cast(value: Any, kind: str) -> str:
    if value is None:
        return f"cast(null as {kind})"
    if isinstance(value, bool | int | float):
        return f"try_cast({str(value).lower()} as {kind})"
    return "try_cast('" + str(value).replace("'", "''") + f"' as {kind})"
