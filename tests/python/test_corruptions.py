"""A wrong file is stopped, or warned of, by a named check of the landed gate before a number rests on it."""

import csv
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from relief.home import Home
from relief.landing import land
from relief.synth import write_extracts
from relief.validation.gate import validate
from relief.validation.measured import measure
from relief.validation.results import CheckResult
from relief.validation.runner import run_checks
from relief.validation.suites import Check, load_suite
from tests.python.corruptions import CORRUPTIONS, Corruption, Row
from tests.python.warehouse import quiet

SCALE, SEED = 0.02, 1
SOURCES = {"ca_doj": "ca_doj", "relief_events": "relief_events", "review_decisions": "review_decisions"}


@dataclass(frozen=True)
class Clean:
    """A home with one clean SYNTHETIC file of each table, landed and measured."""

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


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    return {check.name: check for check in load_suite("landed").checks}


def replaced(clean: Clean, corruption: Corruption, folder: Path) -> Home:
    """A copy of the clean home in which the corrupted file has replaced the clean one."""
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


def ask(home: Home, check: Check) -> CheckResult:
    """The one check, after what is in use was measured."""
    measure(home)
    return run_checks(home.warehouse, [check])[0]


def test_the_clean_files_are_within_all_bands(clean: Clean) -> None:
    lines: list[str] = []
    result = validate(clean.home, "landed", lines.append)
    # One row of the synthetic decisions is planted without its attorney.
    assert [check.name for check in result.checks if check.status != "passed"] == ["Decisions say what, who and when"]
    assert result.passed


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=[f"{one.table}: {one.name}" for one in CORRUPTIONS])
def test_a_corruption_is_seen_by_its_check(
    corruption: Corruption, clean: Clean, checks: dict[str, Check], tmp_path: Path
) -> None:
    result = ask(replaced(clean, corruption, tmp_path), checks[corruption.check])
    assert result.status == {"stop": "failed", "warn": "warned"}[corruption.verdict], result.line()
