"""The AB 1706 report as it may leave the office: groups and measures, suppressed together with the public release.

The counts by race add up to the total, and so do the counts by gender. Eligible is the sum of relieved and remaining,
and each of these is a sum of parts. The public release contains dismissals and stages in convictions. If a total here
is close to a number there, the small difference would be revealed. So such a total is suppressed too, with its
complements.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from relief.duck import connect
from relief.errors import ReliefError
from relief.publishing.cube import Cube
from relief.publishing.disclosure import suppress_tables
from relief.publishing.small_reports import is_close
from relief.publishing.standing import numbers_shown
from relief.publishing.suppression import suppress
from relief.publishing.tables import DISMISSALS, EXPORTED, OUTCOMES, PROGRESS, STANDING

if TYPE_CHECKING:
    import duckdb

TOTAL = "all"
RACES = ("latino", "black", "white", "other", "unknown")
GENDERS = ("female", "male", "unknown")
MEASURES = (
    "eligible",
    "relieved",
    "dismissed",
    "sealed",
    "dismissed_not_sealed",
    "redesignated",
    "resentenced",
    "relieved_otherwise",
    "remaining",
    "challenged",
    "denied",
    "not_challenged",
    "challenge_unknown",
    "not_on_the_list",
)
ADD_UP_TO_ELIGIBLE = (
    ("relieved", "remaining"),
    ("dismissed", "redesignated", "resentenced", "relieved_otherwise", "remaining"),
    ("sealed", "dismissed_not_sealed", "redesignated", "resentenced", "relieved_otherwise", "remaining"),
    ("relieved", "challenged", "denied", "not_challenged", "challenge_unknown", "not_on_the_list"),
)
Place = tuple[str, str, str]
"""The race, the gender and the measure of a count."""
GROUPS: tuple[tuple[str, str], ...] = (
    (TOTAL, TOTAL),
    *((race, TOTAL) for race in RACES),
    *((TOTAL, gender) for gender in GENDERS),
)


def suppress_ab1706(
    counts: Mapping[Place, int | None], beside: "Beside", threshold: int
) -> dict[Place, tuple[int | None, str]]:
    """The count and mark (value, suppressed, zero, missing) of every group and measure, by race and by gender.

    Raises ReliefError when the counts do not add up, because such counts cannot be protected.
    """
    known = [name for name in MEASURES if counts.get((TOTAL, TOTAL, name), 0) is not None]
    cube = _cube(counts, known)
    broken = int((~cube.additive("convictions")).sum())
    if broken:
        raise ReliefError(f"the AB 1706 report does not add up in {broken} sums; mend the model, then: relief build")
    forced = np.zeros(cube.shape, dtype=bool)
    for column, name in enumerate(known):
        value = int(counts.get((TOTAL, TOTAL, name), 0) or 0)
        forced[0, column] = beside.gives_away(name, value, threshold)
    hidden = suppress(cube, threshold, forced.reshape(-1)).reshape(cube.shape)
    result: dict[Place, tuple[int | None, str]] = {}
    for row, (race, gender) in enumerate(GROUPS):
        for name in MEASURES:
            if name not in known:
                result[race, gender, name] = None, "missing"
            elif hidden[row, known.index(name)]:
                result[race, gender, name] = None, "suppressed"
            else:
                value = int(counts.get((race, gender, name), 0) or 0)
                result[race, gender, name] = value, "value" if value else "zero"
    return result


def _cube(counts: Mapping[Place, int | None], known: list[str]) -> Cube:
    values = [[counts.get((race, gender, name), 0) or 0 for name in known] for race, gender in GROUPS]
    races = list(range(1, 1 + len(RACES)))
    genders = list(range(1 + len(RACES), len(GROUPS)))
    sums = [[known.index(name) for name in group] for group in ADD_UP_TO_ELIGIBLE if set(group) <= set(known)]
    return Cube.build([[races, genders], sums], {"convictions": values})


class Beside:
    """The counts of the same convictions that the public release shows or hides."""

    def __init__(self, shown: set[int], is_dismissed_hidden: bool) -> None:
        """Take the numbers that the release shows, and whether it hides the total of dismissals."""
        self.shown = shown
        self.is_dismissed_hidden = is_dismissed_hidden

    def gives_away(self, measure: str, value: int, threshold: int) -> bool:
        """Whether a total would reveal a number that the release hides, or is close to a number that it shows."""
        if not value:
            return False
        if measure == "dismissed" and self.is_dismissed_hidden:
            return True
        return any(is_close(value, number, threshold) for number in self.shown)

    @classmethod
    def read(cls, connection: "duckdb.DuckDBPyConnection") -> "Beside":
        """Read the reports of the same build, suppressed as they are published."""
        # The reports are suppressed in a copy in memory, since the warehouse is open for reading only and stays exact.
        with connect() as memory:
            for table in EXPORTED:
                if table.name in (PROGRESS, DISMISSALS, OUTCOMES, STANDING) and "public" in table.kinds:
                    rows = connection.execute(
                        f"select {', '.join(table.columns)} from {table.source} where {table.where}"
                    ).to_arrow_table()
                    memory.register("exact_rows", rows)
                    memory.execute(f"create table {table.name} as from exact_rows")
                    memory.unregister("exact_rows")
            suppress_tables(memory, "memory.main")
            totals = memory.execute(
                f"select dismissals, mark, wave from {DISMISSALS} where unit = 'convictions' "
                "and year = 'all' and offense = 'all' and level = 'all'"
            ).fetchall()
            stages = memory.execute(
                f"select unnest([counted, counted_low, counted_high]) from {PROGRESS} where unit = 'convictions'"
            ).fetchall()
            standing = memory.execute(f"select courthouse, standing, convictions from {STANDING}").to_arrow_table()
        shown = {int(number) for number, *_ in [*totals, *stages] if number} | numbers_shown(standing.to_pylist())
        return cls(shown, any(wave == TOTAL and mark == "suppressed" for _, mark, wave in totals))
