"""An attacker's view of a suppressed cube: how far can each suppressed cell be narrowed from everything published?

The attacker knows every published number and zero, that totals are the sum of their children wherever they are, that
a suppressed cell holds at least 1, and that there are no more cases than convictions and no more people than cases
(where that is so). The audit shares no rule with ``suppression``: it solves for the counts.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.linalg import lsmr

from relief.publishing.cube import Cube, Flags, Ints

Floats = NDArray[np.float64]
TINY = 1e-6
"""Solutions of whole numbers found in floating point are told apart by this."""
JOINT_CELLS = 600
"""Up to so many counts, all units are attacked together; above it, one by one: the joint program is 50 times slower."""
OVERLAPS = 8
"""So many overlapping proofs are answered in one go: quick, at the price of a cell too many now and then."""
PATIENCE = 3
"""Rounds of random tables that prove little before the rest is solved one by one."""


def determined_cells(cube: Cube, suppressed: Flags) -> Ints:
    """Cells that linear algebra alone gives away: those that no solution of the homogeneous system can move.

    A random vector is projected onto the null space of the lines over the suppressed cells; a cell stays at zero
    exactly when it is determined (with probability 1).
    """
    cells = np.flatnonzero(suppressed)
    if not len(cells):
        return cells
    lines = cube.lines[:, cells].astype(np.float64)
    transposed = lines.T.tocsr()
    random = np.random.default_rng(20200211)
    moved = np.zeros(len(cells))
    for _ in range(2):
        vector = random.standard_normal(len(cells))
        fit = lsmr(transposed, vector, atol=1e-12, btol=1e-12, conlim=1e12, maxiter=20_000)[0]
        moved = np.maximum(moved, np.abs(vector - transposed @ fit))
    return cells[moved < TINY]


def proof(cube: Cube, suppressed: Flags, cell: int) -> Ints:
    """Published cells that the algebra needs to give a determined cell away; hide one of them and it fails."""
    cells = np.flatnonzero(suppressed)
    target = (cells == cell).astype(np.float64)
    lines = cube.lines.astype(np.float64)
    weights = lsmr(lines[:, cells].T.tocsr(), target, atol=1e-12, btol=1e-12, conlim=1e12, maxiter=20_000)[0]
    return np.flatnonzero((np.abs(lines.T @ weights) > TINY) & cube.nonzero & ~suppressed)


class Attacker:
    """The linear program of everything published, over all units: its solutions are the tables that are possible."""

    def __init__(self, cube: Cube, suppressed: Flags, units: list[str]) -> None:
        """State the program once; the questions differ in their objective."""
        self.cells = np.flatnonzero(suppressed)
        self._published = cube.nonzero & ~suppressed
        self._size = cube.size
        touched = np.flatnonzero(np.abs(cube.lines[:, self.cells]).sum(axis=1) > 0)
        lines = cube.lines[touched]
        exact = {unit: cube.additive(unit)[touched] for unit in units}
        equal = _stack([lines[exact[unit]] for unit in units])
        below = [_stack([_overlap(lines[~exact[unit]]) for unit in units])]
        below += [self._ordered(cube, position, units) for position in range(len(units) - 1)]
        self.values = np.concatenate([cube.values[unit] for unit in units]).astype(np.float64)
        self.hidden = np.flatnonzero(np.tile(suppressed, len(units)))
        self._equal, self._below = equal, sparse.vstack(below, format="csr")
        known = self.values.copy()
        known[self.hidden] = 0
        self._equal_part, self._equal_to = equal[:, self.hidden], -(equal @ known)
        self._below_part, self._below_by = self._below[:, self.hidden], -(self._below @ known)
        self.truth = self.values[self.hidden]
        self.least = np.minimum(self.truth, 1)
        self.most = np.full(len(self.hidden), self.values.max() * 2 + 1000)

    def _ordered(self, cube: Cube, position: int, units: list[str]) -> sparse.csr_array:
        """No more of the next unit than of this one, in the suppressed cells where that is so."""
        cells = self.cells[cube.values[units[position + 1]][self.cells] <= cube.values[units[position]][self.cells]]
        row = np.arange(len(cells))
        more, fewer = cells + position * self._size, cells + (position + 1) * self._size
        return sparse.csr_array(
            (np.repeat([1.0, -1.0], len(cells)), (np.tile(row, 2), np.concatenate([fewer, more]))),
            shape=(len(cells), self._size * len(units)),
        )

    def table(self, objective: Floats, reach: float | None = None) -> Floats:
        """One possible table that makes the objective small, within reach of the true one if so asked."""
        low, high = self.least, self.most
        if reach is not None:
            low, high = np.maximum(low, self.truth - reach), np.minimum(high, self.truth + reach)
        return np.asarray(self._solve(objective, low, high).x)

    def extreme(self, position: int, direction: float) -> tuple[Floats, Ints]:
        """The table with the extreme value of one suppressed count, and the published cells that prove the extreme."""
        objective = np.zeros(len(self.hidden))
        objective[position] = -direction
        result = self._solve(objective, self.least, self.most)
        weights = self._equal.T @ result.eqlin.marginals + self._below.T @ result.ineqlin.marginals
        used = np.any(np.abs(weights.reshape(-1, self._size)) > TINY, axis=0)
        return np.asarray(result.x), np.flatnonzero(used & self._published)

    def _solve(self, objective: Floats, low: Floats, high: Floats) -> Any:
        result = linprog(
            objective,
            A_ub=self._below_part,
            b_ub=self._below_by,
            A_eq=self._equal_part,
            b_eq=self._equal_to,
            bounds=np.column_stack([low, high]),
            method="highs",
        )
        if result.x is None:
            raise ArithmeticError(f"the suppression audit found no solution: {result.message}")
        return result


class Ranges:
    """For every suppressed count, two values that are both possible: proven by whole tables, not estimated.

    A table that is possible stays possible when more cells are suppressed, so what is proven once stays proven.
    """

    def __init__(self, cube: Cube, width: float) -> None:
        """Nothing is known at first: each count has its true value only."""
        self.cube = cube
        self.width = width
        units = list(cube.values)
        self._views = [units] if int(cube.nonzero.sum()) * len(units) <= JOINT_CELLS else [[unit] for unit in units]
        self.low = {unit: array.astype(np.float64) for unit, array in cube.values.items()}
        self.high = {unit: array.astype(np.float64) for unit, array in cube.values.items()}
        self._random = np.random.default_rng(20200211)

    def attack(self, suppressed: Flags, most: int = 200) -> list[Ints]:
        """Proofs of up to so many suppressed counts that can be narrowed too far; empty when the attack fails."""
        for units in self._views:
            attacker = Attacker(self.cube, suppressed, units)
            if len(attacker.hidden) and (proofs := self._attack(attacker, units, most)):
                return proofs
        return []

    def _attack(self, attacker: Attacker, units: list[str], most: int) -> list[Ints]:
        low = np.concatenate([self.low[unit][attacker.cells] for unit in units])
        high = np.concatenate([self.high[unit][attacker.cells] for unit in units])

        # A small count needs the full width; a large one that only covers it must not be known exactly; a zero beside
        # a suppressed count (a person nobody could name) has nothing to protect.
        wanted = np.where(attacker.truth > self.width, 1.0, self.width) * (attacker.truth > 0)

        def narrow() -> Flags:
            return high - low < wanted - TINY

        def learn(table: Floats) -> None:
            np.minimum(low, table, out=low)
            np.maximum(high, table, out=high)

        stalled = 0
        while stalled < PATIENCE and (before := int(narrow().sum())):
            signs = self._random.choice([-1.0, 1.0], len(low))
            learn(attacker.table(np.where(narrow(), signs, 0.0), self.width))
            stalled = 0 if narrow().sum() < 0.97 * before else stalled + 1
        proofs: list[Ints] = []
        used: set[int] = set()
        repeated = 0
        for position in np.flatnonzero(narrow()):
            if len(proofs) >= most or repeated >= OVERLAPS:
                break
            if not narrow()[position]:
                continue
            table, proof = attacker.extreme(int(position), 1.0)
            learn(table)
            if narrow()[position]:
                table, _ = attacker.extreme(int(position), -1.0)
                learn(table)
            if not narrow()[position]:
                continue
            # Proofs that share no published cell need a remedy each; of those that overlap, a few at a time.
            repeated += not used.isdisjoint(proof.tolist())
            proofs.append(proof)
            used.update(proof.tolist())
        for part, unit in enumerate(units):
            span = slice(part * len(attacker.cells), (part + 1) * len(attacker.cells))
            self.low[unit][attacker.cells], self.high[unit][attacker.cells] = low[span], high[span]
        return proofs


def _overlap(lines: sparse.csr_array) -> sparse.csr_array:
    """Where children overlap: the total is at most their sum, and at least each of them (as rows that are <= 0)."""
    entries = lines.tocoo()
    is_child = entries.data > 0
    parent_of = np.zeros(lines.shape[0], dtype=np.int64)
    parent_of[entries.row[~is_child]] = entries.col[~is_child]
    child, parent = entries.col[is_child], parent_of[entries.row[is_child]]
    row = np.arange(len(child))
    pairs = sparse.csr_array(
        (np.repeat([1.0, -1.0], len(child)), (np.tile(row, 2), np.concatenate([child, parent]))),
        shape=(len(child), lines.shape[1]),
    )
    return sparse.vstack([-lines, pairs], format="csr")


def _stack(blocks: list[sparse.csr_array]) -> sparse.csr_array:
    """One block per unit along the diagonal."""
    return blocks[0].astype(np.float64) if len(blocks) == 1 else sparse.block_diag(blocks, format="csr")
