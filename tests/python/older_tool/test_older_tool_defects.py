"""Each defect of the older tool, from a file to the exported answers: ours, the older tool's, and the defect's name.

Each case is one person. The row asked about is the person's last row, or another row if the defect makes the older tool
evaluate that row. Source of each: docs/methodology/policies.md, Compared with the older tool.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from relief.building.build import build
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.policies.store import add_from_cmr_options
from tests.python.support.doj_file import row, write
from tests.python.support.warehouse import CMR, determinations, quiet, read_csv

Answer = tuple[str, str] | None
DISMISSAL = "Eligible for Dismissal"
REVIEW = "Hand Review"
NOT_ELIGIBLE = "Not eligible"
CITY = ("To be reviewed by City Attorneys", "Misdemeanor or Infraction")
OTHERWISE = (REVIEW, "No applicable eligibility criteria")
ONLY = (DISMISSAL, "Only has 11357-60 charges and completed sentence")
AFTER = (NOT_ELIGIBLE, "Occurred after 11/09/2016")
OLD = (DISMISSAL, "50 years or older")
SERVING = (REVIEW, "Currently serving sentence")
STRIKE = (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)")
THEFT = row("x", 9, offense_descr="484 PC-THEFT", stp_event_date="20180301")
EVALUATED_AS_OF = date(2019, 11, 11)


@dataclass(frozen=True)
class Case:
    """One person: the rows, our answer, the older tool's answer (None: not evaluated), and the defects named."""

    defects: str
    rows: list[dict[str, str]]
    ours: Answer
    older_tool: Answer
    note: str = ""


def untold(facts: str) -> Answer:
    return (REVIEW, f"Cannot tell: {facts}")


def registration(text: str, day: str) -> dict[str, str]:
    return row("x", 8, cycle=103, offense_descr=text, stp_type_descr="REGISTRATION", disp_descr="", stp_event_date=day)


def serving(number: int = 1, **columns: str) -> dict[str, str]:
    return row("x", number, stp_event_date="20150101", **columns)


