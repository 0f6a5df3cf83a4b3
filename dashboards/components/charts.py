"""The Altair charts of the pages: one accent color, a number beside each bar, units in titles, and alt text."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboards.components.cells import OFFENSES, UNIT_TITLES, Cell, Filters, known_years, one
from dashboards.components.data import ANNOUNCED_STAGE, StageCount
from dashboards.components.words import day, number, span

ACCENT = "#0b5d7a"
NEUTRAL = "#9aa8b2"
INK = "#1f2933"
FEW_BARS = 14
STEP, AXIS_ROOM = 42, 78

AnyChart = alt.LayerChart | alt.FacetChart


def stages_chart(rows: Sequence[StageCount]) -> AnyChart:
    """Draw one bar per stage of a wave, with the announced total as a line, in the unit of the wave."""
    unit = rows[0].unit
    frame = pd.DataFrame(
        {
            "label": [f"{row.stage_title}|{span(row.counted_low, row.counted_high, row.counted)}" for row in rows],
            "counted": [row.counted or 0 for row in rows],
            "low": [row.counted_low if row.has_range else None for row in rows],
            "high": [row.counted_high if row.has_range else None for row in rows],
            "announced": [row.stage == ANNOUNCED_STAGE for row in rows],
        }
    )
    published = next((row.published_count for row in rows if row.published_count), None)
    top = max([*(row.counted_high or row.counted or 0 for row in rows), published or 0, 1])
    y = alt.Y("label:N", sort=None, title=None, axis=label_axis())
    x = alt.X(
        "counted:Q",
        title=f"{unit.capitalize()}",
        scale=alt.Scale(domain=[0, top * 1.18], nice=False),
        axis=alt.Axis(format=",d", tickCount=4, labelOverlap=True),
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(height=22)
        .encode(
            x=x,
            y=y,
            color=alt.condition("datum.announced", alt.value(ACCENT), alt.value(NEUTRAL)),
            tooltip=[alt.Tooltip("counted:Q", title=f"{unit} counted", format=",d")],
        )
    )
    layers: list[alt.Chart] = [bars]
    if any(row.has_range for row in rows):
        ranges = alt.Chart(frame).transform_filter("isValid(datum.low)")
        layers.append(ranges.mark_rule(color=INK, strokeWidth=2).encode(x="low:Q", x2="high:Q", y=y))
        for end in ("low", "high"):
            layers.append(ranges.mark_tick(color=INK, thickness=2, size=14).encode(x=f"{end}:Q", y=y))
    if published:
        line = alt.Chart(pd.DataFrame({"published": [published], "text": [f"announced {published:,}"]}))
        layers.append(line.mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3]).encode(x="published:Q"))
        layers.append(
            line.mark_text(align="right", baseline="bottom", dx=-4, dy=-4, color=INK, fontSize=13).encode(
                x="published:Q", y=alt.value(0), text="text:N"
            )
        )
    return finish(alt.layer(*layers).properties(height=STEP * len(rows) + AXIS_ROOM))


def stages_alt(rows: Sequence[StageCount]) -> str:
    """Describe the chart by stage in words."""
    parts = [f"{row.stage_title} {span(row.counted_low, row.counted_high, row.counted)}" for row in rows]
    published = next((row for row in rows if row.published_count), None)
    against = (
        f", against {number(published.published_count)} announced on {day(published.published_as_of_date)}"
        if published
        else ""
    )
    return f"Bars by stage, in {rows[0].unit}: {'; '.join(parts)}{against}."


def years_chart(cells: tuple[Cell, ...], filters: Filters) -> AnyChart:
    """Draw one bar per year, and at the end a hollow bar for the unknown year."""
    years = [(cell.year, cell.dismissals or 0, False) for cell in known_years(cells)]
    unknown = one(cells, "unknown")
    if unknown is not None:
        years.append(("Unknown", unknown.dismissals or 0, True))
    frame = pd.DataFrame(years, columns=["year", "dismissals", "unknown"])
    many = len(years) > FEW_BARS
    shown = [year for year, _, is_unknown in years if is_unknown or not many or int(year) % 10 == 0]
    title = "Year of the order" if filters.year_basis == "relief_order_year" else "Year of the conviction"
    base = alt.Chart(frame).encode(
        x=alt.X(
            "year:N", sort=None, title=title, axis=alt.Axis(values=shown, labelAngle=0, labelOverlap=True, ticks=False)
        ),
        y=alt.Y("dismissals:Q", title=UNIT_TITLES[filters.unit], axis=alt.Axis(format=",d", tickCount=5)),
        tooltip=[
            alt.Tooltip("year:N", title="Year"),
            alt.Tooltip("dismissals:Q", title=UNIT_TITLES[filters.unit], format=",d"),
        ],
    )
    # Both kinds of bar are drawn in one layer, because an empty layer would become a picture without alt text.
    bars = base.mark_bar(stroke=ACCENT).encode(
        fill=alt.condition("datum.unknown", alt.value("white"), alt.value(ACCENT)),
        strokeDash=alt.condition("datum.unknown", alt.value([3, 2]), alt.value([1, 0])),
        strokeWidth=alt.condition("datum.unknown", alt.value(1.5), alt.value(0)),
    )
    layers = [bars]
    if not many:
        layers.append(
            base.mark_text(baseline="bottom", dy=-4, color=INK, fontSize=13).encode(
                text=alt.Text("dismissals:Q", format=",d")
            )
        )
    return finish(alt.layer(*layers).properties(height=320))


def years_alt(cells: tuple[Cell, ...], filters: Filters) -> str:
    """Describe the chart by year in words. The table beside the chart contains every number."""
    years, unknown = known_years(cells), one(cells, "unknown")
    if not years:
        return f"No {UNIT_TITLES[filters.unit].lower()} under these filters."
    peak = max(years, key=lambda cell: cell.dismissals or 0)
    return (
        f"Bars of {UNIT_TITLES[filters.unit].lower()}, years {years[0].year} to {years[-1].year}; the highest is "
        f"{peak.year} with {number(peak.dismissals)}. Unknown year: {(unknown.dismissals or 0) if unknown else 0:,}. "
        "The table gives every number."
    )


def offenses_chart(cells: tuple[Cell, ...], filters: Filters) -> AnyChart:
    """Draw one bar per offense, over all years."""
    frame = pd.DataFrame(
        {
            "label": [f"{OFFENSES.get(cell.offense, cell.offense)}|{number(cell.dismissals)}" for cell in cells],
            "dismissals": [cell.dismissals or 0 for cell in cells],
            "chosen": [filters.offense in ("all", cell.offense) for cell in cells],
        }
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(height=18)
        .encode(
            y=alt.Y("label:N", sort=None, title=None, axis=label_axis()),
            x=alt.X(
                "dismissals:Q",
                title=f"{UNIT_TITLES[filters.unit]}, all years",
                axis=number_axis(),
            ),
            color=alt.condition("datum.chosen", alt.value(ACCENT), alt.value(NEUTRAL)),
        )
    )
    return finish(alt.layer(bars).properties(height=STEP * max(len(cells), 1) + AXIS_ROOM))


def offenses_alt(cells: tuple[Cell, ...], filters: Filters) -> str:
    """Describe the chart by offense in words."""
    parts = [f"{OFFENSES.get(cell.offense, cell.offense)} {number(cell.dismissals)}" for cell in cells]
    return f"Bars by offense over all years, {UNIT_TITLES[filters.unit].lower()}: {'; '.join(parts)}."


def number_axis() -> alt.Axis:
    """Return an axis with few ticks and with thousands separators; the last label stays inside the chart."""
    return alt.Axis(format=",d", tickCount=4, tickMinStep=1, labelOverlap=True, labelFlush=True, labelBound=True)


def label_axis() -> alt.Axis:
    """Return an axis that shows the number below each name and never leaves a label out."""
    return alt.Axis(
        labelExpr="split(datum.label, '|')", labelLimit=240, labelOverlap=False, labelPadding=8, ticks=False
    )


def finish(chart: AnyChart) -> AnyChart:
    """Give a chart the common look: a pale grid, no frame, readable text."""
    quiet: AnyChart = chart.configure_view(stroke=None).configure_axis(
        labelFontSize=13, titleFontSize=13, titleFontWeight="normal", titleColor=INK, labelColor=INK, domain=False
    )
    return quiet
