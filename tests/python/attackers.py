"""Attackers who know only what is published. They share no code with the suppression and use no solver.

Both work on equations: a dict of hidden cell -> coefficient, and the known total that it adds up to.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from relief.publishing.cube import Cube

Equation = tuple[dict[int, int], int]


def equations(cube: Cube, hidden: np.ndarray, unit: str) -> list[Equation]:
    """Every additive line of the cube, found by walking through it, with the published numbers put in."""
    numbers = np.arange(cube.size).reshape(cube.shape)
    values = cube.values[unit]
    found: list[Equation] = []
    for axis, groups in enumerate(cube.groups):
        for group in groups:
            for place in product(*(range(n) for k, n in enumerate(cube.shape) if k != axis)):
                line = numbers[tuple([*place[:axis], slice(None), *place[axis:]])]
                terms = [(int(line[0]), -1), *((int(line[k]), 1) for k in group)]
                if sum(sign * int(values[cell]) for cell, sign in terms):
                    continue  # children overlap in this unit: no equation for an attacker
                unknown = {cell: sign for cell, sign in terms if hidden[cell]}
                if unknown:
                    found.append((unknown, -sum(sign * int(values[c]) for c, sign in terms if not hidden[c])))
    return found


def solve_exactly(system: Sequence[Equation]) -> dict[int, Fraction]:
    """Cells with one solution, by elimination in exact fractions."""
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


def bounds(system: Sequence[Equation], least: Mapping[int, int], most: int) -> dict[int, tuple[int, int]]:
    """How far each cell can be narrowed by turning every equation over and over."""
    low = dict(least)
    high = dict.fromkeys(least, most)
    changed = True
    while changed:
        changed = False
        for terms, total in system:
            for cell, sign in terms.items():
                rest = [(s, low[c], high[c]) for c, s in terms.items() if c != cell]
                smallest = sum(a if s > 0 else -b for s, a, b in rest)
                largest = sum(b if s > 0 else -a for s, a, b in rest)
                ends = sorted([sign * (total - smallest), sign * (total - largest)])
                if ends[0] > low[cell] or ends[1] < high[cell]:
                    low[cell], high[cell] = max(low[cell], ends[0]), min(high[cell], ends[1])
                    changed = True
    return {cell: (low[cell], high[cell]) for cell in low}


def every_solution(system: Sequence[Equation], ranges: Mapping[int, tuple[int, int]]) -> dict[int, set[int]]:
    """Every value that each cell takes in some solution in whole numbers: brute force, for tiny cubes only."""
    seen: dict[int, set[int]] = {cell: set() for cell in ranges}
    order = sorted(ranges, key=lambda cell: ranges[cell][1] - ranges[cell][0])

    def possible(chosen: dict[int, int]) -> bool:
        for terms, total in system:
            ends = [(chosen[c], chosen[c]) if c in chosen else ranges[c] for c in terms]
            signed = [
                (s * e[0], s * e[1]) if s > 0 else (s * e[1], s * e[0])
                for s, e in zip(terms.values(), ends, strict=True)
            ]
            if not sum(a for a, _ in signed) <= total <= sum(b for _, b in signed):
                return False
        return True

    def walk(depth: int, chosen: dict[int, int]) -> None:
        if depth == len(order):
            for cell, value in chosen.items():
                seen[cell].add(value)
            return
        cell = order[depth]
        for value in range(ranges[cell][0], ranges[cell][1] + 1):
            chosen[cell] = value
            if possible(chosen):
                walk(depth + 1, chosen)
            del chosen[cell]

    walk(0, {})
    return seen
