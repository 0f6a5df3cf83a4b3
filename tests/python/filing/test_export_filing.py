"""`relief export filing`: each grant is on one line, each list is complete and safe to open; and what it refuses."""

import csv
import json
import shutil
import stat
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from relief.export import filing, filing_lists
from relief.export.filing import DEFAULT_POLICY, FilingExport
from relief.export.filing import export_filing as export_filing_of
from relief.export.sheets import LONGEST_CELL, TableFiles, csv_cell
from relief.home import Home, open_warehouse
from tests.python.support.warehouse import with_answers_of_its_own

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+1+1",
    "-2+3",
    "\t=1",
    "\r\n=1+1",
    " =1",
    "\uff1d1",
    "a\nb\rc",
    "\x00\x0b",
]
DAY = date(2021, 9, 1)
"""The day of evaluation of the shared home, which is also the day of its packages."""
LISTS = ("unchallenged", "challenged", "challenge_unknown", "not_on_the_list")


def export_filing(home: Home, policy_id: str, out: Path, day: date = DAY) -> FilingExport:
    return export_filing_of(home, policy_id, out, day)


@pytest.fixture(scope="module")
def package(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FilingExport]:
    out = tmp_path_factory.mktemp("filing") / "out"
    return out, export_filing(ran[0], DEFAULT_POLICY, out)


