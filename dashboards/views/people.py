"""The page People and equity: people whose record changed, beside the announced figures and by race, sex and age."""

from collections.abc import Sequence

import streamlit as st

from dashboards.components import address, layout
from dashboards.components.data import Release, Summary
from dashboards.components.dot_plot import Dot, dot_plot, dot_plot_alt
from dashboards.components.folds import why_and_limits
from dashboards.components.glossary import meaning
from dashboards.components.people import (
    GROUPINGS,
    MEASURES,
    OF,
    ORDERS,
    Group,
    beside,
    everybody,
    finding,
    gap,
    load_groups,
    name,
    of,
    shown_gap,
    shown_range,
    shown_share,
    sum_in_words,
)
from dashboards.components.words import day, link, number, span, text

CHOICES = {"measure": MEASURES}


def page(release: Release, summary: Summary) -> None:
    """Show the finding, four numbers, the announced figures, and then one measure by race, sex and age."""
    layout.heading("People whose record changed (people)", summary)
    groups = load_groups(release.leadership)
    total = everybody(groups)
    layout.lead(finding(total))
    if total is None or total.people_with_relief is None:
        why_and_limits("people")
        return
    cards(total)
    announced_section(groups, summary)
    layout.section("Groups side by side (percent of people)", "groups")
    st.markdown(text("people_groups"))
    address.read(CHOICES, "address_of_people")
    st.segmented_control(
        "What is compared", list(MEASURES), format_func=MEASURES.__getitem__, required=True, key="measure"
    )
    measure = address.write(CHOICES, "address_of_people")["measure"]
    for grouping, title in GROUPINGS.items():
        group_section(title, total, of(groups, ORDERS, grouping), measure)
    why_and_limits("people")


def cards(total: Group) -> None:
    """Show four numbers, each with its range, unit and date."""
    for column, (measure, title) in zip(st.columns(4), MEASURES.items(), strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            st.metric(
                f"{title} (people)",
                number(total.count(measure)),
                help=meaning("relief" if measure == "people_with_relief" else "outcome"),
            )
            low, high = total.count(measure, "_low"), total.count(measure, "_high")
            layout.small(
                f"{shown_share(total, measure)} of the {number(total.whole(measure))} {OF[measure]}  \n"
                f"Range {span(low, high, total.count(measure))}  \nData as of {day(total.extract_as_of_date)}"
            )
    layout.small(
        f"For {number(total.cannot_tell)} of these people a missing level or date decides an outcome: they are in no "
        f"count, and in the highest number of each range. {text('people_range')}"
    )


def announced_section(groups: Sequence[Group], summary: Summary) -> None:
    """Show the figures announced in 2020 beside the counts for the orders of the first wave."""
    layout.section("Announced beside counted, first wave (people, and percent of people)", "announced")
    rows = beside(groups, summary.published, summary.info.county)
    if not rows:
        st.markdown("Nobody announced a number of people for this county, so there is nothing to set beside the count.")
        return
    layout.table(
        {
            "Figure": [row.title for row in rows],
            "Announced": [row.announced for row in rows],
            "Counted": [row.counted for row in rows],
            "Range": [row.counted_range for row in rows],
        },
        "Announced figures of people beside the counts of the first wave",
    )
    sources = dict.fromkeys(
        f"{link(row.figure.source_name, row.figure.source_url)}, {day(row.figure.as_of_date)}" for row in rows
    )
    layout.small(
        f"Announced by: {'; '.join(sources)}. Counted: dismissals of the first wave, data as of "
        f"{day(summary.info.extract_as_of_date)}. {text('announced_people').strip()}"
    )


def group_section(title: str, total: Group, rows: Sequence[Group], measure: str) -> None:
    """Show the results for one grouping: the gap in words, the dots, the table and the sum."""
    st.subheader(f"By {title.lower()} (percent of {OF[measure]})", anchor=f"by-{title.lower()}")
    st.markdown(gap(rows, measure))
    dots = [
        Dot(
            name(row.group_name),
            _percent(row.tenths(measure)),
            _percent(row.tenths(measure, "_low")),
            _percent(row.tenths(measure, "_high")),
            _shown(row, measure),
        )
        for row in rows
    ]
    caption = f"{MEASURES[measure]}, percent of {OF[measure]}"
    alt = dot_plot_alt(dots, shown_share(total, measure), caption)
    left, right = st.columns([5, 6], gap="large")
    with left:
        layout.chart(dot_plot(dots, _percent(total.tenths(measure)), caption), alt)
    with right:
        everyone = [total, *rows]
        whole = f"{OF[measure].capitalize()}"
        layout.table(
            {
                title: ["Everybody", *(name(row.group_name) for row in rows)],
                "Percent": [shown_share(row, measure) for row in everyone],
                "Gap in points": [shown_gap(row, total, measure) for row in everyone],
                "Range": [shown_range(row, measure) for row in everyone],
                whole: [row.whole(measure) for row in everyone],
                MEASURES[measure]: [row.count(measure) for row in everyone],
            },
            f"{caption}, by {title.lower()}, with the gap to everybody in percentage points",
            numbers=(whole, MEASURES[measure]),
        )
        layout.small(f"{sum_in_words(total, rows, measure)} Data as of {day(total.extract_as_of_date)}.")


def _percent(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _shown(row: Group, measure: str) -> str:
    return f"{shown_share(row, measure)} of {number(row.whole(measure))}"


layout.with_release(page)
