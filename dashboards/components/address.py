"""Choices of a page are kept in its address, so that a link, a reload, Back and Forward show the same figures.

Not Streamlit's `bind="query-params"` (1.67): when a reader leaves the page it pushes the address without the filters
into the history, so that Back shows the page without them.
"""

from collections.abc import Collection, Mapping

import streamlit as st

Choices = Mapping[str, Collection[str]]
"""The values that each choice may have; the first is its default, which the address omits."""


def read(choices: Choices, kept: str) -> None:
    """Before the widgets: an address that changed outside of them (a link, Back) wins over what they hold."""
    asked = {key: _asked(key, values) for key, values in choices.items()}
    if asked != st.session_state.get(kept) or not all(key in st.session_state for key in choices):
        st.session_state.update(asked)


def write(choices: Choices, kept: str) -> dict[str, str]:
    """After the widgets: what they hold goes into the address."""
    chosen = {key: str(st.session_state[key]) for key in choices}
    for key, value in chosen.items():
        if value == next(iter(choices[key])):
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != value:
            st.query_params[key] = value
    st.session_state[kept] = chosen
    return chosen


def _asked(key: str, values: Collection[str]) -> str:
    """Return the choice in the address, or the default where the address has none or an unknown one."""
    value = st.query_params.get(key, "")
    return value if value in values else next(iter(values))
