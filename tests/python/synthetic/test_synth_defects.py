"""Counts of every planted defect, made from the DOJ file with only the csv module, equal those of the truth file."""

import csv
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from synthetic import write_extracts

SCALE, SEED = 0.05, 20200213
Row = dict[str, str]

# The 19 names of the defects that make the older tool's answers differ.
NAMES = (
    "missing_date", "birth_date_missing", "look_alike", "two_sections", "attempt_lost", "attempt_ignored",
    "conspiracy", "level_unknown", "strike_list", "undated_disqualifier", "registration_prefix", "clock",
    "sentence_misassigned", "sentence_overflow", "arrest_step", "deceased_spelling", "charged_not_convicted",
    "counted_per_file", "county_spelling",
)  # fmt: skip
SECTIONS = "1135[789]|11360"


class Extract:
    def __init__(self, folder: Path) -> None:
        with (folder / "SYNTHETIC_ca_doj.csv").open(newline="") as file:
            self.rows: list[Row] = list(csv.DictReader(file))
        with (folder / "SYNTHETIC_truth_defects.csv").open(newline="") as file:
            self.planted: list[Row] = list(csv.DictReader(file))
        self.truth: dict[str, Any] = json.loads((folder / "SYNTHETIC_truth.json").read_text())

    def found(self, condition: Callable[[Row], object]) -> dict[str, int]:
        rows = [row for row in self.rows if condition(row)]
        return {"rows": len(rows), "convictions": counts_of(rows), "people": len({row["SUBJECT_ID"] for row in rows})}

    def said(self, name: str) -> dict[str, int]:
        return {unit: self.truth["defects"][name][unit] for unit in ("rows", "convictions", "people")}


def counts_of(rows: Iterable[Row]) -> int:
    return len({(row["SUBJECT_ID"], row["CNT_ORDER"]) for row in rows if row["STP_TYPE_DESCR"] == "COURT ACTION"})


def is_date(text: str) -> bool:
    if not re.fullmatch("[0-9]{8}", text):
        return False
    days = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    month, day = int(text[4:6]), int(text[6:])
    return text[:4] != "0000" and 1 <= month <= 12 and 1 <= day <= days[month]


def convicted(row: Row) -> bool:
    return row["STP_TYPE_DESCR"] == "COURT ACTION" and row["DISP_DESCR"].startswith("CONVICTED")


def charge(row: Row) -> str:
    text = row["OFFENSE_DESCR"]
    return row["COMMENT_TEXT"] if text in ("", "NULL", "SEE COMMENT FOR CHARGE") else text


def section(row: Row) -> str:
    """The part of a charge before its literal, which starts with two letters or more after a hyphen."""
    return re.split(r"-(?=[A-Z]{2})", charge(row), maxsplit=1)[0]


def is_plain(row: Row) -> bool:
    return row["STP_TYPE_DESCR"] == "DECEASED"


def has_no_level(row: Row) -> bool:
    said = row["CONV_STAT_DESCR"]
    return said in ("FELONY ", "felony", "UNKNOWN") or (said == "" and row["OFFENSE_TOC"] not in ("F", "M", "I"))


def is_look_alike(row: Row) -> bool:
    text = section(row)
    return bool(re.match(r"(11357\.5|11361|11362|11532|911360)|11358 ?PC", text))


