"""The data of the page on policies: what each rule decides, and what changes from one policy to another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from dashboards.components.data import ReleaseFile, rows_of
from dashboards.components.words import number, plain

REVERSED = {"gained": "lost", "lost": "gained", "from": "to", "to": "from"}
CHANGES = ("gained", "lost", "kept", "neither")
NAMES = {"cannot tell": "Cannot tell: a missing fact would decide", "not evaluated": "Not evaluated by this policy"}


@dataclass(frozen=True)
class Rule:
    """One rule of one policy. The last line of a policy counts the convictions that no rule decides."""

    policy_id: str
    policy_title: str
    policy_version: str
    policy_source: str
    variant_of: str
    policy_status: str
    step: int
    rule_id: str
    determination: str
    reason: str
    conditions: str
    citation: str
    if_unknown: str
    convictions: int
    evaluated_as_of_date: date | None


@dataclass(frozen=True)
class Change:
    """Number of convictions and people with one change between two policies, in total or for one rule."""

    from_policy_id: str
    to_policy_id: str
    change: str
    by_rule_of: str
    rule_id: str
    rule_title: str
    determination: str
    convictions: int
    people: int
    evaluated_as_of_date: date | None

    def title(self) -> str:
        """Return the title of the rule and its answer."""
        if self.rule_id in NAMES:
            return NAMES[self.rule_id]
        return f"{self.rule_title}: {self.determination}"


@st.cache_data(show_spinner=False, max_entries=8)
def load_rules(file: ReleaseFile) -> tuple[Rule, ...]:
    """Read the rules of every policy in the order in which the policy tests them.

    The statute's policy comes first, variants come last.
    """
    return rows_of(
        Rule,
        file,
        "rpt_policy_rules order by variant_of <> '', policy_id <> 'statutory_11361_8', policy_title, policy_id, step",
    )


def titles(rules: Sequence[Rule]) -> dict[str, str]:
    """Return the title of each policy, with the word draft for a policy that is still a draft."""
    return {
        rule.policy_id: f"{rule.policy_title}{' (draft)' if rule.policy_status == 'draft' else ''}" for rule in rules
    }


def of(rules: Sequence[Rule], policy_id: str) -> list[Rule]:
    """Return the rules of one policy."""
    return [rule for rule in rules if rule.policy_id == policy_id]


@st.cache_data(show_spinner=False, max_entries=64)
def load_changes(file: ReleaseFile, first: str, second: str) -> tuple[Change, ...]:
    """Read what changes from the first policy to the second, most convictions first.

    The result is empty if the two policies are not compared.
    """
    found = rows_of(
        Change,
        file,
        "rpt_policy_changes where (from_policy_id = ? and to_policy_id = ?) "
        "or (from_policy_id = ? and to_policy_id = ?) order by convictions desc, rule_id",
        [first, second, second, first],
    )
    return tuple(row if row.from_policy_id == first else reverse(row) for row in found)


def reverse(row: Change) -> Change:
    """Return the same change, seen from the second policy to the first."""
    return replace(
        row,
        from_policy_id=row.to_policy_id,
        to_policy_id=row.from_policy_id,
        change=REVERSED.get(row.change, row.change),
        by_rule_of=REVERSED.get(row.by_rule_of, row.by_rule_of),
    )


def total(changes: Sequence[Change], change: str) -> tuple[int, int]:
    """Return the number of convictions and of people with one change."""
    row = next((row for row in changes if (row.by_rule_of, row.change) == ("all", change)), None)
    return (row.convictions, row.people) if row else (0, 0)


def by_rule(changes: Sequence[Change], change: str, side: str) -> list[Change]:
    """Return one change by the rules of the first policy (from) or of the second policy (to)."""
    return [row for row in changes if (row.by_rule_of, row.change) == (side, change)]


def finding(changes: Sequence[Change], first: str, second: str) -> str:
    """Return one sentence: what only the second policy would relieve, and what only the first policy would relieve."""
    (gained, gained_people), (lost, lost_people) = total(changes, "gained"), total(changes, "lost")
    if not gained and not lost:
        return f"*{plain(second)}* relieves the same convictions as *{plain(first)}*."
    return (
        f"*{plain(second)}* would relieve **{number(gained)} convictions** of {number(gained_people)} people that "
        f"*{plain(first)}* would not, and would not relieve **{number(lost)}** of {number(lost_people)} people that "
        "it would."
    )


def already_relieved(changes: Sequence[Change]) -> int:
    """Count the lost convictions that a court has already relieved, so that the second policy need not relieve them."""
    return sum(row.convictions for row in by_rule(changes, "lost", "to") if row.rule_id == "relieved_before")


def sum_in_words(changes: Sequence[Change]) -> str:
    """Return, in words, the sum of all convictions that either policy evaluates, each counted once."""
    counts = {change: total(changes, change)[0] for change in CHANGES}
    parts = " + ".join(f"{number(count)} {change}" for change, count in counts.items())
    return f"{number(sum(counts.values()))} convictions evaluated by either = {parts}."
