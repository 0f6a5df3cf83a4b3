"""Source layouts: which tables a source has, their columns, and the names those columns have in a county's files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home

SOURCES_DIR = PROJECT_DIR / "sources"


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

    def column_of(self, header_name: str) -> str | None:
        """Our name of a header's name, or None when the layout does not have it."""
        return self._by_header().get(normalized_name(header_name))

    def _by_header(self) -> dict[str, str]:
        named = zip(self.columns, self.headers, strict=True)
        return {normalized_name(header): column for column, header in named if header}


@dataclass(frozen=True)
class Source:
    """One source and its tables."""

    name: str
    title: str
    tables: tuple[Table, ...]
    others: tuple[Table, ...] = ()  # the same tables as other layouts call their columns
    values: tuple[tuple[str, str, str, str, str], ...] = ()  # layout, table, column, a file's word, ours

    @property
    def every_table(self) -> tuple[Table, ...]:
        """Tables of every layout, the source's own first."""
        return (*self.tables, *self.others)


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
        county = str(data["county"]).upper() if data.get("county") else None
        tables = tuple(_table(table_name, entry, name, county) for table_name, entry in data["tables"].items())
        return Source(name=data["source"], title=data["title"], tables=tables)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise ReliefError(
            f"sources/{name}.yml is not a source layout ({detail}); compare it with the others"
        ) from error


def layout_folders(home: Home) -> list[Path]:
    """Where other layouts lie: those that come along, and the county's own in its data folder."""
    return [SOURCES_DIR / "layouts", home.path / "sources"]


def with_layouts(source: Source, folders: Iterable[Path]) -> Source:
    """The source with every other layout of it that lies in the folders: one YAML file per layout, county and version.

    Raises ReliefError that names the file and what is wrong in it: a column that is required and not mapped, above all.
    """
    others: list[Table] = []
    values: list[tuple[str, str, str, str, str]] = []
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob("*.yml")):
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, OSError, UnicodeDecodeError):
            raise ReliefError(f"{path.name} is no YAML file; compare it with sources/layouts/") from None
        if not isinstance(data, dict) or data.get("source") not in source_names():
            raise ReliefError(f"{path.name}: `source` names one of: {', '.join(source_names())}")
        if data["source"] == source.name:
            tables, words = _other_layout(path, data, source)
            others += tables
            values += words
    return replace(source, others=tuple(others), values=tuple(values))


def _other_layout(
    path: Path, data: dict[str, Any], source: Source
) -> tuple[list[Table], list[tuple[str, str, str, str, str]]]:
    known = {"source", "title", "county", "tables", "values"}
    if unknown := sorted(set(data) - known):
        raise ReliefError(f"{path.name}: {', '.join(unknown)} is not known; a layout has {', '.join(sorted(known))}")
    if not data.get("county"):
        raise ReliefError(f"{path.name}: `county` says whose court's file it is, such as ORANGE")
    own = {table.name: table for table in source.tables}
    tables = []
    for name, entry in (data.get("tables") or {}).items():
        if name not in own:
            raise ReliefError(f"{path.name}: {name} is no table of {source.name}; its tables are {', '.join(own)}")
        columns = {str(column): str(header) for column, header in ((entry or {}).get("columns") or {}).items()}
        if wrong := sorted(columns.keys() - set(own[name].columns)):
            raise ReliefError(
                f"{path.name}: {name} maps {', '.join(wrong)}, which we do not have; "
                f"our columns are {', '.join(own[name].columns)}"
            )
        if missing := sorted(own[name].required_columns - columns.keys()):
            raise ReliefError(f"{path.name}: {name} maps nothing to {', '.join(missing)}, which is required")
        if len({normalized_name(header) for header in columns.values()}) != len(columns):
            raise ReliefError(f"{path.name}: {name} uses one header name twice")
        optional = frozenset(str(column) for column in (entry.get("optional_columns") or ()))
        unmapped = frozenset(set(own[name].columns) - columns.keys())
        tables.append(
            replace(
                own[name],
                headers=tuple(columns.get(column, "") for column in own[name].columns),
                optional_columns=(optional | unmapped) - own[name].required_columns,
                header_required=True,
                layout=path.stem,
                is_own=False,
                county=str(data["county"]).upper(),
            )
        )
    if not tables:
        raise ReliefError(f"{path.name}: `tables` maps the columns of one table at least: {', '.join(own)}")
    return tables, _words(path, data.get("values") or {}, own)


def _words(path: Path, values: dict[str, Any], own: dict[str, Table]) -> list[tuple[str, str, str, str, str]]:
    """What a file's words are called by us: {table: {column: {its word: ours}}}."""
    words = []
    for name, columns in values.items():
        for column, mapped in (columns or {}).items():
            if name not in own or column not in own[name].columns or not isinstance(mapped, dict):
                raise ReliefError(f"{path.name}: values, {name}, {column} is no column of ours with words for words")
            words += [
                (path.stem, name, column, " ".join(str(theirs).split()).upper(), str(ours))
                for theirs, ours in mapped.items()
            ]
    return words


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
