"""Dismissals by year and offense: the filters, and the rows that they select."""

from dataclasses import dataclass

import streamlit as st

from dashboards.components.data import ReleaseFile, query, rows_of

YEAR_BASES = {"relief_order_year": "Year of the order", "conviction_year": "Year of the conviction"}
UNITS = {"convictions": "Convictions", "cases": "Cases", "people": "People"}
UNIT_TITLES = {
    "convictions": "Convictions dismissed",
    "cases": "Cases with a dismissal",
    "people": "People with a dismissal",
}
WAVES = {"all": "All waves", "1": "Wave 1", "2": "Wave 2", "neither": "Neither wave"}
LEVELS = {
    "all": "All levels",
    "felony": "Felony",
    "misdemeanor": "Misdemeanor",
    "infraction": "Infraction",
    "unknown": "Unknown level",
}
OFFENSES = {
    "all": "All offenses",
    "11357": "HS 11357 possession",
    "11358": "HS 11358 cultivation",
    "11359": "HS 11359 possession for sale",
    "11360": "HS 11360 sale or transport",
    "11530": "HS 11530 possession (before 1973)",
    "11530.1": "HS 11530.1 cultivation (before 1973)",
    "11530.5": "HS 11530.5 possession for sale (before 1973)",
    "11531": "HS 11531 sale (before 1973)",
    "other": "Other section",
    "unknown": "Unknown section",
}
UNKNOWN = "unknown"
TOTAL = "all"


@dataclass(frozen=True)
class Filters:
    """The choice for each filter.

    'all' selects the total over a dimension. The release contains this total, so nothing is summed here.
    """

    year_basis: str = "relief_order_year"
    unit: str = "convictions"
    wave: str = TOTAL
    level: str = TOTAL
    offense: str = TOTAL

    def words(self) -> str:
        """Return the choices in words, for titles and notes."""
        parts = [OFFENSES[self.offense], LEVELS[self.level], WAVES[self.wave]]
        return ", ".join(part[0].lower() + part[1:] if not part.startswith("HS") else part for part in parts)


@dataclass(frozen=True)
class Cell:
    """One count. In a public release, ``dismissals`` is None if ``mark`` is 'suppressed' or 'missing'."""

    year: str
    offense: str
    dismissals: int | None
    mark: str = "value"


@st.cache_data(show_spinner=False, max_entries=256)
def load_years(file: ReleaseFile, filters: Filters, *, marked: bool = False) -> tuple[Cell, ...]:
    """Read the total and every year, with the unknown year last."""
    return _cells(
        file,
        marked,
        "offense = ? order by case year when 'all' then 0 when 'unknown' then 2 else 1 end, year",
        [filters.year_basis, filters.unit, filters.wave, filters.level, filters.offense],
    )


@st.cache_data(show_spinner=False, max_entries=256)
def load_offenses(file: ReleaseFile, filters: Filters, *, marked: bool = False) -> tuple[Cell, ...]:
    """Read every offense over all years, in the order of the sections of the law."""
    cells = _cells(
        file,
        marked,
        "offense <> 'all' and year = 'all'",
        [filters.year_basis, filters.unit, filters.wave, filters.level],
    )
    order = list(OFFENSES)
    return tuple(sorted(cells, key=lambda cell: order.index(cell.offense) if cell.offense in OFFENSES else len(order)))


@st.cache_data(show_spinner=False, max_entries=64)
def load_waves(file: ReleaseFile, filters: Filters) -> dict[str, int]:
    """Read the dismissals of each wave over all years. All filters except the wave apply."""
    rows = query(
        file,
        "select wave, dismissals from rpt_dismissals_by_year_and_offense where year = 'all' and wave <> 'all' "
        "and year_basis = ? and unit = ? and level = ? and offense = ?",
        [filters.year_basis, filters.unit, filters.level, filters.offense],
    )
    return {str(row["wave"]): int(row["dismissals"]) for row in rows}


def _cells(file: ReleaseFile, marked: bool, condition: str, parameters: list[str]) -> tuple[Cell, ...]:
    """Read the rows of the report that satisfy the first four filters and the caller's condition."""
    return rows_of(
        Cell,
        file,
        "rpt_dismissals_by_year_and_offense "
        f"where year_basis = ? and unit = ? and wave = ? and level = ? and {condition}",
        parameters,
        without=() if marked else ("mark",),
    )


def known_years(cells: tuple[Cell, ...]) -> list[Cell]:
    """Return every year from the first to the last with its count. A year without a row had no dismissals."""
    counts = {int(cell.year): cell for cell in cells if cell.year.isdigit()}
    if not counts:
        return []
    years = range(min(counts), max(counts) + 1)
    return [counts.get(year, Cell(str(year), "", 0, "zero")) for year in years]


def one(cells: tuple[Cell, ...], year: str) -> Cell | None:
    """Return the row of one year ('all' and 'unknown' are possible too), or None if the release has no such row."""
    return next((cell for cell in cells if cell.year == year), None)
