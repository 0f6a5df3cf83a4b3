"""Decide from the names in a file's header which table and layout it has and the order of its columns."""

import csv
import fnmatch
import io
import re
from dataclasses import dataclass

from relief.errors import ReliefError
from relief.landing.layout import IGNORED, Source, Table, normalized_name
from relief.landing.records import Width

SHOWN_NAMES = 3
KNOWN_NAMES_OF_A_HEADER = 3
OTHER_DELIMITERS = {"\t": "tabs", ";": "semicolons", "|": "bars"}
_NO_LETTER = re.compile("[^A-Z0-9]+")
_LIKE_A_NAME = re.compile(r"[^\W\d](?:[^\W\d]|[ .#/-])*[0-9]{0,3}")  # any alphabet's letters, and names like `_c0`


@dataclass(frozen=True)
class FileShape:
    """How to read one file's records."""

    table: Table
    columns: tuple[str, ...]  # our names in the file's order; an ignored column is "-" and the file's name
    extra_columns: int  # unnamed columns after the last name; their values must be empty
    has_header: bool
    tables: tuple[Table, ...] = ()  # if names of these occur below the header, the records there may have another order

    @property
    def width(self) -> Width:
        """The number of fields of the file's records."""
        return Width(len(self.columns), self.extra_columns)

    @property
    def written_columns(self) -> str:
        """The shape as CSV for the manifest: our names in the file's order, then a comma per unnamed column."""
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="").writerow([*self.columns, *[""] * self.extra_columns])
        return out.getvalue()

    @property
    def ignored_columns(self) -> list[str]:
        """The columns whose values are not kept."""
        return sorted(column for column in self.columns if column.startswith(IGNORED))

    def names_another_order(self, cells: list[str]) -> bool:
        """Whether a line is a header of another shape, in which the records below it would have to be read.

        Most of the columns must be named, since a row of data may have a few names as values. A line of another width
        matters only if its names have another order, because records of that width are rejected anyway.
        """
        if not self.tables:
            return False
        named = [self.table.column_of(cell) for cell in cells]
        if not is_header(cells, self.table):
            others = any(names_most(cells, table) for table in self.tables)
            return others and (self.fits(cells) or not self.has_header)
        if not names_most(cells, self.table):
            return False
        places = [self.columns.index(column) for column in named if column in self.columns]
        moved = any(column not in (None, own) for column, own in zip(named, self.columns, strict=False))
        return not self.has_header or places != sorted(places) or (self.fits(cells) and moved)

    def fits(self, cells: list[str]) -> bool:
        """Whether a line has as many fields as a record."""
        return len(self.columns) <= len(cells) <= len(self.columns) + self.extra_columns


def cells_of(record: bytes) -> list[str]:
    """The cells of one record, used only to look for column names. A name never contains a carriage return."""
    text = record.decode("utf-8", errors="replace").replace("\r", "")
    try:
        return next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:  # a field is longer than any name
        return []


def is_header(cells: list[str], table: Table) -> bool:
    """Whether most of the filled cells are names of the table's columns.

    A line with all names but one is a header, whatever else it contains: if the header's line end was lost, the first
    record follows on the same line.
    """
    filled = [cell for cell in cells if cell.strip()]
    known = sum(table.column_of(cell) is not None for cell in filled)
    most = known * 2 >= len(filled) or known >= sum(bool(header) for header in table.headers) - 1
    return known >= min(KNOWN_NAMES_OF_A_HEADER, len(table.columns)) and most


def names_most(cells: list[str], table: Table) -> bool:
    """Whether a line is a header with at least half of the table's columns, not a record with a few names in it."""
    known = sum(table.column_of(cell) is not None for cell in cells)
    return is_header(cells, table) and 2 * known >= sum(bool(header) for header in table.headers)


