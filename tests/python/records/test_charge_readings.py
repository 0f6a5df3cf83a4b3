"""Charge texts and their meanings, grouped by the rule that they show, read through the reader's three models."""

from pathlib import Path

import pytest
import yaml

from relief.home import PROJECT_DIR
from tests.python.records.charge_corpus import Charge
from tests.python.records.test_charge_corpus import read_charges

FIXTURE = PROJECT_DIR / "tests/fixtures/charge_strings/SYNTHETIC_readings.yml"
READINGS = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))["readings"]
Row = dict[str, object]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """How each text of the file is read, by the text."""
    texts = dict.fromkeys(str(row["charge_text"]) for reading in READINGS for row in reading["rows"])
    with read_charges([Charge(text, "any") for text in texts], tmp_path_factory.mktemp("readings")) as connection:
        read = connection.execute("select * from int_charges__read")
        names = [column[0] for column in read.description]
        rows = [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    return {str(row["charge_text"]): row for row in rows}


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading["name"])
def test_a_text_is_read_as_the_rule_says(found: dict[str, Row], reading: dict[str, list[Row]]) -> None:
    wanted = reading["rows"]
    assert [{name: found[str(row["charge_text"])][name] for name in row} for row in wanted] == wanted


def test_the_file_says_that_it_is_synthetic() -> None:
    assert Path(FIXTURE).read_text(encoding="utf-8").startswith("# SYNTHETIC")
