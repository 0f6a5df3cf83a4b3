"""Write the DOJ file: 95 columns, and one line per subject, cycle, step, count and sentence part."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from synthetic.chance import category, chance
from synthetic.dates import as_text, partial_text
from synthetic.doj_rows import ARREST, COURT, OTHER_STEP, file_rows
from synthetic.doj_texts import (
    COMMENTS,
    LEVELS,
    QUALIFIERS,
    STEP_TYPES,
    UNDISPOSED_TEXTS,
    agency_texts,
    as_array,
    charge_texts,
    person_texts,
)
from synthetic.numbering import doj_case_text
from synthetic.sentences import DISPOSITIONS
from synthetic.spellings import N_SPELLINGS, NO_CHARGE
from synthetic.steps import count_order
from synthetic.variants import draw_variants
from synthetic.world import NO_DATE, World
from synthetic.write import join_fields

_CHUNK = 100_000
_COMMENT_SHARES = (0.012, 0.008, 0.006, 0.004, 0.003)


@dataclass(frozen=True)
class DojFile:
    """The rows of the file in file order, as numbers; and the variants of people, by cycle."""

    rows: dict[str, np.ndarray]
    variants: pd.DataFrame


def doj_file(world: World) -> DojFile:
    """Decide every row of the file. Later steps only look up the texts of the rows."""
    rng = world.rng
    rows = file_rows(world)
    n = len(rows["person"])
    variants, variant = draw_variants(world, rows["person"], rows["cycle"])
    rows["text"] = np.where(variant >= 0, len(world.people) + variant, rows["person"])
    undated_arrest = (rows["place"] == ARREST) & chance(rng, n, 0.004)
    rows["undated"] = np.where(undated_arrest, NO_DATE, rows["undated"])
    rows["level"] = np.where(chance(rng, n, 0.02) & ~rows["level_needed"], 0, rows["level"])
    blank = rows["charge"] % N_SPELLINGS >= NO_CHARGE
    rows["comment"] = np.where((rows["place"] == COURT) & ~blank, category(world.detail, n, *_COMMENT_SHARES), 0)
    return DojFile(rows, variants)


def doj_lines(world: World, file: DojFile) -> Iterator[pa.Array]:
    """Yield the lines of the file in order, in blocks."""
    rows, cases = file.rows, world.cases
    charged, convicted, comments = charge_texts(world)
    texts = {
        "person": person_texts(world, file.variants),
        "cycle": as_array(np.arange(0, rows["cycle"].max() + 1).astype(str)),
        "ori": as_array(agency_texts(world)),
        "charge": as_array(charged),
        "convicted": as_array([",,", *convicted]),
        "comment": as_array(comments),
        "remark": as_array(COMMENTS),
        "ofn": as_array(doj_case_text(cases)),
        "disposition": as_array(["", *UNDISPOSED_TEXTS.values(), *DISPOSITIONS, "CONVICTED"]),
        "level": as_array(LEVELS),
        "qualifier": as_array(QUALIFIERS),
        "type": as_array(STEP_TYPES),
        "step": as_array(["", "001", "002", "003"]),
    }
    booking = world.rng.integers(10_000_000, 99_999_999, len(cases))
    birth = world.people["birth_day"].to_numpy()
    for start in range(0, len(rows["person"]), _CHUNK):
        part = {name: values[start : start + _CHUNK] for name, values in rows.items()}

        def look(table: str, numbers: np.ndarray) -> pa.Array:
            return texts[table].take(pa.array(numbers))

        place, person = part["place"], part["person"]
        known = np.where(place == OTHER_STEP, 0, part["case"])
        court = place == COURT
        event = partial_text(part["day"], part["undated"])
        ofn = np.where(court, look("ofn", known).to_numpy(zero_copy_only=False), "")
        ofn = np.where(place == ARREST, booking[known].astype(str), ofn)
        comment = look("comment", part["charge"]).to_numpy(zero_copy_only=False)
        remark = look("remark", part["comment"]).to_numpy(zero_copy_only=False)
        has_conviction = part["conv"] >= 0
        age = np.maximum((part["cycle_day"] - birth[person]) // 365.2425, 0).astype(np.int64).astype(str)
        yield join_fields(
            [
                look("person", part["text"]),
                "#",
                look("cycle", part["cycle"]),
                as_array(as_text(part["cycle_day"], "compact")),
                "#",
                look("step", part["step"]),
                as_array(event),
                look("type", part["type"]),
                look("ori", part["ori"]),
                "#",
                as_array(count_order(part["cycle"], part["step"], part["number"])),
                as_array(np.where(court, event, "")),
                as_array(ofn),
                look("charge", part["charge"]),
                look("qualifier", part["qualifier"]),
                look("convicted", part["disp"] + 1),
                "",
                as_array(np.where(has_conviction, "1", "")),
                look("convicted", part["conv"] + 1),
                look("qualifier", np.where(has_conviction, part["qualifier"], 0)),
                "," * 11,
                as_array(np.where(court, "1", "")),
                "",
                look("disposition", part["disposition"]),
                look("level", part["level"]),
                "#",
                as_array(part["sentence"]),
                as_array(age),
                ",",
                as_array(np.where(comment == "", remark, comment)),
                "#",
            ]
        )
