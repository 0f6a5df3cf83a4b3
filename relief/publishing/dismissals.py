"""The dismissals report as it may leave the office: one linked system of year, offense and level or wave.

The report contains year x offense x level and year x offense x wave, for both kinds of year. Level and wave are not
crossed: almost every such cell is small, and hiding them would cost totals that people ask for. Those cells are marked
missing. Leaving them out does not help an attacker, since some counts for them fit any published cells.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from relief.errors import ReliefError
from relief.publishing.cube import Cube
from relief.publishing.suppression import suppress

TOTAL = "all"
UNITS = ("convictions", "cases", "people")
Coordinates = tuple[Any, ...]


def suppress_dismissals(
    rows: Sequence[tuple[str, str, str, str, str, str, int | None]], threshold: int
) -> Iterator[tuple[str, str, str, str, str, str, int | None, str]]:
    """Rows (year basis, year, offense, level, wave, unit, count) with the mark added, for every existing combination.

    Raises ReliefError when a count is missing or convictions do not add up to their totals, because a wrong report
    cannot be protected.
    """
    kept = [row for row in rows if TOTAL in (row[3], row[4])]
    labels = _labels(kept)
    if not kept:
        return
    cube, known = _cube(kept, labels)
    hidden = suppress(cube, threshold).reshape(cube.shape)
    values = {unit: cube.values[unit].reshape(cube.shape) for unit in UNITS}
    nonzero = cube.nonzero.reshape(cube.shape)
    position = [{label: number for number, label in enumerate(axis)} for axis in labels]
    levels = [TOTAL, *(value for kind, value in labels[2][1:] if kind == "level")]
    waves = [TOTAL, *(value for kind, value in labels[2][1:] if kind == "wave")]
    bases = sorted({row[0] for row in kept})
    years = {basis: [TOTAL, *(year for of, year in labels[0][1:] if of == basis)] for basis in bases}
    for basis in bases:
        for year, offense, level, wave in product(years[basis], labels[1], levels, waves):
            if TOTAL not in {level, wave}:
                yield from ((basis, year, offense, level, wave, unit, None, "missing") for unit in UNITS)
                continue
            place = _coordinates(basis, year, offense, level, wave)
            cell = tuple(numbers[label] for numbers, label in zip(position, place, strict=True))
            for unit in UNITS:
                is_missing = bool(nonzero[cell]) and (*cell, unit) not in known
                count, mark = _marked(int(values[unit][cell]), bool(hidden[cell]), is_missing)
                yield basis, year, offense, level, wave, unit, count, mark


def _marked(count: int, is_hidden: bool, is_missing: bool) -> tuple[int | None, str]:
    """The count that may be shown, and its mark. A hidden cell is hidden in all units."""
    if is_hidden:
        return None, "suppressed"
    if is_missing:
        return None, "missing"
    return count, "value" if count else "zero"


def _coordinates(basis: str, year: str, offense: str, level: str, wave: str) -> Coordinates:
    """The position of a row in the cube. Both kinds of year share one total; level and wave share one axis."""
    breakdown: Any = ("level", level) if level != TOTAL else ("wave", wave) if wave != TOTAL else TOTAL
    return (TOTAL if year == TOTAL else (basis, year)), offense, breakdown


def _labels(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """The positions of the three axes, the total first."""
    seen: list[set[Any]] = [set(), set(), set()]
    for row in rows:
        for labels, label in zip(seen, _coordinates(*row[:5]), strict=True):
            labels.add(label)
    return [[TOTAL, *sorted(labels - {TOTAL})] for labels in seen]


def _cube(rows: Sequence[tuple[Any, ...]], labels: list[list[Any]]) -> tuple[Cube, set[Coordinates]]:
    """The counts as a cube, and the cells that the report contains."""
    position = [{label: number for number, label in enumerate(axis)} for axis in labels]
    values = {unit: np.zeros([len(axis) for axis in labels], dtype=np.int64) for unit in UNITS}
    known: set[Coordinates] = set()
    for *place, unit, count in rows:
        cell = tuple(numbers[label] for numbers, label in zip(position, _coordinates(*place), strict=True))
        if count is None or ((*cell, unit) in known and values[unit][cell] != count):
            raise ReliefError(
                "the dismissals report has a cell without a count or with two; mend the model, then: relief build"
            )
        values[unit][cell] = count
        known.add((*cell, unit))
    groups = [_groups(labels[0]), [list(range(1, len(labels[1])))], _groups(labels[2])]
    cube = Cube.build(groups, values)
    broken = int((~cube.additive("convictions")).sum())
    if broken:
        raise ReliefError(
            f"the dismissals report does not add up: {broken} totals of convictions differ from the sum of their "
            "parts; mend the model, then: relief build"
        )
    return cube, known


def _groups(labels: list[Any]) -> list[list[int]]:
    """Group positions by the first part of their label: years of order and of conviction, or levels and waves."""
    groups: dict[str, list[int]] = {}
    for number, label in enumerate(labels[1:], start=1):
        groups.setdefault(label[0], []).append(number)
    return list(groups.values())
