"""What every page has: the release, the SYNTHETIC banner, the footer, and one clear message when it cannot be read."""

import logging
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboards.components.charts import AnyChart
from dashboards.components.data import Release, ReleaseInfo, Summary, current_release, load_summary, releases_folder
from dashboards.components.words import county_name, day, moment, plain, text
from relief.errors import ReliefError

LOGGER = logging.getLogger(__name__)
# Streamlit's element toolbar and Vega's menu would hand out a chart's or a table's exact figures in one click.
NO_EXPORT = """<style>
[data-testid="stElementToolbar"], .vega-embed > details, .vega-actions { display: none !important; }
</style>"""


def with_release(page: Callable[[Release, Summary], None]) -> None:
    """Run a page on the current release; without one, or with a damaged one, say what to do instead."""
    st.html(NO_EXPORT)
    try:
        release = current_release(releases_folder())
        if release is None:
            st.title("Nothing has been published yet")
            st.markdown(text("no_release"))
            return
        summary = load_summary(release.leadership)
        banner(summary.info)
        page(release, summary)
        footer(summary.info)
    except ReliefError as error:
        st.title("These figures cannot be shown")
        st.error(plain(f"The data team can mend this: {error}."), icon=":material/error:")
    except Exception:
        LOGGER.exception("a dashboard page failed")
        st.error(
            "This page met an unexpected problem and is incomplete. The data team finds the reason in its log.",
            icon=":material/error:",
        )


def banner(info: ReleaseInfo) -> None:
    """Synthetic data says so before anything else."""
    if info.is_synthetic:
        notice = info.notice or "SYNTHETIC DATA: no real person, case or order is counted here."
        st.warning(f"**{plain(notice)}**", icon=":material/science:")


def heading(title: str, info: ReleaseInfo) -> None:
    """The page's title with the county and the date that the data speak of."""
    st.title(title, anchor=False)
    st.markdown(f"{plain(county_name(info.county))} · data as of **{day(info.extract_as_of_date)}**")


def footer(info: ReleaseInfo) -> None:
    """Which release this is; 'as of' is the data's date, never the page's."""
    st.divider()
    parts = [
        f"Release {plain(info.release_id)}",
        f"build {plain(info.build_id)}",
        f"published {plain(moment(info.published_at))}",
        f"extracts as of {day(info.extract_as_of_date)}",
        f"evaluated as of {day(info.evaluated_as_of_date)}",
        plain(county_name(info.county)),
        f"relief {plain(info.relief_version)}",
    ]
    small(" · ".join(parts))


def small(markdown: str) -> None:
    """Small print in full ink: captions in grey are hard to read."""
    st.markdown(f":small[{markdown}]")


def chart(figure: AnyChart, alt_text: str) -> None:
    """A chart with its text for those who do not see it."""
    st.altair_chart(figure, width="stretch", alt=alt_text)


def table(
    columns: Mapping[str, Sequence[object]],
    alt_text: str,
    *,
    numbers: tuple[str, ...] = (),
    absent: str = "cannot tell",
    height: int = 0,
) -> None:
    """A plain table: data as literal text, numbers to the right, ``absent`` where there is no number."""
    frame = pd.DataFrame(
        {
            name: [value if isinstance(value, Cooked | int | float | None) else plain(value) for value in values]
            for name, values in columns.items()
        }
    ).astype(dict.fromkeys(numbers, "Int64"))
    style = frame.style.format(thousands=",", na_rep=absent, subset=list(numbers)) if numbers else frame
    st.table(style, border="horizontal", hide_index=True, alt=alt_text, height=height or "content")


class Cooked(str):
    """Text that is already safe Markdown, such as a checked link."""

    __slots__ = ()
