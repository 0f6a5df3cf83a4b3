"""Counts with several breakdowns, as one linked system for the suppression and its audit.

A row has a value in some dimensions and `all` in the others. If the table also has the row with `all` in one dimension
more, that row is the sum of its children over this dimension. An attacker knows all these sums.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from relief.errors import ReliefError
from relief.publishing.cube import Cube, Flags, Ints
from relief.publishing.suppression import suppress

TOTAL = "all"
PUBLISHED = 40
"""A cell that another table shows counts as a total on this number of axes, so it is never the cheapest to hide."""
Place = tuple[str, ...]


@dataclass(frozen=True)
class Linked(Cube):
    """A Cube without a grid. Its sums are listed in ``links``, and ``fineness`` is the number of totals per cell."""

    links: tuple[tuple[int, tuple[int, ...]], ...] = ()
    fineness: Ints | None = None

    @cached_property
    def totals(self) -> Ints:
        """The rank of each cell for the cost of hiding it: on how many axes the cell is a total."""
        return np.zeros(self.size, dtype=np.int64) if self.fineness is None else self.fineness

    @cached_property
    def lines(self) -> sparse.csr_array:
        """One matrix row per sum: -1 at the total, +1 at each child."""
        row: list[int] = []
        column: list[int] = []
        sign: list[int] = []
        for number, (parent, children) in enumerate(self.links):
            row += [number] * (1 + len(children))
            column += [parent, *children]
            sign += [-1, *([1] * len(children))]
        return sparse.csr_array((sign, (row, column)), shape=(len(self.links), self.size), dtype=np.int64)


@dataclass(frozen=True)
class Elsewhere:
    """The places that another table hides or shows, for the same counts."""

    hidden: frozenset[Place] = frozenset()
    shown: frozenset[Place] = frozenset()


def suppress_linked(
    table: str, counts: Mapping[Place, int], threshold: int, elsewhere: Elsewhere, forced: Iterable[Place] = ()
) -> set[Place]:
    """The places to hide, among those with a count.

    If a small count could be protected only by hiding a cell that another table shows, all cells except those shown
    there are hidden. Raises ReliefError when the counts do not add up, because such counts cannot be protected.
    """
    places = [place for place, count in sorted(counts.items()) if count]
    if not places:
        return set()
    number = {place: cell for cell, place in enumerate(places)}
    links = _links(places, number)
    values = np.array([counts[place] for place in places], dtype=np.int64)
    is_shown = np.array([place in elsewhere.shown for place in places])
    fineness = np.where(is_shown, PUBLISHED, [sum(part == TOTAL for part in place) for place in places])
    cells = Linked(
        (len(places),), ((),), {"counts": values}, tuple((parent, tuple(below)) for parent, below in links), fineness
    )
    broken = int((~cells.additive("counts")).sum()) if links else 0
    if broken:
        raise ReliefError(f"{table} does not add up in {broken} sums; mend the model, then: relief build")
    start = np.zeros(len(places), dtype=bool)
    for place in {*elsewhere.hidden, *forced} & set(number):
        start[number[place]] = True
    hidden = _hide(cells, threshold, start)
    if (hidden & is_shown).any():
        hidden = ~is_shown
    return {place for place, is_hidden in zip(places, hidden, strict=True) if is_hidden}


def _hide(cells: Linked, threshold: int, start: Flags) -> Flags:
    if not cells.links:
        return start | ((cells.values["counts"] > 0) & (cells.values["counts"] < threshold))
    return suppress(cells, threshold, start)


def _links(places: Sequence[Place], number: Mapping[Place, int]) -> list[tuple[int, list[int]]]:
    below: dict[tuple[int, int, Place], list[int]] = {}
    for place in places:
        for axis, part in enumerate(place):
            parent = (*place[:axis], TOTAL, *place[axis + 1 :])
            if part != TOTAL and parent in number:
                below.setdefault((number[parent], axis, parent), []).append(number[place])
    return [(parent, children) for (parent, _, _), children in below.items()]


def marked(
    rows: Iterable[Mapping[str, Any]], dimensions: Sequence[str], count: str, hidden: set[Place], with_it: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows with marks. Columns that depend on a hidden count (`with_it`) are removed with it."""
    result: list[dict[str, Any]] = []
    for row in rows:
        is_hidden = tuple(str(row[name]) for name in dimensions) in hidden
        gone = dict.fromkeys([count, *with_it]) if is_hidden else {}
        mark = "suppressed" if is_hidden else "value" if row[count] else "zero"
        result.append({**row, **gone, "mark": mark})
    return result
