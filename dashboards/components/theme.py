"""Colors for dark pages.

Charts and legends are written in the colors of a light page; these are replaced when shown.
"""

import streamlit as st

ON_DARK = {
    "#1f2933": "#e6edf1",  # text, lines, and the part of a bar for convictions that ended
    "#0b5d7a": "#5ab0d0",  # the accent
    "#9aa8b2": "#6d7b85",  # pale bars
    "#7a8a94": "#9fb0ba",
    "#c2410c": "#f08a4b",
    "#8a6a9c": "#c3a3d6",
    '"white"': '"#0e1117"',  # gaps between parts, and the inside of hollow bars
}


def is_dark() -> bool:
    """Return whether the reader's page is dark. If the theme is unknown, the page counts as light."""
    try:
        return bool(st.context.theme.type == "dark")
    except AttributeError:
        return False


def coloured(written: str) -> str:
    """Return the specification of a chart, or a legend, in the colors of the reader's page."""
    if not is_dark():
        return written
    for light, dark in ON_DARK.items():
        written = written.replace(light, dark)
    return written
