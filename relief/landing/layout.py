"""Source layouts: which tables a source has, their columns, and the names those columns have in a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from relief.errors import ReliefError
from relief.home import PROJECT_DIR

SOURCES_DIR = PROJECT_DIR / "sources"


@dataclass(frozen=True)
class Table:
    """One table of a source: columns in file order, as we call them and as a header calls them."""

    name: str
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    optional_columns: frozenset[str]
    header_required: bool
    label_column: str
    label_value: str
    file_patterns: tuple[str, ...]

    def column_of(self, header_name: str) -> str | None:
        """Our name of a header's name, or None when the layout does not have it."""
        return self._by_header().get(normalized_name(header_name))

    def _by_header(self) -> dict[str, str]:
        return {normalized_name(header): column for column, header in zip(self.columns, self.headers, strict=True)}


@dataclass(frozen=True)
class Source:
    """One source and its tables."""

    name: str
    title: str
    tables: tuple[Table, ...]


def normalized_name(name: str) -> str:
    """A header's name without the differences that do not matter: letter case, spaces around it, a byte order mark."""
    return name.strip("\ufeff \t\r\n").upper()


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
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        tables = tuple(_table(table_name, entry) for table_name, entry in data["tables"].items())
        return Source(name=data["source"], title=data["title"], tables=tables)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise ReliefError(
            f"sources/{name}.yml is not a source layout ({detail}); compare it with the others"
        ) from error


def _table(name: str, entry: dict) -> Table:
    columns = {str(column): str(header) for column, header in entry["columns"].items()}
    optional = frozenset(entry.get("optional_columns") or [])
    label = entry["synthetic_label"]
    if len({normalized_name(header) for header in columns.values()}) != len(columns):
        raise ValueError(f"{name} uses one header name twice")
    if unknown := (optional | {label["column"]}) - columns.keys():
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
    )
