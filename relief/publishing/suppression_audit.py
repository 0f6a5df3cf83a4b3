"""An attacker's view of a suppressed cube: how far can each suppressed cell be narrowed from everything published?

The attacker knows every published number and zero, and the lines in which totals are the sums of their children. The
attacker also knows that a suppressed cell is at least 1. Where true, the attacker knows that people are at most cases,
and cases at most convictions. The audit uses none of the rules of ``suppression``: it solves for the counts.
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
"""Two solutions in floating point are equal if they differ by less than this."""
JOINT_CELLS = 600
"""Up to this number of counts, all units are attacked together.

With more counts, each unit is attacked alone, which is 50 times faster.
"""
OVERLAPS = 8
"""The number of overlapping proofs handled in one round. This is quick, but sometimes suppresses a cell too many."""
PATIENCE = 3
"""The number of rounds of random tables with little progress before the remaining counts are solved one by one."""


def determined_cells(cube: Cube, suppressed: Flags) -> Ints:
    """Cells that linear algebra alone reveals, because no solution of the homogeneous system changes them.

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
    """The published cells from which algebra determines a cell. If one of these is hidden too, this proof fails."""
    cells = np.flatnonzero(suppressed)
    target = (cells == cell).astype(np.float64)
    lines = cube.lines.astype(np.float64)
    weights = lsmr(lines[:, cells].T.tocsr(), target, atol=1e-12, btol=1e-12, conlim=1e12, maxiter=20_000)[0]
    return np.flatnonzero((np.abs(lines.T @ weights) > TINY) & cube.nonzero & ~suppressed)


class Attacker:
    """The linear program of everything published, over all units. Its solutions are the possible tables."""

    def __init__(self, cube: Cube, suppressed: Flags, units: list[str]) -> None:
        """Set up the linear program once. Only its objective changes later."""
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
        """Constraints that the next unit does not exceed this unit, for the suppressed cells in which this is true."""
        cells = self.cells[cube.values[units[position + 1]][self.cells] <= cube.values[units[position]][self.cells]]
        row = np.arange(len(cells))
        more, fewer = cells + position * self._size, cells + (position + 1) * self._size
        return sparse.csr_array(
            (np.repeat([1.0, -1.0], len(cells)), (np.tile(row, 2), np.concatenate([fewer, more]))),
            shape=(len(cells), self._size * len(units)),
        )

    def table(self, objective: Floats, reach: float | None = None) -> Floats:
        """One possible table that minimizes the objective; `reach` limits the distance of its counts from the truth."""
        low, high = self.least, self.most
        if reach is not None:
            low, high = np.maximum(low, self.truth - reach), np.minimum(high, self.truth + reach)
        return np.asarray(self._solve(objective, low, high).x)

    def extreme(self, position: int, direction: float) -> tuple[Floats, Ints]:
        """The table with the extreme value of one suppressed count, and the published cells that prove this extreme."""
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
    """For every suppressed count, a low and a high value. Both are possible, as whole tables prove.

    A possible table stays possible when more cells are suppressed, so a proven value stays proven.
    """

    def __init__(self, cube: Cube, width: float) -> None:
        """Start with the true value as the only possible value of each count."""
        self.cube = cube
        self.width = width
        units = list(cube.values)
        self._views = [units] if int(cube.nonzero.sum()) * len(units) <= JOINT_CELLS else [[unit] for unit in units]
        self.low = {unit: array.astype(np.float64) for unit, array in cube.values.items()}
        self.high = {unit: array.astype(np.float64) for unit, array in cube.values.items()}
        self._random = np.random.default_rng(20200211)

    def attack(self, suppressed: Flags, most: int = 200) -> list[Ints]:
        """Proofs for at most `most` suppressed counts that an attacker can narrow too far; empty if there are none."""
        for units in self._views:
            attacker = Attacker(self.cube, suppressed, units)
            if len(attacker.hidden) and (proofs := self._attack(attacker, units, most)):
                return proofs
        return []

    def _attack(self, attacker: Attacker, units: list[str], most: int) -> list[Ints]:
        low = np.concatenate([self.low[unit][attacker.cells] for unit in units])
        high = np.concatenate([self.high[unit][attacker.cells] for unit in units])

        # A small count needs the full width. A large count is suppressed only to protect others, so it is enough that
        # nobody can compute it exactly. A zero in another unit of a suppressed cell needs no protection.
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
            # The search for proofs stops after OVERLAPS proofs that share a published cell with an earlier proof.
            repeated += not used.isdisjoint(proof.tolist())
            proofs.append(proof)
            used.update(proof.tolist())
        for part, unit in enumerate(units):
            span = slice(part * len(attacker.cells), (part + 1) * len(attacker.cells))
            self.low[unit][attacker.cells], self.high[unit][attacker.cells] = low[span], high[span]
        return proofs


def _overlap(lines: sparse.csr_array) -> sparse.csr_array:
    """Constraints (<= 0) for lines whose children overlap: the total is at most their sum and at least each child."""
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
    """Place one block per unit along the diagonal."""
    return blocks[0].astype(np.float64) if len(blocks) == 1 else sparse.block_diag(blocks, format="csr")
