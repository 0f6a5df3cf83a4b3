"""Rows from attorneys and agencies that contain mistakes: each is applied, or is listed with the reason why not."""

import csv
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from relief.building.build import build
from relief.cli.app import app
from relief.export.worklist import export_worklist
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.landing.given import findings
from relief.landing.layout import load_source
from relief.validation import validate
from tests.python.support.warehouse import read_csv

STATUTE = "statutory_11361_8"
DECISIONS_AS_OF, EVENTS_AS_OF = date(2020, 6, 30), date(2023, 12, 31)
_LINKED = """
    select
        doj.delivery_id || ':' || doj.row_no as record, court.delivery_id || ':' || court.row_no as court_record,
        doj.subject_id, doj.cii_number, doj.cnt_order, court.case_number, court.defendant_number, court.count_number
    from intermediate.int_identity__convictions as convictions
    inner join intermediate.int_convictions__criminal_history as doj using (doj_conviction_key)
    inner join intermediate.int_convictions__court as court using (court_conviction_key)
    inner join intermediate.int_policies__scope as scope
        on convictions.conviction_key = scope.conviction_key and scope.policy_id = 'statutory_11361_8'
    where convictions.is_in_county and not convictions.is_link_weak and court.count_number is not null
        and doj.cii_number is not null
        and convictions.conviction_key not in (
            select conviction_key from marts.fct_review_decisions where conviction_key is not null
        )
        and doj.subject_key in (
            select subject_key from intermediate.int_convictions__criminal_history group by 1 having count(*) = 1
        )
    order by 1
"""


class Case(NamedTuple):
    """The changes to a valid row, the expected status of the row, and the column that must be corrected."""

    change: dict[str, str]
    status: str = "in_force"
    column: str | None = None
    finding: str | None = None  # the finding about a row that is applied although something is missing


class Given(NamedTuple):
    """A built data folder with a file of decisions, another whose dates reveal day and month, and a file of events."""

    home: Home
    cases: list[Case]
    event_cases: list[Case]
    landed: list[str]
    built: list[str]


ALL_NAMES = ("record", "subject_id", "cii_number", "cnt_order", "case_number", "defendant_number", "count_number")
NO_NAMES = dict.fromkeys(ALL_NAMES, "")


def decision_cases(convictions: list[dict[str, str]], other_row: str) -> list[Case]:
    """Decisions with mistakes.

    `other_row` is a landed row without a conviction; `two` is a conviction that no row is about.
    """
    two, unknown = convictions[-1], "ca_doj-0123456789ab:7"
    doj, court = convictions[-2], convictions[-3]
    rows = int(convictions[0]["record"].split(":")[1])
    beyond = convictions[0]["record"].split(":")[0] + f":{rows + 900_000}"
    return [
        Case({}),
        Case({"verdict": "Not  Eligible"}, "replaced", None, "decision_contradicted_same_day"),
        Case({"verdict": "NOT-ELIGIBLE"}),
        Case({"verdict": "eligible for  Redesignation", "legal_ground": ""}),
        Case({"subject_id": "00{subject_id}", "count_number": "{count_number}.0"}),
        Case({"cnt_order": "{scientific}"}),
        Case({name: "" for name in ALL_NAMES if name != "record"}),
        Case({"record": "", "policy_id": "Statutory_11361_8"}),
        Case({"legal_ground": "mercy"}, finding="decision_legal_ground_unknown"),
        Case({"legal_ground": ""}, finding="decision_without_legal_ground"),
        Case({"ground": ""}, finding="decision_without_reason"),
        Case({"decision_date": "3/1/2020"}, "date_unreadable", "decision_date"),
        Case({"decision_date": "3/1/20"}, "date_unreadable", "decision_date"),
        Case({"decision_date": "March 1, 2020"}, "date_unreadable", "decision_date"),
        Case({"decision_date": "2020-02-30"}, "date_unreadable", "decision_date"),
        Case({"decision_date": "43891"}, "date_unreadable", "decision_date"),
        Case({"decision_date": "1.3.2020"}, "date_unreadable", "decision_date"),
        Case({"decision_date": "2206-05-02"}, "in_the_future", "decision_date"),
        Case({"decision_date": ""}, "incomplete", "decision_date"),
        Case({"attorney": ""}, "incomplete", "attorney"),
        Case({"verdict": ""}, "incomplete", "verdict"),
        Case({"verdict": "", "attorney": "", "decision_date": "", "legal_ground": ""}, "incomplete", "verdict"),
        Case({"verdict": "", "attorney": "", "decision_date": "", "legal_ground": "", "ground": ""}, "not_filled_in"),
        Case({"verdict": "elligible"}, "verdict_unknown", "verdict"),
        Case({"verdict": "granted"}, "verdict_unknown", "verdict"),
        Case({"decision_type": "challenge"}, "verdict_unknown", "verdict"),
        Case({"decision_type": "opinion"}, "type_unknown", "decision_type"),
        Case({"decision_type": ""}, "type_unknown", "decision_type"),
        Case({"record": "row 17"}, "record_unknown", "record"),
        Case({"record": unknown}, "record_unknown", "record"),
        Case({"record": beyond}, "record_unknown", "record"),
        Case({"record": other_row}, "names_differ", "record"),
        Case(NO_NAMES | {"record": other_row}, "no_conviction"),
        Case({"record": two["record"]}, "names_differ"),
        Case({"subject_id": "98000001"}, "names_differ", "subject_id"),
        Case({"subject_id": two["subject_id"], "cii_number": ""}, "names_differ"),
        Case({"cii_number": "A99999999"}, "names_differ", "cii_number"),
        Case({"cnt_order": "999001001000"}, "names_differ", "cnt_order"),
        Case({"case_number": "ZZ999999"}, "names_differ", "case_number"),
        Case({"defendant_number": "97"}, "names_differ", "defendant_number"),
        Case({"defendant_number": "x"}, "names_differ", "defendant_number"),
        Case({"count_number": "97"}, "names_differ", "count_number"),
        Case({"record": "", **{name: two[name] for name in ALL_NAMES[4:]}}, "names_differ"),
        Case(NO_NAMES | {"subject_id": "98000002", "cnt_order": "101001001000"}, "no_conviction"),
        Case(NO_NAMES, "no_conviction"),
        Case({"policy_id": "nobodys_policy"}, "policy_unknown", "policy_id"),
        Case({"decision_type": "count_link", "verdict": "same", "legal_ground": ""}
             | NO_NAMES | {"record": doj["record"]}, "one_side_only"),
        Case({"decision_type": "person_link", "verdict": "same", "legal_ground": ""}
             | NO_NAMES | {"record": court["court_record"]}, "one_side_only"),
        Case({"decision_type": "count_link", "verdict": "same", "case_number": "ZZ999998"}, "no_conviction"),
        Case({"decision_type": "count_link", "verdict": "the same one"}, "verdict_unknown", "verdict"),
        Case({"like": "0", "verdict": "not_eligible", "decision_date": "2020-05-01"}, "replaced"),
        Case({"like": "1", "verdict": "redesignation"}),  # contradicts row 2 on the same day
    ]  # fmt: skip


