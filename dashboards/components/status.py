"""The strip above every page: INTERNAL, SYNTHETIC if the data are invented, county, dates of the sources, release."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import streamlit as st

from dashboards.components.data import Delivery, Summary
from dashboards.components.words import county_name, day, number, plain, text

INTERNAL = "INTERNAL: exact figures. They stay inside the office."
SYNTHETIC = "SYNTHETIC DATA: no real person, case or order is counted here."
SOURCES = {
    "ca_doj": "State DOJ's list",
    "la_court": "Court records",
    "relief_events": "Orders and record updates",
    "review_decisions": "Attorneys' decisions",
}
OLD_DAYS = 100
"""Age in days at which data count as old: a little more than a quarter, the period of the AB 1706 progress reports."""
NEEDED = ("ca_doj", "la_court", "relief_events")
"""Sources that the pages need. text/missing_<source>.md says which figures are missing without the source."""


def strip(summary: Summary, verdict: str = "") -> None:
    """Show the two lines of the strip. ``verdict`` is the verdict on the headline figures, if the release has one."""
    info = summary.info
    notices = [f":material/lock: **{INTERNAL}**"]
    if info.is_synthetic:
        notices.append(f":material/science: **{plain(_first_sentence(info.notice) or SYNTHETIC)}**")
    facts = [
        f"**{plain(county_name(info.county))}**",
        *(f"{title} {date}" for title, date in source_dates(summary.deliveries)),
        *([verdict] if verdict else []),
        f"Release {plain(info.release_id)}",
    ]
    with st.container(key="status", gap="xsmall"):
        st.markdown(" &emsp; ".join(notices))
        st.markdown(f":small[{' · '.join(facts)}]")
        if sentence := age(info.extract_as_of_date, datetime.now(UTC).date()):
            st.markdown(f":small[:material/history: {sentence}]")


def age(as_of: date | None, today: date) -> str:
    """Return a sentence if the newest data are older than OLD_DAYS days.

    The text is empty otherwise, and if the date of the data is unknown.
    """
    days = (today - as_of).days if as_of else 0
    if days <= OLD_DAYS:
        return ""
    return f"The newest data are {number(days)} days old. What happened since {day(as_of)} is in no figure here."


def _first_sentence(notice: str) -> str:
    """Return the first sentence of a notice, which says what the data are. The rest only repeats INTERNAL."""
    first, dot, _ = notice.partition(". ")
    return f"{first}." if dot else first


def source_dates(deliveries: Sequence[Delivery]) -> list[tuple[str, str]]:
    """Return each source with the as-of date of its newest delivery, or with a note if nothing was delivered."""
    dates: list[tuple[str, str]] = []
    for source, title in SOURCES.items():
        landed = [row for row in deliveries if row.source == source and row.status == "landed"]
        if not landed:
            dates.append((title, "not delivered"))
            continue
        newest = max(landed, key=lambda row: day(row.as_of_date) if row.as_of_date else "")
        arrived = "" if newest.as_of_given else " (the day it arrived)"
        dates.append((title, f"as of {day(newest.as_of_date)}{arrived}"))
    return dates


def missing(deliveries: Sequence[Delivery]) -> list[str]:
    """Return, for each source that was never delivered, a sentence that says what cannot be counted without it."""
    landed = {row.source for row in deliveries if row.status == "landed"}
    return [text(f"missing_{source}").strip() for source in NEEDED if source not in landed]
