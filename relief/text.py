"""Make text safe for a terminal or a spreadsheet, where text from outside can do harm."""

import re
from typing import Any

# The characters that begin a spreadsheet formula (half-width and full-width), or that begin a new cell or line.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Invisible characters. Some of them reverse the order in which a line is shown.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_UNSEEN_START = re.compile(f"[\\s{INVISIBLE}]+")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could run the text as a formula, judged by its first or first visible character."""
    if text.startswith(FORMULA_STARTS):
        return True
    unseen = _UNSEEN_START.match(text)
    return unseen is not None and text.startswith(FORMULA_STARTS, unseen.end())


def formula_safe(value: Any) -> Any:
    """Return the value, with a leading apostrophe if it is a text that a spreadsheet would run as a formula."""
    return "'" + value if isinstance(value, str) and is_formula(value) else value


def visible(text: str) -> str:
    """The text without invisible characters. Each run of spaces, including non-breaking spaces, becomes one blank."""
    return " ".join(_INVISIBLE.sub("", text).split())


def printable(text: str) -> str:
    """The text on one line without control characters, so that it cannot forge a line or control the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
