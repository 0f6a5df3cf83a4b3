"""docs/worked-examples.md: people whose cases were decided by hand, and the warehouse's answer for each count."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from relief.home import PROJECT_DIR, Home, open_warehouse
from scripts import write_explanations
from tests.python.support.warehouse import land_and_build

FOLDER = PROJECT_DIR / "tests/fixtures/worked_examples"
DOCUMENT = PROJECT_DIR / "docs/worked-examples.md"
Key = tuple[str, str, str]


# The suffix of each file's name, and the evaluation date of the file.
SETS = {"": "2019-07-01", "_2020": "2020-01-31", "_again": "2020-01-31"}


def answers(of: str | None = None) -> list[dict[str, str]]:
    found = []
    for name in SETS if of is None else [of]:
        with (FOLDER / f"SYNTHETIC_answers{name}.csv").open(newline="", encoding="utf-8") as file:
            found += list(csv.DictReader(file))
    return found


def key_of(answer: dict[str, str]) -> Key:
    return answer["subject_id"], answer["cnt_order"], answer["policy_id"]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    folder = tmp_path_factory.mktemp("worked_examples")
    return {
        name: land_and_build(Home(folder / f"home{name}"), FOLDER / f"SYNTHETIC_people{name}.csv", day)
        for name, day in SETS.items()
    }


def determined(home: Home) -> dict[Key, tuple[str, str]]:
    """(determination, reason) of every count and policy in the file."""
    with open_warehouse(home, read_only=True) as connection:
        rows = connection.execute(
            "select subject_id, cnt_order, policy_id, determination, reason from marts.fct_relief_determinations"
        ).fetchall()
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


@pytest.fixture(params=list(SETS))
def people(request: pytest.FixtureRequest) -> str:
    """The suffix of the name of the file under test."""
    name: str = request.param
    return name


def test_the_warehouse_answers_as_the_record_says(homes: dict[str, Home], people: str) -> None:
    recorded = {key_of(answer): (answer["by_warehouse"], answer["warehouse_reason"]) for answer in answers(people)}
    by_warehouse = determined(homes[people])
    assert {key: by_warehouse.get(key, ("not evaluated", "")) for key in recorded} == recorded


def test_the_page_of_explanations_is_what_the_command_prints(homes: dict[str, Home]) -> None:
    """If this test fails, run: python scripts/write_explanations.py."""
    assert write_explanations.PAGE.read_text(encoding="utf-8") == write_explanations.page(homes[""])


def test_nobody_whom_the_work_by_hand_relieves_is_refused() -> None:
    relieved = [answer for answer in answers() if answer["by_hand"].startswith("Eligible")]
    assert [key_of(answer) for answer in relieved if answer["by_warehouse"] == "Not eligible"] == []


def test_every_difference_is_resolved_and_no_agreement_is() -> None:
    wrong = [
        key_of(answer)
        for answer in answers()
        if (answer["by_hand"] != answer["by_warehouse"]) != bool(answer["resolution"])
    ]
    assert wrong == []


def test_the_document_counts_what_the_record_holds() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text.partition("<!-- agreement -->")[2].partition("<!-- end -->")[0]
    printed = re.findall(r"^\| (\w+) \| (\d+) \| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \|$", table, re.MULTILINE)
    record = answers()
    counts = Counter((answer["people"], answer["policy_id"]) for answer in record)
    same = Counter((a["people"], a["policy_id"]) for a in record if a["by_hand"] == a["by_warehouse"])
    people = {
        kind: len({answer["subject_id"] for answer in record if answer["people"] == kind})
        for kind in ("worked", "adjudicated", "blind", "blind_again")
    }
    assert people == {"worked": 20, "adjudicated": 60, "blind": 60, "blind_again": 60}
    assert {(row[0], row[2]): tuple(int(row[n]) for n in (1, 3, 4, 5)) for row in printed} == {
        (kind, policy): (people[kind], n, same[kind, policy], n - same[kind, policy])
        for (kind, policy), n in counts.items()
    }


def test_the_twenty_are_worked_under_three_policies() -> None:
    worked: dict[str, set[str]] = {}
    for answer in answers():
        if answer["people"] == "worked":
            worked.setdefault(answer["subject_id"], set()).add(answer["policy_id"])
    assert {frozenset(policies) for policies in worked.values()} == {
        frozenset({"statutory_11361_8", "la_pilot_2019", "la_office_2020_no_conviction"})
    }
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [subject for subject in worked if f". {subject} (" not in text] == []


def test_the_file_says_that_it_is_synthetic() -> None:
    for name in SETS:
        lines = Path(FOLDER / f"SYNTHETIC_people{name}.csv").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines[1:] if not line.startswith("SYNTHETIC,")] == []
