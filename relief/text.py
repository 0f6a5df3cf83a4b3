"""Text that leaves for a terminal or a spreadsheet: data from the outside is hostile there."""

import re
from typing import Any

# What a spreadsheet takes for a formula, in both widths, and what lets one begin in a new cell or line.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Characters that nobody sees: some turn the order in which a line is read.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_UNSEEN_START = re.compile(f"[\\s{INVISIBLE}]+")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could run it: by its first character, or the first that is seen."""
    if text.startswith(FORMULA_STARTS):
        return True
    unseen = _UNSEEN_START.match(text)
    return unseen is not None and text.startswith(FORMULA_STARTS, unseen.end())


def formula_safe(value: Any) -> Any:
    """The value; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return "'" + value if isinstance(value, str) and is_formula(value) else value


def visible(text: str) -> str:
    """The text without characters that nobody sees, and with one blank for any space, one that does not break too."""
    return " ".join(_INVISIBLE.sub("", text).split())


def printable(text: str) -> str:
    """One line without control characters: a name from a file can neither forge a line nor steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
