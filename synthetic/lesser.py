"""Plant convictions of another offense than the charged one, and attempts that only a qualifier shows."""

import numpy as np

from synthetic.chance import chance, in_force
from synthetic.dates import MISDEMEANOR_FORMS, PROP_64
from synthetic.tables import CONVICTED
from synthetic.world import WITH_COURT_STEP, World

# Section of the conviction (a misdemeanor): section of the charge (a felony). Assumed: pairs that are often pleaded
# down.
LESSER_OF = {
    "484(A)": "459", "488": "459", "602": "459", "242": "245(A)(1)", "243(E)(1)": "273.5(A)", "148(A)(1)": "69",
    "11364(A)": "11350(A)", "11550(A)": "11377(A)", "487(A)": "211",
}  # fmt: skip
OTHER_SHARE, AWAY_SHARE, AWAY_CANNABIS_SHARE = 0.08, 0.06, 0.004
ATTEMPT, CONSPIRACY = "BI", "EB"
ATTEMPT_SHARE, CONSPIRACY_SHARE, ENHANCED_SHARE = 0.006, 0.002, 0.01
ENHANCEMENTS = ("AQ", "JC", "WC", "SL", "VA", "PK", "AP")
# Columns that name the offense of conviction: both groups of columns, only CONV_OFFENSE_*, or only DISP_OFFENSE_*.
IN_BOTH, IN_CONV, IN_DISP = range(3)


def plead_down(world: World) -> None:
    """Give counts a ``convicted_offense`` (-1: as charged), a ``lesser_in`` and a ``qualifier``.

    ``offense`` remains the charged offense, because the older tool and the waves read the charge. In this county,
    charge and conviction are always both for cannabis or both for other offenses.
    """
    rng, counts, cases, tables = world.detail, world.counts, world.cases, world.tables
    n = len(counts)
    case = counts["case"].to_numpy()
    kind = counts["kind"].to_numpy(dtype=object)
    days = cases["arrest_day"].to_numpy()[case]
    convicted = (counts["outcome"] == CONVICTED).to_numpy()
    doj_only = (cases["doj_step"] == WITH_COURT_STEP).to_numpy()[case] & ~cases["in_court"].to_numpy()[case] & convicted
    away = cases["county"].to_numpy()[case] != 0
    offense, level = counts["offense"].to_numpy().copy(), counts["level"].to_numpy(dtype=object).copy()
    result = np.full(n, -1, dtype=np.int64)

    # Charged with sale or cultivation, convicted of possession or of giving away: both are cannabis offenses.
    rows = np.flatnonzero((counts["role"] == "convicted_of_lesser").to_numpy() & (days >= MISDEMEANOR_FORMS))
    cannabis = tables.pick("cannabis", "o", "M")
    lesser = cannabis[cannabis["statute"].isin(("11357(C)", "11360(B)"))]
    result[rows] = in_force(rng, lesser, days[rows])
    # Every second conviction becomes felony possession, for which the pilot rules have a separate answer.
    felony = tables.pick("cannabis", "o", "F")
    result[rows[::2]] = in_force(rng, felony[felony["statute"] == "11357(A)"], days[rows[::2]])
    level[rows] = world.offense_level(result[rows])

    # In other counties: charged with a cannabis offense and convicted of something else, and the reverse.
    rows = np.flatnonzero(doj_only & away & (kind == "cannabis") & (level == "F") & chance(rng, n, AWAY_SHARE))
    others = tables.pick("other")
    other = others[others["statute"].isin(("32", "11365(A)", "11377(A)"))]
    result[rows] = in_force(rng, other, days[rows])
    level[rows] = world.offense_level(result[rows])
    rows = np.flatnonzero(doj_only & away & (kind == "other") & (level == "M") & chance(rng, n, AWAY_CANNABIS_SHARE))
    rows = rows[(days[rows] >= MISDEMEANOR_FORMS) & (days[rows] < PROP_64)]
    result[rows] = in_force(rng, lesser, days[rows])
    offense[rows] = in_force(rng, others[others["statute"].isin(("11377(A)", "11352(A)"))], days[rows])

    # Other offenses: the conviction stays a misdemeanor, and the charge becomes the felony from which it was pleaded
    # down.
    statute = tables.offenses["statute"].to_numpy(dtype=object)
    open_ = doj_only & (kind == "other") & (level == "M") & (result < 0) & chance(rng, n, OTHER_SHARE)
    felonies = tables.pick("other", level="F")
    for low, high in LESSER_OF.items():
        choices = felonies[felonies["statute"] == high]
        rows = np.flatnonzero(open_ & (statute[offense] == low))
        rows = rows[_is_law(choices["from_day"].to_numpy(), choices["to_day"].to_numpy(), days[rows])]
        result[rows] = offense[rows]
        offense[rows] = in_force(rng, choices, days[rows])
    counts["offense"], counts["level"], counts["convicted_offense"] = offense, level, result
    counts["lesser_in"] = np.where(
        result >= 0, rng.choice((IN_BOTH, IN_CONV, IN_DISP), n, p=(0.5, 0.35, 0.15)), IN_CONV
    )
    _qualify(world, doj_only & (result < 0) & ((kind == "other") | ((kind == "cannabis") & away)), kind)


def _is_law(first: np.ndarray, last: np.ndarray, days: np.ndarray) -> np.ndarray:
    return np.any((first[None, :] <= days[:, None]) & (days[:, None] <= last[None, :]), axis=1)


def _qualify(world: World, open_: np.ndarray, kind: np.ndarray) -> None:
    rng, n = world.detail, len(kind)
    draw = rng.random(n)
    texts = np.full(n, "", dtype=object)
    attempt, conspiracy = ATTEMPT_SHARE, ATTEMPT_SHARE + CONSPIRACY_SHARE
    texts[open_ & (draw < attempt)] = ATTEMPT
    texts[open_ & (draw >= attempt) & (draw < conspiracy)] = CONSPIRACY
    some = np.flatnonzero(open_ & (kind == "other") & (draw >= conspiracy) & (draw < conspiracy + ENHANCED_SHARE))
    texts[some] = np.array(ENHANCEMENTS, dtype=object)[rng.integers(0, len(ENHANCEMENTS), len(some))]
    world.counts["qualifier"] = texts
