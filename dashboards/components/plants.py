"""Cultivation cases: no file reports the number of plants, so the answers for both possible numbers are shown."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.components import layout
from dashboards.components.data import Release, ReleaseFile, rows_of
from dashboards.components.words import day, number, text

TITLE = "What an unknown number of plants decides (convictions, and people)"


@dataclass(frozen=True)
class Plants:
    """Number of convictions with one deciding rule for six plants or fewer, and another for more than six plants."""

    six_or_fewer: str
    more_than_six: str
    convictions: int
    people: int
    evaluated_as_of_date: date | None


@st.cache_data(show_spinner=False, max_entries=8)
def load_plants(file: ReleaseFile) -> tuple[Plants, ...]:
    """Read the rows of the release, the row with the most convictions first."""
    return rows_of(
        Plants,
        file,
        "unknown_plants order by convictions desc, from_rule_id",
        six_or_fewer="from_determination || '. ' || from_rule_title",
        more_than_six="to_determination || '. ' || to_rule_title",
    )


def section(release: Release) -> None:
    """Show convictions and people, and the sentence that names the presumption.

    Show nothing if the number of plants does not change any answer.
    """
    rows = load_plants(release.leadership)
    if not rows:
        return
    layout.section(TITLE, "plants")
    st.markdown(text("plants"))
    counts: dict[str, list[object]] = {
        "Convictions": [row.convictions for row in rows],
        "People": [row.people for row in rows],
    }
    layout.table(
        {
            "If six plants or fewer": [row.six_or_fewer for row in rows],
            "If more than six plants": [row.more_than_six for row in rows],
            **counts,
        },
        "Convictions and people by the answer of the statute for six plants or fewer, and for more than six",
        numbers=tuple(counts),
    )
    total = sum(row.convictions for row in rows)
    layout.small(
        f"The number of plants changes the answer for {number(total)} convictions, evaluated as of "
        f"{day(rows[0].evaluated_as_of_date)}. A person may be counted in several rows. An answer is not an order."
    )
