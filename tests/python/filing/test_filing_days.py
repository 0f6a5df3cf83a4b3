"""The date of a filing package: what an ended sentence changes, and how every file states the date."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from relief.export.filing import DEFAULT_POLICY, FilingExport, export_filing
from relief.home import Home, open_warehouse
from tests.python.support.warehouse import with_answers_of_its_own

EVALUATED = date(2021, 9, 1)
FIRST_END, LAST_END = date(2022, 6, 1), date(2023, 6, 1)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def resentence(home: Home, rule_id: str, list_name: str, last_end: str | None) -> str:
    """Turn one grant of a rule into a resentencing whose sentence ends on FIRST_END or later; return its case."""
    with open_warehouse(home) as connection:
        found = connection.execute(
            "select f.conviction_key, f.case_number from marts.fct_relief_filings as f "
            "join marts.fct_relief_determinations as d using (conviction_key, policy_id) "
            "where f.policy_id = ? and d.deciding_rule_id = ? and f.filing_list = ? order by all limit 1",
            [DEFAULT_POLICY, rule_id, list_name],
        ).fetchone()
        assert found is not None
        # Store what the build would store for this conviction: the answer that a completed sentence gives.
        connection.execute(
            "insert into intermediate.int_filing__after_sentence by name "
            "select conviction_key, policy_id, deciding_rule_id as rule_id, determination, reason, citation, "
            "legal_ground from marts.fct_relief_determinations where policy_id = ? and conviction_key = ?",
            [DEFAULT_POLICY, found[0]],
        )
        connection.execute(
            "update intermediate.int_policies__walks set determination = 'Eligible for Resentencing', "
            "deciding_rule_id = 'serving_sentence', legal_ground = 'H&S 11361.8 resentencing' "
            "where policy_id = ? and conviction_key = ?",
            [DEFAULT_POLICY, with_answers_of_its_own(connection, found[0])],
        )
        connection.execute(
            "update intermediate.int_statute__sentences set served_until_date = ?, ended_from_date = ? "
            "where conviction_key = ?",
            [FIRST_END, last_end, found[0]],
        )
    return str(found[1])


def lines_of(out: Path, case_number: str) -> dict[str, dict[str, str]]:
    return {
        path.stem: row
        for path in sorted(out.rglob("*.csv"))
        for row in rows(path)
        if row.get("case_number") == case_number
    }


@pytest.fixture
def copied(ran: tuple[Home, list[str]], tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    shutil.copy(ran[0].warehouse, tmp_path / "home/warehouse.duckdb")
    return Home(tmp_path / "home")


def test_the_home_is_evaluated_on_the_day_that_these_tests_name(ran: tuple[Home, list[str]]) -> None:
    with open_warehouse(ran[0], read_only=True) as connection:
        row = connection.execute("select evaluated_as_of_date from staging.stg_landing__build_context")
        assert row.fetchone() == (EVALUATED,)


def test_a_sentence_that_has_ended_by_the_day_is_asked_as_a_redesignation(copied: Home, tmp_path: Path) -> None:
    number = resentence(copied, "possession_for_sale", "not_on_the_list", LAST_END.isoformat())
    for name, day in (("served", EVALUATED), ("unknown", FIRST_END), ("ended", LAST_END)):
        export_filing(copied, DEFAULT_POLICY, tmp_path / name, day)
    served = lines_of(tmp_path / "served", number)["not_on_the_list"]
    assert (served["relief_asked"], served["legal_ground"]) == ("resentencing", "H&S 11361.8 resentencing")
    unknown = lines_of(tmp_path / "unknown", number)
    assert unknown.keys() == {"held"}
    assert unknown["held"]["filing_status"] == "sentence_end_unknown"
    ended = lines_of(tmp_path / "ended", number)["not_on_the_list"]
    assert (ended["relief_asked"], ended["redesignated_to_section"]) == ("redesignation", "H&S 11359(b)")
    assert (ended["legal_ground"], ended["level"]) == ("H&S 11361.8 redesignation", "felony")


def test_an_ended_sentence_that_no_rule_redesignates_is_held(copied: Home, tmp_path: Path) -> None:
    number = resentence(copied, "lawful_today", "not_on_the_list", FIRST_END.isoformat())
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out", FIRST_END)
    found = lines_of(tmp_path / "out", number)
    assert found.keys() == {"held"}
    assert found["held"]["filing_status"] == "sentence_ended"
    cover = rows(tmp_path / "out/cover_sheet.csv")
    counted = {row["status"]: row["convictions"] for row in cover if row["section"] == "sentences on the package's day"}
    assert counted["ended: held"] == "1"


def test_an_end_that_cannot_be_read_is_neither_ended_nor_served(copied: Home, tmp_path: Path) -> None:
    number = resentence(copied, "possession_for_sale", "not_on_the_list", None)
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out", date(2099, 1, 1))
    found = lines_of(tmp_path / "out", number)
    assert {name: row["filing_status"] for name, row in found.items()} == {"held": "sentence_end_unknown"}


@pytest.mark.parametrize("day", [EVALUATED, LAST_END])
def test_every_file_has_both_days_and_one_line_says_what_it_means_that_they_differ(
    ran: tuple[Home, list[str]], tmp_path: Path, day: date
) -> None:
    written: FilingExport = export_filing(ran[0], DEFAULT_POLICY, tmp_path / "out", day)
    assert written.grants > 0
    for path in (tmp_path / "out").rglob("*.csv"):
        days = {(row["evaluated_as_of_date"], row["package_date"]) for row in rows(path)}
        assert days == {(EVALUATED.isoformat(), day.isoformat())}
    said = [row["status"] for row in rows(tmp_path / "out/cover_sheet.csv") if row["section"] == "days"]
    text = " ".join((tmp_path / "out/methodology.txt").read_text(encoding="utf-8").split())
    book = load_workbook(tmp_path / "out/cover_sheet.xlsx")
    facts = {row[0].value: row[1].value for row in book[book.sheetnames[0]].iter_rows()}
    if day == EVALUATED:
        assert said == []
        assert "days" not in facts
        assert "were judged as of" not in text
    else:
        assert len(said) == 1
        assert f"judged as of {EVALUATED}, and the package is of {day}" in said[0]
        assert f"relief build --evaluated-as-of {day}" in said[0]
        assert facts["days"] == said[0]
        assert said[0] in text


def test_a_package_of_a_day_before_the_evaluation_is_refused(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="was evaluated as of 2021-09-01, a later day") as raised:
        export_filing(ran[0], DEFAULT_POLICY, tmp_path / "out", date(2021, 8, 31))
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_the_command_takes_the_day_and_refuses_what_is_none(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(ran[0].path))
    asked = ["export", "filing", "--out", str(tmp_path / "out"), "--package-date"]
    assert CliRunner().invoke(app, [*asked, "2022-02-30"]).exit_code != 0
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(app, [*asked, "2022-03-01"]).exit_code == 0
    assert {row["package_date"] for row in rows(tmp_path / "out/cover_sheet.csv")} == {"2022-03-01"}