CASES = [
    Case("missing_date", [row("x", stp_event_date="20050000")], untold("conviction_date;sentence_end"), ONLY),
    # The published answer is kept, with a note on what it rests on.
    Case("impossible_date", [row("x", pri_dob="19000101")], OLD, OLD),
    Case("impossible_date", [row("x", stp_event_date="20990615")], AFTER, AFTER),
    Case(
        "birth_date_missing",
        [{**THEFT, "pri_dob": ""}, row("x", pri_dob="19640000")],
        untold("birth_date"),
        OLD,
        "no full one on any row",
    ),
    Case(
        "birth_date_missing",
        [{**THEFT, "pri_dob": "NULL"}, row("x")],
        OTHERWISE,
        OLD,
        "the first row has none, a later one has",
    ),
    Case("look_alike", [row("x", offense_descr="11357.5 HS-SYNTHETIC")], None, (REVIEW, "Other 11357")),
    Case(
        "look_alike",
        [
            row("x", 9, offense_descr="11357.5 HS-SYNTHETIC", stp_event_date="20180301", conv_stat_descr="MISDEMEANOR"),
            row("x"),
        ],
        OTHERWISE,
        ONLY,
        "of another conviction",
    ),
    Case("two_sections", [THEFT, row("x", offense_descr="11357/11360 HS")], untold("section"), (REVIEW, "Other 11357")),
    Case("attempt_lost", [THEFT, row("x", offense_descr="664-11359 HS")], untold("section"), None),
    Case("attempt_ignored", [row("x", offense_descr="664/11359 HS")], untold("section"), ONLY),
    Case("conspiracy", [row("x", offense_descr="182(A)(1)/11360(A) PC")], untold("section"), ONLY),
    Case("level_unknown", [THEFT, row("x", conv_stat_descr="FELONY ")], untold("level"), CITY),
    Case("level_unknown", [THEFT, row("x", conv_stat_descr="", offense_toc="")], untold("level"), CITY, "blank"),
    Case(
        "strike_list",
        [row("x", 7, offense_descr="207(A) PC-KIDNAP", stp_event_date="20000101"), THEFT, row("x")],
        OTHERWISE,
        OTHERWISE,
        "missed",
    ),
    Case(
        "strike_list",
        [row("x", 7, offense_descr="1205 PC-FINE", stp_event_date="20000101"), row("x")],
        STRIKE,
        STRIKE,
        "by accident",
    ),
    Case(
        "undated_disqualifier",
        [registration("290 PC-REG", "20060101"), row("x")],
        ONLY,
        (NOT_ELIGIBLE, "PC 290"),
    ),
    Case(
        "undated_disqualifier",
        [
            row("x", 8, cycle=103, offense_descr="136.1 PC-DISSUADE", stp_event_date="20180101"),
            row("x", 9, cycle=103, offense_descr="186.22(B)(4) PC-GANG", stp_event_date="20180101"),
            row("x"),
        ],
        OTHERWISE,
        STRIKE,
        "a gang pair",
    ),
    Case("registration_prefix", [registration("2900.5 LC", "20010101"), row("x")], ONLY, (NOT_ELIGIBLE, "PC 290")),
    Case(
        "sentence_misassigned",
        [
            row("x", 1, stp_event_date="20000101", sent_length="1", sent_time_code="Y", offense_descr="11358 HS"),
            row("x", 2, stp_event_date="20150101", offense_descr="11360(A) HS"),
            row("x", 1, stp_event_date="20000101", sent_length="9", sent_time_code="Y", offense_descr="11358 HS"),
            row("x", 3),
        ],
        ONLY,
        SERVING,
    ),
    Case("sentence_overflow", [serving(sent_length="300", sent_time_code="Y")], SERVING, ONLY),
    Case(
        "arrest_step",
        [
            row(
                "x",
                9,
                cycle=103,
                stp_event_date="20180301",
                stp_type_descr="ARREST/DETAINED/CITED",
                offense_descr="484 PC-THEFT",
            ),
            row("x"),
        ],
        ONLY,
        OTHERWISE,
    ),
    Case("arrest_step", [row("x", stp_type_descr="ARREST/DETAINED/CITED")], None, ONLY, "not evaluated"),
    Case(
        "arrest_step",
        [
            row(
                "x",
                9,
                cycle=103,
                stp_event_date="20180101",
                stp_type_descr="ARREST/DETAINED/CITED",
                sent_length="9",
                sent_time_code="Y",
            ),
            row("x"),
        ],
        ONLY,
        SERVING,
        "with a sentence",
    ),
    Case(
        "arrest_step",
        [
            row("x", 8, cycle=103, offense_descr="186.22(B)(4) PC-GANG", stp_event_date="20000101"),
            row(
                "x",
                9,
                cycle=103,
                offense_descr="246 PC-SHOOT",
                stp_event_date="20000101",
                stp_type_descr="ARREST/DETAINED/CITED",
            ),
            row("x"),
        ],
        (DISMISSAL, "No convictions in past 10 years"),
        STRIKE,
        "half of a gang pair",
    ),
    Case(
        "look_alike;arrest_step",
        [
            row("x"),
            row(
                "x",
                9,
                cycle=103,
                offense_descr="11357.5 HS-SYNTHETIC",
                stp_type_descr="ARREST/DETAINED/CITED",
            ),
        ],
        None,
        (REVIEW, "Other 11357"),
        "only together",
    ),
    Case(
        "deceased_spelling",
        [THEFT, row("x", 8, stp_type_descr=" Deceased", disp_descr="", offense_descr=""), row("x")],
        (DISMISSAL, "Deceased"),
        OTHERWISE,
    ),
    Case(
        "charged_not_convicted",
        [THEFT, row("x", conv_offense_descr="11357(A) HS-POSSESS")],
        OTHERWISE,
        OTHERWISE,
    ),
    Case(
        "charged_not_convicted",
        [
            row("x", 7, offense_descr="187 PC-M", stp_event_date="20000101", conv_offense_descr="459 PC-BURGLARY"),
            THEFT,
            row("x"),
        ],
        STRIKE,
        STRIKE,
        "a strike",
    ),
    Case("county_spelling", [row("x", stp_ori_cnty_name="Los Angeles")], ONLY, None),
    Case(
        "attempt_ignored;level_unknown",
        [THEFT, row("x", conv_stat_descr="felony", offense_descr="664/11359 HS")],
        untold("level;section"),
        CITY,
        "two at once",
    ),
    Case("", [THEFT, row("x")], OTHERWISE, OTHERWISE, "none"),
    Case("", [row("x", offense_descr="664/11359 HS", conv_stat_descr="MISDEMEANOR")], CITY, CITY, "none that decides"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("defects")
    rows = [{**r, "subject_id": f"case{number}"} for number, case in enumerate(CASES) for r in case.rows]
    built = Home(folder / "home")
    add_from_cmr_options(built, "county_options", CMR / "generated_5k/eligibility_options.json")
    land(built, "ca_doj", [write(folder / "doj.csv", rows)], EVALUATED_AS_OF, None, quiet)
    build(built, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return built


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{case.defects} {case.note}".strip() for case in CASES])
def test_defect(number: int, home: Home) -> None:
    case = CASES[number]
    row_no = sum(len(earlier.rows) for earlier in CASES[: number + 1])
    with open_warehouse(home, read_only=True) as connection:
        ours = connection.execute(
            "select determination, reason, defects from marts.fct_relief_determinations "
            "where policy_id = 'la_pilot_2019' and row_no = ?",
            [row_no],
        ).fetchall()
        named = connection.execute(
            "select older_tool_determination, older_tool_reason, listed_defects from marts.fct_relief_defects "
            "where policy_id = 'la_pilot_2019' and row_no = ?",
            [row_no],
        ).fetchall()
    assert ours == ([(*case.ours, case.defects)] if case.ours else [])
    if case.defects:
        assert named == [(*(case.older_tool or (None, None)), case.defects)]
    else:
        assert named == []


def test_the_export_names_them(home: Home, tmp_path: Path) -> None:
    rows = determinations(home, "la_pilot_2019", tmp_path / "out.csv")
    asked = {f"case{number}": case.defects for number, case in enumerate(CASES) if case.ours and len(case.rows) == 1}
    assert {row["subject_id"]: row["defects"] for row in rows if row["subject_id"] in asked} == asked


def test_every_listed_defect_but_the_clock_has_a_case_or_a_test_of_its_own() -> None:
    listed = {r["defect"] for r in read_csv(CMR.parents[2] / "seeds/reference/older_tool_defects.csv")}
    cases = {defect for case in CASES for defect in case.defects.split(";")} - {""}
    assert listed - cases == {"clock", "counted_per_file", "charge_blank", "county_blank"}


OTHER_FILE = {
    "a strike": (
        row("q", 9, cycle=104, offense_descr="187 PC-MURDER", stp_event_date="20000101"),
        STRIKE,
    ),
    "a registration": (registration("290 PC-REG", "20000101"), (NOT_ELIGIBLE, "PC 290")),
    "a death": (row("q", 8, cycle=104, stp_type_descr="DECEASED", disp_descr="", offense_descr=""), ("", "Deceased")),
}


@pytest.mark.full  # one build for each file
@pytest.mark.parametrize("name", list(OTHER_FILE))
def test_counted_per_file_is_named_where_the_other_file_decides(name: str, tmp_path: Path) -> None:
    other, answer = OTHER_FILE[name]
    home = Home(tmp_path / "home")
    files = {"one.csv": [{**THEFT, "subject_id": "p"}, row("p", 1)], "two.csv": [{**other, "subject_id": "q"}]}
    for file, rows in files.items():
        known = [{**r, "cii_number": "A00000001"} for r in rows]
        land(home, "ca_doj", [write(tmp_path / file, known)], EVALUATED_AS_OF, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    (got,) = determinations(home, "la_pilot_2019", tmp_path / "out.csv")
    assert (got["reason"], got["defects"]) == (answer[1], "counted_per_file")