# Each function reads one row and knows nothing of the generator except the words in the file.
BY_ROW: dict[str, Callable[[Row], object]] = {
    "missing_date": lambda row: convicted(row) and not is_date(row["STP_EVENT_DATE"]),
    "look_alike": lambda row: convicted(row) and is_look_alike(row),
    "two_sections": lambda row: convicted(row) and re.match(f"({SECTIONS})/({SECTIONS})", section(row)),
    "attempt_lost": lambda row: convicted(row) and re.match(f"664-({SECTIONS})", charge(row)),
    "attempt_ignored": lambda row: convicted(row) and re.match(f"664/({SECTIONS})", charge(row)),
    "conspiracy": lambda row: convicted(row) and re.match(f"182.*({SECTIONS})", section(row)),
    "level_unknown": lambda row: convicted(row) and has_no_level(row),
    "strike_list": lambda row: convicted(row) and section(row) in STRIKE_TEXTS,
    "registration_prefix": lambda row: row["STP_TYPE_DESCR"] == "REGISTRATION" and charge(row).startswith("2900.5"),
    "sentence_overflow": lambda row: int(row["SENT_LENGTH"] or 0) * {"Y": 366}.get(row["SENT_TIME_CODE"], 1) > 106_751,
    "arrest_step": lambda row: row["STP_TYPE_DESCR"].startswith("ARREST") and row["DISP_DESCR"].startswith("CONVICTED"),
    "deceased_spelling": lambda row: re.fullmatch(" ?deceased ?", row["STP_TYPE_DESCR"], re.I) and not is_plain(row),
    "charged_not_convicted": lambda row: convicted(row) and other_conviction(row),
    "county_spelling": lambda row: row["STP_ORI_CNTY_NAME"] not in ("", row["STP_ORI_CNTY_NAME"].strip().upper()),
}  # fmt: skip
STRIKE_TEXTS = ("237 PC", "537 PC", "187PC", "187(A) PC", "191.5(A) PC", "207(A) PC", "209(B)(1) PC", "664-187 PC")


def other_conviction(row: Row) -> bool:
    texts = {row["DISP_OFFENSE_DESCR"], row["CONV_OFFENSE_DESCR"]} - {""}
    return bool(texts) and texts != {row["OFFENSE_DESCR"]}


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    folder = tmp_path_factory.mktemp("defects")
    write_extracts(folder, SCALE, SEED, lambda _: None)
    return Extract(folder)


def test_the_truth_names_every_defect(extract):
    assert [name for name in extract.truth["defects"] if name != "meaning"] == list(NAMES)


@pytest.mark.parametrize("name", BY_ROW)
def test_the_file_holds_what_was_planted(extract, name):
    found = extract.found(BY_ROW[name])
    assert found == extract.said(name)
    assert found["rows"] > 0


def test_people_without_a_birth_date(extract):
    births: dict[str, list[bool]] = {}
    for row in extract.rows:
        births.setdefault(row["SUBJECT_ID"], []).append(is_date(row["PRI_DOB"]))
    missing = {subject for subject, dates in births.items() if not any(dates)}
    said = extract.said("birth_date_missing")
    assert extract.found(lambda row: row["SUBJECT_ID"] in missing) == said
    assert said["people"] == len(missing) > 0


def test_parts_of_a_sentence_behind_another_conviction(extract):
    """Find a row of a count that comes after a row of another count, although its own rows had begun before."""
    seen: set[tuple[str, str]] = set()
    previous, apart = ("", ""), 0
    for row in extract.rows:
        key = (row["SUBJECT_ID"], row["CNT_ORDER"])
        apart += key in seen and key != previous
        seen.add(key)
        previous = key
    assert apart > 0
    counts = {
        (row["subject_id"], row["cnt_order"]) for row in extract.planted if row["defect"] == "sentence_misassigned"
    }
    assert apart == len(counts) == extract.said("sentence_misassigned")["convictions"]


