"""Reference tables of the generator, read once from ``data/`` (see its README for sources)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parent / "data"

RACES = ("latino", "black", "white", "other")
RACE_CODES = ("H", "B", "W", "O", "X")
RACE_DESCR = ("HISPANIC", "BLACK", "WHITE", "OTHER", "UNKNOWN")

# The outcomes of a count.
CONVICTED, DISMISSED, ACQUITTED, UNDISPOSED = range(4)

# Periods of cannabis law, by date of the offense.
PERIODS = ("p", "t", "o", "n")


@dataclass(frozen=True)
class Tables:
    """The reference tables as pandas frames.

    ``offenses`` gives every offense one number, cannabis offenses first. ``counties`` begins with the county of the
    extract. The weight of this county is 0, so that a drawn county is always another one.
    """

    surnames: pd.DataFrame
    first_names: pd.DataFrame
    agencies: pd.DataFrame
    courthouses: pd.DataFrame
    counties: pd.DataFrame
    offenses: pd.DataFrame

    def pick(self, kind: str, period: str = "", level: str = "") -> pd.DataFrame:
        """Return the offenses of one kind, period and level ('' = any). The index is the offense number."""
        rows = self.offenses[self.offenses["kind"] == kind]
        if period:
            rows = rows[rows["era"] == period]
        return rows[rows["level"] == level] if level else rows


def base_section(statute: str) -> str:
    """Return the section of a statute text without subdivisions: ``11357(A)`` -> ``11357``."""
    return statute.partition("(")[0]


@cache
def load_tables() -> Tables:
    """Read the reference tables from ``data/``."""
    cannabis = _texts("cannabis_offenses")
    other = _texts("other_offenses")
    other["kind"], other["era"] = "other", ""
    cannabis["mark"] = ""
    offenses = pd.concat([cannabis, other], ignore_index=True)
    offenses["weight"] = offenses["weight"].astype(float)
    offenses["section"] = offenses["statute"].map(base_section)
    offenses["from_day"] = _days(offenses["enacted"].where(offenses["enacted"] > "18", "18720101"))
    repealed = offenses["repealed"]
    offenses["to_day"] = _days(repealed.where((repealed != "") & (repealed != "99999999"), "20991231"))
    agencies = _texts("agencies")
    agencies["weight"] = agencies["weight"].astype(float)
    courthouses = _texts("courthouses")
    courthouses["weight"] = courthouses["weight"].astype(float)
    counties = _texts("counties")
    counties["weight"] = counties["weight"].astype(float)
    return Tables(
        surnames=pd.read_csv(DATA / "surnames.csv", keep_default_na=False),
        first_names=pd.read_csv(DATA / "first_names.csv", keep_default_na=False),
        agencies=agencies,
        courthouses=courthouses,
        counties=counties,
        offenses=offenses,
    )


def _texts(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def _days(text: pd.Series) -> np.ndarray:
    iso = text.str[:4] + "-" + text.str[4:6] + "-" + text.str[6:]
    return iso.to_numpy().astype("datetime64[D]").astype(np.int64)
