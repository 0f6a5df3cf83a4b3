"""How a court writes a case number, as the key `case_numbers` of a layout describes it."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, model_validator

from relief.document_model import Entry, Part, blank_is, says, wrong, wrong_at
from relief.text import printable

HYPHENATED = "hyphen_2_or_3_digits"
_SHAPE = re.compile(r"[A9]([A9 ./-]*[A9])?")
_WORD = re.compile(r"[A-Za-z]+")


def _shape(text: str) -> str:
    """Return the shape in the form that is compared with case numbers; see the macro joined_number."""
    text = text.strip()
    if not _SHAPE.fullmatch(text) or "9" not in text:
        raise wrong(f"{printable(text)!r} is not a shape; write A for a letter and 9 for a digit, such as AA999999")
    return re.sub(r"(?<=A)[ ./-]+(?=9)|(?<=9)[ ./-]+(?=A)", "", text).replace(" ", "")


def _word(text: str) -> str:
    text = text.strip()
    if not _WORD.fullmatch(text):
        raise wrong(f"prefix_words has {printable(text)!r}; write words of letters, such as CASE")
    return text.upper()


_List = says("is a list: [...]")


class CaseNumbers(Part):
    """One court's rule. In `shapes`, A is a letter and 9 a digit; separators between letters and digits are removed."""

    noun: ClassVar[str] = "case_numbers"
    shapes: Annotated[frozenset[Annotated[Entry, AfterValidator(_shape)]], blank_is([]), _List] = frozenset()
    defendant_suffix: Annotated[
        Literal["none", "hyphen_2_or_3_digits"], blank_is("none"), says(f"is {HYPHENATED} or none")
    ] = "none"
    prefix_words: Annotated[frozenset[Annotated[Entry, AfterValidator(_word)]], blank_is([]), _List] = frozenset()

    @model_validator(mode="after")
    def _suffix_has_shapes(self) -> Self:
        if self.defendant_suffix != "none" and not self.shapes:
            said = "a defendant_suffix is cut off only from numbers of the listed shapes; write `shapes`"
            wrong_at([(said, ("defendant_suffix",))])
        return self

    def as_row(self) -> tuple[str, bool, str | None]:
        """The rule for SQL: the shapes with blanks around them, whether there is a suffix, and the prefix pattern."""
        words = "|".join(sorted(self.prefix_words))
        pattern = rf"^((?:{words})[^A-Z0-9]+)+" if words else None
        return f" {' '.join(sorted(self.shapes))} ", self.defendant_suffix != "none", pattern
