"""Write the court's extract: cases, counts and sentences as texts."""

import numpy as np
import pandas as pd

from synthetic.chance import category, chance
from synthetic.dates import as_text
from synthetic.layouts import COURT_CASES, COURT_COUNTS, COURT_SENTENCES
from synthetic.tables import ACQUITTED, CONVICTED, DISMISSED, UNDISPOSED
from synthetic.world import World
from synthetic.write import LABEL

_ONE, _TWO = 1, 2  # numbers of the two rare ways to write a statute
_LEVELS = {"F": "FELONY", "M": "MISDEMEANOR", "I": "INFRACTION"}
_DISPOSITIONS = {CONVICTED: "CONVICTED", DISMISSED: "DISMISSED", ACQUITTED: "ACQUITTED", UNDISPOSED: ""}


def count_number(numbers: np.ndarray) -> np.ndarray:
    """Return count numbers as the court writes them, such as ``01``."""
    return np.array([f"{number:02d}" for number in range(100)], dtype=object)[numbers]


def court_cases(world: World) -> pd.DataFrame:
    """Return one row per case and defendant. The index is the number of the case in the world."""
    rng, tables = world.rng, world.tables
    cases = world.cases[world.cases["in_court"]]
    people = world.people.iloc[cases["person"].to_numpy()]
    n = len(cases)
    written = world.court
    filing = np.minimum(cases["arrest_day"].to_numpy() + rng.integers(1, 14, n), written["day"].to_numpy())
    city = tables.agencies["city_attorney"].to_numpy(dtype=object)[cases["agency"].to_numpy()]
    prosecutor = np.where(cases["city_attorney"], city + " CITY ATTORNEY", "LOS ANGELES COUNTY DISTRICT ATTORNEY")
    return pd.DataFrame(
        {
            "extract_label": LABEL,
            "case_number": written["case_number"].to_numpy(),
            "defendant_number": written["defendant_number"].to_numpy(),
            "courthouse_name": tables.courthouses["courthouse"].to_numpy(dtype=object)[cases["courthouse"].to_numpy()],
            "filing_date": as_text(filing),
            "defendant_name": written["defendant_name"].to_numpy(),
            "alias_names": written["alias_names"].to_numpy(),
            "birth_date": written["birth_date"].to_numpy(),
            "sex": people["sex"].to_numpy(),
            "race": people["race_descr"].to_numpy(),
            "cii_number": written["cii_number"].to_numpy(),
            "prosecuting_agency": np.where(chance(rng, n, 0.03), "", prosecutor),
        },
        columns=list(COURT_CASES),
        index=written.index,
    ).sort_values(["case_number", "defendant_number"], kind="stable")


def court_counts(world: World) -> pd.DataFrame:
    """Return one row per count."""
    rng = world.rng
    counts = world.counts[world.counts["court"]]
    cases = world.cases.iloc[counts["case"].to_numpy()]
    offenses = world.tables.offenses
    written_case = world.court.loc[counts["case"].to_numpy()]
    n = len(counts)
    statute = offenses["statute"].to_numpy(dtype=object)
    kind = offenses["code_type"].to_numpy(dtype=object)
    usual, compact, first = statute + " " + kind, statute + kind, kind + " " + statute
    offense = counts["offense"].to_numpy()
    style = category(rng, n, 0.10, 0.05)
    written = np.where(style == _ONE, compact[offense], np.where(style == _TWO, first[offense], usual[offense]))
    written = np.where(counts["kind"].isin(("cannabis", "other")), written, usual[offense])
    bare = np.array([text.replace("(", "").replace(")", "") for text in statute], dtype=object) + " " + kind
    lower = np.array([text.lower() for text in statute], dtype=object) + " " + kind
    otherwise = counts["statute_otherwise"].to_numpy()
    written = np.where(otherwise == _ONE, bare[offense], np.where(otherwise == _TWO, lower[offense], written))
    outcome = counts["outcome"].to_numpy()
    convicted = outcome == CONVICTED
    # Some people were charged with sale and convicted of another offense. Only the statute of the conviction matters.
    sale = usual[offenses.index[(offenses["statute"] == "11360(A)") & (offenses["level"] == "F")][0]]
    other_charge = (counts["kind"] == "cannabis").to_numpy() & convicted & chance(rng, n, 0.02)
    undated = (cases["undated"].to_numpy() != 0) | (outcome == UNDISPOSED)
    disposition = np.array([_DISPOSITIONS[i] for i in range(4)], dtype=object)[outcome]
    disposition = np.where(
        (cases["kind"] == "court_juvenile").to_numpy() & (counts["kind"] == "cannabis").to_numpy(),
        "SUSTAINED",
        disposition,
    )
    plea = np.where(convicted, np.where(chance(rng, n, 0.9), "NOLO CONTENDERE", "GUILTY"), "NOT GUILTY")
    return pd.DataFrame(
        {
            "extract_label": LABEL,
            "case_number": written_case["case_number"].to_numpy(),
            "defendant_number": written_case["defendant_number"].to_numpy(),
            "count_number": count_number(counts["court_number"].to_numpy()),
            "charged_statute": np.where(other_charge, sale, written),
            "convicted_statute": np.where(convicted, written, ""),
            "offense_date": as_text(cases["arrest_day"].to_numpy()),
            "level": counts["level"].map(_LEVELS).to_numpy(),
            "plea": np.where(outcome == UNDISPOSED, "", plea),
            "disposition": disposition,
            "disposition_date": np.where(undated, "", as_text(written_case["day"].to_numpy())),
        },
        columns=list(COURT_COUNTS),
    ).sort_values(["case_number", "defendant_number", "count_number"], kind="stable", ignore_index=True)


def court_sentences(world: World) -> pd.DataFrame:
    """Return one row per sentence part of a convicted count."""
    sentences = world.sentences
    sentences = sentences[world.counts["court"].to_numpy()[sentences["count"].to_numpy()]]
    counts = world.counts.iloc[sentences["count"].to_numpy()]
    written = world.court.loc[counts["case"].to_numpy()]
    return pd.DataFrame(
        {
            "extract_label": LABEL,
            "case_number": written["case_number"].to_numpy(),
            "defendant_number": written["defendant_number"].to_numpy(),
            "count_number": count_number(counts["court_number"].to_numpy()),
            "sentence_order": sentences["order"].astype(str).to_numpy(dtype=object),
            "sentence_type": sentences["place"].to_numpy(),
            "sentence_length": sentences["length"].to_numpy(),
            "sentence_unit": sentences["unit"].to_numpy(),
        },
        columns=list(COURT_SENTENCES),
    ).sort_values(
        ["case_number", "defendant_number", "count_number", "sentence_order"], kind="stable", ignore_index=True
    )
