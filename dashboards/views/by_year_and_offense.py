"""The page By year and offense: how many dismissals the courts ordered, in which year, and under which section."""

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
    load_waves,
    load_years,
    one,
)
from dashboards.components.charts import offenses_alt, offenses_chart, years_alt, years_chart
from dashboards.components.data import Release, Summary
from dashboards.components.downloads import offenses_download, years_downloads
from dashboards.components.filters import choose_filters
from dashboards.components.findings import by_year, sum_of_waves, sum_of_years
from dashboards.components.words import day, text

TABLE_HEIGHT, SHORT_TABLE = 360, 8


def page(release: Release, summary: Summary) -> None:
    """Show the whole page: filters, finding, charts and tables by year and by offense, downloads, notes."""
    layout.heading("Dismissals by year and offense", summary)
    filters = choose_filters()
    years = load_years(release.leadership, filters)
    offenses = load_offenses(release.leadership, filters)
    layout.lead(by_year(years, filters))
    st.markdown(f"Shown: {filters.words()} · data as of {day(summary.info.extract_as_of_date)}")
    total = one(years, "all")
    if total is None or not total.dismissals:
        return
    if filters.wave == "all":
        waves = sum_of_waves(load_waves(release.leadership, filters), total.dismissals, filters)
        st.markdown(f"{waves} {text('both_waves')}")

    basis = "by year of the order" if filters.year_basis == "relief_order_year" else "by year of the conviction"
    layout.section(f"{UNIT_TITLES[filters.unit]} {basis}", "years")
    chart, table = st.columns([7, 3], gap="large")
    with chart:
        layout.chart(years_chart(years, filters), years_alt(years, filters))
        if one(years, "unknown") is not None:
            layout.small("The hollow bar at the right is the unknown year.")
    with table:
        years_table(years, filters)
        layout.small(sum_of_years(years, filters))
        years_downloads(release, filters)

    layout.section(f"{UNIT_TITLES[filters.unit]} by offense, all years", "offenses")
    chart, table = st.columns([6, 4], gap="large")
    with chart:
        layout.chart(offenses_chart(offenses, filters), offenses_alt(offenses, filters))
    with table:
        offenses_table(offenses, filters)
        offenses_download(release, filters)

    layout.section("What this does not show", "limits")
    st.markdown(text("by_year_notes"))


def years_table(cells: tuple[Cell, ...], filters: Filters) -> None:
    """Show the total, then the unknown year, then every year, with the same numbers as in the chart."""
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
    """Show every offense with its count over all years."""
    layout.table(
        {
            "Offense": [OFFENSES.get(cell.offense, cell.offense) for cell in cells],
            UNITS[filters.unit]: [cell.dismissals for cell in cells],
        },
        f"{UNIT_TITLES[filters.unit]} by offense over all years",
        numbers=(UNITS[filters.unit],),
    )


layout.with_release(page)
