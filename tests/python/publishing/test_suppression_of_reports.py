"""The three published reports: suppression marks, linked tables, and differences that would reveal a count."""

from typing import Any

import pytest

from relief.errors import ReliefError
from relief.publishing.dismissals import suppress_dismissals
from relief.publishing.small_reports import suppress_outcomes, suppress_progress

BASES = ("relief_order_year", "conviction_year")
UNITS = ("convictions", "cases", "people")
Rows = list[tuple[Any, ...]]


def rolled_up(leaves: dict[tuple[str, str, str, str], int]) -> Rows:
    """Report rows from counts by (year, offense, level, wave); both kinds of year have the same years here."""
    cells: dict[tuple[str, ...], int] = {}
    for (year, *others), count in leaves.items():
        for bits in range(16):
            place = [("all" if bits & 1 << n else label) for n, label in enumerate((year, *others))]
            cells[tuple(place)] = cells.get(tuple(place), 0) + count
    return [(basis, *place, unit, count) for basis in BASES for place, count in cells.items() for unit in UNITS]


LEAVES = {
    (year, offense, level, wave): 40 + 3 * number
    for number, (year, offense, level, wave) in enumerate(
        (y, o, lv, w)
        for y in ("2020", "2021", "2022")
        for o in ("11357", "11359", "11360")
        for lv in ("felony", "misdemeanor")
        for w in ("1", "2")
    )
}


def marks(leaves: dict[tuple[str, str, str, str], int]) -> dict[tuple[str, ...], tuple[int | None, str]]:
    return {row[:6]: (row[6], row[7]) for row in suppress_dismissals(rolled_up(leaves), 11)}


def test_suppressed_zero_and_missing_are_three_marks() -> None:
    leaves = LEAVES | {("2020", "11357", "felony", "1"): 4}
    del (
        leaves["2020", "11357", "felony", "2"],
        leaves["2022", "11360", "felony", "1"],
        leaves["2022", "11360", "felony", "2"],
    )
    found = marks(leaves)
    assert found["conviction_year", "2020", "11357", "felony", "all", "people"] == (None, "suppressed")
    assert found["conviction_year", "2022", "11360", "felony", "all", "people"] == (0, "zero")
    assert found["conviction_year", "2022", "11360", "felony", "1", "people"] == (None, "missing")
    assert found["conviction_year", "all", "all", "all", "all", "cases"] == (sum(leaves.values()), "value")


def test_both_kinds_of_year_hide_the_same_totals() -> None:
    leaves = LEAVES | {("2020", "11357", "felony", "1"): 4, ("2021", "11357", "felony", "1"): 0}
    found = marks(leaves)
    for (basis, year, *rest), answer in found.items():
        if year == "all":
            assert found[BASES[1 - BASES.index(basis)], "all", *rest] == answer


def test_large_counts_are_shown_as_they_are() -> None:
    found = marks(LEAVES)
    exact = {row[:6]: row[6] for row in rolled_up(LEAVES)}
    for place, (count, mark) in found.items():
        assert mark == ("missing" if "all" not in place[3:5] else "value")
        assert count is None or count == exact[place]


def test_a_report_that_does_not_add_up_is_not_published() -> None:
    rows = [
        row if row[1:6] != ("2020", "11357", "all", "all", "convictions") else (*row[:6], 1)
        for row in rolled_up(LEAVES)
    ]
    with pytest.raises(ReliefError, match="does not add up"):
        list(suppress_dismissals(rows, 11))


def test_totals_that_differ_between_the_kinds_of_year_are_not_published() -> None:
    rows = [(*row[:6], row[6] + 1) if row[:2] == (BASES[0], "all") else row for row in rolled_up(LEAVES)]
    with pytest.raises(ReliefError, match="without a count or with two"):
        list(suppress_dismissals(rows, 11))


def test_an_empty_report_stays_empty() -> None:
    assert list(suppress_dismissals([], 11)) == []


def stage(wave: int, name: str, counted: int | None, low: int | None = None, high: int | None = None) -> dict[str, Any]:
    return {
        "wave_number": wave,
        "unit": "convictions" if wave == 1 else "cases",
        "stage": name,
        "counted": counted,
        "counted_low": counted if low is None else low,
        "counted_high": counted if high is None else high,
        "share_of_published": 0.5,
    }


def progress(rows: list[dict[str, Any]], totals: dict[tuple[str, str], tuple[bool, int | None]]) -> dict[str, Any]:
    return {row["stage"]: (row["counted"], row["mark"]) for row in suppress_progress(rows, totals, 11)}


def test_no_two_stages_differ_by_a_small_count_however_far_apart_they_stand() -> None:
    rows = [
        stage(1, "identified", 100),
        stage(1, "order_signed", 97),
        stage(1, "court_record_updated", 97),
        stage(1, "doj_updated", 60),
    ]
    found = progress(rows, {})
    assert found["order_signed"] == (97, "value"), "the stage that is compared with what was announced stays"
    assert found["identified"] == (None, "suppressed")
    assert found["court_record_updated"] == (97, "value")


def test_a_wave_that_the_cube_hides_is_hidden_at_every_stage() -> None:
    rows = [stage(2, "identified", 500), stage(2, "order_signed", 500), stage(2, "doj_updated", 0)]
    found = progress(rows, {("2", "cases"): (True, None)})
    assert found == {
        "identified": (None, "suppressed"),
        "order_signed": (None, "suppressed"),
        "doj_updated": (0, "zero"),
    }


def test_a_stage_close_to_the_total_of_the_cube_is_hidden() -> None:
    found = progress([stage(1, "order_signed", 503)], {("1", "convictions"): (False, 500)})
    assert found["order_signed"] == (None, "suppressed")


def test_a_narrow_range_is_not_shown_and_a_missing_count_says_so() -> None:
    rows = suppress_progress([stage(2, "order_signed", 500, 498, 504), stage(2, "identified", None)], {}, 11)
    assert [(row["counted"], row["counted_low"], row["counted_high"], row["mark"]) for row in rows] == [
        (500, None, None, "value"),
        (None, None, None, "missing"),
    ]


def outcome(basis: str, *counts: int) -> dict[str, Any]:
    names = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years", "cannot_tell")
    kind = "orders" if basis == "relief orders" else "policy"
    return {"basis": basis, "basis_type": kind, **dict(zip(names, counts, strict=True))}


def test_an_outcome_that_all_but_few_people_have_is_hidden() -> None:
    [row] = suppress_outcomes([outcome("relief orders", 1000, 700, 300, 996, 7)], (False, 1000), 11)
    assert (row["people_with_relief"], row["no_felony_left"], row["no_conviction_left"]) == (1000, 700, 300)
    assert row["no_conviction_last_7_years"] is None
    assert row["cannot_tell"] is None
    assert row["mark"] == "suppressed"


def test_policies_that_differ_by_few_people_do_not_give_them_away() -> None:
    rows = suppress_outcomes(
        [outcome("a", 1000, 700, 300, 500, 0), outcome("b", 1004, 700, 350, 500, 0)], (False, 1), 11
    )
    assert [row["people_with_relief"] for row in rows] == [1000, None]


def test_people_are_hidden_where_the_cube_hides_their_total() -> None:
    [row] = suppress_outcomes([outcome("relief orders", 1000, 700, 300, 500, 0)], (True, None), 11)
    assert [row["people_with_relief"], row["no_felony_left"], row["cannot_tell"]] == [None, None, 0]
