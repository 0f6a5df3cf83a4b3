"""Plant what the older tool misreads, each defect at a small known share, where it moves no figure of the waves."""

from dataclasses import dataclass

import numpy as np

from relief.synth.chance import chance
from relief.synth.spellings import NO_LEVEL, USUAL
from relief.synth.steps import DECEASED
from relief.synth.world import BLANK, MONTH_ONLY, NO_DATE, NO_SUCH_DAY, NULL_TEXT, WITH_COURT_STEP, World

# At full scale; assumed, small enough to leave every published total where it is and large enough to be seen at 0.05.
LEVEL_UNKNOWN, COUNTY_MISSPELLED, COUNTY_BLANK = 240, 300, 40
SENTENCE_APART, SENTENCE_TOO_LONG, SENTENCE_ODD_UNIT = 120, 40, 60
DECEASED_MISSPELLED_SHARE, UNDATED_REGISTRATION_SHARE = 0.06, 0.10

LEVEL_TEXTS = ("", "F,FELONY ", "F,felony", "F,UNKNOWN", ",")
AS_CHARGED, SPACE_BEHIND, LOWER_CASE, UNKNOWN, BY_LEVEL_CODE_X = range(5)
COUNTY_WAYS = 5
COUNTY_AS_IS, COUNTY_TITLE, COUNTY_SPACED, COUNTY_LOWER, COUNTY_BLANKED = range(COUNTY_WAYS)
TOO_LONG = "300"


@dataclass(frozen=True)
class Pools:
    """Convictions in the DOJ's file by what may be done to them; row numbers of ``world.counts``."""

    tied: np.ndarray  # of the first wave, in the court's file under the same number: the court still tells the level
    plain: np.ndarray  # felonies of other offenses, in the DOJ's file only, of people without an order


def plant_defects(world: World) -> None:
    """Write the planted oddities onto counts, cases, sentences and steps."""
    counts, cases = world.counts, world.cases
    counts["level_text"], counts["part_moved_behind"] = AS_CHARGED, False
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
    _disturb_sentences(world, pools)
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
    numbered = ~np.isin(cases["ofn_style"].to_numpy()[case], (BLANK, NULL_TEXT))
    tied = felony & dated & numbered & counts["court_convicted"].to_numpy() & (counts["role"] == "target").to_numpy()
    unordered = np.isin(people["group"].to_numpy(dtype=object)[cases["person"].to_numpy()[case]], ("other_only",))
    plain = felony & dated & ~counts["court"].to_numpy() & unordered & (counts["kind"] == "other").to_numpy()
    return Pools(np.flatnonzero(tied), np.flatnonzero(plain))


def _misspell_counties(world: World, pools: Pools) -> None:
    """Any step of this county may be misspelled; only a case that the court holds under its number may be blank."""
    rng, cases = world.detail, world.cases
    here = np.flatnonzero(((cases["county"] == 0) & (cases["doj_step"] == WITH_COURT_STEP)).to_numpy())
    blank = rng.choice(pools.tied, min(world.sizes.of(COUNTY_BLANK), len(pools.tied)), replace=False)
    blank = np.unique(world.counts["case"].to_numpy()[blank])
    some = np.setdiff1d(rng.choice(here, min(world.sizes.of(COUNTY_MISSPELLED), len(here)), replace=False), blank)
    ways = cases["county_text"].to_numpy().copy()
    ways[some] = 1 + np.arange(len(some)) % 3
    ways[blank] = COUNTY_BLANKED
    cases["county_text"] = ways


def _disturb_sentences(world: World, pools: Pools) -> None:
    """A part that stands behind another conviction's row, 300 years, hours: all on counts of the DOJ's file only."""
    rng, sizes, counts, sentences = world.detail, world.sizes, world.counts, world.sentences
    first = np.flatnonzero((sentences["order"] == 1).to_numpy())
    part_of = np.full(len(counts), -1, dtype=np.int64)
    part_of[sentences["count"].to_numpy()[first]] = first
    two_parts = np.isin(np.arange(len(counts)), sentences.loc[sentences["order"] > 1, "count"].to_numpy())
    convicted = counts["doj_convicted"].to_numpy()
    follows = np.zeros(len(counts), dtype=bool)
    case = counts["case"].to_numpy()
    follows[:-1] = (case[1:] == case[:-1]) & convicted[1:]
    apart = np.flatnonzero(follows & two_parts & convicted)
    counts.loc[rng.choice(apart, min(sizes.of(SENTENCE_APART), len(apart)), replace=False), "part_moved_behind"] = True
    # People of the first wave: the end of a sentence decides only beside a cannabis conviction.
    people = world.people["group"].to_numpy(dtype=object)[world.cases["person"].to_numpy()[case]]
    pool = convicted & ~counts["court"].to_numpy() & (people == "wave_1") & (part_of >= 0)
    pool &= (world.cases["county"] == 0).to_numpy()[case]
    half = sizes.of(SENTENCE_TOO_LONG / 2)
    others = rng.permutation(np.flatnonzero(pool & (counts["kind"] == "other").to_numpy()))
    cannabis = rng.permutation(np.flatnonzero(pool & (counts["role"] == "target").to_numpy()))
    long = part_of[np.concatenate([others[:half], cannabis[:half]])]
    hours = part_of[others[half:][: sizes.of(SENTENCE_ODD_UNIT)]]
    sentences["defect"] = ""
    sentences.loc[long, ["place", "unit", "length", "defect"]] = ["PRISON", "Y", TOO_LONG, "sentence_overflow"]
    sentences.loc[hours, ["place", "unit", "length", "defect"]] = ["JAIL", "H", "48", "unit_not_day_month_year"]
