"""Plant people who are easily confused (twins, namesakes, fathers and sons), and people with two surnames."""

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.rates import SURNAME_TYPES, surname_types
from synthetic.sizes import Sizes
from synthetic.tables import DATA, Tables

# Assumed numbers of pairs at full scale. More namesakes arise by chance, because common names are drawn often.
TWINS, NAMESAKES, FATHERS = 300, 600, 250
TWINS_APART, NAMESAKES_APART = 60, 400  # most days between the two birth dates from which a pair is made
GENERATION = (18 * 366, 36 * 365)
TWO_SURNAMES_SHARE, SUFFIX_SHARE = 0.25, 0.01
TWO_SURNAME_FORMS = (0.55, 0.25, 0.20)  # in the DOJ's file: both parts, both with a hyphen, the first part only
PARTICLE_APART_SHARE = 0.35


def add_families(rng: np.random.Generator, tables: Tables, people: pd.DataFrame, sizes: Sizes) -> None:
    """Plant people who are easily confused; add surname parts, other surnames and suffixes; rebuild all names.

    ``last_1`` and ``last_2`` are the parts of the surname. ``last`` is the surname in the DOJ's file. ``other_last`` is
    the surname that the person has after a marriage, or had before it.
    """
    n = len(people)
    people["suffix"], people["confusable"] = "", ""
    last, first = people["last"].to_numpy(dtype=object).copy(), people["first"].to_numpy(dtype=object).copy()
    birth = people["birth_day"].to_numpy().copy()
    suffix, confusable = np.full(n, "", dtype=object), np.full(n, "", dtype=object)
    free = np.ones(n, dtype=bool)
    _twins(rng, people, sizes, (last, first, birth, confusable, free))
    _namesakes(rng, people, sizes, (last, first, birth, confusable, free))
    _fathers(rng, people, sizes, (last, first, birth, confusable, free), suffix)
    male = (people["sex"] == "M").to_numpy()
    suffix[(suffix == "") & male & chance(rng, n, SUFFIX_SHARE)] = "JR"
    type_of = dict(zip(tables.surnames["name"], surname_types(tables.surnames).tolist(), strict=True))
    surname_type = np.array([type_of[name] for name in last])
    people["surname_type"] = surname_type
    two = chance(rng, n, TWO_SURNAMES_SHARE) & (surname_type == SURNAME_TYPES.index("hispanic"))
    hispanic = _surnames(rng, tables, ("pcthispanic",), n)
    two &= hispanic != last
    people["last_1"], people["last_2"] = last, np.where(two, hispanic, "")
    form = np.searchsorted(np.cumsum(TWO_SURNAME_FORMS), rng.random(n), side="right").clip(0, 2)
    apart = pd.read_csv(DATA / "particles.csv", keep_default_na=False).set_index("surname")["apart"]
    spaced = pd.Series(last).map(apart).fillna("").to_numpy(dtype=object)
    shown = np.where((spaced != "") & chance(rng, n, PARTICLE_APART_SHARE) & ~two, spaced, last)
    shown = np.where(
        two & (form == 0), last + " " + hispanic, np.where(two & (form == 1), last + "-" + hispanic, shown)
    )
    people["other_last"] = _surnames(rng, tables, ("count",), n)
    people["last"], people["first"], people["birth_day"], people["birth_shown"] = shown, first, birth, birth
    people["suffix"], people["confusable"] = suffix, confusable
    people["name"] = full_name(shown, first, people["middle"].to_numpy(dtype=object), suffix)


def full_name(last: np.ndarray, first: np.ndarray, middle: np.ndarray, suffix: np.ndarray) -> np.ndarray:
    """Return full names in the form ``LAST,FIRST M JR``."""
    middle = np.where(middle == "", "", " " + middle)
    return last + "," + first + middle + np.where(suffix == "", "", " " + suffix)


def _surnames(rng: np.random.Generator, tables: Tables, shares: tuple[str, ...], n: int) -> np.ndarray:
    names = tables.surnames
    weight = names["count"].to_numpy(dtype=float)
    if shares != ("count",):
        weight = weight * sum(names[share].to_numpy(dtype=float) for share in shares)
    edges = np.cumsum(weight)
    picks = np.searchsorted(edges, rng.random(n) * edges[-1], side="right").clip(0, len(names) - 1)
    return names["name"].to_numpy(dtype=object)[picks]


_Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _neighbours(
    rng: np.random.Generator, people: pd.DataFrame, columns: _Columns, apart: int, wanted: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of people with the same race and sex, and with birth dates close together.

    Nobody is in two pairs.
    """
    birth, free = columns[2], columns[4]
    race, female = people["race"].to_numpy(), (people["sex"] == "F").to_numpy()
    order = np.lexsort((birth, female, race))
    order = order[free[order]]
    order = order[: len(order) // 2 * 2]
    left, right = order[::2], order[1::2]
    fit = (race[left] == race[right]) & (female[left] == female[right]) & (birth[right] - birth[left] <= apart)
    some = np.flatnonzero(fit)
    some = np.sort(rng.choice(some, min(wanted, len(some)), replace=False))
    return left[some], right[some]


def _mark(columns: _Columns, left: np.ndarray, right: np.ndarray, kind: str) -> None:
    for rows in (left, right):
        columns[3][rows] = kind
        columns[4][rows] = False


def _twins(rng: np.random.Generator, people: pd.DataFrame, sizes: Sizes, columns: _Columns) -> None:
    last, first, birth = columns[:3]
    left, right = _neighbours(rng, people, columns, TWINS_APART, sizes.of(TWINS))
    differ = first[left] != first[right]
    left, right = left[differ], right[differ]
    last[right], birth[right] = last[left], birth[left]
    _mark(columns, left, right, "twin")


def _namesakes(rng: np.random.Generator, people: pd.DataFrame, sizes: Sizes, columns: _Columns) -> None:
    last, first, birth = columns[:3]
    left, right = _neighbours(rng, people, columns, NAMESAKES_APART, sizes.of(NAMESAKES))
    # Nobody could distinguish two people with the same name and the same birth date.
    differ = birth[left] != birth[right]
    left, right = left[differ], right[differ]
    last[right], first[right] = last[left], first[left]
    _mark(columns, left, right, "namesake")


def _fathers(
    rng: np.random.Generator, people: pd.DataFrame, sizes: Sizes, columns: _Columns, suffix: np.ndarray
) -> None:
    last, first, birth, _, free = columns
    race = people["race"].to_numpy()
    men = free & (people["sex"] == "M").to_numpy()
    for number in np.unique(race):
        some = np.flatnonzero(men & (race == number))
        wanted = max(1, round(sizes.of(FATHERS) * len(some) / max(1, int(men.sum()))))
        some = some[np.argsort(birth[some], kind="stable")]
        fathers = np.sort(rng.choice(len(some), min(wanted, len(some)), replace=False))
        target = birth[some[fathers]] + rng.integers(*GENERATION, len(fathers))
        sons = np.searchsorted(birth[some], target)
        fit = sons < len(some)
        fathers, sons = fathers[fit], sons[fit]
        sons, places = np.unique(sons, return_index=True)
        fathers = fathers[places]
        apart = ~np.isin(sons, fathers) & ~np.isin(fathers, sons)
        left, right = some[fathers[apart]], some[sons[apart]]
        last[right], first[right] = last[left], first[left]
        suffix[left], suffix[right] = "SR", "JR"
        _mark(columns, left, right, "father_and_son")
