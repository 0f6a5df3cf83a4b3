"""Invented histories: offenses in force on their day, spellings, proportions, and one person written several ways."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from synthetic import write_extracts
from synthetic.tables import DATA

SCALE, SEED = 0.05, 5
Row = dict[str, str]

# Spellings that occurred, look-alikes, and sections from before 1973, each as the text before a literal.
SEEN = (
    "11357(B)HS", "11357BHS", "11357(B)2HS", "11357A HS", "11357B2 HS", "11360(A) HS", "11360A3DHS", "664/11357(c) HS",
    "664-11359 HS", "182(A)(1)/11360(A) PC", "11359HS", "HS 11358", "11360/11357 HS", "11357.5 HS", "11361(A) HS",
    "11362.3(A)(4) HS", "11532 HS", "11358 PC", "911360 HS", "11530 HS", "11530.5 HS", "11531 HS", "11357HS",
    "11359HS POSS MARIJUANA FOR SALE",
)  # fmt: skip


@pytest.fixture(scope="module", params=[SEED, SEED + 1])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("histories")
    write_extracts(out, SCALE, request.param, lambda _: None)
    return out


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    with (folder / "SYNTHETIC_ca_doj.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((folder / "SYNTHETIC_truth.json").read_text())
    return facts


def table(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def charge(row: Row) -> str:
    text = row["OFFENSE_DESCR"]
    return row["COMMENT_TEXT"] if text in ("", "NULL", "SEE COMMENT FOR CHARGE") else text


def is_convicted(row: Row) -> bool:
    return row["STP_TYPE_DESCR"] == "COURT ACTION" and row["DISP_DESCR"].startswith("CONVICTED")


def plain(text: str) -> str:
    return re.sub("[() -]", "", text).upper()


def test_every_spelling_seen_occurs_as_a_conviction(rows):
    written = {re.split(r"-(?=[A-Z]{2})", row["OFFENSE_DESCR"], maxsplit=1)[0] for row in rows if is_convicted(row)}
    assert [text for text in SEEN if text not in written] == []
    described = {row["OFFENSE_DESCR"] for row in rows}
    assert "11360(A) HS-GIVE/ETC MARIJ OVER 1 OZ" in described
    assert {"", "SEE COMMENT FOR CHARGE"} <= described
    assert any(re.match("1135|11360", row["COMMENT_TEXT"]) and row["OFFENSE_DESCR"] not in SEE for row in rows)


SEE = ("", "SEE COMMENT FOR CHARGE")


def test_no_offense_is_charged_before_it_is_enacted_or_after_it_is_repealed(rows):
    """Checked by code, text and level against dates in the reference tables; the arrest date is the offense date."""
    law: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in [*table("cannabis_offenses"), *table("other_offenses")]:
        for way in (row["statute"] + row["code_type"], row["code_type"] + row["statute"]):
            for text in (way, way + row["literal"]):
                dates = (row["enacted"] or "18720101", row["repealed"] or "99999999")
                law.setdefault((row["cjis_code"], plain(text)), []).append(dates)
    checked = 0
    for row in rows:
        if row["STP_TYPE_DESCR"] not in ("COURT ACTION", "ARREST/DETAINED/CITED") or charge(row) in ("", "NULL"):
            continue
        periods = law[(row["OFFENSE_CODE"], plain(charge(row)))]
        assert any(first <= row["CYC_DATE"] <= last for first, last in periods), (charge(row), row["CYC_DATE"])
        checked += 1
    assert checked > 0.9 * len(rows)


def test_cannabis_law_by_period(rows):
    for row in rows:
        if row["STP_TYPE_DESCR"] != "COURT ACTION":
            continue
        text, day, level = plain(charge(row)), row["CYC_DATE"], row["OFFENSE_TOC"]
        if re.match(r"(HS)?1153[01]", text):
            assert day < "19730101"
        if re.match(r"(HS)?(11357|11358|11359|11360)(?![.]5)", text) and "PC" not in text:
            assert day >= "19730101"
            assert level != "M" or day >= "19760101"
            assert level != "I" or day >= "20110101"
            if re.match(r"(HS)?11357B", text):
                # This letter is a misdemeanor to 2010 and an infraction to 2016-11-08; then it means another offense.
                assert ("OVER28.5" in text) == (day >= "20161109") or "MARIJ" not in text
                assert (
                    level in ({"M"} if day < "20110101" else {"I"} if day < "20161109" else {"M", "I"}) or level == "X"
                )
            if re.match(r"(HS)?(11358|11359)[ABCD]", text) or "11360A3D" in text:
                assert day >= "20161109"
        if "SYNTHETICCANNABINOID" in text:
            assert day >= "20130101"


def test_histories_are_as_wide_as_they_are_said_to_be(rows):
    """Shares in the file: other counties, other offenses, levels, results of the charges, and steps."""
    court = [row for row in rows if row["STP_TYPE_DESCR"] == "COURT ACTION"]
    away = sum(row["STP_ORI_CNTY_NAME"].strip().upper() not in ("LOS ANGELES", "") for row in court) / len(court)
    assert 0.08 < away < 0.18
    assert len({row["STP_ORI_CNTY_NAME"] for row in rows}) > 30
    others = [row for row in court if not re.search("1135[789]|1136[012]|1153[012]", charge(row))]
    assert 0.35 < len(others) / len(court) < 0.6
    assert len({row["OFFENSE_CODE"] for row in others}) > 300
    sections = Counter(charge(row).partition("-")[0] for row in others)
    assert max(sections.values()) < 0.15 * len(others)
    dismissed = sum(row["DISP_DESCR"].startswith(("DISMISSED", "ACQUITTED")) for row in court) / len(court)
    assert 0.08 < dismissed < 0.25
    kinds = Counter(row["STP_TYPE_DESCR"].strip().upper() for row in rows)
    assert set(kinds) == {
        "ARREST/DETAINED/CITED", "COURT ACTION", "REGISTRATION", "APPLICANT", "DECEASED", "CUSTODY", "SUPERVISION",
    }  # fmt: skip
    assert min(kinds.values()) > 100
    units = Counter(row["SENT_TIME_CODE"] for row in rows)
    assert min(units["D"], units["M"], units["Y"]) > 1_000


def test_strikes_registrable_offenses_and_gang_pairs(rows):
    convictions = [row for row in rows if is_convicted(row)]
    texts = Counter(charge(row).partition("-")[0] for row in convictions)
    for text in ("187(A) PC", "261(A)(2) PC", "288(A) PC", "186.22(B)(4) PC"):
        assert texts[text] > 0, text
    registered = {
        row["SUBJECT_ID"] for row in rows if row["STP_TYPE_DESCR"] == "REGISTRATION" and charge(row).startswith("290(")
    }
    convicted = {row["SUBJECT_ID"] for row in convictions if re.match(r"(261|288)\(", charge(row))}
    assert len(registered & convicted) > 0.5 * len(convicted)
    pairs = {(row["SUBJECT_ID"], row["CNT_ORDER"][:6]) for row in convictions if charge(row).startswith("186.22(B)(4)")}
    for pair in pairs:
        beside = {
            charge(row).partition("-")[0] for row in convictions if (row["SUBJECT_ID"], row["CNT_ORDER"][:6]) == pair
        }
        assert beside & {"246 PC", "215 PC", "213(A)(1)(A) PC"}


def test_one_count_keeps_its_text_over_all_its_rows(rows):
    texts: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    names = (
        "OFFENSE_CODE",
        "OFFENSE_DESCR",
        "OFFENSE_TOC",
        "CONV_OFFENSE_DESCR",
        "DISP_OFFENSE_DESCR",
        "STP_EVENT_DATE",
    )
    for row in rows:
        texts.setdefault((row["SUBJECT_ID"], row["CNT_ORDER"]), set()).add(tuple(row[name] for name in names))
    assert {len(found) for found in texts.values()} == {1}
    repeated = Counter((row["SUBJECT_ID"], row["CNT_ORDER"]) for row in rows)
    assert max(repeated.values()) == 3


def test_people_are_written_differently_in_some_of_their_cycles(rows, truth):
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["SUBJECT_ID"], []).append(row)
    several = {subject: found for subject, found in people.items() if len({row["CYC_ORDER"] for row in found}) > 1}
    named = sum(len({row["PRI_NAME"] for row in found}) > 1 for found in several.values())
    born = sum(len({row["PRI_DOB"] for row in found if row["PRI_DOB"]}) > 1 for found in several.values())
    assert 0.03 < named / len(several) < 0.15
    assert 0.003 < born / len(several) < 0.05
    requested = sum(found[0]["REQ_NAME"] != found[0]["PRI_NAME"] for found in people.values()) / len(people)
    assert 0.02 < requested < 0.08
    for found in people.values():
        assert len({(row["CII_NUMBER"], row["REQ_NAME"], row["GENDER"]) for row in found}) == 1
        by_cycle = {
            (row["CYC_ORDER"], row["PRI_NAME"], row["PRI_DOB"], row["PRI_CDL"], row["PRI_SSN"]) for row in found
        }
        assert len(by_cycle) == len({row["CYC_ORDER"] for row in found})
    said = truth["identity_variants"]
    assert set(said) == {
        "alias", "other_surname", "middle_left_out", "other_middle", "hyphenated", "letters_transposed",
        "birth_date_transposed", "birth_year_off", "birth_date_blank", "no_driver_license",
        "no_social_security_number",
    }  # fmt: skip
    assert named <= sum(said[name]["people"] for name in list(said) if "birth" not in name and "no_" not in name)


def test_the_first_birth_date_in_file_order_is_the_persons(rows, folder):
    """No first cycle has a wrong birth date, so the first valid birth date is the one that the court has."""
    with (folder / "SYNTHETIC_truth_pairs.csv").open(newline="") as file:
        right = {pair["court_row_no"] for pair in csv.DictReader(file) if "birth" not in pair["causes"]}
    with (folder / "SYNTHETIC_la_court_cases.csv").open(newline="") as file:
        court = {
            case["cii_number"]: case["birth_date"].replace("-", "")
            for number, case in enumerate(csv.DictReader(file), start=1)
            if str(number) in right and case["cii_number"]
        }
    people: dict[str, list[str]] = {}
    known: dict[str, str] = {}
    for row in rows:
        known[row["SUBJECT_ID"]] = court.get(row["CII_NUMBER"], "")
        if re.fullmatch("[0-9]{8}", row["PRI_DOB"]) and not row["PRI_DOB"].endswith("00"):
            people.setdefault(row["SUBJECT_ID"], []).append(row["PRI_DOB"])
    differing = {subject: dates for subject, dates in people.items() if len(set(dates)) > 1}
    assert all(is_variant(dates[0], other) for dates in differing.values() for other in set(dates) - {dates[0]})
    told = [(known[subject], dates) for subject, dates in differing.items() if known[subject] in dates]
    assert len(told) > 3
    assert all(true == dates[0] for true, dates in told)


def is_variant(true: str, shown: str) -> bool:
    """Whether day and month are swapped, or the year is off by one (for a leap day, with another day)."""
    transposed = true[:4] + true[6:] + true[4:6] == shown
    neighbour = abs(int(true[:4]) - int(shown[:4])) == 1 and (true[4:] == shown[4:] or true[4:] == "0229")
    return transposed or neighbour
