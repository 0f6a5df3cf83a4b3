"""Whether the figures can be quoted. The release's own verdict is read here, and nowhere else.

PLACE OF THE VERDICT: `rpt_data_quality` holds it once the release has that table (a verdict and its reasons per
figure). Until then the page says what deliveries and checks show, and gives no verdict.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards.components.data import ReleaseFile, query

TABLE = "rpt_data_quality"
ICONS = {
    "usable": ":material/check_circle:",
    "usable with notes": ":material/info:",
    "do not quote": ":material/block:",
}


@dataclass(frozen=True)
class Verdict:
    """One figure, what may be done with it, and why."""

    figure: str
    verdict: str
    reasons: str


@st.cache_data(show_spinner=False, max_entries=8)
def load_verdicts(file: ReleaseFile) -> tuple[Verdict, ...]:
    """The verdicts of the release; nothing where it has no such table."""
    if not query(file, "select 1 from duckdb_tables() where table_name = ?", [TABLE]):
        return ()
    rows = query(file, f"select * from {TABLE}")
    return tuple(
        Verdict(_first(row, "figure_title", "title", "figure", "figure_id"), _first(row, "verdict"), _reasons(row))
        for row in rows
        if _first(row, "verdict")
    )


def worst(verdicts: tuple[Verdict, ...]) -> str:
    """The strictest verdict of all figures, for one sentence; empty where there is none."""
    order = list(ICONS)
    found = [row.verdict.replace("_", " ") for row in verdicts]
    return max((name for name in found if name in order), key=order.index, default="")


def _first(row: dict[str, Any], *names: str) -> str:
    return next((str(row[name]) for name in names if row.get(name) is not None), "")


def _reasons(row: dict[str, Any]) -> str:
    value = row.get("reasons", row.get("reason"))
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
