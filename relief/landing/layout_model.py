"""The model of a county's layout file, checked against the tables of its source."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from relief.document_model import Part, Place, blank_is, says, wrong, wrong_at, wrong_value
from relief.landing.case_numbers import CaseNumbers
from relief.landing.layout import Columns, Names, Table, county_of, normalized_name
from relief.text import printable

_LINES = says("has lines `name: ...`; compare it with docs/runbook.md")


def _county(value: str) -> str:
    if not county_of(value):
        raise ValueError
    return county_of(value)


def _comparable(words: Mapping[str, str]) -> dict[str, str]:
    """Map the file's words, normalized for comparisons, to our words."""
    if empty := [theirs for theirs, ours in words.items() if not theirs.strip() or not ours.strip()]:
        raise wrong_value(f"gives no word of ours for {', '.join(map(printable, empty))}")
    called = {_word(theirs): ours for theirs, ours in words.items()}
    if len(called) < len(words):
        raise wrong_value("has one word twice; letter case and spaces do not count")
    return called


def _word(theirs: str) -> str:
    """Normalize a file's word for comparisons: spaces, letter case and a number's `.0` do not matter."""
    return re.sub(r"^([A-Z0-9 -]*[0-9])[.]0+$", r"\1", " ".join(theirs.split()).upper())


ByTable = blank_is({})
Words = Annotated[dict[str, str], AfterValidator(_comparable), says("has words for words: {theirs: ours}")]


class CountyTable(Part):
    """One of our tables with the column names of a county's file."""

    noun: ClassVar[str] = "a table of a layout"
    columns: Annotated[Columns, ByTable, _LINES, Field(default_factory=dict)]
    optional_columns: Names = ()
    ignored_columns: Names = ()

    def faults(self, name: str, own: Table) -> Iterator[tuple[str, Place]]:
        """Yield each entry that does not fit our table, and its place."""
        ours = ", ".join(own.columns)
        unknown = [column for column in self.columns if column not in own.columns]
        for column in unknown:
            said = f"{name} maps {printable(column)}, which we do not have; our columns are {ours}"
            yield said, ("columns", column)
        missing = sorted(own.required_columns - self.columns.keys())
        if missing and not unknown:  # an unknown column may be a misspelling of the missing column
            yield f"{name} maps nothing to {', '.join(missing)}, which is required", ("columns",)
        for number, column in enumerate(self.optional_columns):
            if column not in own.columns:
                said = f"optional_columns names {printable(column)}, which is not a column of ours"
                yield said, ("optional_columns", number)
        headers = {normalized_name(header) for header in self.columns.values()}
        seen: set[str] = set()
        for number, header in enumerate(self.ignored_columns):
            place: Place = ("ignored_columns", number)
            if normalized_name(header) in headers:
                yield f"{name} both maps and ignores {printable(header)}", place
            if normalized_name(header) in seen:
                yield f"{name} ignores one header name twice", place
            seen.add(normalized_name(header))


class CountyLayout(Part):
    """A layout beside a source's own. The validation context `own` contains the tables of the source by name."""

    noun: ClassVar[str] = "a layout"
    source: str
    county: Annotated[str, AfterValidator(_county), says("says whose court's file it is, such as ORANGE")]
    title: str = ""
    tables: Annotated[dict[str, Annotated[CountyTable, ByTable]], ByTable, _LINES]
    values: Annotated[
        dict[str, Annotated[dict[str, Words], ByTable, _LINES]], ByTable, _LINES, Field(default_factory=dict)
    ]
    case_numbers: Annotated[CaseNumbers | None, blank_is(None)] = None

    @field_validator("tables")
    @classmethod
    def _fit_ours(cls, tables: dict[str, CountyTable], info: ValidationInfo) -> dict[str, CountyTable]:
        own: dict[str, Table] = (info.context or {})["own"]
        if not tables:
            raise wrong(f"`tables` maps the columns of one table at least: {', '.join(own)}")
        wrong_at(
            (f"{printable(name)} is not a table of the source; its tables are {', '.join(own)}", (name,))
            for name in tables
            if name not in own
        )
        wrong_at(
            (said, (name, *place)) for name, entry in tables.items() for said, place in entry.faults(name, own[name])
        )
        return tables

    @field_validator("values")
    @classmethod
    def _are_of_our_columns(cls, values: dict[str, dict[str, dict[str, str]]], info: ValidationInfo) -> object:
        own: dict[str, Table] = (info.context or {})["own"]
        wrong_at(
            (
                f"values, {printable(name)}, {printable(column)} is not a column of ours with words for words",
                (name, column),
            )
            for name, columns in values.items()
            for column in columns
            if name not in own or column not in own[name].columns
        )
        return values
