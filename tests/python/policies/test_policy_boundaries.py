"""Boundary dates, spellings and missing facts under the published LA pilot rules, from file to exported answer.

Each case is one person in a file made for the test. The conviction asked about is the person's last row.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from relief.building.build import build
from relief.home import Home
from relief.landing import land
from tests.python.support.doj_file import row, write
from tests.python.support.warehouse import determinations, quiet

DISMISSAL = "Eligible for Dismissal"
REVIEW = "Hand Review"
NOT_ELIGIBLE = "Not eligible"
CITY = "To be reviewed by City Attorneys"
CITY_REVIEW = (CITY, "Misdemeanor or Infraction")
OTHERWISE = (REVIEW, "No applicable eligibility criteria")
FREE = (DISMISSAL, "No convictions in past 10 years")
ONLY = (DISMISSAL, "Only has 11357-60 charges and completed sentence")

# Another recent conviction keeps the later rules from dismissing, so that the rule under test decides.
THEFT = {"offense_descr": "484 PC-THEFT", "stp_event_date": "20180301"}


@dataclass(frozen=True)
class Case:
    """The rows of one person and the expected answer; the last row is the conviction asked about."""

    name: str
    rows: list[dict[str, str]]
    determination: str
    reason: str
    cannot_tell: str = ""
    defects: str = ""


def with_theft(**columns: str) -> list[dict[str, str]]:
    person = {name: value for name, value in columns.items() if name == "pri_dob"}
    return [row("x", 9, **THEFT, **person), row("x", 1, **columns)]


def told(name: str, rows: list[dict[str, str]], answer: tuple[str, str], defects: str = "") -> Case:
    return Case(name, rows, *answer, defects=defects)


def untold(name: str, rows: list[dict[str, str]], facts: str, defects: str = "") -> Case:
    return Case(name, rows, REVIEW, f"Cannot tell: {facts}", facts, defects)


CASES = [
    # Rule 1: the level of the conviction
    told("misdemeanor", [row("x", conv_stat_descr="MISDEMEANOR")], (CITY, "Misdemeanor or Infraction")),
    told("level from the charge when blank", with_theft(conv_stat_descr="", offense_toc="F"), OTHERWISE),
    told(
        "misdemeanor from the charge",
        [row("x", conv_stat_descr="", offense_toc="M")],
        (CITY, "Misdemeanor or Infraction"),
    ),
    untold("level blank and no type", [row("x", conv_stat_descr="", offense_toc="")], "level", "level_unknown"),
    untold("level with a trailing space", [row("x", conv_stat_descr="FELONY ")], "level", "level_unknown"),
    untold("level in lower case", [row("x", conv_stat_descr="felony")], "level", "level_unknown"),
    untold("level UNKNOWN", [row("x", conv_stat_descr="UNKNOWN")], "level", "level_unknown"),
    # Rule 2: the date of Proposition 64
    told("the day before", with_theft(stp_event_date="20161108"), OTHERWISE),
    told("the day itself", with_theft(stp_event_date="20161109"), (NOT_ELIGIBLE, "Occurred after 11/09/2016")),
    untold("no date, old enough", [row("x", stp_event_date="", pri_dob="19500101")], "conviction_date", "missing_date"),
    untold(
        "partial date", [row("x", stp_event_date="20050000", pri_dob="19500101")], "conviction_date", "missing_date"
    ),
    untold(
        "no calendar date", [row("x", stp_event_date="20050231", pri_dob="19500101")], "conviction_date", "missing_date"
    ),
    untold("the text NULL", [row("x", stp_event_date="NULL", pri_dob="19500101")], "conviction_date", "missing_date"),
    told(
        "a date to come",
        [row("x", stp_event_date="20991231")],
        (NOT_ELIGIBLE, "Occurred after 11/09/2016"),
        "impossible_date",
    ),
    # Rule 3: section 11357
    told("11357(A)", with_theft(offense_descr="11357(A) HS-POSSESS"), (DISMISSAL, "11357(a) or 11357(b)")),
    told("11357(B)", with_theft(offense_descr="11357(B)HS-POSSESS"), (DISMISSAL, "11357(a) or 11357(b)")),
    told("11357(C)", with_theft(offense_descr="11357(C) HS-POSSESS"), (REVIEW, "Other 11357")),
    told(
        "11357(a) in lower case is no literal match", with_theft(offense_descr="11357(a) hs"), (REVIEW, "Other 11357")
    ),
    told("11357A HS", with_theft(offense_descr="11357A HS"), (REVIEW, "Other 11357")),
    told(
        "the comment holds the charge",
        with_theft(offense_descr="SEE COMMENT FOR CHARGE", comment_text="11357(B) HS-POSSESS"),
        (DISMISSAL, "11357(a) or 11357(b)"),
    ),
    # The section is unknown
    untold("attempt", with_theft(offense_descr="664/11359 HS-ATTEMPT"), "section", "attempt_ignored"),
    untold("attempt behind a hyphen", with_theft(offense_descr="664-11359 HS"), "section", "attempt_lost"),
    untold("conspiracy", with_theft(offense_descr="182(A)(1)/11360(A) PC-CONSPIRE"), "section", "conspiracy"),
    untold("two sections", with_theft(offense_descr="11360/11357 HS-SELL"), "section", "two_sections"),
    told(
        "an attempted misdemeanor is surely no felony",
        [row("x", offense_descr="664/11359 HS", conv_stat_descr="MISDEMEANOR")],
        (CITY, "Misdemeanor or Infraction"),
    ),
    # Rule 4: super strikes
    told(
        "a strike the day before",
        [row("x", 9, offense_descr="187 PC-MURDER", stp_event_date="20050614"), row("x")],
        (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
    ),
    told(
        "a strike on the same day",
        [row("x", 9, offense_descr="187 PC-MURDER", stp_event_date="20050615"), row("x", 8, **THEFT), row("x")],
        OTHERWISE,
    ),
    told(
        "187(A) is missed by the published list",
        [row("x", 9, offense_descr="187(A) PC-MURDER", stp_event_date="20000101"), row("x", 8, **THEFT), row("x")],
        OTHERWISE,
        "strike_list",
    ),
    told(
        "537 PC matches 37 PC in the published list",
        [row("x", 9, offense_descr="537 PC-DEFRAUD INNKEEPER", stp_event_date="20000101"), row("x")],
        (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
        "strike_list",
    ),
    told(
        "a strike in lower case is no match",
        [row("x", 9, offense_descr="187 pc-murder", stp_event_date="20000101"), row("x", 8, **THEFT), row("x")],
        OTHERWISE,
        "strike_list",
    ),
    told(
        "a strike that was dismissed",
        [row("x", 9, offense_descr="187 PC-MURDER", stp_event_date="20000101", disp_descr="DISMISSED"), row("x")],
        ONLY,
    ),
    told(
        "a strike of another county",
        [row("x", 9, offense_descr="187 PC-M", stp_event_date="20000101", stp_ori_cnty_name="KERN"), row("x")],
        (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
    ),
    untold(
        "a strike without a date",
        [row("x", 9, offense_descr="187 PC-MURDER", stp_event_date=""), row("x")],
        "conviction_date;sentence_end;strike_date",
        "missing_date",
    ),
    told(
        "a gang pair in one step, before",
        [
            row("x", 8, offense_descr="136.1 PC-DISSUADE", stp_event_date="20010101"),
            row("x", 9, offense_descr="186.22(B)(4) PC-GANG", stp_event_date="20060101"),
            row("x", 1, cycle=102),
        ],
        (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
    ),
    told(
        "no gang pair across steps",
        [
            row("x", 8, offense_descr="136.1 PC-DISSUADE", stp_event_date="20010101"),
            row("x", 9, cycle=103, offense_descr="186.22(B)(4) PC-GANG", stp_event_date="20180101"),
            row("x", 1, cycle=102),
        ],
        OTHERWISE,
    ),
    # Rule 5: offenses of PC 290
    told(
        "a 290 offense before",
        [row("x", 9, offense_descr="288 PC-LEWD ACTS", stp_event_date="20010101"), row("x", offense_descr="11358 HS")],
        (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
    ),
    told(
        "272 PC is on the 290 list only",
        [row("x", 9, offense_descr="272 PC-CONTRIBUTE", stp_event_date="20010101"), row("x")],
        (NOT_ELIGIBLE, "PC 290"),
    ),
    told(
        "registered before",
        [
            row(
                "x",
                9,
                offense_descr="290 PC-REG",
                stp_type_descr="REGISTRATION",
                disp_descr="",
                stp_event_date="20040101",
            ),
            row("x"),
        ],
        (NOT_ELIGIBLE, "PC 290"),
    ),
    told(
        "registered after",
        [
            row(
                "x",
                9,
                offense_descr="290 PC-REG",
                stp_type_descr="REGISTRATION",
                disp_descr="",
                stp_event_date="20060101",
            ),
            row("x"),
        ],
        ONLY,
        "undated_disqualifier",
    ),
    told(
        "2900.5 is no registration under 290",
        [
            row(
                "x",
                9,
                offense_descr="2900.5 PC",
                stp_type_descr="REGISTRATION",
                disp_descr="",
                stp_event_date="20040101",
            ),
            row("x"),
        ],
        ONLY,
        "registration_prefix",
    ),
    # Rule 6: two earlier convictions
    told(
        "two earlier of the same section",
        [
            row("x", 1, stp_event_date="20000101"),
            row("x", 2, stp_event_date="20010101", stp_ori_cnty_name="KERN"),
            row("x", 3),
        ],
        (NOT_ELIGIBLE, "Two priors"),
    ),
    told(
        "two earlier of another section",
        [
            row("x", 1, stp_event_date="20000101", offense_descr="11358 HS"),
            row("x", 2, stp_event_date="20010101", offense_descr="11360 HS"),
            row("x", 3),
        ],
        ONLY,
    ),
    told(
        "one earlier, one on the same day",
        [row("x", 1, stp_event_date="20000101"), row("x", 2), row("x", 3)],
        ONLY,
    ),
    # Rules 7 and 8: the person's age
    told("fifty today", with_theft(pri_dob="19691111"), (DISMISSAL, "50 years or older")),
    told("fifty tomorrow", with_theft(pri_dob="19691112"), OTHERWISE),
    # Nobody who is 21 on the evaluation date was 10 at that conviction, so the birth date cannot be true. The published
    # answer is kept, with a note.
    told("twenty-one and a day more than 21 x 365.25", with_theft(pri_dob="19981110"), OTHERWISE, "impossible_date"),
    told("twenty-one", with_theft(pri_dob="19981111"), (DISMISSAL, "21 years or younger"), "impossible_date"),
    untold("no birth date", with_theft(pri_dob=""), "birth_date", "birth_date_missing"),
    told("no birth date but surely dismissed", [row("x", pri_dob="")], ONLY, "birth_date_missing"),
    told(
        "the first valid birth date counts",
        [
            row("x", 9, **{**THEFT, "pri_dob": "19500000"}),
            row("x", 2, pri_dob="19500101", disp_descr="DISMISSED"),
            row("x", 1, pri_dob="19800101"),
        ],
        (DISMISSAL, "50 years or older"),
    ),
    # Rules 9 to 11: only Prop 64 convictions, ten years, completed sentences
    told(
        "a sentence that ends today",
        [row("x", stp_event_date="20150101", sent_length="1775", sent_time_code="D")],
        ONLY,
    ),
    told(
        "a sentence that ends tomorrow",
        [row("x", stp_event_date="20150101", sent_length="1776", sent_time_code="D")],
        (REVIEW, "Currently serving sentence"),
    ),
    told(
        "sentence parts of one count are summed",
        [
            row("x", 1, stp_event_date="20150101", sent_length="900", sent_time_code="D"),
            row("x", 1, stp_event_date="20150101", sent_length="876", sent_time_code="D"),
        ],
        (REVIEW, "Currently serving sentence"),
    ),
    told(
        "a length that is no number counts nothing",
        [row("x", stp_event_date="20150101", sent_length="LIFE", sent_time_code="Y")],
        ONLY,
    ),
    told(
        "ten years today",
        [row("x", 9, offense_descr="484 PC", stp_event_date="20091111"), row("x")],
        FREE,
    ),
    told(
        "ten years tomorrow",
        [row("x", 9, offense_descr="484 PC", stp_event_date="20091112"), row("x")],
        OTHERWISE,
    ),
    untold(
        "another conviction has no date",
        [row("x", 9, offense_descr="484 PC", stp_event_date=""), row("x")],
        "conviction_date;sentence_end",
        "missing_date",
    ),
    untold(
        "another conviction has no charge",
        [row("x", 9, offense_descr="", stp_event_date="20000101"), row("x")],
        "section",
    ),
    told(
        "a strike whose count number is damaged still counts",
        [{**row("x", 9, offense_descr="187 PC-MURDER", stp_event_date="20000101"), "cnt_order": "1"}, row("x")],
        (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
    ),
    untold(
        "one of two registrations has no date",
        [
            row("x", 9, offense_descr="290 PC", stp_type_descr="REGISTRATION", disp_descr="", stp_event_date=day)
            for day in ("", "20150101")
        ]
        + [row("x")],
        "registration_date",
        "undated_disqualifier",
    ),
    untold("another code's section beside it", with_theft(offense_descr="32 PC/11359 HS"), "section", "two_sections"),
    untold("accessory to it", with_theft(offense_descr="32/11359 PC-ACCESSORY"), "section", "two_sections"),
    untold("in prison", with_theft(offense_descr="4573.6/11357 PC-POSSESS IN PRISON"), "section", "two_sections"),
    untold("a look-alike beside it", with_theft(offense_descr="11357.5/11359 HS"), "section", "two_sections"),
    told("a misdemeanor with a trailing space", [row("x", conv_stat_descr="MISDEMEANOR ")], CITY_REVIEW),
    untold("attempted, at the end of the text", with_theft(offense_descr="11359 HS/664"), "section", "attempt_ignored"),
    untold("attempted, with a subdivision", with_theft(offense_descr="664(A)-11359 HS"), "section", "attempt_lost"),
    told(
        "a description that begins with a hyphen leaves the comment",
        with_theft(offense_descr="-NO TEXT", comment_text="11357(A) HS-X"),
        (DISMISSAL, "11357(a) or 11357(b)"),
    ),
    told(
        "a unit in lower case counts nothing",
        [row("x", stp_event_date="20150101", sent_length="50", sent_time_code="y")],
        ONLY,
    ),
    # Rule 12: deceased people
    told(
        "deceased",
        [row("x", 9, **THEFT), row("x", 8, stp_type_descr="DECEASED", disp_descr="", offense_descr=""), row("x")],
        (DISMISSAL, "Deceased"),
    ),
    # The county of the conviction
    untold("no county", [row("x", stp_ori_cnty_name="")], "county"),
    told("county in another case", with_theft(stp_ori_cnty_name="Los Angeles "), OTHERWISE, "county_spelling"),
]
NOT_EVALUATED = {
    "another county": [row("x", stp_ori_cnty_name="KERN")],
    "look-alike 11357.5": [row("x", offense_descr="11357.5 HS-SYNTHETIC")],
    "look-alike 911360": [row("x", offense_descr="911360 HS")],
    "wrong code": [row("x", offense_descr="11358 PC")],
    "11361": [row("x", offense_descr="11361(A) HS")],
    "not convicted": [row("x", disp_descr="DISMISSED")],
    "convicted on an arrest step": [row("x", stp_type_descr="ARREST/DETAINED/CITED")],
    "blank charge": [row("x", offense_descr="", comment_text="")],
    "short count number": [{**row("x"), "cnt_order": "101001001"}],
}


def named(subject_id: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**r, "subject_id": subject_id} for r in rows]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, str]]]:
    """Answers by subject id and then by count number."""
    folder = tmp_path_factory.mktemp("boundaries")
    rows = [r for number, case in enumerate(CASES) for r in named(f"case{number}", case.rows)]
    rows += [r for number, others in enumerate(NOT_EVALUATED.values()) for r in named(f"other{number}", others)]
    home = Home(folder / "home")
    land(home, "ca_doj", [write(folder / "doj.csv", rows)], date(2019, 11, 11), None, quiet)
    build(home, target="duckdb", county="los angeles", evaluated_as_of=None, report=quiet)
    found: dict[str, dict[str, dict[str, str]]] = {}
    for answer in determinations(home, "la_pilot_2019", folder / "out.csv"):
        found.setdefault(answer["subject_id"], {})[answer["cnt_order"]] = answer
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_case(number: int, answers: dict[str, dict[str, dict[str, str]]]) -> None:
    case = CASES[number]
    answer = answers[f"case{number}"][case.rows[-1]["cnt_order"]]
    got = (answer["determination"], answer["reason"], answer["cannot_tell"], answer["defects"])
    assert got == (case.determination, case.reason, case.cannot_tell, case.defects)


@pytest.mark.parametrize("number", range(len(NOT_EVALUATED)), ids=list(NOT_EVALUATED))
def test_not_evaluated(number: int, answers: dict[str, dict[str, dict[str, str]]]) -> None:
    assert f"other{number}" not in answers


LEAP = {
    "born 29 February, the day before 1 March": ("2018-02-28", {"pri_dob": "19680229"}, OTHERWISE),
    "born 29 February, 1 March": ("2018-03-01", {"pri_dob": "19680229"}, (DISMISSAL, "50 years or older")),
}


@pytest.mark.full  # one build for each evaluation date
@pytest.mark.parametrize("name", list(LEAP))
def test_leap_birthday(name: str, tmp_path: Path) -> None:
    day, columns, answer = LEAP[name]
    file = write(
        tmp_path / "doj.csv",
        [row("x", 9, offense_descr="484 PC", stp_event_date="20180101", **columns), row("x", **columns)],
    )
    home = Home(tmp_path / "home")
    land(home, "ca_doj", [file], date.fromisoformat(day), None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    (got,) = determinations(home, "la_pilot_2019", tmp_path / "out.csv")
    assert (got["determination"], got["reason"]) == answer
