"""Start the dashboard: `relief dashboard`, or `streamlit run dashboards/app.py` from the project folder."""

import sys
from pathlib import Path

import streamlit as st

PROJECT_DIR = Path(__file__).resolve().parent.parent
if str(PROJECT_DIR) not in sys.path:
    sys.path.insert(0, str(PROJECT_DIR))

# Our own icon is set before the navigation. Otherwise Streamlit uses the icon of the page, which it fetches from the
# internet.
st.set_page_config(
    page_icon=str(PROJECT_DIR / "dashboards" / "icon.svg"), layout="wide", initial_sidebar_state="collapsed"
)
# The folder of pages is not named "pages". With that name, Streamlit would list its files instead of these titles on
# the first visit.
PAGE = st.navigation(
    [
        st.Page("views/overview.py", title="Overview", icon=":material/home:", url_path="start", default=True),
        # Streamlit gives the first page no address of its own, so the address /overview would show "Page not found".
        st.Page("views/overview.py", title="Overview", url_path="overview", visibility="hidden"),
        st.Page("views/progress.py", title="Progress", icon=":material/trending_up:", url_path="progress"),
        st.Page(
            "views/by_year_and_offense.py",
            title="By year and offense",
            icon=":material/bar_chart:",
            url_path="by_year_and_offense",
        ),
        st.Page("views/stuck.py", title="Where records are stuck", icon=":material/hourglass_top:", url_path="stuck"),
        st.Page("views/people.py", title="People and equity", icon=":material/groups:", url_path="people"),
        st.Page("views/policies.py", title="Policies", icon=":material/compare_arrows:", url_path="policies"),
        st.Page("views/ab1706.py", title="AB 1706", icon=":material/gavel:", url_path="ab1706"),
        st.Page("views/trust.py", title="Trust", icon=":material/verified:", url_path="trust"),
        st.Page("views/words.py", title="Words and methods", icon=":material/menu_book:", url_path="words"),
        st.Page("views/downloads.py", title="Downloads", icon=":material/download:", url_path="downloads"),
        st.Page("views/sandbox.py", title="SQL", icon=":material/terminal:", url_path="sql"),
    ],
    position="top",
)
st.set_page_config(page_title=f"{PAGE.title} · Record relief")
PAGE.run()