def resembles_header(cells: list[str], table: Table) -> bool:
    """Whether most of the table's names are in the cells with characters around them: `[name]`, `t.name`, `name:t`."""
    names = {_NO_LETTER.sub("", name) for name in table.by_header}
    known = sum(any(name in cell for name in names) for cell in (_NO_LETTER.sub("", cell.upper()) for cell in cells))
    return known >= KNOWN_NAMES_OF_A_HEADER and 2 * known >= sum(bool(header) for header in table.headers)


def readings(record: bytes) -> list[list[str]]:
    """The cells of a line: read as CSV, then split at commas ignoring quotes, then split at each other delimiter."""
    text = record.decode("utf-8", errors="replace")
    bare = [cell.strip(' "\r\n\ufeff') for cell in text.split(",")]
    return [cells_of(record), bare, *(text.split(delimiter) for delimiter in OTHER_DELIMITERS)]


def is_whole_header(cells: list[str], source: Source) -> bool:
    """Whether a line names all the columns of a table, and no others."""
    return any(is_header(cells, table) and not _fit(cells, table).problems for table in source.every_table)


def shape_of(first_record: bytes, source: Source, label: str, file_name: str) -> FileShape:
    """Return the shape that the header gives, or that of a file without a header. Refuse a header of other columns."""
    cells, bare, *others = readings(first_record)
    named = [table for table in source.every_table if is_header(cells, table)]
    if named:
        return _shape_of_fit(_best_fit([_fit(cells, table) for table in named], label), source, label)
    table = likely_table(source, file_name)
    if any(is_header(bare, candidate) for candidate in source.every_table):  # positions could mix up the columns
        raise ReliefError(
            f"{label} has a damaged header: its first line names columns of {table.name}, and its quotes are broken; "
            "mend that line, or ask for the file again"
        )
    for split, word in zip(others, OTHER_DELIMITERS.values(), strict=True):
        if any(is_header(split, candidate) for candidate in source.every_table):
            raise ReliefError(f"{label} separates its columns with {word}; save it with commas")
    looks_like_names = len(cells) > 1 and all(_LIKE_A_NAME.fullmatch(cell.strip()) for cell in cells if cell.strip())
    distinct = len({cell.strip() for cell in cells if cell.strip()}) > len(cells) / 2
    foreign = (looks_like_names and distinct) or _counts_columns(cells)
    if source.chosen and (foreign or table.header_required) and any(cell.strip() for cell in cells):
        return _shape_of_fit(_nearest([_fit(cells, table) for table in source.every_table]), source, label)
    if foreign or table.header_required:
        tables = " or ".join(candidate.name for candidate in source.tables)
        raise ReliefError(
            f"{label} is not for source {source.name}: its first line does not name the columns of {tables}; "
            f"give the right --source, or map its names in a layout of the county's: docs/runbook.md"
        )
    if resembles_header(bare, table):  # the file's records may have any order of columns
        raise ReliefError(
            f"{label} has a damaged header: it names columns of {table.name} with other characters around the names; "
            "write the names alone, or ask for the file again"
        )
    return FileShape(table, table.columns, 0, has_header=False, tables=source.every_table)


def _counts_columns(cells: list[str]) -> bool:
    """Whether the cells are 1, 2, 3 and so on, or begin with 0."""
    numbers = [[str(place + first) for place in range(len(cells))] for first in (0, 1)]
    return len(cells) > 1 and [cell.strip() for cell in cells] in numbers


@dataclass(frozen=True)
class _Fit:
    """How well a header fits a table of a layout: which names are known, missing or repeated."""

    table: Table
    columns: tuple[str | None, ...]  # our names up to the header's last name; None for an unknown name
    extra_columns: int
    missing: tuple[str, ...]  # our names of the columns that the header lacks
    twice: tuple[str, ...]

    @property
    def foreign(self) -> list[str]:
        """The positions of names that the layout does not know."""
        return [str(position) for position, column in enumerate(self.columns, 1) if column is None]

    @property
    def problems(self) -> int:
        """How many columns are missing, unknown or named twice."""
        return len(self.missing) + len(self.foreign) + len(self.twice)

    @property
    def left_out(self) -> int:
        """How many columns of the layout are not in the file."""
        return len({column for column in self.table.by_header.values() if column not in self.columns})


