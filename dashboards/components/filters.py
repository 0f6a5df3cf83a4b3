"""The filters of the page by year, bound to the address: a link, a reload and Back show the same figures."""

from collections.abc import Mapping

import streamlit as st

from dashboards.components.cells import LEVELS, OFFENSES, UNITS, WAVES, YEAR_BASES, Filters

CHOICES: Mapping[str, Mapping[str, str]] = {
    "year_basis": YEAR_BASES,
    "unit": UNITS,
    "wave": WAVES,
    "level": LEVELS,
    "offense": OFFENSES,
}


def choose_filters() -> Filters:
    """Two rows of buttons and three lists."""
    older = {key for key in CHOICES if _is_of_older_address(key)}
    with st.container(horizontal=True, gap="medium"):
        for key, label in (("year_basis", "Year"), ("unit", "Count")):
            labels = CHOICES[key]
            st.segmented_control(
                label,
                list(labels),
                format_func=labels.__getitem__,
                default=None if key in older else next(iter(labels)),
                required=True,
                key=key,
                bind="query-params",
            )
    for column, key in zip(st.columns(3), ("wave", "level", "offense"), strict=True):
        labels = CHOICES[key]
        column.selectbox(key.capitalize(), list(labels), format_func=labels.__getitem__, key=key, bind="query-params")
    return Filters(**{key: str(st.session_state[key]) for key in CHOICES})


def _is_of_older_address(key: str) -> bool:
    """Take over a choice of an older address, which names our code; Streamlit's names the label that a reader sees."""
    code = st.query_params.get(key, "")
    if code not in CHOICES[key] or key in st.session_state:
        return False
    st.session_state[key] = code
    return True
