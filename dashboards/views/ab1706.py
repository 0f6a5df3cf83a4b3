"""The page AB 1706: the state's table by race and gender, the overdue orders, and the deadlines in the statutes."""

import streamlit as st

from dashboards.components import layout
from dashboards.components.ab1706 import (
    GROUPS,
    LINES,
    OVERDUE,
    STANDINGS,
    Report,
    by_answer,
    finding,
    houses,
    load_report,
    overdue_sentence,
    parts_in_words,
)
from dashboards.components.data import Release, Summary
from dashboards.components.dot_plot import Dot, dot_plot, dot_plot_alt
from dashboards.components.folds import why_and_limits
from dashboards.components.glossary import meaning
from dashboards.components.words import day, number, plain, share, text
from relief.figures import tenths

TABLE_HEIGHT = 420
MANY = 10


def page(release: Release, summary: Summary) -> None:
    """Show the whole page: finding, overdue orders, measures, groups, the DOJ's list and the deadlines."""
    layout.heading("The state's AB 1706 report (convictions)", summary)
    report = load_report(release.leadership)
    layout.lead(finding(report))
    st.markdown(overdue_sentence(report))
    cards(report)
    left, right = st.columns(2, gap="large")
    with left:
        measures_section(report)
    with right:
        list_section(report)
    left, right = st.columns([4, 6], gap="large")
    with left:
        overdue_section(report)
    with right:
        deadlines_section(report, summary)
    for group, members in GROUPS.items():
        groups_section(report, group, members)
    layout.small(text("ab1706_public").strip())
    why_and_limits("ab1706")


def cards(report: Report) -> None:
    """Show four numbers, each with its date."""
    relieved = report.count("relieved")
    remaining = report.count("remaining")
    late = report.standing(OVERDUE) if report.is_told else None
    eligible = report.count("eligible")
    for column, (title, count, of, word) in zip(
        st.columns(4),
        (
            ("Eligible (convictions)", eligible, "by the statute or by an order", "eligible"),
            ("Relieved (convictions)", relieved, f"{share(relieved, eligible)} of those eligible", "relieved"),
            ("Remaining (convictions)", remaining, f"{share(remaining, eligible)} of those eligible", "remaining"),
            ("Overdue orders (convictions)", late, "of the DOJ's list, whatever the policy answers", "overdue order"),
        ),
        strict=True,
    ):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            st.metric(title, number(count), help=meaning(word))
            layout.small(f"{of}  \nData as of {day(report.extract_as_of_date)}")


def measures_section(report: Report) -> None:
    """Show the report over all groups. Each line is the sum of the lines one level below it."""
    layout.section("Eligible, relieved, remaining (convictions)", "measures")
    rows = [line for line in LINES if report.count(line[0]) or line[0] in {"eligible", "relieved", "remaining"}]
    layout.table(
        {
            "Measure": [f"{sign}{title}" for _, title, sign in rows],
            "Convictions": [report.count(measure) for measure, _, _ in rows],
        },
        "Eligible convictions as relieved and remaining, and each of these by what became of it",
        numbers=("Convictions",),
    )
    layout.small(
        f"Eligible = relieved + remaining; lines with two signs add up to the line above them. Empty lines are "
        f"left out. Evaluated as of {day(report.evaluated_as_of_date)}, data as of {day(report.extract_as_of_date)}."
    )


def list_section(report: Report) -> None:
    """Show every conviction on the DOJ's list once, by its standing. A note gives the answers of the policy."""
    layout.section("The DOJ's list (convictions)", "list")
    rows = [standing for standing in STANDINGS if report.standing(standing)]
    if not rows:
        st.markdown("No conviction of the DOJ's list is in this release.")
        return
    counts = [report.standing(standing) for standing in rows]
    layout.table(
        {
            "On the list": [*(STANDINGS[standing] for standing in rows), "All on the list"],
            "Convictions": [*counts, sum(counts)],
        },
        "Convictions of the DOJ's list by where they are",
        numbers=("Convictions",),
    )
    layout.small(text("ab1706_list").strip())


