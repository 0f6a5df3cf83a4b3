"""Signed orders by month: how each wave approached its announced total, in the wave's own unit."""

from calendar import month_abbr
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.components.charts import ACCENT, INK, AnyChart, finish
from dashboards.components.data import ReleaseFile, StageCount, rows_of
from dashboards.components.words import day, number

HEIGHT = 150


@dataclass(frozen=True)
class Month:
    """Number of orders in one month, and up to the end of that month.

    The month is empty if the day of the order is unknown.
    """

    wave_number: int
    unit: str
    order_month: date | None
    ordered: int
    ordered_so_far: int


@st.cache_data(show_spinner=False, max_entries=8)
def load_months(file: ReleaseFile) -> tuple[Month, ...]:
    """Read the months of every wave in order, with the unknown month last."""
    return rows_of(Month, file, "rpt_orders_by_month order by wave_number, order_month nulls last")


def burn_up(months: Sequence[Month], announced: StageCount) -> AnyChart:
    """Draw the orders so far as a rising area, and the announced total as a dashed line.

    The area ends at the date of the data.
    """
    dated = [row for row in months if row.order_month]
    points = [(pd.Timestamp(row.order_month), row.ordered_so_far) for row in dated if row.order_month]
    if points and announced.extract_as_of_date:
        points.append((pd.Timestamp(announced.extract_as_of_date), points[-1][1]))
    frame = pd.DataFrame(points, columns=["month", "so_far"])
    total = announced.published_count
    top = max([*(so_far for _, so_far in points), total or 0, 1])
    base = alt.Chart(frame).encode(
        x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=4, labelOverlap=True, labelFlush=True)),
        y=alt.Y(
            "so_far:Q",
            title=announced.unit.capitalize(),
            scale=alt.Scale(domain=[0, top * 1.18], nice=False),
            axis=alt.Axis(format=",d", tickCount=3),
        ),
        tooltip=[
            alt.Tooltip("month:T", title="Month", format="%b %Y"),
            alt.Tooltip("so_far:Q", title=f"{announced.unit} so far", format=",d"),
        ],
    )
    layers: list[alt.Chart] = [base.mark_area(interpolate="step-after", color=ACCENT)]
    if total:
        line = alt.Chart(pd.DataFrame({"total": [total], "text": [f"announced {total:,}"]}))
        layers.append(line.mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3]).encode(y="total:Q"))
        layers.append(
            line.mark_text(align="left", baseline="bottom", dx=4, dy=-4, color=INK, fontSize=13).encode(
                y="total:Q", x=alt.value(0), text="text:N"
            )
        )
    return finish(alt.layer(*layers).properties(height=HEIGHT))


def burn_up_alt(months: Sequence[Month], announced: StageCount) -> str:
    """Describe the chart of months in words."""
    dated = [row for row in months if row.order_month]
    if not dated:
        return f"No order of wave {announced.wave_number} has a month."
    steps = "; ".join(f"{month(row)} {number(row.ordered_so_far)}" for row in dated)
    against = f", against {number(announced.published_count)} announced" if announced.published_count else ""
    return (
        f"Bars rising by month, {announced.unit} ordered dismissed so far: {steps}{against}; "
        f"data as of {day(announced.extract_as_of_date)}."
    )


def month(row: Month) -> str:
    """Return a month such as Feb 2020, always in English, whatever the language of the machine is."""
    if row.order_month is None:
        return "Unknown month"
    return f"{month_abbr[row.order_month.month]} {row.order_month.year}"


def months_table(months: Sequence[Month]) -> dict[str, list[object]]:
    """Return the table that is shown beside the chart of months."""
    unit = months[0].unit.capitalize() if months else "Ordered"
    return {
        "Month": [month(row) for row in months],
        f"{unit} ordered": [row.ordered for row in months],
        "So far": [row.ordered_so_far for row in months],
    }
