"""What a build shows on the way, and a build of nothing new: skipped with a word, unless all is asked for."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from relief.building import progress
from relief.building.build import build
from relief.home import Home, open_warehouse
from tests.python.test_selectors import partly_built  # noqa: F401  (a fixture)

DAY = date(2019, 11, 11)


def event(name: str, **data: Any) -> Any:
    return SimpleNamespace(info=SimpleNamespace(name=name), data=SimpleNamespace(**data))


def started(kind: str, path: str) -> Any:
    return event("LogStartLine", node_info=SimpleNamespace(resource_type=kind, node_path=path))


def built_nodes(count: int) -> list[Any]:
    nodes = [started("model", "intermediate/charges/int_charges__read.sql"), event("NodeFinished")]
    return [event("ConcurrencyLine", node_count=count), *nodes * count]


def test_without_a_terminal_there_is_a_plain_line_for_each_tenth_and_none_on_stdout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress.build_progress()() as seen:
        assert seen is not None
        for one in [event("SQLQuery"), *built_nodes(200)]:
            seen(one)
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert len(lines) == 10
    assert lines[4].startswith("building: 100 of 200 models, seeds and tests done, at intermediate/charges; ")
    assert lines[-1].endswith("about 0 s left")


def test_on_a_terminal_one_bar_counts_and_quiet_asks_dbt_for_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    with progress.build_progress()() as seen:
        assert seen is not None
        for one in built_nodes(30):
            seen(one)
    assert "30 of 200" not in capsys.readouterr().out
    with progress.build_progress(quiet=True)() as seen:
        assert seen is None


@pytest.mark.parametrize(
    ("kind", "path", "stage"),
    [
        ("model", "marts/core/fct_convictions.sql", "marts/core"),
        ("model", "x.sql", "models"),
        ("seed", "law/statutes.csv", "seeds"),
        ("test", "a.sql", "data tests"),
        ("snapshot", "b.sql", "snapshots"),
    ],
)
def test_a_stage_is_the_folder_of_a_model(kind: str, path: str, stage: str) -> None:
    assert progress.stage_of(kind, path) == stage


def test_a_build_of_nothing_new_is_skipped_and_says_so(
    partly_built: Home,  # noqa: F811
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
    # A part of the models, another day, another county and a wish for all: each is built.
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
