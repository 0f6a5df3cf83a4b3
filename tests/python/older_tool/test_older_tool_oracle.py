"""Whole files, answered by an independent version of the older tool: every difference from our answers is explained."""

import csv
from datetime import date
from pathlib import Path

import pytest

from relief.building.build import build
from relief.compare import compare
from relief.home import Home
from relief.landing import land
from synthetic import write_extracts
from tests.python.older_tool.older_tool import answers
from tests.python.support.warehouse import CMR, quiet, read_csv

DAY = date(2022, 1, 31)


def as_file(path: Path, found: dict[int, tuple[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["row_no", "eligibility_determination", "eligibility_reason"])
        writer.writerows((row_no, *answer) for row_no, answer in sorted(found.items()))
    return path


def test_the_oracle_answers_the_fixture_as_the_older_tool_did() -> None:
    expected = {
        int(line["row_no"]): (line["eligibility_determination"], line["eligibility_reason"])
        for line in read_csv(CMR / "los_angeles/expected.csv")
        if line["evaluated"] == "Y"
    }
    assert answers(CMR / "los_angeles/input.csv", "LOS ANGELES", date(2019, 11, 11)) == expected


@pytest.mark.full
def test_nothing_is_unexplained_on_a_whole_synthetic_file(tmp_path: Path) -> None:
    write_extracts(tmp_path / "extracts", scale=0.1, seed=7, report=quiet)
    file = tmp_path / "extracts/SYNTHETIC_ca_doj.csv"
    home = Home(tmp_path / "home")
    land(home, "ca_doj", [file], DAY, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=DAY, report=quiet)
    peer = as_file(tmp_path / "peer.csv", answers(file, "LOS ANGELES", DAY))
    result = compare(home, "la_pilot_2019", peer, report=quiet)
    assert result.unexplained == 0
    assert result.compared > 5000
    # Enough differences to show that both readings work, and not too many.
    assert 100 < result.differences < result.compared / 10
    assert len(result.named) > 10
