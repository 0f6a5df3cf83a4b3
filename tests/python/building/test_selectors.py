"""Builds of the answers only, from which nothing else is published; a build is skipped if nothing has changed."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relief.building.build import build, is_up_to_date
from relief.building.selectors import selector_names
from relief.errors import ReliefError
from relief.explain import explain
from relief.export.determinations import export_determinations
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.landing.catalog import renew_views_of_a_copy
from relief.publishing import publish
from relief.status import show_status
from tests.python.support.warehouse import CMR, quiet

DAY = date(2019, 11, 11)
POLICIES = ("la_pilot_2019", "statutory_11361_8")


@pytest.fixture
def partly_built(los_angeles: Home, tmp_path: Path) -> Home:
    """A built data folder whose last build is marked as a build of the answers only."""
    home = Home(tmp_path / "home")
    shutil.copytree(los_angeles.path, home.path, ignore=shutil.ignore_patterns("target", "logs"))
    renew_views_of_a_copy(home)
    with open_warehouse(home) as connection:
        connection.execute("alter table meta.builds add column if not exists selector varchar")
        connection.execute("update meta.builds set selector = 'answers'")
    return home


def test_determinations_are_exported_and_nothing_else_is_answered(partly_built: Home, tmp_path: Path) -> None:
    assert export_determinations(partly_built, POLICIES[0], tmp_path / "out.csv") == 16
    only = r"built only the selector answers; run: relief build$"
    with pytest.raises(ReliefError, match=only):
        publish(partly_built, None, quiet)
    with pytest.raises(ReliefError, match=only):
        explain(partly_built, "any", [], with_identifiers=False, report=quiet)
    assert not is_up_to_date(partly_built, "LOS ANGELES", DAY)
    said: list[str] = []
    show_status(partly_built, said.append)
    assert any("only the selector answers (not published)" in line for line in said)


def test_a_name_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    with pytest.raises(ReliefError, match=r"selectors\.yml has no selector of that name; known are: answers"):
        build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, selector="answer", report=quiet)
    with pytest.raises(ReliefError, match="leave --as-known-at and --target out"):
        build(home, target="dev", county="LOS ANGELES", evaluated_as_of=None, selector="answers", report=quiet)
    assert list(home.path.iterdir()) == []
    assert selector_names() == ["answers"]


@pytest.mark.full  # it makes its own build, which takes half a minute
def test_the_answers_are_those_of_a_whole_build(los_angeles: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    land(home, "ca_doj", [CMR / "los_angeles/input.csv"], DAY, None, quiet)
    said: list[str] = []
    result = build(
        home, target="duckdb", county="LOS ANGELES", evaluated_as_of=DAY, selector="answers", report=said.append
    )
    assert result.nodes.keys() <= {"success", "pass"}
    assert "only the selector answers was built" in said[-1]
    with open_warehouse(home, read_only=True) as connection:
        schemas = "select distinct table_schema from information_schema.tables"
        assert not {("reporting",), ("quality",), ("snapshots",)} & set(connection.execute(schemas).fetchall())
    for policy_id in POLICIES:
        for built, name in ((home, "part.csv"), (los_angeles, "whole.csv")):
            export_determinations(built, policy_id, tmp_path / name)
        assert (tmp_path / "part.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_build_of_nothing_new_is_skipped_and_says_so(
    partly_built: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home, said, asked = partly_built, [], []

    def nothing(*arguments: Any) -> tuple[dict[str, int], list[str]]:
        asked.append(arguments[2])
        return {"success": 1}, []

    monkeypatch.setattr("relief.building.build._run_dbt", nothing)

    def once(**options: Any) -> str:
        chosen = {"county": "LOS ANGELES", "evaluated_as_of": DAY, "full_refresh": False} | options
        return build(home, target="duckdb", report=said.append, **chosen).build_id

    with open_warehouse(home) as connection:
        connection.execute("update meta.builds set selector = null")
        (last,) = connection.execute("select build_id from meta.builds").fetchall()[0]
    assert once() == last
    assert asked == []
    assert said[0] == (
        f"nothing has changed since build {last}, so every model was skipped; "
        "to build all again, run: relief build --full-refresh"
    )
    # Each of these options causes a build: a part of the models, another date, another county, and all models.
    for options in (
        {"selector": "answers"},
        {"evaluated_as_of": date(2019, 11, 12)},
        {"county": "SACRAMENTO"},
        {"full_refresh": True},
    ):
        with open_warehouse(home) as connection:
            connection.execute("delete from meta.builds where build_id <> ?", [last])
        assert once(**options) == asked[-1] != last
    with open_warehouse(home) as connection:
        connection.execute("delete from meta.builds where build_id <> ?", [last])
        connection.execute("update raw.deliveries set as_of_date = as_of_date - 1")
    assert once() != last