def event_cases(convictions: list[dict[str, str]]) -> list[Case]:
    two = convictions[-4]
    doj, court = dict.fromkeys(ALL_NAMES[4:], ""), dict.fromkeys(ALL_NAMES[:4], "")
    return [
        Case({}, "matched"),
        Case({"event_type": "Order  Signed", "relief_type": "Dismissal and sealing"}, "matched"),
        Case(court | {"count_number": "0{count_number}", "defendant_number": "{defendant_number}.0"}, "matched"),
        Case(doj | {"cnt_order": "{cnt_order}.0"}, "matched"),
        Case({"event_type": "order_sined"}, "matched", "event_type", "event_type_unknown"),
        Case({"event_type": ""}, "matched", "event_type", "event_type_unknown"),
        Case({"relief_type": "dismised"}, "matched", "relief_type", "order_relief_type_unknown"),
        Case({"relief_type": ""}, "matched", "relief_type", "order_relief_type_unknown"),
        Case({"event_date": "3/1/2022"}, "matched", "event_date", "event_without_date"),
        Case({"event_date": ""}, "matched", "event_date", "event_without_date"),
        Case({"event_date": "3/1/22"}, "matched", "event_date", "event_without_date"),
        Case({"event_date": "2206-03-01"}, "in_the_future", "event_date", "event_in_the_future"),
        Case({name: two[name] for name in ALL_NAMES[4:]}, "names_differ", None, "event_names_differ"),
        Case({"cnt_order": "999001001000"}, "names_differ", "cnt_order", "event_names_differ"),
        Case({"cnt_order": "999001001000"} | doj, "no_conviction", None, "order_no_conviction"),
        Case({"subject_id": two["subject_id"]}, "names_differ", "subject_id", "event_names_differ"),
        Case({"cii_number": two["cii_number"]}, "names_differ", "cii_number", "event_names_differ"),
        Case({"defendant_number": "97"}, "names_differ", "defendant_number", "event_names_differ"),
        Case({"case_number": "ZZ999999"}, "names_differ", "case_number", "event_names_differ"),
        Case({"count_number": "97"}, "names_differ", "count_number", "event_names_differ"),
        Case(court | {"count_number": ""}, "no_conviction", None, "order_no_conviction"),
        Case(court | doj, "no_conviction", None, "order_no_conviction"),
        Case({"event_type": "doj_updated"} | court | doj, "no_conviction", None, "event_no_conviction"),
        Case({"like": "0"}, "duplicate", None, "event_duplicate"),
    ]


