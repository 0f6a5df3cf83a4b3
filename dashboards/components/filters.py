"""The filters of the second page, each kept in the address, so that a link shows the same figures."""

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
    """Two buttons rows and three lists; the address wins on opening, the widgets from then on."""
    for key in CHOICES:
        _from_address(key)
    with st.container(horizontal=True, gap="medium"):
        for key, label in (("year_basis", "Year"), ("unit", "Count")):
            labels = CHOICES[key]
            st.segmented_control(label, list(labels), format_func=labels.__getitem__, required=True, key=key)
    for column, key in zip(st.columns(3), ("wave", "level", "offense"), strict=True):
        column.selectbox(key.capitalize(), list(CHOICES[key]), format_func=CHOICES[key].__getitem__, key=key)
    chosen = {key: str(st.session_state[key]) for key in CHOICES}
    for key, value in chosen.items():
        _to_address(key, value)
    return Filters(**chosen)


def default(key: str) -> str:
    """The first choice of each filter: the broadest one."""
    return next(iter(CHOICES[key]))


def _from_address(key: str) -> None:
    """On opening, the address's choice when it is one of ours, else the default."""
    if st.session_state.get(key) not in CHOICES[key]:
        asked = st.query_params.get(key, "")
        st.session_state[key] = asked if asked in CHOICES[key] else default(key)


def _to_address(key: str, value: str) -> None:
    """Keep the address short: a default is left out."""
    if value == default(key):
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
