"""A named check of the landed gate stops a wrong file, or warns about it, before any number depends on the file."""

import csv
import math
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from relief.home import Home
from relief.landing import land
from relief.validation.gate import validate
from relief.validation.measured import measure
from relief.validation.plausible import BANDS, check_name, plausibilities
from relief.validation.suites import load_suite
from synthetic import write_extracts
from tests.python.support.warehouse import quiet
from tests.python.validation.corruptions import CORRUPTIONS, Corruption, Row

SCALE, SEED = 0.02, 1
SOURCES = {"ca_doj": "ca_doj", "relief_events": "relief_events", "review_decisions": "review_decisions"}


@dataclass(frozen=True)
class Clean:
    """A data folder with one clean SYNTHETIC file of each table, landed and measured."""

    home: Home
    files: dict[str, Path]
    deliveries: dict[str, str]
    as_of: dict[str, date]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    folder = tmp_path_factory.mktemp("clean")
    home = Home(folder / "home")
    extracts = write_extracts(folder / "files", SCALE, SEED, quiet)
    files, deliveries, as_of = {}, {}, {}
    for source, paths in extracts.paths.items():
        for path in paths:
            for landed in land(home, source, [path], extracts.as_of[source], None, quiet):
                table = path.stem.removeprefix("SYNTHETIC_")
                files[table], deliveries[table] = path, landed.delivery_id
                as_of[table] = extracts.as_of[source]
    measure(home)
    return Clean(home, files, deliveries, as_of)


def replaced(clean: Clean, corruption: Corruption, folder: Path) -> Home:
    """A copy of the clean data folder in which the corrupted file has replaced the clean one."""
    home = Home(folder / "home")
    shutil.copytree(clean.home.path, home.path)
    path = folder / clean.files[corruption.table].name
    with clean.files[corruption.table].open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        names, rows = list(reader.fieldnames or []), list(reader)
    write(path, names, corruption.change(rows))
    source = SOURCES.get(corruption.table, "la_court")
    land(home, source, [path], clean.as_of[corruption.table], clean.deliveries[corruption.table], quiet)
    return home


def write(path: Path, names: list[str], rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def outside(home: Home) -> set[str]:
    """Checks whose band does not include the measured number; test_bands.py tests that Great Expectations agrees."""
    measure(home)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        lines = connection.execute("select table_name, measure, value, change from meta.measured").fetchall()
    found = set()
    for table in plausibilities():
        for one in table.measures:
            for kind, (low, high) in one.bands.items():
                numbers = [line[3 if BANDS[kind][2] else 2] for line in lines if line[:2] == (table.table, one.name)]
                if any(
                    n is not None and not (low or -math.inf) <= n <= (math.inf if high is None else high)
                    for n in numbers
                ):
                    found.add(check_name(one, table.called, kind))
    return found


def test_the_clean_files_are_within_all_bands(clean: Clean) -> None:
    lines: list[str] = []
    result = validate(clean.home, "landed", lines.append)
    # One row of the synthetic decisions lacks its attorney on purpose.
    assert [check.name for check in result.checks if check.status != "passed"] == ["Decisions say what, who and when"]
    assert result.passed


# Each test lands and measures a file, which takes a second: `make test` runs one in eight, `make test-full` all.
@pytest.mark.parametrize(
    "corruption",
    [
        pytest.param(one, id=f"{one.table}: {one.name}", marks=[] if number % 8 == 0 else pytest.mark.full)
        for number, one in enumerate(CORRUPTIONS)
    ],
)
def test_a_corruption_is_seen_by_its_check(corruption: Corruption, clean: Clean, tmp_path: Path) -> None:
    assert corruption.check in outside(replaced(clean, corruption, tmp_path))


def test_corruptions_have_names_of_their_own_and_known_checks() -> None:
    names = [(one.table, one.name) for one in CORRUPTIONS]
    assert len(set(names)) == len(names) >= 60
    severities = {check.name: check.severity for check in load_suite("landed").checks}
    assert {one.check: one.verdict for one in CORRUPTIONS}.items() <= severities.items()
    assert {one.table for one in CORRUPTIONS} == {table.table for table in plausibilities() if table.model}


def test_half_a_file_stops_the_gate_and_is_named_with_its_number(clean: Clean, tmp_path: Path) -> None:
    lines: list[str] = []
    result = validate(replaced(clean, CORRUPTIONS[0], tmp_path), "landed", lines.append)
    assert not result.passed
    assert "Rows as in the last build (DOJ file) (0.5 times what it was before, of 5,184 rows)" in result.failure_line()
