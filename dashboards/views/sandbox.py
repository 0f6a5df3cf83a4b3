"""The page SQL: ask the research release one read-only question. Small counts in that release are suppressed."""

import pandas as pd
import streamlit as st

from dashboards.components import layout
from dashboards.components.data import Release, Summary
from dashboards.components.folds import why_and_limits
from dashboards.components.research import EXAMPLES, answer_csv, ask
from dashboards.components.words import number, plain, text
from relief.errors import ReliefError
from relief.home import current_home

HEIGHT = 160
LONGEST = 20_000


def page(release: Release, summary: Summary) -> None:
    """Show a choice of examples, the field for the SQL statement, and the answer."""
    layout.heading("Ask the research release (SQL)", summary)
    layout.lead(text("sql_lead").strip())
    st.selectbox("Begin with an example", list(EXAMPLES), key="sql_example", on_change=_take_example)
    if "sql" not in st.session_state:
        _take_example()
    st.text_area("One SELECT", key="sql", height=HEIGHT, max_chars=LONGEST)
    if st.button("Ask", icon=":material/play_arrow:", type="primary"):
        with st.spinner("The release is being asked."):
            show(str(st.session_state["sql"]))
    why_and_limits("sql")


def _take_example() -> None:
    st.session_state["sql"] = EXAMPLES[st.session_state.get("sql_example", next(iter(EXAMPLES)))]


def show(sql: str) -> None:
    """Show the answer as a table with its download, or one line that explains why there is no answer."""
    try:
        answer = ask(current_home(), sql)
    except ReliefError as error:
        st.error(plain(f"{error}."), icon=":material/error:")
        return
    layout.section("Answer (rows)", "answer")
    cut = " More rows were left out: aggregate or filter to see all." if answer.is_cut else ""
    st.markdown(f"{number(len(answer.rows))} rows.{cut} {plain(answer.about)}")
    if answer.columns:
        st.dataframe(pd.DataFrame(answer.rows, columns=_distinct(answer.columns)), hide_index=True)
    st.download_button(
        "Download the answer (CSV)",
        answer_csv(answer),
        file_name="SYNTHETIC_answer.csv" if "SYNTHETIC" in answer.about else "answer.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _distinct(columns: list[str]) -> list[str]:
    """Make column names distinct, because the table would merge two columns with the same name."""
    return [name if name not in columns[:place] else f"{name} ({place + 1})" for place, name in enumerate(columns)]


layout.with_release(page)
