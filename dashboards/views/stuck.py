"""The page Where records are stuck: every stage from identified to visible, and how long each step takes."""

from collections.abc import Sequence

import streamlit as st

from dashboards.components import layout
from dashboards.components.balance import load_balance, load_standing, sentence, standing_table
from dashboards.components.data import Release, Summary
from dashboards.components.downloads import standing_download
from dashboards.components.lifecycle import (
    WAVES,
    Lifecycle,
    Rate,
    finding,
    load_lifecycle,
    median,
    totals,
    visible,
)
from dashboards.components.stage_charts import days_alt, days_chart, funnel_alt, funnel_chart
from dashboards.components.words import day, plain, share, text

TABLE_HEIGHT = 420
WAITING_NOBODY = "No table of waiting convictions: none waits, or no orders were delivered."
REACHED = {
    "Order signed": "order_signed",
    "Court record updated": "court_record_updated",
    "DOJ record updated": "doj_updated",
}
LIMITS = {"law": "the law", "office": "the office"}


def page(release: Release, summary: Summary) -> None:
    """Show the whole page: finding, stuck convictions, stages, days, rates by group, changes, and limits."""
    lifecycle = load_lifecycle(release.leadership)
    layout.heading("Where records are stuck", summary)
    layout.lead(finding(lifecycle))
    st.markdown(visible(lifecycle))
    stuck_section(lifecycle)
    standing_section(release)
    left, right = st.columns(2, gap="large")
    with left:
        funnel_section(lifecycle)
    with right:
        days_section(lifecycle)
    funnel_table(lifecycle)
    days_table(lifecycle)
    rates_section(lifecycle)
    changes_section(lifecycle)
    layout.section("What this does not show", "limits")
    st.markdown(text("stuck_notes"))


def stuck_section(lifecycle: Lifecycle) -> None:
    """Show the convictions that wait in each stage and those past its limit.

    An expander shows the same by courthouse, the longest wait first.
    """
    layout.section("What waits, and for how long (convictions)", "waiting")
    rows = totals(lifecycle.stuck)
    if not rows:
        st.markdown(WAITING_NOBODY)
        return
    oldest = [row.oldest_days for row in rows if row.oldest_days is not None]
    counts: dict[str, list[object]] = {
        "Waiting": [sum(row.waiting for row in rows), *(row.waiting for row in rows)],
        "Past the limit": [sum(row.stuck for row in rows), *(row.stuck for row in rows)],
        "Day unknown": [sum(row.cannot_tell for row in rows), *(row.cannot_tell for row in rows)],
        "Limit (days)": [None, *(row.stuck_after_days for row in rows)],
        "Oldest (days)": [max(oldest, default=None), *(row.oldest_days for row in rows)],
    }
    layout.table(
        {
            "Last stage reached": ["All stages", *(row.stage_title for row in rows)],
            **counts,
            "Limit set by": ["", *(LIMITS.get(row.limit_source or "", "cannot tell") for row in rows)],
        },
        "Convictions that wait in each stage, and those past its limit",
        numbers=tuple(counts),
        absent="",
    )
    reasons = dict.fromkeys(
        f"{row.stuck_after_days} days, set by {LIMITS.get(row.limit_source or '', 'nobody named')}: {row.stuck_reason}"
        f"{f' [{row.limit_citation}]' if row.limit_citation else ''}."
        for row in rows
    )
    layout.small("Why these limits. " + " ".join(plain(reason) for reason in reasons))
    with st.expander("By courthouse, where the oldest wait first (convictions)"):
        houses = [row for row in lifecycle.stuck if row.courthouse != "all" and row.stuck]
        numbers: dict[str, list[object]] = {
            "Past the limit": [row.stuck for row in houses],
            "Waiting": [row.waiting for row in houses],
            "Oldest (days)": [row.oldest_days for row in houses],
        }
        layout.table(
            {
                "Courthouse": [name(row.courthouse) for row in houses],
                "Last stage reached": [row.stage_title for row in houses],
                **numbers,
                "Since": [day(row.oldest_since_date) for row in houses],
            },
            "Stuck convictions by courthouse and stage, the oldest first",
            numbers=tuple(numbers),
            height=TABLE_HEIGHT,
        )


def standing_section(release: Release) -> None:
    """Show every conviction in review once, by the last point reached, and the total as the sum of its parts."""
    layout.section("Where every conviction in review stands (convictions)", "standing")
    balance = load_balance(release.leadership)
    if balance is not None:
        st.markdown(sentence(balance))
    rows = load_standing(release.leadership)
    layout.table(standing_table(rows), "Convictions in review by the last point reached", numbers=("Convictions",))
    standing_download(release)


def funnel_section(lifecycle: Lifecycle) -> None:
    """Show the chart of all stages, over all convictions in review."""
    layout.section("From identified to visible (convictions)", "stages")
    rows = [row for row in lifecycle.funnel if row.wave == "all"]
    layout.chart(funnel_chart(rows), funnel_alt(rows))
    layout.small(text("pale_bars"))
    layout.small(text("both_waves"))


