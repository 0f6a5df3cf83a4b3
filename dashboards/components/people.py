"""People by race, sex and age: the data that the page reads from the release, with shares and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.components.data import PublishedFigure, ReleaseFile, rows_of
from dashboards.components.words import county_name, number, points, share
from relief.figures import tenths

ORDERS, FIRST_WAVE = "relief orders", "first wave orders"
GROUPINGS = {"race": "Race", "sex": "Sex", "age_band": "Age"}
MEASURES = {
    "people_with_relief": "Reached by an order",
    "no_felony_left": "No felony left",
    "no_conviction_left": "No conviction left",
    "no_conviction_last_7_years": "No conviction in 7 years",
}
OF = {name: "people with relief" for name in MEASURES} | {"people_with_relief": "people in review"}
"""What each share is a share of, in words."""
COMPARED_FROM = 100
"""Smaller groups are shown but not compared, because one person would change their share by more than a point."""
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Group:
    """Counts of one group of people under one basis.

    Each count has a range, because uncertain links leave open whether two records are one person.
    """

    basis: str
    group_type: str
    group_name: str
    people_in_review: int
    people_with_relief: int | None
    people_with_relief_low: int | None
    people_with_relief_high: int | None
    no_felony_left: int | None
    no_felony_left_low: int | None
    no_felony_left_high: int | None
    no_conviction_left: int | None
    no_conviction_left_low: int | None
    no_conviction_left_high: int | None
    no_conviction_last_7_years: int | None
    no_conviction_last_7_years_low: int | None
    no_conviction_last_7_years_high: int | None
    cannot_tell: int | None
    evaluated_as_of_date: date | None
    extract_as_of_date: date | None

    def count(self, measure: str, end: str = "") -> int | None:
        """Return the count of a measure, or the low or high end of its range."""
        value: int | None = getattr(self, f"{measure}{end}")
        return value

    def whole(self, measure: str) -> int | None:
        """Return the denominator of the share of a measure."""
        return self.people_in_review if measure == "people_with_relief" else self.people_with_relief

    def tenths(self, measure: str, end: str = "") -> int | None:
        """Return the share in tenths of a percent, as the page shows it.

        The share is never above 100 percent, even if uncertain links count one person twice.
        """
        part, whole = self.count(measure, end), self.whole(measure)
        return None if part is None or not whole else tenths(min(part, whole), whole)


@st.cache_data(show_spinner=False, max_entries=8)
def load_groups(file: ReleaseFile) -> tuple[Group, ...]:
    """Read every group: largest first, 'other' and 'unknown' last, ages from young to old."""
    return rows_of(
        Group,
        file,
        "rpt_people_outcomes_by_group "
        "order by basis, group_type, group_name = 'unknown', group_name = 'other', people_in_review desc",
    )


def of(groups: Sequence[Group], basis: str, group_type: str) -> list[Group]:
    """Return the groups of one basis and one group type."""
    found = [row for row in groups if (row.basis, row.group_type) == (basis, group_type)]
    return sorted(found, key=_age) if group_type == "age_band" else found


def everybody(groups: Sequence[Group], basis: str = ORDERS) -> Group | None:
    """Return the row that counts all people."""
    return next((row for row in groups if (row.basis, row.group_type) == (basis, "all")), None)


def name(group: str) -> str:
    """Return the name of a group with a capital letter."""
    return group[0].upper() + group[1:]


def finding(total: Group | None) -> str:
    """Return one sentence: how many people have relief, and how many of them have no felony or no conviction left."""
    if total is None:
        return "This release counts nobody with a conviction in review."
    if total.people_with_relief is None:
        return "No orders were delivered, so nobody can tell whose record changed."
    relieved = total.people_with_relief
    return (
        f"Court orders changed the record of **{number(relieved)} people**: "
        f"**{number(total.no_felony_left)}** have no felony left and **{number(total.no_conviction_left)}** have no "
        "conviction left."
    )


def sum_in_words(total: Group, groups: Sequence[Group], measure: str) -> str:
    """Return the count over all people as the sum of its groups, in words."""
    parts = " + ".join(f"{number(row.count(measure))} {row.group_name}" for row in groups)
    return f"{number(total.count(measure))} people = {parts}."


def compared(groups: Sequence[Group], measure: str) -> list[Group]:
    """Return the groups whose shares are compared: groups with a known value and enough people."""
    return [
        row
        for row in groups
        if row.group_name != UNKNOWN and (row.whole(measure) or 0) >= COMPARED_FROM and row.tenths(measure) is not None
    ]


def gap(groups: Sequence[Group], measure: str) -> str:
    """Return a sentence with the widest difference between two groups, in percentage points."""
    rows = compared(groups, measure)
    if len(rows) < len(("lowest", "highest")):
        return f"Fewer than two groups have {COMPARED_FROM} people or more, so no gap is computed."
    low, high = (choose(rows, key=lambda row: row.tenths(measure) or 0) for choose in (min, max))
    difference = (high.tenths(measure) or 0) - (low.tenths(measure) or 0)
    if not difference:
        return "The groups do not differ."
    overlap = (
        " Their ranges overlap, so the difference may lie in the links alone."
        if (low.tenths(measure, "_high") or 0) >= (high.tenths(measure, "_low") or 0)
        else ""
    )
    return (
        f"The widest gap is **{points(difference).lstrip('+')}**: {shown_share(high, measure)} of the {OF[measure]} in "
        f"the group *{high.group_name}* and {shown_share(low, measure)} in the group *{low.group_name}*.{overlap}"
    )


def shown_share(row: Group, measure: str) -> str:
    """Return the share of a measure in one group, rounded as on every page."""
    part, whole = row.count(measure), row.whole(measure)
    return share(part, whole)


def shown_range(row: Group, measure: str) -> str:
    """Return the range of the share.

    The share has a range, because uncertain links leave open whether two records are one person, and because some facts
    are missing.
    """
    low, high = row.tenths(measure, "_low"), row.tenths(measure, "_high")
    return "cannot tell" if low is None or high is None else f"{low / 10:.1f}% to {high / 10:.1f}%"


def shown_gap(row: Group, total: Group, measure: str) -> str:
    """Return the group's share minus the share of everybody, in percentage points; empty for the row of everybody."""
    if row is total:
        return ""
    own, whole = row.tenths(measure), total.tenths(measure)
    return "cannot tell" if own is None or whole is None else points(own - whole).removesuffix(" points")


