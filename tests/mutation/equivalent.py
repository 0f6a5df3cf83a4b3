"""Conditions that ask the same: compared over everything that a measure of that unit can say."""

import math
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement

from tests.mutation.mutant import Mutant
from tests.mutation.project import read_seed
from tests.mutation.seed_mutants import CONDITIONS, MEASURES, rows_of

_HOLDS: dict[str, Callable[[float, float, float], bool]] = {
    ">=": lambda low, _high, t: low >= t,
    ">": lambda low, _high, t: low > t,
    "<=": lambda _low, high, t: high <= t,
    "<": lambda _low, high, t: high < t,
    "=": lambda low, high, t: low == t == high,
}
_FAILS: dict[str, Callable[[float, float, float], bool]] = {
    ">=": lambda _low, high, t: high < t,
    ">": lambda _low, high, t: high <= t,
    "<=": lambda low, _high, t: low > t,
    "<": lambda low, _high, t: low >= t,
    "=": lambda low, high, t: low > t or high < t,
}


def answer(operator: str, low: float, high: float, threshold: float) -> bool | None:
    """What a condition says of a measure between two bounds; None where it cannot be told."""
    if _HOLDS[operator](low, high, threshold):
        return True
    return False if _FAILS[operator](low, high, threshold) else None


def bounds(unit: str, threshold: float) -> Iterator[tuple[float, float]]:
    """Every pair of bounds that a measure of this unit can have, around a threshold.

    tests/singular/measures_lie_within_their_unit.sql checks yes or no and the counts.
    """
    if unit == "yes or no":
        values: list[float] = [0, 1]
    elif unit in {"convictions", "offenses and registrations"}:
        values = [*range(int(threshold) + 4), math.inf]
    else:
        values = [-math.inf, *(threshold + step for step in range(-3, 4)), math.inf]
    yield from combinations_with_replacement(values, 2)


def asks_the_same(mutant: Mutant) -> bool:
    """True where a changed operator or threshold gives every answer that the condition gave."""
    if mutant.path != CONDITIONS or mutant.code not in {"operator", "threshold"}:
        return False
    ((index, _),) = mutant.edits
    was, becomes = read_seed(CONDITIONS)[index], rows_of(mutant)[index]
    unit = next(row["unit"] for row in read_seed(MEASURES) if row["measure"] == was["measure"])
    return all(
        answer(was["operator"], low, high, float(was["threshold"]))
        == answer(becomes["operator"], low, high, float(becomes["threshold"]))
        for low, high in bounds(unit, float(was["threshold"]))
    )
