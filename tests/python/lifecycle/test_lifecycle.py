"""Lifecycle reports on whole files: planted shortfalls are within the reported range; a first build says it is one."""

import csv
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from relief.building.build import build
from relief.home import Home, open_warehouse
from relief.landing import land
from synthetic import write_extracts
from synthetic.sizes import SHORTFALLS
from tests.python.support.warehouse import quiet

STAGES = ("order_signed", "order_entered", "court_record_updated", "doj_updated")


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def make(home: Home) -> Home:
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home


def funnel(home: Home) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = ask(home, "select wave, stage, counted, counted_low, counted_high from reporting.rpt_relief_funnel")
    return {(wave, stage): (counted, low, high) for wave, stage, counted, low, high in rows}


# Planted shortfalls --------------------------------------------------------------------------------------------------
def true_counts(convictions: Path) -> Counter[tuple[str, str]]:
    """Number of convictions of each wave of orders that reached each stage, counted from the truth file."""
    found: Counter[tuple[str, str]] = Counter()
    with convictions.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["wave"] not in ("1", "2") or not row["order_date"] or "dismissal" not in row["relief_type"]:
                continue
            found[row["wave"], "order_signed"] += 1
            for stage in STAGES[1:]:
                found[row["wave"], stage] += row[stage] == "true"
    return found


@pytest.mark.full  # a whole build for each share
@pytest.mark.parametrize("share", [0.01, 0.05, 0.20])
def test_a_planted_shortfall_of_each_wave_and_stage_lies_within_the_stated_range(tmp_path: Path, share: float) -> None:
    planted = dict.fromkeys(SHORTFALLS, share)
    extracts = write_extracts(tmp_path / "extracts", 0.05, 11, quiet, planted)
    home = Home(tmp_path / "home")
    for source, paths in extracts.paths.items():
        land(home, source, paths, extracts.as_of[source], None, quiet)
    counted = funnel(make(home))
    truth = true_counts(extracts.convictions_path)
    redesignated = dict(
        ask(
            home,
            "select wave, counted - dismissals from reporting.rpt_relief_funnel where stage = 'order_signed'",
        )
    )
    for wave in ("1", "2"):
        for stage in STAGES:
            _, low, high = counted[wave, stage]
            extra = redesignated[wave] if stage == "order_signed" else 0
            assert low - extra <= truth[wave, stage] <= high - extra, (wave, stage, share)
        for before, after in pairwise(STAGES):
            missing = truth[wave, before] - truth[wave, after]
            extra = redesignated[wave] if before == "order_signed" else 0
            least = counted[wave, before][1] - extra - counted[wave, after][2]
            most = counted[wave, before][2] - extra - counted[wave, after][1]
            assert least <= missing <= most, (wave, before, after, share)
            assert missing / truth[wave, before] == pytest.approx(share, rel=0.35, abs=0.005)


def test_a_first_build_says_so(ran: tuple[Home, list[str]]) -> None:
    assert ask(ran[0], "select what, cause, changes from quality.audit_change_counts") == [("all", "first build", 0)]


# Days between stages -------------------------------------------------------------------------------------------------
STEPS = [
    ("identified_to_order", "identified", "order_signed"),
    ("order_to_entered", "order_signed", "order_entered"),
    ("entered_to_court_record", "order_entered", "court_record_updated"),
    ("court_record_to_doj", "court_record_updated", "doj_updated"),
    ("order_to_doj", "order_signed", "doj_updated"),
]


def waits(home: Home, start: str, end: str) -> dict[str, list[tuple[int, bool]]]:
    """Days between two stages, and whether the second came, by courthouse and for all.

    A denial or an earlier relief ends the wait.
    """
    ended: dict[str, date | None] = {}
    for conviction, day, is_ordered in ask(
        home,
        "select conviction_key, min(event_date) filter (where event_type in ('order_denied', 'already_relieved')), "
        "bool_or(event_type = 'order_signed') from marts.fct_relief_events where match_status = 'matched' group by 1 "
        "having bool_or(event_type in ('order_denied', 'already_relieved'))",
    ):
        if not is_ordered:
            ended[conviction] = day
    found: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for conviction, house, start_status, first, end_status, second, until in ask(
        home,
        f"select conviction_key, courthouse_key, {start}_status, {start}_date, {end}_status, {end}_date, "
        "lifecycle_as_of_date from marts.fct_relief_lifecycle",
    ):
        is_reached = end_status == "dated"
        last = second if is_reached else min(ended.get(conviction, until) or date.min, until)
        if start_status != "dated" or end_status not in ("dated", "not_reached") or last < first:
            continue
        for group in ("all", house):
            found[group].append(((last - first).days, is_reached))
    return found


def product_limit(waits: list[tuple[int, bool]], share: Fraction) -> int | None:
    """The first day after which at most this share of convictions still waits, computed in exact fractions."""
    left = Fraction(1)
    for day in sorted({days for days, is_reached in waits if is_reached}):
        at_risk = sum(days >= day for days, _ in waits)
        left *= 1 - Fraction(sum(days == day and is_reached for days, is_reached in waits), at_risk)
        if left <= share:
            return day
    return None


@pytest.mark.parametrize(("transition", "start", "end"), STEPS, ids=[step for step, *_ in STEPS])
def test_days_are_those_of_an_independent_estimate(
    ran: tuple[Home, list[str]], transition: str, start: str, end: str
) -> None:
    expected = {
        group: (
            sum(is_reached for _, is_reached in found),
            sum(not is_reached for _, is_reached in found),
            product_limit(found, Fraction(1, 2)),
            product_limit(found, Fraction(1, 4)),
        )
        for group, found in waits(ran[0], start, end).items()
    }
    reported = {
        group: tuple(numbers)
        for group, *numbers in ask(
            ran[0],
            "select group_name, reached, still_waiting, median_days, three_quarters_days "
            f"from reporting.rpt_relief_stage_days where transition = '{transition}' "
            "and group_type in ('all', 'courthouse') and reached + still_waiting > 0",
        )
    }
    assert len(expected) > 5
    assert any(still_waiting for _, still_waiting, *_ in expected.values())
    assert reported == expected
