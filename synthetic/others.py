"""Add people, cases and counts that do not qualify for relief, and the rest of everyone's criminal history."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthetic.chance import category, chance, in_force
from synthetic.dates import FIRST_CONVICTION, INFRACTION_FORM, MISDEMEANOR_FORMS, PROP_64, day, draw_days
from synthetic.tables import ACQUITTED, CONVICTED, DISMISSED, UNDISPOSED
from synthetic.waves import LAST_QUALIFYING, later_days
from synthetic.world import ARREST_ONLY, NOT_IN_DOJ, WITH_COURT_STEP, World

# Sections of felonies that have a lesser form: cultivation, possession for sale, sale.
LESSER_FROM = ("11358", "11359", "11360")
LAST_DOJ_CONVICTION = day("2019-06-14")
LAST_COURT_CONVICTION = day("2021-08-20")


@dataclass(frozen=True)
class Kind:
    """A kind of charge that does not qualify; ``cases`` is the number of its cases at full scale.

    For kinds in the DOJ's file, a quarter of the cases belong to people of the first wave.
    """

    name: str
    cases: int
    offense_kind: str
    outcomes: tuple[int, ...]
    doj_step: int
    court_share: float
    first: int = FIRST_CONVICTION
    last: int = LAST_QUALIFYING
    other_county: bool = False
    levels: str = "FM"


# Convictions of these kinds are identified in the DOJ's file, but no court orders relief for them.
NEVER_ORDERED = ("two_sections", "infraction", "convicted_of_lesser")
DOJ_KINDS = (
    Kind("look_alike", 1_500, "look_alike", (CONVICTED,), WITH_COURT_STEP, 0.5, day("1997-01-02"), LAST_DOJ_CONVICTION),
    Kind("attempt", 700, "attempt", (CONVICTED,), WITH_COURT_STEP, 0.7, day("1978-01-03")),
    Kind("conspiracy", 350, "conspiracy", (CONVICTED,), WITH_COURT_STEP, 0.7, day("1991-01-02")),
    Kind("dismissed_before_conviction", 3_500, "cannabis", (DISMISSED,) * 4 + (ACQUITTED,), WITH_COURT_STEP, 0.6),
    Kind("arrest_only", 4_000, "cannabis", (UNDISPOSED,), ARREST_ONLY, 0.0),
    Kind("other_county", 3_000, "cannabis", (CONVICTED,), WITH_COURT_STEP, 0.0, other_county=True),
    Kind("on_or_after_2016_11_09", 1_200, "cannabis", (CONVICTED,), WITH_COURT_STEP, 0.8, PROP_64, LAST_DOJ_CONVICTION),
    Kind("two_sections", 60, "two_sections", (CONVICTED,), WITH_COURT_STEP, 0.0, day("1978-01-03")),
    Kind("infraction", 200, "cannabis", (CONVICTED,), WITH_COURT_STEP, 0.3, day("2011-06-01"), levels="I"),
    Kind("convicted_of_lesser", 200, "cannabis", (CONVICTED,), WITH_COURT_STEP, 0.0, day("1978-01-03"), levels="F"),
    Kind("convicted_text_on_arrest_step", 30, "cannabis", (CONVICTED,), ARREST_ONLY, 0.0),
)

# Statute texts that must occur even at a small scale, where chance could leave them out.
PLANTED_STATUTES = {
    "look_alike": ("11362.3(A)(4)", "11362.3(A)(7)", "911360", "11532", "11361(A)", "11357.5", "11358"),
    "attempt": ("664-11359", "664/11357(c)", "664-11358"),
    "conspiracy": ("182(A)(1)/11360(A)",),
    "two_sections": ("11360/11357",),
    "on_or_after_2016_11_09": ("11357(B)(2)", "11357(B)(2)", "11360(A)(3)(D)"),
}

COURT_KINDS = (
    Kind("court_not_convicted", 5_000, "cannabis", (DISMISSED,) * 5 + (ACQUITTED,), NOT_IN_DOJ, 1.0, day("1979-07-02")),
    Kind("court_no_disposition", 3_500, "cannabis", (UNDISPOSED,), NOT_IN_DOJ, 1.0, day("1979-07-02")),
    Kind("court_no_charges", 1_500, "", (), NOT_IN_DOJ, 1.0, day("1979-07-02")),
    Kind("court_juvenile", 300, "cannabis", (UNDISPOSED,), NOT_IN_DOJ, 1.0, day("1979-07-02")),
    Kind("court_look_alike", 300, "look_alike", (CONVICTED,), NOT_IN_DOJ, 1.0, day("1997-01-02")),
    Kind("court_attempt", 150, "attempt", (CONVICTED,), NOT_IN_DOJ, 1.0, day("1979-07-02")),
    Kind(
        "court_on_or_after_2016_11_09", 600, "cannabis", (CONVICTED,), NOT_IN_DOJ, 1.0, PROP_64, LAST_COURT_CONVICTION
    ),
)

OTHER_ONLY_SUBJECTS = 38_000
GANG_PAIRS, LISTED = 40, 160
FELONY_RECORD, MISDEMEANOR_RECORD = 0.49, 0.11


def doj_kind_people(world: World, kind: Kind) -> int:
    """Return how many new people a kind needs. The other cases of the kind go to people of the first wave."""
    n = world.sizes.of(kind.cases)
    return n - n // 4


def first_days(world: World, kind: Kind, n: int) -> np.ndarray:
    """Draw the day of the case for each new person of one kind."""
    return draw_days(world.rng, n, kind.first, kind.last)


def add_doj_kinds(world: World, new_persons: list[np.ndarray], wave_1_persons: np.ndarray) -> None:
    """Add the charges in the DOJ's file that do not qualify for relief."""
    for kind, persons in zip(DOJ_KINDS, new_persons, strict=True):
        guests = world.rng.choice(wave_1_persons, world.sizes.of(kind.cases) - len(persons), replace=False)
        days = np.concatenate(
            [world.people["first_day"].to_numpy()[persons], later_days(world, guests, kind.first, kind.last)]
        )
        days = np.clip(days, kind.first, kind.last)
        _add_kind(world, kind, np.concatenate([persons, guests]), days)


