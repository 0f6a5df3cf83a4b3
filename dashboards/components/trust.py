"""What the page on trust adds to the summary: findings that can change a figure, and changes since the last release."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboards.components.data import (
    Audit,
    Delivery,
    Release,
    ReleaseFile,
    StageCount,
    Summary,
    load_info,
    load_stages,
    release_file,
)
from dashboards.components.lifecycle import Change
from dashboards.components.words import day, number, plain, span
from relief.errors import ReliefError

CAN_CHANGE_THE_HEADLINE = frozenset(
    {
        "as_of_date_assumed",
        "case_number_blank",
        "charge_blank",
        "charge_near_miss",
        "charge_without_section",
        "convicted_other_than_charged_cannabis",
        "count_order_invalid",
        "county_not_in_list",
        "court_case_number_shared",
        "court_case_without_counts",
        "court_case_without_disposition",
        "court_case_without_number",
        "court_counts_without_case",
        "decision_links_disagree",
        "delivery_not_reconciled",
        "disposition_unclear",
        "disposition_word_unknown",
        "event_ambiguous",
        "event_date_unreadable",
        "event_in_the_future",
        "event_names_differ",
        "event_no_conviction",
        "event_type_unknown",
        "event_without_date",
        "lifecycle_order_after_denial",
        "lifecycle_denial_after_order",
        "lifecycle_in_the_future",
        "lifecycle_order_and_denial_undated",
        "link_to_review",
        "order_date_missing",
        "order_no_conviction",
        "order_relief_type_unknown",
        "person_to_review",
        "record_rejected",
        "subject_id_blank",
        "subject_perhaps_twice",
    }
)
"""Findings that could change a count of orders, cases or people: a record is not counted, or perhaps twice."""
CAUSES = {
    "decision": "an attorney decided",
    "delivery": "a delivery came",
    "policy": "a policy changed",
    "county": "the county changed",
    "evaluation date": "the day of evaluation moved",
    "rules or seeds": "the program's rules or lists changed",
}
WHAT = {
    "determination": "answers of a policy",
    "wave": "waves of convictions",
    "outcome": "outcomes of orders",
    "stage": "stages of convictions",
}


@dataclass(frozen=True)
class Accounting:
    """Number of records in the deliveries in use; each record is loaded or rejected."""

    files: int
    records: int
    loaded: int
    rejected: int

    @property
    def adds_up(self) -> bool:
        """Whether the loaded and the rejected records add up to all records."""
        return self.records == self.loaded + self.rejected


def accounting(deliveries: Sequence[Delivery]) -> Accounting:
    """Add up the records of the deliveries in use."""
    landed = [row for row in deliveries if row.status == "landed"]
    return Accounting(
        len(landed),
        sum(row.records or 0 for row in landed),
        sum(row.loaded or 0 for row in landed),
        sum(row.rejected or 0 for row in landed),
    )


def accounting_sentence(account: Accounting) -> str:
    """Return the sum in words. If loaded and rejected records do not add up, return a warning."""
    if not account.files:
        return "No file has been delivered."
    sum_of = (
        f"{number(account.records)} records = {number(account.loaded)} loaded + {number(account.rejected)} rejected, "
        f"in {number(account.files)} files."
    )
    return sum_of if account.adds_up else f"**The records do not add up.** {sum_of} The data team should look."


def sorted_findings(audits: Sequence[Audit]) -> tuple[list[Audit], list[Audit]]:
    """Return two lists: the findings that can change a headline figure, and the findings that cannot."""
    found = [row for row in audits if row.findings]
    return (
        [row for row in found if row.finding in CAN_CHANGE_THE_HEADLINE],
        [row for row in found if row.finding not in CAN_CHANGE_THE_HEADLINE],
    )


def finding(summary: Summary) -> str:
    """Return one sentence: whether every record is accounted for, and how many checks failed or gave a warning."""
    account = accounting(summary.deliveries)
    stopped = sum(row.status in {"failed", "errored"} for row in summary.checks)
    warned = sum(row.status == "warned" for row in summary.checks)
    change, _ = sorted_findings(summary.audits)
    records = "Every delivered record is accounted for" if account.adds_up else "Not every record is accounted for"
    if not account.files:
        records = "No file has been delivered"
    return (
        f"{records}; of **{number(len(summary.checks))} checks**, **{number(stopped)}** failed and "
        f"**{number(warned)}** warned; **{number(len(change))} kinds of finding** could change a headline figure."
    )


def changes_in_words(changes: Sequence[Change]) -> list[str]:
    """Return what changed between the previous build and the last build, one sentence per cause."""
    if any(row.cause == "first build" for row in changes):
        return ["This is the first build: there is nothing to compare it with."]
    told = [row for row in changes if row.changes]
    if not told:
        return ["Nothing changed since the last build that passed."]
    return [
        f"{number(row.changes)} {WHAT.get(row.what, row.what)}{f' ({plain(row.policy_id)})' if row.policy_id else ''} "
        f"changed, of {number(row.convictions)} convictions, because {CAUSES.get(row.cause, plain(row.cause))}."
        for row in told
    ]


@dataclass(frozen=True)
class Before:
    """The leadership file of the release before the shown one."""

    release_id: str
    file: ReleaseFile


def before(release: Release) -> Before | None:
    """Return the release before the shown one; None if there was none, or if its file is gone."""
    folder = Path(release.leadership.path).parent
    try:
        manifest = json.loads((folder / f"release-{release.release_id}.json").read_text(encoding="utf-8"))
        earlier = manifest.get("previous")
        if not isinstance(earlier, str) or Path(earlier).name != earlier:
            return None
        file = release_file(folder, earlier, f"leadership-{earlier}.duckdb", "leadership")
    except (OSError, ValueError, AttributeError):
        return None
    return Before(earlier, file) if file else None


@st.cache_data(show_spinner=False, max_entries=8)
def stages_before(file: ReleaseFile) -> tuple[StageCount, ...]:
    """Read the stages of an earlier release.

    The result is empty if the release cannot be read or was written by another version.
    """
    try:
        load_info(file, "leadership")
        return load_stages(file)
    except ReliefError:
        return ()


def since_in_words(now: Sequence[StageCount], earlier: Sequence[StageCount]) -> list[str]:
    """Return one line for each count of a wave that changed since the previous release.

    If no count changed, return one sentence that says so.
    """
    found = {(row.wave_number, row.stage): row for row in earlier}
    moved: list[str] = []
    for row in now:
        last = found.get((row.wave_number, row.stage))
        if last is None or row.counted is None or last.counted is None or row.counted == last.counted:
            continue
        more = row.counted - last.counted
        moved.append(
            f"Wave {row.wave_number}, {plain(row.stage_title.lower())}: {number(row.counted)} {plain(row.unit)}, "
            f"{number(abs(more))} {'more' if more > 0 else 'fewer'} than the {number(last.counted)} of before."
        )
    return moved or ["No count of a wave differs from the release before."]


def linkage_rows(summary: Summary) -> dict[str, list[str]]:
    """Return how much uncertain links could change each count: lowest, counted, highest."""
    rows: list[tuple[str, str, str, str]] = [
        (
            f"Wave {row.wave_number}: {row.unit} ordered dismissed",
            number(row.counted),
            span(row.counted_low, row.counted_high, row.counted),
            day(row.extract_as_of_date),
        )
        for row in summary.stages
        if row.stage == "order_signed"
    ]
    people = next((row for row in summary.people if row.basis_type == "orders"), None)
    if people is not None:
        rows.append(
            (
                "People with relief by an order",
                number(people.people_with_relief),
                span(people.people_with_relief_low, people.people_with_relief_high, people.people_with_relief),
                day(people.extract_as_of_date),
            )
        )
    titles = ("Count", "Counted", "Range due to uncertain links", "Data as of")
    return {title: [row[place] for row in rows] for place, title in enumerate(titles)}
