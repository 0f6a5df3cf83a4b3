"""The page Downloads: tables of the public release, pictures, and a briefing, each with method, date and release."""

from pathlib import Path

import streamlit as st

from dashboards.components import layout
from dashboards.components.cells import Filters
from dashboards.components.data import Release, ReleaseFile, ReleaseInfo, Summary
from dashboards.components.downloads import UNAVAILABLE, file_name, public_release, standing_picture, years_picture_of
from dashboards.components.folds import why_and_limits
from dashboards.components.public_files import INSIDE_ONLY, TABLES, table_csv, table_parquet
from dashboards.components.words import day, plain, text
from relief.errors import ReliefError
from relief.export.briefing import briefing_html

DOWNLOAD = ":material/download:"


def page(release: Release, summary: Summary) -> None:
    """Show the briefing, the tables, the pictures, and the list of tables that have no download."""
    layout.heading("Downloads from the public release", summary)
    layout.lead(text("downloads_lead").strip())
    try:
        file, info = public_release(release)
        html = _briefing(file, info)
    except ReliefError:
        st.markdown(UNAVAILABLE)
        why_and_limits("downloads")
        return
    layout.section("A briefing of two pages", "briefing")
    st.markdown(text("downloads_briefing"))
    _button("Download the briefing (HTML)", html, ("briefing", "html", "text/html"), info)
    tables_section(file, info)
    pictures_section(file, info)
    layout.section("What is for the office alone", "inside")
    layout.table(
        {"Table": list(INSIDE_ONLY), "Why it has no download": list(INSIDE_ONLY.values())},
        "Tables on the pages that have no download, with the reason",
    )
    why_and_limits("downloads")


@st.cache_data(show_spinner=False, max_entries=4)
def _briefing(file: ReleaseFile, info: ReleaseInfo) -> str:
    return briefing_html(Path(file.path), info.release_id)


def tables_section(file: ReleaseFile, info: ReleaseInfo) -> None:
    """Show two download buttons for each table."""
    layout.section("Tables (CSV and Parquet)", "tables")
    st.markdown(f"Every file is of release {plain(info.release_id)}, data as of {day(info.extract_as_of_date)}.")
    columns = st.columns(2)
    for place, table in enumerate(TABLES):
        with columns[place % 2].container(border=True):
            st.markdown(f"**{plain(table.title)}**  \n:small[Shown on: {plain(table.pages)}]")
            with st.container(horizontal=True):
                subject = table.name.removeprefix("rpt_")
                _button("CSV", table_csv(file, info, table), (subject, "csv", "text/csv"), info)
                parquet = table_parquet(file, info, table)
                _button("Parquet", parquet, (subject, "parquet", "application/vnd.apache.parquet"), info)


def pictures_section(file: ReleaseFile, info: ReleaseInfo) -> None:
    """Offer the charts as SVG files, which browsers, word processors and printers can read."""
    layout.section("Pictures (SVG)", "pictures")
    pictures = {
        "Dismissals by year of the order (convictions)": (
            "dismissals_by_order_year",
            years_picture_of(file, Filters(), info),
        ),
        "Dismissals by year of the conviction (convictions)": (
            "dismissals_by_conviction_year",
            years_picture_of(file, Filters(year_basis="conviction_year"), info),
        ),
        "Where convictions in review are (convictions)": ("standing", standing_picture(file, info)),
    }
    for title, (subject, svg) in pictures.items():
        _button(title, svg, (subject, "svg", "image/svg+xml"), info, icon=":material/image:")


def _button(
    label: str, content: str | bytes, kind: tuple[str, str, str], info: ReleaseInfo, icon: str = DOWNLOAD
) -> None:
    subject, extension, mime = kind
    name = file_name(subject, info, extension)
    st.download_button(label, content, file_name=name, mime=mime, icon=icon, on_click="ignore", key=name)


layout.with_release(page)
