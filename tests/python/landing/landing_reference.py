"""A reference for tests that reads a file one character at a time, and shares no code with the product."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 1 << 20


@dataclass(frozen=True)
class Piece:
    """One physical record: its start, its bytes with the line end, and its cells if its quotes are valid."""

    start: int
    line: int
    raw: bytes
    cells: tuple[bytes, ...] | None

    @property
    def body(self) -> bytes:
        """The record without its line end."""
        return self.raw.removesuffix(b"\n").removesuffix(b"\r")


def pieces(data: bytes, span: tuple[int, int], columns: int, extra: int = 0) -> Iterator[Piece]:
    """The records of a span: each ends at a line end outside quotes, or at its first one if its quotes are broken."""
    start, end = span
    line = 1 + data[:start].count(b"\n")
    while start < end:
        found, cells = _record(data, start, end, columns, extra)
        yield Piece(start, line, data[start:found], cells)
        line += data[start:found].count(b"\n")
        start = found


def _record(  # noqa: PLR0912  (one branch for each state of the reader)
    data: bytes, start: int, end: int, columns: int, extra: int
) -> tuple[int, tuple[bytes, ...] | None]:
    first_line_end = data.index(b"\n", start) + 1
    fields: list[bytes] = []
    quoted: list[bool] = []
    value = bytearray()
    state = "field start"
    for at in range(start, min(end, start + LONGEST)):
        character = data[at : at + 1]
        if state == "inside quotes":
            if character == b'"':
                state = "after a quote"
            else:
                value += character
        elif character == b'"' and state == "field start":
            state = "inside quotes"
            quoted.append(True)
        elif character == b'"' and state == "after a quote":
            value += b'"'
            state = "inside quotes"
        elif character == b'"':
            break
        elif character in b",\n":
            if state == "field start":
                quoted.append(False)
            fields.append(bytes(value))
            value.clear()
            if character == b"\n":
                record = data[start : at + 1]
                if at + 1 != first_line_end and _holds_another(record, fields, quoted, columns, extra):
                    break
                if not quoted[-1]:
                    fields[-1] = fields[-1].removesuffix(b"\r")
                return at + 1, tuple(fields)
            state = "field start"
        elif state == "after a quote":
            if data[at : at + 2] != b"\r\n":
                break
        else:
            if state == "field start":
                quoted.append(False)
            state = "in a field"
            value += character
    return first_line_end, None


def _holds_another(record: bytes, fields: list[bytes], quoted: list[bool], columns: int, extra: int) -> bool:
    surplus = fields[columns:]
    is_padded = 0 < len(surplus) <= extra and not b"".join(surplus).strip()
    fits = len(fields) == columns or is_padded
    for value, in_quotes in zip(fields, quoted, strict=True):
        if in_quotes and b"\n" in value and value.count(b",") >= columns - 1 - (len(surplus) if is_padded else 0):
            return True
    return not fits and record.count(b",") >= 2 * (columns - 1)


def loaded_cells(piece: Piece, columns: int, extra: int, encoding: str) -> tuple[str, ...] | None:
    """The cells with which the record must be loaded, or None if it must be rejected."""
    cells = piece.cells
    if cells is None or not piece.body.strip() or b"\0" in piece.raw or _has_stray_return(piece.body):
        return None
    if not columns <= len(cells) <= columns + extra or b"".join(cells[columns:]).strip():
        return None
    try:
        return tuple(cell.decode(encoding) for cell in cells[:columns])
    except UnicodeDecodeError:
        return None


def _has_stray_return(body: bytes) -> bool:
    inside = False
    for at in range(len(body)):
        if body[at : at + 1] == b'"':
            inside = not inside
        elif body[at : at + 1] == b"\r" and not inside:
            return True
    return False
