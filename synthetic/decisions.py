"""Invented decisions of invented attorneys, on attempts, on charges with two sections, and on challenges.

Some rows must be ignored, such as incomplete ones. The decisions are drawn from a separate random stream, so that they
do not change other draws. They follow no rule of the product.
"""

from typing import Any

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.dates import as_text, day
from synthetic.layouts import DECISIONS
from synthetic.tables import CONVICTED
from synthetic.world import World
from synthetic.write import LABEL

LATE, UNKNOWN_RECORDS, NOT_FILLED_IN, REPLACED = 6, 6, 20, 20
FIRST_DAY, LAST_DAY = day("2019-09-02"), day("2020-06-26")
_VERDICTS = (
    ("Eligible for Redesignation", "H&S 11361.8 redesignation", "the conduct is a misdemeanor today"),
    ("Eligible for Dismissal", "PC 1385", "dismissed in the furtherance of justice"),
    ("Not eligible", "", "the record shows a disqualifier before the charge"),
)
_CHALLENGE_GROUNDS = ("eligibility", "unreasonable risk of danger to public safety")
_ATTORNEYS = ("SYNTHETIC Attorney A", "SYNTHETIC Attorney B", "SYNTHETIC Attorney C")


def make_decisions(world: World) -> pd.DataFrame:
    """Return all decisions as texts, by date.

    `planted` is the status of each decision: in_force, replaced, incomplete and so on.
    """
    rng = np.random.default_rng(world.rng.bit_generator.seed_seq.spawn(1)[0])  # type: ignore[attr-defined]
    counts, cases = world.counts, world.cases
    local = cases["county"].to_numpy()[counts["case"].to_numpy()] == 0
    in_doj = counts["doj_convicted"].to_numpy() & (counts["outcome"] == CONVICTED).to_numpy() & local
    reviewed = np.flatnonzero(in_doj & counts["kind"].isin(("attempt", "two_sections")).to_numpy())
    decided = reviewed[chance(rng, len(reviewed), 0.4)]
    challenged = np.flatnonzero(in_doj & (counts["no_order_reason"] == "challenged").to_numpy())
    blocks = [_eligibility(rng, decided, "in_force")]
    again = decided[: world.sizes.of(REPLACED)]
    earlier = _eligibility(rng, again, "replaced")
    earlier["day"] = FIRST_DAY - 1 - rng.integers(0, 60, len(again))
    blocks.append(earlier)
    left = np.setdiff1d(reviewed, decided)
    blocks.append(_eligibility(rng, left[: world.sizes.of(LATE)], "incomplete").assign(attorney=""))
    unknown = rng.choice(decided, min(world.sizes.of(UNKNOWN_RECORDS), len(decided)), replace=False)
    blocks.append(_eligibility(rng, unknown, "no_conviction"))
    blank = _eligibility(rng, left[: world.sizes.of(NOT_FILLED_IN)], "not_filled_in")
    blocks.append(blank.assign(verdict="", legal_ground="", ground="", attorney="", day=-1))
    blocks.append(_challenges(rng, challenged))
    return _as_texts(world, pd.concat(blocks, ignore_index=True))


def decision_facts(decisions: pd.DataFrame) -> dict[str, Any]:
    """Count the decisions for the truth file: how many of each kind, and which verdicts are in force."""
    in_force = decisions[decisions["planted"] == "in_force"]
    verdicts = in_force[in_force["decision_type"] == "eligibility"]["verdict"]
    return {
        "total": len(decisions),
        "by_status": {str(k): int(v) for k, v in decisions["planted"].value_counts().sort_index().items()},
        "by_type": {str(k): int(v) for k, v in decisions["decision_type"].value_counts().sort_index().items()},
        "eligibility_in_force_by_verdict": {str(k): int(v) for k, v in verdicts.value_counts().sort_index().items()},
    }


def _eligibility(rng: np.random.Generator, rows: np.ndarray, planted: str) -> pd.DataFrame:
    verdict = rng.choice(len(_VERDICTS), len(rows), p=(0.5, 0.3, 0.2))
    columns = {
        name: np.array([_VERDICTS[number][place] for number in verdict], dtype=object)
        for place, name in enumerate(("verdict", "legal_ground", "ground"))
    }
    return pd.DataFrame(
        {"count": rows, "decision_type": "eligibility", **columns, **_who_and_when(rng, len(rows)), "planted": planted}
    )


def _challenges(rng: np.random.Generator, rows: np.ndarray) -> pd.DataFrame:
    ground = np.array(_CHALLENGE_GROUNDS, dtype=object)[rng.choice(2, len(rows), p=(0.8, 0.2))]
    texts = {"decision_type": "challenge", "verdict": "challenged", "legal_ground": "", "ground": ground}
    return pd.DataFrame({"count": rows, **texts, **_who_and_when(rng, len(rows)), "planted": "in_force"})


def _who_and_when(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    attorney = np.array(_ATTORNEYS, dtype=object)[rng.integers(0, len(_ATTORNEYS), n)]
    return {"attorney": attorney, "day": rng.integers(FIRST_DAY, LAST_DAY + 1, n)}


def _as_texts(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    count = rows["count"].to_numpy().astype(np.int64)
    person = world.cases["person"].to_numpy()[world.counts["case"].to_numpy()[count]]
    unknown = (rows["planted"] == "no_conviction").to_numpy()
    serial = np.cumsum(unknown)
    days = rows["day"].to_numpy().astype(np.int64)
    frame = rows.drop(columns=["count", "day"]).assign(
        extract_label=LABEL,
        record="",
        # Unknown subjects have numbers that are in no file and that differ from the unknown subjects of the events.
        subject_id=np.where(unknown, (98_000_000 + serial).astype(str), world.people["subject_id"].to_numpy()[person]),
        cii_number=np.where(unknown, "", world.people["cii"].to_numpy()[person]),
        cnt_order=world.counts["cnt_order"].to_numpy()[count],
        case_number="",
        defendant_number="",
        count_number="",
        policy_id="",
        decision_date=np.where(days < 0, "", as_text(np.maximum(days, 0)).astype(object)),
    )
    frame = frame.iloc[np.lexsort((np.arange(len(frame)), days))].reset_index(drop=True)
    frame["decision_id"] = [f"RD{number:06d}" for number in range(1, len(frame) + 1)]
    return frame[[*DECISIONS, "planted"]]