def add_court_kinds(world: World, new_persons: list[np.ndarray]) -> None:
    """Add cases that are in the court's file only and have no cannabis conviction before 2016-11-09."""
    for kind, persons in zip(COURT_KINDS, new_persons, strict=True):
        _add_kind(world, kind, persons, world.people["first_day"].to_numpy()[persons])


def _add_kind(world: World, kind: Kind, persons: np.ndarray, days: np.ndarray) -> None:
    rng = world.rng
    n = len(persons)
    block = world.add_cases(kind.name, persons, days, doj_step=kind.doj_step)
    block["in_court"] = chance(rng, n, kind.court_share) & (days >= day("1979-07-02"))
    block["convicted_on_arrest"] = kind.name == "convicted_text_on_arrest_step"
    if kind.other_county:
        block["county"] = world.other_county(n)
    if not kind.offense_kind:
        return
    arrest = block["arrest_day"].to_numpy()
    if kind.offense_kind == "cannabis":
        if kind.levels == "I":
            arrest = np.maximum(arrest, INFRACTION_FORM)
            block["arrest_day"] = arrest
        level = np.where(chance(rng, n, 0.5) & (arrest >= MISDEMEANOR_FORMS), "M", "F")
        level = np.where(arrest >= PROP_64, rng.choice(("F", "M", "I"), n, p=(0.25, 0.6, 0.15)), level)
        if len(kind.levels) == 1:
            level = np.repeat(kind.levels, n)
        offense = world.cannabis_offense(arrest, level, LESSER_FROM if kind.name == "convicted_of_lesser" else ())
    else:
        choices = world.tables.pick(kind.offense_kind)
        arrest = np.maximum(arrest, choices["from_day"].min())
        block["arrest_day"] = arrest
        offense = in_force(rng, choices, arrest)
        level = world.offense_level(offense)
    offense, level = _planted_statutes(world, kind, block, offense, level)
    block["felony_number"] = level == "F"
    outcome = np.array(kind.outcomes)[rng.integers(0, len(kind.outcomes), n)]
    world.add_counts(block.index.to_numpy(), offense, level, kind=kind.offense_kind, outcome=outcome, role=kind.name)


