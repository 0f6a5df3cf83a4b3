"""Dot plots: the share of each group as a dot with its range, beside the share of everybody.

A reader needs only the position of the dots, never their color.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboards.components.charts import ACCENT, INK, AnyChart, finish, label_axis

STEP, AXIS_ROOM = 50, 90


@dataclass(frozen=True)
class Dot:
    """One group: its share and both ends of its range in percent, and the share as text."""

    label: str
    percent: float | None
    low: float | None
    high: float | None
    shown: str


def dot_plot(dots: Sequence[Dot], everybody: float | None, title: str) -> AnyChart:
    """Draw one dot per group and a line for everybody.

    The axis shows only the range of the data and may not begin at zero; dots allow this, bars would not.
    """
    frame = pd.DataFrame(
        {
            "label": [f"{dot.label}|{dot.shown}" for dot in dots],
            "percent": [dot.percent for dot in dots],
            "low": [dot.low for dot in dots],
            "high": [dot.high for dot in dots],
        }
    )
    ends = [value for dot in dots for value in (dot.percent, dot.low, dot.high) if value is not None]
    lowest, highest = max(min(ends, default=0) - 4, 0), min(max(ends, default=100) + 4, 100)
    y = alt.Y("label:N", sort=None, title=None, axis=label_axis())
    scale = alt.Scale(domain=[lowest, highest], nice=False, zero=False)
    axis = alt.Axis(tickCount=5, labelExpr="datum.value + '%'", labelFlush=True, labelOverlap=True)
    base = alt.Chart(frame)
    layers: list[alt.Chart] = [
        base.mark_rule(color=INK, strokeWidth=2).encode(
            x=alt.X("low:Q", scale=scale, title=title, axis=axis), x2="high:Q", y=y
        ),
        base.mark_point(filled=True, size=130, color=ACCENT, opacity=1).encode(
            x=alt.X("percent:Q", scale=scale),
            y=y,
            tooltip=[alt.Tooltip("percent:Q", title=title, format=".1f")],
        ),
    ]
    if everybody is not None:
        line = alt.Chart(pd.DataFrame({"everybody": [everybody], "text": [f"everybody {everybody:.1f}%"]}))
        layers.append(line.mark_rule(color=INK, strokeDash=[5, 3]).encode(x=alt.X("everybody:Q", scale=scale)))
        layers.append(
            line.mark_text(baseline="bottom", align="center", dy=-4, color=INK, fontSize=13).encode(
                x=alt.X("everybody:Q", scale=scale), y=alt.value(0), text="text:N"
            )
        )
    return finish(alt.layer(*layers).properties(height=STEP * max(len(dots), 1) + AXIS_ROOM))


def dot_plot_alt(dots: Sequence[Dot], everybody: str, title: str) -> str:
    """Describe the dot plot in words, for its alt text."""
    named = "; ".join(f"{dot.label} {dot.shown}" for dot in dots)
    return f"Dots, {title}: {named}; everybody {everybody}."
