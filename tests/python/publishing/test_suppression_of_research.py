"""Tables of the research release as linked systems: whoever knows all published numbers can narrow no small count."""

import random

import numpy as np
import pytest

from relief.errors import ReliefError
from relief.publishing.linked import TOTAL, Elsewhere, Place, marked, suppress_linked
from tests.python.publishing.attackers import Equation, bounds, solve_exactly

THRESHOLD = 11
GROUPS = ("a", "b", "c", "d")
STATES = ("x", "y", "z")


def table(seed: int) -> dict[Place, int]:
    """Counts by group and state, and a third breakdown of the same total that is not crossed with either."""
    draw = random.Random(seed)  # noqa: S311  (repeatable on purpose, and not for security)
    cells = {(group, state): draw.choice([0, 1, 3, 9, 14, 40, 300]) for group in GROUPS for state in STATES}
    counts: dict[Place, int] = {}
    for (group, state), count in cells.items():
        for place in ((group, state), (group, TOTAL), (TOTAL, state), (TOTAL, TOTAL)):
            counts[*place, TOTAL] = counts.get((*place, TOTAL), 0) + count
    whole = counts[TOTAL, TOTAL, TOTAL]
    first = min(whole, draw.choice([2, 5, 60]))
    counts[TOTAL, TOTAL, "m"], counts[TOTAL, TOTAL, "n"] = first, whole - first
    return {place: count for place, count in counts.items() if count}


def attack(counts: dict[Place, int], hidden: set[Place]) -> list[Equation]:
    """Every sum that a reader can find by comparing places, as an equation with the published numbers filled in."""
    number = {place: cell for cell, place in enumerate(counts)}
    system: list[Equation] = []
    for parent in counts:
        for axis in (axis for axis, part in enumerate(parent) if part == TOTAL):
            children = [
                place
                for place in counts
                if place[axis] != TOTAL and (*place[:axis], TOTAL, *place[axis + 1 :]) == parent
            ]
            if not children:
                continue
            terms = [(parent, -1), *((child, 1) for child in children)]
            unknown = {number[place]: sign for place, sign in terms if place in hidden}
            if unknown:
                system.append((unknown, -sum(sign * counts[place] for place, sign in terms if place not in hidden)))
    return system


@pytest.mark.parametrize("seed", range(12))
def test_nothing_that_is_hidden_can_be_narrowed(seed: int) -> None:
    counts = table(seed)
    hidden = suppress_linked("t", counts, THRESHOLD, Elsewhere())
    small = {place for place, count in counts.items() if count < THRESHOLD}
    assert small <= hidden
    system = attack(counts, hidden)
    assert solve_exactly(system) == {}
    places = list(counts)
    narrowed = bounds(system, {cell: (1, 100_000) for cell, place in enumerate(places) if place in hidden})
    assert narrowed is not None
    for cell, (low, high) in narrowed.items():
        assert high - low >= (THRESHOLD - 1 if counts[places[cell]] < THRESHOLD else 1)


def test_an_attacker_would_succeed_without_complements() -> None:
    counts = {(TOTAL,): 105, ("a",): 5, ("b",): 100}
    assert solve_exactly(attack(counts, {("a",)}))
    assert suppress_linked("t", counts, THRESHOLD, Elsewhere()) == {("a",), ("b",)}


def test_what_another_table_hides_is_hidden_and_what_it_shows_stays() -> None:
    counts = {(TOTAL,): 600, ("a",): 100, ("b",): 200, ("c",): 300}
    hidden = suppress_linked("t", counts, THRESHOLD, Elsewhere(frozenset({("a",)}), frozenset({(TOTAL,), ("b",)})))
    assert ("a",) in hidden
    assert hidden == {("a",), ("c",)}


def test_where_only_shown_counts_could_protect_all_of_the_table_is_hidden() -> None:
    counts = {(TOTAL,): 105, ("a",): 5, ("b",): 100}
    shown = Elsewhere(shown=frozenset({(TOTAL,), ("b",)}))
    assert suppress_linked("t", counts, THRESHOLD, shown) == {("a",)}


def test_counts_that_do_not_add_up_are_not_published() -> None:
    with pytest.raises(ReliefError, match="t does not add up in 1 sums"):
        suppress_linked("t", {(TOTAL,): 100, ("a",): 40, ("b",): 50}, THRESHOLD, Elsewhere())


def test_what_hangs_on_a_hidden_count_goes_with_it() -> None:
    rows = [{"g": "a", "n": 5, "days": 3}, {"g": "b", "n": 50, "days": 4}, {"g": "c", "n": 0, "days": None}]
    found = marked(rows, ("g",), "n", {("a",)}, ("days",))
    assert [(row["n"], row["days"], row["mark"]) for row in found] == [
        (None, None, "suppressed"),
        (50, 4, "value"),
        (0, None, "zero"),
    ]
    assert not np.any([row["n"] == 5 for row in found])
