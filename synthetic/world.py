"""The invented world from which all extracts are written: people, their cases, and the counts of each case."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from synthetic.chance import in_force
from synthetic.sizes import Shortfalls, Sizes
from synthetic.tables import CONVICTED, Tables

# What the DOJ file contains about a case: nothing, only the arrest, or also the court step.
NOT_IN_DOJ, ARREST_ONLY, WITH_COURT_STEP = range(3)

# Kinds of dates: a complete date, and the ways in which a date can be incomplete.
DATED, NO_DATE, YEAR_ONLY, NULL_DATE, MONTH_ONLY, NO_SUCH_DAY = range(6)
PARTIAL_DATES = (NO_DATE, YEAR_ONLY, NULL_DATE, MONTH_ONLY, NO_SUCH_DAY)

# How the DOJ file writes the case number: plain first, then in the order of ``data/disagreement.csv``.
NUMBER_STYLES = (
    "number_plain", "number_suffix_1", "number_suffix_2", "number_spaced", "number_dashed", "number_lower_case",
    "number_suffix_glued", "number_without_prefix", "number_without_prefix_suffixed", "number_zeros",
    "number_letter_o", "number_digit_wrong", "number_digits_swapped", "number_of_another_case", "number_blank",
    "number_null_text",
)  # fmt: skip
(
    PLAIN, SUFFIXED, SUFFIXED_LONG, SPACED, DASHED, LOWER,
    GLUED, NO_PREFIX, NO_PREFIX_SUFFIXED, ZEROS,
    LETTER_O, DIGIT_WRONG, DIGITS_SWAPPED, ANOTHER, BLANK,
    NULL_TEXT,
) = range(len(NUMBER_STYLES))  # fmt: skip
# With SAME_STYLES, only blanks, hyphens or the defendant differ. With FRAGMENT_STYLES, most of the number is there.
SAME_STYLES = (PLAIN, SUFFIXED, SUFFIXED_LONG, SPACED, DASHED, LOWER)
FRAGMENT_STYLES = (GLUED, NO_PREFIX, NO_PREFIX_SUFFIXED, ZEROS, LETTER_O, DIGIT_WRONG, DIGITS_SWAPPED)


@dataclass
class World:
    """The tables of the world. They grow in blocks, which ``freeze`` joins. Row numbers are the keys."""

    rng: np.random.Generator
    detail: np.random.Generator  # draws everything after the facts: spellings, variants, defects
    identity: np.random.Generator  # draws the names of people in each file
    tables: Tables
    sizes: Sizes
    shortfalls: Shortfalls
    people: pd.DataFrame = field(default_factory=pd.DataFrame)
    cases: pd.DataFrame = field(default_factory=pd.DataFrame)
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)
    sentences: pd.DataFrame = field(default_factory=pd.DataFrame)
    other_steps: pd.DataFrame = field(default_factory=pd.DataFrame)
    court: pd.DataFrame = field(default_factory=pd.DataFrame)
    _case_blocks: list[pd.DataFrame] = field(default_factory=list)
    _count_blocks: list[pd.DataFrame] = field(default_factory=list)
    _n_cases: int = 0

    def add_cases(self, kind: str, person: np.ndarray, court_day: np.ndarray, **columns: Any) -> pd.DataFrame:
        """Add one case for each given person, and return the new block. Its index contains the case numbers."""
        n = len(person)
        gap = 15 + np.minimum(self.rng.gamma(1.5, 60.0, n), 900).astype(np.int64)
        block = pd.DataFrame(
            {
                "kind": kind,
                "person": person,
                "court_day": court_day,
                "arrest_day": court_day - gap,
                "county": 0,
                "doj_step": NOT_IN_DOJ,
                "in_court": False,
                "felony_number": True,
                "city_attorney": False,
                "undated": 0,
                "convicted_on_arrest": False,
                "leader": -1,
            },
            index=pd.RangeIndex(self._n_cases, self._n_cases + n),
        )
        for name, value in columns.items():
            block[name] = value
        self._n_cases += n
        self._case_blocks.append(block)
        return block

    def add_counts(self, case: np.ndarray, offense: np.ndarray, level: np.ndarray, **columns: Any) -> pd.DataFrame:
        """Add one count for each given case. ``rank`` gives the order of the counts in a case."""
        block = pd.DataFrame({"case": case, "offense": offense, "level": level})
        defaults: dict[str, Any] = {
            "kind": "cannabis",
            "outcome": CONVICTED,
            "rank": 1,
            "role": "",
            "doj": True,
            "court": True,
        }
        for name, value in (defaults | columns).items():
            block[name] = value
        self._count_blocks.append(block)
        return block

    def freeze(self) -> None:
        """Join the blocks and number the counts of each case."""
        self.cases = pd.concat(self._case_blocks)
        counts = pd.concat(self._count_blocks, ignore_index=True)
        counts = counts.sort_values(["case", "rank"], kind="stable", ignore_index=True)
        counts["number"] = counts.groupby("case").cumcount() + 1
        self.counts = counts
        self._case_blocks.clear()
        self._count_blocks.clear()

    def cannabis_offense(
        self, offense_day: np.ndarray, level: np.ndarray, sections: tuple[str, ...] = ()
    ) -> np.ndarray:
        """Draw for each row a completed cannabis offense of its level that was in force on its day.

        If ``sections`` are given, felonies are drawn from these sections only.
        """
        result = np.empty(len(offense_day), dtype=np.int64)
        for grade in "FMI":
            rows = np.flatnonzero(level == grade)
            choices = self.tables.pick("cannabis", level=grade)
            if sections and grade == "F":
                choices = choices[choices["section"].isin(sections)]
            result[rows] = in_force(self.rng, choices, offense_day[rows])
        return result

    def weighted(self, choices: pd.DataFrame, n: int) -> np.ndarray:
        """Draw n index values from a frame, weighted by its column ``weight``."""
        edges = np.cumsum(choices["weight"].to_numpy())
        picks = np.searchsorted(edges, self.rng.random(n) * edges[-1], side="right").clip(0, len(edges) - 1)
        return choices.index.to_numpy()[picks]

    def other_county(self, n: int) -> np.ndarray:
        """Draw counties other than the county of the extract."""
        return self.weighted(self.tables.counties, n)

    def other_offense(self, day: np.ndarray, level: str = "") -> np.ndarray:
        """Draw for each day an offense that was in force and is not about cannabis."""
        return in_force(self.rng, self.tables.pick("other", level=level), day)

    def offense_level(self, offense: np.ndarray) -> np.ndarray:
        """Return the usual level of each offense."""
        return self.tables.offenses["level"].to_numpy()[offense]