def _planted_statutes(
    world: World, kind: Kind, block: pd.DataFrame, offense: np.ndarray, level: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the first cases of a kind the rare statutes of this kind, with offense days on which these were in force."""
    offense, level = offense.copy(), level.copy()
    arrest, court = block["arrest_day"].to_numpy().copy(), block["court_day"].to_numpy().copy()
    table = world.tables.offenses
    table = table[table["kind"] == kind.offense_kind]
    for row, statute in enumerate(PLANTED_STATUTES.get(kind.name, ())[: len(offense)]):
        law = table[table["statute"] == statute]
        number = law.index[0]
        first, last = int(law["from_day"].iloc[0]), int(law["to_day"].iloc[0])
        arrest[row] = min(max(int(arrest[row]), first + 30), last - 30)
        court[row] = max(int(court[row]), arrest[row] + 30)
        offense[row], level[row] = number, law["level"].iloc[0]
    block["arrest_day"], block["court_day"] = arrest, court
    return offense, level


def add_other_history(world: World, persons: np.ndarray, per_person: float, *, at_first_day: bool = False) -> None:
    """Add cases of other offenses: arrests, dismissals, convictions, in this county and in others."""
    rng = world.rng
    person = persons if at_first_day else rng.choice(persons, int(len(persons) * per_person))
    n = len(person)
    first = world.people["first_day"].to_numpy()[person]
    days = first if at_first_day else later_days(world, person, FIRST_CONVICTION, LAST_DOJ_CONVICTION)
    step = np.where(chance(rng, n, 0.2), ARREST_ONLY, WITH_COURT_STEP)
    county = np.where(chance(rng, n, 0.8), 0, world.other_county(n))
    block = world.add_cases("other", person, days, doj_step=step, county=county)
    case = np.repeat(block.index.to_numpy(), rng.choice((1, 2, 3), n, p=(0.76, 0.19, 0.05)))
    _other_counts(world, block, case, in_court=False)
    felony = world.offense_level(world._count_blocks[-1]["offense"].to_numpy()) == "F"
    block["felony_number"] = pd.Series(felony).groupby(case).any().to_numpy()


def add_other_record(world: World, persons: np.ndarray) -> None:
    """Add convictions of other offenses, which cannabis relief does not remove.

    With these shares, relief leaves about 41% of the people without a felony and 28% without a conviction (published:
    22,000 and 15,000 of 53,000 people).
    """
    rng = world.rng
    grade = category(rng, len(persons), FELONY_RECORD, MISDEMEANOR_RECORD)
    for number, level in enumerate("FM", start=1):
        person = persons[grade == number]
        days = later_days(world, person, FIRST_CONVICTION, LAST_DOJ_CONVICTION)
        away = chance(rng, len(person), 0.15)
        block = world.add_cases("other", person, days, doj_step=WITH_COURT_STEP, felony_number=level == "F")
        block["county"] = np.where(away, world.other_county(len(person)), 0)
        offense = world.other_offense(block["arrest_day"].to_numpy(), level)
        world.add_counts(
            block.index.to_numpy(), offense, world.offense_level(offense), kind="other", rank=9, role="", court=False
        )


def add_listed(world: World, persons: np.ndarray) -> None:
    """Give people of the first wave convictions that the strike lists of 2019 wrongly match or miss.

    Gang pairs are added too, see ``_add_gang_pairs``.
    """
    offenses = world.tables.offenses
    marked = offenses[offenses["mark"].isin(("strike_accidental", "strike_missed"))]
    marked = marked[~marked["statute"].duplicated()]
    person = world.rng.choice(persons, world.sizes.of(LISTED), replace=False)
    number = marked.index.to_numpy()[np.arange(len(person)) % len(marked)]
    first = np.maximum(world.tables.offenses["from_day"].to_numpy()[number] + 1_000, FIRST_CONVICTION)
    days = np.maximum(later_days(world, person, FIRST_CONVICTION, LAST_DOJ_CONVICTION), first)
    block = world.add_cases("other", person, days, doj_step=WITH_COURT_STEP)
    level = world.offense_level(number)
    block["felony_number"] = level == "F"
    world.add_counts(block.index.to_numpy(), number, level, kind="other", rank=9, role="listed", court=False)
    _add_gang_pairs(world, persons)


def _add_gang_pairs(world: World, persons: np.ndarray) -> None:
    """Add gang pairs: cases with two counts, a listed offense and the gang enhancement that makes it a strike."""
    tables = world.tables
    offenses = tables.offenses
    listed = tables.pick("other")[lambda rows: rows["statute"].isin(("246", "213(A)(1)(A)", "215"))]
    person = world.rng.choice(persons, world.sizes.of(GANG_PAIRS), replace=False)
    gang = offenses.index[offenses["mark"] == "gang"][0]
    first = int(offenses["from_day"].to_numpy()[gang])
    days = later_days(world, person, first + 1_000, LAST_DOJ_CONVICTION)
    block = world.add_cases("other", person, np.maximum(days, first + 1_000), doj_step=WITH_COURT_STEP)
    choices = listed[listed["level"] == "F"]
    for rank, offense in ((9, in_force(world.rng, choices, block["arrest_day"].to_numpy())), (10, gang)):
        world.add_counts(
            block.index.to_numpy(), np.broadcast_to(offense, len(person)), np.repeat("F", len(person)),
            kind="other", rank=rank, role="gang", court=False,
        )  # fmt: skip


def add_other_counts(world: World, share: float) -> None:
    """Add counts of other offenses to some of the cannabis cases, in both files."""
    for block in list(world._case_blocks):
        if block["kind"].iloc[0] in ("other", "court_no_charges"):
            continue
        rows = np.flatnonzero(chance(world.rng, len(block), share))
        _other_counts(world, block, block.index.to_numpy()[rows], in_court=True)


def _other_counts(world: World, block: pd.DataFrame, case: np.ndarray, *, in_court: bool) -> None:
    rng = world.rng
    days = block["arrest_day"].to_numpy()[case - block.index[0]]
    offense = world.other_offense(days)
    outcome = rng.choice((CONVICTED, DISMISSED, ACQUITTED, UNDISPOSED), len(case), p=(0.55, 0.40, 0.02, 0.03))
    if in_court:  # if a case has no disposition or is a juvenile case, none of its counts is convicted
        kinds = block["kind"].to_numpy()[case - block.index[0]]
        outcome = np.where(np.isin(kinds, ("court_no_disposition", "court_juvenile")), UNDISPOSED, outcome)
    world.add_counts(
        case, offense, world.offense_level(offense),
        kind="other", outcome=outcome, rank=9, role="", court=in_court,
    )  # fmt: skip
