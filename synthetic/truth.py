"""The truth file: what was injected, counted from the generator's own facts and never by a rule of the product."""

from typing import Any

import numpy as np
import pandas as pd

from synthetic.dates import COURT_AS_OF, DECISIONS_AS_OF, DOJ_AS_OF, EVENTS_AS_OF, PROP_64, as_text, year_of
from synthetic.others import NEVER_ORDERED
from synthetic.outcomes import LAST_WAVE_1_DAY, people_outcomes
from synthetic.tables import CONVICTED, RACES
from synthetic.world import SAME_STYLES, World
from synthetic.write import LABEL

DEFINITIONS = {
    "conviction": "a count of this county that ended in a conviction under H&S 11357-11360, or 11530, 11530.5 or 11531 "
    "of before 1973; completed (no attempt, no conspiracy); before 2016-11-09 or of unknown date. One count of one "
    "defendant is one conviction, in one file or in both.",
    "case": "one case number (two defendants of one number are one case); without a number, one step of one subject",
    "case_defendant": "one defendant of one case",
    "person": "one invented person",
    "wave_1_identified": "convictions in the DOJ file, ordered or not",
    "wave_1": "convictions in the DOJ file with a dismissal order (dismissal, dismissal_and_sealing) by 2020-12-31",
    "wave_2_identified": "convictions in the court's file that are not of wave 1, ordered or not; those that the DOJ "
    "file holds too are counted again in in_both_reviews",
    "wave_2": "convictions in the court's file, not of wave 1, with a dismissal order of any later date",
    "neither": "convictions of the DOJ file ordered dismissed after 2020-12-31 that the court's file does not hold",
    "stages": "order_signed, court_record_updated and doj_updated count convictions of the wave, with that event",
    "charge": "a conviction is what OFFENSE_* and COMMENT_TEXT charge (the court: convicted_statute); where "
    "DISP_OFFENSE_* or CONV_OFFENSE_* say another offense, section and count still rest on the charge, the level on "
    "CONV_STAT_DESCR; those of this county are never ordered (qualifying_never_ordered)",
    "qualifying_never_ordered": "convictions of the DOJ file that are in the identified of the waves and have no order "
    "by plan: two sections in one text, infractions of 2011 and later, convicted of a lesser cannabis offense than the "
    "one charged",
    "identified_any_date": "as identified, with the convictions of 2016-11-09 and later",
    "total": "wave 1 and wave 2 together, each conviction, case and person once; neither is not in it",
}
LEVELS = {"F": "felony", "M": "misdemeanor", "I": "infraction"}
STAGES = ("identified", "order_signed", "court_record_updated", "doj_updated")


def conviction_facts(world: World) -> pd.DataFrame:
    """Return one row per completed cannabis conviction in the county, whatever its date, with all its facts."""
    counts, cases = world.counts, world.cases
    case = counts["case"].to_numpy()
    local = cases["county"].to_numpy()[case] == 0
    known = counts["doj_convicted"].to_numpy() | counts["court_convicted"].to_numpy()
    wanted = (
        counts["kind"].isin(("cannabis", "two_sections")).to_numpy()
        & (counts["outcome"] == CONVICTED).to_numpy()
        & local
        & known
    )
    facts = counts[wanted].copy()
    its_case = cases.iloc[facts["case"].to_numpy()]
    for name in ("person", "group", "undated", "kind", "ofn_style", "court_day"):
        facts["case_kind" if name == "kind" else name] = its_case[name].to_numpy()
    written = world.court.reindex(facts["case"].to_numpy())
    for name in ("case_number", "defendant_number"):
        facts[name] = written[name].to_numpy()
    facts["is_dated"] = facts["undated"] == 0
    facts["before_2016_11_09"] = ~facts["is_dated"] | (facts["court_day"] < PROP_64)
    ordered = facts["relief_type"].isin(("dismissal", "dismissal_and_sealing"))
    early = ordered & (facts["order_day"] <= LAST_WAVE_1_DAY)
    in_doj, in_court = facts["doj_convicted"], facts["court_convicted"]
    facts["wave"] = np.select([in_doj & early, in_court & ordered, in_doj & ordered], ["1", "2", "neither"], default="")
    facts["in_review_1"] = in_doj
    facts["in_review_2"] = in_court & (facts["wave"] != "1")
    facts["section"] = world.tables.offenses["section"].to_numpy()[facts["offense"].to_numpy()]
    facts["statute"] = world.tables.offenses["statute"].to_numpy()[facts["offense"].to_numpy()]
    return facts


