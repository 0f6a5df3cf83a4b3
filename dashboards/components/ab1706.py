"""The data of the page on the state's AB 1706 report: measures by race and gender, the DOJ's list, the deadlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.components.data import ReleaseFile, query, rows_of
from dashboards.components.words import day, number, share

GROUPS = {
    "race": ("latino", "black", "white", "other", "unknown"),
    "gender": ("female", "male", "unknown"),
}
LINES = (
    ("eligible", "Eligible", ""),
    ("relieved", "Relieved by a court", "+ "),
    ("dismissed", "dismissed", "+ + "),
    ("redesignated", "redesignated", "+ + "),
    ("resentenced", "resentenced", "+ + "),
    ("relieved_otherwise", "relieved otherwise", "+ + "),
    ("remaining", "Remaining", "+ "),
    ("challenged", "challenged", "+ + "),
    ("denied", "denied", "+ + "),
    ("not_challenged", "not challenged", "+ + "),
    ("challenge_unknown", "challenge not known", "+ + "),
    ("not_on_the_list", "not on the DOJ's list", "+ + "),
)
"""The measures of the report in order. Eligible is the sum of relieved and remaining; the parts of each follow it."""
OVERDUE = "overdue"
STANDINGS = {
    "relieved": "Relieved by an order",
    "denied": "Denied",
    "list_unknown": "Whether it was on the list cannot be told",
    "challenged": "Challenged by a prosecutor",
    "overdue": "Overdue: nobody challenged it in time, and no order",
    "waiting": "Waiting: cannot be called overdue yet",
}
ANSWERS = ("granted", "hand review", "not granted", "not evaluated")


@dataclass(frozen=True)
class Deadline:
    """One deadline that a statute sets."""

    deadline_title: str
    deadline_date: date | None
    is_past: bool | None
    days_past: int | None
    citation: str


@dataclass(frozen=True)
class Listed:
    """Number of convictions on the DOJ's list, by courthouse, standing and answer of the policy."""

    courthouse: str
    list_standing: str
    policy_answer: str
    convictions: int
    order_deadline_date: date | None
    events_as_of_date: date | None


@dataclass(frozen=True)
class Report:
    """All data that the page shows. ``counts`` is keyed by race, gender and measure.

    A group without convictions has no entry in ``counts``.
    """

    counts: dict[tuple[str, str, str], int]
    listed: tuple[Listed, ...]
    deadlines: tuple[Deadline, ...]
    evaluated_as_of_date: date | None
    extract_as_of_date: date | None

    @property
    def is_told(self) -> bool:
        """Whether relief events were delivered. Without events, only the eligible convictions can be counted."""
        return any(row.events_as_of_date for row in self.listed)

    def count(self, measure: str, race: str = "all", gender: str = "all") -> int | None:
        """Return the count of one measure in one group.

        The count is None without relief events, and zero for a group without convictions.
        """
        if measure != "eligible" and not self.is_told:
            return None
        return self.counts.get((race, gender, measure), 0)

    def standing(self, standing: str, courthouse: str = "all") -> int:
        """Return the number of convictions on the DOJ's list that have one standing."""
        return sum(
            row.convictions for row in self.listed if (row.courthouse, row.list_standing) == (courthouse, standing)
        )


@st.cache_data(show_spinner=False, max_entries=8)
def load_report(file: ReleaseFile) -> Report:
    """Read the three tables of the report, once per release."""
    counts = query(
        file, "select race, gender, measure, convictions, evaluated_as_of_date, extract_as_of_date from rpt_ab1706"
    )
    return Report(
        {(row["race"], row["gender"], row["measure"]): int(row["convictions"]) for row in counts},
        rows_of(Listed, file, "rpt_ab1706_list order by courthouse <> 'all', courthouse, list_standing"),
        rows_of(Deadline, file, "rpt_legal_deadlines order by deadline_date, deadline_title"),
        max((row["evaluated_as_of_date"] for row in counts if row["evaluated_as_of_date"]), default=None),
        max((row["extract_as_of_date"] for row in counts if row["extract_as_of_date"]), default=None),
    )


def finding(report: Report) -> str:
    """Return a sentence with the numbers of eligible, relieved and remaining convictions."""
    eligible, relieved, remaining = (report.count(name) for name in ("eligible", "relieved", "remaining"))
    if not eligible:
        return "No conviction is eligible in this release."
    if relieved is None:
        return f"**{number(eligible)} convictions** are eligible. Without orders, nobody can tell what remains."
    return (
        f"Courts have relieved **{number(relieved)}** of **{number(eligible)} eligible convictions** "
        f"({share(relieved, eligible)}); **{number(remaining)}** remain."
    )


def overdue_sentence(report: Report) -> str:
    """Return a sentence that says how many orders are overdue, and when they were due."""
    if not report.is_told:
        return "No orders and challenges were delivered, so nobody can tell which orders are overdue."
    due = next((row.order_deadline_date for row in report.listed if row.order_deadline_date), None)
    as_of = next((row.events_as_of_date for row in report.listed if row.events_as_of_date), None)
    overdue = report.standing(OVERDUE)
    if as_of and due and as_of < due:
        return f"The courts' last day is {day(due)}; the events reach to {day(as_of)} only, so no order is overdue yet."
    if not overdue:
        return f"No order was overdue on {day(as_of)}; the courts' last day was {day(due)}."
    return (
        f"**{number(overdue)} orders** were overdue on {day(as_of)}: nobody challenged these convictions in time, and "
        f"no court ordered their relief by {day(due)}. The orders are still owed."
    )


def houses(report: Report) -> list[str]:
    """Return the courthouses with overdue orders, the courthouse with the most overdue orders first."""
    names = dict.fromkeys(row.courthouse for row in report.listed if row.courthouse != "all")
    late = [name for name in names if report.standing(OVERDUE, name)]
    return sorted(late, key=lambda name: (-report.standing(OVERDUE, name), name))


def by_answer(report: Report, standing: str) -> dict[str, int]:
    """Count the convictions with one standing by the policy's answer."""
    return {
        answer: sum(
            row.convictions
            for row in report.listed
            if (row.courthouse, row.list_standing, row.policy_answer) == ("all", standing, answer)
        )
        for answer in ANSWERS
    }


def parts_in_words(report: Report, group: str, members: Sequence[str]) -> str:
    """Return a sentence that shows the number of eligible convictions as the sum over the groups."""
    counts = {member: report.count("eligible", **{group: member}) for member in members}
    parts = " + ".join(f"{number(count)} {member}" for member, count in counts.items() if count)
    return f"{number(report.count('eligible'))} eligible convictions = {parts or 0}."
