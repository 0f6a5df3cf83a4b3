"""The command prints the same in every locale and time zone."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from relief.status import show_status
from tests.python.support.landing_files import Desk, doj_file, doj_record

ENVIRONMENTS = {
    "UTF-8": {"LC_ALL": "C.UTF-8"},
    "ASCII only": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Kiritimati"},
    "Latin 1 output": {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"},
}


def relief(folder: Path, added: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    changed = {"TZ", "LC_ALL", "PYTHONUTF8", "PYTHONCOERCECLOCALE", "PYTHONIOENCODING"}
    inherited = {name: value for name, value in os.environ.items() if name not in changed}
    return subprocess.run(
        [sys.executable, "-m", "relief", *arguments],
        cwd=folder,
        env=inherited | {"RELIEF_HOME": "Öffice", "PYTHONPATH": os.pathsep.join(sys.path)} | added,
        capture_output=True,
        check=False,
        timeout=300,
    )


def answers(folder: Path, added: dict[str, str]) -> list[tuple[int, bytes, bytes]]:
    """What the command prints for names with non-ASCII characters: in arguments, in the folder's path and in a file."""
    folder.mkdir()
    (folder / "Nuñez.csv").write_bytes(doj_file([doj_record(1)]))
    done = [
        relief(folder, added, "land", "--source", "ca_doj", "--as-of", "2020-02-01", "Nuñez.csv", "nowhere/Ñ€.csv"),
        relief(folder, added, "policy", "copy", "statutory_11361_8", "mine"),
        relief(folder, added, "policy", "approve", "mine", "--by", "José Núñez"),
    ]
    return [(each.returncode, each.stdout, each.stderr) for each in done]


def test_every_locale_gives_the_same_answers(tmp_path: Path) -> None:
    given = {}
    for name, added in ENVIRONMENTS.items():
        given[name] = answers(tmp_path / "work", added)
        shutil.rmtree(tmp_path / "work")
    (landed, refused), copied, approved = ([*each[1].decode().splitlines()] for each in given["UTF-8"])
    assert [code for code, _, _ in given["UTF-8"]] == [1, 0, 0]
    assert landed.startswith("Nuñez.csv: 1 records = 1 loaded")
    assert "nowhere/Ñ€.csv does not exist" in refused
    assert "Öffice/policies/mine.yml" in copied[0]
    assert "José Núñez" in approved[0]
    assert {name: answer for name, answer in given.items() if answer != given["UTF-8"]} == {}


@pytest.fixture
def a_day_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set a time zone in which the local date is always one day after the date in UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "EAST-24")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("a_day_east")
def test_the_offices_own_day_is_no_future_and_no_negative_age(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.land_bytes(doj_file([doj_record(1)]), as_of=date.today())  # noqa: DTZ011
    lines: list[str] = []
    show_status(desk.home, lines.append)
    assert any("(0 days ago)" in line for line in lines)
