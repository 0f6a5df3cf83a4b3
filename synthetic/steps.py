"""Number the cycles, steps and counts of the DOJ file, and add registrations, deaths and other steps without a case."""

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.dates import DOJ_AS_OF, day
from synthetic.sentences import PRISON_TEMPLATES
from synthetic.tables import CONVICTED
from synthetic.world import NOT_IN_DOJ, WITH_COURT_STEP, World

SEX_REGISTRATION, DRUG_REGISTRATION, APPLICANT, DECEASED, CREDIT_REGISTRATION, CUSTODY, SUPERVISION = range(7)
STEP_SHARES = {
    SEX_REGISTRATION: 0.006, DRUG_REGISTRATION: 0.03, APPLICANT: 0.02, DECEASED: 0.04, CREDIT_REGISTRATION: 0.0015,
}  # fmt: skip
# Most people convicted under these sections must register (PC 290(c), in part). REGISTERED_SHARE of them have a
# registration.
_REGISTRABLE = ("261", "262", "264.1", "269", "286", "287", "288", "288A", "288.5", "289", "243.4", "647.6", "314.1")
REGISTERED_SHARE, CUSTODY_SHARE, SUPERVISION_SHARE = 0.8, 0.35, 0.06
_LAST_DAY = day(DOJ_AS_OF) - 2


def number_steps(world: World) -> None:
    """Number the cycles of each DOJ subject by date, and write ``cycle``, ``court_step`` and ``cnt_order``."""
    rng, cases, counts = world.rng, world.cases, world.counts
    steps = _other_steps(world)
    in_file = np.flatnonzero(cases["doj_step"].to_numpy() != NOT_IN_DOJ)
    cases["has_arrest"] = (cases["doj_step"] != WITH_COURT_STEP) | chance(rng, len(cases), 0.92)
    cases["court_step"] = np.where(cases["has_arrest"], 2, 1)
    person = np.concatenate([cases["person"].to_numpy()[in_file], steps["person"].to_numpy()])
    when = np.concatenate([cases["arrest_day"].to_numpy()[in_file], steps["day"].to_numpy()])
    last = np.concatenate([np.zeros(len(in_file), dtype=np.int64), (steps["type"].to_numpy() == DECEASED)])
    order = np.lexsort((when, last, person))
    ordered = pd.Series(person[order])
    cycle = np.empty(len(person), dtype=np.int64)
    cycle[order] = 101 + ordered.groupby(ordered).cumcount().to_numpy()
    cases["cycle"] = 0
    cases.loc[in_file, "cycle"] = cycle[: len(in_file)]
    steps["cycle"] = cycle[len(in_file) :]
    world.other_steps = steps
    doj = counts["doj"].to_numpy() & (cases["doj_step"].to_numpy()[counts["case"].to_numpy()] != NOT_IN_DOJ)
    counts["doj"] = doj
    counts["doj_number"] = 0
    counts.loc[doj, "doj_number"] = counts[doj].groupby("case").cumcount() + 1
    counts["court"] = counts["court"].to_numpy() & cases["in_court"].to_numpy()[counts["case"].to_numpy()]
    counts["court_number"] = 0
    counts.loc[counts["court"], "court_number"] = counts[counts["court"]].groupby("case").cumcount() + 1
    case = counts["case"].to_numpy()
    convicted = doj & (counts["outcome"] == CONVICTED) & (cases["doj_step"].to_numpy()[case] == WITH_COURT_STEP)
    counts["doj_convicted"] = convicted
    counts["court_convicted"] = counts["court"] & (counts["outcome"] == CONVICTED)
    counts["cnt_order"] = ""
    rows = np.flatnonzero(convicted)
    counts.loc[rows, "cnt_order"] = count_order(
        cases["cycle"].to_numpy()[case[rows]], cases["court_step"].to_numpy()[case[rows]],
        counts["doj_number"].to_numpy()[rows],
    )  # fmt: skip


