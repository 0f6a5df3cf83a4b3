"""Great Expectations applies every band as written: a number inside passes, and one just outside stops or warns."""

from pathlib import Path

import duckdb
import pytest

from relief.errors import ReliefError
from relief.validation.checks import Check
from relief.validation.plausible import BANDS, Kind, Measure, check_name, plausibilities, words_of
from relief.validation.runner import run_checks
from relief.validation.suites import load_suite

STEP = 1e-6
OPENING = "table: ca_doj\ncalled: DOJ file\nrows_from: 200\nmeasures:\n"
MEASURE = "  - {measure: a, title: A, is: b, stop: [0.5, null], because: c}\n"


def bands(kind: Kind) -> list[tuple[str, Measure, str]]:
    return [
        (table.table, measure, check_name(measure, table.called, kind))
        for table in plausibilities()
        for measure in table.measures
        if kind in measure.bands
    ]


def measured(path: Path, kind: Kind, end: int, step: float) -> dict[str, str]:
    """Status of each check whose band has this end, for a number that is `step` outside of the band."""
    asked = [(table, measure, name) for table, measure, name in bands(kind) if measure.bands[kind][end] is not None]
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema meta")
        connection.execute(
            "create table meta.measured "
            "(table_name varchar, delivery_id varchar, measure varchar, value double, change double)"
        )
        for table, measure, _ in asked:
            number = float(measure.bands[kind][end] or 0) + (step if end else -step)
            pair = (None, number) if BANDS[kind][2] else (number, None)
            connection.execute("insert into meta.measured values (?, 'a', ?, ?, ?)", [table, measure.name, *pair])
    checks = {check.name: check for check in load_suite("landed").checks}
    return {result.name: result.status for result in run_checks(path, [checks[name] for *_, name in asked])}


@pytest.mark.parametrize("end", [0, 1], ids=["lower", "upper"])
@pytest.mark.parametrize("kind", BANDS)
def test_a_band_passes_at_its_end_and_not_beyond(kind: Kind, end: int, tmp_path: Path) -> None:
    assert set(measured(tmp_path / "inside.duckdb", kind, end, 0).values()) == {"passed"}
    beyond = set(measured(tmp_path / "outside.duckdb", kind, end, STEP).values())
    assert beyond == {"failed" if BANDS[kind][1] == "stop" else "warned"}


def test_every_band_is_a_check_of_the_landed_gate_with_its_reason() -> None:
    checks: dict[str, Check] = {check.name: check for check in load_suite("landed").checks}
    for kind in BANDS:
        for _, measure, name in bands(kind):
            assert (checks[name].severity, checks[name].because) == (BANDS[kind][1], measure.because)


def test_every_table_that_is_delivered_has_key_measures_that_stop() -> None:
    keys = {
        "ca_doj": {"subjects", "cii_numbers", "count_orders", "case_numbers", "repeated_rows"},
        "la_court_cases": {"case_numbers", "defendants", "cii_numbers", "repeated_cases"},
        "la_court_counts": {"case_numbers", "count_numbers", "repeated_counts"},
        "la_court_sentences": {"case_numbers", "repeated_rows"},
        "relief_events": {"case_numbers", "count_orders", "cii_numbers", "event_ids", "repeated_events"},
        "review_decisions": {"named", "decision_ids"},
    }
    stopping = {t.table: {m.name for m in t.measures if "stop" in m.bands} for t in plausibilities() if t.model}
    assert keys.keys() == stopping.keys()
    assert all(names <= stopping[table] for table, names in keys.items())


@pytest.mark.parametrize(
    ("bounds", "rows", "kind", "words"),
    [
        ({"stop": (0.5, None)}, [(0.25, 1000, None)], "stop", "25 percent of 1,000 rows"),
        ({"stop": (0.5, None)}, [(0.9, 500, None), (0.1, 300, None)], "stop", "10 percent of 300 rows"),
        ({"stop": (0.5, None)}, [(None, 100, None)], "stop", None),
        ({"stop_change": (-0.1, 0.1)}, [(0.5, 1000, None)], "stop_change", None),
        (
            {"stop_change": (-0.1, 0.1)},
            [(0.5, 1000, -0.25)],
            "stop_change",
            "25 percentage points less than before among 1,000 rows",
        ),
    ],
)
def test_a_check_says_the_number_that_is_farthest_out(
    bounds: dict[Kind, tuple[float | None, float | None]],
    rows: list[tuple[float | None, int, float | None]],
    kind: Kind,
    words: str | None,
) -> None:
    assert words_of(Measure("a", "A", "because", 200, bounds), kind, rows) == words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OPENING.replace("rows_from: 200\n", "") + MEASURE, "mine.yml, line 1: rows_from is missing"),
        (OPENING + MEASURE + MEASURE, "two measures of the same name: a"),
        (OPENING + MEASURE.replace(", because: c", ""), "because is missing"),
        (OPENING + MEASURE.replace("stop:", "halt:"), "halt is not known; a measure has measure, title, because"),
        (OPENING + MEASURE.replace("is: b", "is: b, value: c"), "one of is, value and query"),
    ],
)
def test_what_is_wrong_in_a_measure_is_said_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ReliefError) as caught:
        plausibilities(tmp_path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
