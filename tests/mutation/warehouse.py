"""A built home, copied into memory: models are computed again there, and taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.mutation.limit import in_memory, limited
from tests.mutation.project import Project, sql_files

_COLUMNS = "select table_name, column_name, data_type from information_schema.columns where table_catalog = 'warehouse'"


@dataclass
class Warehouse:
    """The tables of a build, in memory, and the project that it was built from."""

    project: Project
    connection: duckdb.DuckDBPyConnection

    @classmethod
    def of(cls, home: Path, variables: dict[str, str], asked: frozenset[str] = frozenset()) -> "Warehouse":
        """A copy of a home. Views become tables: one that changes is computed again like any other model.

        A view that no model reads, that is not mutated and not among those `asked` stands without rows: the words of
        every conviction under every policy would fill the memory.
        """
        project = Project.of(home, variables)
        connection = in_memory()
        connection.execute(f"attach '{home / 'warehouse.duckdb'}' as built (read_only)")
        connection.execute("attach ':memory:' as warehouse")
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = 'built'"
        ).fetchall()
        connection.execute("use built")  # a view's SQL names its own database's tables by schema
        for schema, table in tables:
            connection.execute(f"create schema if not exists warehouse.{schema}")
            if table not in project.models or project.models[table]["config"]["materialized"] != "view":
                connection.execute(
                    f'create table warehouse.{schema}."{table}" as select * from built.{schema}."{table}"'
                )
        connection.execute("use warehouse")
        connection.execute("detach built")
        kept = asked.union({Path(path).stem for path in sql_files()}, *project.parents.values())
        for name in project.order:
            node = project.models[name]
            if node["config"]["materialized"] == "view":
                rows = "" if name in kept else "\nlimit 0"
                connection.execute(f"create table {node['relation_name']} as ({node['compiled_code']}\n){rows}")
        connection.execute("set search_path = 'intermediate,marts,quality,staging,reporting,reference,raw'")
        return cls(project, connection)

    def types(self) -> dict[str, dict[str, str]]:
        """The columns of every table: {name: {column: type}}."""
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in self.connection.execute(f"{_COLUMNS} order by ordinal_position").fetchall():
            found.setdefault(table, {})[column] = kind
        return found

    def replace_seed(self, seed: str, rows: list[dict[str, str]], types: dict[str, str]) -> None:
        """Put other rows into a seed; an empty cell is NULL, as dbt loads it."""
        relation = self.project.relations[seed]
        self.connection.execute(f"create or replace table {relation} as select * from {relation} limit 0")
        if rows:
            values = ", ".join("(" + ", ".join(_literal(row[column]) for column in types) + ")" for row in rows)
            self.connection.execute(f"insert into {relation} values {values}")

    def recompute(self, changed: dict[str, str | None], wanted: set[str]) -> set[str]:
        """Compute the changed models and those behind them, as far as rows differ. Returns the names that do.

        `changed` are models with their other SQL, or seeds with other rows; only models in `wanted` are computed.
        """
        project = self.project
        different = {name for name in changed if name in project.seeds}
        for name in project.order:
            if name not in wanted or not (name in changed or project.parents[name] & different):
                continue
            relation = project.relations[name]
            sql = changed.get(name) or project.models[name]["compiled_code"]
            with limited(self.connection):
                self.connection.execute(f"create or replace temp table recomputed as {sql}")
            if self._sum("recomputed") != self._sum(relation):
                different.add(name)
                self.connection.execute(f"create or replace table {relation} as select * from recomputed")
        return different

    def _sum(self, relation: str) -> tuple[Any, ...] | None:
        """The same for the same rows in any order, and for hardly any others."""
        found: tuple[Any, ...] | None = self.connection.execute(
            f"select count(*), sum(cast(hash(t) as hugeint)), sum(hash(t, 1) >> 8) from {relation} as t"
        ).fetchone()
        return found

    def failing_data_tests(self, different: set[str], wanted: set[str], without: Collection[str] = ()) -> str | None:
        """The first data test of what differs that finds something. One that only warns is no failure.

        A test that also reads a model that was not computed again would compare new with old: it is left out.
        """
        for test in self.project.data_tests:
            if test["name"] in without:
                continue
            parents = {node.split(".")[-1] for node in test["depends_on"]["nodes"]}
            known = wanted | self.project.seeds.keys() | _never_computed(parents, self.project)
            if parents & different and parents <= known and test["config"]["severity"].lower() == "error":
                with limited(self.connection):
                    rows = self.connection.execute(f"select count(*) from ({test['compiled_code']}\n)").fetchone()
                if rows and rows[0]:
                    return str(test["name"])
        return None

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self.connection.execute(sql, parameters or []).fetchall()


def _never_computed(names: set[str], project: Project) -> set[str]:
    """Sources: no mutant changes them."""
    return {name for name in names if name not in project.models}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if text else "null"
