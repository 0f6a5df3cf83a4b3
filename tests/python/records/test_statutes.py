"""Charges as agencies write them, on dates in every period: each has its meaning, or a reason in the audit."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from relief.building.build import build
from relief.home import Home
from relief.landing import land
from relief.landing.layout import load_source
from tests.python.support import doj_file
from tests.python.support.doj_file import row
from tests.python.support.house import seed_rows
from tests.python.support.warehouse import FIXTURES, quiet, read_csv

STRINGS = FIXTURES / "charge_strings"
LAPD = [line["Charge"] for line in read_csv(STRINGS / "lapd_marijuana_charge_strings.csv")]
SACRAMENTO = [line["charge"] for line in read_csv(STRINGS / "sacramento_pd_2006_cannabis_charge_strings.csv")]
CODES = read_csv(STRINGS / "doj_cannabis_offense_codes.csv")
# The first and last day of each period in which a letter has one meaning, and an unknown day.
DAYS = ("", "19720630", "19741231", "19751231", "19760101", "20101231", "20110101", "20161108", "20161109", "20200105")
RELIEF = {"11357", "11358", "11359", "11360", "11530", "11530.1", "11530.5", "11531"}
LOOK_ALIKES = ("11357.5 HS", "11357.5AHS", "11361(A)HS", "11361 HS", "11362.3A1HS", "11362.77(A) HS", "11362.1 HS",
               "11532HS", "11358 PC", "11359 VC", "911360", "23222(B)VC", "113579 HS", "34014(A) BP")  # fmt: skip
# Section, letter and paragraph of one charge, written in many ways.
SPELLINGS = {
    "11357(B)HS": ("11357", "B", None),
    " 11357 ( b ) h & s ": ("11357", "B", None),
    "11357BH&S": ("11357", "B", None),
    "11357 B": ("11357", "B", None),
    "H&S 11357B": ("11357", "B", None),
    "HS11357(B)": ("11357", "B", None),
    "11357-B HS": ("11357", "B", None),
    "11357-(B) HS": ("11357", "B", None),
    "11357.B HS": ("11357", "B", None),
    "11357(B)(2) HS": ("11357", "B", "2"),
    "11357 (B) (2) HS": ("11357", "B", "2"),
    "11357B2HS": ("11357", "B", "2"),
    "11357(B)2HS": ("11357", "B", "2"),
    "11357(B) 28.5 GRAMS": ("11357", "B", None),
    "11357(B)28.5 GRAMS": ("11357", "B", None),
    "11360A3DHS": ("11360", "A", "3"),
    "11360(A)(3)(D) HS-SALE": ("11360", "A", "3"),
    "11360(A)HS SALE/TRANSP MARIJ": ("11360", "A", None),
    "11357 CULTIVATE": ("11357", None, None),
    "11359 HS-BIG BAG": ("11359", None, None),
    "11359": ("11359", None, None),
    "11358hs": ("11358", None, None),
    "664/11357(C) HS": ("11357", "C", None),
    "664-11357(C) HS": ("11357", "C", None),
    "182(A)(1)/11360(A) PC": ("11360", "A", None),
    "11530.5 HS": ("11530.5", None, None),
    "11530.1HS": ("11530.1", None, None),
    "11531 HS-SELL": ("11531", None, None),
}
TWO = ("11357(A)/(B) HS", "11357A/B HS", "11357(A)/11357(C) HS", "11357(A),(C) HS", "11357/11359 HS", "11357A/11360 HS")


class Case(NamedTuple):
    """One conviction: charge text, offense code and arrest date as in the file; an empty date means none."""

    text: str
    code: str = ""
    day: str = ""


class Answer(NamedTuple):
    status: str
    reason: str | None
    section: str | None
    subdivision: str | None
    paragraph: str | None
    statute: str | None
    levels: str | None
    is_relief: bool | None
    date_source: str


def code_text(line: dict[str, str]) -> str:
    return f"{line['statute']} {line['code_type']}-{line['literal']}"


CASES = sorted(
    {Case(text, "", day) for text in (*LAPD, *SACRAMENTO, *SPELLINGS, *LOOK_ALIKES, *TWO) for day in DAYS}
    | {
        Case(code_text(line), code, day)
        for line in CODES
        for code in ("", line["cjis_code"])
        for day in ("", line["enacted"], "20050615", "20180615")
    }
    | {Case("", line["cjis_code"], day) for line in CODES for day in ("", "20050615", "20180615")}
    | {Case("", "", "20050615"), Case("MARIJUANA", "", "20050615"), Case("11357(B) HS", "99999", "20050615")}
)


def conviction(number: int, case: Case) -> list[dict[str, str]]:
    """An arrest and its conviction in 2020; a date that is wrongly taken from the conviction would be noticed."""
    arrest = row(str(number), stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", stp_event_date=case.day)
    convicted = row(
        str(number), number=2, stp_event_date="20200610", offense_descr=case.text, offense_code=case.code,
        offense_toc="", conv_stat_descr="",
    )  # fmt: skip
    return [arrest, convicted]


SPECIAL = [
    # two arrests in one period, two in different periods, one without a date; and a cycle without an arrest
    *(row("two", n, stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", stp_event_date=day)
      for n, day in ((3, "20120101"), (4, "20140101"))),
    row("two", 1, stp_event_date="20200610", offense_descr="11357(B) HS"),
    *(row("across", n, stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", stp_event_date=day)
      for n, day in ((3, "20120101"), (4, "20170101"))),
    row("across", 1, stp_event_date="20200610", offense_descr="11357(B) HS"),
    *(row("undated", n, stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", stp_event_date=day)
      for n, day in ((3, "20120101"), (4, "20120000"))),
    row("undated", 1, stp_event_date="20200610", offense_descr="11357(B) HS"),
    row("cycle", 1, stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", stp_event_date="20120101"),
    row("cycle", 1, cycle=102, stp_event_date="20200610", offense_descr="11357(B) HS"),
    # charged with one offense and convicted of another with its own code, and an attempt in the convicted qualifiers
    row("convicted", 3, stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", stp_event_date="20120101"),
    row("convicted", 1, stp_event_date="20200610", offense_descr="11359 HS", offense_code="35127",
        conv_offense_descr="11357(C) HS", conv_offense_code="35180", conv_offense_qual_lst="BI"),
]  # fmt: skip


COURT_CASES = [
    {"case_number": "BA900001", "defendant_number": "01", "cii_number": "A90000001"},
    {"case_number": "BA900002", "defendant_number": "01", "cii_number": "A90000002"},
]
COURT_COUNTS = [
    # The same conviction as the DOJ's, whose arrest has another date; one that only the court has; one without a date
    {"case_number": "BA900001", "count_number": "01", "charged_statute": "11359 HS", "convicted_statute": "11357(B) HS",
     "offense_date": "2010-12-31"},
    {"case_number": "BA900002", "count_number": "01", "charged_statute": "11357(C) HS",
     "convicted_statute": "11357(B) HS", "offense_date": "2011-01-01"},
    {"case_number": "BA900002", "count_number": "02", "charged_statute": "", "convicted_statute": "11357(B) HS",
     "offense_date": "2011-01-00"},
]  # fmt: skip
LINKED = [
    row("linked", 3, cii_number="A90000001", stp_type_descr="ARREST/DETAINED/CITED", disp_descr="", ofn="",
        stp_event_date="20170101"),
    row("linked", 1, cii_number="A90000001", stp_event_date="20200610", offense_descr="11357(A) HS", ofn="BA900001"),
]  # fmt: skip


def court_file(path: Path, table: int, rows: list[dict[str, str]]) -> Path:
    layout = load_source("la_court").tables[table]
    common = {"defendant_number": "01", "disposition": "CONVICTED", "disposition_date": "2020-06-10", "level": "FELONY"}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(layout.columns), restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**common, **line} for line in rows)
    return path


@pytest.fixture(scope="module")
def classified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("statutes")
    home = Home(folder / "home")
    rows = [line for number, case in enumerate(CASES) for line in conviction(number, case)]
    day = date(2020, 7, 1)
    land(home, "ca_doj", [doj_file.write(folder / "charges.csv", [*rows, *SPECIAL, *LINKED])], day, None, quiet)
    court = [court_file(folder / "cases.csv", 0, COURT_CASES), court_file(folder / "counts.csv", 1, COURT_COUNTS)]
    land(home, "la_court", court, day, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=day, report=quiet)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        connection.execute("set search_path = 'intermediate,marts,quality,staging,raw,reference'")
        yield connection


@pytest.fixture(scope="module")
def answers(classified: duckdb.DuckDBPyConnection) -> dict[Case, Answer]:
    found = dict(
        (int(subject_id), Answer(*answer))
        for subject_id, *answer in classified.execute(
            "select subject_id, meaning_status, reason, classified.section, classified.subdivision, paragraph, "
            "statute_id, levels, is_cannabis_relief_section, offense_date_source "
            "from int_offenses__classified as classified "
            "join int_convictions__criminal_history on conviction_key = doj_conviction_key "
            "where regexp_full_match(subject_id, '[0-9]+')"
        ).fetchall()
    )
    return {case: found[number] for number, case in enumerate(CASES)}


def test_every_case_is_classified_once_and_dated_by_its_arrest(answers: dict[Case, Answer]) -> None:
    assert len(answers) == len(CASES)
    assert {case for case, answer in answers.items() if (answer.date_source == "unknown") != (case.day == "")} == set()


def test_each_charge_has_a_meaning_or_stands_in_the_audit(
    classified: duckdb.DuckDBPyConnection, answers: dict[Case, Answer]
) -> None:
    audited = set(
        classified.execute(
            "select trim(charge_text), reason from audit_unmapped_charges "
            "union all select trim(charge_text), 'not_a_cannabis_section' from audit_look_alike_charges"
        ).fetchall()
    )
    lost = {
        case
        for case, answer in answers.items()
        if answer.status == "cannot_tell" and (case.text.strip(), answer.reason) not in audited
    }
    assert lost == set()
    assert {answer.statute is None for answer in answers.values() if answer.status == "resolved"} == {False}
    known = {
        line["finding"] for line in seed_rows("reference/quality_findings.csv") if line["audit"].endswith("charges")
    }
    assert {a.reason for a in answers.values() if a.status == "cannot_tell"} <= known


def test_all_of_the_agencies_and_the_codes_are_tried(answers: dict[Case, Answer]) -> None:
    assert (len(LAPD), len(SACRAMENTO), len(CODES)) == (48, 8, 138)
    asked = {case.text for case in answers}
    assert {*LAPD, *SACRAMENTO, *map(code_text, CODES)} <= asked


def test_no_look_alike_is_a_cannabis_relief_section(answers: dict[Case, Answer]) -> None:
    for case, answer in answers.items():
        number = re.match(r"[ HS&]*([0-9.]+)", case.text.upper())
        if case.text in LOOK_ALIKES or (number and case.text not in SPELLINGS and number[1] not in RELIEF):
            assert answer.is_relief is False, case
            assert answer.section not in RELIEF, case


def test_every_code_of_the_table_names_its_section(answers: dict[Case, Answer]) -> None:
    written = {line["cjis_code"]: line for line in CODES}  # newest edition first; a code's editions share one section
    for case, answer in answers.items():
        if not case.code or case.code == "99999":
            continue
        line = written[case.code]
        section = re.match(r"[0-9.]*", line["statute"])
        if line["code_type"] == "HS" and section is not None:
            assert answer.section == section[0], case
            assert answer.is_relief is (section[0] in RELIEF), case
        else:
            assert answer.section is None, case
            assert answer.is_relief in (False, None), case


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings(answers: dict[Case, Answer], text: str) -> None:
    for day in DAYS:
        answer = answers[Case(text, "", day)]
        section, letter, paragraph = SPELLINGS[text]
        assert answer.section == section
        assert answer.is_relief is True
        if answer.status == "cannot_tell":
            assert (answer.subdivision, answer.paragraph) == (letter, paragraph)
        else:
            assert letter in (None, answer.subdivision)


@pytest.mark.parametrize("text", TWO)
def test_two_sections_or_letters_are_never_one(answers: dict[Case, Answer], text: str) -> None:
    found = {answers[Case(text, "", day)][:2] for day in DAYS}
    assert found in ({("cannot_tell", "charge_two_sections")}, {("cannot_tell", "charge_two_subdivisions")})


@pytest.mark.parametrize(
    ("text", "day", "levels"),
    [
        ("11357(B)HS", "19751231", "meaning_not_on_that_date"),
        ("11357(B)HS", "19760101", "M"),
        ("11357(B)HS", "20101231", "M"),
        ("11357(B)HS", "20110101", "I"),
        ("11357(B)HS", "20161108", "I"),
        ("11357(B)HS", "20161109", "I;M"),
        ("11357(B)HS", "", "meaning_date_unknown"),
        ("11357(B)2HS", "20161108", "meaning_not_on_that_date"),
        ("11357(B)2HS", "20161109", "M"),
        ("11357(A)HS", "20161108", "M;F"),
        ("11357(A)HS", "20161109", "I"),
        ("11357(C)HS", "20161108", "M"),
        ("11357(D)HS", "20161108", "M"),
        ("11357(E)HS", "20161108", "M"),
        ("11357(E)HS", "20161109", "meaning_not_on_that_date"),
        ("11357HS", "20101231", "meaning_no_subdivision"),
        ("11357HS", "19741231", "M;F"),
        ("11357HS", "19720630", "meaning_not_on_that_date"),
        ("11358HS", "20161108", "F"),
        ("11358HS", "20161109", "meaning_no_subdivision"),
        ("11358(C)HS", "20161108", "meaning_not_on_that_date"),
        ("11358(C)HS", "20161109", "M"),
        ("11359HS", "20161108", "F"),
        ("11359HS", "", "meaning_date_unknown"),
        ("11360(A)HS", "20161108", "F"),
        ("11360(A)HS", "20161109", "I;M;F"),
        ("11360A3DHS", "20161109", "F"),
        ("11360(B)HS", "20161108", "M"),
        ("11360(B)HS", "20161109", "I"),
        ("11531 HS-SELL", "19720630", "F"),
        ("11531 HS-SELL", "19741231", "meaning_not_on_that_date"),
    ],
)
def test_what_a_letter_means_on_a_day(answers: dict[Case, Answer], text: str, day: str, levels: str) -> None:
    answer = answers[Case(text, "", day)]
    assert levels == (answer.levels if answer.status == "resolved" else answer.reason)


@pytest.mark.parametrize(
    ("code", "statute"),
    [
        ("35179", "11357(a) from 1976-01-01"),
        ("35429", "11357(a) from 2016-11-09"),
        ("35180", "11357(c) from 1976-01-01"),
        ("35432", "11357(c) from 2016-11-09"),
        ("35215", "11360(a) from 1973-10-01"),
        ("35375", None),
    ],
)
def test_a_code_speaks_of_the_law_of_its_own_days(answers: dict[Case, Answer], code: str, statute: str | None) -> None:
    assert answers[Case("", code, "")].statute == statute
    for text in {code_text(line) for line in CODES if line["cjis_code"] == code}:
        assert answers[Case(text, code, "")].statute == statute


def test_dates_of_arrests(classified: duckdb.DuckDBPyConnection) -> None:
    found = classified.execute(
        "select subject_id, classified.offense_date_source, reason, levels "
        "from int_offenses__classified as classified "
        "join int_convictions__criminal_history on conviction_key = doj_conviction_key "
        "where subject_id in ('two', 'across', 'undated', 'cycle') order by subject_id"
    ).fetchall()
    assert found == [
        ("across", "arrest_dates", "meaning_date_unknown", "I;M"),
        ("cycle", "unknown", "meaning_date_unknown", "I;M"),
        ("two", "arrest_dates", None, "I"),
        ("undated", "unknown", "meaning_date_unknown", "I;M"),
    ]


def test_the_convicted_offense_comes_first(classified: duckdb.DuckDBPyConnection) -> None:
    found = classified.execute(
        "select offense_read, offense_text, charged_text, charged_convicted_difference, statute_id, resolved_by, "
        "is_attempt from int_offenses__classified "
        "where charged_text <> offense_text and offense_read = 'doj_convicted'"
    ).fetchall()
    assert found == [
        ("doj_convicted", "11357(C) HS", "11359 HS", "different_section", "11357(c) from 1976-01-01", "text_and_code",
         True)
    ]  # fmt: skip


def test_the_court_tells_the_day_and_the_convicted_offense(classified: duckdb.DuckDBPyConnection) -> None:
    found = classified.execute(
        "select source, offense_read, offense_text, charged_text, charged_convicted_difference, offense_date_source, "
        "cast(offense_date as varchar), coalesce(reason, levels) from int_offenses__classified "
        "join int_identity__convictions using (conviction_key) where court_conviction_key is not null order by all"
    ).fetchall()
    letters, unknown = ("11357(C) HS", "different_subdivision"), (None, "cannot_tell")
    assert found == [
        ("both", "court_convicted", "11357(B) HS", "11357(A) HS", letters[1], "offense_date", "2010-12-31", "M"),
        ("la_court", "court_convicted", "11357(B) HS", *letters, "offense_date", "2011-01-01", "I"),
        ("la_court", "court_convicted", "11357(B) HS", *unknown, "unknown", None, "meaning_date_unknown"),
    ]


def test_the_audit_counts_each_conviction_of_a_reason_once(classified: duckdb.DuckDBPyConnection) -> None:
    counted = dict(classified.execute("select finding, findings from audit_counts").fetchall())
    wanted = classified.execute(
        "select reason, count(*) from int_offenses__classified "
        "where reason like 'meaning%' or reason = 'charge_two_subdivisions' group by all"
    ).fetchall()
    assert len(wanted) == 5
    assert {reason: counted[reason] for reason, _ in wanted} == dict(wanted)