ANNOUNCED = {
    "people_with_a_dismissed_conviction": ("People with a dismissed conviction", "people_with_relief", ""),
    "people_no_felony_left": ("People with no felony left", "no_felony_left", ""),
    "people_no_conviction_left": ("People with no conviction left", "no_conviction_left", ""),
    "people_share_latino": ("Share of people: Latino", "people_with_relief", "latino"),
    "people_share_black": ("Share of people: Black", "people_with_relief", "black"),
    "people_share_white": ("Share of people: White", "people_with_relief", "white"),
    "people_share_other_unknown": ("Share of people: other or unknown", "people_with_relief", "other unknown"),
}
"""For each published figure: its title on the page, the measure to compare, and the groups if it is a share."""


@dataclass(frozen=True)
class Beside:
    """One announced figure, and what was counted for the same thing."""

    title: str
    announced: str
    counted: str
    counted_range: str
    figure: PublishedFigure


def beside(groups: Sequence[Group], published: Sequence[PublishedFigure], county: str) -> list[Beside]:
    """Return each announced figure about this county's people with our count, in the order of ANNOUNCED.

    The counts are of the first wave.
    """
    figures = {row.metric: row for row in published if row.geography == county_name(county)}
    total, races = everybody(groups, FIRST_WAVE), of(groups, FIRST_WAVE, "race")
    found: list[Beside] = []
    for metric, (title, measure, named) in ANNOUNCED.items():
        figure = figures.get(metric)
        if figure is None or total is None:
            continue
        if named:
            chosen = [row for row in races if row.group_name in named.split()]
            counted, ends = _share_of(chosen, [row for row in races if row not in chosen])
            found.append(Beside(title, f"{number(figure.value)}%", counted, ends, figure))
        else:
            low, high = total.count(measure, "_low"), total.count(measure, "_high")
            ends = "cannot tell" if low is None or high is None else f"{number(low)} to {number(high)}"
            found.append(Beside(title, number(figure.value), number(total.count(measure)), ends, figure))
    return found


def _share_of(chosen: Sequence[Group], others: Sequence[Group]) -> tuple[str, str]:
    """Return the share of some groups among all people with relief, and the lowest and highest value of this share."""
    sums = [
        [sum(row.count("people_with_relief", end) or 0 for row in rows) for rows in (chosen, others)]
        for end in ("", "_low", "_high")
    ]
    (part, rest), (low, rest_low), (high, rest_high) = sums
    if not part + rest:
        return "cannot tell", "cannot tell"
    return share(part, part + rest), f"{share(low, max(low + rest_high, 1))} to {share(high, max(high + rest_low, 1))}"


def _age(row: Group) -> tuple[bool, int]:
    digits = "".join(character for character in row.group_name[:8] if character.isdigit())[:2]
    return row.group_name == UNKNOWN, int(digits or 0) - row.group_name.startswith("under")
