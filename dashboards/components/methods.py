"""The texts of the page on methods: the chapters of docs/methodology, and the descriptions of a release's columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import streamlit as st

from dashboards.components.data import ReleaseFile, query
from relief.home import PROJECT_DIR

FOLDER = PROJECT_DIR / "docs" / "methodology"
# The pages are in the order of docs/methodology/README.md.
PAGES = ("records", "determinations", "policies", "statute", "people", "figures")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)]*\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_HEADING = re.compile(r"^#{3,}\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Column:
    """One column of one table of a release, with its description."""

    table_name: str
    column_name: str
    description: str


@cache
def methods() -> tuple[tuple[str, str], ...]:
    """Return the title and the body of every chapter.

    Headings inside a chapter become bold lines. Links into the project become plain text.
    """
    pages = [(FOLDER / f"{page}.md").read_text(encoding="utf-8") for page in PAGES]
    chapters = [chapter for page in pages for chapter in page.split("\n## ")[1:]]
    found: list[tuple[str, str]] = []
    for chapter in chapters:
        title, _, body = chapter.partition("\n")
        body = _HEADING.sub(r"**\1**", _LINK.sub(r"\1", _PICTURE.sub("", body)))
        found.append((title.strip(), body.strip()))
    return tuple(found)


@st.cache_data(show_spinner=False, max_entries=8)
def load_columns(file: ReleaseFile) -> tuple[Column, ...]:
    """Return every column of the release with its description."""
    rows = query(
        file,
        "select table_name, column_name, coalesce(description, '') as description from data_dictionary "
        "order by table_name",
    )
    return tuple(Column(**row) for row in rows)


def table_titles(columns: Sequence[Column]) -> list[str]:
    """Return the names of the tables whose columns are described."""
    return list(dict.fromkeys(column.table_name for column in columns))
