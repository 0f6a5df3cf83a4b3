"""The glossary, read from docs/glossary.md for the page of words and for the help texts beside numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from relief.home import PROJECT_DIR

FILE = PROJECT_DIR / "docs" / "glossary.md"
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_CELLS = 2


@dataclass(frozen=True)
class Term:
    """One line of the glossary: the explained words, their meaning, and the heading above the line."""

    section: str
    words: str
    meaning: str

    def explains(self, word: str) -> bool:
        """Whether this line of the glossary explains the given word."""
        return word.lower() in {part.strip().lower() for part in re.split(r"[,;]", self.words)}


@cache
def terms() -> tuple[Term, ...]:
    """Return every line of every table in the file, without Markdown."""
    return tuple(_lines(FILE.read_text(encoding="utf-8")))


def meaning(word: str) -> str:
    """Return the meaning of a word as one sentence for `help=`; raise KeyError if the glossary lacks the word."""
    for term in terms():
        if term.explains(word):
            return f"{word[0].upper()}{word[1:]}: {term.meaning}."
    raise KeyError(word)


def found(asked: str) -> list[Term]:
    """Return the lines whose words or meaning contain the given text. An empty text finds all lines."""
    text = asked.strip().lower()
    return [term for term in terms() if text in f"{term.words} {term.meaning}".lower()]


def _lines(text: str) -> Iterator[Term]:
    section = ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line[3:].strip()
        cells = [_words(cell) for cell in line.strip().strip("|").split("|")]
        is_row = line.startswith("|") and len(cells) == _CELLS and not cells[0].startswith("---")
        if is_row and cells[0] not in {"word", "name"}:
            yield Term(section, *cells)


def _words(cell: str) -> str:
    return _LINK.sub(r"\1", cell).replace("`", "").strip()
