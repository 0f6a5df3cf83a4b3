"""The filters of the page by year, each kept in the address: a link, a reload, Back and Forward show the same figures.

Not Streamlit's `bind="query-params"` (1.67): when a reader leaves the page it pushes the address without the filters
into the history, so that Back shows the page without them.
"""

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
KEPT = "address_of_filters"


def choose_filters() -> Filters:
    """Two rows of buttons and three lists; an address that changed outside of them (a link, Back) wins over them."""
    if _address() != st.session_state.get(KEPT) or not all(key in st.session_state for key in CHOICES):
        st.session_state.update(_address())
    with st.container(horizontal=True, gap="medium"):
        for key, label in (("year_basis", "Year"), ("unit", "Count")):
            labels = CHOICES[key]
            st.segmented_control(label, list(labels), format_func=labels.__getitem__, required=True, key=key)
    for column, key in zip(st.columns(3), ("wave", "level", "offense"), strict=True):
        column.selectbox(key.capitalize(), list(CHOICES[key]), format_func=CHOICES[key].__getitem__, key=key)
    chosen = {key: str(st.session_state[key]) for key in CHOICES}
    for key, value in chosen.items():
        _to_address(key, value)
    st.session_state[KEPT] = chosen
    return Filters(**chosen)


def default(key: str) -> str:
    """The first choice of each filter: the broadest one."""
    return next(iter(CHOICES[key]))


def _address() -> dict[str, str]:
    """What the address asks for; the default where it asks for nothing, or for nothing that is ours."""
    asked = {key: st.query_params.get(key, "") for key in CHOICES}
    return {key: value if value in CHOICES[key] else default(key) for key, value in asked.items()}


def _to_address(key: str, value: str) -> None:
    """Keep the address short: a default is left out."""
    if value == default(key):
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
