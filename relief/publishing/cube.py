"""A cube of counts with its totals, as one linked system: on every axis, each total is the sum of its children.

Position 0 of every axis is the total ('all'). An axis may have several groups of children under the same total: the
year axis has the years of the order and the years of the conviction, and both add up to the same total cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cube:
    """Counts per unit over the same cells. ``groups[axis]`` lists the positions that add up to position 0."""

    shape: tuple[int, ...]
    groups: tuple[tuple[Ints, ...], ...]
    values: dict[str, Ints]

    @classmethod
    def build(cls, groups: Sequence[Sequence[Sequence[int]]], values: dict[str, Any]) -> "Cube":
        """Build a cube from plain lists of every axis's children, and from arrays of counts of any dimension."""
        arrays = {unit: np.asarray(array, dtype=np.int64) for unit, array in values.items()}
        shape = next(iter(arrays.values())).shape
        children = tuple(tuple(np.asarray(group, dtype=np.int64) for group in axis) for axis in groups)
        return cls(shape, children, {unit: array.reshape(-1) for unit, array in arrays.items()})

    @property
    def size(self) -> int:
        """The number of cells, zeros included."""
        return int(np.prod(self.shape))

    @cached_property
    def nonzero(self) -> Flags:
        """The cells with a count in any unit. A zero is published as zero, so everyone knows such a cell."""
        return np.any([array > 0 for array in self.values.values()], axis=0)

    @cached_property
    def totals(self) -> Ints:
        """The number of axes on which each cell is a total. The fewer, the more detailed the cell."""
        position = np.indices(self.shape).reshape(len(self.shape), -1)
        return (position == 0).sum(axis=0).astype(np.int64)

    @cached_property
    def lines(self) -> sparse.csr_array:
        """One matrix row per line that adds up, over the nonzero cells: -1 at the total, +1 at each child."""
        cells = np.arange(self.size, dtype=np.int64).reshape(self.shape)
        rows: list[Ints] = []
        columns: list[Ints] = []
        signs: list[Ints] = []
        count = 0
        for axis, groups in enumerate(self.groups):
            parents = cells.take(0, axis=axis).reshape(-1)
            for group in groups:
                children = np.moveaxis(cells.take(group, axis=axis), axis, -1).reshape(len(parents), -1)
                line = np.arange(count, count + len(parents), dtype=np.int64)
                rows += [line, np.repeat(line, children.shape[1])]
                columns += [parents, children.reshape(-1)]
                signs += [np.full(len(parents), -1), np.ones(children.size, dtype=np.int64)]
                count += len(parents)
        row, column, sign = np.concatenate(rows), np.concatenate(columns), np.concatenate(signs)
        keep = self.nonzero[column]
        matrix = sparse.csr_array((sign[keep], (row[keep], column[keep])), shape=(count, self.size), dtype=np.int64)
        return matrix[np.diff(matrix.indptr) > 0]

    def additive(self, unit: str) -> Flags:
        """Which lines add up exactly in this unit. Convictions always do; a case or person may be in two children."""
        return (self.lines @ self.values[unit]) == 0
