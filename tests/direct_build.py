"""A build without dbt, for tests that ask a home for answers: the same SQL in the same order, in a third of the time.

dbt parses the project once per process; what it found is rendered and run here. Left out are snapshots and what reads
a snapshot or dbt's record of its runs; data tests are asked where a suite has the time.
tests/python/house/test_direct_build.py compares every table with those of dbt's own build.
"""

import importlib.util
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import pytest

from relief.home import PROJECT_DIR, Home, open_warehouse
from tests.mutation.project import Project


def build(
    home: Home, build_id: str, variables: dict[str, str], *, with_data_tests: bool = False
) -> tuple[dict[str, int], list[str]]:
    """Build the models of a home; returns what `relief.building.build._run_dbt` does."""
    project = Project(_manifest(), variables)
    data_tests = _data_tests() if with_data_tests else []
    with open_warehouse(home) as connection:
        connection.execute("set threads = 1; set preserve_insertion_order = false")  # two test files run at a time
        _make_raw_objects(connection, project, build_id)
        for node in project.seeds.values():
            _load_seed(connection, node)
        names = _order(project)
        for name in names:
            try:
                _build_model(connection, project, name)
            except duckdb.Error as error:
                return {"error": 1}, [f"model {name} {type(error).__name__}"]
        failed = [test.name for test in data_tests if set(test.reads) <= set(names) and _finds(connection, test.sql)]
    built = {"success": len(project.seeds) + len(names)}
    return (built | {"fail": len(failed)}, [f"test {name}" for name in failed]) if failed else (built, [])


@cache
def _manifest() -> dict[str, Any]:
    """What dbt parses of the project; the schema of the raw tables and the name of the database are every home's."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  (seconds of imports, only for a build)

    folders = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles")]
    parsed = dbtRunner().invoke(["--quiet", "--log-level", "none", "--log-level-file", "none", "parse", *folders])
    if not parsed.success:
        raise RuntimeError("dbt cannot parse the project") from parsed.exception
    return parsed.result.writable_manifest().to_dict(omit_none=False)  # type: ignore[union-attr, no-any-return]


@dataclass(frozen=True)
class _DataTest:
    name: str
    reads: tuple[str, ...]  # models
    sql: str


@cache
def _data_tests() -> list[_DataTest]:
    """The data tests that stop a build, compiled by dbt in an empty folder: their SQL is that of every home."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  (seconds of imports, only for a build)

    options = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--select", "resource_type:test"]
    folders = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles")]
    with tempfile.TemporaryDirectory() as empty, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELIEF_HOME", empty)
        compiled = dbtRunner().invoke(["compile", *options, *folders, "--target-path", f"{empty}/target"])
    if not compiled.success:
        raise RuntimeError("dbt cannot compile the data tests") from compiled.exception
    nodes = [result.node for result in compiled.result.results]  # type: ignore[union-attr]
    return [
        _DataTest(
            node.name,
            tuple(key.split(".")[-1] for key in node.depends_on.nodes if key.startswith("model.")),
            node.compiled_code,
        )
        for node in nodes
        if node.config.severity.lower() == "error"
    ]


def _finds(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    return connection.execute(f"select 1 from ({sql}\n) limit 1").fetchone() is not None


def _order(project: Project) -> list[str]:
    """Models, each behind those that it reads, but for what reads a snapshot."""
    nodes = project.manifest["nodes"]
    done: dict[str, bool] = {}

    def is_built(key: str) -> bool:
        if key == "source.relief.machine.dbt_runs":  # written by dbt's own runs
            return False
        if key not in nodes or nodes[key]["resource_type"] == "seed":
            return True
        if key not in done:
            parents = [is_built(parent) for parent in sorted(nodes[key]["depends_on"]["nodes"])]
            done[key] = nodes[key]["resource_type"] == "model" and all(parents)
        return done[key]

    for key in sorted(nodes):
        if nodes[key]["resource_type"] == "model":
            is_built(key)
    return [nodes[key]["name"] for key, built in done.items() if built]


def _make_raw_objects(connection: duckdb.DuckDBPyConnection, project: Project, build_id: str) -> None:
    """What macros/create_raw_objects.sql makes before a run."""
    connection.execute("create schema if not exists meta")
    connection.execute(f"create or replace table meta.last_dbt_run as select '{build_id}' as build_id")
    for node in project.manifest["sources"].values():
        kind = node["config"].get("meta", {}).get("raw_kind")
        if kind is None:
            continue
        name = f"{node['schema']}.{node['identifier']}"
        connection.execute(f"create schema if not exists {node['schema']}")
        columns = [(column["name"], column["data_type"]) for column in node["columns"].values()]
        if kind == "table":
            typed = [f"{column} {data_type}" for column, data_type in columns]
            connection.execute(f"create table if not exists {name} ({', '.join(typed)})")
            for column in typed:
                connection.execute(f"alter table {name} add column if not exists {column}")
        else:
            empty = ", ".join(f"cast(null as {data_type}) as {column}" for column, data_type in columns)
            connection.execute(f"create view if not exists {name} as select {empty} where 1 = 0")


def _load_seed(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    path = PROJECT_DIR / node["original_file_path"]
    columns = ", ".join(
        f"cast({name} as {data_type}) as {name}" for name, data_type in node["config"]["column_types"].items()
    )
    connection.execute(f"create schema if not exists {node['schema']}")
    connection.execute(
        f"create or replace table {node['relation_name']} as select {columns} "
        f"from read_csv('{path}', header = true, all_varchar = true, nullstr = '', allow_quoted_nulls = true)"
    )


def _build_model(connection: duckdb.DuckDBPyConnection, project: Project, name: str) -> None:
    node = project.manifest["nodes"][f"model.relief.{name}"]
    connection.execute(f"create schema if not exists {node['schema']}")
    relation = node["relation_name"]
    if node["language"] == "python":
        made = _python_model(node)(_Dbt(connection, project, node["schema"]), connection)
        connection.register("made", made)
        connection.execute(f"create or replace table {relation} as select * from made")
        connection.unregister("made")
        return
    kind = node["config"]["materialized"]
    connection.execute(f"create or replace {kind} {relation} as {project.sql(name)}")


def _python_model(node: dict[str, Any]) -> Any:
    path = PROJECT_DIR / node["original_file_path"]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.model


@dataclass(frozen=True)
class _This:
    schema: str


class _Dbt:
    """What dbt hands to a model in Python."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, project: Project, schema: str) -> None:
        self.this = _This(schema)
        self._connection, self._project = connection, project

    def config(self, **_options: Any) -> None:
        """Its settings are in the manifest."""

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """A model as a relation."""
        return self._connection.sql(f"select * from {self._project.relations[name]}")
