"""Source layouts: which tables a source has, their columns, and the names those columns have in a county's files."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from relief.documents import read_yaml
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.landing.case_numbers import CaseNumbers, read_case_numbers
from relief.text import visible

SOURCES_DIR = PROJECT_DIR / "sources"
IGNORED = "-"  # before the header's name of a column that its layout ignores: no column of ours begins so


@dataclass(frozen=True)
class Table:
    """One table of a source: columns in file order, as we call them and as a header calls them ("" where unmapped).

    `layout` names the layout that calls them so; `required_columns` are those that no layout may leave out.
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
    is_own: bool = True  # of the source's own layout, sources/<source>.yml
    ignored: tuple[str, ...] = ()  # names that a header may have beside, and whose values are not kept

    def column_of(self, header_name: str) -> str | None:
        """Our name of a header's name, "-" and the name where it is ignored, None where the layout does not have it."""
        return self.by_header.get(normalized_name(header_name))

    @cached_property
    def by_header(self) -> dict[str, str]:
        """Our name by each name that the layout knows."""
        named = zip(self.columns, self.headers, strict=True)
        ignored = {normalized_name(header): IGNORED + header for header in self.ignored}
        return ignored | {normalized_name(header): column for column, header in named if header}


@dataclass(frozen=True)
class Source:
    """One source and its tables."""

    name: str
    title: str
    tables: tuple[Table, ...]
    others: tuple[Table, ...] = ()  # the same tables as other layouts call their columns
    values: tuple[tuple[str, str, str, str, str], ...] = ()  # layout, table, column, a file's word, ours
    case_numbers: Mapping[str, CaseNumbers | None] = field(default_factory=dict)  # by county; None: nothing is cut
    chosen: str = ""  # the layout that alone may read the files, where a person or a reject's delivery names one

    @property
    def every_table(self) -> tuple[Table, ...]:
        """Tables of every layout that may read a file, the source's own first."""
        return tuple(table for table in (*self.tables, *self.others) if self.chosen in ("", table.layout))

    @property
    def layouts(self) -> list[str]:
        """The names of its layouts, its own first."""
        return list(dict.fromkeys(table.layout for table in (*self.tables, *self.others)))


def normalized_name(name: str) -> str:
    """A header's name without the differences that do not matter: letter case, spaces, what nobody sees."""
    return visible(name).upper()


def county_of(name: str) -> str:
    """A county's name as counties are compared: `Orange County` and `COUNTY OF ORANGE` are ORANGE."""
    return re.sub(r"^COUNTY OF | COUNTY$", "", " ".join(name.split()).upper())


def source_names(folder: Path = SOURCES_DIR) -> list[str]:
    """The sources that have a layout."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def all_sources(folder: Path = SOURCES_DIR) -> Iterable[Source]:
    """Every source that has a layout."""
    return [load_source(name, folder) for name in source_names(folder)]


@cache
def load_source(name: str, folder: Path = SOURCES_DIR) -> Source:
    """Read one layout; an unknown source is a user's mistake, a wrong layout too."""
    known = source_names(folder)
    if name not in known:
        raise ReliefError(f"source {name!r} is unknown; name one of: {', '.join(known)}")
    path = folder / f"{name}.yml"
    try:
        data = read_yaml(f"sources/{name}.yml", path.read_bytes(), hint="compare it with the others")
        county = county_of(str(data["county"])) if data.get("county") else None
        tables = tuple(_table(table_name, entry, name, county) for table_name, entry in data["tables"].items())
        rule = read_case_numbers(f"{name}.yml", data.get("case_numbers"))
        rules = {county: rule} if county else {}
        return Source(name=data["source"], title=data["title"], tables=tables, case_numbers=rules)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise ReliefError(
            f"sources/{name}.yml is not a source layout ({detail}); compare it with the others"
        ) from error


def _table(name: str, entry: dict, layout: str, county: str | None) -> Table:
    columns = {str(column): str(header) for column, header in entry["columns"].items()}
    optional = frozenset(entry.get("optional_columns") or [])
    label = entry["synthetic_label"]
    if len({normalized_name(header) for header in columns.values()}) != len(columns):
        raise ValueError(f"{name} uses one header name twice")
    required = frozenset(entry.get("required_columns") or [])
    if unknown := (optional | required | {label["column"]}) - columns.keys():
        raise ValueError(f"{name} names columns that it does not have: {', '.join(sorted(unknown))}")
    if entry["header"] not in ("required", "optional"):
        raise ValueError(f"{name}: header is 'required' or 'optional'")
    return Table(
        name=name,
        columns=tuple(columns),
        headers=tuple(columns.values()),
        optional_columns=optional,
        header_required=entry["header"] == "required",
        label_column=label["column"],
        label_value=str(label["value"]),
        file_patterns=tuple(entry.get("file_patterns") or ()),
        layout=layout,
        county=county,
        required_columns=required,
    )
