"""Plant texts and rows that the older tool misreads. Each defect has a small known share; the waves do not change."""

from dataclasses import dataclass

import numpy as np

from synthetic.chance import chance
from synthetic.dates import COURT_AS_OF, day
from synthetic.spellings import NO_LEVEL, USUAL
from synthetic.steps import DECEASED
from synthetic.world import MONTH_ONLY, NO_DATE, NO_SUCH_DAY, WITH_COURT_STEP, World

# Numbers at full scale. They are assumed: too small to change a published total, large enough to be seen at scale 0.05.
LEVEL_UNKNOWN, COUNTY_MISSPELLED, COUNTY_BLANK = 240, 300, 40
SENTENCE_APART, SENTENCE_APART_DECIDES, SENTENCE_TOO_LONG, SENTENCE_ODD_UNIT = 120, 20, 40, 60
LONG_YEARS, UNDER_50, OTHER_PARTS = 20, 49 * 365, 6 * 366
EVALUATED = COURT_AS_OF  # evaluation date of a build that names no other
DECEASED_MISSPELLED_SHARE, UNDATED_REGISTRATION_SHARE = 0.06, 0.10

LEVEL_TEXTS = ("", "F,FELONY ", "F,felony", "F,UNKNOWN", ",")
AS_CHARGED, SPACE_BEHIND, LOWER_CASE, UNKNOWN, BY_LEVEL_CODE_X = range(5)
COUNTY_WAYS = 5
COUNTY_AS_IS, COUNTY_TITLE, COUNTY_SPACED, COUNTY_LOWER, COUNTY_BLANKED = range(COUNTY_WAYS)
TOO_LONG = "300"


@dataclass(frozen=True)
class Pools:
    """Convictions in the DOJ's file that the oddities may change, as row numbers of ``world.counts``.

    ``tied`` are convictions of the first wave that the court's file has under the same number and name, so that the
    court still gives the level. ``plain`` are felonies of other offenses, in the DOJ's file only, of people without an
    order.
    """

    tied: np.ndarray
    plain: np.ndarray


def plant_defects(world: World) -> None:
    """Write the planted oddities into counts, cases, sentences and steps."""
    counts, cases = world.counts, world.cases
    counts["level_text"] = AS_CHARGED
    cases["county_text"] = COUNTY_AS_IS
    pools = _pools(world)
    rng, sizes = world.detail, world.sizes
    half = sizes.of(LEVEL_UNKNOWN / 2)
    for pool in (pools.tied, pools.plain):
        rows = rng.choice(pool, min(half, len(pool)), replace=False)
        counts.loc[rows, "level_text"] = 1 + np.arange(len(rows)) % (len(LEVEL_TEXTS) - 1)
    without_level = (counts["level_text"] == BY_LEVEL_CODE_X).to_numpy()
    counts.loc[without_level, "spelled"] = NO_LEVEL
    _misspell_counties(world, pools)
    _disturb_sentences(world)
    steps = world.other_steps
    dead = np.flatnonzero((steps["type"] == DECEASED).to_numpy())
    some = dead[chance(rng, len(dead), DECEASED_MISSPELLED_SHARE)]
    some = some if len(some) else dead[:1]
    steps["spelled"] = 0
    steps.loc[some, "spelled"] = 1 + np.arange(len(some)) % 3
    registered = np.flatnonzero(steps["type"].isin((0, 1)).to_numpy())
    steps["undated"] = 0
    some = registered[chance(rng, len(registered), UNDATED_REGISTRATION_SHARE)]
    steps.loc[some, "undated"] = rng.choice((NO_DATE, MONTH_ONLY, NO_SUCH_DAY), len(some))


def _pools(world: World) -> Pools:
    counts, cases, people = world.counts, world.cases, world.people
    case = counts["case"].to_numpy()
    felony = (counts["doj_convicted"] & (counts["level"] == "F") & (counts["spelled"] == USUAL)).to_numpy()
    dated = (cases["undated"] == 0).to_numpy()[case] & ~cases["is_future"].to_numpy()[case]
    tied = (
        felony
        & dated
        & cases["is_plain_link"].to_numpy()[case]
        & counts["court_convicted"].to_numpy()
        & (counts["role"] == "target").to_numpy()
    )
    unordered = np.isin(people["group"].to_numpy(dtype=object)[cases["person"].to_numpy()[case]], ("other_only",))
    plain = felony & dated & ~counts["court"].to_numpy() & unordered & (counts["kind"] == "other").to_numpy()
    return Pools(np.flatnonzero(tied), np.flatnonzero(plain))


def _misspell_counties(world: World, pools: Pools) -> None:
    """Misspell the county of some cases, and leave the county of others blank.

    Any court step of this county may be misspelled. The county may be blank only if the court's file has the case under
    the same number.
    """
    rng, cases = world.detail, world.cases
    here = np.flatnonzero(((cases["county"] == 0) & (cases["doj_step"] == WITH_COURT_STEP)).to_numpy())
    level_known = pools.tied[world.counts["level_text"].to_numpy()[pools.tied] == AS_CHARGED]
    blank = rng.choice(level_known, min(world.sizes.of(COUNTY_BLANK), len(level_known)), replace=False)
    blank = np.unique(world.counts["case"].to_numpy()[blank])
    some = np.setdiff1d(rng.choice(here, min(world.sizes.of(COUNTY_MISSPELLED), len(here)), replace=False), blank)
    ways = cases["county_text"].to_numpy().copy()
    ways[some] = 1 + np.arange(len(some)) % 3
    ways[blank] = COUNTY_BLANKED
    cases["county_text"] = ways


