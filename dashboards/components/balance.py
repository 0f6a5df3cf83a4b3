"""Where each conviction in review is: visible, waiting, or ended without relief. The parts add up to the whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.components.charts import ACCENT, AnyChart, finish
from dashboards.components.data import ReleaseFile, query, rows_of
from dashboards.components.words import day, number, share

VISIBLE = "visible in the DOJ's record"
WITHIN = "waiting, within the limit of the stage"
LATE = "waiting longer than the limit"
DAY_UNKNOWN = "waiting since a day that is not known"
ENDED = "ended without relief: denied, or relieved earlier"
# Colors that color-blind readers can tell apart, also by lightness alone. Their contrast on white is at least 3:1.
COLOURS = {VISIBLE: ACCENT, WITHIN: "#7a8a94", LATE: "#c2410c", DAY_UNKNOWN: "#8a6a9c", ENDED: "#1f2933"}

STANDINGS = {
    "not_ordered": "No order yet",
    "ordered": "Order signed",
    "entered": "Order entered",
    "court_record_updated": "Court record updated",
    "visible": "Relief visible in the DOJ's record",
    "unknown": "Cannot tell: no orders delivered",
    "all": "All convictions in review",
}


@dataclass(frozen=True)
class Balance:
    """Counts of convictions in review. ``within``, ``late`` and ``day_unknown`` count the convictions that wait."""

    in_review: int
    visible: int
    visible_low: int | None
    visible_high: int | None
    within: int
    late: int
    day_unknown: int
    ended: int
    as_of_date: date | None

    @property
    def waiting(self) -> int:
        """All convictions that wait: within their limit, past their limit, or for an unknown number of days."""
        return self.within + self.late + self.day_unknown

    @property
    def adds_up(self) -> bool:
        """Whether the parts add up to the whole."""
        return self.visible + self.waiting + self.ended == self.in_review


@dataclass(frozen=True)
class Standing:
    """Number of convictions in review that have come to one point of the process and no further."""

    courthouse: str
    standing: str
    unit: str
    convictions: int | None
    share: float | None
    lifecycle_as_of_date: date | None
    is_synthetic: bool
    mark: str = "value"


@st.cache_data(show_spinner=False, max_entries=8)
def load_balance(file: ReleaseFile) -> Balance | None:
    """Read the counts from the release; ``None`` if no orders were delivered, because then nobody knows what waits."""
    (row,) = query(
        file,
        "select sum(counted) filter (where stage = 'identified') as in_review, "
        "sum(counted) filter (where stage = 'doj_updated') as visible, "
        "sum(counted_low) filter (where stage = 'doj_updated') as visible_low, "
        "sum(counted_high) filter (where stage = 'doj_updated') as visible_high, "
        "sum(waiting_here) as waiting, sum(stuck_here) as late, sum(stuck_unknown) as day_unknown, "
        "sum(ended_here) as ended, count(*) filter (where waiting_here is null) as unknown, "
        "max(lifecycle_as_of_date) as as_of_date from rpt_relief_funnel where wave = 'all'",
    )
    if row["unknown"] or row["in_review"] is None or row["visible"] is None:
        return None
    waiting, late, day_unknown = int(row["waiting"]), int(row["late"]), int(row["day_unknown"])
    return Balance(
        in_review=int(row["in_review"]),
        visible=int(row["visible"]),
        visible_low=row["visible_low"],
        visible_high=row["visible_high"],
        within=waiting - late - day_unknown,
        late=late,
        day_unknown=day_unknown,
        ended=int(row["ended"]),
        as_of_date=row["as_of_date"],
    )


@st.cache_data(show_spinner=False, max_entries=8)
def load_standing(file: ReleaseFile, *, marked: bool = False) -> tuple[Standing, ...]:
    """Read how many convictions are at each point: the total first, then in the order of the process.

    ``marked`` also reads the column ``mark``.
    """
    rows = rows_of(Standing, file, "rpt_relief_standing where courthouse = 'all'", without=() if marked else ("mark",))
    found = {row.standing: row for row in rows}
    if "all" not in found:
        return ()
    empty = replace(found["all"], convictions=0, share=0.0, mark="zero")
    order = ("all", *(name for name in STANDINGS if name != "all"))
    return tuple(found.get(name, replace(empty, standing=name)) for name in order)


def sentence(balance: Balance) -> str:
    """Return the sum in words: the whole equals its parts. If it does not, return a warning."""
    if not balance.adds_up:
        return (
            f"The parts do not add up: {number(balance.in_review)} convictions in review, {number(balance.visible)} "
            f"visible, {number(balance.waiting)} waiting, {number(balance.ended)} ended. The data team should look."
        )
    return (
        f"**{number(balance.in_review)}** convictions in review = **{number(balance.visible)}** visible in the DOJ's "
        f"record + **{number(balance.waiting)}** waiting + **{number(balance.ended)}** ended without relief "
        f"(denied, or relieved earlier), as of {day(balance.as_of_date)}."
    )


def standing_table(rows: Sequence[Standing]) -> dict[str, list[object]]:
    """Return the columns of the table that shows where the convictions are."""
    return {
        "Last point reached": [STANDINGS.get(row.standing, row.standing) for row in rows],
        "Convictions": [row.convictions for row in rows],
    }


def parts(balance: Balance) -> list[tuple[str, int]]:
    """Return the parts of the bar in order. Empty parts are left out, except three parts that are always shown."""
    rows = [
        (VISIBLE, balance.visible),
        (WITHIN, balance.within),
        (LATE, balance.late),
        (DAY_UNKNOWN, balance.day_unknown),
        (ENDED, balance.ended),
    ]
    return [(title, count) for title, count in rows if count or title not in {WITHIN, DAY_UNKNOWN}]


def bar(balance: Balance) -> AnyChart:
    """Draw one bar in which each conviction in review is counted once."""
    rows = parts(balance)
    frame = pd.DataFrame({"part": [title for title, _ in rows], "count": [count for _, count in rows]})
    frame["place"] = range(len(frame))
    titles = [title for title, _ in rows]
    chart = (
        alt.Chart(frame)
        .mark_bar(height=44, stroke="white", strokeWidth=2)
        .encode(
            x=alt.X(
                "count:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, max(balance.in_review, 1)], nice=False),
                axis=None,
            ),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=titles, range=[COLOURS[title] for title in titles]),
                legend=None,
            ),
            order=alt.Order("place:Q"),
            tooltip=[alt.Tooltip("part:N", title="Part"), alt.Tooltip("count:Q", title="Convictions", format=",d")],
        )
    )
    return finish(alt.layer(chart).properties(height=52))


def bar_alt(balance: Balance) -> str:
    """Describe the bar in words, for its alt text."""
    named = "; ".join(f"{title} {number(count)}" for title, count in parts(balance))
    return f"Bars stacked to one, {number(balance.in_review)} convictions in review: {named}."


def legend(balance: Balance) -> str:
    """Return the legend: the whole and its parts, each with color, count and share. The color is never the only key."""
    lines = [
        f'<li><span style="background:{COLOURS[title]}"></span><b>{number(count)}</b> {title} '
        f"({share(count, balance.in_review)})</li>"
        for title, count in parts(balance)
    ]
    whole = f"<b>{number(balance.in_review)}</b> convictions in review on {day(balance.as_of_date)} ="
    return f'<div>{whole}</div><ul class="relief-legend">{"".join(lines)}</ul>'
