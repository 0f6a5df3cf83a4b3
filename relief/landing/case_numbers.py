"""How a court writes a case number: the key `case_numbers` of a layout."""

import re
from dataclasses import dataclass
from typing import Any

from relief.errors import ReliefError
from relief.text import printable

HYPHENATED = "hyphen_2_or_3_digits"
_KEYS = ("shapes", "defendant_suffix", "prefix_words")
_SHAPE = re.compile(r"[A9]([A9 ./-]*[A9])?")
_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class CaseNumbers:
    """One court's rule. `shapes`: A for a letter, 9 for a digit, without what is between a letter and a digit."""

    shapes: frozenset[str]
    has_defendant_suffix: bool
    prefix_words: frozenset[str]

    def as_row(self) -> tuple[str, bool, str | None]:
        """As SQL reads it: shapes with a blank around each, whether they have a suffix, and what is before a number."""
        words = "|".join(sorted(self.prefix_words))
        pattern = rf"^((?:{words})[^A-Z0-9]+)+" if words else None
        return f" {' '.join(sorted(self.shapes))} ", self.has_defendant_suffix, pattern


def read_case_numbers(where: str, entry: object) -> CaseNumbers | None:
    """The rule of a layout, None where it has none. Raises ReliefError that names the layout and what is wrong."""
    where = f"{where}: case_numbers"
    if entry is None or entry == "":
        return None
    if not isinstance(entry, dict):
        raise ReliefError(f"{where} has lines `{':`, `'.join(_KEYS)}:`; compare it with docs/runbook.md")
    if unknown := sorted(printable(str(key)) for key in entry.keys() - set(_KEYS)):
        raise ReliefError(f"{where}: {', '.join(unknown)} is not known; it has {', '.join(_KEYS)}")
    shapes = [_shape(where, text) for text in _texts(where, entry, "shapes")]
    words = _texts(where, entry, "prefix_words")
    if wrong := [word for word in words if not _WORD.fullmatch(word)]:
        raise ReliefError(f"{where}: prefix_words has {printable(wrong[0])!r}; write words of letters, such as CASE")
    suffix = entry.get("defendant_suffix") or "none"
    if suffix not in {"none", HYPHENATED}:
        raise ReliefError(f"{where}: defendant_suffix is {HYPHENATED} or none")
    if suffix != "none" and not shapes:
        raise ReliefError(f"{where}: a defendant_suffix is cut only off numbers of the listed shapes; write `shapes`")
    return CaseNumbers(frozenset(shapes), suffix != "none", frozenset(word.upper() for word in words))


def _texts(where: str, entry: dict[str, Any], key: str) -> list[str]:
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise ReliefError(f"{where}: {key} is a list: [...]")
    return [text.strip() for text in value]


def _shape(where: str, text: str) -> str:
    """The shape as numbers are compared with it; see the macro joined_number."""
    if not _SHAPE.fullmatch(text) or "9" not in text:
        raise ReliefError(
            f"{where}: {printable(text)!r} is no shape; write A for a letter and 9 for a digit, such as AA999999"
        )
    return re.sub(r"(?<=A)[ ./-]+(?=9)|(?<=9)[ ./-]+(?=A)", "", text).replace(" ", "")
