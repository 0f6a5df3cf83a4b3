"""Find a file's header: on the first line, or below a title, a line such as `sep=,` or blank lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from relief.errors import ReliefError
from relief.landing.header import FileShape, is_header, is_whole_header, names_most, readings, shape_of
from relief.landing.layout import Source
from relief.landing.records import record_at

HEAD_BYTES = 1 << 20
LINES_LOOKED_AT = 50  # blank lines are not counted
LONGEST_HEADER_BYTES = 64 << 10
CELLS_OF_A_TITLE = 3  # a line with more filled cells than this, and with as many fields as a record, is a row of data


@dataclass(frozen=True)
class Head:
    """The shape of a file, and which of its first bytes are the header (none if start equals end)."""

    shape: FileShape
    start: int
    end: int


@dataclass(frozen=True)
class _Line:
    number: int
    start: int
    record: bytes
    readings: list[list[str]]  # cells by each way to split the line, CSV first

    def is_row_of(self, shape: FileShape) -> bool:
        """Whether the line looks like data. The field count is not enough: a spreadsheet pads a title with commas."""
        cells = self.readings[0]
        return shape.fits(cells) and sum(bool(cell.strip()) for cell in cells) > CELLS_OF_A_TITLE


def find_head(head: bytes, source: Source, label: str, file_name: str) -> Head:
    """Find the header in the first bytes of a content. These bytes must end with a line end.

    The first line that names all columns of a table is the header, unless there are rows of data above it.
    """
    lines: list[_Line] = []
    for line in _lines(head):
        lines.append(line)
        if is_whole_header(line.readings[0], source):
            break
    if not lines:
        raise ReliefError(f"{label} contains only blank lines; fetch it again")
    headers = [line for line in lines if _names_columns(line, source, is_first=line is lines[0])]
    if not headers:
        return Head(_shape_by_position(lines, source, label, file_name), 0, 0)
    header = next((line for line in headers if is_whole_header(line.readings[0], source)), headers[0])
    shape = shape_of(header.record, source, label, file_name)
    # An open quote in a title may reach past the header. The lines that it encloses are not rows.
    above = [line for line in lines if line.start + len(line.record) <= header.start and line not in headers]
    if any(line.is_row_of(shape) for line in above):
        shape_of(headers[0].record, source, label, file_name)  # report the header's own mistakes first
        raise names_below_records(label, header.number)
    return Head(shape, header.start, header.start + len(header.record))


def names_below_records(label: str, line_number: int) -> ReliefError:
    """The error for a file whose records may have two different orders of columns."""
    return ReliefError(
        f"{label}, line {line_number}: column names follow records, which may have another order than those below; "
        "nothing of it was landed: give each header's records a file of their own, below their header"
    )


def _lines(head: bytes) -> Iterator[_Line]:
    number = start = count = 0
    while start < len(head) and count < LINES_LOOKED_AT:
        end = head.index(b"\n", start) + 1
        number += 1
        if head[start:end].strip():
            count += 1
            record = record_at(head, start, LONGEST_HEADER_BYTES)
            yield _Line(number, start, record, readings(record[:LONGEST_HEADER_BYTES]))
        start = end


def _names_columns(line: _Line, source: Source, *, is_first: bool) -> bool:
    judge = is_header if is_first else names_most
    return any(judge(cells, table) for cells in line.readings for table in source.every_table)


def _shape_by_position(lines: list[_Line], source: Source, label: str, file_name: str) -> FileShape:
    """The shape of a file without a header. Refuse the file if one of its first lines is a header of unknown layout."""
    shape = shape_of(lines[0].record, source, label, file_name)
    for above, line in pairwise(lines):
        if above.is_row_of(shape):
            break
        if 2 * len(line.readings[0]) >= len(shape.columns):
            shape_of(line.record, source, label, file_name)
    return shape
