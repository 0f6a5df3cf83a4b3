"""pytest finds the same tests at any time and in any time zone or locale, with names that a terminal can show."""

import os
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from relief.home import PROJECT_DIR
from tests.conftest import LONGEST_TEXT_OF_AN_ID, pytest_make_parametrize_id

TOO_LONG = "x" * (LONGEST_TEXT_OF_AN_ID + 1)
COLLECT = """
import sys
import pytest
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:xdist", "-p", "no:randomly", "-p", "no:cacheprovider"]))
"""
# A year, a day, an hour and a second later or more, so that no part of a date or time stays the same.
LATER = """
import datetime
import time

import pandas  # compiled against the datetime of before

SHIFT = datetime.timedelta(days=400, hours=1, seconds=61)
now, now_ns, Day, Moment = time.time, time.time_ns, datetime.date, datetime.datetime
time.time = lambda: now() + SHIFT.total_seconds()
time.time_ns = lambda: now_ns() + int(SHIFT.total_seconds()) * 10**9


class LaterDay(Day):
    @classmethod
    def today(cls):
        return Day.today() + SHIFT


class LaterMoment(Moment):
    @classmethod
    def now(cls, tz=None):
        return Moment.now(tz) + SHIFT

    @classmethod
    def today(cls):
        return Moment.now() + SHIFT

    @classmethod
    def utcnow(cls):
        return Moment.utcnow() + SHIFT


datetime.date, datetime.datetime = LaterDay, LaterMoment
"""


def collecting(code: str, **environment: str) -> "subprocess.Popen[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT_DIR,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def test_two_processes_find_the_same_tests_in_the_same_order() -> None:
    here = collecting(COLLECT, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    there = collecting(LATER + COLLECT, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="2")
    outputs = [process.communicate()[0] for process in (here, there)]
    assert [here.returncode, there.returncode] == [0, 0], "\n".join(output[-2000:] for output in outputs)
    found, elsewhere = ([line for line in output.splitlines() if "::" in line] for output in outputs)
    assert len(found) == len(set(found)) > 1000
    assert found == elsewhere
    places = [str(PROJECT_DIR), tempfile.gettempdir() + "/", str(Path.home()) + "/"]
    assert [line for line in found if any(place in line for place in places)] == []
    assert [line for line in found if not line.isascii() or re.search(r"\\[xuUnrt0]", line)] == []


@pytest.mark.parametrize(
    "value",
    [b"", b"text", date(2020, 2, 1), Path("a"), ("a", "b"), {"a"}, object(), "", "a\tb", "\x1f\x8b", "ñ", TOO_LONG],
)
def test_what_is_no_short_plain_text_is_called_by_its_name(value: object) -> None:
    assert pytest_make_parametrize_id(value, "data") == "data"


@pytest.mark.parametrize("value", [None, True, 7, 0.5, int, collecting, "a short text", "select 1"])
def test_what_is_short_and_plain_is_its_own_id(value: object) -> None:
    assert pytest_make_parametrize_id(value, "data") is None
