"""Relief events: which relief was ordered for which conviction, when, and which later stages it reached.

The same facts are written into ``world.counts``.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.court import count_number
from synthetic.dates import EVENTS_AS_OF, as_text, day
from synthetic.layouts import EVENTS
from synthetic.world import World
from synthetic.write import LABEL

LAST_DAY = day(EVENTS_AS_OF) - 3
DUPLICATES, UNKNOWN_RECORDS = 60, 40
PETITIONS_PENDING, PETITIONS_DECIDED = 60, 40
_WAVE_1_DAYS = tuple(map(day, ("2020-02-11", "2020-03-10", "2020-06-16", "2020-09-22", "2020-12-08")))
_WAVE_1_FELONY, _WAVE_1_MISDEMEANOR = (0.975, 0.010, 0.006, 0.006, 0.003), (0.60, 0.10, 0.10, 0.12, 0.08)
_WAVE_2_DAYS = tuple(map(day, ("2021-09-27", "2021-11-15", "2022-02-14", "2022-06-21", "2022-10-17")))
_WAVE_2_SHARES = (0.86, 0.06, 0.04, 0.025, 0.015)
_LATE_DAYS = tuple(map(day, ("2021-03-16", "2021-08-10", "2022-05-17")))
_NO_ORDER = ("challenged", "order_denied", "not_found_in_court", "already_relieved", "")
_REASONS = {
    "challenged": "eligibility challenged by the prosecution",
    "order_denied": "court found the conviction outside the statute",
    "not_found_in_court": "no record under the case number given",
    "already_relieved": "relieved under an earlier petition",
}


@dataclass
class EventLog:
    """Blocks of events. Each event names a count of the world by its DOJ key or by its court key."""

    world: World
    blocks: list[pd.DataFrame] = field(default_factory=list)

    def add(self, kind: str, rows: np.ndarray, days: np.ndarray, by_court: np.ndarray, **texts: Any) -> None:
        """Add one event for each given count."""
        block = pd.DataFrame({"count": rows, "day": np.minimum(days, LAST_DAY), "by_court": by_court})
        block["event_type"] = kind
        for name in ("batch_id", "relief_type", "legal_ground", "reason"):
            block[name] = texts.get(name, "")
        self.blocks.append(block)


def make_events(world: World) -> pd.DataFrame:
    """Return all events as texts, by date, and write the facts of orders and stages into ``world.counts``."""
    rng, counts, short = world.rng, world.counts, world.shortfalls
    counts["order_day"], counts["relief_type"], counts["no_order_reason"] = -1, "", ""
    counts["petition_day"] = -1
    for stage in ("order_entered", "court_record_updated", "doj_updated"):
        counts[stage] = False
    log = EventLog(world)
    role = counts["role"].to_numpy(dtype=object)
    target, wave_2 = np.flatnonzero(role == "target"), np.flatnonzero(role == "wave_2")
    ordered_1 = _without(log, target, short.wave_1_no_order, day("2019-12-10"), 200)
    ordered_2 = _without(log, wave_2, short.wave_2_no_order, day("2021-10-05"), 300)
    felony = counts["level"].to_numpy()[ordered_1] == "F"
    days_1 = np.where(
        felony,
        rng.choice(_WAVE_1_DAYS, len(ordered_1), p=_WAVE_1_FELONY),
        rng.choice(_WAVE_1_DAYS, len(ordered_1), p=_WAVE_1_MISDEMEANOR),
    )
    _order(log, ordered_1, days_1, np.zeros(len(ordered_1), dtype=bool), batch="LA-1")
    days_2 = rng.choice(_WAVE_2_DAYS, len(ordered_2), p=_WAVE_2_SHARES)
    _order(log, ordered_2, days_2, np.ones(len(ordered_2), dtype=bool), batch="LA-2")
    late = np.flatnonzero((role == "late") | (role == "neither"))
    by_court = (role[late] == "late") & chance(rng, len(late), 0.5)
    _order(log, late, rng.choice(_LATE_DAYS, len(late)), by_court, batch="LA-1B")
    again = np.flatnonzero((role == "redesignated") | (role == "court_redesignated"))
    in_doj = counts["doj_convicted"].to_numpy()[again]
    days = np.where(in_doj, day("2020-02-11"), day("2021-09-27"))
    _order(log, again, days, ~in_doj, batch="LA-R", relief_type="redesignation")
    for rows, not_entered, not_updated, doj_not in (
        (ordered_1, short.wave_1_not_entered, short.wave_1_court_not_updated, short.wave_1_doj_not_updated),
        (ordered_2, short.wave_2_not_entered, short.wave_2_court_not_updated, short.wave_2_doj_not_updated),
        (late, 0.05, 0.05, 0.05),
    ):
        _follow_up(log, rows, not_entered, not_updated, doj_not)
    some = ordered_1[chance(rng, len(ordered_1), 0.004)]
    if len(some):
        log.add("challenged", some, np.repeat(day("2019-12-20"), len(some)), np.zeros(len(some), dtype=bool),
                reason="challenge withdrawn before the order")  # fmt: skip
    events = _as_texts(log)
    petitions = _petitions(world)
    events = pd.concat([events, petitions, _attempts(world)], ignore_index=True)
    events["event_id"] = [f"EV{number:08d}" for number in range(1, len(events) + 1)]
    return events[[*EVENTS, "planted"]]


def _petitions(world: World) -> pd.DataFrame:
    """Add petitions from people who asked for relief themselves.

    Some petitions still wait, and some were followed by an order. They are drawn from a separate random stream and
    added after the other events, which therefore stay the same.
    """
    rng = np.random.default_rng(world.rng.bit_generator.seed_seq.spawn(1)[0])  # type: ignore[attr-defined]
    counts = world.counts
    role, order_day = counts["role"].to_numpy(dtype=object), counts["order_day"].to_numpy()
    reviewed = (role == "target") | (role == "wave_2")
    waiting = np.flatnonzero(
        reviewed & (order_day < 0) & ~counts["no_order_reason"].isin(("order_denied", "already_relieved")).to_numpy()
    )
    decided = np.flatnonzero(reviewed & (order_day >= 0))
    log = EventLog(world)
    for rows, wanted in ((waiting, PETITIONS_PENDING), (decided, PETITIONS_DECIDED)):
        some = rng.choice(rows, min(world.sizes.of(wanted), len(rows)), replace=False)
        latest = np.where(order_day[some] >= 0, order_day[some] - 20, day("2023-03-01"))
        days = latest - rng.integers(0, 400, len(some))
        counts.loc[some, "petition_day"] = days
        log.add("petition_filed", some, days, role[some] == "wave_2")
    return _texts(world, pd.concat(log.blocks, ignore_index=True).assign(planted=""))


def _attempts(world: World) -> pd.DataFrame:
    """Add attempts of the public defender to reach every second challenged person.

    These events are added after all others, and nothing is drawn for them.
    """
    counts = world.counts
    challenged = np.flatnonzero((counts["no_order_reason"] == "challenged").to_numpy())[::2]
    if not len(challenged):
        return pd.DataFrame()
    log = EventLog(world)
    by_court = ~counts["doj_convicted"].to_numpy()[challenged]
    log.add("public_defender_attempt", challenged, day("2022-08-01") + np.arange(len(challenged)) % 90, by_court)
    return _texts(world, pd.concat(log.blocks, ignore_index=True).assign(planted=""))


def _without(log: EventLog, rows: np.ndarray, share: float, first: int, spread: int) -> np.ndarray:
    """Choose the rows that get no order, add events that explain most of them, and return the other rows."""
    rng, counts = log.world.rng, log.world.counts
    missing = shortfall(rng.random(len(rows)), share)
    lost = rows[missing]
    by_court = ~counts["doj_convicted"].to_numpy()[lost]
    # A case that is in the court's file cannot have the reason "not found in court".
    shares = np.where(by_court[:, None], (0.5, 0.2, 0.0, 0.1, 0.2), (0.4, 0.15, 0.15, 0.1, 0.2))
    reason = (rng.random(len(lost))[:, None] >= np.cumsum(shares, axis=1)).sum(axis=1).clip(0, len(_NO_ORDER) - 1)
    counts.loc[lost, "no_order_reason"] = np.array([text or "no_event" for text in _NO_ORDER], dtype=object)[reason]
    for number, kind in enumerate(_NO_ORDER):
        some = lost[reason == number]
        if kind and len(some):
            days = first + rng.integers(0, spread, len(some))
            log.add(kind, some, days, by_court[reason == number], reason=_REASONS[kind])
    return rows[~missing]


def _order(
    log: EventLog, rows: np.ndarray, days: np.ndarray, by_court: np.ndarray, *, batch: str, relief_type: str = ""
) -> None:
    rng, counts = log.world.rng, log.world.counts
    n = len(rows)
    relief = np.where(chance(rng, n, 0.97), "dismissal_and_sealing", "dismissal").astype(object)
    ground = np.array(("11361.8 legal invalidity", "PC 1385", "office policy"), dtype=object)
    grounds = ground[rng.choice(3, n, p=(0.85, 0.10, 0.05))]
    if relief_type:
        relief[:], grounds[:] = relief_type, "11361.8 redesignation"
    counts.loc[rows, "order_day"] = days
    counts.loc[rows, "relief_type"] = relief
    batches = batch + "-" + as_text(days).astype(object)
    log.add("order_signed", rows, days, by_court, batch_id=batches, relief_type=relief, legal_ground=grounds)


def _follow_up(log: EventLog, rows: np.ndarray, not_entered: float, not_updated: float, doj_not_updated: float) -> None:
    """Add the events that follow an order.

    Court events name the count by the court's key if the court's file contains the count.
    """
    rng, counts = log.world.rng, log.world.counts
    draw = rng.random(len(rows))
    entered = rows[~shortfall(draw, not_entered)]
    updated = rows[~shortfall(draw, not_entered + not_updated)]
    doj = updated[~shortfall(rng.random(len(updated)), doj_not_updated)]
    counts.loc[entered, "order_entered"] = True
    counts.loc[updated, "court_record_updated"] = True
    counts.loc[doj, "doj_updated"] = True
    in_court = counts["court_convicted"].to_numpy()
    in_doj = counts["doj_convicted"].to_numpy()
    when = counts["order_day"].to_numpy().copy()
    for kind, some, low, high, by_court in (
        ("order_entered", entered, 1, 40, in_court),
        ("court_record_updated", updated, 5, 150, in_court),
        ("record_sealed", updated[chance(rng, len(updated), 0.25)], 0, 20, in_court),
        ("reported_to_doj", updated[chance(rng, len(updated), 0.35)], 0, 8, ~in_doj),
        ("doj_updated", doj, 8, 90, ~in_doj),
        ("verified", doj[chance(rng, len(doj), 0.01)], 5, 60, ~in_doj),
    ):
        days = when[some] + rng.integers(low, high + 1, len(some))
        log.add(kind, some, days, by_court[some])
        if kind not in ("record_sealed", "reported_to_doj"):
            when[some] = days


def shortfall(draw: np.ndarray, share: float) -> np.ndarray:
    """Return True for the rows with the lowest draws, so that the given share of the rows is True (rounded)."""
    missing = np.zeros(len(draw), dtype=bool)
    missing[np.argsort(draw, kind="stable")[: round(share * len(draw))]] = True
    return missing


def _serials(letters: str, numbers: np.ndarray, digits: int) -> np.ndarray:
    return np.char.add(letters, np.char.zfill(numbers.astype(str), digits)).astype(object)


def _as_texts(log: EventLog) -> pd.DataFrame:
    world = log.world
    rng = world.rng
    events = pd.concat(log.blocks, ignore_index=True)
    orders = np.flatnonzero((events["event_type"] == "order_signed") & (events["relief_type"] != "redesignation"))
    twice = rng.choice(orders, world.sizes.of(DUPLICATES), replace=False)
    strangers = rng.choice(orders, world.sizes.of(UNKNOWN_RECORDS), replace=False)
    events["planted"] = ""
    events = pd.concat(
        [
            events,
            events.iloc[twice].assign(planted="duplicate"),
            events.iloc[strangers].assign(planted="unknown_record"),
        ],
        ignore_index=True,
    )
    return _texts(world, events)


def _texts(world: World, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events in the columns of the file, by date. The caller assigns the ids later."""
    counts, cases, people = world.counts, world.cases, world.people
    count = events["count"].to_numpy()
    case = counts["case"].to_numpy()[count]
    person = cases["person"].to_numpy()[case]
    by_court = events["by_court"].to_numpy().astype(bool)
    unknown = (events["planted"] == "unknown_record").to_numpy()
    serial = np.cumsum(unknown)
    texts = {
        "extract_label": np.repeat(LABEL, len(events)).astype(object),
        "event_type": events["event_type"].to_numpy(),
        "event_date": as_text(events["day"].to_numpy()),
        # An unknown record has numbers that are in no file: a subject from 99000000, a case from ZZ000001, or count 99
        # of a known case.
        "subject_id": np.where(unknown, (99_000_000 + serial).astype(str), people["subject_id"].to_numpy()[person]),
        "cii_number": np.where(unknown, _serials("Z", serial, 8), people["cii"].to_numpy()[person]),
        "cnt_order": counts["cnt_order"].to_numpy()[count],
        "case_number": np.where(
            unknown & (serial % 2 == 0), _serials("ZZ", serial, 6), cases["case_number"].to_numpy()[case]
        ),
        "defendant_number": cases["defendant_number"].to_numpy()[case],
        "count_number": np.where(unknown, "99", count_number(counts["court_number"].to_numpy()[count])),
    }  # fmt: skip
    for name in ("subject_id", "cii_number", "cnt_order"):
        texts[name] = np.where(by_court, "", texts[name])
    for name in ("case_number", "defendant_number", "count_number"):
        texts[name] = np.where(by_court, texts[name], "")
    for name in ("batch_id", "relief_type", "legal_ground", "reason", "planted"):
        texts[name] = events[name].to_numpy(dtype=object)
    frame = pd.DataFrame(texts)
    order = np.lexsort((np.arange(len(frame)), events["day"].to_numpy()))
    return frame.iloc[order].reset_index(drop=True)
