"""What all pages have in common: the release, the status strip, headings, tables, and a message when a page fails."""

import logging
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboards.components import status, verdicts
from dashboards.components.charts import AnyChart
from dashboards.components.chosen import shown_release
from dashboards.components.data import Release, ReleaseInfo, Summary, load_summary
from dashboards.components.theme import coloured, is_dark
from dashboards.components.words import county_name, day, moment, plain, text
from relief.errors import ReliefError

LOGGER = logging.getLogger(__name__)
STYLE = """<style>
/* Streamlit's element toolbar and Vega's menu would hand out a chart's or a table's exact figures in one click. */
[data-testid="stElementToolbar"], .vega-embed > details, .vega-actions { display: none !important; }
[data-testid="stMainBlockContainer"] { padding-top: 4.2rem; padding-bottom: 2rem; }
.st-key-status { border-left: 0.4rem solid #0b5d7a; padding: 0.4rem 0 0.4rem 0.9rem; }
.relief-legend { list-style: none; margin: 0 !important; padding: 0 !important; line-height: 1.6; }
.relief-legend li { margin-left: 0 !important; }
.relief-legend span { display: inline-block; width: 0.9rem; height: 0.9rem; margin-right: 0.5rem; }
/* A range is longer than a number: it wraps into a second line and is never cut off. */
[data-testid="stMetricValue"], [data-testid="stMetricValue"] *, [data-testid="stMetricLabel"] * {
    white-space: normal !important; overflow: visible !important; text-overflow: clip !important; }
/* Streamlit's own pictures of a page are too pale to be told from the paper by everybody. */
[data-testid="stIconMaterial"] { color: inherit !important; opacity: 1 !important; }
.st-key-lead p { font-size: 1.3rem; line-height: 1.45; }
</style>"""


def with_release(page: Callable[[Release, Summary], None]) -> None:
    """Run a page on the shown release; if the release is missing or damaged, show what the reader can do."""
    st.html(STYLE)
    try:
        release = shown_release()
        if release is None:
            st.title("Nothing has been published yet", anchor=False)
            st.markdown(text("no_release"))
            return
        summary = load_summary(release.leadership)
        judgement = verdicts.load_judgement(release.leadership)
        status.strip(summary, verdicts.sentence(judgement))
        verdicts.fold(judgement)
        page(release, summary)
        footer(summary.info)
    except ReliefError as error:
        st.title("These figures cannot be shown", anchor=False)
        st.error(plain(f"The data team can mend this: {error}."), icon=":material/error:")
    except Exception:
        LOGGER.exception("a dashboard page failed")
        st.error(
            "This page met an unexpected problem and is incomplete. The data team finds the reason in its log.",
            icon=":material/error:",
        )


def heading(title: str, summary: Summary) -> None:
    """Show the only title of the page, and below it a sentence for each source that was not delivered."""
    st.title(title, anchor=False)
    for sentence in status.missing(summary.deliveries):
        st.warning(sentence, icon=":material/info:")


def lead(sentence: str) -> None:
    """Show the main finding as one sentence in larger type, which is not a heading."""
    with st.container(key="lead"):
        st.markdown(sentence)


def section(title: str, anchor: str) -> None:
    """Show a heading one level below the page's title, with an anchor for links."""
    st.header(title, anchor=anchor)


def footer(info: ReleaseInfo) -> None:
    """Show which release the page uses. 'As of' is the date of the data, never the date of the page."""
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
    """Show small print in the full text color, because Streamlit's gray captions are hard to read."""
    st.markdown(f":small[{markdown}]")


def chart(figure: AnyChart, alt_text: str) -> None:
    """Show a chart with its alt text."""
    shown = type(figure).from_json(coloured(figure.to_json())) if is_dark() else figure
    st.altair_chart(shown, width="stretch", alt=alt_text)


def table(
    columns: Mapping[str, Sequence[object]],
    alt_text: str,
    *,
    numbers: tuple[str, ...] = (),
    absent: str = "cannot tell",
    height: int = 0,
) -> None:
    """Show a plain table.

    Data are shown as literal text, numbers are aligned to the right, and ``absent`` is shown for a missing number.
    """
    frame = pd.DataFrame(
        {
            name: [value if isinstance(value, Cooked | int | float | None) else plain(value) for value in values]
            for name, values in columns.items()
        }
    ).astype(dict.fromkeys(numbers, "Int64"))
    style = frame.style.format(thousands=",", na_rep=absent, subset=list(numbers)) if numbers else frame
    st.table(style, border="horizontal", hide_index=True, alt=alt_text, height=height or "content")


class Cooked(str):
    """Text that is safe Markdown already, such as a checked link, and is not escaped again."""

    __slots__ = ()
