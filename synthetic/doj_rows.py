"""Decide which rows the DOJ file has, and in which order. All values are numbers, except the texts of sentences."""

import numpy as np

from synthetic.doj_texts import QUALIFIERS
from synthetic.lesser import IN_CONV, IN_DISP
from synthetic.sentences import DISPOSITIONS
from synthetic.spellings import N_SPELLINGS, USUAL
from synthetic.tables import CONVICTED
from synthetic.world import WITH_COURT_STEP, World

ARREST, COURT, OTHER_STEP = 0, 1, 2
_PLACE_CODES = {"PROBATION": "P", "PRISON": "S", "JAIL": "J", "FINE": "F"}
_TIME_DESCR = {"D": "DAYS", "M": "MONTHS", "Y": "YEARS", "H": "HOURS", "": ""}
_NO_SENTENCE = ",,,,,"
_FIRST_LEVEL_TEXT = 4  # index after blank, felony, misdemeanor and infraction
_FIRST_DEATH = 8  # index of the step type before the other spellings of a death


def file_rows(world: World) -> dict[str, np.ndarray]:
    """Return arrest rows, court rows (one per sentence part) and rows of other steps, in file order.

    ``count`` is the row number in ``world.counts``, or -1. ``conv`` and ``disp`` are numbers of charges, or -1.
    """
    cases, counts, sentences = world.cases, world.counts, world.sentences
    case_of = counts["case"].to_numpy()
    in_file = counts["doj"].to_numpy()
    arrest = np.flatnonzero(in_file & cases["has_arrest"].to_numpy()[case_of])
    court = np.flatnonzero(in_file & (cases["doj_step"].to_numpy()[case_of] == WITH_COURT_STEP))
    with_parts = np.flatnonzero(np.isin(sentences["count"].to_numpy(), court))
    plain = court[counts["template"].to_numpy()[court] < 0]
    part_count = sentences["count"].to_numpy()[with_parts]
    parts = sentences.iloc[with_parts]
    part_text = (
        parts["order"].astype(str) + "," + parts["place"].map(_PLACE_CODES) + "," + parts["place"] + ","
        + parts["length"] + "," + parts["unit"] + "," + parts["unit"].map(_TIME_DESCR)
    ).to_numpy(dtype=object)  # fmt: skip
    count = np.concatenate([arrest, part_count, plain])
    is_court = np.arange(len(count)) >= len(arrest)
    part = np.zeros(len(count), dtype=np.int64)
    part[len(arrest) : len(arrest) + len(part_count)] = parts["order"].to_numpy()
    sentence = np.full(len(count), _NO_SENTENCE, dtype=object)
    sentence[len(arrest) : len(arrest) + len(part_count)] = part_text
    columns = _of_counts(world, count, is_court) | {"part": part, "sentence": sentence}
    # A moved sentence part comes after the rows of another conviction. The older tool adds it to that wrong conviction.
    behind = counts["part_moved_behind"].to_numpy()[count]
    moved = (behind >= 0) & is_court & (part > 1)
    other_case = case_of[behind]
    columns["moved"] = moved
    columns["place_of_cycle"] = np.where(moved, cases["cycle"].to_numpy()[other_case], columns["cycle"])
    columns["place_of_step"] = np.where(moved, cases["court_step"].to_numpy()[other_case], columns["step"])
    columns["place_of_count"] = np.where(moved, counts["doj_number"].to_numpy()[behind], columns["number"])
    columns["place_of_part"] = part + 100 * moved
    extra = _of_steps(world)
    joined = {name: np.concatenate([values, extra[name]]) for name, values in columns.items()}
    subject = world.people["subject_id"].astype(np.int64).to_numpy()[joined["person"]]
    order = np.lexsort((*(joined[f"place_of_{name}"] for name in ("part", "count", "step", "cycle")), subject))
    return {name: values[order] for name, values in joined.items()}


