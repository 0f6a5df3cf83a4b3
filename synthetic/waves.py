"""Add the cannabis convictions of the two waves of dismissals, each to one of the people."""

import numpy as np
import pandas as pd

from synthetic.chance import chance, in_force
from synthetic.dates import (
    COURT_FELONIES,
    COURT_MISDEMEANORS,
    FIRST_CONVICTION,
    MISDEMEANOR_FORMS,
    PROP_64,
    SECTIONS_RENUMBERED,
    day,
    draw_days,
)
from synthetic.world import ARREST_ONLY, NO_DATE, PARTIAL_DATES, WITH_COURT_STEP, World

LAST_QUALIFYING = PROP_64 - 3
ADULT_DAYS = 18 * 366
FIRST_MISDEMEANOR = day("1977-01-03")

# Numbers to plant at full scale. They are not part of the published totals.
ORDERED_LATE_IN_COURT, ORDERED_LATE_NOT_IN_COURT, REDESIGNATED_1, REDESIGNATED_2 = 66, 132, 200, 80
UNDATED_1, UNDATED_2, MIXED_CASES = 40, 88, 100
CITY_ATTORNEY_CASES, FELONY_SALE_CASES = 1_500, 800
TWO_COUNT_SHARE, CO_DEFENDANT_SHARE = 0.012, 0.01

_SECOND_SECTION = {
    "11357": "11358", "11358": "11359", "11359": "11360", "11360": "11359",
    "11530": "11531", "11530.5": "11531", "11531": "11530.5",
}  # fmt: skip


