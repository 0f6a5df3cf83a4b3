"""`relief export ab1706`: write the joint progress report, exact for the office and suppressed for the public."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.errors import ReliefError
from relief.export.ab1706_list import write_list
from relief.export.built import Built, read_built
from relief.export.folder import new_folder
from relief.export.sheets import TableFiles
from relief.home import Home, open_warehouse
from relief.publishing.ab1706 import GENDERS, GROUPS, MEASURES, RACES, TOTAL, Beside, Place, suppress_ab1706
from relief.publishing.closed import refuse_free_rows
from relief.publishing.closed_lists import AB1706, EXPORTS
from relief.publishing.county_policies import ACCEPTED, COUNTY_TITLE, public_ids
from relief.publishing.suppression import suppression_threshold

if TYPE_CHECKING:
    import duckdb

COLUMNS = ("county", "dimension", "race", "gender", "measure", "unit", "convictions", "mark", "notice")
POLICY_FACT = "eligible by policy"
UNIT = "convictions"
INSIDE = "exact: for use inside the office only"
OUTSIDE = "small counts taken out: may leave the office"
_MARTS = {
    "rpt_ab1706",
    "fct_ab1706_list",
    "fct_relief_challenges",
    "rpt_legal_deadlines",
    "rpt_prosecutor_notices",
}
_CROSSED = tuple((race, gender) for race in RACES for gender in GENDERS)


@dataclass(frozen=True)
class Ab1706Export:
    """How many counts each file has, and how many of them are suppressed in the public file."""

    rows: int
    public_rows: int
    suppressed: int


def export_ab1706(home: Home, policy_id: str, out: Path) -> Ab1706Export:
    """Write both files and their methodology into `out`, a new folder for its owner only, completely or not at all.

    Raises ReliefError when nothing is built, the policy was not part of the build, the folder cannot be used, the
    report does not add up, or a text of the public files is not in a closed list.
    """
    with open_warehouse(home, read_only=True) as connection:
        built = read_built(connection, home, _MARTS, policy_id)
        with new_folder(home, out) as folder:
            counts = read_counts(connection, built)
            check_sums(counts)
            threshold = suppression_threshold()
            exact = {place: (count, _mark(count)) for place, count in counts.items()}
            public = suppress_ab1706(counts, Beside.read(connection), threshold)
            _write(folder / "ab1706_internal", built, "AB 1706 internal", exact, INSIDE)
            write_list(connection, folder, built, INSIDE)
            outside = _for_outside(connection, built)
            _write(folder / AB1706, outside, "AB 1706 public", public, OUTSIDE)
            _refuse_free_texts(folder / f"{AB1706}.csv", _about(outside, OUTSIDE))
            (folder / "methodology.txt").write_text(_methodology(outside, threshold), encoding="utf-8")
    hidden = sum(mark == "suppressed" for _, mark in public.values())
    return Ab1706Export(len(exact), len(public), hidden)


def read_counts(connection: "duckdb.DuckDBPyConnection", built: Built) -> dict[Place, int | None]:
    """The count of every group and measure. A missing row is 0. Without events, measures except eligible are None."""
    found: dict[Place, int | None] = {
        (race, gender, measure): count
        for race, gender, measure, count in connection.execute(
            "select race, gender, measure, convictions from reporting.rpt_ab1706 where policy_id = ?",
            [built.policy_id],
        ).fetchall()
    }
    is_told = built.events_as_of_date != "not delivered"
    places = [(race, gender, name) for race, gender in (*GROUPS, *_CROSSED) for name in MEASURES]
    if unknown := set(found) - set(places):
        raise ReliefError(
            f"the AB 1706 report has {len(unknown)} rows of unknown groups; mend the model, then: relief build"
        )
    return {place: found.get(place, 0) if is_told or place[2] == "eligible" else None for place in places}


def check_sums(counts: dict[Place, int | None]) -> None:
    """Check that counts by race, by gender and by both add up to the total. Suppression checks the sums of measures."""
    for name in MEASURES:
        total = counts[TOTAL, TOTAL, name]
        sums = [
            [counts[race, TOTAL, name] for race in RACES],
            [counts[TOTAL, gender, name] for gender in GENDERS],
            [counts[race, gender, name] for race, gender in _CROSSED],
        ]
        if any((None if None in parts else sum(part or 0 for part in parts)) != total for parts in sums):
            raise ReliefError(f"the AB 1706 report does not add up in {name}; mend the model, then: relief build")


def _mark(count: int | None) -> str:
    return "missing" if count is None else "value" if count else "zero"


def _dimension(race: str, gender: str) -> str:
    if TOTAL in (race, gender):
        return "total" if race == gender else "gender" if race == TOTAL else "race"
    return "race and gender"


def _for_outside(connection: "duckdb.DuckDBPyConnection", built: Built) -> Built:
    """The build and its policy for outside the office, without the texts that a county wrote for its own policy."""
    own = public_ids(connection, [built.policy_id])
    if not own:
        return built
    return replace(built, policy_id=own[built.policy_id], policy_version=ACCEPTED, policy_title=COUNTY_TITLE)


def _about(built: Built, notice: str) -> list[tuple[str, str]]:
    return [("notice", notice), *built.facts, (POLICY_FACT, built.policy_title), ("unit", UNIT)]


def _refuse_free_texts(file: Path, about: list[tuple[str, str]]) -> None:
    """Check the texts of the written file, and of the facts that its workbook and methodology repeat."""
    with file.open(newline="", encoding="utf-8") as written:
        columns, *rows = csv.reader(written)
    refuse_free_rows(AB1706, columns, rows, EXPORTS)
    refuse_free_rows(AB1706, [name for name, _ in about], [[text for _, text in about]], EXPORTS)


def _write(stem: Path, built: Built, title: str, marked: dict[Place, tuple[int | None, str]], notice: str) -> None:
    with TableFiles(stem, title, COLUMNS, _about(built, notice), label=built.label, constants=built.facts[1:]) as table:
        for (race, gender, measure), (count, mark) in marked.items():
            dimension = _dimension(race, gender)
            table.add([built.county, dimension, race, gender, measure, UNIT, count, mark, notice])
        table.add_sheet("by group", ("race", "gender", *(f"{name} (convictions)" for name in MEASURES)), _wide(marked))


def _wide(marked: dict[Place, tuple[int | None, str]]) -> Iterable[list[Any]]:
    """Yield one row per group, with the mark in place of a missing number."""
    groups = dict.fromkeys((race, gender) for race, gender, _ in marked)
    for race, gender in groups:
        cells = [marked[race, gender, name] for name in MEASURES]
        yield [race, gender, *(mark if count is None else count for count, mark in cells)]


_TEXT = """{mark}AB 1706 JOINT PROGRESS REPORT
{line}
{facts}

