"""Three counts that are often confused, and the lines that lead from one to another, separately for each unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.components import layout
from dashboards.components.data import Release, ReleaseFile, rows_of
from dashboards.components.words import day, link, number, plain, span, text

UNITS = ("convictions", "cases", "people")
NOT_DELIVERED = "not delivered"
SIGNS = {"start": "", "plus": "+ ", "minus": "\u2212 ", "overlap": "", "result": "= ", "beside": "", "quoted": ""}


@dataclass(frozen=True)
class Line:
    """One line of one universe in one unit. Lines with the unit `mixed` are quoted and enter no count."""

    universe: str
    universe_title: str
    line_number: int
    line: str
    kind: str
    line_title: str
    explanation: str
    unit: str
    counted: int | None
    counted_low: int | None
    counted_high: int | None
    extract_as_of_date: date | None
    published_count: int | None
    published_as_of_date: date | None
    published_source_name: str | None
    published_source_url: str | None


@st.cache_data(show_spinner=False, max_entries=8)
def load_lines(file: ReleaseFile) -> tuple[Line, ...]:
    """Read every line of the release, in reading order."""
    return rows_of(
        Line,
        file,
        "rpt_universe_reconciliation "
        "order by case universe when 'first_wave' then 1 when 'doj_cleared' then 2 else 3 end, line_number, unit",
    )


def section(release: Release) -> None:
    """Show one expander per universe. Show nothing if the release does not contain this report."""
    lines = load_lines(release.leadership)
    if not lines:
        return
    layout.section("Three counts that are often taken for one", "universes")
    st.markdown(text("universes"))
    for universe in dict.fromkeys(line.universe for line in lines):
        rows: dict[int, list[Line]] = {}
        for line in lines:
            if line.universe == universe:
                rows.setdefault(line.line_number, []).append(line)
        with st.expander(_title(list(rows.values()))):
            _table(list(rows.values()))


def _title(rows: Sequence[Sequence[Line]]) -> str:
    """Return the title of an expander with the first and the last count, which are then visible while it is closed."""
    ends = {
        line.kind: line
        for row in rows
        for line in row
        if line.unit == "convictions" and line.kind in ("start", "result")
    }
    counts = [_count([ends[kind]], "convictions") for kind in ("start", "result") if kind in ends]
    title = plain(rows[0][0].universe_title)
    if len(counts) != len(("start", "result")) or NOT_DELIVERED in counts:
        return title
    return f"{title} ({counts[0]} \u2192 {counts[1]} convictions)"


def _table(rows: Sequence[Sequence[Line]]) -> None:
    """Show the counts in a narrow table for small screens, and below it the published figures and the explanations."""
    units = {unit.title(): [_count(row, unit) for row in rows] for unit in UNITS}
    layout.table(
        {"Line": [f"{SIGNS[row[0].kind]}{row[0].line_title}" for row in rows], **units},
        f"{rows[0][0].universe_title}: each line in convictions, cases and people",
    )
    for row in rows:
        if published := _published(row):
            layout.small(f"{plain(row[0].line_title)}, as published: {published}.")
    layout.small(_as_of(rows))
    layout.table(
        {
            "Line": [row[0].line_title for row in rows],
            "What it counts": [row[0].explanation for row in rows],
        },
        f"{rows[0][0].universe_title}: what each line counts",
    )


def _as_of(rows: Sequence[Sequence[Line]]) -> str:
    """Return the as-of date of the lines. If there are several dates, return which lines have which date."""
    days: dict[str, list[str]] = {}
    for row in rows:
        if row[0].extract_as_of_date:
            days.setdefault(day(row[0].extract_as_of_date), []).append(plain(row[0].line_title))
    if len(days) == 1:
        return f"Data as of {next(iter(days))}."
    most = max(days, key=lambda one: len(days[one]), default="")
    parts = [f"{one} ({'all other lines' if one == most else ', '.join(titles)})" for one, titles in days.items()]
    return f"Data as of {', '.join(parts)}." if parts else ""


def _count(row: Sequence[Line], unit: str) -> str:
    line = next((line for line in row if line.unit == unit), None)
    if line is None or line.counted is None:
        return "not counted" if line is None else NOT_DELIVERED
    if line.counted_low is None or line.counted_high is None:
        return number(line.counted)
    return span(line.counted_low, line.counted_high, line.counted)


def _published(row: Sequence[Line]) -> str:
    """Return each published figure with its unit, date and source."""
    figures = [
        f"{number(line.published_count)} {line.unit if line.unit != 'mixed' else '(mixed units)'}, "
        f"{day(line.published_as_of_date)}, {link(line.published_source_name or 'source', line.published_source_url)}"
        for line in row
        if line.published_count is not None
    ]
    return "; ".join(figures)
