"""A decision about a person whose file the published rules read differently: it applies there too, and is stored."""

from datetime import date

import pytest

from relief.building.build import build
from relief.home import Home
from relief.landing import land
from tests.python.filing.test_decisions import write
from tests.python.support import doj_file
from tests.python.support.doj_file import row
from tests.python.support.warehouse import ask, quiet

PILOT, STATUTE = "la_pilot_2019", "statutory_11361_8"
AS_OF, DECIDED = date(2020, 2, 13), date(2020, 2, 1)
# The published rules do not know the words of the first person's second disposition, so they read that file
# differently.
READ_OTHERWISE, READ_ALIKE, DECIDED_FOR_ALL = "70000001", "70000002", "70000003"


def convictions(subject_id: str, disposition: str) -> list[dict[str, str]]:
    one = {"pri_name": f"FICTION,P{subject_id}", "pri_dob": "19700501"}
    sale = {"offense_descr": "11359 HS-POSSESS MARIJUANA FOR SALE"}
    return [
        row(subject_id, cycle=101, **one, **sale, stp_event_date="20010301", disp_descr="CONVICTED", ofn="BA700001"),
        row(subject_id, cycle=102, **one, **sale, stp_event_date="20020301", disp_descr=disposition, ofn="BA700002"),
    ]


def decision(subject_id: str, policy_id: str) -> dict[str, str]:
    return {
        "decision_type": "eligibility", "policy_id": policy_id, "subject_id": subject_id, "cnt_order": "101001001000",
        "verdict": "not_eligible", "legal_ground": "", "ground": "why", "attorney": "A. Attorney",
        "decision_date": DECIDED.isoformat(), "extract_label": "SYNTHETIC", "decision_id": "", "record": "",
        "cii_number": "", "case_number": "", "defendant_number": "", "count_number": "",
    }  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("published")
    home = Home(folder / "home")
    rows = [
        *convictions(READ_OTHERWISE, "FOUND GUILTY BY JURY"),
        *convictions(READ_ALIKE, "CONVICTED"),
        *convictions(DECIDED_FOR_ALL, "FOUND GUILTY BY JURY"),
    ]
    decisions = [decision(READ_OTHERWISE, PILOT), decision(READ_ALIKE, PILOT), decision(DECIDED_FOR_ALL, "")]
    land(home, "ca_doj", [doj_file.write(folder / "doj.csv", rows)], AS_OF, None, quiet)
    land(home, "review_decisions", [write(folder / "decisions.csv", decisions)], AS_OF, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=AS_OF, report=quiet)
    return home


def test_two_of_the_three_people_have_a_reading_of_the_published_rules(home: Home) -> None:
    read = ask(home, "select subject_id, reading from intermediate.int_policies__evaluated_convictions group by all")
    assert {subject for subject, reading in read if reading == "published"} == {READ_OTHERWISE, DECIDED_FOR_ALL}


def test_every_decision_is_in_force(home: Home) -> None:
    statuses = ask(home, "select distinct decision_status from intermediate.int_review__decided_convictions")
    assert statuses == [("in_force",)]


@pytest.mark.parametrize(
    ("subject_id", "decides", "leaves"),
    [(READ_OTHERWISE, [PILOT], [STATUTE]), (READ_ALIKE, [PILOT], [STATUTE]), (DECIDED_FOR_ALL, [PILOT, STATUTE], [])],
)
def test_the_policies_that_a_decision_names_have_its_answer(
    home: Home, subject_id: str, decides: list[str], leaves: list[str]
) -> None:
    answers = dict(
        ask(
            home,
            "select policy_id, reason from marts.fct_relief_determinations "
            "where subject_id = ? and cnt_order = '101001001000'",
            subject_id,
        )
    )
    assert {answers[policy] for policy in decides} == {"Decided by an attorney"}
    assert "Decided by an attorney" not in {answers[policy] for policy in leaves}


def test_what_is_kept_of_each_build_is_what_the_decision_says(home: Home) -> None:
    kept = ask(
        home,
        "select conviction_key, policy_id, determination, decision_key from snapshots.snap_relief_determinations "
        "where policy_id in (?, ?) and dbt_valid_to is null",
        PILOT,
        STATUTE,
    )
    built = ask(
        home,
        "select conviction_key, policy_id, determination, decision_key from marts.fct_relief_determinations "
        "where policy_id in (?, ?)",
        PILOT,
        STATUTE,
    )
    assert sorted(kept, key=str) == sorted(built, key=str)
    assert sum(decision is not None for *_, decision in kept) == 4
