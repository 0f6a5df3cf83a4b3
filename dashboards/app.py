"""The dashboard: `relief dashboard`, or `streamlit run dashboards/app.py` from the project folder."""

import sys
from pathlib import Path

import streamlit as st

PROJECT_DIR = Path(__file__).resolve().parent.parent
if str(PROJECT_DIR) not in sys.path:
    sys.path.insert(0, str(PROJECT_DIR))

# Not in a folder named pages: Streamlit would show that folder's files, and not these titles, to whoever comes first.
PAGE = st.navigation(
    [
        st.Page("views/overview.py", title="Overview", url_path="start", default=True),
        # Streamlit gives the first page no address of its own: who writes /overview would read "Page not found".
        st.Page("views/overview.py", title="Overview", url_path="overview", visibility="hidden"),
        st.Page("views/progress.py", title="Progress", url_path="progress"),
        st.Page("views/by_year_and_offense.py", title="By year and offense", url_path="by_year_and_offense"),
        st.Page("views/stuck.py", title="Where records are stuck", url_path="stuck"),
    ],
    position="top",
)
st.set_page_config(page_title=f"{PAGE.title} · Record relief", layout="wide", initial_sidebar_state="collapsed")
PAGE.run()
