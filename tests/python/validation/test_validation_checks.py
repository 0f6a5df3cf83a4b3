"""Every check of both gates passes on good data, and fails only on data that are broken for this check."""

import shutil
from pathlib import Path

import pytest

from relief.home import Home
from relief.validation.checks import Check
from relief.validation.measured import measure
from relief.validation.plausible import checks as band_checks
from relief.validation.results import CheckResult
from relief.validation.runner import run_checks
from relief.validation.suites import load_suite
from tests.python.validation import validation_warehouse as warehouse

PROGRESS = "reporting.rpt_progress_toward_published_totals"
DISMISSALS = "reporting.rpt_dismissals_by_year_and_offense"
FUNNEL = "reporting.rpt_relief_funnel"
UNIVERSES = "reporting.rpt_universe_reconciliation"
OUTCOMES = "reporting.rpt_people_outcomes"

BREAKS = {
    "landed": {
        "Something has been landed": "update raw.deliveries set status = 'superseded'",
        "Every delivery is listed once": "insert into raw.deliveries select * from raw.deliveries limit 1",
        "Every record is loaded or rejected": "update raw.deliveries set records = 51 where delivery_id = 'la_court-1'",
        "The warehouse reads every loaded row": "delete from raw.la_court_sentences where row_no = 3",
        "Every reject is kept": "delete from raw.rejects",
        "A reject is closed once": "insert into raw.reject_repairs values ('r', 'ca_doj-1', 5, 'dropped')",
        "Hardly any record is rejected": "update raw.deliveries set rejected = 3 where delivery_id = 'ca_doj-1'",
        "Few records are rejected": "update raw.deliveries set rejected = 102 where delivery_id = 'ca_doj-1'",
        "Every delivery was measured": "delete from meta.measured where delivery_id = 'ca_doj-1'",
        "No two files hold the same rows": (
            "insert into meta.measured select * from meta.measured where measure = 'content'"
        ),
        "Every delivery holds rows": "update raw.deliveries set loaded = 0 where delivery_id = 'relief_events-1'",
        "The as-of date of every delivery was given": "update raw.deliveries set as_of_given = false",
        "Invented and real people are apart": "update raw.deliveries set is_synthetic = true where source = 'ca_doj'",
        "Numbers are written out": "update raw.relief_events set event_id = '1.01E+11' where row_no = 1",
        "The DOJ extract holds convictions": "update raw.ca_doj set disp_descr = 'DISMISSED'",
        "Words of DOJ dispositions are known": "update raw.ca_doj set disp_descr = 'CONVICTED QXZ' where row_no = 8",
        "Words of court dispositions are known": "update raw.la_court_counts set disposition = 'QXZ' where row_no = 8",
        "Step types of the DOJ are known": "update raw.ca_doj set stp_type_descr = 'QXZ' where row_no = 8",
        "Levels of DOJ convictions are known": "update raw.ca_doj set conv_stat_descr = 'QXZ' where row_no = 8",
        "Sentences of the DOJ are known": "update raw.ca_doj set sent_loc_descr = 'QXZ' where row_no = 8",
        "Levels of court counts are known": "update raw.la_court_counts set level = 'QXZ' where row_no = 8",
        "Pleas of court counts are known": "update raw.la_court_counts set plea = 'QXZ' where row_no = 8",
        "Sentences of the court are known": "update raw.la_court_sentences set sentence_type = 'QXZ' where row_no = 1",
        "Every DOJ row names its subject": "update raw.ca_doj set subject_id = ' ' where row_no = 5",
        "Most DOJ rows name their subject": "update raw.ca_doj set subject_id = '' where row_no < 101",
        "Count numbers of DOJ convictions are well formed": "update raw.ca_doj set cnt_order = 'QXZ1' where row_no = 8",
        "DOJ convictions name their county": "update raw.ca_doj set stp_ori_cnty_name = 'NULL' where row_no < 24",
        "DOJ convictions name a county of the list": "update raw.ca_doj set stp_ori_cnty_name = '19' where row_no = 8",
        "DOJ convictions have a calendar date": "update raw.ca_doj set stp_event_date = '20010231' where row_no < 44",
        "Courthouses of court cases are listed": (
            "update raw.la_court_cases set courthouse_name = 'QXZ' where row_no = 7"
        ),
        "Court cases hold rows": "delete from raw.la_court_cases",
        "Court cases came with their counts": "delete from raw.deliveries where delivery_id = 'la_court-2'",
        "Most court records have a case number": "update raw.la_court_counts set case_number = '' where row_no < 8",
        "Every court record has a case number": "update raw.la_court_sentences set case_number = '' where row_no = 1",
        "Court counts belong to a delivered case": "update raw.la_court_counts set defendant_number = '02'",
        "Most event types are known": "update raw.relief_events set event_type = 'QXZ' where row_no < 6",
        "Every event type is known": "update raw.relief_events set event_type = null where row_no = 1",
        "Event ids are given once": "update raw.relief_events set event_id = 'QXZE1' where row_no = 2",
        "Events have a calendar date": "update raw.relief_events set event_date = '2020-02-30' where row_no < 2",
        "No event is dated after its file": "update raw.relief_events set event_date = '2206-02-11' where row_no = 1",
        "Events name a conviction": "update raw.relief_events set cnt_order = '' where row_no < 2",
        "Signed orders say which relief": "update raw.relief_events set relief_type = 'QXZ' where row_no = 1",
        "Decisions say what, who and when": "update raw.review_decisions set attorney = ' ' where row_no = 1",
        "Decisions have a known type and verdict": "update raw.review_decisions set verdict = 'ok' where row_no = 1",
        "Decisions have a calendar date": "update raw.review_decisions set decision_date = '3/1/2020' where row_no = 1",
        "No decision is dated after its file": (
            "update raw.review_decisions set decision_date = '2206-05-02' where row_no = 1"
        ),
    },
    "published": {
        "The build saw every delivery": "delete from quality.audit_delivery_reconciliation",
        "Every delivery is reconciled": "update quality.audit_delivery_reconciliation set is_reconciled = null",
        "There are convictions": "delete from marts.fct_convictions",
        "Every conviction is counted once": "update marts.fct_convictions set conviction_key = null",
        "Convictions have a year": "update marts.fct_convictions set conviction_year = null where wave_number = 2",
        "Convictions were decided under a policy": "delete from marts.fct_relief_determinations",
        "Every determination has its reason": "update marts.fct_relief_determinations set reason = ' '",
        "One determination per conviction and policy": (
            "insert into marts.fct_relief_determinations select * from marts.fct_relief_determinations limit 1"
        ),
        "Every dismissed conviction is in one wave or in neither": (
            "update marts.fct_convictions set wave_number = 3 where conviction_key = 'QXZK1'"
        ),
        "Dismissed convictions have a known offense": (
            "update marts.fct_convictions set offense = 'unknown' where wave_number = 2"
        ),
        "Signed orders find their conviction": (
            "update marts.fct_relief_events set match_status = 'no_conviction' where event_key < 'QXZ12'"
        ),
        "Progress has every wave and stage": f"delete from {PROGRESS} where wave_number = 2 and stage = 'doj_updated'",
        "Progress has each wave and stage once": f"insert into {PROGRESS} select * from {PROGRESS} limit 1",
        "Each wave is in its own unit": f"update {PROGRESS} set unit = 'convictions' where wave_number = 2",
        "The published figures are there": f"update {PROGRESS} set published_count = null where wave_number = 2",
        "Published figures are quoted with their source": f"update {PROGRESS} set published_source_url = ''",
        "Wave 1 is counted": f"update {PROGRESS} set counted = null where wave_number = 1 and stage_number = 4",
        "Wave 2 is counted": f"update {PROGRESS} set counted = null where wave_number = 2 and stage_number = 4",
        "Counts lie within their range": f"update {PROGRESS} set counted_low = counted + 1 where stage_number = 4",
        "No stage counts more than the one before it": (
            f"update {PROGRESS} set counted = 90, counted_high = 90 where wave_number = 1 and stage_number = 4"
        ),
        "No stage that is always told is reached by more than the one before it": (
            f"update {FUNNEL} set counted = 81, counted_high = 81 where stage = 'doj_updated'"
        ),
        "Hardly any stage has a day that is unknown or cannot be true": (
            f"update {FUNNEL} set day_unknown = 3 where stage = 'order_signed'"
        ),
        "Dismissals by year have rows": f"delete from {DISMISSALS}",
        "Dismissals are stated once": f"insert into {DISMISSALS} select * from {DISMISSALS} where unit = 'cases'",
        "Dismissals are in a known unit": f"update {DISMISSALS} set unit = 'charges' where wave = 'neither'",
        "The waves of both reports agree": (
            f"update {DISMISSALS} set dismissals = 24"
            " where wave = '2' and unit = 'cases' and year_basis = 'conviction_year'"
        ),
        "The waves add up to all dismissals": (
            f"update {DISMISSALS} set dismissals = 11 where wave = 'neither' and unit = 'convictions'"
        ),
        "People's outcomes have rows": f"delete from {OUTCOMES}",
        "Outcomes are part of the people with relief": f"update {OUTCOMES} set no_felony_left = 96",
        "No count is negative": f"update {OUTCOMES} set cannot_tell = -1",
        "Every figure says how old its data are": f"update {OUTCOMES} set extract_as_of_date = null",
        "Synthetic data are labelled": f"update {OUTCOMES} set is_synthetic = null",
        "Reports hold no identifiers": f"alter table {OUTCOMES} add column cii_number varchar",
    },
}

