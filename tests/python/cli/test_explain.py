"""`relief explain` for a few people written by hand: its words, what it leaves out, and what it refuses."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from relief.errors import ReliefError
from relief.explain import explain
from relief.explain.record import Destruction, Meaning
from relief.explain.words import destruction_line, meaning_line
from relief.home import Home, open_warehouse
from tests.python.support.command import relief
from tests.python.support.doj_file import row, write
from tests.python.support.warehouse import land_and_build

PILOT, OFFICE, ALL = "la_pilot_2019", "la_office_2020_no_conviction", "dismiss_all_prop64"
CLOSING = "This determination changes no record: only a court's signed order does."
STRIKE, UNBORN, OLD, ELSEWHERE, THEFT, LATER_PART = 2, 5, 6, 8, 9, 4

# All identifiers of these people are in these rows; none of them may be printed unless asked for.
ONE = {"pri_name": "FICTION,ALPHA", "cii_number": "A01234567", "ofn": "BA777001", "pri_dob": "19791224"}
TWO = {"pri_name": "FICTION,BETA", "cii_number": "A07654321", "ofn": "BA777002", "pri_dob": ""}
THREE = {"pri_name": "FICTION,GAMMA", "cii_number": "A05555555", "ofn": "BA777003", "pri_dob": "19500309"}
DEATH = {"stp_type_descr": "DECEASED", "offense_descr": "DECEASED", "disp_descr": "", "conv_stat_descr": ""}
FROM_COMMENT = {"offense_descr": "SEE COMMENT FOR CHARGE", "comment_text": "11360(A) HS-SOLD TO FICTION OMEGA"}
NAMES = ("FICTION", "OMEGA", "A01234567", "A07654321", "A05555555", "BA777", "1979-12-24", "1950-03-09", "910000")
NUMBERS = ("910000001", "910000002", "910000003", "101001001000")

PEOPLE = [
    {**row("910000001", 1, 100, offense_descr="187 PC-MURDER", stp_event_date="19980402"), **ONE},
    {**row("910000001", sent_loc_descr="PROBATION", sent_length="3", sent_time_code="Y"), **ONE},
    {**row("910000001", 2, offense_descr="484 PC-THEFT", conv_stat_descr="MISDEMEANOR"), **ONE},
    {**row("910000001", sent_loc_descr="JAIL", sent_length="180", sent_time_code="D"), **ONE},
    {**row("910000002", stp_event_date="20180301"), **TWO},
    {**row("910000003"), **FROM_COMMENT, **THREE},
    {**row("910000003", 1, 102, stp_event_date="20190505"), **DEATH, **THREE},
    row("910000004", stp_ori_cnty_name="SACRAMENTO", cii_number="A09999999"),
    row("910000004", 2, offense_descr="484 PC-THEFT", cii_number="A09999999"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("explain")
    return land_and_build(Home(folder / "home"), write(folder / "people.csv", PEOPLE), "2020-07-01")


def key_of(home: Home, row_no: int) -> str:
    with open_warehouse(home, read_only=True) as connection:
        (delivery_id,) = connection.execute("select delivery_id from raw.deliveries").fetchone() or ("",)
    return f"{delivery_id}:{row_no}"


def words(home: Home, key: str, *policies: str, with_identifiers: bool = False, all_rules: bool = False) -> list[str]:
    lines: list[str] = []
    explain(home, key, list(policies), with_identifiers=with_identifiers, all_rules=all_rules, report=lines.append)
    return lines


def test_an_earlier_strike_decides_and_the_history_shows_it(home: Home) -> None:
    key = key_of(home, STRIKE)
    lines = words(home, key, PILOT, all_rules=True)
    source = "Clear My Record, Los Angeles pilot rules as published 2019-10-31, rule"
    assert lines[:23] == [
        "Names and numbers are left out; dates may still identify the person: keep it inside the office.",
        f"Conviction {key}",
        "",
        'Under "Published LA pilot rules" (policy la_pilot_2019, version 2019-10-31): Not eligible. '
        "Reason: PC 667(e)(2)(c)(iv).",
        f"Rule 5 decides: the first that is surely met. Source: {source} 4.",
        "The deciding rule rests on these facts of the record:",
        "- Super strikes dated before this conviction (list cmr_2019): 1 (the rule asks 1 or more).",
        "",
        "What the record contains:",
        "A conviction in LOS ANGELES county, dated 2005-06-15; felony.",
        "The charge: HS 11359.",
        "The sentence: 3 years probation, 180 days jail.",
        "The disposition: convicted probation.",
        "By statute and day of the offense: cannot tell; the day of the offense is unknown, and the law changed.",
        "The sentence is completed: its parts, one after another, ended by 2008-12-12.",
        "H&S 11361.5 (destruction of records) does not name this offense.",
        "Day of evaluation: 2020-07-01. The file is as of 2020-07-01.",
        "Whether the prosecution challenges it cannot be told: no events were delivered.",
        "2 other convictions of the person on record, of any county:",
        "- dated 1998-04-02 (earlier); in LOS ANGELES county; felony; PC 187; sentence: none given; "
        "on the list of super strikes of 2019; on the statute's list of super strikes (PC 667(e)(2)(C)(iv)).",
        "- dated 2005-06-15 (the same day); in LOS ANGELES county; misdemeanor; PC 484; sentence: none given.",
        "No registration and no death.",
        "",
    ]
    assert lines[23] == "Appendix. Every rule of la_pilot_2019, in order:"
    rules = lines[24:38]
    assert [line.split(".")[0].strip() for line in rules] == [str(number) for number in range(1, 15)]
    assert rules[4] == (
        "  5. PC 667(e)(2)(c)(iv) (Not eligible): met. "
        "Super strikes dated before this conviction (list cmr_2019): asked 1 or more, found 1."
    )
    assert rules[7] == (
        "  8. 50 years or older (Eligible for Dismissal): not met. Age at evaluation (completed years): "
        "asked 50 or more, found less than 50. Not reached: rule 5 comes first."
    )
    assert lines[38:] == ["", CLOSING]
    # Without the appendix, everything else is the same.
    assert words(home, key, PILOT) == [*lines[:22], "", CLOSING]


def test_without_a_birth_date_it_says_what_is_missing_and_what_the_older_tool_does(home: Home) -> None:
    lines = words(home, key_of(home, UNBORN), PILOT, OFFICE, all_rules=True)
    assert "No other conviction of the person on record, of any county." in lines
    pilot = 'Under "Published LA pilot rules" (policy la_pilot_2019, version 2019-10-31): Not eligible. '
    start = lines.index(f"{pilot}Reason: Occurred after 11/09/2016.")
    office = lines[lines.index("", start) + 1 :]
    assert office[:8] == [
        'Under "LA District Attorney February 2020 policy, no conviction in 10 years" (policy '
        "la_office_2020_no_conviction, version 2020-02-13): Eligible for Dismissal. Reason: Probation completed.",
        "Rule 6 decides: the first that is surely met. "
        "Source: Los Angeles District Attorney, policy announced 2020-02-13 "
        "(https://www.latimes.com/california/story/2020-02-13/la-district-attorney-clear-marijuana-convictions).",
        "Legal ground: office policy.",
        "The deciding rule rests on these facts of the record:",
        "- Convictions whose sentence ends after evaluation (calendar): 0 (the rule asks 0).",
        "Also missing, which changes nothing here: the birth date.",
        "The older tool (Clear My Record) answers Eligible for Dismissal (50 years or older), because:",
        "- A missing birth date is read as year 1 and makes the person old (birth_date_missing).",
    ]
    appendix = lines[lines.index("Appendix. Every rule of la_office_2020_no_conviction, in order:") + 1 :]
    assert appendix[:4] == [
        "  1. Not surely a cannabis charge (Hand Review): not met. Names a completed cannabis offense and no other: "
        "asked no, found yes.",
        "  2. Misdemeanor where no city attorney prosecutes: no part of this policy (Not eligible): not met. "
        "Felony: asked no, found yes; From a place where a city attorney prosecutes misdemeanors: asked no, "
        "found unknown.",
        "  3. 50 years or older (Eligible for Dismissal): cannot tell; missing: the birth date. "
        "Age at evaluation (completed years): asked 50 or more, found unknown.",
        "  4. Under 21 at conviction (Eligible for Dismissal): cannot tell; missing: the birth date. "
        "Age at conviction (completed years): asked less than 21, found unknown.",
    ]


def test_a_charge_in_the_comment_is_read_and_the_comment_is_not_shown(home: Home) -> None:
    lines = words(home, key_of(home, OLD), OFFICE)
    assert "The charge: HS 11360(A), read from the comment." in lines
    assert lines[lines.index("Registrations and deaths:") + 1] == "- a death, dated 2019-05-05."


def test_rules_of_the_conviction_alone_look_at_no_history(home: Home) -> None:
    lines = words(home, key_of(home, STRIKE), ALL)
    assert "No rule asked looks at another conviction of the person." in lines
    assert not any("PC 187" in line for line in lines)


def test_every_policy_of_the_build_speaks_unless_some_are_named(home: Home) -> None:
    named = [line for line in words(home, key_of(home, STRIKE)) if line.startswith("Under ")]
    with open_warehouse(home, read_only=True) as connection:
        policies = connection.execute("select policy_id from marts.dim_policies order by 1").fetchall()
    assert [line.split("(policy ")[1].split(",")[0] for line in named] == [policy_id for (policy_id,) in policies]


@pytest.mark.parametrize("row_no", [STRIKE, UNBORN, OLD])
def test_no_identifier_is_printed_unless_asked_for(home: Home, row_no: int) -> None:
    text = "\n".join(words(home, key_of(home, row_no)))
    assert [name for name in (*NAMES, *NUMBERS) if name in text] == []


def test_identifiers_on_request_and_said_so(home: Home) -> None:
    key = key_of(home, STRIKE)
    assert words(home, key, PILOT, with_identifiers=True)[:4] == [
        "THIS CONTAINS IDENTIFIERS, as requested: keep it inside the office.",
        f"Conviction {key}, key doj|cii:A01234567|101001001000",
        "Person: FICTION,ALPHA; CII A01234567; SUBJECT_ID 910000001; born 1979-12-24",
        "Court case BA777001; CNT_ORDER 101001001000",
    ]


def test_the_mart_holds_the_same_words_and_no_identifier(home: Home) -> None:
    with open_warehouse(home, read_only=True) as connection:
        rows = connection.execute(
            "select policy_id, rules_in_order, explanation, history from marts.fct_relief_explanations "
            "where conviction_key = 'doj|cii:A01234567|101001001000'"
        ).fetchall()
        (count,) = connection.execute("select count(*) from marts.fct_relief_explanations").fetchone() or (0,)
        (determined,) = connection.execute("select count(*) from marts.fct_relief_determinations").fetchone() or (0,)
    assert count == determined
    for policy_id, rules_in_order, explanation, history in rows:
        text = "\n".join([rules_in_order, explanation, history])
        assert [name for name in (*NAMES, *NUMBERS) if name in text] == []
        printed = words(home, key_of(home, STRIKE), policy_id, all_rules=True)
        assert all(line in printed for line in explanation.split("\n") if not line.startswith("Evaluated as of "))
        assert all(f"  {line}" in printed for line in rules_in_order.split("\n"))
        assert [line for line in printed if line in history.split("\n")] == history.split("\n")
        assert explanation.split("\n")[-1] == CLOSING


def test_the_meaning_by_statute_or_why_not() -> None:
    known = Meaning("resolved", None, "possession", "11357(c) from 1976-01-01", date(1990, 5, 4), "arrest_date")
    assert meaning_line(known) == (
        "By statute: possession (section 11357(c) from 1976-01-01; offense of 1990-05-04, the day of the arrest)."
    )
    unknown = Meaning("cannot_tell", "meaning_date_unknown", None, None, None, "unknown")
    assert meaning_line(unknown) == (
        "By statute and day of the offense: cannot tell; the day of the offense is unknown, and the law changed."
    )
    no_letter = Meaning("cannot_tell", "meaning_no_subdivision", None, None, date(1990, 5, 4), "arrest_date")
    assert meaning_line(no_letter) == (
        "By statute and day of the offense: cannot tell; no subdivision is named, and they differ "
        "(offense of 1990-05-04, the day of the arrest)."
    )


DUE = date(1999, 5, 4)


@pytest.mark.parametrize(
    ("destruction", "want"),
    [
        (
            Destruction("due", DUE, "two_years_after_conviction", ""),
            "The record was due for destruction on 1999-05-04 (H&S 11361.5); "
            "it is not to be taken as accurate for any purpose (H&S 11361.7).",
        ),
        (
            Destruction("not_yet_due", DUE, "two_years_after_conviction", ""),
            "The record is due for destruction on 1999-05-04 (H&S 11361.5).",
        ),
        # The date of an 18th birthday reveals the birth date, so it is not shown.
        (
            Destruction("not_yet_due", DUE, "eighteenth_birthday", ""),
            "The record is due for destruction when the person turns 18 (H&S 11361.5).",
        ),
        (
            Destruction("cannot_tell", None, "", "birth_date_missing"),
            "Whether the record was due for destruction (H&S 11361.5) cannot be told; the birth date is missing.",
        ),
        (
            Destruction("not_yet_due", None, "two_years_after_conviction_or_release", ""),
            "The record is due for destruction two years after the release from custody, whose day is not on record "
            "(H&S 11361.5).",
        ),
        (
            Destruction("cannot_tell", None, "", "release_day_unknown"),
            "Whether the record was due for destruction (H&S 11361.5) cannot be told; "
            "two years after the release from custody, whose day is not on record, may not be over.",
        ),
        (
            Destruction("not_subject", None, "", ""),
            "H&S 11361.5 (destruction of records) does not name this offense.",
        ),
    ],
)
def test_when_the_record_is_to_be_destroyed(destruction: Destruction, want: str) -> None:
    assert destruction_line(destruction, with_identifiers=False) == want


def test_the_day_of_an_eighteenth_birthday_is_said_on_request() -> None:
    said = destruction_line(Destruction("due", DUE, "eighteenth_birthday", ""), with_identifiers=True)
    assert said.startswith("The record was due for destruction on 1999-05-04 (H&S 11361.5)")


def test_a_row_of_the_count_and_its_key_name_the_same_conviction(home: Home) -> None:
    want = words(home, key_of(home, STRIKE), PILOT)
    assert words(home, key_of(home, LATER_PART), PILOT) == want
    assert words(home, "doj|cii:A01234567|101001001000", PILOT) == want


FAILURES = {
    "a key of none": ("doj|cii:A00000001|101001001000", [], "no conviction of the last build has this key"),
    "a delivery of none": ("ca_doj-000000000000:2", [], "no delivery is named ca_doj-000000000000"),
    "a row of none": ("DELIVERY:999", [], "belongs to no conviction in use"),
    "a death": ("DELIVERY:7", [], "belongs to no conviction in use"),
    "another county": (f"DELIVERY:{ELSEWHERE}", [], "it is from another county"),
    "another charge": (f"DELIVERY:{THEFT}", [], "its charge names no section"),
    "another policy": (f"DELIVERY:{STRIKE}", ["other"], "policy other is not in the last build"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_be_explained_is_one_clear_line(home: Home, name: str) -> None:
    key, policies, message = FAILURES[name]
    with pytest.raises(ReliefError, match=message) as raised:
        words(home, key.replace("DELIVERY:", key_of(home, 0)[:-1]), *policies)
    assert "A00000001" not in str(raised.value)


def test_the_command_prints_and_exits_as_it_should(home: Home, tmp_path: Path) -> None:
    key = key_of(home, STRIKE)
    done = relief(home.path, "explain", key, "--policy", PILOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == words(home, key, PILOT)
    for place, arguments, message in [
        (home.path, ["explain", key, "--policy", "other"], "policy other"),
        (tmp_path / "none", ["explain", key], "relief land"),
    ]:
        failed = relief(place, *arguments)
        assert failed.returncode == 1
        assert failed.stderr.startswith("relief: ")
        assert message in failed.stderr
        assert len(failed.stderr.splitlines()) == 1


def test_nothing_built_and_an_unfinished_build_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema meta")
    with pytest.raises(ReliefError, match="nothing is built yet"):
        words(home, "x")
    with duckdb.connect(str(home.warehouse)) as connection:
        for mart in ("dim_policies", "fct_convictions", "fct_relief_explanations"):
            connection.execute(f"create table marts.{mart} (policy_id varchar)")
        connection.execute(
            "create table meta.builds as "
            "select 'b1' as build_id, timestamp '2022-01-10' as started_at, 'running' as status"
        )
    with pytest.raises(ReliefError, match="build b1 has not finished"):
        words(home, "x")
