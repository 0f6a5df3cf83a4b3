"""The published report on where convictions stand: no small count, and none that can be computed from any report."""

from typing import Any

import numpy as np
import pytest

from relief.errors import ReliefError
from relief.publishing.cube import Cube
from relief.publishing.standing import STANDINGS, numbers_shown, sums, suppress_standing
from tests.python.publishing.attackers import bounds, equations, solve_exactly

THRESHOLD = 11
HOUSES = ("A", "B", "C", "D")
Counts = dict[tuple[str, str], int]

LARGE: Counts = {
    (house, standing): 40 + 17 * number + 5 * place
    for number, house in enumerate(HOUSES)
    for place, standing in enumerate(STANDINGS[:5])
}
SMALL: Counts = LARGE | {("A", "ordered"): 3, ("B", "entered"): 10, ("C", "entered"): 1, ("D", "not_ordered"): 0}


def rows(counts: Counts) -> list[dict[str, Any]]:
    rolled: Counts = {}
    for (house, standing), count in counts.items():
        for place in ((house, standing), ("all", standing), (house, "all"), ("all", "all")):
            rolled[place] = rolled.get(place, 0) + count
    return [
        {"courthouse": house, "standing": standing, "unit": "convictions", "convictions": count, "share": 0.1}
        for (house, standing), count in rolled.items()
        if count
    ]


def marks(counts: Counts, shown: set[int] | None = None) -> dict[tuple[str, str], tuple[int | None, str]]:
    return {
        (row["courthouse"], row["standing"]): (row["convictions"], row["mark"])
        for row in suppress_standing(rows(counts), shown or set(), THRESHOLD)
    }


def test_large_counts_are_shown_and_zeros_are_zeros() -> None:
    found = marks(LARGE)
    assert {mark for (_, standing), (_, mark) in found.items() if standing != "unknown"} == {"value"}
    assert {found[house, "unknown"] for house in ("all", *HOUSES)} == {(0, "zero")}
    assert found["all", "all"] == (sum(LARGE.values()), "value")


def test_a_share_is_of_the_convictions_in_review() -> None:
    for row in suppress_standing(rows(LARGE), set(), THRESHOLD):
        whole = sum(count for (house, _), count in LARGE.items() if row["courthouse"] in (house, "all"))
        assert row["share"] == row["convictions"] / whole


def test_small_counts_are_hidden_and_cannot_be_computed() -> None:
    found = marks(SMALL)
    houses, columns = ["all", *HOUSES], ["all", *STANDINGS]
    exact = {(row["courthouse"], row["standing"]): row["convictions"] for row in rows(SMALL)}
    values = [[exact.get((house, column), 0) for column in columns] for house in houses]
    cube = Cube.build([[range(1, 5)], [range(1, 7)]], {"convictions": values})
    hidden = np.array([[found[house, column][1] == "suppressed" for column in columns] for house in houses]).reshape(-1)
    small = {place for place, count in exact.items() if 0 < count < THRESHOLD}
    assert small <= {place for place, (_, mark) in found.items() if mark == "suppressed"}
    system = equations(cube, hidden, "convictions")
    assert solve_exactly(system) == {}
    narrowed = bounds(system, {int(cell): (1, 100_000) for cell in np.flatnonzero(hidden)})
    assert narrowed is not None
    flat = cube.values["convictions"]
    for cell, (low, high) in narrowed.items():
        assert high - low >= (THRESHOLD - 1 if flat[cell] < THRESHOLD else 1)


@pytest.mark.parametrize("distance", [1, 10, -10])
@pytest.mark.parametrize("place", ["all", "visible", "reached the order"])
def test_a_total_near_another_published_number_is_not_shown(place: str, distance: int) -> None:
    total = {standing: sum(LARGE[house, standing] for house in HOUSES) for standing in STANDINGS[:5]}
    number = {
        "all": sum(total.values()),
        "visible": total["visible"],
        "reached the order": sum(total.values()) - total["not_ordered"],
    }[place]
    found = marks(LARGE, {number + distance})
    assert {found["all", standing][1] for standing in ("all", *STANDINGS[:5])} == {"suppressed"}


@pytest.mark.parametrize("distance", [0, 11, -11])
def test_an_equal_or_a_distant_number_gives_nothing_away(distance: int) -> None:
    whole = sum(LARGE.values())
    assert marks(LARGE, {whole + distance})["all", "all"] == (whole, "value")


def test_whoever_publishes_beside_it_knows_what_it_tells() -> None:
    told = numbers_shown(suppress_standing(rows(LARGE), set(), THRESHOLD))
    total = [sum(LARGE[house, standing] for house in HOUSES) for standing in STANDINGS[:5]]
    assert told == sums([sum(total), *total, 0])
    assert {sum(total), sum(total[1:]), total[2] + total[3]} <= told
    hidden = [row | {"convictions": None} for row in rows(LARGE)]
    assert numbers_shown(hidden) == set()


def test_a_report_that_does_not_add_up_or_has_another_standing_is_not_published() -> None:
    wrong = [row | {"convictions": row["convictions"] + (row["courthouse"] == "all")} for row in rows(LARGE)]
    with pytest.raises(ReliefError, match="does not add up"):
        suppress_standing(wrong, set(), THRESHOLD)
    other = rows(LARGE | {("A", "elsewhere"): 50})
    with pytest.raises(ReliefError, match="does not add up"):
        suppress_standing(other, set(), THRESHOLD)


def test_no_row_is_no_row() -> None:
    assert suppress_standing([], set(), THRESHOLD) == []