# Checks with a stricter limit, which fail too because they look for the same fault.
ALSO = {
    "Few records are rejected": {"Hardly any record is rejected"},
    "Most DOJ rows name their subject": {"Every DOJ row names its subject"},
    "Most court records have a case number": {"Every court record has a case number"},
    "Most event types are known": {"Every event type is known"},
}

CASES = [(gate, name) for gate, breaks in BREAKS.items() for name in breaks]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "warehouse.duckdb"
    warehouse.build(path)
    measure(Home(path.parent))
    return path


def checks_of(gate: str) -> list[Check]:
    """Checks of a gate without the bands, which test_bands.py breaks one by one."""
    bands = {check.name for check in band_checks()}
    return [check for check in load_suite(gate).checks if check.name not in bands]


def only(gate: str, names: set[str]) -> list[Check]:
    return [check for check in load_suite(gate).checks if check.name in names]


def by_name(results: list[CheckResult]) -> dict[str, CheckResult]:
    return {result.name: result for result in results}


@pytest.mark.parametrize("gate", BREAKS)
def test_every_check_of_a_gate_is_broken_by_a_test_below(gate: str) -> None:
    assert {check.name for check in checks_of(gate)} == set(BREAKS[gate])


@pytest.mark.parametrize("gate", BREAKS)
def test_a_gate_has_at_least_five_checks_that_stop_and_counts_rows(gate: str) -> None:
    checks = load_suite(gate).checks
    assert sum(check.severity == "stop" for check in checks) >= 5
    assert any(check.expectation == "expect_table_row_count_to_be_between" for check in checks)


