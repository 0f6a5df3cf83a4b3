"""The lifecycle on whole files: planted shortfalls are found, nothing is double after a re-delivery, what contradicts
itself is kept and named, and what changed is said with its cause."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relief.building.build import build
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.synth import write_extracts
from relief.synth.sizes import SHORTFALLS
from tests.python.warehouse import quiet

STAGES = ("order_signed", "order_entered", "court_record_updated", "doj_updated")
Row = dict[str, str]


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def make(home: Home) -> Home:
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home


def funnel(home: Home) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = ask(home, "select wave, stage, counted, counted_low, counted_high from reporting.rpt_relief_funnel")
    return {(wave, stage): (counted, low, high) for wave, stage, counted, low, high in rows}


# Planted shortfalls --------------------------------------------------------------------------------------------------
def true_counts(convictions: Path) -> Counter[tuple[str, str]]:
    """Convictions of each wave that reached each stage, by the truth file."""
    found: Counter[tuple[str, str]] = Counter()
    with convictions.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["wave"] not in ("1", "2") or not row["order_date"] or "dismissal" not in row["relief_type"]:
                continue
            found[row["wave"], "order_signed"] += 1
            for stage in STAGES[1:]:
                found[row["wave"], stage] += row[stage] == "true"
    return found


@pytest.mark.full  # a whole build each
@pytest.mark.parametrize("share", [0.01, 0.05, 0.20])
def test_a_planted_shortfall_of_each_wave_and_stage_lies_within_the_stated_range(tmp_path: Path, share: float) -> None:
    planted = dict.fromkeys(SHORTFALLS, share)
    extracts = write_extracts(tmp_path / "extracts", 0.05, 11, quiet, planted)
    home = Home(tmp_path / "home")
    for source, paths in extracts.paths.items():
        land(home, source, paths, extracts.as_of[source], None, quiet)
    counted = funnel(make(home))
    truth = true_counts(extracts.convictions_path)
    redesignated = dict(
        ask(
            home,
            "select wave, counted - dismissals from reporting.rpt_relief_funnel where stage = 'order_signed'",
        )
    )
    for wave in ("1", "2"):
        for stage in STAGES:
            _, low, high = counted[wave, stage]
            extra = redesignated[wave] if stage == "order_signed" else 0
            assert low - extra <= truth[wave, stage] <= high - extra, (wave, stage, share)
        for before, after in zip(STAGES, STAGES[1:], strict=False):
            missing = truth[wave, before] - truth[wave, after]
            extra = redesignated[wave] if before == "order_signed" else 0
            least = counted[wave, before][1] - extra - counted[wave, after][2]
            most = counted[wave, before][2] - extra - counted[wave, after][1]
            assert least <= missing <= most, (wave, before, after, share)
            assert missing / truth[wave, before] == pytest.approx(share, rel=0.35, abs=0.005)


# Events that cannot be, and events told again ------------------------------------------------------------------------
def read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(rows: Iterable[Row], path: Path) -> Path:
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def name_of(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in ("subject_id", "cnt_order", "case_number", "defendant_number", "count_number"))


def pick(events: list[Row], has: set[str], lacks: set[str], used: set[tuple[str, ...]]) -> tuple[Row, Row]:
    """An event's row and the order of a count of the DOJ's file with these events and without those; each but once."""
    kinds: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in events:
        kinds.setdefault((row["subject_id"], row["cnt_order"]), {})[row["event_type"]] = row
    for name, told in kinds.items():
        if name[0] and not name[0].startswith("99") and name not in used and has <= set(told) and not lacks & set(told):
            used.add(name)
            return next(told[kind] for kind in sorted(has)), told.get("order_signed", {})
    raise AssertionError(f"no count with {has} and without {lacks}")


class Told:
    """What the second file of events tells, and what must come of it."""

    def __init__(self, events: list[Row]) -> None:
        used: set[tuple[str, ...]] = set()
        order, order_row = pick(events, {"order_signed"}, {"order_entered", "petition_filed"}, used)
        self.before_conviction = order | {"event_type": "order_entered", "event_date": "1930-01-01"}
        order, order_row = pick(events, {"order_signed"}, {"order_entered", "petition_filed"}, used)
        self.in_the_future = order | {"event_type": "order_entered", "event_date": "2090-01-01"}
        denied, _ = pick(events, {"order_denied"}, {"order_signed"}, used)
        self.after_denial = denied | {
            "event_type": "order_signed",
            "event_date": "2020-09-01",
            "relief_type": "dismissal",
            "reason": "",
        }
        order, order_row = pick(events, {"order_signed"}, {"order_entered"}, used)
        early = date.fromisoformat(order_row["event_date"]).replace(day=1).isoformat()
        self.out_of_order = order | {"event_type": "order_entered", "event_date": early}
        order, _ = pick(events, {"order_signed"}, {"challenged", "petition_filed"}, used)
        self.second_order = order | {"event_date": "2022-12-01", "legal_ground": "PC 1385"}

    @property
    def rows(self) -> list[Row]:
        """With ids of their own, and without the relief of the order that they were made from."""
        rows = [self.before_conviction, self.in_the_future, self.after_denial, self.out_of_order, self.second_order]
        return [
            row
            | {"event_id": f"LIFE{number}"}
            | ({} if row["event_type"] == "order_signed" else {"relief_type": "", "legal_ground": ""})
            for number, row in enumerate(rows)
        ]


@pytest.fixture(scope="module")
def first(ran: tuple[Home, list[str]]) -> Home:
    return ran[0]


@pytest.fixture(scope="module")
def again(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Told]:
    """All events delivered a second time in another order, and five that contradict the first."""
    folder = tmp_path_factory.mktemp("again")
    home = Home(Path(shutil.copytree(ran[0].path, folder / "home")))
    (path,) = (home.path / "synthetic").rglob("*relief_events*.csv")
    events = read(path)
    told = Told(events)
    land(home, "relief_events", [write(reversed(events), folder / "SYNTHETIC_again.csv")], date(2023, 7, 10), None, quiet)
    land(home, "relief_events", [write(told.rows, folder / "SYNTHETIC_odd.csv")], date(2023, 7, 10), None, quiet)
    return make(home), told


def test_nothing_is_double_after_a_second_delivery(first: Home, again: tuple[Home, Told]) -> None:
    before, after = funnel(first), funnel(again[0])
    for wave, stage in before:
        extra = {"order_signed": 1, "order_entered": 3}.get(stage, 0) if wave == "all" else None
        if extra is not None:
            assert after[wave, stage][0] == before[wave, stage][0] + extra, stage
    told_twice = "select count(*) from quality.audit_unmatched_events where finding = 'event_duplicate'"
    matched = "select count(*) from intermediate.int_identity__event_matches where match_status = 'matched'"
    # Every event that was matched is now told again, and those that were told twice already are told thrice.
    ((once,), (twice,)) = ask(first, told_twice), ask(again[0], told_twice)
    ((events,),) = ask(first, matched)
    assert twice == 2 * once + events
    ((days,),) = ask(first, "select sum(reached) from reporting.rpt_relief_stage_days where group_type = 'all'")
    ((days_again,),) = ask(again[0], "select sum(reached) from reporting.rpt_relief_stage_days where group_type = 'all'")
    assert days_again == days + 1  # the order after a denial; no day that cannot be true is measured


def test_what_contradicts_itself_is_kept_and_named(first: Home, again: tuple[Home, Told]) -> None:
    query = "select stage, finding, stage_date from quality.audit_lifecycle_contradictions"
    before, after = Counter(ask(first, query)), Counter(ask(again[0], query))
    told = again[1]
    new = {(stage, finding): str(day) for (stage, finding, day), _ in (after - before).items()}
    assert new.pop(("order_signed", "lifecycle_several_dates")) < "2022-12-01"  # the first counts
    assert new == {
        ("order_entered", "lifecycle_before_conviction"): "1930-01-01",
        ("order_entered", "lifecycle_in_the_future"): "2090-01-01",
        ("order_signed", "lifecycle_order_after_denial"): "2020-09-01",
        ("order_entered", "lifecycle_out_of_order"): told.out_of_order["event_date"],
    }
    ((stuck,),) = ask(
        again[0],
        "select count(*) from marts.fct_relief_lifecycle where order_entered_status = 'doubtful' and days_in_stage is null",
    )
    assert stuck == 2  # how long they have been there cannot be told
    low = {wave: rows[1] for (wave, stage), rows in funnel(again[0]).items() if stage == "order_entered"}
    counted = {wave: rows[0] for (wave, stage), rows in funnel(again[0]).items() if stage == "order_entered"}
    assert counted["all"] - low["all"] == 2  # a day that cannot be true lowers the range, not the count


def test_what_changed_is_said_with_the_delivery_that_changed_it(again: tuple[Home, Told]) -> None:
    home, _ = again
    (odd,) = ask(home, "select delivery_id from raw.deliveries where records = 5")
    rows = ask(
        home,
        "select what, was, became, cause, caused_by from quality.audit_changes_since_last_build where what like 'stage%'",
    )
    assert {(what, became) for what, _, became, _, _ in rows} >= {
        ("stage order_entered", "1930-01-01"),
        ("stage order_entered", "2090-01-01"),
        ("stage order_signed", "2020-09-01"),
    }
    assert {(was, cause) for _, was, _, cause, _ in rows} == {(None, "delivery")}
    assert all(odd[0] in caused_by for *_, caused_by in rows)
    assert len(rows) == 4
    causes = ask(home, "select distinct cause from quality.audit_change_counts")
    assert set(causes) == {("delivery",)}
    assert ask(home, "select 1 from quality.audit_change_counts where cause = 'first build'") == []


def test_a_first_build_says_so(first: Home) -> None:
    assert ask(first, "select what, cause, changes from quality.audit_change_counts") == [("all", "first build", 0)]


@pytest.mark.full  # two more builds
def test_a_moved_day_and_an_earlier_figure(again: tuple[Home, Told], tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(again[0].path, tmp_path / "home")))
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=date(2031, 1, 1), report=quiet)
    causes = ask(home, "select distinct what, cause from quality.audit_change_counts")
    assert causes == [("determination", "evaluation date")]
    versions = "select count(*), count(dbt_valid_to) from snapshots.snap_relief_determinations"
    before = ask(home, versions)
    ((landed,),) = ask(home, "select min(landed_at) + interval 1 minute from raw.deliveries")
    build(
        home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet, as_known_at=landed
    )  # what was known earlier is no change
    assert ask(home, versions) == before
