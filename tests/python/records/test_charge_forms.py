"""Forms of cannabis offenses and unreadable earlier convictions in both files, from the file to the explanation."""

import csv
from datetime import date

import duckdb
import pytest

from relief.building.build import build
from relief.explain.run import explain
from relief.home import PROJECT_DIR, Home
from relief.landing import land
from tests.python.support import doj_file
from tests.python.support.doj_file import row
from tests.python.support.warehouse import quiet, read_csv

FOLDER = PROJECT_DIR / "tests/fixtures" / "hard_records"
DAY = date(2020, 2, 13)
POLICY = "statutory_11361_8"
EXPECTED = {line["charge_text"]: line["form"] for line in read_csv(FOLDER / "SYNTHETIC_forms_expected.csv")}
ANSWERS = {
    "completed": ("Eligible for Redesignation", None),
    "attempt": ("Hand Review", "Attempt (PC 664): no ruling found"),
    "conspiracy": ("Not eligible", "Conspiracy (PC 182) to commit a cannabis offense, sentence completed"),
    "accessory": ("Hand Review", "Accessory (PC 32): not categorically barred while serving, open when completed"),
    "solicitation": ("Hand Review", "Solicitation (PC 653f): no source says whether it is covered"),
}
# Words that may mean another form of the offense, and that the published rules ignore.
NOT_UNDERSTOOD = (
    "AFTER THE FACT 11359 HS", "INDUCE 11359 HS", "IN LIEU OF 11359 HS", "PRIOR 11359 HS", "11359 HS AIDING",
    "11359 HS (ACC)",
)  # fmt: skip
# Earlier convictions, one for each person with a later 11359: unreadable, without a code, or certain.
UNREADABLE = ("SEE REPORT", "Q288(A) PC", "28 8(A) PC", "2B8(A) PC", "0187(A) PC")
PERHAPS_LISTED = ("288(A)", "MURDER 187")
LISTED = ("PC 288(A)", "P.C. 269(A)")
HARMLESS = ("PC 69", "F459 PC", "2 CTS 459 PC", "X11359 HS")
PRIORS = (*UNREADABLE, *PERHAPS_LISTED, *LISTED, *HARMLESS)


