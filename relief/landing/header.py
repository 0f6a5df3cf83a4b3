"""Which table a file is for and in which order its columns stand: decided by the names in its first record."""

import csv
import fnmatch
import io
import re
from dataclasses import dataclass

from relief.errors import ReliefError
from relief.landing.layout import Source, Table, normalized_name

SHOWN_NAMES = 3
KNOWN_NAMES_OF_A_HEADER = 3
_LIKE_A_NAME = re.compile(r"[A-Za-z][A-Za-z_ .#/-]*[0-9]{0,2}")


@dataclass(frozen=True)
class FileShape:
    """How to read one file's records."""

    table: Table
    columns: tuple[str, ...]  # our names in the file's order
    extra_columns: int  # unnamed columns after the last name; their values must be empty
    has_header: bool

    @property
    def written_columns(self) -> str:
        """Our names in the file's order and a comma per unnamed column: how the manifest keeps the shape."""
        return ",".join(self.columns) + "," * self.extra_columns


def cells_of(record: bytes) -> list[str]:
    """The cells of one record, for looking at names; never used to load data. No name holds a carriage return."""
    text = record.decode("utf-8", errors="replace").replace("\r", "")
    try:
        return next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:  # a field longer than any name
        return []


def is_header(cells: list[str], table: Table) -> bool:
    """Whether most of the filled cells are names of the table's columns.

    All names but one are a header whatever else is there: a lost line end puts the first record behind them.
    """
    filled = [cell for cell in cells if cell.strip()]
    known = sum(table.column_of(cell) is not None for cell in filled)
    most = known * 2 >= len(filled) or known >= len(table.columns) - 1
    return known >= min(KNOWN_NAMES_OF_A_HEADER, len(table.columns)) and most


def shape_of(first_record: bytes, source: Source, label: str, file_name: str) -> FileShape:
    """Read the header (or see that there is none). A file whose first record names other columns is refused whole."""
    cells = cells_of(first_record)
    named = [table for table in source.every_table if is_header(cells, table)]
    if named:
        table = max(named, key=lambda candidate: _fit(cells, candidate))
        return shape_of_names(cells, table, label)
    table = likely_table(source, file_name)
    if _is_damaged_header(first_record, source):
        raise ReliefError(
            f"{label} has a damaged header: its first line names columns of {table.name}, and its quotes are broken; "
            "mend that line, or ask for the file again"
        )
    for delimiter, word in (("\t", "tabs"), (";", "semicolons"), ("|", "bars")):
        split = first_record.decode("utf-8", errors="replace").split(delimiter)
        if any(is_header(split, candidate) for candidate in source.every_table):
            raise ReliefError(f"{label} separates its columns with {word}; save it with commas")
    looks_like_names = len(cells) > 1 and all(_LIKE_A_NAME.fullmatch(cell.strip()) for cell in cells if cell.strip())
    distinct = len({cell.strip() for cell in cells if cell.strip()}) > len(cells) / 2
    foreign = looks_like_names and distinct
    if foreign or table.header_required:
        tables = " or ".join(candidate.name for candidate in source.tables)
        raise ReliefError(
            f"{label} is not for source {source.name}: its first line does not name the columns of {tables}; "
            f"give the right --source, or map its names in a layout of the county's: docs/runbook.md"
        )
    return FileShape(table, table.columns, 0, has_header=False)


def shape_of_names(cells: list[str], table: Table, label: str) -> FileShape:
    """The shape that a header of the table names; refused when it lacks, repeats or adds a column."""
    last_named = max(index for index, cell in enumerate(cells) if normalized_name(cell))
    named, extra = cells[: last_named + 1], len(cells) - last_named - 1
    columns = [table.column_of(cell) for cell in named]
    problems = []
    present = {column for column in columns if column}
    expected = zip(table.columns, table.headers, strict=True)
    missing = [(column, header) for column, header in expected if column not in present | table.optional_columns]
    if missing:
        problems.append(
            "lacks " + _all([header if header == column else f"{header} (our {column})" for column, header in missing])
        )
    # Where its line end is lost, what the layout does not know is a record: a cell that is not ours is never shown.
    if foreign := [str(position) for position, column in enumerate(columns, 1) if column is None]:
        plural = "s" * (len(foreign) > 1)
        problems.append(
            f"has {len(foreign)} column{plural} the layout does not know, at position{plural} {_some(foreign)}"
        )
    if twice := sorted({column for column in present if columns.count(column) > 1}):
        problems.append(f"has {_some(twice)} twice")
    if problems:
        raise ReliefError(
            f"{label} is not in the layout of {table.name}{_of_layout(table)}: its header {', '.join(problems)}; "
            f"ask for a whole extract, or map its names in a layout of the county's: docs/runbook.md"
        )
    return FileShape(table, tuple(column for column in columns if column), extra, has_header=True)


def _of_layout(table: Table) -> str:
    return "" if table.is_own else f" as {table.layout}.yml has it, the nearest layout"


def _all(names: list[str]) -> str:
    """Names of ours or of a layout, every one."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _some(names: list[str]) -> str:
    """The first of our names or positions; the rest is counted."""
    more = len(names) - SHOWN_NAMES
    shown = [*names[:SHOWN_NAMES], f"{more} more"] if more > 0 else names
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _is_damaged_header(record: bytes, source: Source) -> bool:
    """Names that no CSV reader finds. Taken for a file without a header, its columns would be in another order."""
    cells = [cell.strip(' "\r\n\ufeff') for cell in record.decode("utf-8", errors="replace").split(",")]
    return any(is_header(cells, table) for table in source.every_table)


def _fit(cells: list[str], table: Table) -> tuple[int, int]:
    known = sum(table.column_of(cell) is not None for cell in cells if cell.strip())
    return known, known - len(table.columns)


def likely_table(source: Source, file_name: str) -> Table:
    """The table whose file patterns the name fits, else the first."""
    for table in source.tables:
        if any(fnmatch.fnmatch(file_name.lower(), pattern.lower()) for pattern in table.file_patterns):
            return table
    return source.tables[0]