def units(rows: pd.DataFrame) -> dict[str, int]:
    """Count convictions, cases, defendants in cases, and people."""
    return {
        "convictions": len(rows),
        "cases": int(rows["group"].nunique()),
        "case_defendants": int(rows["case"].nunique()),
        "people": int(rows["person"].nunique()),
    }


def _by_level(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    return {name: units(rows[rows["level"] == level]) for level, name in LEVELS.items()}


def _years(rows: pd.DataFrame, column: str) -> dict[str, dict[str, int]]:
    year = year_of(rows[column].to_numpy()).astype(str).astype(object)
    if column == "court_day":
        year = np.where(rows["is_dated"], year, "unknown")
    return {str(name): units(part) for name, part in rows.groupby(year, sort=True)}


def _stage_rows(facts: pd.DataFrame, wave: str, stage: str) -> pd.DataFrame:
    if stage == "identified":
        return facts[facts[f"in_review_{wave}"]]
    rows = facts[facts["wave"] == wave]
    return rows if stage == "order_signed" else rows[rows[stage]]


def make_truth(world: World, events: pd.DataFrame, rows: dict[str, int], scale: float, seed: int) -> dict[str, Any]:
    """Return the content of the truth file."""
    every = conviction_facts(world)
    facts = every[every["before_2016_11_09"]]
    waves: dict[str, Any] = {}
    for wave in ("1", "2"):
        parts = {stage: _stage_rows(facts, wave, stage) for stage in STAGES}
        waves[f"wave_{wave}"] = {stage: units(part) | {"by_level": _by_level(part)} for stage, part in parts.items()}
        waves[f"wave_{wave}"]["identified_any_date"] = units(_stage_rows(every, wave, "identified"))
        waves[f"wave_{wave}"] |= _breakdown(parts["order_signed"])
    both = {stage: pd.concat([_stage_rows(facts, wave, stage) for wave in ("1", "2")]) for stage in STAGES}
    both = {stage: part[~part.index.duplicated()] for stage, part in both.items()}
    waves["total"] = {stage: units(part) | {"by_level": _by_level(part)} for stage, part in both.items()}
    waves["total"] |= _breakdown(both["order_signed"])
    waves["neither"] = {"order_signed": units(facts[facts["wave"] == "neither"])}
    waves["wave_1"]["race_share_of_people"] = _race_shares(world, facts[facts["wave"] == "1"])
    mixed = both["order_signed"].groupby("group")["wave"].nunique()
    return {
        "label": LABEL,
        "notice": "SYNTHETIC DATA: every person, case and number is invented",
        "generator": "synthetic",
        "seed": seed,
        "scale": scale,
        "as_of": {
            "ca_doj": DOJ_AS_OF,
            "la_court": COURT_AS_OF,
            "relief_events": EVENTS_AS_OF,
            "review_decisions": DECISIONS_AS_OF,
        },
        "definitions": DEFINITIONS,
        **waves,
        "in_both_reviews": units(facts[facts["in_review_1"] & facts["in_review_2"]]),
        "in_both_files": units(facts[facts["doj_convicted"] & facts["court_convicted"]]),
        "linked_by": _links(facts),
        "cases_with_both_waves": int((mixed > 1).sum()),
        "redesignations": units(facts[facts["relief_type"] == "redesignation"]),
        "orders_signed_in_all": units(facts[facts["order_day"] >= 0]),
        "events": _event_facts(events),
        "petitions": {
            "filed": units(facts[facts["petition_day"] >= 0]),
            "pending": units(facts[(facts["petition_day"] >= 0) & (facts["order_day"] < 0)]),
        },
        "shortfalls": _shortfalls(world, facts),
        "rows": rows,
        "people": _people_facts(world),
        "people_outcomes": people_outcomes(world),
        "qualifying_never_ordered": {
            name: units(facts[(facts["case_kind"] == name) & (facts["role"] == name)]) for name in NEVER_ORDERED
        },
        "not_qualifying": _not_qualifying(world),
        "planted_dates": _planted_dates(world, every),
    }


def _breakdown(rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "by_order_year": _years(rows, "order_day"),
        "by_conviction_year": _years(rows, "court_day"),
        "by_section": {str(name): units(part) for name, part in rows.groupby("section", sort=True)},
    }


def _race_shares(world: World, rows: pd.DataFrame) -> dict[str, float]:
    race = world.people["race"].to_numpy()[rows["person"].unique()]
    return {name: round(float((race == number).mean()), 6) for number, name in enumerate(RACES)}


def _links(facts: pd.DataFrame) -> dict[str, int]:
    both = facts[facts["doj_convicted"] & facts["court_convicted"]]
    numbered = both["ofn_style"].isin(SAME_STYLES)
    return {"same_case_number": int(numbered.sum()), "other_or_no_case_number": int((~numbered).sum())}


def _event_facts(events: pd.DataFrame) -> dict[str, Any]:
    orders = events[events["event_type"] == "order_signed"]
    return {
        "total": len(events),
        "by_type": {str(name): int(n) for name, n in events["event_type"].value_counts().sort_index().items()},
        "orders": len(orders),
        "dismissal_orders": int((orders["relief_type"] != "redesignation").sum()),
        "redesignation_orders": int((orders["relief_type"] == "redesignation").sum()),
        "duplicate_events": int((events["planted"] == "duplicate").sum()),
        "events_for_unknown_records": int((events["planted"] == "unknown_record").sum()),
    }


def _shortfalls(world: World, facts: pd.DataFrame) -> dict[str, Any]:
    result: dict[str, Any] = {"drawn_shares": {k: round(v, 6) for k, v in vars(world.shortfalls).items()}}
    for wave, role in (("wave_1", "target"), ("wave_2", "wave_2")):
        planned = facts[facts["role"] == role]
        ordered = planned[planned["order_day"] >= 0]
        result[wave] = {
            "planned": len(planned),
            "no_order": len(planned) - len(ordered),
            "no_order_by_reason": {
                str(k): int(v)
                for k, v in planned.loc[planned["order_day"] < 0, "no_order_reason"].value_counts().sort_index().items()
            },
            "order_not_entered": int((~ordered["order_entered"]).sum()),
            "entered_but_court_record_not_updated": int(
                (ordered["order_entered"] & ~ordered["court_record_updated"]).sum()
            ),
            "court_record_updated_but_doj_not": int((ordered["court_record_updated"] & ~ordered["doj_updated"]).sum()),
        }
    return result


def _people_facts(world: World) -> dict[str, int]:
    cases = world.cases[world.cases["in_court"]]
    return {
        "doj_subjects": int(world.people["in_doj"].sum()),
        "court_defendants": int(cases["person"].nunique()),
        "court_case_defendants": len(cases),
        "court_case_defendants_without_cii": int((world.court["cii_number"] == "").sum()),
    }


def _not_qualifying(world: World) -> dict[str, Any]:
    counts, cases = world.counts, world.cases
    kind = cases["kind"].to_numpy()[counts["case"].to_numpy()]
    groups = ("wave_1", "wave_2", "court_unordered", "other", *NEVER_ORDERED)
    by_kind: dict[str, Any] = {}
    for name in sorted(set(cases["kind"]) - set(groups)):
        rows = cases[cases["kind"] == name]
        charges = counts[(kind == name) & (counts["kind"] != "other").to_numpy()]
        by_kind[name] = {
            "charges": len(charges),
            "cases": int(rows["group"].nunique()),
            "people": int(rows["person"].nunique()),
            "charges_in_doj_file": int(charges["doj"].sum()),
            "charges_in_court_file": int(charges["court"].sum()),
        }
    holders = np.zeros(len(world.people), dtype=bool)
    facts = conviction_facts(world)
    holders[facts.loc[facts["before_2016_11_09"], "person"].unique()] = True
    return {
        "by_kind": by_kind,
        "doj_subjects_without_a_conviction": int((world.people["in_doj"].to_numpy() & ~holders).sum()),
        "charges_of_other_offenses": int((counts["kind"] == "other").sum()),
    }


def _planted_dates(world: World, facts: pd.DataFrame) -> dict[str, int]:
    people = world.people
    undated = facts[~facts["is_dated"]]
    late_born = people["is_born_later"].to_numpy()[facts["person"].to_numpy()]
    shown = people["birth_shown"].to_numpy()[facts["person"].to_numpy()]
    return {
        "convictions_without_a_date_in_doj": int(undated["doj_convicted"].sum()),
        "convictions_without_a_date_in_court": int(undated["court_convicted"].sum()),
        "people_born_after_a_conviction": int(people["is_born_later"].sum()),
        "convictions_before_birth": int(
            (late_born & facts["doj_convicted"] & facts["is_dated"] & (facts["court_day"] < shown)).sum()
        ),
        "cases_dated_in_the_future": int(world.cases["is_future"].sum()),
        "people_without_a_full_birth_date_in_doj": int(
            (people["birth_defect"].to_numpy()[people["in_doj"].to_numpy()] > 0).sum()
        ),
    }


def conviction_table(world: World) -> pd.DataFrame:
    """Return the truth by row, as texts: one row per injected conviction."""
    facts = conviction_facts(world).sort_values(["case", "number"], kind="stable")
    people = world.people.iloc[facts["person"].to_numpy()]
    in_doj, in_court = facts["doj_convicted"].to_numpy(), facts["court_convicted"].to_numpy()
    flags: dict[str, Any] = {
        "in_doj_file": in_doj, "in_court_file": in_court, "before_2016_11_09": facts["before_2016_11_09"],
        "order_entered": facts["order_entered"], "court_record_updated": facts["court_record_updated"],
        "doj_updated": facts["doj_updated"],
    }  # fmt: skip
    table = {
        "extract_label": np.repeat(LABEL, len(facts)).astype(object),
        "person": facts["person"].astype(str).to_numpy(dtype=object),
        "subject_id": np.where(in_doj, people["subject_id"].to_numpy(), ""),
        "cii_number": np.where(in_doj, people["cii"].to_numpy(), ""),
        "cnt_order": np.where(in_doj, facts["cnt_order"], ""),
        "case_number": np.where(in_court, facts["case_number"], ""),
        "defendant_number": np.where(in_court, facts["defendant_number"], ""),
        "count_number": np.where(in_court, facts["court_number"].map("{:02d}".format), ""),
        "case": facts["group"].astype(str).to_numpy(dtype=object),
        "wave": facts["wave"].to_numpy(dtype=object),
        "level": facts["level"].map(LEVELS).to_numpy(),
        "section": facts["section"].to_numpy(),
        "statute": facts["statute"].to_numpy(),
        "conviction_date": np.where(facts["is_dated"], as_text(facts["court_day"].to_numpy()), ""),
        "order_date": np.where(facts["order_day"] >= 0, as_text(np.maximum(facts["order_day"].to_numpy(), 0)), ""),
        "relief_type": facts["relief_type"].to_numpy(),
        "no_order_reason": facts["no_order_reason"].to_numpy(),
    }
    table |= {name: np.where(values, "true", "false").astype(object) for name, values in flags.items()}
    return pd.DataFrame(table)
