"""Days as whole numbers since 1970-01-01: drawing them, and writing them as dates."""

from functools import cache

import numpy as np

FIRST_YEAR, LAST_YEAR = 1900, 2099


def day(iso: str) -> int:
    """Return the day number of an ISO date."""
    return int(np.datetime64(iso, "D").astype(np.int64))


PROP_64 = day("2016-11-09")
FIRST_CONVICTION = day("1961-01-09")
SECTIONS_RENUMBERED = day("1973-01-01")
MISDEMEANOR_FORMS = day("1976-01-01")
INFRACTION_FORM = day("2011-01-01")
COURT_FELONIES = day("1973-01-01")
COURT_MISDEMEANORS = day("1979-01-01")

DOJ_AS_OF = "2019-07-01"
COURT_AS_OF = "2021-09-01"
EVENTS_AS_OF = "2023-07-10"
DECISIONS_AS_OF = "2020-06-30"

# Relative numbers of convictions in some years; years between them are interpolated. Arrests rose through the 1970s and
# again in the 1990s and 2000s, and fell after 2010 (statewide and LAPD arrest series).
_CORNER_YEARS = (1961, 1967, 1972, 1978, 1986, 1990, 1996, 2005, 2010, 2014, 2016)
_CORNER_WEIGHTS = (1, 10, 22, 26, 24, 22, 40, 45, 40, 24, 14)


def draw_days(rng: np.random.Generator, n: int, first: int, last: int) -> np.ndarray:
    """Draw n days between two days (both included). Days in years with more convictions are more likely."""
    days = np.arange(first, last + 1)
    years = 1970 + days / 365.2425
    weights = np.interp(years, _CORNER_YEARS, _CORNER_WEIGHTS)
    edges = np.cumsum(weights)
    return days[np.searchsorted(edges, rng.random(n) * edges[-1], side="right").clip(0, len(days) - 1)]


@cache
def _lookup(pattern: str) -> np.ndarray:
    start = np.datetime64(f"{FIRST_YEAR}-01-01", "D")
    end = np.datetime64(f"{LAST_YEAR + 1}-01-01", "D")
    iso = np.datetime_as_string(np.arange(start, end))
    if pattern == "iso":
        return iso.astype(object)
    return np.array([text.replace("-", "") for text in iso], dtype=object)


def as_text(days: np.ndarray, pattern: str = "iso") -> np.ndarray:
    """Write days as ``YYYY-MM-DD`` (iso) or ``YYYYMMDD`` (compact)."""
    return _lookup(pattern)[np.asarray(days, dtype=np.int64) - day(f"{FIRST_YEAR}-01-01")]


def year_of(days: np.ndarray) -> np.ndarray:
    """Return the calendar year of each day."""
    return np.asarray(days, dtype="datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def partial_text(days: np.ndarray, how: np.ndarray) -> np.ndarray:
    """Write days as ``YYYYMMDD``, or as incomplete dates: blank, YYYY0000, NULL, YYYYMM00, YYYY0231."""
    text = as_text(days, "compact")
    odd = np.flatnonzero(how)
    if not len(odd):
        return text
    text = text.copy()
    for row in odd.tolist():
        full = text[row]
        text[row] = ("", full[:4] + "0000", "NULL", full[:6] + "00", full[:4] + "0231")[how[row] - 1]
    return text