def overdue_section(report: Report) -> None:
    """Show the number of overdue orders at each courthouse."""
    layout.section("Overdue orders by courthouse (convictions)", "overdue")
    names = houses(report)
    if not names:
        st.markdown("No courthouse owes an overdue order in this release.")
        return
    counts = [report.standing(OVERDUE, name) for name in names]
    layout.table(
        {
            "Courthouse": [*(_house(name) for name in names), "All courthouses"],
            "Overdue orders": [*counts, report.standing(OVERDUE)],
        },
        "Overdue orders by courthouse, the most first",
        numbers=("Overdue orders",),
        height=TABLE_HEIGHT if len(names) > MANY else 0,
    )
    answers = by_answer(report, OVERDUE)
    layout.small(
        f"Of these {number(report.standing(OVERDUE))}, the statute's policy grants {number(answers['granted'])}, sends "
        f"{number(answers['hand review'])} to an attorney, does not grant {number(answers['not granted'])} and does "
        f"not evaluate {number(answers['not evaluated'])}."
    )


def groups_section(report: Report, group: str, members: tuple[str, ...]) -> None:
    """Show the results for one grouping: the share relieved as dots, and the counts as a table."""
    layout.section(f"Relieved, by {group} (percent of eligible convictions)", group)
    groups = {member: {group: member} for member in members if report.count("eligible", **{group: member})}
    if not groups or not report.is_told:
        st.markdown("There is no share to show: no orders were delivered, or no conviction is eligible.")
        return
    rows = [(report.count("eligible", **place), report.count("relieved", **place)) for place in groups.values()]
    dots = [
        Dot(
            member.capitalize(),
            *(_percent(relieved, eligible),) * 3,
            f"{share(relieved, eligible)} of {number(eligible)}",
        )
        for member, (eligible, relieved) in zip(groups, rows, strict=True)
    ]
    everybody = (report.count("eligible"), report.count("relieved"))
    caption = "Relieved, percent of eligible convictions"
    alt = dot_plot_alt(dots, share(everybody[1], everybody[0]), caption)
    left, right = st.columns([5, 6], gap="large")
    with left:
        layout.chart(dot_plot(dots, _percent(everybody[1], everybody[0]), caption), alt)
    with right:
        everyone = [everybody, *rows]
        remaining = [report.count("remaining"), *(report.count("remaining", **place) for place in groups.values())]
        layout.table(
            {
                group.capitalize(): ["Everybody", *(member.capitalize() for member in groups)],
                "Eligible": [eligible for eligible, _ in everyone],
                "Relieved": [relieved for _, relieved in everyone],
                "Remaining": remaining,
                "Percent relieved": [share(relieved, eligible) for eligible, relieved in everyone],
            },
            f"Eligible, relieved and remaining convictions by {group}",
            numbers=("Eligible", "Relieved", "Remaining"),
        )
        layout.small(f"{parts_in_words(report, group, members)} Data as of {day(report.extract_as_of_date)}.")


def deadlines_section(report: Report, summary: Summary) -> None:
    """Show the deadlines of AB 1793 and AB 1706, and whether the data reach beyond them."""
    layout.section("The days of the statutes (days)", "deadlines")
    rows = report.deadlines
    if not rows:
        st.markdown("This release contains no deadline.")
        return
    layout.table(
        {
            "What is due": [row.deadline_title for row in rows],
            "Last day": [day(row.deadline_date) for row in rows],
            "Passed": ["cannot tell" if row.is_past is None else "yes" if row.is_past else "no" for row in rows],
            "Days since": [row.days_past if row.is_past else None for row in rows],
            "Source": [row.citation for row in rows],
        },
        "The days that AB 1793 and AB 1706 set, and how long ago they passed",
        numbers=("Days since",),
        absent="not yet",
    )
    layout.small(
        f"Days are counted to the day of the events, never to today. Release {plain(summary.info.release_id)}."
    )


def _percent(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else tenths(part, whole) / 10


def _house(name: str) -> str:
    return {"unknown": "No courthouse on record", "other": "A courthouse that is not listed"}.get(name, name.title())


layout.with_release(page)
