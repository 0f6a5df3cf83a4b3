"""Export folders with identifiers: where they may be, what a killed export leaves, and cells without formulas."""

import fcntl
import os
from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.export.folder import new_folder
from relief.export.sheets import csv_cell, plain
from relief.home import PROJECT_DIR, Home
from relief.text import formula_safe


def test_identifiers_are_not_written_into_the_project(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(PROJECT_DIR)
    for out in (PROJECT_DIR / "filing", tmp_path / "link" / "filing", PROJECT_DIR / "docs" / ".." / "filing"):
        with pytest.raises(ReliefError, match="is in the project"), new_folder(Home(tmp_path / "home"), out):
            pass
    assert not (PROJECT_DIR / "filing").exists()


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left, other = tmp_path / ".relief-killed.part", tmp_path / ".relief-link.part"
    left.mkdir(mode=0o700)
    (left / "exhibit.csv").write_text("SYNTHETIC", encoding="utf-8")
    (tmp_path / "kept").mkdir()
    other.symlink_to(tmp_path / "kept")
    with new_folder(Home(tmp_path / "home"), tmp_path / "out") as folder:
        (folder / "a.csv").write_text("SYNTHETIC", encoding="utf-8")
    assert not left.exists()
    assert (tmp_path / "kept").is_dir()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.csv"]


def test_an_export_that_is_under_way_is_left_alone(tmp_path: Path) -> None:
    with new_folder(Home(tmp_path / "home"), tmp_path / "first") as first:
        (first / "a.csv").write_text("SYNTHETIC", encoding="utf-8")
        with new_folder(Home(tmp_path / "home"), tmp_path / "second"):
            pass
        handle = os.open(first, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
    assert (tmp_path / "first" / "a.csv").is_file()


@pytest.mark.parametrize("unseen", ["\u200b", "\u00a0", "\ufeff", "\u202e", " \u2060", "\u3000", "\u00ad "])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d"])
def test_a_formula_behind_what_nobody_sees_is_disarmed(unseen: str, start: str) -> None:
    text = f"{unseen}{start}1+1"
    assert csv_cell(text).startswith("'")
    assert formula_safe(text).startswith("'")


def test_nothing_turns_the_order_in_which_a_line_is_read() -> None:
    assert plain("paid \u202egpj.exe") == "paid  gpj.exe"
    assert csv_cell("Nu\u00f1ez") == "Nu\u00f1ez"
    assert csv_cell("BA123456") == "BA123456"
