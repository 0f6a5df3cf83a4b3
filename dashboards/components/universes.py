"""Three counts that are often taken for one: what leads from one to another, line by line, each unit by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.components import layout
from dashboards.components.data import Release, ReleaseFile, query
from dashboards.components.words import day, link, number, span, text

UNITS = ("convictions", "cases", "people")
SIGNS = {"start": "", "plus": "+ ", "minus": "\u2212 ", "overlap": "", "result": "= ", "beside": "", "quoted": ""}


@dataclass(frozen=True)
class Line:
    """One line of one universe in one unit; `mixed` lines are quoted and counted in nothing."""

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
    """Every line of the release, in reading order."""
    return tuple(
        Line(**row)
        for row in query(
            file,
            "select universe, universe_title, line_number, line, kind, line_title, explanation, unit, counted, "
            "counted_low, counted_high, extract_as_of_date, published_count, published_as_of_date, "
            "published_source_name, "
            "published_source_url from rpt_universe_reconciliation "
            "order by case universe when 'first_wave' then 1 when 'doj_cleared' then 2 else 3 end, line_number, unit",
        )
    )


def section(release: Release) -> None:
    """A fold per universe; nothing where the release has no such report."""
    lines = load_lines(release.leadership)
    if not lines:
        return
    st.subheader("Three counts that are often taken for one", anchor=False)
    st.markdown(text("universes"))
    for universe in dict.fromkeys(line.universe for line in lines):
        of_universe = [line for line in lines if line.universe == universe]
        with st.expander(of_universe[0].universe_title):
            _table(of_universe)


def _table(lines: Sequence[Line]) -> None:
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(line.line_number, []).append(line)
    units = {unit.title(): [_count(row, unit) for row in rows.values()] for unit in UNITS}
    layout.table(
        {
            "Line": [f"{SIGNS[row[0].kind]}{row[0].line_title}" for row in rows.values()],
            **units,
            "Published": [_published(row) for row in rows.values()],
            "What it counts": [row[0].explanation for row in rows.values()],
            "Data as of": [day(row[0].extract_as_of_date) for row in rows.values()],
        },
        f"{lines[0].universe_title}: each line in convictions, cases and people",
    )


def _count(row: Sequence[Line], unit: str) -> str:
    line = next((line for line in row if line.unit == unit), None)
    if line is None or line.counted is None:
        return "not counted" if line is None else "not delivered"
    if line.counted_low is None or line.counted_high is None:
        return number(line.counted)
    return span(line.counted_low, line.counted_high, line.counted)


def _published(row: Sequence[Line]) -> layout.Cooked | str:
    """Each published figure with its unit, day and source."""
    figures = [
        f"{number(line.published_count)} {line.unit if line.unit != 'mixed' else '(mixed units)'}, "
        f"{day(line.published_as_of_date)}, {link(line.published_source_name or 'source', line.published_source_url)}"
        for line in row
        if line.published_count is not None
    ]
    return layout.Cooked("; ".join(figures)) if figures else ""
