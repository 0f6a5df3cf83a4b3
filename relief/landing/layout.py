"""Source layouts: which tables a source has, their columns, and the names those columns have in a county's files."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, model_validator

from relief.document_model import Entry, Filled, NotEmpty, Part, blank_is, model_of, says, wrong_at, wrong_value
from relief.documents import read_document
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.landing.case_numbers import CaseNumbers
from relief.text import printable, visible

SOURCES_DIR = PROJECT_DIR / "sources"
IGNORED = "-"  # prefix for the header's name of an ignored column; none of our column names begins with it


@dataclass(frozen=True)
class Table:
    """One table of a source: its columns in file order, with our names and the header's names ("" where unmapped).

    `layout` is the layout with these header names. No layout may leave out any of the `required_columns`.
    """

    name: str
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    optional_columns: frozenset[str]
    header_required: bool
    label_column: str
    label_value: str
    file_patterns: tuple[str, ...]
    layout: str = ""
    county: str | None = None
    required_columns: frozenset[str] = frozenset()
    is_own: bool = True  # whether the layout is the source's own, sources/<source>.yml
    ignored: tuple[str, ...] = ()  # other names that a header may have; the values of these columns are not kept

    def column_of(self, header_name: str) -> str | None:
        """Our name for a header's name: "-" and the name if it is ignored, None if the layout does not have it."""
        return self.by_header.get(normalized_name(header_name))

    @cached_property
    def by_header(self) -> dict[str, str]:
        """Our name for each header name of the layout."""
        named = zip(self.columns, self.headers, strict=True)
        ignored = {normalized_name(header): IGNORED + header for header in self.ignored}
        return ignored | {normalized_name(header): column for column, header in named if header}


@dataclass(frozen=True)
class Source:
    """One source and its tables."""

    name: str
    title: str
    tables: tuple[Table, ...]
    others: tuple[Table, ...] = ()  # the source's tables with the column names of other layouts
    values: tuple[tuple[str, str, str, str, str], ...] = ()  # layout, table, column, the file's word, our word
    case_numbers: Mapping[str, CaseNumbers | None] = field(default_factory=dict)  # by county; None: numbers are not cut
    chosen: str = ""  # the only layout that may read the files, if a person or a reject's delivery names one

    @property
    def every_table(self) -> tuple[Table, ...]:
        """The tables of every layout that may read a file, those of the source's own layout first."""
        return tuple(table for table in (*self.tables, *self.others) if self.chosen in ("", table.layout))

    @property
    def layouts(self) -> list[str]:
        """The names of the source's layouts, its own layout first."""
        return list(dict.fromkeys(table.layout for table in (*self.tables, *self.others)))


def normalized_name(name: str) -> str:
    """Normalize a header's name: letter case, spaces and invisible characters do not matter."""
    return visible(name).upper()


def county_of(name: str) -> str:
    """Normalize a county's name for comparisons: `Orange County` and `COUNTY OF ORANGE` become ORANGE."""
    return re.sub(r"^COUNTY OF | COUNTY$", "", " ".join(name.split()).upper())


def names_once(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the mapping from our columns to header names. Check that no header name occurs twice."""
    if len({normalized_name(header) for header in columns.values()}) < len(columns):
        raise wrong_value("uses one header name twice")
    return columns


Names = Annotated[tuple[Entry, ...], blank_is(()), says("is a list of names: [...]")]
HeaderName = Annotated[Entry, says("has no name in the file; write it, or take the line out")]
Columns = Annotated[Mapping[str, HeaderName], AfterValidator(names_once)]


class _Label(Part):
    noun: ClassVar[str] = "synthetic_label"
    column: Filled
    value: Filled


class _SourceTable(Part):
    noun: ClassVar[str] = "a table"
    file_patterns: Names = ()
    header: Annotated[Literal["required", "optional"], says("is 'required' or 'optional'")]
    required_columns: Names = ()
    synthetic_label: _Label
    optional_columns: Names = ()
    columns: Columns

    @model_validator(mode="after")
    def _has_the_columns_that_it_names(self) -> Self:
        named = [("required_columns", column) for column in self.required_columns]
        named += [("optional_columns", column) for column in self.optional_columns]
        named += [("synthetic_label", self.synthetic_label.column)]
        wrong_at(
            (f"{key} names {printable(column)}, which the table does not have", (key,))
            for key, column in named
            if column not in self.columns
        )
        return self

    def table(self, name: str, layout: str, county: str | None) -> Table:
        """Convert the YAML entry to the table that landing uses."""
        return Table(
            name=name,
            columns=tuple(self.columns),
            headers=tuple(self.columns.values()),
            optional_columns=frozenset(self.optional_columns),
            header_required=self.header == "required",
            label_column=self.synthetic_label.column,
            label_value=self.synthetic_label.value,
            file_patterns=self.file_patterns,
            layout=layout,
            county=county,
            required_columns=frozenset(self.required_columns),
        )


class _SourceLayout(Part):
    noun: ClassVar[str] = "a source layout"
    source: Filled
    county: str = ""
    title: Filled
    case_numbers: Annotated[CaseNumbers | None, blank_is(None)] = None
    tables: Annotated[dict[str, _SourceTable], NotEmpty]


def source_names(folder: Path = SOURCES_DIR) -> list[str]:
    """The names of the sources that have a layout."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def all_sources(folder: Path = SOURCES_DIR) -> Iterable[Source]:
    """Every source that has a layout."""
    return [load_source(name, folder) for name in source_names(folder)]


@cache
def load_source(name: str, folder: Path = SOURCES_DIR) -> Source:
    """Read one source's layout. An unknown source and a wrong layout both raise a ReliefError."""
    known = source_names(folder)
    if name not in known:
        raise ReliefError(f"source {name!r} is unknown; name one of: {', '.join(known)}")
    content = (folder / f"{name}.yml").read_bytes()
    document = read_document(f"sources/{name}.yml", content, scalars="texts", hint="compare it with the others")
    layout = model_of(document, _SourceLayout)
    county = county_of(layout.county) or None
    return Source(
        name=layout.source,
        title=layout.title,
        tables=tuple(entry.table(table, name, county) for table, entry in layout.tables.items()),
        case_numbers={county: layout.case_numbers} if county else {},
    )
