"""Progress: each wave in its own unit, published beside counted, with the quality of the data beside the number."""

import streamlit as st

from dashboards.components import layout, quality
from dashboards.components.charts import stages_alt, stages_chart
from dashboards.components.data import ANNOUNCED_STAGE, Release, StageCount, Summary
from dashboards.components.downloads import progress_downloads
from dashboards.components.findings import finding, is_sound, not_yet_visible, share_of_published
from dashboards.components.findings import quality as quality_line
from dashboards.components.words import day, link, number, plain, span, text


def page(release: Release, summary: Summary) -> None:
    """The whole page, from the finding down to what it does not show."""
    layout.heading("Progress toward the announced totals", summary.info)
    st.markdown(f"#### {finding(summary.stages)}")
    st.markdown(not_yet_visible(summary.stages))
    line = quality_line(summary.deliveries, summary.checks, summary.audits)
    icon = ":material/check_circle:" if is_sound(summary.deliveries, summary.checks) else ":material/error:"
    st.markdown(f"{icon} **Data quality:** {line}")

    waves = sorted({row.wave_number for row in summary.stages})
    for column, wave in zip(st.columns(max(len(waves), 1), gap="large"), waves, strict=False):
        with column:
            wave_section([row for row in summary.stages if row.wave_number == wave])
    st.markdown(text("below_the_waves"))
    progress_downloads(release, summary)

    people_section(summary)
    quality.section(summary)

    why, limits = st.columns(2, gap="large")
    why.subheader("Why this matters", anchor=False)
    why.markdown(text("why_this_matters"))
    limits.subheader("What this does not show", anchor=False)
    limits.markdown(text("what_this_does_not_show"))
    published_section(summary)


def wave_section(rows: list[StageCount]) -> None:
    """One wave: announced beside counted, the stages as bars and as a table, the source."""
    unit = rows[0].unit
    st.subheader(f"{plain(rows[0].wave_title)} ({plain(unit)})", anchor=False)
    announced = next((row for row in rows if row.stage == ANNOUNCED_STAGE), None)
    if announced is not None:
        left, right = st.columns(2)
        left.metric(f"Announced, {unit}", number(announced.published_count))
        right.metric(
            f"Orders signed, {unit} counted", span(announced.counted_low, announced.counted_high, announced.counted)
        )
        right.caption(f"{share_of_published(announced)} of the announced total")
        source = link(announced.published_source_name or "source", announced.published_source_url)
        left.caption(f"{day(announced.published_as_of_date)}, {source}")
    layout.chart(stages_chart(rows), stages_alt(rows))
    layout.table(
        {
            "Stage": [row.stage_title for row in rows],
            f"Counted ({unit})": [span(row.counted_low, row.counted_high, row.counted) for row in rows],
            "Announced": [
                number(row.published_count) if row.published_count else "none for this stage" for row in rows
            ],
            "Data as of": [day(row.extract_as_of_date) for row in rows],
        },
        stages_alt(rows),
        numbers=(f"Counted ({unit})",),
    )


def people_section(summary: Summary) -> None:
    """Whose record it changes. The unit is people, and those we cannot tell about are counted too."""
    st.subheader("Whose record changes (people)", anchor=False)
    st.markdown(text("people"))
    rows = summary.people
    if not rows:
        st.markdown("This release has no count of people.")
        return
    layout.table(
        {
            "Counted from": ["Court orders" if row.basis_type == "orders" else f"Policy {row.basis}" for row in rows],
            "People with relief": [number(row.people_with_relief) for row in rows],
            "No felony left": [number(row.no_felony_left) for row in rows],
            "No conviction left": [number(row.no_conviction_left) for row in rows],
            "None in last 7 years": [number(row.no_conviction_last_7_years) for row in rows],
            "Cannot tell": [number(row.cannot_tell) for row in rows],
            "Data as of": [day(row.extract_as_of_date) for row in rows],
        },
        "People whose record changes, by what the count is based on",
        numbers=("People with relief", "No felony left", "No conviction left", "None in last 7 years", "Cannot tell"),
    )


def published_section(summary: Summary) -> None:
    """Every published figure with its source, folded away."""
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
            numbers=("Value",),
        )


layout.with_release(page)
