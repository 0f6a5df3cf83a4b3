"""How a build shows its progress: a bar on a terminal, plain lines elsewhere, and nothing with the option for quiet."""

from types import SimpleNamespace
from typing import Any

import pytest

from relief.building import progress


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
