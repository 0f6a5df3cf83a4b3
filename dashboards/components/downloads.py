"""What leaves the office: CSV files and pictures, made from the suppressed public release only, each with its note."""

import csv
import io
from collections.abc import Iterable, Sequence

import streamlit as st

from dashboards.components.cells import UNIT_TITLES, Cell, Filters, known_years, load_offenses, load_years, one
from dashboards.components.data import Release, ReleaseFile, ReleaseInfo, StageCount, load_info, load_stages, query
from dashboards.components.picture import Bar, bars_svg
from dashboards.components.words import county_name, day, text
from relief.errors import ReliefError
from relief.text import formula_safe

UNAVAILABLE = "Downloads need the public release that belongs to these figures, and it cannot be read as one."
PROGRESS_COLUMNS = """
    wave_number wave_title stage_number stage unit counted counted_low counted_high mark
    published_count published_as_of_date published_source_name published_source_url extract_as_of_date
"""
STANDING_COLUMNS = (
    "courthouse",
    "standing",
    "unit",
    "convictions",
    "share",
    "mark",
    "lifecycle_as_of_date",
    "is_synthetic",
)
CELL_COLUMNS = "year_basis year offense level wave unit dismissals mark extract_as_of_date is_synthetic"


def progress_downloads(release: Release) -> None:
    """The progress figures as CSV, from the public release."""
    try:
        file, info = public_release(release)
        stages = load_stages(file, marked=True)
    except ReliefError:
        st.caption(UNAVAILABLE)
        return
    st.download_button(
        "Download these figures (CSV, public)",
        progress_csv(stages, info),
        file_name=file_name("progress", info, "csv"),
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def standing_downloads(release: Release) -> None:
    """Where convictions stand by courthouse as CSV, from the public release."""
    try:
        file, info = public_release(release)
        written = standing_csv(file, info)
    except ReliefError:
        st.caption(UNAVAILABLE)
        return
    st.download_button(
        "Download where convictions stand (CSV, public)",
        written,
        file_name=file_name("standing", info, "csv"),
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def year_downloads(release: Release, filters: Filters) -> None:
    """The chosen figures as CSV and as a picture, from the public release."""
    try:
        file, info = public_release(release)
        years = load_years(file, filters, marked=True)
        offenses = load_offenses(file, filters, marked=True)
    except ReliefError:
        st.caption(UNAVAILABLE)
        return
    if filters.level != "all" and filters.wave != "all":
        st.caption(
            "The public release does not combine a level with a wave: choose all of one of them to download counts."
        )
    with st.container(horizontal=True):
        st.download_button(
            "Download these figures (CSV, public)",
            cells_csv(years, offenses, filters, info),
            file_name=file_name("dismissals", info, "csv"),
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Download a picture (SVG, public)",
            years_picture(years, filters, info),
            file_name=file_name("dismissals", info, "svg"),
            mime="image/svg+xml",
            icon=":material/image:",
            on_click="ignore",
        )


def public_release(release: Release) -> tuple[ReleaseFile, ReleaseInfo]:
    """The public file and its own word that it is the public file of this release; else ReliefError."""
    if release.public is None:
        raise ReliefError(UNAVAILABLE)
    return release.public, load_info(release.public, "public")


def file_name(subject: str, info: ReleaseInfo, extension: str) -> str:
    """A file name that still says what it is when it has left the folder."""
    label = "SYNTHETIC_" if info.is_synthetic else ""
    as_of = day(info.extract_as_of_date).replace(" ", "-")
    return f"{label}{subject}_public_as_of_{as_of}.{extension}"


def standing_csv(file: ReleaseFile, info: ReleaseInfo) -> str:
    """Where convictions stand, in the order of the process, with its method note."""
    rows = query(
        file,
        f"select {', '.join(STANDING_COLUMNS)} from rpt_relief_standing order by courthouse <> 'all', courthouse, "
        "list_position(['all', 'not_ordered', 'ordered', 'entered', 'court_record_updated', 'visible'], standing)",
    )
    return _csv(info, "Where the convictions in review stand", STANDING_COLUMNS, [list(row.values()) for row in rows])


def progress_csv(stages: Sequence[StageCount], info: ReleaseInfo) -> str:
    """The public progress table with its method note."""
    header = [
        "wave_number",
        "wave_title",
        "stage_number",
        "stage",
        "unit",
        "counted",
        "counted_low",
        "counted_high",
        "mark",
        "published_count",
        "published_as_of_date",
        "published_source_name",
        "published_source_url",
        "extract_as_of_date",
    ]
    return _csv(
        info, "Progress toward the announced totals", header, [[getattr(row, n) for n in header] for row in stages]
    )


def cells_csv(years: Sequence[Cell], offenses: Sequence[Cell], filters: Filters, info: ReleaseInfo) -> str:
    """The public counts of the chosen filters: the years of one offense choice, then the offenses over all years."""
    header = [
        "year_basis",
        "year",
        "offense",
        "level",
        "wave",
        "unit",
        "dismissals",
        "mark",
        "extract_as_of_date",
        "is_synthetic",
    ]
    seen: set[tuple[str, str]] = set()
    rows: list[list[object]] = []
    for cell in (*years, *offenses):
        if (cell.year, cell.offense) in seen:
            continue
        seen.add((cell.year, cell.offense))
        place = [filters.year_basis, cell.year, cell.offense, filters.level, filters.wave, filters.unit]
        rows.append([*place, cell.dismissals, cell.mark, info.extract_as_of_date, info.is_synthetic])
    return _csv(info, f"Dismissals by year and by offense: {filters.words()}", header, rows)


def years_picture(years: Sequence[Cell], filters: Filters, info: ReleaseInfo) -> str:
    """The public chart by year as a picture that carries its own note."""
    basis = "year of the order" if filters.year_basis == "relief_order_year" else "year of the conviction"
    lines = [
        *([info.notice or "SYNTHETIC DATA"] if info.is_synthetic else []),
        f"{county_name(info.county)}. Data as of {day(info.extract_as_of_date)}. Release {info.release_id}.",
        *text("picture_note").splitlines(),
    ]
    unknown = one(tuple(years), "unknown")
    shown = [*known_years(tuple(years)), *([unknown] if unknown else [])]
    return bars_svg(
        f"{UNIT_TITLES[filters.unit]} by court order, by {basis}",
        f"{'SYNTHETIC DATA: ' if info.is_synthetic else ''}{filters.words()}",
        [Bar(cell.year.capitalize(), cell.dismissals, cell.mark) for cell in shown],
        [line for line in lines if line.strip()],
    )


def _csv(info: ReleaseInfo, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Notes, each one quoted cell that starts with #, then the table."""
    out = io.StringIO()
    notes = [
        *([info.notice or "SYNTHETIC DATA"] if info.is_synthetic else []),
        title,
        f"{county_name(info.county)}. Data as of {day(info.extract_as_of_date)}. Release {info.release_id}, "
        f"build {info.build_id}, relief {info.relief_version}.",
        *text("download_note").splitlines(),
    ]
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [f"# {_one_line(line)}"] for line in notes if line.strip()
    )
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: object) -> object:
    """A cell on one line that no spreadsheet takes for a formula."""
    return formula_safe(_one_line(value)) if isinstance(value, str) else value


def _one_line(written: str) -> str:
    """Text without line ends and tabs: csv leaves a bare carriage return unquoted, and a spreadsheet starts a row."""
    return " ".join(written.split())