def doj_rows() -> list[dict[str, str]]:
    """One person for each form and for each earlier conviction, with an arrest before each cannabis conviction."""
    rows = []
    for number, text in enumerate((*EXPECTED, *PRIORS, *NOT_UNDERSTOOD)):
        subject = f"6{number:07d}"
        person = {"pri_dob": "19700501", "pri_name": f"PERSON,{number}"}
        if text in PRIORS:
            rows.append(
                row(subject, **person, stp_event_date="19950301", offense_descr=text, disp_descr="CONVICTED", ofn="")
            )
        rows.append(
            row(subject, cycle=102, **person, stp_event_date="20010101", stp_type_descr="ARREST/DETAINED/CITED",
                disp_descr="", conv_stat_descr="", ofn="")
        )  # fmt: skip
        rows.append(
            row(subject, number=2, cycle=102, **person, stp_event_date="20010301", disp_descr="CONVICTED",
                offense_descr="11359 HS-POSSESS MARIJUANA FOR SALE" if text in PRIORS else text, ofn="")
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("forms")
    built = Home(folder / "home")
    land(built, "ca_doj", [doj_file.write(folder / "doj.csv", doj_rows())], DAY, None, quiet)
    for table in ("cases", "counts"):
        land(built, "la_court", [FOLDER / f"SYNTHETIC_forms_{table}.csv"], DAY, None, quiet)
    build(built, target="duckdb", county="LOS ANGELES", evaluated_as_of=DAY, report=quiet)
    return built


def asked(home: Home, sql: str) -> list[tuple[str, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        connection.execute("set search_path = 'marts,intermediate,quality'")
        return connection.execute(sql).fetchall()


def of_texts(home: Home, source: str, policy: str = POLICY) -> dict[str, tuple[str, str, str, str]]:
    """Results of a policy's rules for the convictions of one file, by the text that names the person."""
    table, key = {
        "ca_doj": ("int_convictions__criminal_history", "doj_conviction_key"),
        "la_court": ("int_convictions__court", "court_conviction_key"),
    }[source]
    rows = asked(
        home,
        f"select others.charge_text, determination, reason, cannot_tell, assumed_facts from fct_relief_determinations "
        f"join {table} as convictions on conviction_key = convictions.{key} "
        f"join {table} as others on others.{'subject_key' if source == 'ca_doj' else 'case_defendant_key'} "
        f"= convictions.{'subject_key' if source == 'ca_doj' else 'case_defendant_key'} "
        f"where policy_id = '{policy}' and convictions.conviction_date = date '2001-03-01' "
        "order by others.charge_text",
    )
    return {text: (determination, reason, cannot, assumed) for text, determination, reason, cannot, assumed in rows}


@pytest.mark.parametrize("source", ["ca_doj", "la_court"])
@pytest.mark.parametrize("form", ANSWERS)
def test_a_form_has_its_own_answer_in_both_files(home: Home, source: str, form: str) -> None:
    found = of_texts(home, source)
    determination, reason = ANSWERS[form]
    for text in (text for text, its_form in EXPECTED.items() if its_form == form):
        assert found[text][0] == determination, text
        assert reason is None or found[text][1] == reason, text


def test_a_word_that_may_say_another_form_is_reviewed_and_the_published_rules_read_past_it(home: Home) -> None:
    statute, pilot = of_texts(home, "ca_doj"), of_texts(home, "ca_doj", "la_pilot_2019")
    every_charge = of_texts(home, "ca_doj", "dismiss_all_prop64")
    completed = pilot["11359 HS/12022(A)(1) PC"]
    for text in NOT_UNDERSTOOD:
        assert statute[text][0] == "Hand Review", text
        assert every_charge[text][:2] == ("Hand Review", "Cannot tell: section"), text
        assert pilot[text] == completed, text
    listed = asked(home, "select charge_text from audit_unmapped_charges where reason = 'charge_not_understood'")
    assert {text for (text,) in listed} == set(NOT_UNDERSTOOD)


def test_the_fixture_says_that_it_is_synthetic() -> None:
    for name in ("cases", "counts", "expected"):
        with (FOLDER / f"SYNTHETIC_forms_{name}.csv").open(newline="", encoding="utf-8") as file:
            assert {line["extract_label"] for line in csv.DictReader(file)} == {"SYNTHETIC"}


def test_a_prior_that_cannot_be_read_is_presumed_harmless_and_named(home: Home) -> None:
    found = of_texts(home, "ca_doj")
    for text in (*UNREADABLE, *PERHAPS_LISTED):
        assert found[text][0] == "Eligible for Redesignation", text
        assert "section" in found[text][3].split(";"), text
    for text in LISTED:
        assert found[text][0] == "Not eligible", text
    for text in HARMLESS:
        assert found[text][0] == "Eligible for Redesignation", text
        assert "section" not in found[text][3].split(";"), text


def test_priors_that_cannot_be_read_are_listed_and_counted(home: Home) -> None:
    listed = asked(home, "select charge_text, rows, reason from audit_unreadable_priors order by all")
    assert listed == sorted(
        [*((text, 1, "prior_unreadable") for text in UNREADABLE),
         *((text, 1, "prior_perhaps_listed") for text in PERHAPS_LISTED)]
    )  # fmt: skip
    counted = asked(home, "select finding, findings from audit_counts where finding like 'prior_%' order by all")
    assert counted == [("prior_perhaps_listed", len(PERHAPS_LISTED)), ("prior_unreadable", len(UNREADABLE))]


def test_a_near_miss_is_listed_for_a_person_with_its_rows(home: Home) -> None:
    assert asked(home, "select * from audit_near_miss_charges") == [("X11359 HS", 1, "charge_near_miss")]


def test_explain_says_what_is_presumed_of_a_prior_and_what_would_be_otherwise(home: Home) -> None:
    ((key,),) = asked(
        home,
        "select convictions.doj_conviction_key from int_convictions__criminal_history as convictions "
        "join int_convictions__criminal_history as priors on convictions.subject_key = priors.subject_key "
        "where priors.charge_text = 'SEE REPORT' and convictions.conviction_date = date '2001-03-01'",
    )
    lines: list[str] = []
    explain(home, key, [POLICY], with_identifiers=False, report=lines.append)
    assert any(line.startswith("One of them has a charge that cannot be read surely enough") for line in lines)
    assert "If a presumption is wrong, an earlier rule may decide:" in lines
    for otherwise in (
        "rule 11, Not eligible (A super strike (PC 667(e)(2)(C)(iv)) before the charge).",
        "rule 12, Not eligible (A PC 290(c) offense before the charge).",
    ):
        assert f"- which offense the charge names: {otherwise}" in lines
    assert not any("SEE REPORT" in line for line in lines)
