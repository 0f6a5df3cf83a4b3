"""What the warehouse counts equals what the generator injected, at a twentieth of Los Angeles, but for what linking has
to find: there it is near. When a shortfall is planted after the fact, the count changes by exactly that."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.truth_table import Line, compare, print_table
from relief.building.build import build
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.synth import DEFECTS_NAME, SynthResult, write_extracts
from tests.python.warehouse import quiet

SCALE = 0.05
SEED = 7
PLANTED = 23


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return write_extracts(tmp_path_factory.mktemp("extracts"), SCALE, SEED, quiet)


@pytest.fixture(scope="module")
def home(extracts: SynthResult, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("truth") / "home")
    for source, paths in extracts.paths.items():
        land(home, source, paths, extracts.as_of[source], None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home


@pytest.fixture(scope="module")
def table(home: Home, extracts: SynthResult) -> list[Line]:
    lines = compare(home, extracts.truth_path)
    print_table(lines)
    return lines


# What rests on links between files that disagree, and how far a count may be off, as a share of the truth. A missed
# link leaves the court's steps on another conviction, one person counted as two, and a record seen in part.
OFF_BY_LINKING = {
    ("in both files", ""): 0.08,
    ("court_record_updated", ""): 0.10,
    ("people outcome no_conviction_left", "people"): 0.12,
    ("people outcome", "people"): 0.04,
    ("wave 2", "people"): 0.03,
    ("wave 1", "cases"): 0.01,  # another case's number in the DOJ's file
    ("wave 2 doj_updated", ""): 0.01,
}
FEW = 4  # in small cells a share says nothing


def is_near(line: Line) -> bool:
    shares = [
        share for (fact, unit), share in OFF_BY_LINKING.items() if fact in line.fact and (not unit or unit == line.unit)
    ]
    return bool(shares) and abs(line.difference) <= max(FEW, max(shares) * line.truth)


def test_every_count_equals_the_truth_but_for_what_linking_has_to_find(table: list[Line]) -> None:
    assert len(table) > 300
    assert [line for line in table if line.difference and not is_near(line)] == []
    # Whom an order names by the DOJ's key is counted, whatever is linked.
    ordered = [line for line in table if "order_signed" in line.fact and line.unit == "convictions"]
    assert ordered
    assert [line for line in ordered if line.difference] == []


def test_the_report_says_what_the_convictions_say(home: Home, extracts: SynthResult) -> None:
    truth = json.loads(extracts.truth_path.read_text())
    with open_warehouse(home, read_only=True) as connection:
        rows = connection.execute(
            "select wave_number, stage, unit, counted from reporting.rpt_progress_toward_published_totals"
        ).fetchall()
    for wave, stage, unit, counted in rows:
        rests_on_links = (wave, stage) in ((2, "identified"), (1, "court_record_updated"), (2, "doj_updated"))
        near = truth[f"wave_{wave}"][stage][unit]
        assert counted == (pytest.approx(near, rel=0.07) if rests_on_links else near), (wave, stage)


# Planted on a conviction that the pilot rules evaluate, these change the older tool's answer whatever the history.
ALWAYS_NAMED = ("attempt_lost", "conspiracy", "county_spelling", "level_unknown", "two_sections")
NEVER_EVALUATED = ("arrest_step", "look_alike")


@pytest.mark.parametrize("defect", [*ALWAYS_NAMED, *NEVER_EVALUATED])
def test_planted_defects_are_named_or_set_aside(home: Home, extracts: SynthResult, defect: str) -> None:
    with extracts.truth_path.with_name(DEFECTS_NAME).open(newline="") as file:
        planted = {(row["subject_id"], row["cnt_order"]) for row in csv.DictReader(file) if row["defect"] == defect}
    with open_warehouse(home, read_only=True) as connection:
        rows = connection.execute(
            "select subject_id, cnt_order, defects from marts.fct_relief_determinations "
            "where policy_id = 'la_pilot_2019'"
        ).fetchall()
    evaluated = {(row[0], row[1]): str(row[2]).split(";") for row in rows if (row[0], row[1]) in planted}
    assert planted
    if defect in NEVER_EVALUATED:
        assert not evaluated
    else:
        assert evaluated
        assert [key for key, names in evaluated.items() if defect not in names] == []


def test_another_convicted_offense_is_found_wherever_it_was_planted(home: Home, extracts: SynthResult) -> None:
    truth = json.loads(extracts.truth_path.read_text())
    with open_warehouse(home, read_only=True) as connection:
        row = connection.execute("select count(*) from quality.audit_charged_not_convicted").fetchone()
    assert row == (truth["defects"]["charged_not_convicted"]["convictions"],)


def orders_of(connection_home: Home, wave: int) -> int:
    with open_warehouse(connection_home, read_only=True) as connection:
        row = connection.execute(
            "select counted from reporting.rpt_progress_toward_published_totals "
            "where wave_number = ? and stage = 'order_signed'",
            [wave],
        ).fetchone()
    assert row
    return int(row[0])


def without(events: Path, dropped: set[str], out: Path) -> Path:
    """The events but those about the DOJ counts named: a shortfall planted after the fact."""
    with events.open(newline="") as source, out.open("w", newline="") as target:
        reader = csv.DictReader(source)
        assert reader.fieldnames
        writer = csv.DictWriter(target, reader.fieldnames)
        writer.writeheader()
        writer.writerows(kept(reader, dropped))
    return out


def kept(rows: Iterator[dict[str, str]], dropped: set[str]) -> Iterator[dict[str, str]]:
    return (
        row
        for row in rows
        if not (row["event_type"] == "order_signed" and f"{row['subject_id']}/{row['cnt_order']}" in dropped)
    )


def test_a_planted_shortfall_changes_the_count_by_exactly_that(
    home: Home, extracts: SynthResult, tmp_path: Path
) -> None:
    first, second = orders_of(home, 1), orders_of(home, 2)
    with extracts.convictions_path.open(newline="") as file:
        ordered = [
            f"{row['subject_id']}/{row['cnt_order']}"
            for row in csv.DictReader(file)
            if row["wave"] == "1" and row["order_date"] and row["in_court_file"] == "false"
        ]
    dropped = set(ordered[:PLANTED])
    assert len(dropped) == PLANTED
    (events,) = extracts.paths["relief_events"]
    short = without(events, dropped, tmp_path / events.name)
    with open_warehouse(home, read_only=True) as connection:
        row = connection.execute(
            "select delivery_id from raw.deliveries where source = 'relief_events' and status = 'landed'"
        ).fetchone()
    assert row
    land(home, "relief_events", [short], extracts.as_of["relief_events"], row[0], quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    assert (orders_of(home, 1), orders_of(home, 2)) == (first - PLANTED, second)