def test_registrations_and_gang_pairs_after_a_cannabis_conviction(extract):
    first: dict[str, str] = {}
    gangs: dict[tuple[str, str], set[str]] = {}
    for row in extract.rows:
        here = row["STP_ORI_CNTY_NAME"].strip().upper() in ("LOS ANGELES", "")
        if convicted(row) and here and is_cannabis(row) and is_date(row["STP_EVENT_DATE"]):
            first[row["SUBJECT_ID"]] = min(first.get(row["SUBJECT_ID"], "9"), row["STP_EVENT_DATE"])
        if convicted(row):
            gangs.setdefault((row["SUBJECT_ID"], row["CNT_ORDER"][:6]), set()).add(section(row))
    numbers = {int(row["row_no"]) for row in extract.planted if row["defect"] == "undated_disqualifier"}
    sure = set()
    for number, row in enumerate(extract.rows, start=1):
        registered = row["STP_TYPE_DESCR"] == "REGISTRATION" and re.match("290[^0-9]", charge(row))
        steps = gangs.get((row["SUBJECT_ID"], row["CNT_ORDER"][:6]), set())
        gang = convicted(row) and "186.22(B)(4) PC" in steps
        if (registered or gang) and is_date(row["STP_EVENT_DATE"]):
            assert (number in numbers) == (first.get(row["SUBJECT_ID"], "9") <= row["STP_EVENT_DATE"]) or registered
            if first.get(row["SUBJECT_ID"], "9") <= row["STP_EVENT_DATE"]:
                sure.add(number)
    assert sure <= numbers
    # The other rows have no date, or are beside a conviction without a date.
    assert len(numbers - sure) <= 0.2 * len(numbers)


def is_cannabis(row: Row) -> bool:
    text = section(row).upper()
    return bool(re.match(rf"(HS )?({SECTIONS}|11530|11531)(?![0-9])(?!\.5 ?HS$|\.5\()", text)) and "PC" not in text


def test_the_row_level_list_points_at_the_rows(extract):
    assert len(extract.planted) == extract.truth["rows"]["SYNTHETIC_truth_defects.csv"]
    for row in extract.planted:
        line = extract.rows[int(row["row_no"]) - 1]
        assert (line["SUBJECT_ID"], line["CNT_ORDER"]) == (row["subject_id"], row["cnt_order"])
    listed: dict[str, int] = {}
    for row in extract.planted:
        listed[row["defect"]] = listed.get(row["defect"], 0) + 1
    assert {name: listed.get(name, 0) for name in NAMES} == {name: extract.said(name)["rows"] for name in NAMES}


def test_defects_are_rare(extract):
    """No defect affects more than one row in a hundred, and all together affect less than one in twenty."""
    assert all(extract.said(name)["rows"] < 0.01 * len(extract.rows) for name in NAMES)
    assert len({row["row_no"] for row in extract.planted}) < 0.05 * len(extract.rows)


def test_other_oddities(extract):
    said = extract.truth["other_oddities"]
    found = {
        "county blank": extract.found(lambda row: row["STP_ORI_CNTY_NAME"] == ""),
        "no charge": extract.found(lambda row: convicted(row) and charge(row) in ("", "NULL")),
        "attempt or conspiracy by qualifier": extract.found(
            lambda row: convicted(row) and row["OFFENSE_QUAL_LST"] in ("BI", "EB")
        ),
        "unit not day, month or year": extract.found(lambda row: row["SENT_TIME_CODE"] not in ("", "D", "M", "Y")),
    }
    assert found == said
    assert all(fact["rows"] > 0 for fact in said.values())


def test_another_offense_was_convicted_only_where_no_figure_rests_on_it(extract):
    """In this county, charge and conviction are both cannabis or both not, and such a cannabis count has no order."""
    ordered = set()
    for row in extract.rows:
        if not (convicted(row) and other_conviction(row)):
            continue
        text = row["CONV_OFFENSE_DESCR"] or row["DISP_OFFENSE_DESCR"]
        both = is_cannabis(row) == bool(re.match(f"({SECTIONS})[^0-9.]", text))
        assert both or row["STP_ORI_CNTY_NAME"].strip().upper() != "LOS ANGELES"
        if is_cannabis(row):
            ordered.add((row["SUBJECT_ID"], row["CNT_ORDER"]))
    assert ordered
    assert extract.truth["qualifying_never_ordered"]["convicted_of_lesser"]["convictions"] > 0
