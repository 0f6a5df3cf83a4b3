"""The page Trust: deliveries, accounting, checks, findings that can change a figure, links, and what changed."""

import streamlit as st

from dashboards.components import layout, quality, trust, verdicts
from dashboards.components.data import Audit, Release, Summary
from dashboards.components.folds import why_and_limits
from dashboards.components.glossary import meaning
from dashboards.components.lifecycle import load_lifecycle
from dashboards.components.words import day, number, plain, text


def page(release: Release, summary: Summary) -> None:
    """Show the verdict if there is one, four numbers, and then the tables behind them."""
    layout.heading("Can these numbers be trusted? (records, checks, findings)", summary)
    layout.lead(trust.finding(summary))
    verdict_section(release)
    cards(summary)
    quality.deliveries(summary)
    st.markdown(trust.accounting_sentence(trust.accounting(summary.deliveries)))
    quality.checks(summary)
    findings_section(summary)
    linkage_section(summary)
    changes_section(release, summary)
    why_and_limits("trust")


def verdict_section(release: Release) -> None:
    """Show which figures may be quoted, if the release contains verdicts."""
    judgement = verdicts.load_judgement(release.leadership)
    if not judgement.verdicts:
        layout.small(text("no_verdict").strip())
        return
    layout.section("What may be quoted (figures)", "verdict")
    verdicts.show(judgement)


def cards(summary: Summary) -> None:
    """Show the numbers of records, rejected records, checks and findings, each with its unit and date."""
    account = trust.accounting(summary.deliveries)
    change, others = trust.sorted_findings(summary.audits)
    not_passed = sum(row.status != "passed" for row in summary.checks)
    as_of = f"Data as of {day(summary.info.extract_as_of_date)}"
    cards = (
        ("Delivered (records)", number(account.records), f"in {number(account.files)} files", "accounted for"),
        ("Rejected (records)", number(account.rejected), f"{number(account.loaded)} loaded", "reject"),
        ("Not passed (checks)", number(not_passed), f"of {number(len(summary.checks))} checks", "gate"),
        (
            "Could change a headline (kinds of finding)",
            number(len(change)),
            f"{number(len(others))} more kinds cannot",
            "finding",
        ),
    )
    for column, (title, value, of, word) in zip(st.columns(4), cards, strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            st.metric(title, value, help=meaning(word))
            layout.small(f"{of}  \n{as_of}")


def findings_section(summary: Summary) -> None:
    """Show findings that could change a count of orders, cases or people separately from those that could not."""
    layout.section("What was found in the data (findings)", "findings")
    change, others = trust.sorted_findings(summary.audits)
    st.markdown(text("trust_findings"))
    st.subheader("Could change a headline figure", anchor="headline")
    _findings(change, "Findings that could change a headline figure")
    with st.expander(f"{len(others)} kinds of finding that change no headline figure"):
        _findings(others, "Findings that change no headline figure")
    none = [row for row in summary.audits if row.findings == 0]
    if none:
        with st.expander(f"{len(none)} kinds of finding that were looked for and not found"):
            _findings(none, "Kinds of finding that were not found")


def _findings(rows: list[Audit], alt: str) -> None:
    if not rows:
        st.markdown("Nothing was found.")
        return
    columns: dict[str, list[object]] = {
        "Finding": [row.title for row in rows],
        "Count": [row.findings for row in rows],
        "Unit": [row.unit for row in rows],
    }
    layout.table(columns, alt, numbers=("Count",))


def linkage_section(summary: Summary) -> None:
    """Show how reliable the links between the two record systems are."""
    layout.section("How good the links are (convictions, cases, people)", "links")
    st.markdown(text("trust_links"))
    layout.table(trust.linkage_rows(summary), "Counts with their ranges due to uncertain links")


def changes_section(release: Release, summary: Summary) -> None:
    """Show what changed since the previous release and since the previous build."""
    layout.section("What changed (convictions, cases)", "changes")
    earlier = trust.before(release)
    if earlier is None:
        st.markdown("This is the first release that can be read here: there is none before it to compare with.")
    else:
        stages = trust.stages_before(earlier.file)
        st.markdown(f"Since release {plain(earlier.release_id)}:")
        moved = trust.since_in_words(summary.stages, stages) if stages else ["The previous release cannot be read."]
        st.markdown("\n".join(f"- {line}" for line in moved))
    st.markdown("Since the previous build:")
    st.markdown("\n".join(f"- {line}" for line in trust.changes_in_words(load_lifecycle(release.leadership).changes)))
    st.page_link("views/stuck.py", label="See the changes as a table", icon=":material/arrow_forward:")


layout.with_release(page)
