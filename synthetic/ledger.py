"""List and count the rows that were planted for the 19 defects of the older tool.

Only the generator's own facts are used, never a rule of the product.
"""

from typing import Any

import numpy as np
import pandas as pd

from synthetic.dates import DOJ_AS_OF, day
from synthetic.defects import COUNTY_AS_IS, COUNTY_BLANKED
from synthetic.doj import DojFile
from synthetic.doj_rows import ARREST, COURT
from synthetic.lesser import ATTEMPT, CONSPIRACY
from synthetic.spellings import GLUED, IN_COMMENT, N_SPELLINGS, NO_CHARGE, ONLY_IN_COMMENT, STYLES, USUAL
from synthetic.steps import CREDIT_REGISTRATION, SEX_REGISTRATION, count_order
from synthetic.tables import CONVICTED
from synthetic.world import World
from synthetic.write import LABEL

MEANING = (
    "rows of the DOJ file, convictions (court rows of one CNT_ORDER) and people planted per defect; every planted row "
    "is in SYNTHETIC_truth_defects.csv. Whether a defect decides depends on the policy and the rest of the history."
)
NOTES = {
    "birth_date_missing": "people without a calendar birth date in any row; who lacks one in the first cycle only is "
    "in identity_variants, birth_date_blank",
    "undated_disqualifier": "290 registrations and gang pairs dated after, or undated beside, a cannabis conviction of "
    "this county held by the same person",
    "strike_list": "convictions whose text the lists of 2019 match by accident (237, 537 PC) or miss (187PC, 187(A), "
    "191.5(A), 207(A), 209(B)(1), 664-187 PC)",
    "clock": "no row: people with a cannabis conviction of this county whose latest conviction is at most 7 years "
    "older than the file, so that the older tool's answer changes with the day it runs",
    "counted_per_file": "nothing: one file is written, and it takes two files with the same person",
    "charged_not_convicted": "the waves and the older tool read the charge (OFFENSE_*). In this county charge and "
    "conviction are both cannabis or both not; in other counties they may differ",
    "look_alike": "other sections, codes and numbers that hold the digits of one of the four",
}
_YEARS = 7 * 365.25
_FIRST_STEP, _DEATH_SPELLED = 2, 9


def planted_rows(world: World, file: DojFile) -> dict[str, np.ndarray]:
    """Return the planted row numbers (0-based, in file order) for each defect of the older tool and each oddity."""
    rows, counts, cases, offenses = file.rows, world.counts, world.cases, world.tables.offenses
    count = rows["count"]
    court = (rows["place"] == COURT) & (count >= 0)
    convicted = court & (counts["outcome"].to_numpy()[count] == CONVICTED)
    kind = np.where(count >= 0, counts["kind"].to_numpy(dtype=object)[count], "")
    statute = offenses["statute"].to_numpy(dtype=object)[counts["offense"].to_numpy()[count]]
    mark = offenses["mark"].to_numpy(dtype=object)[counts["offense"].to_numpy()[count]]
    behind_hyphen = np.array([text.startswith("664-") for text in statute], dtype=bool)
    spelled = rows["charge"] % N_SPELLINGS
    marked = np.isin(mark, ("strike_accidental", "strike_missed"))
    # The strike lists look for these spellings only: the usual text, in the description or in the comment.
    marked &= np.where(statute == "187", spelled == GLUED, np.isin(spelled, (USUAL, IN_COMMENT, ONLY_IN_COMMENT)))
    county_text = np.where(court, cases["county_text"].to_numpy()[rows["case"]], COUNTY_AS_IS)
    level_text = np.where(court, counts["level_text"].to_numpy()[count], 0)
    sentence = _sentence_defects(world, file)
    step = rows["type"] - _FIRST_STEP
    no_birth = world.people["birth_defect"].to_numpy()[rows["person"]] > 0
    qualifier = np.where(convicted, counts["qualifier"].to_numpy(dtype=object)[count], "")
    masks = {
        "missing_date": convicted & (rows["undated"] > 0),
        "birth_date_missing": no_birth,
        "look_alike": convicted & (kind == "look_alike"),
        "two_sections": convicted & (kind == "two_sections"),
        "attempt_lost": convicted & (kind == "attempt") & behind_hyphen,
        "attempt_ignored": convicted & (kind == "attempt") & ~behind_hyphen,
        "conspiracy": convicted & (kind == "conspiracy"),
        "level_unknown": level_text > 0,
        "strike_list": convicted & marked,
        "undated_disqualifier": _late_disqualifiers(world, file, convicted),
        "registration_prefix": step == CREDIT_REGISTRATION,
        "clock": np.zeros(len(count), dtype=bool),
        "sentence_misassigned": rows["moved"],
        "sentence_overflow": sentence == "sentence_overflow",
        "arrest_step": (rows["place"] == ARREST) & cases["convicted_on_arrest"].to_numpy()[rows["case"]],
        "deceased_spelling": rows["type"] >= _DEATH_SPELLED,
        "charged_not_convicted": convicted & (counts["convicted_offense"].to_numpy()[count] >= 0),
        "counted_per_file": np.zeros(len(count), dtype=bool),
        "county_spelling": (county_text != COUNTY_AS_IS) & (county_text != COUNTY_BLANKED),
        "also: county blank": county_text == COUNTY_BLANKED,
        "also: no charge": convicted & (spelled >= NO_CHARGE),
        "also: attempt or conspiracy by qualifier": np.isin(qualifier, (ATTEMPT, CONSPIRACY)),
        "also: unit not day, month or year": sentence == "unit_not_day_month_year",
    }
    return {name: np.flatnonzero(mask) for name, mask in masks.items()}


