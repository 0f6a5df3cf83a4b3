"""By year and offense: what the courts dismissed, when, and under which section."""

import streamlit as st

from dashboards.components import layout
from dashboards.components.cells import (
    LEVELS,
    OFFENSES,
    UNITS,
    WAVES,
    YEAR_BASES,
    Cell,
    Filters,
    known_years,
    load_offenses,
    load_years,
    one,
)
from dashboards.components.charts import offenses_alt, offenses_chart, years_alt, years_chart
from dashboards.components.data import Release, Summary
from dashboards.components.downloads import year_downloads
from dashboards.components.findings import by_year
from dashboards.components.words import day, number, text

TABLE_HEIGHT, SHORT_TABLE = 360, 8


def page(release: Release, summary: Summary) -> None:
    """Filters, finding, chart and table by year, chart and table by offense, downloads, notes."""
    layout.heading("Dismissals by year and offense", summary.info)
    filters = choose()
    years = load_years(release.leadership, filters)
    offenses = load_offenses(release.leadership, filters)
    st.markdown(f"#### {by_year(years, filters)}")
    st.caption(f"{filters.words()} · data as of {day(summary.info.extract_as_of_date)}")

    basis = "by year of the order" if filters.year_basis == "relief_order_year" else "by year of the conviction"
    st.subheader(f"{UNITS[filters.unit]} dismissed {basis}", anchor=False)
    chart, table = st.columns([7, 3], gap="large")
    with chart:
        layout.chart(years_chart(years, filters), years_alt(years, filters))
    with table:
        years_table(years, filters)
    year_downloads(release, filters, summary.info)

    st.subheader(f"{UNITS[filters.unit]} dismissed by offense, all years", anchor=False)
    chart, table = st.columns([6, 4], gap="large")
    with chart:
        layout.chart(offenses_chart(offenses, filters), offenses_alt(offenses, filters))
    with table:
        offenses_table(offenses, filters)

    st.subheader("What this does not show", anchor=False)
    st.markdown(text("by_year_notes"))


def choose() -> Filters:
    """The filters; each is kept in the address of the page, so that a link shows the same figures."""
    with st.container(horizontal=True, gap="medium"):
        basis = st.segmented_control(
            "Year of",
            list(YEAR_BASES),
            format_func=_short_basis,
            required=True,
            default="relief_order_year",
            key="year_basis",
            bind="query-params",
        )
        unit = st.segmented_control(
            "Count",
            list(UNITS),
            format_func=UNITS.__getitem__,
            required=True,
            default="convictions",
            key="unit",
            bind="query-params",
        )
    wave_box, level_box, offense_box = st.columns(3)
    wave = wave_box.selectbox("Wave", list(WAVES), format_func=WAVES.__getitem__, key="wave", bind="query-params")
    level = level_box.selectbox("Level", list(LEVELS), format_func=LEVELS.__getitem__, key="level", bind="query-params")
    offense = offense_box.selectbox(
        "Offense", list(OFFENSES), format_func=OFFENSES.__getitem__, key="offense", bind="query-params"
    )
    return Filters(basis or "relief_order_year", unit or "convictions", wave, level, offense)


def _short_basis(basis: str) -> str:
    """'the order' or 'the conviction'."""
    return YEAR_BASES[basis].removeprefix("Year of ")


def years_table(cells: tuple[Cell, ...], filters: Filters) -> None:
    """Total first, then the unknown year, then every year: the same numbers as the chart."""
    total, unknown, years = one(cells, "all"), one(cells, "unknown"), known_years(cells)
    named = [("All years", total), ("Unknown year", unknown), *((cell.year, cell) for cell in reversed(years))]
    layout.table(
        {
            "Year": [name for name, _ in named],
            f"{UNITS[filters.unit]}": [number(cell.dismissals if cell else 0) for _, cell in named],
        },
        f"{UNITS[filters.unit]} dismissed by year, with the total and the unknown year",
        numbers=(UNITS[filters.unit],),
        height=TABLE_HEIGHT if len(named) > SHORT_TABLE else 0,
    )


def offenses_table(cells: tuple[Cell, ...], filters: Filters) -> None:
    """Every offense with its count; the total is the release's own."""
    layout.table(
        {
            "Offense": [OFFENSES.get(cell.offense, cell.offense) for cell in cells],
            UNITS[filters.unit]: [number(cell.dismissals) for cell in cells],
        },
        f"{UNITS[filters.unit]} dismissed by offense over all years",
        numbers=(UNITS[filters.unit],),
    )


layout.with_release(page)
