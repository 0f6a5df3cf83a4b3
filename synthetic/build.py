"""Build the invented world. The random draws always come in the same order."""

from collections.abc import Mapping

import numpy as np

from synthetic.chance import chance
from synthetic.court_side import write_court_side
from synthetic.dates import FIRST_CONVICTION, PROP_64, day, draw_days
from synthetic.defects import plant_defects
from synthetic.family import add_families
from synthetic.lesser import plead_down
from synthetic.numbering import number_cases
from synthetic.others import (
    COURT_KINDS,
    DOJ_KINDS,
    OTHER_ONLY_SUBJECTS,
    add_court_kinds,
    add_doj_kinds,
    add_listed,
    add_other_counts,
    add_other_history,
    add_other_record,
    doj_kind_people,
    first_days,
)
from synthetic.people import make_people
from synthetic.sentences import add_sentences
from synthetic.sizes import Sizes, draw_shortfalls
from synthetic.spellings import spell_counts
from synthetic.steps import add_follow_up_steps, number_steps
from synthetic.tables import load_tables
from synthetic.waves import (
    CITY_ATTORNEY_CASES,
    FELONY_SALE_CASES,
    LAST_QUALIFYING,
    add_wave_1,
    add_wave_2,
    wave_1_first_days,
)
from synthetic.world import NOT_IN_DOJ, PARTIAL_DATES, WITH_COURT_STEP, World

APPLICANTS_ONLY = 1_000
BORN_LATER, BIRTH_DEFECTS, CII_BLANK, FUTURE_CASES = 20, 0.004, 0.003, 10


def build_world(scale: float, seed: int, planted: Mapping[str, float]) -> World:
    """Build all people, cases and counts before any file is written.

    ``planted`` shortfalls replace the drawn ones.
    """
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(4)]
    sizes = Sizes(scale)
    world = World(
        rng=streams[0],
        detail=streams[2],
        identity=streams[3],
        tables=load_tables(),
        sizes=sizes,
        shortfalls=draw_shortfalls(streams[1], planted),
    )
    rng = world.rng
    level, wave_1_days = wave_1_first_days(world)
    groups: list[tuple[str, np.ndarray]] = [("wave_1", wave_1_days)]
    groups.append(("wave_2", draw_days(rng, sizes.of(50_000), day("1974-01-02"), LAST_QUALIFYING)))
    spare = sizes.of(CITY_ATTORNEY_CASES) + sizes.of(FELONY_SALE_CASES)
    groups.append(("court_unordered", draw_days(rng, spare, day("1980-01-02"), LAST_QUALIFYING)))
    groups.append(("other_only", draw_days(rng, sizes.of(OTHER_ONLY_SUBJECTS), FIRST_CONVICTION, day("2019-05-01"))))
    groups.append(("applicant", draw_days(rng, sizes.of(APPLICANTS_ONLY), day("1980-01-02"), day("2019-05-01"))))
    groups += [(kind.name, first_days(world, kind, doj_kind_people(world, kind))) for kind in DOJ_KINDS]
    groups += [(kind.name, first_days(world, kind, sizes.of(kind.cases))) for kind in COURT_KINDS]
    edges = np.cumsum([0] + [len(days) for _, days in groups])
    persons = {name: np.arange(edges[i], edges[i + 1]) for i, (name, _) in enumerate(groups)}
    world.people = make_people(
        rng, world.tables, np.concatenate([days for _, days in groups]),
        np.repeat([name for name, _ in groups], np.diff(edges)),
    )  # fmt: skip
    add_families(world.identity, world.tables, world.people, sizes)
    in_doj = world.people["in_doj"].to_numpy().copy()
    in_doj[persons["wave_2"][chance(rng, len(persons["wave_2"]), 0.2)]] = True
    world.people["in_doj"] = in_doj
    _add_cases(world, persons, level, wave_1_days)
    world.freeze()
    _separate_days(world)
    _mark_people(world, persons)
    plead_down(world)
    number_cases(world)
    write_court_side(world)
    number_steps(world)
    add_sentences(world)
    add_follow_up_steps(world)
    world.counts["spelled"] = spell_counts(world)
    plant_defects(world)
    return world


