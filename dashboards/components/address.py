"""Keep the choices that a reader makes on a page in the page's address.

So a link, a reload, Back and Forward show the same figures. Streamlit's own `bind="query-params"` (1.67) is not used:
when a reader leaves the page, it adds the address without the filters to the browser's history. Back would then show
the page without the filters.
"""

from collections.abc import Collection, Mapping

import streamlit as st

Choices = Mapping[str, Collection[str]]
"""The possible values of each choice. The first value is the default, which is left out of the address."""


def read(choices: Choices, kept: str) -> None:
    """Call this before the widgets are drawn: the choices in the address go into the widgets.

    This happens only if the address was changed by something else than the widgets, such as a link or Back.
    """
    asked = {key: _asked(key, values) for key, values in choices.items()}
    if asked != st.session_state.get(kept) or not all(key in st.session_state for key in choices):
        st.session_state.update(asked)


def write(choices: Choices, kept: str) -> dict[str, str]:
    """Call this after the widgets are drawn: the choices in the widgets go into the address."""
    chosen = {key: str(st.session_state[key]) for key in choices}
    for key, value in chosen.items():
        if value == next(iter(choices[key])):
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != value:
            st.query_params[key] = value
    st.session_state[kept] = chosen
    return chosen


def _asked(key: str, values: Collection[str]) -> str:
    """Return the choice in the address, or the default if the address has no choice or an unknown one."""
    value = st.query_params.get(key, "")
    return value if value in values else next(iter(values))
