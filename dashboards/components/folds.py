"""Two expanders at the foot of a page: why the page matters, and what the page does not show."""

import streamlit as st

from dashboards.components.words import text


def why_and_limits(page: str) -> None:
    """Show both expanders side by side, with the texts text/why_<page>.md and text/limits_<page>.md."""
    left, right = st.columns(2, gap="large")
    with left, st.expander("Why this matters", icon=":material/lightbulb:"):
        st.markdown(text(f"why_{page}"))
    with right, st.expander("What this does not show", icon=":material/visibility_off:"):
        st.markdown(text(f"limits_{page}"))
