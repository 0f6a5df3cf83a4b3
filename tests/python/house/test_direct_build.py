"""tests/direct_build.py builds the same seeds and models as dbt, row by row."""

import shutil
from pathlib import Path

import duckdb

from relief.home import Home, open_warehouse
from relief.landing.catalog import renew_views_of_a_copy
from tests import direct_build

BUILT = ("reference", "staging", "intermediate", "marts", "reporting", "quality")
CHANGES = {
    "intermediate.int_changes__inputs",
    "intermediate.int_changes__people",
    "quality.audit_change_counts",
    "quality.audit_changes_since_last_build",
    "staging.stg_machine__dbt_runs",
}
"""The models that read a snapshot, which is what dbt stored about the build before."""
VARIABLES = {"county": "LOS ANGELES", "evaluated_as_of": ""}


def sums(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[object, ...] | None]:
    """Checksums for each table and view of a build, which do not depend on the order of the rows."""
    names = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables where list_contains(?, table_schema)",
        [list(BUILT)],
    ).fetchall()
    query = "select count(*), sum(cast(hash(t) as hugeint)), sum(hash(t, 1) >> 8) from {} as t"
    return {name: connection.execute(query.format(name)).fetchone() for (name,) in sorted(names)}


def test_every_table_is_the_one_that_dbt_builds(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(ran[0].path, home.path, ignore=shutil.ignore_patterns("target", "logs"))
    renew_views_of_a_copy(home)
    with open_warehouse(home) as connection:
        by_dbt = sums(connection)
        for schema in BUILT:
            connection.execute(f"drop schema {schema} cascade")
        (build_id,) = connection.execute("select build_id from meta.last_dbt_run").fetchall()[0]
    nodes, failures = direct_build.build(home, build_id, VARIABLES)
    assert not failures
    with open_warehouse(home, read_only=True) as connection:
        directly = sums(connection)
    assert len(directly) == nodes["success"]
    assert {name for name in by_dbt if name not in directly} == CHANGES
    assert {name for name, found in directly.items() if by_dbt[name] != found} == set()
