"""The page Progress: announced and counted figures of each wave in its own unit, with the quality of the data."""

import streamlit as st

from dashboards.components import layout, plants, universes
from dashboards.components.charts import stages_alt, stages_chart
from dashboards.components.data import ANNOUNCED_STAGE, Release, StageCount, Summary
from dashboards.components.downloads import wave_download
from dashboards.components.findings import (
    finding,
    is_sound,
    not_yet_visible,
    share_of_published,
    waiting_for_attorneys,
)
from dashboards.components.findings import quality as quality_line
from dashboards.components.words import day, link, number, plain, span, text

OUTCOMES = {
    "people_with_relief": "People with relief",
    "no_felony_left": "No felony left",
    "no_conviction_left": "No conviction left",
    "no_conviction_last_7_years": "No conviction in the last 7 years",
    "cannot_tell": "Cannot tell",
}


def page(release: Release, summary: Summary) -> None:
    """Show the whole page, from the finding to what the page does not show."""
    layout.heading("Progress toward the announced totals", summary)
    layout.lead(finding(summary.stages))
    st.markdown(not_yet_visible(summary.stages))
    line = quality_line(summary.deliveries, summary.checks, summary.audits)
    icon = ":material/check_circle:" if is_sound(summary.deliveries, summary.checks) else ":material/warning:"
    st.markdown(f"{icon} **Data quality:** {line}")
    st.page_link("views/trust.py", label="See whether these numbers can be trusted", icon=":material/arrow_forward:")

    waves = sorted({row.wave_number for row in summary.stages})
    for column, wave in zip(st.columns(max(len(waves), 1), gap="large"), waves, strict=False):
        with column:
            wave_section(release, [row for row in summary.stages if row.wave_number == wave])
    st.markdown(text("below_the_waves"))
    st.page_link("views/by_year_and_offense.py", label="See every year and offense", icon=":material/arrow_forward:")
    st.page_link("views/stuck.py", label="See where records are stuck", icon=":material/arrow_forward:")

    universes.section(release)
    people_section(summary)
    plants.section(release)
    reviews_section(summary)

    why, limits = st.columns(2, gap="large")
    with why:
        layout.section("Why this matters", "why")
        st.markdown(text("why_this_matters"))
    with limits:
        layout.section("What this does not show", "limits")
        st.markdown(text("what_this_does_not_show"))
    published_section(summary)


def wave_section(release: Release, rows: list[StageCount]) -> None:
    """Show one wave: announced and counted numbers, the source, and the stages as a chart and as a table."""
    unit = rows[0].unit
    layout.section(f"{plain(rows[0].wave_title)} ({plain(unit)})", f"wave-{rows[0].wave_number}")
    announced = next((row for row in rows if row.stage == ANNOUNCED_STAGE), None)
    if announced is not None:
        left, right = st.columns(2)
        left.metric(f"Announced, {unit}", number(announced.published_count))
        right.metric(
            f"Orders signed, {unit} counted", span(announced.counted_low, announced.counted_high, announced.counted)
        )
        right.markdown(
            f":small[**{share_of_published(announced)}** of the announced total; data as of "
            f"{day(announced.extract_as_of_date)}]"
        )
        source = link(announced.published_source_name or "source", announced.published_source_url)
        left.markdown(f":small[{day(announced.published_as_of_date)}, source: {source}]")
    layout.chart(stages_chart(rows), stages_alt(rows))
    counted = f"Counted ({unit})"
    columns: dict[str, list[object]] = {
        "Stage": [row.stage_title for row in rows],
        counted: [row.counted for row in rows],
    }
    if any(row.has_range for row in rows):
        columns |= {"Lowest": [row.counted_low for row in rows], "Highest": [row.counted_high for row in rows]}
    numbers = tuple(columns)[1:]
    columns["Data as of"] = [day(row.extract_as_of_date) for row in rows]
    layout.table(columns, stages_alt(rows), numbers=numbers)
    wave_download(release, rows[0].wave_number)


def people_section(summary: Summary) -> None:
    """Show the number of people whose record changes. People with an unknown outcome are counted too."""
    layout.section("Whose record changes (people)", "people")
    orders = [row for row in summary.people if row.basis_type == "orders"]
    policies = [row for row in summary.people if row.basis_type != "orders"]
    left, right = st.columns(2, gap="large")
    right.markdown(text("people"))
    with left:
        if not orders:
            st.markdown("This release has no count of people from court orders.")
        if orders:
            people = {
                f"People, overdue records {row.overdue_records.replace('_', ' ')}": [
                    row.span(name) for name in OUTCOMES
                ]
                for row in orders
            }
            layout.table(
                {"After the orders that were signed": list(OUTCOMES.values()), **people},
                "People whose record the signed orders change, with and without records that were to be destroyed",
            )
            layout.small(f"Data as of {day(orders[0].extract_as_of_date)}.")
    if policies:
        with st.expander("What each policy would change, if it were applied (people; not orders)"):
            layout.table(
                {
                    "Policy": [row.basis for row in policies],
                    "Overdue records": [
                        f"{row.overdue_records.replace('_', ' ')}{' (as the policy has it)' * row.is_policy_choice}"
                        for row in policies
                    ],
                    **{title: [row.span(name) for row in policies] for name, title in OUTCOMES.items()},
                    "Evaluated as of": [day(row.evaluated_as_of_date) for row in policies],
                },
                "People whose record each policy would change",
            )


def reviews_section(summary: Summary) -> None:
    """Show the convictions that wait for an attorney under each policy.

    Numbers of different policies are never added.
    """
    if not summary.reviews:
        return
    layout.section("What waits for an attorney (convictions)", "attorneys")
    st.markdown(waiting_for_attorneys(summary.reviews[0]))
    st.markdown(text("reviews"))
    with st.expander("The queue under each policy (convictions)"):
        rows = summary.reviews
        counts: dict[str, list[object]] = {
            "Sent to an attorney": [row.to_review for row in rows],
            "Decided": [row.decided for row in rows],
            "Settled by a court": [row.settled for row in rows],
            "Waiting": [row.waiting for row in rows],
            "Oldest (days)": [row.oldest_waiting_days for row in rows],
        }
        layout.table(
            {
                "Policy": [row.policy_title for row in rows],
                **counts,
                "As of": [day(row.queue_as_of_date) for row in rows],
            },
            "Convictions that each policy sends to an attorney: decided, settled by a court, waiting",
            numbers=tuple(counts),
        )


def published_section(summary: Summary) -> None:
    """Show an expander with every published figure and its source."""
    with st.expander("Published figures and where they come from"):
        layout.table(
            {
                "Figure": [row.metric.replace("_", " ") for row in summary.published],
                "Value": [number(row.value) for row in summary.published],
                "Unit": [row.unit for row in summary.published],
                "Place": [row.geography for row in summary.published],
                "As of": [day(row.as_of_date) for row in summary.published],
                "Source": [layout.Cooked(link(row.source_name, row.source_url)) for row in summary.published],
            },
            "Published figures with unit, place, date and source",
        )


layout.with_release(page)