def rows_of(cases: list[Case], convictions: list[dict[str, str]], base: dict[str, str]) -> list[dict[str, str]]:
    """One row per case; each is about its own conviction unless the case repeats an earlier row."""
    rows: list[dict[str, str]] = []
    for case, conviction in zip(cases, convictions, strict=False):
        order = conviction["cnt_order"]
        values = conviction | {"scientific": f"{int(order):.5E}"}
        change = dict(case.change)
        start = rows[int(change.pop("like"))] if "like" in change else base | conviction
        rows.append(start | {name: text.format(**values) for name, text in change.items()})
    return rows


def write(path: Path, source: str, rows: list[dict[str, str]]) -> Path:
    (table,) = load_source(source).tables
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, table.headers, lineterminator="\n", restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def ask(home: Home, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute(query, list(parameters)).fetchall()


def linked(home: Home) -> list[dict[str, str]]:
    with open_warehouse(home, read_only=True) as connection:
        cursor = connection.execute(_LINKED)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def delivery_of(home: Home, file_name: str) -> str:
    return str(ask(home, "select delivery_id from raw.deliveries where file_name = ?", file_name)[0][0])


@pytest.fixture(scope="module")
def given(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("not_obeyed")
    home = Home(folder / "home")
    shutil.copytree(ran[0].path, home.path)
    convictions = linked(home)
    other_row = ask(
        home,
        "select delivery_id || ':' || row_no from intermediate.int_criminal_history__rows "
        "where not has_convicted_disposition order by 1 limit 1",
    )[0][0]
    cases, events = decision_cases(convictions, other_row), event_cases(convictions)
    by = {"extract_label": "SYNTHETIC"}
    decided = by | {
        "decision_type": "eligibility", "verdict": "dismissal", "legal_ground": "PC 1385", "ground": "why",
        "attorney": "A. Attorney", "decision_date": "2020-05-02",
    }  # fmt: skip
    ordered = by | {"event_type": "order_signed", "relief_type": "dismissal", "event_date": "2022-05-02", "record": ""}
    with_order = [decided | row | {"decision_date": day} for row, day in zip(
        convictions[len(cases) :], ("5/13/2020", "3/1/2020", "4/2/2020"), strict=False)]  # fmt: skip
    event_rows = rows_of(events, convictions[len(cases) + 3 :], ordered)
    for number, row in enumerate(event_rows):
        row["event_id"] = f"N{number}"
    lines: list[str] = []
    for source, name, rows, as_of in (
        ("review_decisions", "decisions_40.csv", rows_of(cases, convictions, decided), DECISIONS_AS_OF),
        ("review_decisions", "decisions_us.csv", with_order, DECISIONS_AS_OF),
        ("relief_events", "events_20.csv", event_rows, EVENTS_AS_OF),
    ):
        land(home, source, [write(folder / name, source, rows)], as_of, None, lines.append)
    built: list[str] = []
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=built.append)
    return Given(home, cases, events, lines, built)


def test_each_of_forty_mistakes_is_obeyed_or_listed_with_its_reason(given: Given) -> None:
    delivery = delivery_of(given.home, "decisions_40.csv")
    found = ask(
        given.home,
        "select decision_status, fault_column from marts.fct_review_decisions where delivery_id = ? order by row_no",
        delivery,
    )
    assert [*enumerate(found, 1)] == [*enumerate(((case.status, case.column) for case in given.cases), 1)]
    assert sum(case.status not in ("in_force", "not_filled_in") or bool(case.finding) for case in given.cases) >= 40
    listed = dict(
        ask(given.home, "select row_no, finding from quality.audit_decisions where delivery_id = ?", delivery)
    )
    refused = ("in_force", "replaced", "not_filled_in")
    expected = {
        number: case.finding or f"decision_{case.status}"
        for number, case in enumerate(given.cases, 1)
        if case.finding or case.status not in refused
    }
    assert listed == expected
    assert all(findings()[finding][1] for finding in listed.values())


def test_each_of_twenty_events_counts_or_is_listed_with_its_reason(given: Given) -> None:
    delivery = delivery_of(given.home, "events_20.csv")
    found = ask(
        given.home,
        "select match_status from marts.fct_relief_events where delivery_id = ? order by row_no",
        delivery,
    )
    assert [*enumerate((status for (status,) in found), 1)] == [*enumerate((c.status for c in given.event_cases), 1)]
    listed = {
        row: (finding, column)
        for row, finding, column in ask(
            given.home,
            "select row_no, finding, column_name from quality.audit_unmatched_events where delivery_id = ?",
            delivery,
        )
    }
    assert listed == {
        number: (case.finding, case.column)
        for number, case in enumerate(given.event_cases, 1)
        if case.finding and case.status != "in_the_future"
    }
    assert all(findings()[finding][1] for finding, _ in listed.values())


def test_us_dates_are_read_where_another_date_of_their_column_shows_the_month(given: Given) -> None:
    delivery = delivery_of(given.home, "decisions_us.csv")
    found = ask(
        given.home,
        "select decision_status, decision_date from marts.fct_review_decisions where delivery_id = ? order by row_no",
        delivery,
    )
    assert found == [
        ("in_force", date(2020, 5, 13)), ("in_force", date(2020, 3, 1)), ("in_force", date(2020, 4, 2)),
    ]  # fmt: skip


def test_landing_lists_what_the_file_alone_shows_with_row_column_and_what_to_write(given: Given) -> None:
    text = "\n".join(given.landed)
    title, what_to_do = findings()["decision_date_unreadable"]
    assert f"rows 12, 13, 14, 15, 16, 17, decision_date: {title}. {what_to_do}." in text
    title, what_to_do = findings()["decision_verdict_unknown"]
    assert f"rows 24, 25, 26, 50, verdict: {title}. {what_to_do}." in text
    for part in ("row 18, decision_date", "row 20, attorney", "rows 27, 28, decision_type", "row 29, record",
                 "row 9, legal_ground", "row 11, ground", "rows 5, 6, event_type", "rows 7, 8, relief_type",
                 "rows 9, 10, 11, event_date", "row 12, event_date"):  # fmt: skip
        assert f"    {part}: " in text


def test_build_and_status_count_every_row_once_and_list_the_rows(given: Given) -> None:
    statuses = Counter(
        status for (status,) in ask(given.home, "select decision_status from marts.fct_review_decisions")
    )
    obeyed, replaced, blank = (statuses.pop(status) for status in ("in_force", "replaced", "not_filled_in"))
    refused = sum(statuses.values())
    total = obeyed + replaced + blank + refused
    line = (
        f"decisions: {total} rows = {obeyed} obeyed + {replaced} replaced by a later one + {blank} not filled in + "
        f"{refused} not obeyed"
    )
    events = Counter(status for (status,) in ask(given.home, "select match_status from marts.fct_relief_events"))
    event_line = f"events: {sum(events.values()):,} rows = "
    delivery = delivery_of(given.home, "decisions_40.csv")
    title, what_to_do = findings()["decision_names_differ"]
    listed = f"  {delivery} row 37, cii_number: {title}. {what_to_do}."
    shown = CliRunner().invoke(app, ["status"], env={"RELIEF_HOME": str(given.home.path)}).output.splitlines()
    for lines in (given.built, shown):
        assert line in lines
        assert listed in lines
        assert any(text.startswith(event_line) for text in lines)
    everything = "\n".join([*given.landed, *given.built, *shown])
    for conviction in linked(given.home)[:80]:
        assert conviction["cii_number"] not in everything
        assert conviction["subject_id"] not in everything.replace("98000001", "")


def test_the_landed_gate_counts_them(given: Given) -> None:
    lines: list[str] = []
    validate(given.home, "landed", lines.append)
    text = "\n".join(lines)
    assert "warned  Decisions have a known type and verdict: 6 exceptions" in text
    assert "warned  Decisions have a calendar date: 6 exceptions" in text
    assert "warned  No decision is dated after its file: 1 exception" in text
    assert "warned  Decisions say what, who and when: 4 exceptions" in text
    assert "warned  No event is dated after its file: 1 exception" in text


def test_the_next_worklist_repeats_each_row_as_it_was_given(given: Given, tmp_path: Path) -> None:
    export_worklist(given.home, STATUTE, tmp_path / "out")
    delivery = delivery_of(given.home, "decisions_40.csv")
    rows = [row for row in read_csv(tmp_path / "out/decisions_not_obeyed.csv") if row["delivery_id"] == delivery]
    by_row = {int(row["row_no"]): row for row in rows}
    silent = ("in_force", "not_filled_in")
    expected = {n for n, case in enumerate(given.cases, 1) if case.finding or case.status not in silent}
    assert set(by_row) == expected
    assert by_row[24]["verdict"] == "elligible"
    assert by_row[46]["policy_id"] == "nobodys_policy"
    assert by_row[24]["outcome"] == "not obeyed"
    assert by_row[9]["outcome"] == "obeyed"
    assert by_row[12]["decision_date"] == "3/1/2020"
    assert by_row[12]["what_to_write"] == findings()["decision_date_unreadable"][1]
    assert all(row["reason"] and row["what_to_write"] for row in rows)
    events = read_csv(tmp_path / "out/events_not_counted.csv")
    mine = [row for row in events if row["delivery_id"] == delivery_of(given.home, "events_20.csv")]
    assert len(mine) == sum(bool(case.finding) for case in given.event_cases)
    assert (tmp_path / "out/decisions_not_obeyed.xlsx").exists()
