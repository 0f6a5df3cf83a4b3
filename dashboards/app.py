"""The dashboard: `relief dashboard`, or `streamlit run dashboards/app.py` from the project folder."""

import sys
from pathlib import Path

import streamlit as st

PROJECT_DIR = Path(__file__).resolve().parent.parent
if str(PROJECT_DIR) not in sys.path:
    sys.path.insert(0, str(PROJECT_DIR))

st.set_page_config(page_title="Record relief", layout="wide", initial_sidebar_state="collapsed")
st.navigation(
    [
        st.Page("pages/progress.py", title="Progress", url_path="progress", default=True),
        st.Page("pages/by_year_and_offense.py", title="By year and offense", url_path="by_year_and_offense"),
        st.Page("pages/stuck.py", title="Where records are stuck", url_path="stuck"),
    ],
    position="top",
).run()