@pytest.fixture
def copied(ran: tuple[Home, list[str]], tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    shutil.copy(ran[0].warehouse, tmp_path / "home/warehouse.duckdb")
    return Home(tmp_path / "home")


def change(home: Home, *statements: str) -> None:
    with open_warehouse(home) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def all_rows(out: Path, *names: str) -> list[dict[str, str]]:
    return [row for name in names for path in sorted(out.rglob(f"{name}.csv")) for row in rows(path)]


def ask(home: Home, statement: str) -> list[tuple[object, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute(statement).fetchall()


TO_FILE = f"""
    select conviction_key, person_key, case_number from marts.fct_relief_filings
    where policy_id = '{DEFAULT_POLICY}' and filing_list = 'unchallenged'
    order by conviction_date desc nulls last, conviction_key
"""


def test_every_grant_is_on_one_line_of_the_cover_sheet(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    out, written = package
    cover = rows(out / "cover_sheet.csv")
    sections: Counter[str] = Counter()
    for row in cover:
        sections[row["section"]] += int(row["convictions"] or 0)
    granted = ask(
        ran[0],
        f"select count(*) from marts.fct_relief_determinations where policy_id = '{DEFAULT_POLICY}' "
        "and determination like 'Eligible%'",
    )[0][0]
    assert granted == written.grants > 0
    assert {sections[name] for name in ("all grants", "grants by status", "grants by courthouse and agency")} == {
        granted
    }
    for row in cover:
        assert row["policy_version"] and row["build_id"] and row["evaluated_as_of_date"] and row["extract_as_of_date"]


def test_lists_hold_what_the_cover_sheet_counts_and_nothing_ordered(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    out, written = package
    counted = Counter(
        {
            (row["courthouse"], row["prosecuting_agency"], row["list"]): int(row["convictions"])
            for row in rows(out / "cover_sheet.csv")
            if row["section"] == "grants by courthouse and agency" and row["list"] in LISTS
        }
    )
    listed = Counter(
        (row["courthouse_key"], row["prosecuting_agency_name"], name) for name in LISTS for row in all_rows(out, name)
    )
    assert listed == counted
    assert listed.total() == written.to_file
    assert len(all_rows(out, "proposed_orders")) == len(all_rows(out, "unchallenged")) > 0
    assert len(rows(out / "held.csv")) == written.held
    # Read from the events: the lists must not ask again for what a court has ordered, denied or already relieved.
    settled = {
        row
        for row in ask(
            ran[0],
            "select i.case_number, i.defendant_number, i.count_number, i.cnt_order, i.subject_id "
            "from marts.fct_relief_events as e "
            "join intermediate.int_filing__case_identifiers as i using (conviction_key) "
            "where e.match_status = 'matched' and e.event_type in ('order_signed', 'order_denied', 'already_relieved')",
        )
    }
    for row in all_rows(out, *LISTS):
        place = [row[n] or None for n in ("case_number", "defendant_number", "count_number", "cnt_order", "subject_id")]
        assert tuple(place) not in settled


def test_each_count_asks_for_one_relief_on_a_ground(package: tuple[Path, FilingExport]) -> None:
    for row in all_rows(package[0], "proposed_orders"):
        assert row["legal_ground"]
        assert row["citation"]
        assert row["relief_asked"] in {"dismissal", "dismissal_and_sealing", "redesignation", "resentencing"}
        # A resentencing line also names the redesignated offense if the rules after its own would redesignate the
        # conduct.
        assert row["redesignated_to_section"] or row["relief_asked"] != "redesignation"
        assert not row["redesignated_to_section"] or row["relief_asked"] in {"redesignation", "resentencing"}
        assert bool(row["redesignated_to_level"]) == bool(row["redesignated_to_section"])
        assert row["redesignated_to_level"] in {"", "misdemeanor", "infraction"}
        assert row["citation"].startswith(("H&S 11361.8", "PC 1385(a)"))


def test_notices_hold_every_open_challenge_whatever_the_policy_says(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    out, _ = package
    notice = rows(out / "notice_to_public_defender.csv")
    open_challenges = ask(
        ran[0],
        "select count(distinct conviction_key) from marts.fct_relief_events where event_type = 'challenged' "
        "and match_status = 'matched' and conviction_key not in (select conviction_key from marts.fct_relief_events "
        "where match_status = 'matched' and event_type in ('order_signed', 'order_denied', 'already_relieved')) "
        "and conviction_key in (select conviction_key from intermediate.int_identity__convictions "
        "where source <> 'la_court') and conviction_key in (select conviction_key "
        "from intermediate.int_review__doj_list where was_on_the_list)",
    )[0][0]
    assert len(notice) == open_challenges > 0
    assert {row["challenge_status"] for row in notice} == {"challenged"}
    assert all(row["challenge_ground"] and row["challenge_date"] for row in notice)
    told = Counter(row["challenge_status"] for row in all_rows(out, "notice_to_court"))
    assert told["challenged"] == open_challenges
    assert told["not_challenged"] + told["withdrawn"] == len(all_rows(out, "unchallenged"))


def test_each_line_of_a_notice_names_the_charge_and_what_is_asked(package: tuple[Path, FilingExport]) -> None:
    notices = all_rows(package[0], "notice_to_court", "notice_to_public_defender")
    for row in notices:
        for name in ("birth_date", "case_number", "count_number"):
            assert row[name] or name in row["missing"]
        assert row["offense_text"]
        assert row["offense_form"] in {"completed", "attempt", "conspiracy", "accessory", "solicitation"}
        asked = [row[name] for name in ("relief_asked", "legal_ground", "ordering_statute")]
        if row["determination"].startswith("Eligible"):
            assert all(asked)
            is_motion = row["legal_ground"] in {"PC 1385", "office policy"}
            assert row["ordering_statute"] == ("PC 1385(a): motion of the prosecutor" if is_motion else "H&S 11361.9")
        else:
            assert asked == ["", "", ""]
        assert row["redesignated_to_section"] or row["relief_asked"] != "redesignation"
    assert any(row["relief_asked"] for row in notices)


def test_orders_that_the_doj_has_not_heard_of_are_due_thirty_days_later(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    report = rows(package[0] / "disposition_report_doj.csv")
    silent = ask(
        ran[0],
        "select count(*) from marts.fct_relief_events where event_type = 'order_signed' and match_status = 'matched' "
        "and conviction_key not in (select conviction_key from marts.fct_relief_events "
        "where match_status = 'matched' and event_type in ('reported_to_doj', 'doj_updated'))",
    )[0][0]
    assert len(report) >= int(str(silent)) > 0
    for row in report:
        due = date.fromisoformat(row["order_date"]) + timedelta(days=30)
        is_overdue = due < date.fromisoformat(row["events_as_of_date"])
        assert (row["due_date"], row["is_overdue"]) == (due.isoformat(), "yes" if is_overdue else "no")
    assert report == sorted(report, key=lambda row: row["due_date"])


def test_folder_and_files_are_for_their_owner_only(package: tuple[Path, FilingExport]) -> None:
    out, written = package
    paths = [out, *out.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert sum(path.is_file() for path in paths) == written.files
    assert not list(out.parent.glob(".relief-*"))


def test_every_file_and_every_sheet_says_synthetic(package: tuple[Path, FilingExport]) -> None:
    for path in package[0].rglob("*.csv"):
        assert {row["data_label"] for row in rows(path)} == {"SYNTHETIC"}
    for path in [*package[0].rglob("*.xlsx")][:20]:
        assert all(name.startswith("SYNTHETIC") for name in load_workbook(path).sheetnames)
    text = (package[0] / "methodology.txt").read_text(encoding="utf-8")
    assert text.startswith("SYNTHETIC DATA")
    assert "{" not in text


def test_the_workbook_holds_the_rows_of_the_csv_as_texts_and_numbers(package: tuple[Path, FilingExport]) -> None:
    for name in ("cover_sheet", "held", "disposition_report_doj"):
        book = load_workbook(package[0] / f"{name}.xlsx")
        sheet = book[book.sheetnames[1]]
        cells = list(sheet.iter_rows())
        header = [cell.value for cell in cells[0]]
        expected = rows(package[0] / f"{name}.csv")
        assert len(cells) - 1 == len(expected)
        for line, row in zip(cells[1:], expected, strict=True):
            assert [("" if cell.value is None else str(cell.value)) for cell in line] == [row[key] for key in header]
            assert {cell.data_type for cell in line} <= {"s", "n"}
        facts = {row[0].value: row[1].value for row in book[book.sheetnames[0]].iter_rows()}
        assert facts["policy_id"] == DEFAULT_POLICY
        assert facts["build_id"] == expected[0]["build_id"]


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 40_000])
def test_no_cell_is_a_formula_and_no_name_makes_a_line(text: str, tmp_path: Path) -> None:
    with TableFiles(tmp_path / "table", "Names", ("name", "count"), [("what", text)], label="SYNTHETIC") as table:
        table.add([text, 7])
    (line,) = rows(tmp_path / "table.csv")
    assert not line["name"].lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
    assert line["name"].isprintable()
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").count("\n") == 2
    sheet = load_workbook(tmp_path / "table.xlsx")["SYNTHETIC Names"]
    cell, count = sheet["B2"], sheet["C2"]
    assert cell.data_type in {"s", "n"}
    assert len(cell.value or "") <= LONGEST_CELL
    assert (count.value, count.data_type) == (7, "n")
    if len(text) > LONGEST_CELL:
        assert cell.value.endswith("the CSV file has all]")
        assert line["name"] == text


def test_ordinary_values_stay_as_they_are() -> None:
    values = ["DOE,JANE", "BA000001", 7, -7, None, True, False, "2001-02-03", "O'NEIL"]
    assert [csv_cell(value) for value in values] == [
        "DOE,JANE", "BA000001", "7", "-7", "", "yes", "no", "2001-02-03", "O'NEIL",
    ]  # fmt: skip


def test_hostile_names_places_and_agencies_of_the_files_do_no_harm(copied: Home, tmp_path: Path) -> None:
    keys = [str(key) for key, *_ in ask(copied, TO_FILE)][:3]
    for key, name in zip(keys, ["../../etc/passwd", "a/b", "=HYPERLINK(1)"], strict=True):
        change(
            copied,
            f"update intermediate.int_filing__case_identifiers set name_court = '=1+1' || chr(10) || '@SUM', "
            f"courthouse_key = '{name}' where conviction_key = '{key}'",
            f"update intermediate.int_prosecution__agencies set prosecuting_agency_name = '{name}' "
            f"where conviction_key = '{key}'",
        )
    out = tmp_path / "out"
    export_filing(copied, DEFAULT_POLICY, out)
    written = [row for row in all_rows(out, "unchallenged") if "@SUM" in row["name_court"]]
    assert [row["name_court"] for row in written] == ["'=1+1 @SUM"] * 3
    assert sorted(path.parent.name for path in (out / "etc_passwd").rglob("unchallenged.csv")) == ["etc_passwd"]
    assert {path.name for path in tmp_path.iterdir()} == {"home", "out"}


def test_two_places_with_one_short_name_have_two_folders(copied: Home, tmp_path: Path) -> None:
    first, second = [str(key) for key, *_ in ask(copied, TO_FILE)][:2]
    for key, name in ((first, "ODD COURT"), (second, "ODD-COURT")):
        change(
            copied,
            f"update intermediate.int_filing__case_identifiers set courthouse_key = '{name}' "
            f"where conviction_key = '{key}'",
        )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    assert [len(all_rows(tmp_path / "out" / name, "unchallenged")) for name in ("odd_court", "odd_court_2")] == [1, 1]


def test_people_in_custody_and_petitioners_come_first_then_by_case_and_count(copied: Home, tmp_path: Path) -> None:
    (_, custody, first), (_, petitioner, second) = ask(copied, TO_FILE)[:2]
    change(
        copied,
        "update intermediate.int_filing__case_identifiers set courthouse_key = 'ONE', courthouse_source = 'court_file'",
        "update intermediate.int_prosecution__agencies set prosecuting_agency_name = 'TWO'",
        "update intermediate.int_filing__priorities set in_custody = 'unknown', has_pending_petition = 'no'",
        f"update intermediate.int_filing__priorities set in_custody = 'yes' where person_key = '{custody}'",
        "update intermediate.int_filing__priorities set has_pending_petition = 'yes' "
        f"where person_key = '{petitioner}'",
    )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    listed = rows(tmp_path / "out/one/two/unchallenged.csv")
    ahead = [row for row in listed if row["priority"] == "1"]
    assert listed[: len(ahead)] == ahead
    assert {first, second} <= {row["case_number"] for row in ahead}
    others = rows(tmp_path / "out/one/two/not_on_the_list.csv")
    for name in (listed[len(ahead) :], [row for row in others if row["priority"] == "2"]):
        places = [(row["case_number"], row["defendant_number"] or "~", row["count_number"]) for row in name]
        assert places == sorted(places)
    assert len(others) > 1


def test_a_count_and_a_defendant_come_as_numbers(copied: Home, tmp_path: Path) -> None:
    keys = [str(key) for key, *_ in ask(copied, TO_FILE)][:3]
    for key, defendant, count in zip(keys, ("2", "10", "2"), ("10", "1", "9"), strict=True):
        change(
            copied,
            "update intermediate.int_filing__case_identifiers set courthouse_key = 'ONE', case_number = 'ZZ000001', "
            f"defendant_number = '{defendant}', count_number = '{count}' where conviction_key = '{key}'",
            f"update intermediate.int_prosecution__agencies set prosecuting_agency_name = 'TWO' "
            f"where conviction_key = '{key}'",
            "update intermediate.int_filing__priorities set in_custody = 'no', has_pending_petition = 'no'",
        )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    for name in ("proposed_orders", "unchallenged", "notice_to_court"):
        listed = all_rows(tmp_path / "out/one", name)
        assert [(row["defendant_number"], row["count_number"]) for row in listed] == [
            ("2", "9"),
            ("2", "10"),
            ("10", "1"),
        ]
        assert {row["priority"] for row in listed} == {"2"}


def test_a_challenge_without_its_count_stays_in_the_notice_and_is_held(copied: Home, tmp_path: Path) -> None:
    ((key, number),) = ask(
        copied,
        "select c.conviction_key, i.case_number from marts.fct_relief_challenges as c "
        "join intermediate.int_filing__case_identifiers as i using (conviction_key) "
        "where c.is_open and i.case_number is not null order by all limit 1",
    )
    before = export_filing(copied, DEFAULT_POLICY, tmp_path / "before")
    change(
        copied,
        "update intermediate.int_filing__case_identifiers set section = null, count_number = null "
        f"where conviction_key = '{key}'",
    )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    for name in ("notice_to_court", "notice_to_public_defender"):
        (row,) = [
            row for row in all_rows(tmp_path / "out", name) if row["case_number"] == number and not row["section"]
        ]
        assert row["held_reason"] == "no_section"
        assert {"section", "count_number"} <= set(row["missing"].split(";"))
        assert len(all_rows(tmp_path / "out", name)) <= len(all_rows(tmp_path / "before", name))
    held = [row for row in rows(tmp_path / "out/cover_sheet.csv") if row["section"] == "held in a notice"]
    assert "no_section" in {row["status"] for row in held if row["list"].startswith("notice_to_court")}
    assert before.grants > 0


@pytest.mark.parametrize("policy", ["la_office_2020_no_conviction", "dismiss_all_prop64"])
def test_an_office_policy_asks_by_motion_and_its_announcement_is_on_the_cover_sheet_only(
    ran: tuple[Home, list[str]], tmp_path: Path, policy: str
) -> None:
    export_filing(ran[0], policy, tmp_path / "out")
    asked = [row for path in sorted((tmp_path / "out").rglob("*.csv")) for row in rows(path) if row.get("legal_ground")]
    office = [row for row in asked if row["legal_ground"] in {"office policy", "PC 1385"} and "ordering_statute" in row]
    assert {row["ordering_statute"] for row in office} == {"PC 1385(a): motion of the prosecutor"}
    for row in all_rows(tmp_path / "out", "proposed_orders"):
        if row["legal_ground"] == "office policy":
            assert row["citation"] == "PC 1385(a)"
    ((source,),) = ask(ran[0], f"select source from marts.dim_policies where policy_id = '{policy}'")
    cover = rows(tmp_path / "out/cover_sheet.csv")
    assert [row["status"] for row in cover if row["section"] == "source of the policy"] == [source]
    for path in (tmp_path / "out").rglob("*.csv"):
        if path.name != "cover_sheet.csv":
            text = path.read_text(encoding="utf-8")
            assert "announced" not in text
            assert str(source) not in text


def test_pending_petitions_are_those_of_the_truth_file(ran: tuple[Home, list[str]]) -> None:
    (truth,) = (ran[0].path / "synthetic").rglob("SYNTHETIC_truth.json")
    petitions = json.loads(truth.read_text(encoding="utf-8"))["petitions"]
    found = ask(
        ran[0],
        "select count(*) filter (where petition_date is not null), count(*) filter (where is_petition_pending) "
        "from intermediate.int_orders__outcomes",
    )
    assert found == [(petitions["filed"]["convictions"], petitions["pending"]["convictions"])]
    assert petitions["pending"]["convictions"] > 0


def test_juveniles_are_counted_and_never_listed(copied: Home, tmp_path: Path) -> None:
    ((key, _, number), *_) = ask(copied, TO_FILE)
    change(
        copied,
        f"update intermediate.int_filing__case_identifiers set is_juvenile_case = true where conviction_key = '{key}'",
        "update marts.fct_disposition_reports set is_juvenile_case = true, name_court = 'JUVENILE'",
    )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    cover = rows(tmp_path / "out/cover_sheet.csv")
    assert [row["convictions"] for row in cover if row["status"] == "juvenile_case"] == ["1", "1"]
    for path in (tmp_path / "out").rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert str(number) not in text
        assert "JUVENILE" not in text
    assert not (tmp_path / "out/disposition_report_doj.csv").exists()


def test_where_nothing_is_granted_the_cover_sheet_says_zero(copied: Home, tmp_path: Path) -> None:
    change(copied, "delete from intermediate.int_policies__walks")
    written = export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    assert (written.grants, written.to_file, written.held) == (0, 0, 0)
    cover = rows(tmp_path / "out/cover_sheet.csv")
    assert [row["convictions"] for row in cover if row["section"] == "all grants"] == ["0"]


@pytest.mark.full  # it makes its own build
def test_without_events_nothing_is_unchallenged(los_angeles: Home, tmp_path: Path) -> None:
    written = export_filing(los_angeles, "dismiss_all_prop64", tmp_path / "out")
    # The DOJ's file has no court count number, so no clerk could enter an order. Each grant is held for that reason.
    assert written.grants == written.held > 0
    held = all_rows(tmp_path / "out", "held")
    assert len(held) == written.held
    assert {row["challenge_status"] for row in held} == {"not_delivered"}
    assert {row["has_pending_petition"] for row in held} == {"unknown"}
    assert all_rows(tmp_path / "out", *LISTS, "proposed_orders", "notice_to_court") == []
    assert {row["data_label"] for row in held} == {"COUNTY RECORDS"}
    assert {row["courthouse_key"] for row in held} == {"unknown"}
    assert all("courthouse" in row["missing"] and "count_number" in row["missing"] for row in held)
    assert "no_count_number" in {row["filing_status"] for row in held}


def test_a_grant_without_a_legal_ground_is_held_and_said_so(copied: Home, tmp_path: Path) -> None:
    ((key, _, number), *_) = ask(copied, TO_FILE.replace("unchallenged", "not_on_the_list"))
    with open_warehouse(copied) as connection:
        own = with_answers_of_its_own(connection, key)
        connection.execute(
            "update intermediate.int_policies__walks set legal_ground = '' where conviction_key = ?", [own]
        )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    (held,) = [row for row in rows(tmp_path / "out/held.csv") if row["case_number"] == number]
    assert held["filing_status"] == "no_legal_ground"
    assert number not in {row["case_number"] for row in all_rows(tmp_path / "out", *LISTS, "proposed_orders")}


def test_another_countys_convictions_are_in_no_file(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    away = {
        number
        for (number,) in ask(
            ran[0],
            "select distinct d.case_number_first from intermediate.int_identity__convictions as c "
            "join intermediate.int_convictions__criminal_history as d using (doj_conviction_key) "
            "where not coalesce(c.is_in_county, false) and d.case_number_first is not null",
        )
    }
    assert away
    for row in all_rows(package[0], *LISTS, "held", "notice_to_court", "disposition_report_doj"):
        assert (row.get("case_number") or row.get("docket_number")) not in away


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILINGS", filing_lists.FILINGS + " offset 1"),
        ("HELD_ROWS", filing_lists.HELD_ROWS.replace("filing_list = 'held'", "filing_list in ('held', 'settled')")),
        ("COURT_NOTICE", filing_lists.COURT_NOTICE + " offset 1"),
    ],
)
def test_rows_that_are_not_those_of_the_marts_stop_it_and_leave_nothing(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setattr(filing, name, value)
    with pytest.raises(ReliefError, match="not those that the warehouse counts"):
        export_filing(ran[0], DEFAULT_POLICY, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", list(filing_lists.WHOLE_COUNTY))
def test_a_list_of_the_county_without_its_rows_stops_it(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    table = filing_lists.WHOLE_COUNTY[name]
    monkeypatch.setitem(filing_lists.WHOLE_COUNTY, name, table._replace(text=table.text + " limit 0"))
    with pytest.raises(ReliefError, match="lists of the county"):
        export_filing(ran[0], DEFAULT_POLICY, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_is_on_the_list_and_not_granted_is_put_to_the_court_or_counted(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    listed = rows(package[0] / "on_the_list_not_granted.csv")
    held = rows(package[0] / "on_the_list_not_granted_held.csv")
    unchallenged = ask(
        ran[0],
        f"select count(*) from marts.fct_ab1706_list where policy_id = '{DEFAULT_POLICY}' "
        "and policy_answer <> 'granted' and list_standing in ('overdue', 'waiting', 'list_unknown')",
    )[0][0]
    assert len(listed) + len(held) == unchallenged != 0
    # The DOJ's list also held attempts, conspiracies and section 11361, so the account of AB 1706 includes them.
    assert {row["offense_form"] for row in listed} >= {"attempt", "conspiracy"}
    assert "11361" in {row["section"] for row in [*listed, *held]}
    assert {row["list_standing"] for row in listed} <= {"overdue", "waiting"}
    for row in listed:
        assert row["case_number"]
        assert row["section"]
        assert row["count_number"]
    for row in held:
        name = {"no_case_number": "case_number", "no_section": "section", "no_count_number": "count_number"}
        if row["held_reason"] == "list_unknown":
            assert "cannot be told" in row["what_is_owed"]
        else:
            assert row[name[row["held_reason"]]] == ""
            assert name[row["held_reason"]] in row["missing"].split(";")
    assert {row["held_reason"] for row in held} >= {"list_unknown", "no_count_number"}
    for row in listed:
        assert not row["determination"].startswith("Eligible")
        assert row["reason"]
        assert row["challenge_status"] in {"not_challenged", "withdrawn"}
        assert "unchallenged on 2020-07-01 an order is owed" in row["what_is_owed"]
        assert "nothing happens without the court's order" in row["what_is_owed"]
        assert row["offense_text"]
        assert row["offense_form"]
    counted = {
        row["status"]: int(row["convictions"])
        for row in rows(package[0] / "cover_sheet.csv")
        if row["section"] == "on the DOJ's list, not granted"
    }
    assert counted["put_to_the_court"] == len(listed)
    assert {reason: counted[reason] for reason in {row["held_reason"] for row in held}} == Counter(
        row["held_reason"] for row in held
    )
    in_all = ask(ran[0], f"select count(*) from marts.fct_relief_not_granted where policy_id = '{DEFAULT_POLICY}'")
    assert [(sum(counted.values()),)] == in_all


def test_challenges_off_the_list_are_in_a_list_of_their_own_for_the_defender_only(
    ran: tuple[Home, list[str]], package: tuple[Path, FilingExport]
) -> None:
    listed = rows(package[0] / "notice_to_public_defender_not_on_the_list.csv")
    stated = ask(
        ran[0],
        "select count(distinct conviction_key) from marts.fct_relief_events where event_type = 'challenged' "
        "and match_status = 'matched' and conviction_key not in (select conviction_key from marts.fct_relief_events "
        "where match_status = 'matched' and event_type in ('order_signed', 'order_denied', 'already_relieved')) "
        "and conviction_key in (select conviction_key from intermediate.int_review__doj_list "
        "where was_on_the_list is not true)",
    )[0][0]
    assert len(listed) == stated != 0
    assert {row["stated_status"] for row in listed} == {"challenged"}
    assert {(row["challenge_status"], row["was_on_the_list"]) for row in listed} <= {
        ("not_on_the_list", "no"),
        ("cannot_tell", "unknown"),
    }
    assert all(row["challenge_ground"] and row["challenge_date"] for row in listed)
    for notice in (all_rows(package[0], "notice_to_court"), rows(package[0] / "notice_to_public_defender.csv")):
        assert "not_on_the_list" not in {row["challenge_status"] for row in notice}


def test_grounds_that_do_not_fit_are_kept_and_flagged(copied: Home, tmp_path: Path) -> None:
    ((key, number),) = ask(
        copied,
        "select c.conviction_key, i.case_number from marts.fct_relief_challenges as c "
        "join intermediate.int_filing__case_identifiers as i using (conviction_key) "
        "where c.is_open and i.case_number is not null order by all limit 1",
    )
    change(
        copied,
        "update marts.fct_relief_challenges set is_risk_against_completed_sentence = true, "
        f"challenge_ground = 'unreasonable risk of danger' where conviction_key = '{key}'",
    )
    export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    for name in ("notice_to_court", "notice_to_public_defender"):
        flagged = {row["case_number"]: row["is_risk_against_completed_sentence"] for row in all_rows(tmp_path, name)}
        assert {case for case, flag in flagged.items() if flag == "yes"} == {number}
    cover = [row for row in rows(tmp_path / "out/cover_sheet.csv") if row["section"] == "for an attorney"]
    counted = {row["status"]: row["convictions"] or row["orders"] for row in cover}
    assert counted["risk of danger against a completed sentence"] == "1"
    unfit = ask(copied, "select count(*) from quality.audit_relief_grounds where finding = 'order_ground_does_not_fit'")
    assert counted["order whose ground does not fit the offense"] == str(unfit[0][0]) != "0"
    report = rows(tmp_path / "out/disposition_report_doj.csv")
    assert {"yes", "no"} <= {row["is_ground_fitting"] for row in report}


def test_a_row_lost_on_the_way_to_the_disk_stops_it(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = TableFiles.__exit__

    def lose_the_last_row(table: TableFiles, *error: object) -> None:
        close(table, *error)  # type: ignore[arg-type]
        lines = table.csv_path.read_text(encoding="utf-8").splitlines(keepends=True)
        table.csv_path.write_text("".join(lines[:-1]), encoding="utf-8")

    monkeypatch.setattr(TableFiles, "__exit__", lose_the_last_row)
    with pytest.raises(ReliefError, match="files"):
        export_filing(ran[0], DEFAULT_POLICY, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_grant_that_no_line_holds_stops_it(copied: Home, tmp_path: Path) -> None:
    ((key, *_), *_) = ask(copied, TO_FILE)
    change(copied, f"delete from intermediate.int_filing__case_identifiers where conviction_key = '{key}'")
    with pytest.raises(ReliefError, match="grants"):
        export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_refusals_are_one_line_and_write_nothing(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ran[0]
    full = tmp_path / "full"
    full.mkdir()
    (full / "old.csv").write_text("old", encoding="utf-8")
    for out, policy, words in (
        (full, DEFAULT_POLICY, "already contains files"),
        (full / "old.csv", DEFAULT_POLICY, "is not a folder"),
        (home.path / "out", DEFAULT_POLICY, "is in the data folder"),
        (home.path, DEFAULT_POLICY, "is in the data folder"),
        (tmp_path / "missing" / "out", DEFAULT_POLICY, "cannot be written"),
        (Path("/proc/relief-out"), DEFAULT_POLICY, "cannot be written"),
        (tmp_path / "out", "no_such_policy", "is not in the last build"),
    ):
        with pytest.raises(ReliefError, match=words) as raised:
            export_filing(home, policy, out)
        assert "\n" not in str(raised.value)
    with pytest.raises(ReliefError, match="no warehouse"):
        export_filing(Home(tmp_path / "nobody"), DEFAULT_POLICY, tmp_path / "out")
    monkeypatch.setattr(filing, "methodology", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ReliefError, match="No space left"):
        export_filing(home, DEFAULT_POLICY, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"full"}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update meta.builds set status = 'failed'", "failed"),
        ("update meta.builds set status = 'running'", "has not finished"),
        ("update meta.builds set as_known_at = timestamp '2022-01-01'", "an earlier time"),
        ("update raw.deliveries set landed_at = timestamp '2100-01-01'", "landed after build"),
        ("drop view marts.fct_relief_filings_by_day", "nothing is built yet"),
        ("update marts.dim_policies set status = 'draft'", "is a draft"),
    ],
)
def test_only_the_last_whole_build_of_now_goes_to_a_court(
    copied: Home, tmp_path: Path, statement: str, words: str
) -> None:
    change(copied, statement)
    with pytest.raises(ReliefError, match=words):
        export_filing(copied, DEFAULT_POLICY, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_folder_is_taken_and_the_command_needs_out_alone(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(ran[0].path))
    (tmp_path / "out").mkdir(mode=0o755)
    result = CliRunner().invoke(app, ["export", "filing", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "to be filed" in result.output
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    names = {row["name_doj"] for row in all_rows(tmp_path / "out", "unchallenged")} - {""}
    assert not any(name in result.output for name in names)