def wave_1_first_days(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Draw the level and the day of the first conviction of each person in the first wave."""
    sizes = world.sizes
    n = sizes.wave_1_people
    level = np.where(chance(world.rng, n, 0.05), "M", "F")
    spare = sizes.wave_1_misdemeanors
    misdemeanors = np.flatnonzero(level == "M")
    level[misdemeanors[spare:]] = "F"
    days = draw_days(world.rng, n, FIRST_CONVICTION, LAST_QUALIFYING)
    again = np.flatnonzero(level == "M")
    days[again] = draw_days(world.rng, len(again), FIRST_MISDEMEANOR, LAST_QUALIFYING)
    return level, days


def later_days(world: World, person: np.ndarray, first: int, last: int) -> np.ndarray:
    """Draw another day in each person's adult life, a few years before or after the first day and within the bounds."""
    people = world.people
    start = people["first_day"].to_numpy()[person]
    earliest = np.maximum(people["birth_day"].to_numpy()[person] + ADULT_DAYS, first)
    days = start + (world.rng.laplace(0, 4.5 * 365, len(person))).astype(np.int64)
    wrong = (days < earliest) | (days > last)
    spread = earliest + (world.rng.random(len(person)) * np.maximum(last - earliest, 0)).astype(np.int64)
    return np.where(wrong, np.minimum(spread, last), days)


def add_wave_1(world: World, persons: np.ndarray, first_level: np.ndarray, first_day: np.ndarray) -> None:
    """Add the convictions reviewed for the first wave.

    They are convictions of this county in the DOJ file. Most are in the court's file too.
    """
    rng, sizes = world.rng, world.sizes
    extra = {"late": ORDERED_LATE_IN_COURT, "neither": ORDERED_LATE_NOT_IN_COURT, "redesignated": REDESIGNATED_1}
    n_extra = sum(sizes.of(number) for number in extra.values())
    more_misdemeanors = sizes.wave_1_misdemeanors - int((first_level == "M").sum())
    more = sizes.wave_1_felonies + sizes.wave_1_misdemeanors + n_extra - len(persons)
    holder = persons[(len(persons) * rng.random(more) ** 1.6).astype(np.int64)]
    level = np.where(np.arange(more) < more_misdemeanors, "M", "F")
    floor = np.where(level == "M", FIRST_MISDEMEANOR, FIRST_CONVICTION)
    second_counts = np.zeros(more, dtype=bool)
    second_counts[rng.choice(np.flatnonzero(level == "F"), int(0.2 * more), replace=False)] = True
    own = np.flatnonzero(~second_counts)
    days = later_days(world, holder[own], FIRST_CONVICTION, LAST_QUALIFYING)
    too_early = days < floor[own]
    days[too_early] = draw_days(rng, int(too_early.sum()), FIRST_MISDEMEANOR, LAST_QUALIFYING)
    person = np.concatenate([persons, holder[own]])
    level_of = np.concatenate([first_level, level[own]])
    block = world.add_cases("wave_1", person, np.concatenate([first_day, days]), doj_step=WITH_COURT_STEP)
    misdemeanor = level_of == "M"
    block["arrest_day"] = np.where(misdemeanor, np.maximum(block["arrest_day"], MISDEMEANOR_FORMS), block["arrest_day"])
    block["felony_number"] = ~misdemeanor | chance(rng, len(block), 0.05)
    block["city_attorney"] = misdemeanor
    opened = np.where(misdemeanor, COURT_MISDEMEANORS, COURT_FELONIES)
    block["in_court"] = (block["court_day"] >= opened) & chance(rng, len(block), 0.93)
    offense = world.cannabis_offense(block["arrest_day"].to_numpy(), level_of)
    counts = world.add_counts(block.index.to_numpy(), offense, level_of, role="target")
    hosts = rng.choice(np.flatnonzero(~misdemeanor), int(second_counts.sum()), replace=False)
    arrest = block["arrest_day"].to_numpy()
    world.add_counts(
        block.index.to_numpy()[hosts], second_offense(world, offense[hosts], arrest[hosts]), np.repeat("F", len(hosts)),
        role="target", rank=2,
    )  # fmt: skip
    _give_roles(world, block, counts, hosts, misdemeanor)
    _pair(
        world, block, np.flatnonzero(block["in_court"].to_numpy() & ~misdemeanor & (block["undated"] == 0).to_numpy())
    )


def second_offense(world: World, offense: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Draw the felony of a second count. The second count has the same days as the first, but another section."""
    section = world.tables.offenses["section"].to_numpy(dtype=object)[offense]
    cannabis = world.tables.pick("cannabis", level="F")
    result = np.empty(len(offense), dtype=np.int64)
    for name, other in _SECOND_SECTION.items():
        rows = np.flatnonzero(section == name)
        result[rows] = in_force(world.rng, cannabis[cannabis["section"] == other], days[rows])
    return result


def _give_roles(
    world: World, block: pd.DataFrame, counts: pd.DataFrame, hosts: np.ndarray, misdemeanor: np.ndarray
) -> None:
    """Plant late orders, redesignations, undated convictions, and second counts that only the court's file has."""
    rng, sizes = world.rng, world.sizes
    single = ~misdemeanor
    single[hosts] = False
    in_court = block["in_court"].to_numpy()
    role = counts["role"].to_numpy(dtype=object).copy()
    court_pool = rng.permutation(np.flatnonzero(single & in_court))
    other_pool = rng.permutation(np.flatnonzero(single & ~in_court))
    n_late, n_mixed, n_redesignated = sizes.of(ORDERED_LATE_IN_COURT), sizes.of(MIXED_CASES), sizes.of(REDESIGNATED_1)
    role[court_pool[:n_late]] = "late"
    mixed = court_pool[n_late : n_late + n_mixed]
    role[court_pool[n_late + n_mixed : n_late + n_mixed + n_redesignated]] = "redesignated"
    n_neither, n_undated = sizes.of(ORDERED_LATE_NOT_IN_COURT), sizes.of(UNDATED_1)
    role[other_pool[:n_neither]] = "neither"
    undated = other_pool[n_neither : n_neither + n_undated]
    block.loc[block.index[undated], "undated"] = rng.choice((NO_DATE, *PARTIAL_DATES), len(undated))
    counts["role"] = role
    offense, arrest = counts["offense"].to_numpy()[mixed], block["arrest_day"].to_numpy()[mixed]
    world.add_counts(
        block.index.to_numpy()[mixed], second_offense(world, offense, arrest), np.repeat("F", len(mixed)),
        role="wave_2", rank=2, doj=False,
    )  # fmt: skip


def _pair(world: World, block: pd.DataFrame, rows: np.ndarray) -> None:
    """Make co-defendants of some pairs of cases close in time: one case number, two defendant numbers."""
    rows = rows[np.argsort(block["court_day"].to_numpy()[rows], kind="stable")]
    starts = np.sort(world.rng.choice(len(rows) // 2, max(1, int(len(rows) * CO_DEFENDANT_SHARE)), replace=False)) * 2
    leaders, followers = rows[starts], rows[np.minimum(starts + 1, len(rows) - 1)]
    person = block["person"].to_numpy()
    fit = person[leaders] != person[followers]
    leader = block["leader"].to_numpy().copy()
    leader[followers[fit]] = block.index.to_numpy()[leaders[fit]]
    block["leader"] = leader


def add_wave_2(world: World, new_persons: np.ndarray, wave_1_persons: np.ndarray, spare_persons: np.ndarray) -> None:
    """Add the cases of the second wave, which are in the court's file only.

    They are felony possession and cultivation, and misdemeanors that no city attorney prosecuted.
    """
    rng, sizes = world.rng, world.sizes
    pairs = max(1, int(sizes.wave_2_cases * CO_DEFENDANT_SHARE))
    n = sizes.wave_2_cases + pairs
    from_wave_1 = rng.choice(wave_1_persons, sizes.of(3_000), replace=False)
    rest = n - len(new_persons) - len(from_wave_1)
    person = np.concatenate([new_persons, from_wave_1, rng.choice(new_persons, rest)])
    level = np.full(n, "M")
    level[rng.choice(n, sizes.wave_2_felony_cases + pairs, replace=False)] = "F"
    block, counts = _court_cases(world, person, level, kind="wave_2", sections=("11357", "11358"))
    two = rng.choice(n, max(1, int(n * TWO_COUNT_SHARE)), replace=False)
    two = two[counts["offense"].to_numpy()[two] >= 0]
    _second_counts(world, block, counts, two)
    undated = rng.choice(n, sizes.of(UNDATED_2), replace=False)
    block.loc[block.index[undated], "undated"] = 1
    felonies = np.flatnonzero((level == "F") & (block["undated"] == 0).to_numpy())
    felonies = felonies[np.argsort(block["court_day"].to_numpy()[felonies], kind="stable")]
    starts = np.sort(rng.choice(len(felonies) // 2, pairs, replace=False)) * 2
    persons = block["person"].to_numpy()
    same = persons[felonies[starts]] == persons[felonies[starts + 1]]
    leader = block["leader"].to_numpy().copy()
    leader[felonies[starts + 1][~same]] = block.index.to_numpy()[felonies[starts[~same]]]
    block["leader"] = leader
    _add_known_but_not_ordered(world, spare_persons)


def _second_counts(world: World, block: pd.DataFrame, counts: pd.DataFrame, rows: np.ndarray) -> None:
    level = counts["level"].to_numpy()[rows]
    offense = counts["offense"].to_numpy()[rows]
    felony = level == "F"
    days = block["arrest_day"].to_numpy()[rows]
    second = np.zeros(len(rows), dtype=np.int64)
    second[felony] = second_offense(world, offense[felony], days[felony])
    misdemeanors = world.tables.pick("cannabis", "o", "M")
    sections = world.tables.offenses["section"].to_numpy()[offense]
    gift = misdemeanors.index[misdemeanors["section"] == "11360"][0]
    possession = misdemeanors.index[misdemeanors["statute"] == "11357(C)"][0]
    second = np.where(felony, second, np.where(sections == "11360", possession, gift))
    world.add_counts(block.index.to_numpy()[rows], second, level, role="wave_2", rank=2, doj=False)


def _court_cases(
    world: World, person: np.ndarray, level: np.ndarray, *, kind: str, sections: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = world.rng
    first = np.where(level == "F", COURT_FELONIES + 180, COURT_MISDEMEANORS + 180)
    days = later_days(world, person, 0, LAST_QUALIFYING)
    days = np.where(days < first, first + (rng.random(len(days)) * (LAST_QUALIFYING - first)).astype(np.int64), days)
    block = world.add_cases(kind, person, days, in_court=True)
    block["arrest_day"] = np.maximum(
        block["arrest_day"], np.where(level == "F", SECTIONS_RENUMBERED, MISDEMEANOR_FORMS)
    )
    block["felony_number"] = (level == "F") | chance(rng, len(block), 0.03)
    offense = world.cannabis_offense(block["arrest_day"].to_numpy(), level, sections)
    counts = world.add_counts(block.index.to_numpy(), offense, level, role=kind)
    # For some of these people, the DOJ's file has the arrest and nothing after it.
    known = world.people["in_doj"].to_numpy()[person] & chance(rng, len(person), 0.15)
    block["doj_step"] = np.where(known, ARREST_ONLY, 0)
    return block, counts


def _add_known_but_not_ordered(world: World, persons: np.ndarray) -> None:
    """Add convictions in the court's file that the second wave's policy does not cover; a few are redesignated."""
    sizes = world.sizes
    n_city, n_sale = sizes.of(CITY_ATTORNEY_CASES), sizes.of(FELONY_SALE_CASES)
    city, sale = persons[:n_city], persons[n_city : n_city + n_sale]
    block, _ = _court_cases(world, city, np.full(n_city, "M"), kind="court_unordered")
    block["city_attorney"] = True
    _, counts = _court_cases(world, sale, np.full(n_sale, "F"), kind="court_unordered", sections=("11359", "11360"))
    redesignated = np.arange(n_sale) < sizes.of(REDESIGNATED_2)
    counts["role"] = np.where(redesignated, "court_redesignated", "court_unordered")
