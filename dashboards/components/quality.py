"""The quality of the data, shown to leadership beside the number."""

from collections import Counter

import streamlit as st

from dashboards.components import layout
from dashboards.components.data import Audit, Summary
from dashboards.components.words import day, text

GATES = {"landed": "Files as delivered", "dbt": "Models", "published": "Figures before publishing"}
STATUSES = ("passed", "warned", "failed", "errored")


def section(summary: Summary) -> None:
    """Deliveries, checks and findings."""
    layout.section("Can these numbers be trusted?", "quality")
    st.markdown(text("quality"))
    _deliveries(summary)
    left, right = st.columns(2, gap="large")
    with left:
        _checks(summary)
    with right:
        _audits(summary)


def _deliveries(summary: Summary) -> None:
    """Every record that came is either loaded or rejected."""
    rows = summary.deliveries
    st.subheader("Deliveries (records)", anchor="deliveries")
    if not rows:
        st.markdown("No file has been delivered.")
        return
    columns: dict[str, list[object]] = {
        "File": [f"{row.source}: {row.table_name}" for row in rows],
        "Records": [row.records for row in rows],
        "Loaded": [row.loaded for row in rows],
        "Rejected": [row.rejected for row in rows],
        "Accounted for": ["yes" if row.is_reconciled else "NO" for row in rows],
        "Data as of": [f"{day(row.as_of_date)}{'' if row.as_of_given else ' (day it arrived)'}" for row in rows],
    }
    if any(row.status != "landed" for row in rows):
        columns["Used"] = ["yes" if row.status == "landed" else f"no, {row.status}" for row in rows]
    layout.table(
        columns,
        "Delivered files with records, loaded, rejected and whether they reconcile",
        numbers=("Records", "Loaded", "Rejected"),
    )


def _checks(summary: Summary) -> None:
    """Checks by gate, and every one that did not pass by its name."""
    st.subheader("Checks of this build (checks)", anchor="checks")
    counts = Counter((row.gate, row.status) for row in summary.checks)
    gates = [gate for gate in GATES if any(row.gate == gate for row in summary.checks)]
    gates += sorted({row.gate for row in summary.checks} - set(GATES))
    if not gates:
        st.markdown("This release carries no check results.")
        return
    layout.table(
        {
            "Gate": [GATES.get(gate, gate) for gate in gates],
            **{status.capitalize(): [counts[gate, status] for gate in gates] for status in STATUSES},
        },
        "Checks by gate and result",
        numbers=tuple(status.capitalize() for status in STATUSES),
    )
    open_checks = [row for row in summary.checks if row.status != "passed"]
    if open_checks:
        layout.table(
            {
                "Not passed": [f"{row.description or row.check_name}" for row in open_checks],
                "Result": [row.status for row in open_checks],
                "Observed": [row.observed or "" for row in open_checks],
            },
            "Checks that did not pass",
        )


def _audits(summary: Summary) -> None:
    """What the data themselves leave open."""
    st.subheader("Findings for review", anchor="findings")
    if not summary.audits:
        st.markdown("This release carries no findings.")
        return
    found = [row for row in summary.audits if row.findings != 0]
    if found:
        _findings(found, "Findings about the data by kind")
    else:
        st.markdown("Nothing was found.")
    none = [row for row in summary.audits if row.findings == 0]
    if none:
        with st.expander(f"{len(none)} kinds of finding that were looked for and not found"):
            _findings(none, "Kinds of finding of which there are none")


def _findings(rows: list[Audit], alt: str) -> None:
    columns: dict[str, list[object]] = {
        "Finding": [row.title for row in rows],
        "Count": [row.findings for row in rows],
        "Unit": [row.unit for row in rows],
    }
    layout.table(columns, alt, numbers=("Count",))
