"""Each table of the public release as CSV and Parquet; each file contains its method, its date and its release."""

import csv
import io
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from dashboards.components.data import ReleaseFile, ReleaseInfo, query
from dashboards.components.words import county_name, day, text
from relief.text import formula_safe


@dataclass(frozen=True)
class PublicTable:
    """One table of the public release: its name, what it counts in which unit, and the pages that show it."""

    name: str
    title: str
    pages: str


TABLES = (
    PublicTable(
        "rpt_progress_toward_published_totals",
        "Waves by stage, announced beside counted (convictions; cases)",
        "Overview, Progress",
    ),
    PublicTable(
        "rpt_dismissals_by_year_and_offense",
        "Dismissals by year, offense, level and wave (convictions; cases; people)",
        "By year and offense",
    ),
    PublicTable(
        "rpt_relief_standing", "Where convictions in review are, by courthouse (convictions)", "Where records are stuck"
    ),
    PublicTable("rpt_people_outcomes", "People whose record orders and policies change (people)", "Progress, People"),
    PublicTable("published_figures", "Figures that somebody published (each in its unit)", "Progress, People"),
    PublicTable("data_dictionary", "What each column means", "Words and methods"),
)
INSIDE_ONLY = {
    "Stages, days and what is stuck": "counts that differ by a few convictions; outside goes where convictions are",
    "People by race, sex and age": "small groups beside their totals; outside goes the AB 1706 report, suppressed",
    "Policies side by side": "two policies often differ by a few convictions",
    "AB 1706, exact": "the command relief export ab1706 writes the suppressed report",
    "Deliveries, checks and findings": "work of the office, in small counts",
}
"""Tables on the pages that cannot be downloaded, each with the reason."""


def notes(info: ReleaseInfo, title: str) -> list[str]:
    """Return the lines at the top of every file, which describe the file."""
    return [
        *([info.notice or "SYNTHETIC DATA"] if info.is_synthetic else []),
        title,
        f"{county_name(info.county)}. Data as of {day(info.extract_as_of_date)}. Release {info.release_id}, "
        f"build {info.build_id}, relief {info.relief_version}.",
        *(line for line in text("download_note").splitlines()[1:] if line.strip()),
    ]


@st.cache_data(show_spinner=False, max_entries=16)
def table_csv(file: ReleaseFile, info: ReleaseInfo, table: PublicTable) -> bytes:
    """Return the notes and then the table, as CSV.

    Each note is a quoted line that starts with #. No cell starts with a formula that a spreadsheet would run.
    """
    rows = query(file, f'select * from "{table.name}" order by all')
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [f"# {' '.join(line.split())}"] for line in notes(info, table.title)
    )
    writer = csv.writer(out, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows([[_one_line(value) for value in row.values()] for row in rows])
    return out.getvalue().encode()


@st.cache_data(show_spinner=False, max_entries=16)
def table_parquet(file: ReleaseFile, info: ReleaseInfo, table: PublicTable) -> bytes:
    """Return the table as Parquet; the notes are in the metadata of the file, under the key `relief`."""
    rows = query(file, f'select * from "{table.name}" order by all')
    arrow = pa.Table.from_pylist(rows)
    arrow = arrow.replace_schema_metadata({"relief": "\n".join(notes(info, table.title))})
    out = io.BytesIO()
    pq.write_table(arrow, out)
    return out.getvalue()


def _one_line(value: object) -> object:
    return formula_safe(" ".join(value.split())) if isinstance(value, str) else value