def _sentence_defects(world: World, file: DojFile) -> np.ndarray:
    sentences = world.sentences
    planted = sentences[sentences["defect"] != ""]
    by_part = dict(zip(zip(planted["count"], planted["order"], strict=True), planted["defect"], strict=True))
    rows = np.flatnonzero(np.isin(file.rows["count"], planted["count"].to_numpy()) & (file.rows["part"] > 0))
    result = np.full(len(file.rows["count"]), "", dtype=object)
    for row in rows.tolist():
        result[row] = by_part.get((file.rows["count"][row], file.rows["part"][row]), "")
    return result


def _first_cannabis_day(world: World) -> np.ndarray:
    """Return the day of each person's first cannabis conviction of this county in the DOJ file.

    People without such a conviction get a day in the far future.
    """
    counts, cases = world.counts, world.cases
    case = counts["case"].to_numpy()
    rows = counts["doj_convicted"].to_numpy() & np.isin(counts["kind"], ("cannabis", "two_sections"))
    rows &= (cases["county"] == 0).to_numpy()[case]
    result = np.full(len(world.people), np.iinfo(np.int64).max)
    np.minimum.at(result, cases["person"].to_numpy()[case[rows]], cases["court_day"].to_numpy()[case[rows]])
    return result


def _late_disqualifiers(world: World, file: DojFile, convicted: np.ndarray) -> np.ndarray:
    rows = file.rows
    first = _first_cannabis_day(world)[rows["person"]]
    registered = rows["type"] - _FIRST_STEP == SEX_REGISTRATION
    gang = convicted & (world.counts["role"].to_numpy(dtype=object)[rows["count"]] == "gang")
    return (registered | gang) & (first <= rows["day"])


def _people_of_the_clock(world: World) -> int:
    counts, cases = world.counts, world.cases
    case = counts["case"].to_numpy()
    rows = np.flatnonzero(counts["doj_convicted"].to_numpy() & ~cases["is_future"].to_numpy()[case])
    latest = np.full(len(world.people), np.iinfo(np.int64).min)
    np.maximum.at(latest, cases["person"].to_numpy()[case[rows]], cases["court_day"].to_numpy()[case[rows]])
    holds = _first_cannabis_day(world) <= day(DOJ_AS_OF)
    return int((holds & (latest > day(DOJ_AS_OF) - _YEARS)).sum())


def planted_facts(world: World, file: DojFile, planted: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return the sections of the truth file that describe the DOJ file, such as ``defects``."""
    rows = file.rows
    facts: dict[str, Any] = {}
    for name, numbers in planted.items():
        of_courts = numbers[(rows["place"][numbers] == COURT)]
        facts[name] = {
            "rows": len(numbers),
            "convictions": len(np.unique(rows["count"][of_courts])),
            "people": len(np.unique(rows["person"][numbers])),
        }
        if name in NOTES:
            facts[name]["note"] = NOTES[name]
    facts["clock"]["people"] = _people_of_the_clock(world)
    of_count = rows["charge"][rows["place"] == COURT] % N_SPELLINGS
    ways = np.bincount(of_count, minlength=N_SPELLINGS)
    variants = file.variants.groupby("variant")["person"].agg(["size", "nunique"])
    other = {name: facts.pop(name) for name in list(facts) if name.startswith("also: ")}
    return {
        "defects": {"meaning": MEANING, **facts},
        "other_oddities": {name.removeprefix("also: "): fact for name, fact in other.items()},
        "spellings_on_court_rows": dict(zip(STYLES, ways.tolist(), strict=True)),
        "identity_variants": {
            str(name): {"cycles": int(size), "people": int(people)} for name, size, people in variants.itertuples()
        },
    }


def planted_table(world: World, file: DojFile, planted: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return one row per planted row of the DOJ file. ``row_no`` is 1-based and does not count the header."""
    rows = file.rows
    names = [name.removeprefix("also: ") for name in planted]
    number = np.concatenate(list(planted.values()))
    return pd.DataFrame(
        {
            "extract_label": np.full(len(number), LABEL, dtype=object),
            "defect": np.repeat(np.array(names, dtype=object), [len(part) for part in planted.values()]),
            "row_no": (number + 1).astype(str).astype(object),
            "subject_id": world.people["subject_id"].to_numpy(dtype=object)[rows["person"][number]],
            "cnt_order": count_order(rows["cycle"][number], rows["step"][number], rows["number"][number]),
        }
    )
