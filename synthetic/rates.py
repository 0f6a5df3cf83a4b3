"""How often the two files write the same person or case differently, by group. All shares are assumptions."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from synthetic.tables import DATA, RACES

SURNAME_TYPES = ("hispanic", "asian", "black_associated", "other")
# A surname has the type of a group if at least this percentage of its bearers belongs to the group (2010 census).
_TYPE_SHARES = (("hispanic", "pcthispanic", 50.0), ("asian", "pctapi", 50.0), ("black_associated", "pctblack", 40.0))
_HIGHEST = 0.95


@dataclass(frozen=True)
class Rates:
    """The share of each cause and its factor for each group, in the order of the table."""

    table: dict[str, dict[str, float]]

    def share(self, cause: str) -> float:
        """Return the share of a cause before the factors of the groups are applied."""
        return self.table[cause]["share"]

    def of(self, cause: str, people: pd.DataFrame) -> np.ndarray:
        """Return the share of a cause for each given person, by surname type, sex and race."""
        row = self.table[cause]
        by_type = np.array([row["hispanic"], row["asian"], row["black"], 1.0])
        factor = by_type[people["surname_type"].to_numpy()]
        factor = factor * np.where((people["sex"] == "F").to_numpy(), row["female"], 1.0)
        by_race = np.ones(len(RACES))
        by_race[RACES.index("black")], by_race[RACES.index("other")] = row["race_black"], row["race_other"]
        return np.minimum(factor * by_race[people["race"].to_numpy()] * row["share"], _HIGHEST)


@cache
def load_rates() -> Rates:
    """Read the shares and factors from ``data/disagreement.csv``."""
    rows = pd.read_csv(DATA / "disagreement.csv", index_col="cause", keep_default_na=False)
    numbers = rows.drop(columns=["where", "of", "reason"]).astype(float)
    return Rates({str(cause): dict(zip(numbers.columns, row, strict=True)) for cause, *row in numbers.itertuples()})


def surname_types(surnames: pd.DataFrame) -> np.ndarray:
    """Return the type of each surname in the census table, as an index into ``SURNAME_TYPES``."""
    result = np.full(len(surnames), SURNAME_TYPES.index("other"))
    for name, column, least in reversed(_TYPE_SHARES):
        result[surnames[column].to_numpy(dtype=float) >= least] = SURNAME_TYPES.index(name)
    return result
