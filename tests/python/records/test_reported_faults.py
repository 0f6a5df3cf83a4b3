"""Faults that users of such systems reported, as small files: forms, repeated counts, later rows, unlisted words."""

import csv
from datetime import date

import pytest

from relief.building.build import build
from relief.explain.run import explain
from relief.home import PROJECT_DIR, Home
from relief.landing import land
from tests.python.support.warehouse import ask, quiet

FAULTS = PROJECT_DIR / "tests/fixtures/reported_faults"
AS_OF = date(2020, 2, 13)
STATUTE = "statutory_11361_8"
COURT_FILES = ("02_words_of_attempt_and_conspiracy", "05_one_count_twice", "07_words_court")
DOJ_FILES = ("06_later_disposition_doj", "07_words_doj", "08_probation_revoked_doj")
REVIEW, NOT_ELIGIBLE, REDESIGNATED = "Hand Review", "Not eligible", "Eligible for Redesignation"
RESENTENCED, CANNOT_TELL, NONE = "Eligible for Resentencing", "Cannot tell: disposition", "no conviction"

# Fault 2: a conspiracy with a presumed completed sentence is not eligible; the other forms need a person's review.
FORMS = {
    "BA106000": REVIEW, "BA106001": REVIEW, "BA106002": REVIEW, "BA106003": NOT_ELIGIBLE, "BA106004": NOT_ELIGIBLE,
    "BA106005": REVIEW, "BA106006": REVIEW, "BA106030": REVIEW,
}  # fmt: skip
# Fault 5: the later date decides, whatever the order of the rows. The conviction is vacated, or amended to a lesser
# one.
TWICE = {"BA102001": NONE, "BA102002": NONE, "BA102003": REDESIGNATED, "BA102004": REDESIGNATED}
# Fault 6: an appeal and PC 1473.7 end a conviction; PC 1203.4 and 17(b) do not.
LATER = {
    "disp_1203_4": REDESIGNATED, "disp_rev_app": NONE, "disp_vac_step": NONE, "disp_17b": REDESIGNATED,
    "disp_17b_conv": REDESIGNATED,
}  # fmt: skip
# Fault 7: words that convict, words that undo a conviction or are in no list, and words that do not convict.
WORDS_OF_COURTS = {
    "GUILTY": REDESIGNATED, "FOUND GUILTY BY JURY": REDESIGNATED, "PLED NOLO CONTENDERE": REDESIGNATED,
    "PLEAD GUILTY/NOLO": REDESIGNATED, "Found Guilty - Court Trial": REDESIGNATED, "CONVICTED": REDESIGNATED,
    "CONVICTION": REDESIGNATED, "CONVICTED (NOLO)": REDESIGNATED, "CONVICTED - SET ASIDE PC 1203.4": REDESIGNATED,
    "CONVICTED - DISMISSED PC 1203.4": REDESIGNATED, "SENTENCED": CANNOT_TELL, "BAIL FORFEITURE": CANNOT_TELL,
    "CONVICTED - LESSER CHARGE": CANNOT_TELL, "CONVICTED; VACATED": CANNOT_TELL, "TRANSFERRED OUT": CANNOT_TELL,
    "CONVICTED THEN REVERSED ON APPEAL": CANNOT_TELL, "CONV": CANNOT_TELL, "DIVERSION PC 1000": NONE,
    "DEJ GRANTED PC 1000": NONE, "DISMISSED": NONE, "NOT GUILTY BY REASON OF INSANITY": NONE,
}  # fmt: skip
WORDS_OF_DOJ = {
    "disp_conv_setaside": CANNOT_TELL, "disp_conv_reversed": CANNOT_TELL, "disp_conv_lesser": CANNOT_TELL,
    "disp_guilty": REDESIGNATED, "disp_nolo": REDESIGNATED,
}  # fmt: skip
# Fault 8: a revoked probation ends later than it would have, so that the person is still serving the sentence.
REVOKED = {"prob_revoked": RESENTENCED, "prob_revoked_same": RESENTENCED}


def court_words() -> dict[str, str]:
    """The case number for each disposition of fault 7."""
    with (FAULTS / "07_words_court_counts.csv").open(newline="", encoding="utf-8") as file:
        return {row["disposition"]: row["case_number"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("faults") / "home")
    for name in COURT_FILES:
        land(home, "la_court", [FAULTS / f"{name}_{table}.csv" for table in ("cases", "counts")], AS_OF, None, quiet)
    for name in DOJ_FILES:
        land(home, "ca_doj", [FAULTS / f"{name}.csv"], AS_OF, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=AS_OF, report=quiet)
    return home


@pytest.fixture(scope="module")
def answers(home: Home) -> dict[str, str]:
    """Results of the statute's rules by subject or case number; the reason if the result is unknown."""
    found = ask(
        home,
        "select coalesce(nullif(subject_id, ''), case_number), determination, reason "
        "from marts.fct_relief_determinations where policy_id = ?",
        STATUTE,
    )
    assert len(found) == len({name for name, _, _ in found})
    return {name: reason if reason == CANNOT_TELL else determination for name, determination, reason in found}


@pytest.mark.parametrize(
    "expected",
    [FORMS, TWICE, LATER, WORDS_OF_DOJ, REVOKED],
    ids=["forms_in_words", "one_count_twice", "later_dispositions", "words_of_the_doj", "probation_revoked"],
)
def test_a_reported_fault_is_answered_right(answers: dict[str, str], expected: dict[str, str]) -> None:
    assert {name: answers.get(name, NONE) for name in expected} == expected


def test_words_of_courts_convict_or_wait_for_a_person(answers: dict[str, str]) -> None:
    cases = court_words()
    assert cases.keys() == WORDS_OF_COURTS.keys()
    assert {words: answers.get(cases[words], NONE) for words in cases} == WORDS_OF_COURTS


def test_what_became_of_a_conviction_is_listed(home: Home) -> None:
    listed = ask(
        home,
        "select source_conviction_key, subject_id from quality.audit_later_dispositions "
        "left join staging.stg_ca_doj__criminal_history_rows using (delivery_id, row_no)",
    )
    names = " ".join(f"{key} {subject_id}" for key, subject_id in listed)
    for name in (*TWICE, *LATER, *REVOKED):
        assert name in names, name
    unknown = {
        text.upper()
        for (text,) in ask(home, "select text_written from quality.audit_disposition_words where source = 'la_court'")
    }
    assert unknown == {words.upper() for words, answer in WORDS_OF_COURTS.items() if answer == CANNOT_TELL}


@pytest.mark.parametrize(
    ("name", "day"),
    [("disp_1203_4", "2009-06-15"), ("disp_17b", "2008-06-15"), ("prob_revoked", "2018-09-01")],
)
def test_explain_shows_the_later_row(home: Home, name: str, day: str) -> None:
    ((key,),) = ask(
        home,
        "select doj_conviction_key from intermediate.int_convictions__criminal_history where subject_id = ?",
        name,
    )
    lines: list[str] = []
    explain(home, key, [STATUTE], with_identifiers=False, report=lines.append)
    assert any(day in line for line in lines)