The unit is the conviction. Every number is for {county} as of the dates above.
Source: the deliveries of the DOJ's file, the court's file and the relief events in use on those dates.

WHAT IS ELIGIBLE
Eligible is a conviction to which the policy ("{policy}") grants relief, or to which a court has already granted relief,
even if the policy would not grant it today. Juvenile cases are left out. Sealed convictions are counted but not listed.

MEASURES
eligible = relieved + remaining.
relieved = dismissed + redesignated + resentenced + relieved_otherwise, by a court's signed order; relieved_otherwise: a
court found that the conviction was relieved before, or the order does not name the relief.
dismissed = sealed + dismissed_not_sealed; sealed: the order dismisses and seals. If there are several orders, the first
dismissal counts, or else the first other relief. After an order, the court's and the DOJ's records still must follow.
remaining = challenged + denied + not_challenged + challenge_unknown + not_on_the_list.
not_on_the_list: it was not on the DOJ's list, so it was sent to no prosecutor, and H&S 11361.9 does not apply to it.
If no events were delivered, all measures except eligible are missing, which does not mean zero.

RACE AND GENDER
They come from the DOJ's file, or else from the court's. Races are reported as latino, black, white, other and unknown
(seeds/reference/race_groups.csv). Unknown is a group of its own. Races add up to the total, and so do genders.

FILES
ab1706_internal: exact, with race and gender crossed. For use inside the office only.
list_accounts_internal, deadlines_internal, prosecutor_notices_internal, overdue_internal,
undecided_challenges_internal, challenged_not_reached_internal: inside the office only. The last three name people and
leave out juvenile cases, which the accounts and notices count. The list includes attempts, conspiracies and 11361.
overdue: unchallenged on 2020-07-01 and no order by 2023-03-01, whatever the policy answers. The court owes the order.
list_unknown: it is unknown whether it was on the list, because the offense or its day is unknown (list_basis).
deadlines_internal: the deadlines of AB 1793 and AB 1706. A deadline has passed from the next day on.
prosecutor_notices_internal: the notices that H&S 11361.9 asks of each prosecuting agency. Challenges go to the court
and the public defender, all others to the court. convictions_sent have an event of that notice; it is empty without
events.
challenged_not_reached_internal: open challenges of people whom the public defender has not attempted to reach since
the challenge, by the events (public_defender_attempt); cannot_tell: one of the two days is missing.
ab1706_public: by race and by gender, not crossed. Counts below {threshold} are suppressed, with every count from which
one could be computed: by sums over groups, by sums of measures, or by the difference between a total and a number of
dismissals or stages in the public release (in convictions). mark: value, suppressed, zero or missing. Differences
between the reports of two dates or two policies are not protected: publish one per quarter, of one policy, and compare
it with the one before.
"""


def _methodology(built: Built, threshold: int) -> str:
    return _TEXT.format(
        mark="SYNTHETIC DATA: every person and record is invented.\n" if built.is_synthetic else "",
        line="=" * 29,
        facts="\n".join(f"{name}: {value}" for name, value in built.facts),
        county=built.county,
        policy=built.policy_title,
        threshold=threshold,
    )