def _fit(cells: list[str], table: Table) -> _Fit:
    last_named = max(index for index, cell in enumerate(cells) if normalized_name(cell))
    columns = tuple(table.column_of(cell) for cell in cells[: last_named + 1])
    present = {column for column in columns if column}
    return _Fit(
        table,
        columns,
        extra_columns=len(cells) - last_named - 1,
        missing=tuple(column for column in table.columns if column not in present | table.optional_columns),
        twice=tuple(sorted(column for column in present if columns.count(column) > 1)),
    )


def _nearest(fits: list[_Fit]) -> _Fit:
    return min(fits, key=lambda fit: (fit.problems, fit.left_out))


def _best_fit(fits: list[_Fit], label: str) -> _Fit:
    """The layout that a header fits. Refuse if several layouts fit, since the county of a file affects every figure."""
    whole = [fit for fit in fits if not fit.problems]
    if not whole:
        return _nearest(fits)
    if len({fit.table.county for fit in whole}) == 1:  # among one county's versions, take the most complete
        fewest = min(fit.left_out for fit in whole)
        whole = [fit for fit in whole if fit.left_out == fewest]
    if len(whole) > 1:
        named = [f"{fit.table.layout} ({fit.table.county}, {fit.table.name})" for fit in whole]
        raise ReliefError(
            f"{label}: its header fits {_all(sorted(named))} alike; nothing of it was landed: "
            "say whose it is with --layout NAME"
        )
    return whole[0]


def _shape_of_fit(fit: _Fit, source: Source, label: str) -> FileShape:
    """The shape that a header gives. Refuse a header that lacks, repeats or adds a column."""
    table = fit.table
    header_of = dict(zip(table.columns, table.headers, strict=True))
    problems = []
    if fit.missing:
        lacking = [header_of[column] for column in fit.missing]
        pairs = zip(fit.missing, lacking, strict=True)
        problems.append(
            "lacks " + _all([header if header == column else f"{header} (our {column})" for column, header in pairs])
        )
    # If the header's line end is lost, an unknown "name" may be a person's value. So unknown cells are never shown.
    if fit.foreign:
        plural = "s" * (len(fit.foreign) > 1)
        problems.append(
            f"has {len(fit.foreign)} column{plural} the layout does not know, at position{plural} {_some(fit.foreign)}"
        )
    if fit.twice:
        problems.append(f"has {_some([column.removeprefix(IGNORED) for column in fit.twice])} twice")
    if problems:
        raise ReliefError(
            f"{label} is not in the layout of {table.name}{_of_layout(table, source)}: its header "
            f"{', '.join(problems)}; "
            f"ask for a whole extract, or map its names in a layout of the county's: docs/runbook.md"
        )
    columns = tuple(column for column in fit.columns if column)
    return FileShape(table, columns, fit.extra_columns, has_header=True, tables=source.every_table)


def _of_layout(table: Table, source: Source) -> str:
    if source.chosen:
        return f" as the layout {table.layout} has it"
    return "" if table.is_own else f" as the layout {table.layout} has it, the nearest"


def _all(names: list[str]) -> str:
    """List all the names. They are safe to show, since they come from our tables or a layout."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _some(names: list[str]) -> str:
    """List the first of our names or positions and count the rest."""
    more = len(names) - SHOWN_NAMES
    shown = [*names[:SHOWN_NAMES], f"{more} more"] if more > 0 else names
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def likely_table(source: Source, file_name: str) -> Table:
    """The table whose file patterns match the file's name, or else the first table."""
    for table in source.every_table:
        if any(fnmatch.fnmatch(file_name.lower(), pattern.lower()) for pattern in table.file_patterns):
            return table
    return source.every_table[0]
