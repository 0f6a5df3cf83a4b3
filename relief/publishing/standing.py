"""The published report of convictions in review, by courthouse and standing, suppressed as one linked system.

The counts of courthouses add up to the total row, and the counts by standing add up to the convictions in review. The
public release contains stages and dismissals in convictions too. If a number of the total row is close to one of those
numbers, their difference would be a small count. So the whole row is then suppressed.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from relief.errors import ReliefError
from relief.publishing.cube import Cube
from relief.publishing.small_reports import is_close
from relief.publishing.suppression import suppress

TOTAL = "all"
STANDINGS = ("not_ordered", "ordered", "entered", "court_record_updated", "visible", "unknown")
"""The standings in the order of the process; every conviction has exactly one."""
Row = dict[str, Any]


def suppress_standing(rows: Iterable[Row], shown: Collection[int], threshold: int) -> list[Row]:
    """The rows with marks, zeros included. ``shown`` are the numbers of convictions in other published reports.

    Raises ReliefError when the counts do not add up, because such counts cannot be protected.
    """
    given = list(rows)
    if not given:
        return []
    counts = {(row["courthouse"], row["standing"]): int(row["convictions"]) for row in given}
    courthouses = [TOTAL, *sorted({courthouse for courthouse, _ in counts} - {TOTAL})]
    columns = [TOTAL, *STANDINGS]
    values = [[counts.pop((house, column), 0) for column in columns] for house in courthouses]
    cube = Cube.build([[range(1, len(courthouses))], [range(1, len(columns))]], {"convictions": values})
    broken = int((~cube.additive("convictions")).sum()) + len(counts)
    if broken:
        raise ReliefError(
            f"the report of convictions by standing does not add up in {broken} sums; "
            "mend the model, then: relief build"
        )
    forced = np.zeros(cube.shape, dtype=bool)
    forced[0, :] = any(is_close(value, other, threshold) for value in sums(values[0]) for other in shown)
    hidden = suppress(cube, threshold, forced.reshape(-1)).reshape(cube.shape)
    shared = {name: given[0][name] for name in given[0] if name not in {"courthouse", "standing", "convictions"}}
    return [
        shared | {"courthouse": house, "standing": column} | _shown(values[line], position, hidden[line])
        for line, house in enumerate(courthouses)
        for position, column in enumerate(columns)
    ]


def _shown(values: list[int], position: int, hidden: Any) -> Row:
    """One count with its mark, and its share where both the count and the total are shown."""
    if hidden[position]:
        return {"convictions": None, "share": None, "mark": "suppressed"}
    value, whole = values[position], values[0]
    share = value / whole if whole and not hidden[0] else None
    return {"convictions": value, "share": share, "mark": "value" if value else "zero"}


def sums(line: list[int]) -> set[int]:
    """Every number that the total row reveals: its cells, and the sums of neighboring standings."""
    ends = [0, *np.cumsum(line[1:]).tolist()]
    return {int(last - first) for number, last in enumerate(ends) for first in ends[:number]} - {0}


def numbers_shown(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """The numbers that the total row still reveals after suppression; other reports published beside it need them."""
    line = {row["standing"]: row["convictions"] for row in rows if row["courthouse"] == TOTAL}
    cells = [line.get(name) for name in (TOTAL, *STANDINGS)]
    if all(cell is not None for cell in cells):
        return sums([int(cell) for cell in cells if cell is not None])
    return {int(cell) for cell in cells if cell}
