"""The charts of the page on stuck records, each with a text that contains the same numbers."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboards.components.charts import ACCENT, AXIS_ROOM, NEUTRAL, STEP, AnyChart, finish, label_axis, number_axis
from dashboards.components.lifecycle import MEASURED_STAGES, FunnelStage, StageDays, median
from dashboards.components.words import number, span


def funnel_chart(rows: Sequence[FunnelStage]) -> AnyChart:
    """Draw the number of convictions at each stage. Stages that not every file reports have pale bars."""
    frame = pd.DataFrame(
        {
            "label": [f"{row.stage_title}|{number(row.counted)}" for row in rows],
            "counted": [row.counted or 0 for row in rows],
            "measured": [row.stage in MEASURED_STAGES for row in rows],
        }
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(height=20)
        .encode(
            y=alt.Y("label:N", sort=None, title=None, axis=label_axis()),
            x=alt.X("counted:Q", title="Convictions", axis=number_axis()),
            color=alt.condition("datum.measured", alt.value(ACCENT), alt.value(NEUTRAL)),
        )
    )
    return finish(alt.layer(bars).properties(height=STEP * max(len(rows), 1) + AXIS_ROOM))


def funnel_alt(rows: Sequence[FunnelStage]) -> str:
    """Describe the chart by stage in words."""
    parts = [f"{row.stage_title} {span(row.counted_low, row.counted_high, row.counted)}" for row in rows]
    return f"Bars by stage, in convictions: {'; '.join(parts)}."


def days_chart(rows: Sequence[StageDays]) -> AnyChart:
    """Draw the median days of each transition.

    If less than half of the convictions made a transition, a note replaces its bar.
    """
    frame = pd.DataFrame(
        {
            "label": [f"{row.transition_title}|{median(row)}" for row in rows],
            "days": [row.median_days or 0 for row in rows],
        }
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(height=20, color=ACCENT)
        .encode(
            y=alt.Y("label:N", sort=None, title=None, axis=label_axis()),
            x=alt.X("days:Q", title="Median days", axis=number_axis()),
        )
    )
    return finish(alt.layer(bars).properties(height=STEP * max(len(rows), 1) + AXIS_ROOM))


def days_alt(rows: Sequence[StageDays]) -> str:
    """Describe the chart of days in words."""
    return f"Bars by step, in median days: {'; '.join(f'{row.transition_title} {median(row)}' for row in rows)}."
