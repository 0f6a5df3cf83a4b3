"""Suppressed cubes against attackers who solve them: no small number is shown, no hidden number can be computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.errors import ReliefError
from relief.publishing.cube import Cube
from relief.publishing.suppression import Suppressor, primary, suppress, suppression_threshold
from relief.publishing.suppression_audit import Attacker, Ranges, determined_cells
from tests.python.publishing.attackers import bounds, equations, is_possible, solve_exactly

UNITS = ("convictions", "cases", "people")


def cube_of(years: tuple[int, int], offenses: int, kinds: tuple[int, int], seed: int, size: int) -> Cube:
    """A cube shaped like the dismissals report, counted from invented convictions in cases of people."""
    random = np.random.default_rng(seed)
    skew = random.integers(1, 4)
    year, other = (random.integers(1, n + 1, size) for n in years)
    offense = np.ceil(offenses * random.random(size) ** skew).astype(int).clip(1)
    level, wave = (np.ceil(n * random.random(size) ** skew).astype(int).clip(1) for n in kinds)
    case = random.integers(0, max(1, int(size * 0.9)), size)
    shape = (1 + sum(years), 1 + offenses, 1 + sum(kinds))
    sets: list[dict[tuple[int, int, int], set[int]]] = [{}, {}, {}]
    for row in range(size):
        for y in (0, int(year[row]), years[0] + int(other[row])):
            for o in (0, int(offense[row])):
                for k in (0, int(level[row]), kinds[0] + int(wave[row])):
                    for unit, key in enumerate((row, int(case[row]), int(case[row]) // 2)):
                        sets[unit].setdefault((y, o, k), set()).add(key)
    values = {unit: np.zeros(shape, dtype=int) for unit in UNITS}
    for unit, cells in zip(UNITS, sets, strict=True):
        for place, keys in cells.items():
            values[unit][place] = len(keys)
    groups = [
        [list(range(1, 1 + years[0])), list(range(1 + years[0], shape[0]))],
        [list(range(1, shape[1]))],
        [list(range(1, 1 + kinds[0])), list(range(1 + kinds[0], shape[2]))],
    ]
    return Cube.build(groups, values)


cubes = st.builds(
    cube_of,
    years=st.tuples(st.integers(1, 4), st.integers(1, 3)),
    offenses=st.integers(1, 4),
    kinds=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    seed=st.integers(0, 10_000),
    size=st.integers(1, 900),
)
tiny_cubes = st.builds(
    cube_of,
    years=st.tuples(st.integers(1, 2), st.just(1)),
    offenses=st.integers(1, 3),
    kinds=st.tuples(st.just(1), st.integers(1, 2)),
    seed=st.integers(0, 10_000),
    size=st.integers(1, 40),
)


def small(cube: Cube, unit: str, threshold: int) -> set[int]:
    return set(np.flatnonzero((cube.values[unit] > 0) & (cube.values[unit] < threshold)).tolist())


def ranges_of(cube: Cube, hidden: np.ndarray, unit: str, most: int) -> dict[int, tuple[int, int]]:
    """First ranges of an attacker, who assumes that a hidden cell holds at least one."""
    return {int(cell): (min(1, int(cube.values[unit][cell])), most) for cell in np.flatnonzero(hidden)}


def narrowed(cube: Cube, hidden: np.ndarray, threshold: int) -> list[tuple[str, int]]:
    """Small counts that elimination or bounds narrow to fewer than ``threshold`` values."""
    found = []
    for unit in UNITS:
        system = equations(cube, hidden, unit)
        known = set(solve_exactly(system))
        ranges = bounds(system, ranges_of(cube, hidden, unit, 10_000)) or {}
        for cell in small(cube, unit, threshold):
            low, high = ranges[cell]
            if cell in known or high - low < threshold - 1:
                found.append((unit, cell))
    return found


@settings(max_examples=60, deadline=None)
@given(cubes)
def test_no_small_count_is_shown_and_none_can_be_worked_out(cube: Cube) -> None:
    hidden = suppress(cube, 11)
    assert not np.any(primary(cube, 11) & ~hidden)
    assert not np.any(hidden & ~cube.nonzero), "a zero hides nobody"
    assert narrowed(cube, hidden, 11) == []
    for unit in UNITS:
        assert not set(solve_exactly(equations(cube, hidden, unit)))


@settings(max_examples=60, deadline=None)
@given(tiny_cubes)
def test_brute_force_finds_another_whole_number_for_every_hidden_small_count(cube: Cube) -> None:
    hidden = suppress(cube, 3)
    for unit in UNITS:
        system = equations(cube, hidden, unit)
        ranges = ranges_of(cube, hidden, unit, 60)
        for cell in small(cube, unit, 3):
            true = int(cube.values[unit][cell])
            others = [value for value in range(ranges[cell][0], true + 4) if value != true]
            assert any(is_possible(system, ranges | {cell: (value, value)}) for value in others)


@pytest.mark.parametrize("rule", ["primary only", "lines only"])
def test_the_attackers_succeed_where_a_part_of_the_suppression_is_left_out(rule: str) -> None:
    broken = 0
    for seed in range(40):
        cube = cube_of((4, 3), 4, (3, 3), seed, 700)
        hidden = primary(cube, 11)
        if rule == "lines only":
            suppressor = Suppressor(cube, 11, hidden)
            suppressor.settle()
            hidden = suppressor.suppressed
        broken += bool(narrowed(cube, hidden, 11))
    assert broken > 10


def test_a_single_small_cell_takes_a_square_of_cells_with_it() -> None:
    inner = np.array([[5, 40, 60], [50, 70, 80], [90, 20, 30]])
    table = np.zeros((4, 4), dtype=int)
    table[1:, 1:] = inner
    table[0, 1:], table[1:, 0], table[0, 0] = inner.sum(axis=0), inner.sum(axis=1), inner.sum()
    cube = Cube.build([[[1, 2, 3]], [[1, 2, 3]]], {"convictions": table})
    hidden = suppress(cube, 11).reshape(4, 4)
    assert hidden[1, 1]
    assert hidden.sum() >= 4
    assert not hidden[0].any()
    assert not hidden[:, 0].any()


def test_two_small_cells_whose_sum_pins_them_are_not_enough() -> None:
    cube = Cube.build([[[1, 2, 3, 4]]], {"convictions": np.array([132, 1, 1, 30, 100])})
    assert suppress(cube, 11).tolist() == [False, True, True, True, False]


def test_many_ones_under_a_total_of_their_number_are_pinned_and_get_company() -> None:
    cube = Cube.build([[list(range(1, 14))]], {"convictions": np.array([52, *[1] * 12, 40])})
    assert suppress(cube, 11)[[0, -1]].any(), "twelve ones that add up to twelve are no secret"


def test_all_units_of_a_cell_are_hidden_together() -> None:
    cube = Cube.build([[[1, 2, 3]]], {"convictions": np.array([90, 30, 30, 30]), "people": np.array([59, 5, 27, 27])})
    assert suppress(cube, 11)[1]


def test_nothing_small_nothing_hidden_and_an_empty_cube_is_fine() -> None:
    cube = Cube.build([[[1, 2]]], {"convictions": np.array([40, 20, 20])})
    assert not suppress(cube, 11).any()
    assert not suppress(Cube.build([[[1, 2]]], {"convictions": np.zeros(3, dtype=int)}), 11).any()


def test_cells_that_other_tables_hide_are_hidden_here_with_company() -> None:
    cube = Cube.build([[[1, 2, 3]]], {"convictions": np.array([90, 20, 30, 40])})
    hidden = suppress(cube, 11, np.array([False, True, False, False]))
    assert hidden[1]
    assert hidden.sum() == 2


def test_the_audit_by_algebra_agrees_with_exact_elimination() -> None:
    for seed in range(25):
        cube = cube_of((3, 2), 3, (2, 2), seed, 400)
        hidden = cube.nonzero & (np.random.default_rng(seed).random(cube.size) < 0.5)
        exact = set(solve_exactly(_all_lines(cube, hidden)))
        assert set(determined_cells(cube, hidden).tolist()) == exact


def _all_lines(cube: Cube, hidden: np.ndarray) -> list[tuple[dict[int, int], int]]:
    """All sums as equations for convictions, for which they always add up."""
    return equations(cube, hidden, "convictions")


def test_what_the_audit_calls_possible_adds_up() -> None:
    cube = cube_of((3, 2), 3, (2, 2), 7, 300)
    hidden = suppress(cube, 11)
    attacker = Attacker(cube, hidden, ["convictions"])
    table = cube.values["convictions"].astype(float)
    table[attacker.cells] = attacker.table(np.ones(len(attacker.cells)))
    assert np.allclose(cube.lines @ table, 0, atol=1e-6)
    assert (table[attacker.cells] >= 1 - 1e-6).all()
    assert not Ranges(cube, 10).attack(hidden)


def test_the_same_counts_always_hide_the_same_cells() -> None:
    cube = cube_of((4, 3), 4, (3, 3), 3, 800)
    assert suppress(cube, 11).tolist() == suppress(cube, 11).tolist()


@pytest.mark.parametrize(("text", "threshold"), [("", 11), ("11", 11), ("20", 20), (" 15 ", 15)])
def test_the_threshold_may_be_stricter(text: str, threshold: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_SUPPRESSION_THRESHOLD", text)
    assert suppression_threshold() == threshold


@pytest.mark.parametrize("text", ["10", "0", "-11", "1e3", "eleven", "11.5", "²²"])
def test_the_threshold_is_never_laxer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_SUPPRESSION_THRESHOLD", text)
    with pytest.raises(ReliefError, match="at least 11"):
        suppression_threshold()


def test_no_line_keeps_a_single_hidden_cell() -> None:
    for seed in range(10):
        cube = cube_of((4, 3), 4, (3, 3), seed, 700)
        suppressor = Suppressor(cube, 11, primary(cube, 11))
        suppressor.settle()
        hidden_on_line = np.abs(cube.lines) @ suppressor.suppressed.astype(int)
        assert not np.any(hidden_on_line == 1)
