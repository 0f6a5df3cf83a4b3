"""Synthetic extracts: repeatable, labeled, in the real layouts, of the published size, and never over other files."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from relief.errors import ReliefError
from synthetic import (
    CONVICTION_PAIRS_NAME,
    CONVICTIONS_NAME,
    DEFECTS_NAME,
    FILE_NAMES,
    PAIRS_NAME,
    SynthResult,
    existing_extracts,
    write_extracts,
)

SCALE, SEED = 0.004, 11
TRUTH_TABLES = [CONVICTIONS_NAME, DEFECTS_NAME, PAIRS_NAME, CONVICTION_PAIRS_NAME]
NAMES = [name for names in FILE_NAMES.values() for name in names]


def quiet(_: str) -> None:
    pass


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return write_extracts(tmp_path_factory.mktemp("small"), SCALE, SEED, quiet)


@pytest.fixture(scope="module")
def twentieth(tmp_path_factory: pytest.TempPathFactory) -> dict:
    out = tmp_path_factory.mktemp("twentieth")
    return json.loads(write_extracts(out, 0.05, 3, quiet).truth_path.read_text())


def test_same_seed_same_bytes_other_seed_other_bytes(small, tmp_path):
    again = write_extracts(tmp_path / "again", SCALE, SEED, quiet)
    other = write_extracts(tmp_path / "other", SCALE, SEED + 1, quiet)
    for path in sorted(small.truth_path.parent.iterdir()):
        assert path.read_bytes() == (again.truth_path.parent / path.name).read_bytes(), path.name
        assert path.read_bytes() != (other.truth_path.parent / path.name).read_bytes(), path.name


def test_exactly_the_files_promised(small):
    names = {path.name for path in small.truth_path.parent.iterdir()}
    assert names == {*NAMES, "SYNTHETIC_truth.json", *TRUTH_TABLES}
    assert all(path.exists() for paths in small.paths.values() for path in paths)


def test_doj_file_has_95_columns_on_every_line(small):
    with small.paths["ca_doj"][0].open(newline="") as file:
        lines = list(csv.reader(file))
    assert {len(line) for line in lines} == {95}
    assert lines[0][0] == "RECORD_ID"
    assert lines[0][50] == "CNT_ORDER"
    assert lines[0][94] == "END_OF_REC"
    assert {len(line[50]) for line in lines[1:]} == {12}
    assert len(lines) - 1 == small.rows["SYNTHETIC_ca_doj.csv"]


@pytest.mark.parametrize("name", [*NAMES, *TRUTH_TABLES])
def test_every_row_is_labelled(small, name):
    rows = rows_of(small.truth_path.parent / name)
    label = "RECORD_ID" if name == "SYNTHETIC_ca_doj.csv" else "extract_label"
    assert len(rows) == small.rows[name]
    assert {row[label] for row in rows} == {"SYNTHETIC"}


def test_identifiers_are_of_ranges_never_issued(small):
    rows = rows_of(small.paths["ca_doj"][0])
    numbers = {row["PRI_SSN"] for row in rows} | {row["REQ_SSN"] for row in rows}
    # No real social security number starts with 9, and no taxpayer number has a middle part from 10 to 49.
    assert all(number == "" or (number[0] == "9" and 10 <= int(number[3:5]) <= 49) for number in numbers)
    assert all(row["CII_NUMBER"] == "" or row["CII_NUMBER"][0] == "A" for row in rows)
    assert all(row["PRI_CDL"] == "" or row["PRI_CDL"].startswith("Z0") for row in rows)


def test_one_person_has_one_subject_and_one_number(small):
    rows = rows_of(small.paths["ca_doj"][0])
    pairs = {(row["SUBJECT_ID"], row["CII_NUMBER"]) for row in rows}
    assert len(pairs) == len({subject for subject, _ in pairs})
    known = [number for _, number in pairs if number]
    assert len(known) == len(set(known))


def test_nothing_is_dated_after_its_extract_but_what_is_planted(small):
    truth = json.loads(small.truth_path.read_text())
    limit = small.as_of["ca_doj"].strftime("%Y%m%d")
    late = {
        (row["SUBJECT_ID"], row["CNT_ORDER"][:6])
        for row in rows_of(small.paths["ca_doj"][0])
        if any(row[name].isdigit() and row[name] > limit for name in ("CYC_DATE", "STP_EVENT_DATE", "DISP_DATE"))
    }
    assert len(late) == truth["planted_dates"]["cases_dated_in_the_future"] > 0
    cases, counts, _ = small.paths["la_court"]
    court = small.as_of["la_court"].isoformat()
    assert max(row["filing_date"] for row in rows_of(cases)) <= court
    assert max(max(row["offense_date"], row["disposition_date"]) for row in rows_of(counts)) <= court
    events = [row["event_date"] for row in rows_of(small.paths["relief_events"][0])]
    assert max(events) <= small.as_of["relief_events"].isoformat()


def test_as_of_dates(small):
    assert small.as_of == {
        "ca_doj": date(2019, 7, 1),
        "la_court": date(2021, 9, 1),
        "relief_events": date(2023, 7, 10),
        "review_decisions": date(2020, 6, 30),
    }


def test_events_have_unique_ids_and_follow_their_order(small):
    rows = rows_of(small.paths["relief_events"][0])
    assert len({row["event_id"] for row in rows}) == len(rows)
    key = ("subject_id", "cnt_order", "case_number", "defendant_number", "count_number")
    signed = {
        tuple(row[name] for name in key): row["event_date"] for row in rows if row["event_type"] == "order_signed"
    }
    for row in rows:
        names = tuple(row[name] for name in key)
        assert (row["cnt_order"] != "") != (row["count_number"] != "")
        if row["event_type"] in ("order_entered", "court_record_updated", "doj_updated") and names in signed:
            assert row["event_date"] >= signed[names]
    assert {row["relief_type"] for row in rows if row["event_type"] != "order_signed"} == {""}


def test_court_counts_belong_to_cases_and_sentences_to_counts(small):
    cases, counts, sentences = (rows_of(path) for path in small.paths["la_court"])
    case_keys = {(row["case_number"], row["defendant_number"]) for row in cases}
    count_keys = {(row["case_number"], row["defendant_number"], row["count_number"]) for row in counts}
    assert len(case_keys) == len(cases)
    assert len(count_keys) == len(counts)
    assert {key[:2] for key in count_keys} <= case_keys
    assert {(r["case_number"], r["defendant_number"], r["count_number"]) for r in sentences} <= count_keys
    assert case_keys - {key[:2] for key in count_keys}, "some cases have no charges"
    assert any(row["disposition"] == "" for row in counts)


def test_the_court_shows_a_share_of_the_cii_numbers(small):
    cases = rows_of(small.paths["la_court"][0])
    unknown = sum(row["cii_number"] == "" for row in cases) / len(cases)
    assert 0.3 < unknown < 0.5


def test_calibration_to_the_published_totals(twentieth):
    first, second = twentieth["wave_1"], twentieth["wave_2"]
    assert first["order_signed"]["convictions"] == pytest.approx(66_000 * 0.05, rel=0.03)
    assert first["order_signed"]["by_level"]["felony"]["convictions"] == pytest.approx(62_000 * 0.05, rel=0.03)
    assert first["order_signed"]["by_level"]["misdemeanor"]["convictions"] == pytest.approx(4_000 * 0.05, rel=0.04)
    assert first["order_signed"]["people"] == pytest.approx(53_000 * 0.05, rel=0.03)
    assert second["order_signed"]["cases"] == pytest.approx(58_000 * 0.05, rel=0.04)
    assert second["order_signed"]["by_level"]["felony"]["cases"] == pytest.approx(20_000 * 0.05, rel=0.04)
    shares = first["race_share_of_people"]
    assert shares["latino"] == pytest.approx(0.45, abs=0.03)
    assert shares["black"] == pytest.approx(0.32, abs=0.03)
    assert shares["white"] == pytest.approx(0.20, abs=0.03)
    assert min(first["by_conviction_year"]) < "1965"
    outcomes = twentieth["people_outcomes"]["orders_by_2020_12_31"]
    assert outcomes["no_felony_left"] == pytest.approx(22_000 * 0.05, rel=0.06)
    assert outcomes["no_conviction_left"] == pytest.approx(15_000 * 0.05, rel=0.10)


def test_each_stage_falls_short_of_the_one_before(twentieth):
    stages = ("identified", "order_signed", "court_record_updated", "doj_updated")
    for wave in ("wave_1", "wave_2", "total"):
        numbers = [twentieth[wave][stage]["convictions"] for stage in stages]
        assert numbers == sorted(set(numbers), reverse=True)
    for wave in ("wave_1", "wave_2"):
        shortfall = twentieth["shortfalls"][wave]
        assert 0 < shortfall["no_order"] < 0.04 * shortfall["planned"]
    events = twentieth["events"]
    assert events["dismissal_orders"] + events["redesignation_orders"] == events["orders"]
    assert min(events["duplicate_events"], events["events_for_unknown_records"], events["redesignation_orders"]) > 0


@pytest.mark.parametrize("scale", [0, -1, 0.0009, 10.1, float("nan"), float("inf")])
def test_scale_out_of_bounds_is_refused(tmp_path, scale):
    with pytest.raises(ReliefError, match="scale"):
        write_extracts(tmp_path / "out", scale, SEED, quiet)
    assert not (tmp_path / "out").exists()


def test_negative_seed_is_refused(tmp_path):
    with pytest.raises(ReliefError, match="seed"):
        write_extracts(tmp_path, 0.01, -1, quiet)


def test_smallest_scale_works(tmp_path):
    result = write_extracts(tmp_path, 0.001, 0, quiet)
    assert json.loads(result.truth_path.read_text())["wave_1"]["order_signed"]["convictions"] > 0


@pytest.mark.parametrize("name", ["SYNTHETIC_ca_doj.csv", "SYNTHETIC_la_court_counts.csv", "SYNTHETIC_truth.json"])
def test_a_file_of_somebody_else_is_never_overwritten(tmp_path, name):
    (tmp_path / name).write_text("RECORD_ID,REAL\nA1,B2\n")
    with pytest.raises(ReliefError, match="not a synthetic extract"):
        write_extracts(tmp_path, 0.001, 0, quiet)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "RECORD_ID,REAL\nA1,B2\n"


def test_its_own_files_are_replaced_and_others_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    write_extracts(tmp_path, 0.001, 0, quiet)
    before = (tmp_path / "SYNTHETIC_ca_doj.csv").read_bytes()
    write_extracts(tmp_path, 0.001, 1, quiet)
    assert (tmp_path / "SYNTHETIC_ca_doj.csv").read_bytes() != before
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not list(tmp_path.glob(".synth-*"))


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("synthetic.extracts.make_truth", broken)
    with pytest.raises(ReliefError, match="No space left"):
        write_extracts(tmp_path, 0.001, 0, quiet)
    assert list(tmp_path.iterdir()) == []


def test_out_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(ReliefError, match="is a file"):
        write_extracts(tmp_path / "out", 0.001, 0, quiet)


def test_existing_extracts_are_found_only_when_whole_and_of_the_same_seed(tmp_path):
    assert existing_extracts(tmp_path, 0.001, 0) is None
    written = write_extracts(tmp_path, 0.001, 0, quiet)
    assert existing_extracts(tmp_path, 0.001, 0) == written
    assert existing_extracts(tmp_path, 0.001, 1) is None
    (tmp_path / "SYNTHETIC_relief_events.csv").unlink()
    assert existing_extracts(tmp_path, 0.001, 0) is None
