"""Text that leaves for a terminal or a spreadsheet: data from the outside is hostile there."""

from typing import Any

# What a spreadsheet takes for a formula, in both widths, and what lets one begin in a new cell or line.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def formula_safe(value: Any) -> Any:
    """The value; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def printable(text: str) -> str:
    """One line without control characters: a name from a file can neither forge a line nor steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
