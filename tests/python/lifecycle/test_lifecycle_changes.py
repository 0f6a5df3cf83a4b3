"""A small data folder over seven builds: repeated files, contradictions, decisions, policies, and reported changes."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relief.building.build import build
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.landing.layout import load_source
from relief.policies.life import approve_policy, copy_policy
from tests.python.support import doj_file
from tests.python.support.warehouse import quiet

pytestmark = pytest.mark.full  # it builds seven times

DISMISSAL = "dismissal"
Row = dict[str, str]


def event(person: int, event_type: str, day: str, relief_type: str = "") -> Row:
    return {
        "event_type": event_type,
        "event_date": day,
        "relief_type": relief_type,
        "subject_id": str(person),
        "cii_number": f"A1000{person:04d}",
        "cnt_order": "101001001000",
    }


PEOPLE = [
    doj_file.row(
        str(person), cii_number=f"A1000{person:04d}", pri_name=f"DOE,{chr(64 + person)}",
        pri_dob=f"{1963 + person}0115", ofn=f"BA{person:06d}",
    )
    for person in range(1, 11)
]  # fmt: skip
EVENTS = [
    event(1, "order_signed", "2020-02-11", DISMISSAL),
    event(1, "order_entered", "2020-02-20"),
    event(1, "court_record_updated", "2020-03-01"),
    event(1, "doj_updated", "2020-04-01"),
    event(2, "order_signed", "2020-02-11", DISMISSAL),
    event(2, "order_entered", "2020-02-20"),
    event(3, "order_signed", "2020-02-11", DISMISSAL),
    event(4, "motion_filed", "2020-01-15"),
    event(6, "order_denied", "2020-03-05"),
    event(7, "already_relieved", ""),
    event(8, "order_signed", "2020-02-11", "redesignation"),
    event(8, "reported_to_doj", "2020-03-01"),
]
UNDATED = {"event_without_date": 1}  # the event of person 7
LATER = [event(3, "order_entered", "2020-07-05"), event(9, "order_signed", "2020-07-10", DISMISSAL)]
TO_COME = event(10, "order_signed", "2020-09-15", DISMISSAL)
BEFORE_CONVICTION = event(4, "order_signed", "2004-01-01", DISMISSAL)
ODD = [
    event(1, "order_denied", "2020-05-01"),
    event(2, "order_entered", "2020-02-25"),
    event(5, "order_denied", "2020-08-01"),
    event(5, "QXZ", "2020-08-01"),
    event(6, "order_signed", "2020-08-10", DISMISSAL),
    event(9, "court_record_updated", "2020-07-01"),
    event(99, "order_signed", "2020-08-01", DISMISSAL),
    TO_COME,
]


@dataclass
class Seen:
    """What one build reports."""

    counted: dict[str, tuple[int, int, int]]
    waiting: dict[str, tuple[int, int, int]]
    changes: list[tuple[Any, ...]]
    counts: Counter[tuple[str, str, str]]
    odd: set[tuple[Any, ...]]
    unmatched: dict[str, int]
    snapshots: tuple[int, ...]
    lives: dict[int, tuple[Any, ...]]
    dismissed: dict[str, int]

    def of(self, what: str, policy_id: str = "") -> dict[int, tuple[Any, ...]]:
        """(was, became, cause, caused_by) by person."""
        return {row[1]: row[3:] for row in self.changes if (row[0], row[2]) == (what, policy_id)}


@dataclass
class Desk:
    """The data folder and the files that are landed in it."""

    folder: Path
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = Home(self.folder / "home")

    def land(self, source: str, name: str, rows: list[Row], as_of: str, supersedes: str | None = None) -> str:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(load_source(source).tables[0].columns), restval="")
            writer.writeheader()
            writer.writerows(rows)
        day = date.fromisoformat(as_of)
        (result,) = land(self.home, source, [path], day, supersedes, self.said.append)
        return result.delivery_id

    def build(self, day: date | None = None) -> Seen:
        build(self.home, target="duckdb", county="LOS ANGELES", evaluated_as_of=day, report=quiet)
        ask = self.ask
        stages = ask(
            "select stage, counted, counted_low, counted_high, waiting_here, ended_here, stuck_here "
            "from reporting.rpt_relief_funnel where wave = 'all'"
        )
        return Seen(
            counted={row[0]: row[1:4] for row in stages},
            waiting={row[0]: row[4:] for row in stages},
            changes=ask(
                f"select what, {PERSON}, policy_id, was, became, cause, caused_by "
                "from quality.audit_changes_since_last_build"
            ),
            counts=Counter(
                {
                    row[:3]: row[3]
                    for row in ask("select what, policy_id, cause, changes from quality.audit_change_counts")
                }
            ),
            odd=set(ask(f"select {PERSON}, stage, finding from quality.audit_lifecycle_contradictions")),
            unmatched=dict(ask("select finding, count(*) from quality.audit_unmatched_events group by 1")),
            snapshots=ask(
                "select (select count(*) from snapshots.snap_relief_determinations), (select count(*) from "
                "snapshots.snap_relief_stages), (select count(*) from snapshots.snap_build_inputs)"
            )[0],
            lives={
                row[0]: row[1:]
                for row in ask(
                    f"select {PERSON}, current_stage, waiting_status, days_in_stage, is_stuck, outcome "
                    "from marts.fct_relief_lifecycle"
                )
            },
            dismissed=dict(
                ask(
                    "select wave, dismissals from reporting.rpt_dismissals_by_year_and_offense where year = 'all' and "
                    "offense = 'all' and level = 'all' and unit = 'convictions' and year_basis = 'conviction_year'"
                )
            ),
        )

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with open_warehouse(self.home, read_only=True) as connection:
            return connection.execute(sql).fetchall()


PERSON = "cast(regexp_extract(conviction_key, 'A1000([0-9]{4})', 1) as integer)"
Builds = tuple[dict[str, Seen], dict[str, str]]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    desk = Desk(tmp_path_factory.mktemp("changes"))
    seen, files = {}, {}
    doj = doj_file.write(desk.folder / "doj.csv", PEOPLE)
    land(desk.home, "ca_doj", [doj], date(2019, 7, 1), None, quiet)
    files["events"] = desk.land("relief_events", "events.csv", EVENTS, "2020-06-30")
    policy = copy_policy(desk.home, "la_pilot_2019", "county", None)
    seen["first"] = desk.build()
    assert desk.land("relief_events", "other_name.csv", EVENTS, "2020-07-31") == files["events"]
    seen["nothing new"] = desk.build()
    files["overlap"] = desk.land("relief_events", "overlap.csv", [*EVENTS, *LATER], "2020-07-31")
    approve_policy(desk.home, "county", "A. Attorney", None)
    seen["overlap"] = desk.build()
    files["odd"] = desk.land("relief_events", "odd.csv", [*ODD, BEFORE_CONVICTION], "2020-08-31")
    seen["odd"] = desk.build()
    files["confirmed"] = desk.land("relief_events", "confirmed.csv", [TO_COME], "2020-09-30")
    decision = {
        "decision_type": "eligibility", "policy_id": "statutory_11361_8", "verdict": "not eligible",
        "ground": "a strike", "attorney": "A. Attorney", "decision_date": "2020-09-01", "cnt_order": "101001001000",
        "subject_id": "5", "cii_number": "A10000005", "decision_id": "d1",
    }  # fmt: skip
    files["decisions"] = desk.land("review_decisions", "decisions.csv", [decision], "2020-09-30")
    text = policy.read_text(encoding="utf-8").replace("threshold: 50", "threshold: 30")
    policy.write_text(text.replace("version: ", "version: later "), encoding="utf-8")
    approve_policy(desk.home, "county", "A. Attorney", None)
    seen["decided"] = desk.build()
    files["mended"] = desk.land("relief_events", "mended.csv", ODD, "2020-08-31", supersedes=files["odd"])
    seen["superseded"] = desk.build()
    seen["later day"] = desk.build(date(2031, 1, 1))
    return seen, files


def test_five_lives_in_different_stages_as_counted_by_hand(builds: Builds) -> None:
    """Stages on 2020-06-30, the as-of date of the events.

    One limit is 30 days after the order; the other is 92 days after the stage.
    """
    lives = builds[0]["first"].lives
    assert lives[1] == ("doj_updated", "visible", 90, False, "ordered_dismissal")
    assert lives[2] == ("order_entered", "waiting", 131, True, "ordered_dismissal")
    assert lives[4] == ("submitted_to_court", "waiting", 167, True, None)
    assert lives[5] == ("identified", "waiting", 365, False, None)  # one day less than the limit
    assert lives[6] == ("identified", "ended", 248, False, "denied")
    assert lives[8] == ("reported_to_doj", "waiting", 121, True, "ordered_redesignation")


def test_a_first_build_and_one_with_nothing_new_change_nothing(builds: Builds) -> None:
    first, again = builds[0]["first"], builds[0]["nothing new"]
    assert first.counts == {("all", "", "first build"): 0}
    assert again.counts == {("all", "", "nothing changed"): 0}
    assert (again.changes, again.snapshots, again.counted) == ([], first.snapshots, first.counted)


def test_an_overlapping_export_counts_what_is_new_and_nothing_twice(builds: Builds) -> None:
    first, overlap = builds[0]["first"], builds[0]["overlap"]
    more = {"order_signed": 1, "order_entered": 1}
    assert {stage: row[0] for stage, row in overlap.counted.items()} == {
        stage: row[0] + more.get(stage, 0) for stage, row in first.counted.items()
    }
    assert overlap.unmatched == {"event_duplicate": len(EVENTS), **UNDATED}
    delivery = builds[1]["overlap"]
    assert overlap.of("stage order_entered") == {3: (None, "2020-07-05", "delivery", delivery)}
    assert overlap.of("stage order_signed") == {9: (None, "2020-07-10", "delivery", delivery)}
    assert overlap.of("wave") == {9: ("neither", "1", "delivery", delivery)}
    assert (overlap.dismissed["all"], first.dismissed["all"]) == (4, 3)


def test_a_policy_that_is_approved_is_the_cause_although_files_came_too(builds: Builds) -> None:
    rows = builds[0]["overlap"].of("determination", "county")
    assert sorted(rows) == list(range(1, 11))
    assert {(was, cause) for was, _, cause, _ in rows.values()} == {(None, "policy")}
    assert {caused_by[:7] for *_, caused_by in rows.values()} == {"new to "}


def test_contradictions_are_kept_counted_once_and_named(builds: Builds) -> None:
    before, odd = builds[0]["overlap"], builds[0]["odd"]
    assert odd.odd - before.odd == {
        (1, "order_signed", "lifecycle_denial_after_order"),
        (2, "order_entered", "lifecycle_several_dates"),
        (4, "order_signed", "lifecycle_before_conviction"),
        (6, "order_signed", "lifecycle_order_after_denial"),
        (9, "court_record_updated", "lifecycle_out_of_order"),
        (9, "order_entered", "lifecycle_skipped"),
        (10, "order_signed", "lifecycle_in_the_future"),
    }
    # Person 4's order cannot be true, so it is in the count but not in its lower bound. Person 10's order is still in
    # the future. Person 99 is not in the files.
    assert (before.counted["order_signed"], odd.counted["order_signed"]) == ((5, 5, 5), (7, 6, 7))
    assert odd.counted["order_entered"][:2] == (3, 3)
    assert odd.counted["court_record_updated"][:2] == (2, 2)
    new = {"order_no_conviction": 1, "event_type_unknown": 1}
    assert odd.unmatched == {"event_duplicate": len(EVENTS), **UNDATED, **new}
    assert odd.lives[5][:2] == ("identified", "ended")
    assert odd.lives[10] == ("identified", "waiting", 427, True, None)
    assert odd.of("stage order_entered") == {}
    assert odd.waiting["identified"] == (1, 2, 1)


def test_a_day_to_come_that_a_later_file_confirms_is_one_like_any_other(builds: Builds) -> None:
    decided = builds[0]["decided"]
    assert (10, "order_signed", "lifecycle_in_the_future") not in decided.odd
    assert decided.counted["order_signed"] == (8, 7, 8)
    assert decided.lives[10] == ("order_signed", "waiting", 15, False, "ordered_dismissal")


def test_decisions_and_versions_of_a_policy_are_told_apart(builds: Builds) -> None:
    decided, files = builds[0]["decided"], builds[1]
    key = f"{files['decisions']}:1"
    ((person, (was, became, cause, caused_by)),) = decided.of("determination", "statutory_11361_8").items()
    assert (person, cause, caused_by) == (5, "decision", key)
    assert (was.split(":")[0], became) == ("Eligible for Redesignation", "Not eligible: Decided by an attorney")
    assert decided.of("stage reviewed") == {5: (None, "2020-09-01", "decision", files["decisions"])}
    # The later version of the policy changes the results of people under 50. Person 10 is also in a file of this build,
    # so the true cause is unknown.
    of_policy = {person: row[2:] for person, row in decided.of("determination", "county").items()}
    assert of_policy.keys() >= {7, 9, 10}
    assert of_policy.pop(10) == ("delivery", files["confirmed"])
    assert {cause for cause, _ in of_policy.values()} == {"policy"}
    assert all(" to later " in versions for _, versions in of_policy.values())


def test_what_replaced_a_file_is_the_cause_of_what_is_gone(builds: Builds) -> None:
    seen, files = builds
    superseded = seen["superseded"]
    assert superseded.of("stage order_signed") == {4: ("2004-01-01", None, "delivery", files["odd"])}
    assert superseded.of("wave") == {}  # an order without a known date was in no wave for certain
    assert superseded.of("outcome") == {4: ("ordered_dismissal", None, "delivery", files["odd"])}
    assert {cause for *_, cause, _ in superseded.changes} == {"delivery"}
    assert superseded.counted["order_signed"] == (7, 7, 7)
    assert superseded.odd == seen["decided"].odd - {(4, "order_signed", "lifecycle_before_conviction")}


def test_another_day_of_evaluation_moves_determinations_and_no_stage(builds: Builds) -> None:
    later, superseded = builds[0]["later day"], builds[0]["superseded"]
    assert later.changes
    assert {row[0] for row in later.changes} == {"determination"}
    assert {row[5:] for row in later.changes} == {("evaluation date", "2019-07-01 to 2031-01-01")}
    assert (later.counted, later.lives) == (superseded.counted, superseded.lives)


def test_whatever_was_delivered_the_counts_add_up(builds: Builds) -> None:
    for name, seen in builds[0].items():
        visible = sum(life[1] == "visible" for life in seen.lives.values())
        assert sum(waiting + ended for waiting, ended, _ in seen.waiting.values()) + visible == len(PEOPLE), name
        assert sum(count for wave, count in seen.dismissed.items() if wave != "all") == seen.dismissed["all"], name
        assert all(low <= counted <= high for counted, low, high in seen.counted.values()), name
        assert sum(seen.counts.values()) == len(seen.changes), name
