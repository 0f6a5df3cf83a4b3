"""The page Words and methods: the glossary, how numbers are made, and what each column of the release means."""

import streamlit as st

from dashboards.components import address, layout
from dashboards.components.data import Release, Summary
from dashboards.components.folds import why_and_limits
from dashboards.components.glossary import found
from dashboards.components.methods import load_columns, methods, table_titles
from dashboards.components.words import number, plain, text

KEPT = "address_of_words"


def page(release: Release, summary: Summary) -> None:
    """Show the glossary with a search, the methods in expanders, and the columns of a chosen table."""
    layout.heading("Words and methods", summary)
    layout.lead("What each word on these pages means, and how each number is made.")
    glossary_section()
    layout.section("How numbers are made", "methods")
    st.markdown(text("words_methods"))
    for title, body in methods():
        with st.expander(title):
            st.markdown(body)
    columns_section(release)
    why_and_limits("words")


def glossary_section() -> None:
    """Show the words of docs/glossary.md. If the reader searches for a text, show only the lines that contain it."""
    layout.section("Glossary (words)", "glossary")
    asked = st.text_input("Search the words", key="searched_word", placeholder="for instance: wave, stuck, range")
    terms = found(asked)
    if not terms:
        st.markdown("No entry of the glossary contains this text.")
    for section in dict.fromkeys(term.section for term in terms):
        rows = [term for term in terms if term.section == section]
        with st.expander(f"{section} ({number(len(rows))} words)", expanded=bool(asked)):
            layout.table(
                {"Word": [term.words for term in rows], "Meaning": [term.meaning for term in rows]},
                f"Words about {section.lower()} and their meaning",
            )


def columns_section(release: Release) -> None:
    """Show the meaning of each column of a table in this release, taken from the descriptions of the models."""
    layout.section("Columns of this release", "columns")
    columns = load_columns(release.leadership)
    titles = table_titles(columns)
    if not titles:
        st.markdown("This release describes no columns.")
        return
    choices = {"table": titles}
    address.read(choices, KEPT)
    st.selectbox("Table", titles, key="table")
    chosen = address.write(choices, KEPT)["table"]
    rows = [row for row in columns if row.table_name == chosen]
    layout.table(
        {"Column": [row.column_name for row in rows], "What it means": [row.description for row in rows]},
        f"Columns of {plain(chosen)} and what they mean",
    )


layout.with_release(page)
