"""Which lines the DOJ file has, and in what order: numbers only, no text but the sentence's."""

import numpy as np

from relief.synth.doj_texts import N_SPELLINGS
from relief.synth.sentences import DISPOSITIONS
from relief.synth.tables import CONVICTED
from relief.synth.world import WITH_COURT_STEP, World

ARREST, COURT, OTHER_STEP = 0, 1, 2
SPELLING_SHARES = (0.93, 0.02, 0.015, 0.015, 0.01, 0.01)
_PLACE_CODES = {"PROBATION": "P", "PRISON": "S", "JAIL": "J", "FINE": "F"}
_TIME_DESCR = {"D": "DAYS", "M": "MONTHS", "Y": "YEARS", "": ""}


def file_rows(world: World) -> dict[str, np.ndarray]:
    """Arrest rows, court rows (one per sentence part) and other steps, in file order."""
    cases, counts, steps, people = world.cases, world.counts, world.other_steps, world.people
    n_agencies, n_courthouses = len(world.tables.agencies), len(world.tables.courthouses)
    kinds = counts["kind"].to_numpy()
    spelled = world.rng.choice(N_SPELLINGS, len(counts), p=SPELLING_SHARES)
    spelled = np.where(
        kinds == "cannabis", spelled, np.where(np.isin(kinds, ("look_alike", "attempt")) & (spelled == 1), 1, 0)
    )
    charge = counts["offense"].to_numpy() * N_SPELLINGS + spelled
    case_of = counts["case"].to_numpy()
    in_file = counts["doj"].to_numpy()
    arrest = np.flatnonzero(in_file & cases["has_arrest"].to_numpy()[case_of])
    court = np.flatnonzero(in_file & (cases["doj_step"].to_numpy()[case_of] == WITH_COURT_STEP))
    sentences = world.sentences
    with_parts = np.flatnonzero(np.isin(sentences["count"].to_numpy(), court))
    plain = court[counts["template"].to_numpy()[court] < 0]
    part_count = sentences["count"].to_numpy()[with_parts]
    codes = sentences["place"].map(_PLACE_CODES).to_numpy()[with_parts]
    part_text = (
        sentences["order"].astype(str).to_numpy(dtype=object)[with_parts] + "," + codes + ","
        + sentences["place"].to_numpy()[with_parts] + "," + sentences["length"].to_numpy()[with_parts] + ","
        + sentences["unit"].to_numpy()[with_parts] + "," + sentences["unit"].map(_TIME_DESCR).to_numpy()[with_parts]
    )  # fmt: skip
    count = np.concatenate([arrest, part_count, plain])
    case = case_of[count]
    place = np.repeat((ARREST, COURT), (len(arrest), len(part_count) + len(plain)))
    away = cases["county"].to_numpy()[case]
    first_away = n_agencies + n_courthouses
    first_court_away = first_away + len(world.tables.counties)
    ori = np.where(
        place == ARREST,
        np.where(away == 0, cases["agency"].to_numpy()[case], first_away + away),
        np.where(away == 0, n_agencies + cases["courthouse"].to_numpy()[case], first_court_away + away),
    )
    outcome = counts["outcome"].to_numpy()[count]
    template = counts["template"].to_numpy()[count]
    by_outcome = np.array([0, 1, 2, 3])  # convicted rows take their template's text
    disposition = np.where(outcome == CONVICTED, 4 + template, by_outcome[outcome])
    arrest_text = np.where(cases["convicted_on_arrest"].to_numpy()[case], 4 + len(DISPOSITIONS), 0)
    is_court = place == COURT
    columns = {
        "person": cases["person"].to_numpy()[case],
        "case": case,
        "place": place,
        "cycle": cases["cycle"].to_numpy()[case],
        "cycle_day": cases["arrest_day"].to_numpy()[case],
        "step": np.where(is_court, cases["court_step"].to_numpy()[case], 1),
        "number": counts["doj_number"].to_numpy()[count],
        "part": np.concatenate(
            [np.zeros(len(arrest), int), sentences["order"].to_numpy()[with_parts], np.zeros(len(plain), int)]
        ),
        "day": np.where(is_court, cases["court_day"].to_numpy()[case], cases["arrest_day"].to_numpy()[case]),
        "type": place,
        "ori": ori,
        "charge": charge[count],
        "convicted": is_court & (outcome == CONVICTED),
        "disposition": np.where(is_court, disposition, arrest_text),
        "level": np.where(is_court, np.where(counts["level"].to_numpy()[count] == "F", 1, 2), 0),
        "sentence": np.concatenate(
            [np.repeat(",,,,,", len(arrest)).astype(object), part_text, np.repeat(",,,,,", len(plain)).astype(object)]
        ),
    }
    m = len(steps)
    zero = np.zeros(m, dtype=np.int64)
    first_other = len(world.tables.offenses) * N_SPELLINGS
    extra = {
        "person": steps["person"].to_numpy(), "case": zero, "place": zero + OTHER_STEP,
        "cycle": steps["cycle"].to_numpy(), "cycle_day": steps["day"].to_numpy(), "step": zero + 1, "number": zero + 1,
        "part": zero, "day": steps["day"].to_numpy(), "type": 2 + steps["type"].to_numpy(), "ori": zero,
        "charge": first_other + steps["type"].to_numpy(), "convicted": zero.astype(bool), "disposition": zero,
        "level": zero, "sentence": np.repeat(",,,,,", m).astype(object),
    }  # fmt: skip
    joined = {name: np.concatenate([values, extra[name]]) for name, values in columns.items()}
    subject = people["subject_id"].astype(np.int64).to_numpy()[joined["person"]]
    order = np.lexsort((joined["part"], joined["number"], joined["step"], joined["cycle"], subject))
    return {name: values[order] for name, values in joined.items()}
