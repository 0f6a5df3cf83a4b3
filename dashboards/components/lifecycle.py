"""Typed data for the page on stuck records, read from the leadership release, and the page's finding in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.components.data import ReleaseFile, rows_of
from dashboards.components.words import day, number, plain, share

WAVES = {"all": "All convictions in review", "1": "Wave 1", "2": "Wave 2", "neither": "Neither wave"}
STOPPED = {
    "identified": "for which no review and no order is reported",
    "reviewed": "that were reviewed and for which nothing later is reported",
    "submitted_to_court": "that were submitted to the court and have no order",
    "order_signed": "with a signed order that is not entered",
    "order_entered": "with an entered order that the court's record does not show",
    "court_record_updated": "that the court's record shows and that are not reported to the DOJ",
    "reported_to_doj": "that were reported to the DOJ and that its record does not show",
}
"""For each last stage, the words for convictions that stopped there: what has not happened yet."""
MEASURED_STAGES = ("identified", "order_signed", "order_entered", "court_record_updated", "doj_updated")
"""Stages that a conviction passes only if a file reports the stage."""


@dataclass(frozen=True)
class FunnelStage:
    """Number of convictions of one wave at one stage, and how many of them wait there."""

    wave: str
    stage: str
    stage_title: str
    counted: int | None
    counted_low: int | None
    counted_high: int | None
    waiting_here: int | None
    stuck_here: int | None
    lifecycle_as_of_date: date | None


@dataclass(frozen=True)
class StageDays:
    """How long one transition takes in one group: numbers of convictions, and days."""

    transition: str
    transition_title: str
    group_type: str
    group_name: str
    convictions: int
    reached: int
    still_waiting: int
    not_measurable: int
    median_days: int | None
    three_quarters_days: int | None


@dataclass(frozen=True)
class Stuck:
    """Number of convictions that wait in one stage at one courthouse, and how long they have waited."""

    stage: str
    stage_title: str
    courthouse: str
    waiting: int
    stuck: int
    cannot_tell: int
    stuck_after_days: int | None
    stuck_reason: str
    limit_source: str | None
    limit_citation: str | None
    oldest_days: int | None
    oldest_since_date: date | None


@dataclass(frozen=True)
class Rate:
    """Number of convictions of one group that reached a stage, out of the group's convictions in review."""

    group: str
    stage: str
    in_review: int
    counted: int | None
    stuck_here: int | None


@dataclass(frozen=True)
class Change:
    """Number of changes of one kind since the last build, for one cause."""

    what: str
    policy_id: str
    cause: str
    changes: int
    convictions: int


@dataclass(frozen=True)
class Lifecycle:
    """All data that the page shows."""

    funnel: tuple[FunnelStage, ...]
    days: tuple[StageDays, ...]
    stuck: tuple[Stuck, ...]
    courthouses: tuple[Rate, ...]
    races: tuple[Rate, ...]
    sexes: tuple[Rate, ...]
    ages: tuple[Rate, ...]
    changes: tuple[Change, ...]


@st.cache_data(show_spinner=False, max_entries=8)
def load_lifecycle(file: ReleaseFile) -> Lifecycle:
    """Read all data of the page, once per release."""
    return Lifecycle(
        funnel=rows_of(FunnelStage, file, "rpt_relief_funnel order by wave, stage_number"),
        days=rows_of(StageDays, file, "rpt_relief_stage_days order by transition_number, group_type, group_name"),
        stuck=rows_of(
            Stuck,
            file,
            "rpt_stuck_convictions order by courthouse <> 'all', "
            "case when courthouse = 'all' then stage_number end, oldest_rank, courthouse, stage_number",
        ),
        courthouses=_rates(file, "courthouse", "rpt_relief_by_courthouse", "true"),
        races=_rates(file, "race", "rpt_relief_by_race_sex_age", "sex = 'all' and age_band = 'all'"),
        sexes=_rates(file, "sex", "rpt_relief_by_race_sex_age", "race = 'all' and age_band = 'all'"),
        ages=_rates(file, "age_band", "rpt_relief_by_race_sex_age", "race = 'all' and sex = 'all'"),
        changes=rows_of(Change, file, "change_counts order by changes desc, what, policy_id, cause"),
    )


def _rates(file: ReleaseFile, column: str, table: str, condition: str) -> tuple[Rate, ...]:
    """Read the rates for one grouping. The caller in this module passes table, column and condition as constants."""
    rows = rows_of(
        Rate,
        file,
        f"{table} where {condition} order by {column} <> 'all', {column} = 'unknown', {column}, stage_number",
        group=column,
    )
    return tuple(sorted(rows, key=lambda row: _place(row.group)))


def _place(group: str) -> tuple[int, int]:
    """Return the sort key of a group: 'all' first, ages from young to old, 'unknown' last.

    Other groups keep the order of the release.
    """
    age = re.search(r"\d+", group)
    is_below = group.lower().startswith("under")
    return {"all": 0, "unknown": 2}.get(group, 1), int(age[0]) - is_below if age else 0


def median(row: StageDays) -> str:
    """Return the median in days. If less than half of the convictions reached the stage, there is no median yet."""
    if row.median_days is None:
        return "not reached by half" if row.reached + row.still_waiting else "cannot tell"
    return f"{row.median_days:,}"


def totals(stuck: Sequence[Stuck]) -> list[Stuck]:
    """Return the rows over all courthouses, in the order of the process."""
    return [row for row in stuck if row.courthouse == "all"]


def finding(lifecycle: Lifecycle) -> str:
    """Return one sentence: how many convictions wait longer than their limit, and in which stage most of them are."""
    rows = totals(lifecycle.stuck)
    waiting, stuck = sum(row.waiting for row in rows), sum(row.stuck for row in rows)
    if any(row.waiting_here is None for row in lifecycle.funnel):
        return "No events were delivered, so nobody can tell which convictions are waiting."
    if not waiting:
        return "No conviction in review is waiting."
    if not stuck:
        return f"**{number(waiting)} convictions** are waiting, none of them for longer than its limit."
    most = max(rows, key=lambda row: row.stuck)
    part = f"All **{number(waiting)}**" if stuck == waiting else f"**{number(stuck)}** of the **{number(waiting)}**"
    return (
        f"{part} waiting convictions are past their limit. "
        f"The largest group is **{number(most.stuck)}** {STOPPED.get(most.stage, plain(most.stage_title))}."
    )


def visible(lifecycle: Lifecycle) -> str:
    """Return a sentence: how many convictions in review the DOJ's record shows as relieved, as of which date."""
    rows = {row.stage: row for row in lifecycle.funnel if row.wave == "all"}
    first, last = rows.get("identified"), rows.get("doj_updated")
    if first is None or last is None or first.counted is None or last.counted is None:
        return ""
    return (
        f"Of {number(first.counted)} convictions in review, the DOJ's record shows the relief of "
        f"{number(last.counted)} ({share(last.counted, first.counted)}), as of {day(last.lifecycle_as_of_date)}."
    )
