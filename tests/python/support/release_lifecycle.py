"""Lifecycle tables of a small published release, with invented numbers that add up."""

from datetime import date
from typing import Any

AS_OF = date(2021, 12, 31)
STAGES = (
    ("identified", "Identified", 1_000),
    ("reviewed", "Reviewed by an attorney", 20),
    ("submitted_to_court", "Submitted to the court", 0),
    ("order_signed", "Order signed", 900),
    ("order_entered", "Order entered", 880),
    ("court_record_updated", "Court record updated", 850),
    ("reported_to_doj", "Reported to the DOJ", 300),
    ("doj_updated", "DOJ record updated", 800),
    ("verified", "Verified on a background check", 5),
)
WAITING = {"identified": (70, 60, 2), "order_signed": (20, 12, 2)}
"""Who waits in a stage, past its limit, since an unknown day; with who ended and who is visible these are all."""
ENDED = {"identified": 110}
HOUSES = {"all": 1.0, "COMPTON COURTHOUSE": 0.6, "NORWALK COURTHOUSE": 0.3, "unknown": 0.1}
Rows = list[tuple[Any, ...]]


def lifecycle_rows(synthetic: bool, *, events: bool = True) -> dict[str, Rows]:
    """The rows of the lifecycle tables; without events, nobody knows who is waiting."""
    return {
        "rpt_relief_standing": [
            (house, standing, "convictions", round(count * part), count / 1_000, AS_OF, AS_OF, synthetic)
            for house, part in HOUSES.items()
            for standing, count in (("all", 1_000), ("not_ordered", 180), ("ordered", 20), ("visible", 800))
        ],
        "rpt_relief_funnel": [
            (
                wave,
                number,
                stage,
                title,
                "convictions",
                _known(round(count * part), events or number == 1),
                _known(round(count * part), events or number == 1),
                _known(round(count * part) + (stage == "reviewed") * 40, events or number == 1),
                _known(round(WAITING.get(stage, (0, 0, 0))[0] * part), events),
                _known(round(ENDED.get(stage, 0) * part), events),
                _known(round(WAITING.get(stage, (0, 0, 0))[1] * part), events),
                _known(round(WAITING.get(stage, (0, 0, 0))[2] * part), events),
                AS_OF,
                synthetic,
            )
            for wave, part in (("all", 1.0), ("1", 0.5), ("2", 0.4), ("neither", 0.1))
            for number, (stage, title, count) in enumerate(STAGES, start=1)
        ],
        "rpt_relief_stage_days": [
            (number, name, title, kind, group, "convictions", 900, 850, 45, 5, median, None, synthetic)
            for number, (name, title, median) in enumerate(
                (
                    ("order_to_entered", "Order signed to entered", 21),
                    ("order_to_doj", "Order signed to DOJ record", None),
                ),
                start=1,
            )
            for kind, group in (("all", "all"), ("wave", "1"), ("wave", "2"), ("wave", "neither"))
        ],
        "rpt_stuck_convictions": [
            (
                4,
                stage,
                title,
                "convictions",
                house,
                count,
                stuck,
                2,
                30,
                "The disposition is due" if stage == "order_signed" else "A quarter",
                "law" if stage == "order_signed" else "office",
                "PC 13151" if stage == "order_signed" else None,
                days,
                date(2020, 1, 2),
                rank,
                synthetic,
            )
            for stage, title, house, count, stuck, days, rank in (
                ("order_signed", "Order signed", "all", 20, 12, 400, 2),
                ("identified", "Identified", "all", 70, 60, 900, 1),
                ("order_signed", "Order signed", "COMPTON COURTHOUSE", 20, 12, 400, 2),
                ("identified", "Identified", "NORWALK COURTHOUSE", 70, 60, 900, 1),
            )
        ]
        * events,
        "rpt_relief_by_courthouse": [
            (house, *_reached(number, stage, count, part, synthetic, events=events))
            for house, part in HOUSES.items()
            for number, (stage, _, count) in enumerate(STAGES, start=1)
        ],
        "rpt_relief_by_race_sex_age": [
            (*group, *_reached(number, stage, count, part, synthetic, events=events))
            for group, part in (
                (("all", "all", "all"), 1.0),
                (("black", "all", "all"), 0.4),
                (("unknown", "all", "all"), 0.6),
                (("all", "male", "all"), 1.0),
                (("all", "all", "unknown"), 0.1),
                (("all", "all", "50 and older"), 0.2),
                (("all", "all", "35-49"), 0.3),
                (("all", "all", "21-34"), 0.3),
                (("all", "all", "under 21"), 0.1),
                (("black", "male", "21-34"), 0.4),
            )
            for number, (stage, _, count) in enumerate(STAGES, start=1)
        ],
        "change_counts": [
            ("stage", "", "delivery", 40, 31),
            ("determination", "statutory_11361_8", "decision", 3, 3),
        ],
    }


def _known(count: int, is_known: bool) -> int | None:
    return count if is_known else None


def _reached(number: int, stage: str, count: int, part: float, synthetic: bool, *, events: bool) -> tuple[Any, ...]:
    reached = _known(round(count * part), events or number == 1)
    rate = None if reached is None else reached / round(1_000 * part)
    stuck = _known(round(WAITING.get(stage, (0, 0, 0))[1] * part), events)
    return number, stage, round(1_000 * part), reached, rate, stuck, synthetic
