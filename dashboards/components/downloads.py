"""Downloads that may leave the office: CSV files and pictures from the public release, each with its own note."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import streamlit as st

from dashboards.components.balance import load_standing
from dashboards.components.cells import UNIT_TITLES, Cell, Filters, known_years, load_offenses, load_years, one
from dashboards.components.data import Release, ReleaseFile, ReleaseInfo, StageCount, load_info, load_stages
from dashboards.components.picture import Bar, bars_svg
from dashboards.components.words import county_name, day, text
from relief.errors import ReliefError
from relief.text import formula_safe

Writer = Callable[[ReleaseFile, ReleaseInfo], str]
UNAVAILABLE = "Downloads need the public release that belongs to these figures, and it cannot be read as one."
NOT_COMBINED = "The public release does not combine a level with a wave: choose all of one of them to download counts."
SHORT_STANDINGS = {
    "not_ordered": "No order",
    "ordered": "Ordered",
    "entered": "Entered",
    "court_record_updated": "Court record",
    "visible": "Visible at DOJ",
    "unknown": "Cannot tell",
}
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
PROGRESS_COLUMNS = (
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
)
CELL_COLUMNS = (
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
)


def wave_download(release: Release, wave: int) -> None:
    """Offer the table of one wave from the public release."""

    def write(file: ReleaseFile, info: ReleaseInfo) -> str:
        return progress_csv([row for row in load_stages(file, marked=True) if row.wave_number == wave], info)

    _csv_button(release, write, f"progress_wave_{wave}", f"Download the table of wave {wave} (CSV, public)")


def standing_download(release: Release) -> None:
    """Offer the table that shows where convictions are, over all courthouses, from the public release."""
    _csv_button(release, standing_csv, "standing", "Download where convictions stand (CSV, public)")


def years_downloads(release: Release, filters: Filters) -> None:
    """Offer the table by year from the public release, as CSV and as a picture."""
    if filters.level != "all" and filters.wave != "all":
        st.markdown(f":small[{NOT_COMBINED}]")

    def write(file: ReleaseFile, info: ReleaseInfo) -> str:
        return years_csv(load_years(file, filters, marked=True), filters, info)

    def draw(file: ReleaseFile, info: ReleaseInfo) -> str:
        return years_picture_of(file, filters, info)

    _csv_button(release, write, "dismissals_by_year", "Download the table by year (CSV, public)")
    _button(release, draw, ("dismissals_by_year", "svg", "image/svg+xml"), "Download a picture (SVG, public)")


def offenses_download(release: Release, filters: Filters) -> None:
    """Offer the table by offense from the public release."""

    def write(file: ReleaseFile, info: ReleaseInfo) -> str:
        return offenses_csv(load_offenses(file, filters, marked=True), filters, info)

    _csv_button(release, write, "dismissals_by_offense", "Download the table by offense (CSV, public)")


def _csv_button(release: Release, write: Writer, subject: str, label: str) -> None:
    _button(release, write, (subject, "csv", "text/csv"), label)


def _button(release: Release, write: Writer, kind: tuple[str, str, str], label: str) -> None:
    """Show one download button. Without a public release, show the reason why there is no file."""
    subject, extension, mime = kind
    try:
        file, info = public_release(release)
        written = write(file, info)
    except ReliefError:
        st.markdown(f":small[{UNAVAILABLE}]")
        return
    st.download_button(
        label,
        written,
        file_name=file_name(subject, info, extension),
        mime=mime,
        icon=":material/download:" if extension == "csv" else ":material/image:",
        on_click="ignore",
    )


def public_release(release: Release) -> tuple[ReleaseFile, ReleaseInfo]:
    """Return the public file of this release.

    Raise ReliefError if there is none, or if the file describes another release.
    """
    if release.public is None:
        raise ReliefError(UNAVAILABLE)
    return release.public, load_info(release.public, "public")


def file_name(subject: str, info: ReleaseInfo, extension: str) -> str:
    """Return a file name that identifies the file even when it is copied to another folder."""
    label = "SYNTHETIC_" if info.is_synthetic else ""
    as_of = day(info.extract_as_of_date).replace(" ", "-")
    return f"{label}{subject}_public_as_of_{as_of}.{extension}"


def standing_csv(file: ReleaseFile, info: ReleaseInfo) -> str:
    """Return the table that shows where convictions are, in the order of the process, with its method note."""
    rows = load_standing(file, marked=True)
    return _csv(
        info,
        "Where the convictions in review stand",
        STANDING_COLUMNS,
        [[getattr(row, name) for name in STANDING_COLUMNS] for row in rows],
    )


def progress_csv(stages: Sequence[StageCount], info: ReleaseInfo) -> str:
    """Return the public progress table with its method note."""
    rows = [[getattr(row, name) for name in PROGRESS_COLUMNS] for row in stages]
    return _csv(info, "Progress toward the announced totals", PROGRESS_COLUMNS, rows)


def years_csv(cells: tuple[Cell, ...], filters: Filters, info: ReleaseInfo) -> str:
    """Return the public table by year, with the same rows as on the page."""
    shown = [cell for cell in (one(cells, "all"), one(cells, "unknown"), *reversed(known_years(cells))) if cell]
    return _cells_csv("Dismissals by year", shown, filters, info)


def offenses_csv(cells: tuple[Cell, ...], filters: Filters, info: ReleaseInfo) -> str:
    """Return the public table by offense, with the same rows as on the page."""
    return _cells_csv("Dismissals by offense, all years", cells, replace(filters, offense="all"), info)


def _cells_csv(title: str, cells: Sequence[Cell], filters: Filters, info: ReleaseInfo) -> str:
    rows = [
        [
            filters.year_basis,
            cell.year,
            cell.offense or filters.offense,
            filters.level,
            filters.wave,
            filters.unit,
            cell.dismissals,
            cell.mark,
            info.extract_as_of_date,
            info.is_synthetic,
        ]
        for cell in cells
    ]
    return _csv(info, f"{title}: {filters.words()}", CELL_COLUMNS, rows)


def years_picture_of(file: ReleaseFile, filters: Filters, info: ReleaseInfo) -> str:
    """Draw the chart by year of one release file as a picture."""
    return years_picture(load_years(file, filters, marked=True), filters, info)


def years_picture(years: Sequence[Cell], filters: Filters, info: ReleaseInfo) -> str:
    """Draw the public chart by year as a picture; the note is part of the picture."""
    basis = "year of the order" if filters.year_basis == "relief_order_year" else "year of the conviction"
    unknown = one(tuple(years), "unknown")
    shown = [*known_years(tuple(years)), *([unknown] if unknown else [])]
    return bars_svg(
        f"{UNIT_TITLES[filters.unit]} by court order, by {basis}",
        f"{'SYNTHETIC DATA: ' if info.is_synthetic else ''}{filters.words()}",
        [Bar(cell.year.capitalize(), cell.dismissals, cell.mark) for cell in shown],
        _picture_notes(info),
    )


def standing_picture(file: ReleaseFile, info: ReleaseInfo) -> str:
    """Draw a picture that shows where convictions in review are; the note is part of the picture."""
    rows = [row for row in load_standing(file, marked=True) if row.standing != "all"]
    return bars_svg(
        "Convictions in review by the last point reached",
        f"{'SYNTHETIC DATA: ' if info.is_synthetic else ''}all courthouses",
        [Bar(SHORT_STANDINGS.get(row.standing, row.standing), row.convictions, row.mark) for row in rows],
        _picture_notes(info),
    )


def _picture_notes(info: ReleaseInfo) -> list[str]:
    lines = [
        *([info.notice or "SYNTHETIC DATA"] if info.is_synthetic else []),
        f"{county_name(info.county)}. Data as of {day(info.extract_as_of_date)}. Release {info.release_id}.",
        *text("picture_note").splitlines(),
    ]
    return [line for line in lines if line.strip()]


def _csv(info: ReleaseInfo, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the notes, each as a quoted cell that starts with #, and then the table."""
    out = io.StringIO()
    notes = [
        *([info.notice or "SYNTHETIC DATA"] if info.is_synthetic else []),
        title,
        f"{county_name(info.county)}. Data as of {day(info.extract_as_of_date)}. Release {info.release_id}, "
        f"build {info.build_id}, relief {info.relief_version}.",
        info.data_quality,
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
    """Return a cell that is on one line and that no spreadsheet takes for a formula."""
    return formula_safe(_one_line(value)) if isinstance(value, str) else value


def _one_line(written: str) -> str:
    """Remove line ends and tabs.

    Python's csv does not quote a bare carriage return, and spreadsheets start a row there.
    """
    return " ".join(written.split())