@pytest.mark.parametrize("gate", BREAKS)
def test_every_check_passes_on_good_data(gate: str, good: Path) -> None:
    results = run_checks(good, list(load_suite(gate).checks))
    assert [result.line() for result in results if result.status != "passed"] == []


# The same checks read other reports too.
ELSEWHERE = [
    ("Counts lie within their range", f"update {FUNNEL} set counted_high = 99 where stage = 'order_signed'"),
    ("No count is negative", f"update {FUNNEL} set ended_here = -1 where stage = 'doj_updated'"),
    ("No count is negative", f"update {UNIVERSES} set counted = -1 where kind = 'plus'"),
    ("Every figure says how old its data are", f"update {FUNNEL} set lifecycle_as_of_date = null"),
    ("Every figure says how old its data are", f"update {UNIVERSES} set extract_as_of_date = null"),
    ("Synthetic data are labelled", f"update {FUNNEL} set is_synthetic = true"),
    ("Synthetic data are labelled", f"update {UNIVERSES} set is_synthetic = null"),
]


@pytest.mark.parametrize(("name", "sql"), ELSEWHERE, ids=[sql.split()[1] + " " + name for name, sql in ELSEWHERE])
def test_a_check_of_several_reports_reads_each(name: str, sql: str, good: Path, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    shutil.copy(good, path)
    warehouse.change(path, sql)
    assert [result.status for result in run_checks(path, only("published", {name}))] == ["failed"]


@pytest.mark.parametrize(("gate", "name"), CASES, ids=[name for _, name in CASES])
def test_a_check_fails_on_data_broken_for_it(gate: str, name: str, good: Path, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    shutil.copy(good, path)
    warehouse.change(path, BREAKS[gate][name])
    results = by_name(run_checks(path, only(gate, {name} | ALSO.get(name, set()))))
    check = only(gate, {name})[0]
    assert results[name].status == ("failed" if check.severity == "stop" else "warned")
    assert {other for other, result in results.items() if result.status != "passed"} == {name} | ALSO.get(name, set())
    assert warehouse.MARK not in "".join(repr(result) for result in results.values())