def funnel_table(lifecycle: Lifecycle) -> None:
    """Show the stages by wave, with the range over all waves."""
    rows = [row for row in lifecycle.funnel if row.wave == "all"]
    columns: dict[str, list[object]] = {
        title: [row.counted for row in lifecycle.funnel if row.wave == wave] for wave, title in WAVES.items()
    }
    ranges: dict[str, list[object]] = {
        "Lowest": [row.counted_low for row in rows],
        "Highest": [row.counted_high for row in rows],
    }
    with st.expander("The stages wave by wave, with the range (convictions)"):
        layout.table(
            {"Stage": [row.stage_title for row in rows], **columns, **ranges},
            funnel_alt(rows),
            numbers=(*columns, *ranges),
        )
        layout.small(text("funnel"))


def days_section(lifecycle: Lifecycle) -> None:
    """Show how long each step takes. Convictions that still wait are included."""
    layout.section("How long each step takes (median days)", "days")
    rows = [row for row in lifecycle.days if row.group_type == "all"]
    layout.chart(days_chart(rows), days_alt(rows))
    layout.small(text("median"))


def days_table(lifecycle: Lifecycle) -> None:
    """Show the days by wave, and how many convictions reached the step, still wait, or cannot be measured."""
    rows = [row for row in lifecycle.days if row.group_type == "all"]
    waves = {
        WAVES[wave]: [
            next(
                (median(row) for row in lifecycle.days if (row.transition, row.group_name) == (step.transition, wave)),
                "",
            )
            for step in rows
        ]
        for wave in ("1", "2")
    }
    counts: dict[str, list[object]] = {
        "Reached": [row.reached for row in rows],
        "Still waiting": [row.still_waiting for row in rows],
        "Not measurable": [row.not_measurable for row in rows],
    }
    with st.expander("The days wave by wave (days, and convictions)"):
        layout.table(
            {
                "Step": [row.transition_title for row in rows],
                "Median days": [median(row) for row in rows],
                **waves,
                **counts,
            },
            days_alt(rows),
            numbers=tuple(counts),
        )
        layout.small(text("days"))


def rates_section(lifecycle: Lifecycle) -> None:
    """Show rates.

    Each rate is a share of the group's convictions in review, so that groups and stages can be compared.
    """
    layout.section("Who is reached (share of the convictions in review)", "reached")
    st.markdown(text("rates"))
    for title, rows in (
        ("By courthouse", lifecycle.courthouses),
        ("By race", lifecycle.races),
        ("By sex", lifecycle.sexes),
        ("By age at the day of evaluation", lifecycle.ages),
    ):
        with st.expander(f"{title} (convictions)"):
            _rates_table(title, rows)


def _rates_table(title: str, rows: Sequence[Rate]) -> None:
    groups = list(dict.fromkeys(row.group for row in rows))
    at = {(row.group, row.stage): row for row in rows}
    stuck = {group: [row.stuck_here for row in rows if row.group == group] for group in groups}
    layout.table(
        {
            title: [name(group) for group in groups],
            "In review": [at[group, "identified"].in_review for group in groups],
            **{
                title: [share(at[group, stage].counted, at[group, stage].in_review) for group in groups]
                for title, stage in REACHED.items()
            },
            "Past the limit": [
                None if any(count is None for count in stuck[group]) else sum(count or 0 for count in stuck[group])
                for group in groups
            ],
        },
        f"Share of the convictions in review that reached each stage, {title.lower()}",
        numbers=("In review", "Past the limit"),
        height=TABLE_HEIGHT if len(groups) > 10 else 0,  # noqa: PLR2004  (rows that fit)
    )


def name(group: str) -> str:
    """Return the name of a group as it is written on the page."""
    return "All" if group == "all" else group.title() if group.isupper() else group.capitalize()


def changes_section(lifecycle: Lifecycle) -> None:
    """Show what changed between the last two builds, and why."""
    layout.section("What changed since the last build", "changes")
    rows = lifecycle.changes
    if len(rows) <= 1 and not any(row.changes for row in rows):
        cause = rows[0].cause if rows else "cannot tell"
        st.markdown(
            "This is the first build: there is nothing to compare it with."
            if cause == "first build"
            else "Nothing changed since the last build that passed."
        )
        return
    counts: dict[str, list[object]] = {
        "Changes": [row.changes for row in rows],
        "Convictions": [row.convictions for row in rows],
    }
    layout.table(
        {
            "What": [f"{row.what}{f', {row.policy_id}' if row.policy_id else ''}" for row in rows],
            "Cause": [row.cause for row in rows],
            **counts,
        },
        "Changes since the last build by cause",
        numbers=tuple(counts),
    )


layout.with_release(page)