def _of_counts(world: World, count: np.ndarray, is_court: np.ndarray) -> dict[str, np.ndarray]:
    cases, counts = world.cases, world.counts
    n_agencies, n_courthouses = len(world.tables.agencies), len(world.tables.courthouses)
    n_counties = len(world.tables.counties)
    case = counts["case"].to_numpy()[count]
    away = cases["county"].to_numpy()[case]
    first_away = n_agencies + n_courthouses
    agency = np.where(away == 0, cases["agency"].to_numpy()[case], first_away + away)
    bench = np.where(
        away == 0, n_agencies + cases["courthouse"].to_numpy()[case], first_away + n_counties + away
    )  # fmt: skip
    bench = bench + cases["county_text"].to_numpy()[case] * (first_away + 2 * n_counties)
    outcome = counts["outcome"].to_numpy()[count]
    convicted = is_court & (outcome == CONVICTED)
    # Index of the disposition text. The texts of other outcomes come first, then the texts of the templates for
    # convictions.
    disposition = np.where(outcome == CONVICTED, 4 + counts["template"].to_numpy()[count], outcome)
    arrest_text = np.where(cases["convicted_on_arrest"].to_numpy()[case], 4 + len(DISPOSITIONS), 0)
    level = np.array([" FMI".index(letter) for letter in counts["level"]])[count]
    level_text = counts["level_text"].to_numpy()[count]
    level = np.where(level_text > 0, _FIRST_LEVEL_TEXT - 1 + level_text, level)
    charge = counts["offense"].to_numpy()[count] * N_SPELLINGS + counts["spelled"].to_numpy()[count]
    lesser = counts["convicted_offense"].to_numpy()[count]
    lesser_in = counts["lesser_in"].to_numpy()[count]
    conv = np.where(lesser < 0, charge, np.where(lesser_in == IN_DISP, -1, lesser * N_SPELLINGS + USUAL))
    disp = np.where((lesser >= 0) & (lesser_in != IN_CONV), lesser * N_SPELLINGS + USUAL, -1)
    qualifier = counts["qualifier"].map({text: i for i, text in enumerate(QUALIFIERS)}).to_numpy()[count]
    return {
        "person": cases["person"].to_numpy()[case],
        "case": case,
        "count": count,
        "place": np.where(is_court, COURT, ARREST),
        "cycle": cases["cycle"].to_numpy()[case],
        "cycle_day": cases["arrest_day"].to_numpy()[case],
        "step": np.where(is_court, cases["court_step"].to_numpy()[case], 1),
        "number": counts["doj_number"].to_numpy()[count],
        "day": np.where(is_court, cases["court_day"].to_numpy()[case], cases["arrest_day"].to_numpy()[case]),
        "undated": np.where(is_court, cases["undated"].to_numpy()[case], 0),
        "type": np.where(is_court, COURT, ARREST),
        "ori": np.where(is_court, bench, agency),
        "charge": charge,
        "qualifier": qualifier,
        "conv": np.where(convicted, conv, -1),
        "disp": np.where(convicted, disp, -1),
        "disposition": np.where(is_court, disposition, arrest_text),
        "level": np.where(is_court, level, 0),
        # If the level code would contradict the level of the conviction, the row always gives the level.
        "level_needed": (level_text > 0) | (lesser >= 0),
    }


def _of_steps(world: World) -> dict[str, np.ndarray]:
    """Return the rows of the other steps, such as registrations, applicants and deaths.

    Custody and supervision have the charge of the conviction that they follow.
    """
    steps, counts, cases = world.other_steps, world.counts, world.cases
    count = steps["count"].to_numpy()
    follows = count >= 0
    zero = np.zeros(len(steps), dtype=np.int64)
    case = counts["case"].to_numpy()[count]
    step_type = steps["type"].to_numpy()
    charge = counts["offense"].to_numpy()[count] * N_SPELLINGS + counts["spelled"].to_numpy()[count]
    own_charge = len(world.tables.offenses) * N_SPELLINGS + step_type
    day = steps["day"].to_numpy()
    spelled = steps["spelled"].to_numpy()
    return {
        "person": steps["person"].to_numpy(),
        "case": np.where(follows, case, -1),
        "count": zero - 1,
        "place": zero + OTHER_STEP,
        "cycle": steps["cycle"].to_numpy(),
        "cycle_day": np.where(follows, cases["arrest_day"].to_numpy()[case], day),
        "step": steps["step"].to_numpy(),
        "number": zero + 1,
        "day": day,
        "undated": steps["undated"].to_numpy(),
        "type": np.where(spelled > 0, _FIRST_DEATH + spelled, 2 + step_type),
        "ori": np.where(
            follows, cases["agency"].to_numpy()[case], steps["person"].to_numpy() % len(world.tables.agencies)
        ),
        "charge": np.where(follows, charge, own_charge),
        "qualifier": zero,
        "conv": zero - 1,
        "disp": zero - 1,
        "disposition": zero,
        "level": zero,
        "level_needed": zero.astype(bool),
        "part": zero,
        "sentence": np.full(len(steps), _NO_SENTENCE, dtype=object),
        "moved": zero.astype(bool),
        "place_of_cycle": steps["cycle"].to_numpy(),
        "place_of_step": steps["step"].to_numpy(),
        "place_of_count": zero + 1,
        "place_of_part": zero,
    }
