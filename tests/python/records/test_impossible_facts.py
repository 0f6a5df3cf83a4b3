"""Impossible facts, and numbers that a spreadsheet changed: one build of small SYNTHETIC files.

The right answers are in docs/decisions/0037-a-date-that-cannot-be-true-is-unknown.md and
docs/methodology/determinations.md (How a determination is reached). The reported faults 03, 04 and 12 are landed as
they were reported. The other people are invented cases of the same kinds.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from relief.building.build import build
from relief.explain import explain
from relief.home import Home, open_warehouse
from relief.landing import land
from tests.python.support.doj_file import row, write
from tests.python.support.warehouse import FIXTURES, quiet

FAULTS = FIXTURES / "reported_faults"
AS_OF = date(2020, 2, 13)
OLDER = date(2019, 2, 13)
STATUTE = "statutory_11361_8"
PILOT = "la_pilot_2019"
OFFICE = "la_office_2020_no_conviction"
OLD = ("Eligible for Dismissal", "50 years or older")
YOUNG = ("Eligible for Dismissal", "21 years or younger")
PLACEHOLDERS = {"dob1900": OLD, "dob1901": OLD, "dob1753": OLD}
TO_COME = {"dob9999": YOUNG, "dob2068": YOUNG, "dobtoday": YOUNG}


def person(subject_id: str, number: int = 1, **columns: str) -> dict[str, str]:
    """A row of an invented person, convicted in 2015, so that only a rule about age decides under the pilot rules."""
    return row(
        subject_id,
        number,
        **{
            "record_id": "SYNTHETIC",
            "pri_name": f"{subject_id.upper()},SYNTHETIC",
            "cii_number": f"A9{abs(hash_of(subject_id)) % 10**7:07d}",
            "stp_event_date": "20150615",
            "ofn": f"BA9{number}{abs(hash_of(subject_id)) % 10**4:04d}",
            **columns,
        },
    )


def hash_of(text: str) -> int:
    """A number that is the same on every day and machine, unlike the result of hash()."""
    return sum(place * ord(letter) for place, letter in enumerate(text, 7))


OWN_KINDS = [
    # Convictions on the tenth and the 110th birthday, and one day outside each.
    person("tenth_birthday", pri_dob="20050615"),
    person("day_before_ten", pri_dob="20050616"),
    person("day_110_years", pri_dob="19050615"),
    person("day_after_110", pri_dob="19050614"),
    # A conviction on the file's as-of date, and one a day later.
    person("on_the_as_of_day", stp_event_date="20200213"),
    person("after_the_file", stp_event_date="20200214"),
    # The date of one conviction is impossible; the person's other conviction keeps its age.
    person("convicted_in_1905", stp_event_date="19050615"),
    person("convicted_in_1905", 2, stp_event_date="20150615"),
    # A conviction at the age of five contradicts the birth date for the other conviction too.
    person("at_five", pri_dob="19950615", stp_event_date="20000615"),
    person("at_five", 2, pri_dob="19950615"),
]
# Two deliveries that overlap, with people who have no CII number.
WITHOUT_NUMBER = {"cii_number": "", "pri_dob": "19700301", "stp_event_date": "20030303"}
IN_BOTH = [
    person("same_person", **WITHOUT_NUMBER),
    person("other_birth_date", **WITHOUT_NUMBER),
    person("defendant", ofn="BA977777", **WITHOUT_NUMBER),
]
IN_THE_NEWER = [
    person("00017", pri_name="Same_Person, Synthetic", ofn=IN_BOTH[0]["ofn"], **WITHOUT_NUMBER),
    person(
        "00018", **{**WITHOUT_NUMBER, "pri_dob": "19700103"}, pri_name=IN_BOTH[1]["pri_name"], ofn=IN_BOTH[1]["ofn"]
    ),
    person("00019", ofn="BA977777", **{**WITHOUT_NUMBER, "pri_dob": "19811231"}),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("impossible")
    home = Home(folder / "home")
    for name in ("03_birth_after_conviction_doj", "04_birth_placeholder_doj", "12_as_delivered", "12_zeros_lost"):
        land(home, "ca_doj", [FAULTS / f"{name}.csv"], AS_OF, None, quiet)
    court = [FAULTS / f"03_birth_after_conviction_court_{table}.csv" for table in ("cases", "counts")]
    land(home, "la_court", court, AS_OF, None, quiet)
    land(home, "ca_doj", [write(folder / "SYNTHETIC_own_kinds.csv", OWN_KINDS)], AS_OF, None, quiet)
    land(home, "ca_doj", [write(folder / "SYNTHETIC_older.csv", IN_BOTH)], OLDER, None, quiet)
    land(home, "ca_doj", [write(folder / "SYNTHETIC_newer.csv", IN_THE_NEWER)], AS_OF, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=AS_OF, report=quiet)
    return home


@pytest.fixture(scope="module")
def ask(home: Home) -> Iterator[Any]:
    with open_warehouse(home, read_only=True) as connection:
        yield lambda query, *values: connection.execute(query, list(values)).fetchall()


def answers(ask: Any, subject_id: str, policy_id: str) -> list[tuple[Any, ...]]:
    return ask(  # type: ignore[no-any-return]
        "select determination, reason, defects, assumed_facts, unknown_facts from marts.fct_relief_determinations "
        "where subject_id = ? and policy_id = ? order by cnt_order",
        subject_id,
        policy_id,
    )


@pytest.mark.parametrize("subject_id", [*PLACEHOLDERS, *TO_COME])
def test_an_impossible_birth_date_decides_in_the_published_rules_only(ask: Any, subject_id: str) -> None:
    ((determination, reason, defects, _, _),) = answers(ask, subject_id, PILOT)
    assert (determination, reason) == {**PLACEHOLDERS, **TO_COME}[subject_id]
    assert defects == "impossible_date"
    ((determination, reason, _, assumed, _),) = answers(ask, subject_id, STATUTE)
    assert (determination, reason) == ("Eligible for Redesignation", "Possession for sale: a misdemeanor today")
    assert "birth_date" in assumed.split(";")
    ((_, reason, _, _, unknown),) = answers(ask, subject_id, OFFICE)
    assert "birth_date" in unknown.split(";")
    assert reason not in ("50 or older", "Under 21 at conviction")


def test_an_impossible_birth_date_of_the_court_is_unknown(ask: Any) -> None:
    found = ask(
        "select determination, assumed_facts from marts.fct_relief_determinations "
        "where policy_id = ? and source = 'la_court'",
        STATUTE,
    )
    assert len(found) == 2
    assert {determination for determination, _ in found} == {"Eligible for Redesignation"}
    assert all("birth_date" in assumed.split(";") for _, assumed in found)


def test_impossible_birth_dates_are_kept_and_listed_and_have_no_age(ask: Any) -> None:
    kept = ask(
        "select count(*), count(birth_date), count(recorded_birth_date) from marts.dim_subjects "
        "where person_name like '%DOB%' or person_name like 'BIRTH,%'"
    )
    assert kept == [(8, 0, 8)]
    listed = ask(
        "select subject_id, list_sort(list(finding)) from quality.audit_implausible_dates as dates "
        "inner join intermediate.int_criminal_history__rows as history "
        "on dates.delivery_id = history.delivery_id and dates.row_no = history.row_no "
        "where starts_with(subject_id, 'dob') group by subject_id"
    )
    assert dict(listed) == {
        "dob1900": ["birth_date_placeholder", "conviction_over_110"],
        "dob1901": ["birth_date_placeholder", "conviction_over_110"],
        "dob1753": ["birth_date_placeholder", "conviction_over_110"],
        "dob9999": ["birth_date_placeholder", "conviction_before_birth"],
        "dob2068": ["birth_in_the_future", "conviction_before_birth"],
        "dobtoday": ["conviction_before_birth"],
    }
    bands = ask(
        "select distinct age_band from intermediate.int_lifecycle__groups as groups "
        "inner join marts.dim_subjects as subjects on groups.person_key = subjects.person_key "
        "where person_name like '%DOB%' or person_name like 'BIRTH,%'"
    )
    assert bands == [("unknown",)]


@pytest.mark.parametrize(
    ("subject_id", "is_known"),
    [
        ("tenth_birthday", True),
        ("day_before_ten", False),
        ("day_110_years", True),
        ("day_after_110", False),
        ("on_the_as_of_day", True),
        ("after_the_file", True),
        ("convicted_in_1905", True),
        ("at_five", False),
    ],
)
def test_a_birth_date_is_known_where_every_conviction_allows_it(ask: Any, subject_id: str, is_known: bool) -> None:
    found = ask(
        "select birth_date is not null from marts.dim_subjects where person_name = ?", f"{subject_id.upper()},SYNTHETIC"
    )
    assert found == [(is_known,)]


def test_an_impossible_conviction_date_is_unknown_and_its_year_too(ask: Any) -> None:
    found = ask(
        "select subject_id, conviction_year from marts.fct_convictions as convictions "
        "inner join intermediate.int_convictions__criminal_history as doj "
        "on convictions.doj_conviction_key = doj.doj_conviction_key "
        "where subject_id in ('on_the_as_of_day', 'after_the_file', 'convicted_in_1905') order by cnt_order, subject_id"
    )
    assert found == [
        ("after_the_file", None),
        ("convicted_in_1905", None),
        ("on_the_as_of_day", 2020),
        ("convicted_in_1905", 2015),
    ]


def test_a_conviction_after_its_file_is_not_after_prop_64_but_for_the_published_rules(ask: Any) -> None:
    ((determination, reason, defects, _, _),) = answers(ask, "after_the_file", PILOT)
    assert (determination, reason, defects) == ("Not eligible", "Occurred after 11/09/2016", "impossible_date")
    ((determination, reason, _, _, unknown),) = answers(ask, "after_the_file", OFFICE)
    assert (determination, reason) == ("Hand Review", "Cannot tell: conviction_date;sentence_end")
    assert "conviction_date" in unknown
    ((determination, _, defects, _, _),) = answers(ask, "on_the_as_of_day", PILOT)
    assert (determination, defects) == ("Not eligible", "")


def test_explain_says_that_a_date_cannot_be_true(home: Home, ask: Any) -> None:
    keys = dict(
        ask(
            "select subject_id, min(delivery_id || ':' || row_no) from intermediate.int_convictions__criminal_history "
            "where subject_id in ('dob1900', 'after_the_file', 'tenth_birthday') group by subject_id"
        )
    )
    lines: dict[str, list[str]] = {key: [] for key in keys}
    for subject_id, key in keys.items():
        explain(home, key, [OFFICE], with_identifiers=False, report=lines[subject_id].append)
    assert any("birth date on record cannot be true" in line for line in lines["dob1900"])
    assert any("dated 2020-02-14, which cannot be true" in line for line in lines["after_the_file"])
    assert not any("cannot be true" in line for line in lines["tenth_birthday"])
    assert not any("1900" in line for line in lines["dob1900"])


def test_rows_that_lost_their_zeros_are_no_convictions(ask: Any) -> None:
    """36 rows of 12 convictions, as delivered and as changed by a spreadsheet, are 12 convictions by one definition."""
    of_both = "case_number_first between 'BA300000' and 'BA300011'"
    assert ask(f"select count(*) from intermediate.int_convictions__criminal_history where {of_both}") == [(48,)]
    assert ask(
        "select count(*), count(distinct convictions.person_key) from marts.fct_convictions as convictions "
        "inner join intermediate.int_convictions__criminal_history as doj "
        f"on convictions.doj_conviction_key = doj.doj_conviction_key where {of_both}"
    ) == [(12, 12)]
    assert not ask(
        "select policy_id from marts.fct_relief_determinations "
        "where case_number between 'BA300000' and 'BA300011' group by policy_id having count(*) <> 12"
    )
    assert ask("select findings from quality.audit_counts where finding = 'count_order_invalid'") == [(36,)]


def test_numbers_that_differ_in_zeros_only_are_listed(ask: Any) -> None:
    found = ask(
        "select number_kind, count(*), sum(rows) from quality.audit_numbers_differing_in_zeros group by 1 order by 1"
    )
    assert found == [("cii_number", 24, 72), ("cnt_order", 24, 72), ("subject_id", 24, 72)]


def test_what_is_counted_is_evaluated_or_left_out_for_a_reason(ask: Any) -> None:
    ((counted,),) = ask("select count(*) from marts.fct_convictions")
    accounts = ask(
        "select policy_id, sum(convictions), max(counted) from quality.audit_evaluation_accounts group by policy_id"
    )
    assert accounts
    assert {(total, of) for _, total, of in accounts} == {(counted, counted)}
    left_out = ask(
        "select reason, count(*) from quality.audit_convictions_not_evaluated where policy_id = ? group by reason",
        PILOT,
    )
    assert left_out == [("court_records_only", 2)]


def test_a_subject_without_a_cii_number_in_two_deliveries_counts_once(ask: Any) -> None:
    found = ask(
        "select doj.subject_id, wave_certainty.is_perhaps_counted_twice from marts.fct_convictions as convictions "
        "inner join intermediate.int_convictions__criminal_history as doj "
        "on convictions.doj_conviction_key = doj.doj_conviction_key "
        "inner join intermediate.int_orders__wave_certainty as wave_certainty "
        "on convictions.conviction_key = wave_certainty.conviction_key "
        "where doj.cii_number is null and doj.conviction_date = date '2003-03-03' order by doj.subject_id"
    )
    # One person in two deliveries, two people who may be one, and two people convicted in one case.
    assert found == [
        ("00017", False),
        ("00018", False),
        ("00019", False),
        ("defendant", False),
        ("other_birth_date", True),
    ]
    assert ask("select comparison, count(*) from quality.audit_subjects_perhaps_twice group by 1") == [
        ("birth_date_differs", 2)
    ]


def test_who_may_be_counted_twice_widens_the_range(ask: Any) -> None:
    ((counted, low, high),) = ask(
        "select counted, counted_low, counted_high from reporting.rpt_universe_reconciliation "
        "where universe = 'first_wave' and line = 'on_doj_list' and unit = 'convictions'"
    )
    assert (low, high) == (counted - 1, counted)
    ((reached, lowest),) = ask(
        "select counted, counted_low from reporting.rpt_relief_funnel where wave = 'all' and stage_number = 1"
    )
    assert (reached, lowest) == (counted + 2, counted + 1)