def count_order(cycle: np.ndarray, step: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return the count order in the form ``CCCSSSNNN000``: cycle, step, number."""
    values = (cycle * 1_000_000 + step * 1_000 + number) * 1_000
    return values.astype(str).astype(object)


def _other_steps(world: World) -> pd.DataFrame:
    rng, people, cases = world.rng, world.people, world.cases
    real = cases[~cases["is_future"]]
    last_day = real.groupby("person")[["court_day", "arrest_day"]].max().max(axis=1)
    latest = people["first_day"].to_numpy().copy()
    latest[last_day.index.to_numpy()] = np.maximum(last_day.to_numpy(), latest[last_day.index.to_numpy()])
    first = people["first_day"].to_numpy()
    in_doj = people["in_doj"].to_numpy()
    blocks = []
    for step, share in STEP_SHARES.items():
        wanted = in_doj & chance(rng, len(people), share)
        if step == APPLICANT:
            wanted |= (people["group"] == "applicant").to_numpy()
        start = latest if step == DECEASED else first
        rows = np.flatnonzero(wanted & (start < _LAST_DAY - 30))
        days = start[rows] + 20 + ((_LAST_DAY - start[rows] - 20) * rng.random(len(rows)) ** 1.5).astype(np.int64)
        blocks.append(pd.DataFrame({"person": rows, "day": np.minimum(days, _LAST_DAY), "type": step}))
    blocks.append(_after_conviction(world))
    steps = pd.concat(blocks, ignore_index=True)
    died = steps["person"].map(steps[steps["type"] == DECEASED].set_index("person")["day"])
    steps = steps[~(steps["day"] > died)].reset_index(drop=True)
    steps["step"], steps["count"] = 1, -1
    return steps


def _after_conviction(world: World) -> pd.DataFrame:
    """Return registrations of people convicted of a registrable offense, a month to a year after the conviction."""
    rng, counts, cases = world.rng, world.counts, world.cases
    offenses = world.tables.offenses
    registrable = (offenses["section"].isin(_REGISTRABLE) & (offenses["code_type"] == "PC")).to_numpy()
    case = counts["case"].to_numpy()
    wanted = registrable[counts["offense"].to_numpy()] & (counts["outcome"] == CONVICTED).to_numpy()
    wanted &= (cases["doj_step"] == WITH_COURT_STEP).to_numpy()[case] & ~cases["is_future"].to_numpy()[case]
    case = np.unique(case[wanted & chance(rng, len(counts), REGISTERED_SHARE)])
    day_of = cases["court_day"].to_numpy()[case] + rng.integers(30, 400, len(case))
    case, day_of = case[day_of < _LAST_DAY], day_of[day_of < _LAST_DAY]
    return pd.DataFrame({"person": cases["person"].to_numpy()[case], "day": day_of, "type": SEX_REGISTRATION})


def add_follow_up_steps(world: World) -> None:
    """Add custody after prison sentences, and supervision after other sentences.

    Each is a further step in the cycle of the conviction.
    """
    rng, counts, cases = world.detail, world.counts, world.cases
    case = counts["case"].to_numpy()
    felony = (counts["doj_convicted"] & (counts["level"] == "F")).to_numpy()
    rows = np.flatnonzero(felony & (cases["undated"] == 0).to_numpy()[case] & ~cases["is_future"].to_numpy()[case])
    rows = rows[np.diff(case[rows], prepend=-1) != 0]
    in_prison = np.isin(counts["template"].to_numpy()[rows], PRISON_TEMPLATES)
    draw = rng.random(len(rows))
    kind = np.where(in_prison & (draw < CUSTODY_SHARE), CUSTODY, -1)
    kind = np.where(~in_prison & (draw < SUPERVISION_SHARE), SUPERVISION, kind)
    days = cases["court_day"].to_numpy()[case[rows]] + rng.integers(3, 60, len(rows))
    keep = (kind >= 0) & (days <= _LAST_DAY)
    rows, kind, days = rows[keep], kind[keep], days[keep]
    its_case = cases.iloc[case[rows]]
    follow = pd.DataFrame(
        {
            "person": its_case["person"].to_numpy(), "day": days, "type": kind, "cycle": its_case["cycle"].to_numpy(),
            "step": its_case["court_step"].to_numpy() + 1, "count": rows,
        }
    )  # fmt: skip
    world.other_steps = pd.concat([world.other_steps, follow], ignore_index=True)
