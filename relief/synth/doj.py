"""The DOJ file: 95 columns, one line per (subject, cycle, step, count, sentence part)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from relief.synth.chance import chance
from relief.synth.dates import as_text
from relief.synth.doj_rows import ARREST, COURT, OTHER_STEP, file_rows
from relief.synth.doj_texts import (
    STEP_TYPES,
    UNDISPOSED_TEXTS,
    agency_texts,
    as_array,
    comment_texts,
    conviction_texts,
    offense_texts,
    person_texts,
)
from relief.synth.numbering import doj_case_text
from relief.synth.sentences import DISPOSITIONS
from relief.synth.steps import count_order
from relief.synth.world import NO_DATE, NULL_DATE, YEAR_ONLY, World
from relief.synth.write import join_fields

_CHUNK = 100_000


def doj_lines(world: World) -> Iterator[pa.Array]:
    """The lines of the file, in order, in blocks."""
    rng = world.rng
    rows = file_rows(world)
    cases, people = world.cases, world.people
    person_text = person_texts(world)
    texts = {
        "cycle": as_array(np.arange(0, rows["cycle"].max() + 1).astype(str)),
        "ori": as_array(agency_texts(world)),
        "offense": as_array(offense_texts(world)),
        "conviction": as_array(conviction_texts(world)),
        "comment": as_array(comment_texts(world)),
        "ofn": as_array(doj_case_text(cases)),
        "disposition": as_array(["", *UNDISPOSED_TEXTS.values(), *DISPOSITIONS, "CONVICTED"]),
        "level": as_array([",", "F,FELONY", "M,MISDEMEANOR"]),
        "type": as_array(STEP_TYPES),
        "step": as_array(["", "001", "002"]),
    }
    booking = rng.integers(10_000_000, 99_999_999, len(cases))
    undated = cases["undated"].to_numpy()
    birth = people["birth_day"].to_numpy()
    n = len(rows["person"])
    no_arrest_date = chance(rng, n, 0.004)
    blank_level = chance(rng, n, 0.02)
    for start in range(0, n, _CHUNK):
        part = {name: values[start : start + _CHUNK] for name, values in rows.items()}
        place, person, case = part["place"], part["person"], part["case"]
        is_case = place != OTHER_STEP
        known = np.where(is_case, case, 0)
        court = place == COURT
        event = as_text(part["day"], "compact")
        event = np.where(court & (undated[known] == NO_DATE), "", event)
        event = np.where(court & (undated[known] == YEAR_ONLY), [text[:4] + "0000" for text in event], event)
        event = np.where(court & (undated[known] == NULL_DATE), "NULL", event)
        event = np.where((place == ARREST) & no_arrest_date[start : start + _CHUNK], "", event)
        ofn = np.where(court, texts["ofn"].take(pa.array(known)).to_numpy(zero_copy_only=False), "")
        ofn = np.where(place == ARREST, booking[known].astype(str), ofn)
        level = np.where(part["level"] == 0, 0, np.where(blank_level[start : start + _CHUNK], 0, part["level"]))
        age = np.maximum((part["cycle_day"] - birth[person]) // 365.2425, 0).astype(np.int64).astype(str)
        yield join_fields(
            [
                person_text.take(pa.array(person)),
                "#",
                texts["cycle"].take(pa.array(part["cycle"])),
                as_array(as_text(part["cycle_day"], "compact")),
                "#",
                texts["step"].take(pa.array(part["step"])),
                as_array(event),
                texts["type"].take(pa.array(part["type"])),
                texts["ori"].take(pa.array(part["ori"])),
                "#",
                as_array(count_order(part["cycle"], part["step"], part["number"])),
                as_array(np.where(court, event, "")),
                as_array(ofn),
                texts["offense"].take(pa.array(part["charge"])),
                ",,,",
                texts["conviction"].take(pa.array(np.where(part["convicted"], part["charge"], -1) + 1)),
                "," * 11,
                as_array(np.where(court, "1", "")),
                "",
                texts["disposition"].take(pa.array(part["disposition"])),
                texts["level"].take(pa.array(level)),
                "#",
                as_array(part["sentence"]),
                as_array(age),
                ",",
                texts["comment"].take(pa.array(part["charge"])),
                "#",
            ]
        )
