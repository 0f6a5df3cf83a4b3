"""Whether headline figures may be quoted: the verdict for the status strip and for each card, with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from dashboards.components.data import ReleaseFile, query, rows_of
from dashboards.components.words import moment, number, plain

ORDER = ("usable", "usable with notes", "do not quote")
"""The possible verdicts, from best to worst."""
ICONS = {
    "usable": ":material/check_circle:",
    "usable with notes": ":material/info:",
    "do not quote": ":material/block:",
}
GROUPS = ("changes the headline", "does not change the headline")


@dataclass(frozen=True)
class Verdict:
    """One headline figure and its verdict, which says whether the figure may be quoted."""

    figure_id: str
    title: str
    unit: str
    counted: int | None
    verdict: str


@dataclass(frozen=True)
class Finding:
    """One finding about a figure.

    ``verdict`` is the verdict that the figure would get if this were the only finding.
    """

    figure_id: str
    finding_group: str
    verdict: str
    sentence: str


@dataclass(frozen=True)
class Accepted:
    """Who accepted a figure that fell by more than the allowed amount, and why."""

    figure_id: str
    counted_before: int | None
    counted_now: int | None
    reason: str
    accepted_by: str
    accepted_at: datetime | None


@dataclass(frozen=True)
class Judgement:
    """All verdicts on the headline figures of a release, and all findings about them.

    A release that an earlier version wrote has none of these.
    """

    verdicts: tuple[Verdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @property
    def worst(self) -> str:
        """The worst verdict of all figures, shown in the status strip; empty if no figure has a verdict."""
        return max((row.verdict for row in self.verdicts), key=ORDER.index, default="")

    @property
    def common(self) -> list[Finding]:
        """The findings that are the same for all figures, in the order of the first figure."""
        figures: dict[tuple[str, str, str], set[str]] = {}
        for one in self.findings:
            figures.setdefault(_content(one), set()).add(one.figure_id)
        first = [one for one in self.findings if one.figure_id in {row.figure_id for row in self.verdicts[:1]}]
        return [one for one in first if len(figures[_content(one)]) == len(self.verdicts)]

    def of(self, figure_id: str) -> str:
        """Return the verdict on one figure; empty if the figure has none."""
        return next((row.verdict for row in self.verdicts if row.figure_id == figure_id), "")


@st.cache_data(show_spinner=False, max_entries=8)
def load_judgement(file: ReleaseFile) -> Judgement:
    """Read the verdicts, findings and acceptances of a leadership release."""
    found = {str(row["table_name"]) for row in query(file, "select table_name from duckdb_tables()")}
    if not found >= {"rpt_data_quality", "audit_headline_findings", "acceptances"}:
        return Judgement()
    return Judgement(
        verdicts=rows_of(Verdict, file, "rpt_data_quality order by figure_no"),
        findings=rows_of(Finding, file, "audit_headline_findings order by figure_no, place"),
        accepted=rows_of(Accepted, file, "acceptances"),
    )


def word(verdict: str) -> str:
    """Return the verdict with an icon, so that the color is never the only sign; empty if there is no verdict."""
    return f"{ICONS[verdict]} **{verdict}**" if verdict in ICONS else ""


def sentence(judgement: Judgement) -> str:
    """Return the text for the status strip, which is the worst verdict of all figures."""
    return f"Headline figures: {word(judgement.worst)}" if judgement.verdicts else ""


def fold(judgement: Judgement) -> None:
    """Show an expander with each figure, its verdict and its findings.

    The findings are grouped by whether they change the figure.
    """
    if not judgement.verdicts:
        return
    with st.expander("Why the headline figures have this verdict"):
        show(judgement)


def show(judgement: Judgement) -> None:
    """Show each figure with its own reasons, and at the end the findings that all figures share."""
    for row in judgement.verdicts:
        st.markdown("\n".join(lines(row, judgement)))
    if common := judgement.common:
        st.markdown("\n".join(["Found about every figure:", "", *_by_group(common)]))


def lines(row: Verdict, judgement: Judgement) -> list[str]:
    """Return the reasons for the verdict on one figure as Markdown, without the reasons that all figures share."""
    said = [f"{word(row.verdict)}: {plain(row.title)}, {number(row.counted)} {plain(row.unit)}", ""]
    common = {_content(one) for one in judgement.common}
    said += _by_group(
        [one for one in judgement.findings if one.figure_id == row.figure_id and _content(one) not in common]
    )
    said += [
        f"- Accepted by {plain(one.accepted_by)} at {plain(moment(one.accepted_at))}, from "
        f"{'no release before' if one.counted_before is None else number(one.counted_before)} to "
        f"{number(one.counted_now)}: {plain(one.reason)}"
        for one in judgement.accepted
        if one.figure_id == row.figure_id
    ]
    return said


def _by_group(findings: Sequence[Finding]) -> list[str]:
    said = []
    for group in GROUPS:
        found = [one for one in findings if one.finding_group == group]
        if found:
            said += [f"- What {group}:", *(f"    - {_said(one)}" for one in found)]
    return said


def _content(finding: Finding) -> tuple[str, str, str]:
    return finding.finding_group, finding.verdict, finding.sentence


def _said(finding: Finding) -> str:
    mark = "" if finding.verdict == "usable" else f" ({finding.verdict})"
    return f"{plain(finding.sentence)}{mark}"
