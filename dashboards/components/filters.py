"""The filters of the page by year and offense; the page's address contains each choice."""

from collections.abc import Mapping

import streamlit as st

from dashboards.components import address
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
    """Show the filters: two rows of buttons and three lists."""
    address.read(CHOICES, KEPT)
    with st.container(horizontal=True, gap="medium"):
        for key, label in (("year_basis", "Year"), ("unit", "Count")):
            labels = CHOICES[key]
            st.segmented_control(label, list(labels), format_func=labels.__getitem__, required=True, key=key)
    for column, key in zip(st.columns(3), ("wave", "level", "offense"), strict=True):
        column.selectbox(key.capitalize(), list(CHOICES[key]), format_func=CHOICES[key].__getitem__, key=key)
    return Filters(**address.write(CHOICES, KEPT))
