"""The quality of the data as tables: deliveries and checks."""

from collections import Counter

import streamlit as st

from dashboards.components import layout
from dashboards.components.data import Summary
from dashboards.components.words import day, text

GATES = {"landed": "Files as delivered", "dbt": "Models", "published": "Figures before publishing"}
STATUSES = ("passed", "warned", "failed", "errored")


def deliveries(summary: Summary) -> None:
    """Show the deliveries. Every record of a file is either loaded or rejected."""
    rows = summary.deliveries
    layout.section("Deliveries (records)", "deliveries")
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


def checks(summary: Summary) -> None:
    """Show the number of checks by gate, and the name of every check that did not pass."""
    layout.section("Checks of this build (checks)", "checks")
    st.markdown(text("quality"))
    counts = Counter((row.gate, row.status) for row in summary.checks)
    gates = [gate for gate in GATES if any(row.gate == gate for row in summary.checks)]
    gates += sorted({row.gate for row in summary.checks} - set(GATES))
    if not gates:
        st.markdown("This release carries no check results.")
        return
    by_status = {status: [counts[gate, status] for gate in gates] for status in STATUSES}
    layout.table(
        {
            "Gate": [*(GATES.get(gate, gate) for gate in gates), "All gates"],
            **{status.capitalize(): [*found, sum(found)] for status, found in by_status.items()},
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
                "Stops a release": ["yes" if row.severity == "stop" else "no" for row in open_checks],
                "Observed": [row.observed or "" for row in open_checks],
            },
            "Checks that did not pass",
        )
