"""Attackers who know only what is published.

They share no code with the suppression and use no solver. Both attackers work on equations: a dict from hidden cell to
coefficient, and the known total.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from relief.publishing.cube import Cube

Equation = tuple[dict[int, int], int]
Ranges = Mapping[int, tuple[int, int]]


def equations(cube: Cube, hidden: np.ndarray, unit: str) -> list[Equation]:
    """An equation for every sum in the cube, with the published numbers filled in.

    Each equation is found by walking through the cube.
    """
    numbers = np.arange(cube.size).reshape(cube.shape)
    values = cube.values[unit]
    found: list[Equation] = []
    for axis, groups in enumerate(cube.groups):
        for group in groups:
            for place in product(*(range(n) for k, n in enumerate(cube.shape) if k != axis)):
                line = numbers[tuple([*place[:axis], slice(None), *place[axis:]])]
                terms = [(int(line[0]), -1), *((int(line[k]), 1) for k in group)]
                if sum(sign * int(values[cell]) for cell, sign in terms):
                    continue  # groups overlap in this unit, so no equation holds
                unknown = {cell: sign for cell, sign in terms if hidden[cell]}
                if unknown:
                    found.append((unknown, -sum(sign * int(values[c]) for c, sign in terms if not hidden[c])))
    return found


def solve_exactly(system: Sequence[Equation]) -> dict[int, Fraction]:
    """Cells with only one solution, found by elimination in exact fractions."""
    rows: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for terms, total in system:
        row, right = {cell: Fraction(sign) for cell, sign in terms.items()}, Fraction(total)
        while row:
            pivot = min(row)
            if pivot not in rows:
                factor = row[pivot]
                rows[pivot] = ({cell: value / factor for cell, value in row.items()}, right / factor)
                break
            row, right = _minus(row, right, rows[pivot], row[pivot])
    for pivot in sorted(rows, reverse=True):
        for other in list(rows):
            if other != pivot and (factor := rows[other][0].get(pivot)):
                rows[other] = _minus(*rows[other], rows[pivot], factor)
    return {pivot: right for pivot, (row, right) in rows.items() if len(row) == 1}


def _minus(
    row: dict[int, Fraction], right: Fraction, other: tuple[dict[int, Fraction], Fraction], factor: Fraction
) -> tuple[dict[int, Fraction], Fraction]:
    result = dict(row)
    for cell, value in other[0].items():
        result[cell] = result.get(cell, Fraction(0)) - factor * value
    return {cell: value for cell, value in result.items() if value}, right - factor * other[1]


def bounds(system: Sequence[Equation], ranges: Ranges) -> Ranges | None:
    """The narrowest range of each cell, found by applying every equation repeatedly; None if nothing fits."""
    low = {cell: ends[0] for cell, ends in ranges.items()}
    high = {cell: ends[1] for cell, ends in ranges.items()}
    changed = True
    while changed:
        changed = False
        for terms, total in system:
            smallest = sum(low[c] if s > 0 else -high[c] for c, s in terms.items())
            largest = sum(high[c] if s > 0 else -low[c] for c, s in terms.items())
            for cell, sign in terms.items():
                own = (low[cell], high[cell]) if sign > 0 else (-high[cell], -low[cell])
                ends = sorted([sign * (total - smallest + own[0]), sign * (total - largest + own[1])])
                if ends[0] > low[cell] or ends[1] < high[cell]:
                    low[cell], high[cell] = max(low[cell], ends[0]), min(high[cell], ends[1])
                    if low[cell] > high[cell]:
                        return None
                    changed = True
                    break
    return {cell: (low[cell], high[cell]) for cell in low}


def is_possible(system: Sequence[Equation], ranges: Ranges) -> bool:
    """Whether whole numbers within the ranges solve the system, found by brute force; for tiny cubes only."""
    narrowed = bounds(system, ranges)
    if narrowed is None:
        return False
    open_cells = [(high - low, cell) for cell, (low, high) in narrowed.items() if high > low]
    if not open_cells:
        return True
    _, cell = min(open_cells)
    low, high = narrowed[cell]
    return any(is_possible(system, narrowed | {cell: (value, value)}) for value in range(low, high + 1))
