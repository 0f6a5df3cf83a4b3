"""The two files disagree about people and numbers as the table says, by group and for the given reasons.

They never disagree so much that nobody could link them. The truth about this is checked against the written files.
"""

import ast
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relief.home import PROJECT_DIR
from synthetic import SynthResult, write_extracts
from synthetic.court_side import BIRTHS, MOST_HARD, NOT_FULL
from synthetic.misspell import (
    day_and_month_swapped,
    digits_swapped,
    misspelled,
    number_digit_wrong,
    number_digits_swapped,
    year_off,
)
from synthetic.pairs import GROUPS
from synthetic.rates import load_rates
from synthetic.tables import DATA

SCALE, SEED = 0.05, 20200213
# The share that no linkage can find has to stay well below the 2% that one may miss.
TRACE = 0.008
Row = dict[str, str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return write_extracts(tmp_path_factory.mktemp("disagreement"), SCALE, SEED, lambda _: None)


def rows_of(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pairs(written: SynthResult) -> list[Row]:
    return rows_of(written.pairs_path)


@pytest.fixture(scope="module")
def cases(written: SynthResult) -> list[Row]:
    return rows_of(written.paths["la_court"][0])


@pytest.fixture(scope="module")
def subjects(written: SynthResult) -> dict[str, Row]:
    """The first row of each subject, in the order of the file."""
    first: dict[str, Row] = {}
    for row in rows_of(written.paths["ca_doj"][0]):
        first.setdefault(row["SUBJECT_ID"], row)
    return first


@pytest.fixture(scope="module")
def told(written: SynthResult) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(written.truth_path.read_text())["disagreement"]
    return facts


def causes_of(pair: Row) -> set[str]:
    return set(filter(None, pair["causes"].split(";")))


def test_every_cause_of_the_table_occurs(told: dict[str, Any]) -> None:
    seen = {*told["pairs_by_cause"], *told["pairs_by_number_in_doj_file"], *told["conviction_pairs_by_cause"]}
    elsewhere = {
        "cii_missing_felony", "cii_missing_misdemeanor", "doj_name_among_aliases", "court_number_spaced",
        "court_number_dashed", "court_defendant_1", "court_defendant_001",
    }  # fmt: skip
    assert sorted(set(load_rates().table) - seen - elsewhere) == []


def test_every_assumption_has_a_reason_and_stands_in_the_methodology() -> None:
    methodology = (PROJECT_DIR / "docs/methodology/people.md").read_text(encoding="utf-8")
    table = rows_of(DATA / "disagreement.csv")
    assert [row["cause"] for row in table if len(row["reason"]) < len("typing")] == []
    lines = {line.split("|")[1].strip(" `"): line for line in methodology.splitlines() if line.startswith("| `")}
    assert [row["cause"] for row in table if row["reason"] not in lines.get(row["cause"], "")] == []
    shares = [f"{float(row['share']) * 100:g}%" for row in table]
    assert [row["cause"] for row, share in zip(table, shares, strict=True) if share not in lines[row["cause"]]] == []


@pytest.mark.parametrize(
    ("cause", "more", "less", "times"),
    [
        ("married_name", ("sex", "F"), ("sex", "M"), 5),
        ("double_surname_part_left_out", ("surname_type", "hispanic"), ("surname_type", "other"), 10),
        ("surname_typo", ("surname_type", "hispanic"), ("surname_type", "other"), 1),
        ("suffix_added", ("sex", "M"), ("sex", "F"), 10),
    ],
)
def test_groups_differ_as_assumed(
    pairs: list[Row], cause: str, more: tuple[str, str], less: tuple[str, str], times: float
) -> None:
    def share(group: tuple[str, str]) -> float:
        some = [pair for pair in pairs if pair[group[0]] == group[1]]
        return sum(cause in causes_of(pair) for pair in some) / len(some)

    assert share(more) > times * share(less)


def test_in_no_group_is_more_than_a_trace_beyond_telling(pairs: list[Row]) -> None:
    assert any(pair["is_hard"] == "true" for pair in pairs)
    assert MOST_HARD < TRACE
    for column in GROUPS:
        everyone = Counter(pair[column] for pair in pairs)
        hard = Counter(pair[column] for pair in pairs if pair["is_hard"] == "true")
        assert {name: hard[name] / n for name, n in everyone.items() if hard[name] / n > MOST_HARD} == {}


def test_what_is_hard_shows_no_right_number_and_no_plain_name_and_birth_date(pairs: list[Row]) -> None:
    for pair in pairs:
        if pair["is_hard"] == "true":
            assert pair["court_cii_number"] != "same"
            assert causes_of(pair), pair["court_row_no"]


def test_the_causes_say_what_differs(pairs: list[Row], cases: list[Row], subjects: dict[str, Row]) -> None:
    """Compare each pair with the two files: it has a cause if they differ, and none if they agree."""
    for pair in pairs:
        case, subject, causes = cases[int(pair["court_row_no"]) - 1], subjects[pair["subject_id"]], causes_of(pair)
        assert (case["case_number"], case["defendant_number"]) == (pair["case_number"], pair["defendant_number"])
        birth, court_birth = subject["PRI_DOB"], case["birth_date"].replace("-", "")
        blank_at_first = birth in ("", "NULL")
        if not causes & {*BIRTHS, "doj_birth_date_not_full", "doj_birth_date_wrong"} and not blank_at_first:
            assert court_birth == birth
        elif causes & set(BIRTHS) and not blank_at_first:
            assert court_birth != birth
        if not [cause for cause in causes if "birth" not in cause and "cii" not in cause]:
            assert case["defendant_name"].replace(" JR,", ",").replace(" SR,", ",") in {
                subject["PRI_NAME"],
                re.sub(" (JR|SR)$", "", subject["PRI_NAME"]),
            }
        same = case["cii_number"] == subject["CII_NUMBER"] != ""
        assert (pair["court_cii_number"] == "same") == same
        assert (pair["court_cii_number"] == "digit_wrong") == ("cii_digit_wrong" in causes)
        if "cii_digit_wrong" in causes:
            assert sum(a != b for a, b in zip(case["cii_number"], subject["CII_NUMBER"], strict=True)) == 1


def test_birth_dates_that_are_not_full_are_written_as_courts_write_them(pairs: list[Row], cases: list[Row]) -> None:
    forms = {
        "birth_year_only": r"\d{4}-00-00", "birth_month_only": r"\d{4}-\d\d-00", "birth_bare_year": r"\d{4}",
        "birth_missing": "",
    }  # fmt: skip
    assert set(forms) == set(NOT_FULL)
    for pair in pairs:
        for cause in causes_of(pair) & set(forms):
            assert re.fullmatch(forms[cause], cases[int(pair["court_row_no"]) - 1]["birth_date"])
    full = [row["birth_date"] for row in cases if re.fullmatch(r"\d{4}-\d\d-\d\d", row["birth_date"])]
    assert all(date.fromisoformat(text) for text in full if not text.endswith("-00"))


def test_aliases_sometimes_hold_the_name_that_the_doj_knows(
    pairs: list[Row], cases: list[Row], subjects: dict[str, Row]
) -> None:
    other = [pair for pair in pairs if causes_of(pair) & {"married_name", "alias_name"}]
    holds = [
        subjects[pair["subject_id"]]["PRI_NAME"] in cases[int(pair["court_row_no"]) - 1]["alias_names"].split("; ")
        for pair in other
    ]
    assert 0.3 < sum(holds) / len(holds) < 0.9


def test_twins_namesakes_and_fathers_are_easily_taken_for_each_other(
    subjects: dict[str, Row], pairs: list[Row]
) -> None:
    kinds = Counter(pair["confusable_with"] for pair in pairs)
    assert min(kinds[name] for name in ("twin", "namesake", "father_and_son")) > 0
    twins: Counter[tuple[str, str]] = Counter()
    for subject in {pair["subject_id"] for pair in pairs if pair["confusable_with"] == "twin"}:
        twins[subjects[subject]["PRI_NAME"].partition(",")[0], subjects[subject]["PRI_DOB"]] += 1
    assert max(twins.values()) > 1


def test_a_name_of_the_doj_file_stands_for_several_people(subjects: dict[str, Row]) -> None:
    names = Counter(re.sub("( [A-Z])?( JR| SR)?$", "", row["PRI_NAME"]) for row in subjects.values())
    assert sum(n > 1 for n in names.values()) > 100


def test_conviction_pairs_differ_by_days_and_in_spelling_only(written: SynthResult) -> None:
    charges = {
        (row["case_number"], row["defendant_number"], row["count_number"]): row
        for row in rows_of(written.paths["la_court"][1])
    }
    doj: dict[tuple[str, str], str] = {}
    for row in rows_of(written.paths["ca_doj"][0]):
        doj.setdefault((row["SUBJECT_ID"], row["CNT_ORDER"]), row["STP_EVENT_DATE"])
    differing = Counter[str]()
    for pair in rows_of(written.conviction_pairs_path):
        charge = charges[pair["case_number"], pair["defendant_number"], pair["count_number"]]
        assert charge["disposition"] == "CONVICTED"
        days = [doj[pair["subject_id"], pair["cnt_order"]], charge["disposition_date"].replace("-", "")]
        if "conviction_date_differs" in causes_of(pair):
            apart = date.fromisoformat(days[0]) - date.fromisoformat(days[1])
            assert 0 < abs(apart.days) <= 21
        elif charge["disposition_date"] and days[0].isdigit():
            assert days[0] == days[1]
        differing.update(causes_of(pair))
    assert min(differing[name] for name in ("conviction_date_differs", "statute_written_otherwise")) > 10


def test_each_rewriting_changes_one_thing() -> None:
    assert {misspelled("GARCIA", way, 0.5) for way in range(4)} == {"GARIA", "GARCCIA", "GARKIA", "GACRIA"}
    assert day_and_month_swapped("1980-03-11") == "1980-11-03"
    assert day_and_month_swapped("1980-03-13") == "1980-03-13"
    assert digits_swapped("1968-02-22", 0.0) == "1986-02-22"
    assert year_off("1980-02-29", 0.1) == "1981-02-28"
    assert number_digits_swapped("BA112233", 2, 0.0) == "BA121233"
    wrong = number_digit_wrong("BA112233", 2, 0.4)
    assert sum(a != b for a, b in zip(wrong, "BA112233", strict=True)) == 1


def test_the_generator_shares_no_code_with_the_product() -> None:
    """The generator imports only itself, the errors and general libraries, and not the code that links and counts."""
    allowed = ("relief.errors",)
    strangers = [
        f"{path.name}: {name}"
        for path in sorted((PROJECT_DIR / "synthetic").glob("*.py"))
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in ("relief", "splink", "duckdb", "dbt") and not name.startswith(allowed)
    ]
    assert strangers == []


def imported(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{node.module}.{node.names[0].name}" if node.module == "relief" else str(node.module)