def _disturb_sentences(world: World) -> None:
    """Plant sentence parts after the row of another conviction, sentences of 300 years, and sentences in hours.

    Sentences of 300 years and in hours are planted only on counts that are not in the court's file.
    """
    rng, sizes, counts, sentences = world.detail, world.sizes, world.counts, world.sentences
    n = len(counts)
    case = counts["case"].to_numpy()
    part_of, last_part = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    first = np.flatnonzero((sentences["order"] == 1).to_numpy())
    part_of[sentences["count"].to_numpy()[first]] = first
    np.maximum.at(last_part, sentences["count"].to_numpy(), sentences["order"].to_numpy())
    convicted = counts["doj_convicted"].to_numpy() & ~world.cases["is_future"].to_numpy()[case]
    mine = convicted & ~counts["court"].to_numpy()
    sentences["defect"] = ""

    moved = np.full(n, -1, dtype=np.int64)
    follows = np.zeros(n, dtype=bool)
    follows[:-1] = (case[1:] == case[:-1]) & convicted[1:]
    apart = np.flatnonzero(follows & (last_part > 1) & convicted)
    some = rng.choice(apart, min(sizes.of(SENTENCE_APART), len(apart)), replace=False)
    moved[some] = some + 1
    earlier, later = _years_apart(world, (last_part > 1) & (moved < 0) & (counts["level"] == "F").to_numpy())
    some = rng.permutation(len(earlier))[: sizes.of(SENTENCE_APART_DECIDES)]
    moved[earlier[some]] = later[some]
    counts["part_moved_behind"] = moved
    second = part_of[earlier[some]] + 1
    sentences.loc[second, ["place", "unit", "length"]] = ["PRISON", "Y", str(LONG_YEARS)]

    # Only people of the first wave are chosen, because the end of a sentence matters only with a cannabis conviction.
    people = world.people["group"].to_numpy(dtype=object)[world.cases["person"].to_numpy()[case]]
    pool = mine & (people == "wave_1") & (part_of >= 0) & (moved < 0) & (world.cases["county"] == 0).to_numpy()[case]
    half = sizes.of(SENTENCE_TOO_LONG / 2)
    others = rng.permutation(np.flatnonzero(pool & (counts["kind"] == "other").to_numpy()))
    young = _young_with_cannabis_only(world)[world.cases["person"].to_numpy()[case]]
    cannabis = pool & young & (counts["role"] == "target").to_numpy() & (counts["level"] == "F").to_numpy()
    long = part_of[np.concatenate([others[:half], rng.permutation(np.flatnonzero(cannabis))[:half]])]
    hours = part_of[others[half:][: sizes.of(SENTENCE_ODD_UNIT)]]
    sentences.loc[long, ["place", "unit", "length", "defect"]] = ["PRISON", "Y", TOO_LONG, "sentence_overflow"]
    sentences.loc[hours, ["place", "unit", "length", "defect"]] = ["JAIL", "H", "48", "unit_not_day_month_year"]


def _young_with_cannabis_only(world: World) -> np.ndarray:
    """Find people under 50 whose convictions in the DOJ's file are all for cannabis.

    Their answer depends on whether they still serve a sentence.
    """
    counts, cases = world.counts, world.cases
    person = cases["person"].to_numpy()[counts["case"].to_numpy()]
    result = world.people["birth_shown"].to_numpy() > day(EVALUATED) - UNDER_50
    result &= world.people["birth_defect"].to_numpy() == 0
    other = counts["doj_convicted"].to_numpy() & (counts["kind"] != "cannabis").to_numpy()
    result[person[other]] = False
    return result


def _years_apart(world: World, open_: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find pairs of counts of one person that are many years apart.

    A sentence of ``LONG_YEARS`` is over if it began with the earlier count, but not if it began with the later count.
    """
    counts, cases = world.counts, world.cases
    case = counts["case"].to_numpy()
    person, when = cases["person"].to_numpy()[case], cases["court_day"].to_numpy()[case]
    limit = day(EVALUATED) - LONG_YEARS * 367
    known = counts["doj_convicted"].to_numpy() & (counts["kind"] == "cannabis").to_numpy()
    known &= _young_with_cannabis_only(world)[person] & ~(cases["undated"] > 0).to_numpy()[case]
    earlier, later = (
        np.flatnonzero(known & open_ & (when < limit - OTHER_PARTS)),
        np.flatnonzero(known & (when > limit + 400)),
    )
    later = later[np.unique(person[later], return_index=True)[1]]
    earlier = earlier[np.unique(person[earlier], return_index=True)[1]]
    _, left, right = np.intersect1d(person[earlier], person[later], return_indices=True)
    return earlier[left], later[right]
