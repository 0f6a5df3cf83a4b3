"""Suppression of small cells in a cube with totals, before it may leave the office.

1. Primary: a cell with 1 to threshold - 1 in any unit is suppressed in all units.
2. Complementary: an additive line never has exactly one suppressed member, and the hidden sum of a line is large enough
   that its bounds do not determine a member. A zero is published as zero, since it hides nobody.
3. An audit that is independent of these two rules (``suppression_audit``) tries to narrow every suppressed cell with
   everything that is published. Where it succeeds, one of the published cells in its proof is suppressed too, until the
   audit fails.
"""

import os
from collections import deque

import numpy as np

from relief.errors import ReliefError
from relief.publishing.cube import Cube, Flags, Ints
from relief.publishing.suppression_audit import Ranges, determined_cells, proof

DEFAULT_THRESHOLD = 11
_VARIABLE = "RELIEF_SUPPRESSION_THRESHOLD"


def suppression_threshold() -> int:
    """The smallest count that may leave the office: 11, or the value of RELIEF_SUPPRESSION_THRESHOLD.

    A county may be stricter than the default but not less strict, so that a typing mistake cannot publish small cells.
    """
    text = os.environ.get(_VARIABLE, "").strip()
    if not text:
        return DEFAULT_THRESHOLD
    if not text.isascii() or not text.isdigit() or int(text[:9]) < DEFAULT_THRESHOLD:
        raise ReliefError(
            f"{_VARIABLE} must be a whole number of at least {DEFAULT_THRESHOLD}; unset it for {DEFAULT_THRESHOLD}"
        )
    return int(text)


def primary(cube: Cube, threshold: int) -> Flags:
    """Cells that are small in any unit."""
    return np.any([(array > 0) & (array < threshold) for array in cube.values.values()], axis=0)


class Suppressor:
    """The growing set of suppressed cells, and the lines that still have to be checked."""

    def __init__(self, cube: Cube, threshold: int, start: Flags) -> None:
        """Start with the cells of ``start``."""
        self.cube = cube
        self.threshold = threshold
        self.suppressed: Flags = np.zeros(cube.size, dtype=bool)
        self._values = list(cube.values.values())
        self._cost: Ints = np.max(self._values, axis=0)
        lines = cube.lines
        self._members = np.split(lines.indices, lines.indptr[1:-1])
        self._is_parent = [part < 0 for part in np.split(lines.data, lines.indptr[1:-1])]
        by_cell = lines.tocsc()
        self._lines_of = np.split(by_cell.indices, by_cell.indptr[1:-1])
        self._hidden: Ints = np.zeros(len(self._members), dtype=np.int64)
        self._queue: deque[int] = deque()
        self._queued: Flags = np.zeros(len(self._members), dtype=bool)
        for cell in np.flatnonzero(start & cube.nonzero):
            self.add(int(cell))

    def add(self, cell: int) -> None:
        """Suppress one cell, and check every line through it again."""
        if self.suppressed[cell]:
            return
        self.suppressed[cell] = True
        for line in self._lines_of[cell]:
            self._hidden[line] += 1
            if not self._queued[line]:
                self._queued[line] = True
                self._queue.append(int(line))

    def settle(self) -> None:
        """Suppress complements until every line is safe by itself."""
        while self._queue:
            line = self._queue.popleft()
            self._queued[line] = False
            while not self._is_safe(line):
                self.add(self._cheapest(self._members[line]))

    def hide_one_of(self, candidates: Ints) -> bool:
        """Suppress the cheapest of these published cells. Return False if none of them is left to suppress."""
        if self.suppressed[candidates].all():
            return False
        self.add(self._cheapest(candidates))
        return True

    def _is_safe(self, line: int) -> bool:
        hidden = int(self._hidden[line])
        if hidden == 0:
            return True
        members, is_parent = self._members[line], self._is_parent[line]
        if hidden == 1:
            return False
        if self.suppressed[members[is_parent]].any() or hidden == len(members):
            return True
        cells = members[self.suppressed[members]]
        # Everyone knows that each suppressed cell is at least 1. What remains of the sum must be as wide as a small
        # cell.
        return all(int(array[cells].sum()) - hidden >= self.threshold - 1 for array in self._values)

    def _cheapest(self, members: Ints) -> int:
        """The published member that is cheapest to hide: small, detailed, in lines that already have hidden cells."""
        candidates = members[~self.suppressed[members]]

        def cost(cell: int) -> tuple[int, int]:
            opened = sum(1 for line in self._lines_of[cell] if self._hidden[line] == 0)
            # People ask for totals first, so a total is suppressed last, even if two other cells are needed instead.
            return int(self._cost[cell]) * (1 + opened) * 8 ** int(self.cube.totals[cell]), cell

        return min((int(cell) for cell in candidates), key=cost)


def suppress(cube: Cube, threshold: int, forced: Flags | None = None) -> Flags:
    """The cells to suppress. ``forced`` are cells that must be suppressed because of other tables."""
    start = primary(cube, threshold)
    if forced is not None:
        start |= forced
    suppressor = Suppressor(cube, threshold, start)
    ranges = Ranges(cube, threshold - 1)
    while True:
        suppressor.settle()
        proofs = ranges.attack(suppressor.suppressed) or [
            proof(cube, suppressor.suppressed, int(cell)) for cell in determined_cells(cube, suppressor.suppressed)
        ]
        hidden = [suppressor.hide_one_of(cells) for cells in proofs]
        if not any(hidden):
            return suppressor.suppressed
