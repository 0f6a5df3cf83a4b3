"""The release that a reader sees.

The pages keep the release with which they were opened, until the reader asks for a newer one.
"""

from pathlib import Path

import streamlit as st

from dashboards.components.data import Release, current_release, releases_folder
from dashboards.components.words import plain
from relief.errors import ReliefError

KEY = "shown_release"
SECONDS = 60


def shown_release() -> Release | None:
    """Return the release that this reader's pages show.

    If there is a newer release, the pages announce it and show it when the reader asks for it.
    """
    current = current_release(releases_folder())
    shown: Release | None = st.session_state.get(KEY)
    is_same = shown is not None and current is not None and shown.release_id == current.release_id
    if shown is None or current is None or is_same:
        shown = current
    elif not Path(shown.leadership.path).exists():
        st.info(
            f"Release {plain(shown.release_id)} is gone. These figures are of release {plain(current.release_id)}.",
            icon=":material/update:",
        )
        shown = current
    st.session_state[KEY] = shown
    if shown is not None:
        _watch(shown.release_id)
    return shown


@st.fragment(run_every=SECONDS)
def _watch(shown_id: str) -> None:
    """Check every minute which release is current. If it is another release, announce it and offer it."""
    try:
        current = current_release(releases_folder())
    except ReliefError:
        return  # the page itself reports this error on its next run
    if current is None or current.release_id == shown_id:
        return
    st.info(
        f"Another release has been published: {plain(current.release_id)}. "
        f"The figures below are still of release {plain(shown_id)}.",
        icon=":material/update:",
    )
    if st.button("Show the new release", key="show_new_release"):
        st.session_state[KEY] = current
        st.rerun(scope="app")