def _add_cases(world: World, persons: dict[str, np.ndarray], level: np.ndarray, wave_1_days: np.ndarray) -> None:
    wave_1 = persons["wave_1"]
    add_wave_1(world, wave_1, level, wave_1_days)
    add_wave_2(world, persons["wave_2"], wave_1, persons["court_unordered"])
    add_doj_kinds(world, [persons[kind.name] for kind in DOJ_KINDS], wave_1)
    add_court_kinds(world, [persons[kind.name] for kind in COURT_KINDS])
    add_other_counts(world, 0.2)
    add_other_record(world, wave_1)
    add_listed(world, wave_1)
    add_other_history(world, wave_1, 0.15)
    known = persons["wave_2"][world.people["in_doj"].to_numpy()[persons["wave_2"]]]
    add_other_history(world, known, 1.0, at_first_day=True)
    add_other_history(world, known, 0.5)
    add_other_history(world, persons["other_only"], 1.0, at_first_day=True)
    add_other_history(world, persons["other_only"], 0.2)


def _separate_days(world: World) -> None:
    """Give each case of a person a different court day, so that person, section and day identify one conviction."""
    cases = world.cases
    for _ in range(50):
        again = cases.duplicated(["person", "court_day"]).to_numpy()
        if not again.any():
            return
        days = cases.loc[again, "court_day"]
        cases.loc[again, "court_day"] = days + np.where(days >= PROP_64, 1, -1)
    raise AssertionError("court days of a person could not be separated")


def _mark_people(world: World, persons: dict[str, np.ndarray]) -> None:
    """Decide who is in the DOJ file, and plant unusual birth dates, court dates and CII numbers."""
    rng, people, cases, sizes = world.rng, world.people, world.cases, world.sizes
    in_doj = np.zeros(len(people), dtype=bool)
    in_doj[cases.loc[cases["doj_step"] != NOT_IN_DOJ, "person"].to_numpy()] = True
    in_doj[persons["applicant"]] = True
    people["in_doj"] = in_doj
    defect = np.where(in_doj & chance(rng, len(people), BIRTH_DEFECTS), rng.choice(PARTIAL_DATES, len(people)), 0)
    late = rng.choice(persons["wave_1"], sizes.of(BORN_LATER), replace=False)
    birth = people["birth_day"].to_numpy().copy()
    birth[late] = people["first_day"].to_numpy()[late] + rng.integers(400, 1_500, len(late))
    defect[late] = 0
    people["birth_shown"], people["birth_defect"] = birth, defect
    people["is_born_later"] = np.isin(np.arange(len(people)), late)
    plain = persons["other_only"]
    cii = people["cii"].to_numpy().copy()
    cii[plain[chance(rng, len(plain), CII_BLANK)]] = ""
    people["cii"] = cii
    pool = cases.index[
        (cases["kind"] == "other") & (cases["doj_step"] == WITH_COURT_STEP) & (cases["county"] == 0)
    ].to_numpy()
    future = rng.choice(pool, sizes.of(FUTURE_CASES), replace=False)
    cases["is_future"] = False
    cases.loc[future, "is_future"] = True
    cases.loc[future, "court_day"] = day("2045-03-01") + rng.integers(0, 900, len(future))
    # Dates are made incomplete only where they do not affect the figures, so never for a cannabis conviction of this
    # county.
    safe = cases["kind"].isin(("other", "other_county", "look_alike", "attempt", "conspiracy"))
    rare = (
        safe
        & (cases["doj_step"] == WITH_COURT_STEP)
        & ~cases["in_court"]
        & ~cases["is_future"]
        & chance(rng, len(cases), 0.003)
    )
    cases.loc[rare, "undated"] = rng.choice(PARTIAL_DATES, int(rare.sum()))
