"""By year and offense: what the courts dismissed, when, and under which section."""

import streamlit as st

from dashboards.components import layout
from dashboards.components.cells import (
    OFFENSES,
    UNIT_TITLES,
    UNITS,
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
from dashboards.components.filters import choose_filters
from dashboards.components.findings import by_year
from dashboards.components.words import day, text

TABLE_HEIGHT, SHORT_TABLE = 360, 8


def page(release: Release, summary: Summary) -> None:
    """Filters, finding, chart and table by year, chart and table by offense, downloads, notes."""
    layout.heading("Dismissals by year and offense", summary.info)
    filters = choose_filters()
    years = load_years(release.leadership, filters)
    offenses = load_offenses(release.leadership, filters)
    st.markdown(f"#### {by_year(years, filters)}")
    st.markdown(f"Shown: {filters.words()} · data as of {day(summary.info.extract_as_of_date)}")

    basis = "by year of the order" if filters.year_basis == "relief_order_year" else "by year of the conviction"
    st.subheader(f"{UNIT_TITLES[filters.unit]} {basis}", anchor=False)
    chart, table = st.columns([7, 3], gap="large")
    with chart:
        layout.chart(years_chart(years, filters), years_alt(years, filters))
        if one(years, "unknown") is not None:
            layout.small("The hollow bar at the right is the unknown year.")
    with table:
        years_table(years, filters)
    year_downloads(release, filters)

    st.subheader(f"{UNIT_TITLES[filters.unit]} by offense, all years", anchor=False)
    chart, table = st.columns([6, 4], gap="large")
    with chart:
        layout.chart(offenses_chart(offenses, filters), offenses_alt(offenses, filters))
    with table:
        offenses_table(offenses, filters)

    st.subheader("What this does not show", anchor=False)
    st.markdown(text("by_year_notes"))


def years_table(cells: tuple[Cell, ...], filters: Filters) -> None:
    """Total first, then the unknown year, then every year: the same numbers as the chart."""
    total, unknown, years = one(cells, "all"), one(cells, "unknown"), known_years(cells)
    named = [("All years", total), ("Unknown year", unknown), *((cell.year, cell) for cell in reversed(years))]
    layout.table(
        {
            "Year": [name for name, _ in named],
            f"{UNITS[filters.unit]}": [cell.dismissals if cell else 0 for _, cell in named],
        },
        f"{UNIT_TITLES[filters.unit]} by year, with the total and the unknown year",
        numbers=(UNITS[filters.unit],),
        height=TABLE_HEIGHT if len(named) > SHORT_TABLE else 0,
    )


def offenses_table(cells: tuple[Cell, ...], filters: Filters) -> None:
    """Every offense with its count; the total is the release's own."""
    layout.table(
        {
            "Offense": [OFFENSES.get(cell.offense, cell.offense) for cell in cells],
            UNITS[filters.unit]: [cell.dismissals for cell in cells],
        },
        f"{UNIT_TITLES[filters.unit]} by offense over all years",
        numbers=(UNITS[filters.unit],),
    )


layout.with_release(page)
