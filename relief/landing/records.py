"""Find where records begin and end, from quotes and line ends alone, before any CSV reader is used.

A record ends at a line end outside quotes. A quote opens at the start of a field and closes at its end; a doubled quote
inside is a quote. A record that breaks these rules is broken. It ends at its first line end, and reading continues from
there. A record with sound quotes is broken too if its quotes contain another whole record. This is detected from the
number of columns of the file's table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relief.errors import ReliefError

MAX_RECORD_BYTES = 1 << 20
MAX_LINE_BYTES = 64 << 20
LF, CR, QUOTE, COMMA = 10, 13, 34, 44

_FIELD = rb'(?:"[^"]*+(?:""[^"]*+)*+"(?:\r(?=\n))?|[^",\n]*+)'
_RECORD = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*+\n")
_OPEN_AT_THE_END = re.compile(rb"(?:" + _FIELD + rb',)*+"[^"]*+(?:""[^"]*+)*+')

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Width:
    """How many fields a record of the file has: one per name of the header, perhaps followed by empty fields."""

    columns: int
    extra: int = 0

    @property
    def commas(self) -> int:
        """The number of separators in a record."""
        return self.columns - 1


@dataclass(frozen=True)
class Chunk:
    """A chunk of a file: whole records in order."""

    data: bytes
    offset: int  # the position of the chunk's first byte in the content
    first_line: int  # line number of the chunk's first record, from 1
    starts: Positions
    ends: Positions  # positions after the line ends
    broken: dict[int, str]  # by record index: the reason code of broken quotes
    line_ends: int  # may exceed the number of records, since line ends can be inside quotes

    def record(self, index: int) -> bytes:
        """The bytes of one record with its line end."""
        return self.data[self.starts[index] : self.ends[index]]

    def line_numbers(self) -> Positions:
        """The line number each record begins on."""
        newlines = np.flatnonzero(np.frombuffer(self.data, np.uint8) == LF)
        return np.searchsorted(newlines, self.starts) + self.first_line


def chunks(blocks: Iterable[bytes], width: Width, label: str, offset: int = 0, line: int = 1) -> Iterator[Chunk]:
    """Cut blocks of bytes into chunks of whole records.

    ``width`` is needed to distinguish a record inside quotes from a long text. ``offset`` and ``line`` are the position
    and the line number at which the blocks begin.
    """
    carry = b""
    last = False
    iterator = iter(blocks)
    while not last:
        block = next(iterator, None)
        last = block is None
        data = carry + (block or b"")
        if last and data and not data.endswith(b"\n"):
            data += b"\n"  # the last record may lack a line end
        newlines = np.flatnonzero(np.frombuffer(data, np.uint8) == LF)
        starts, ends, broken = _bounds(data, newlines, width, last)
        cut = int(ends[-1]) if len(ends) else 0
        if cut:
            # The rest carried over is short, so each byte is copied about once.
            line_ends = int(np.searchsorted(newlines, cut))
            yield Chunk(data[:cut], offset, line, starts, ends, broken, line_ends)
            line += line_ends
            offset += cut
        carry = data[cut:]
        if len(carry) > MAX_LINE_BYTES:
            raise ReliefError(f"{label} has no line end in {MAX_LINE_BYTES:,} bytes; it is not a CSV file")


def record_at(data: bytes, position: int, longest: int) -> bytes:
    """The record that begins at a position, or only its line if its quotes are broken or it exceeds `longest`."""
    match = _RECORD.match(data, position, position + longest)
    return match.group() if match else data[position : data.find(b"\n", position) + 1]


def _bounds(data: bytes, newlines: Positions, width: Width, last: bool) -> tuple[Positions, Positions, dict[int, str]]:
    """Start and end of every whole record. From the first broken record on, records are matched one by one."""
    quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == QUOTE) if b'"' in data else newlines[:0]
    if not len(quotes):
        ends = newlines + 1
        doubtful = 0 if len(ends) and int(np.diff(ends, prepend=0).max()) > MAX_RECORD_BYTES else None
    else:
        before = np.searchsorted(quotes, newlines)
        ends = newlines[(before & 1) == 0] + 1
        doubtful = _first_doubt(data, newlines, quotes, ends, width)
    cut = int(ends[-1]) if len(ends) else 0
    if doubtful is None and cut < len(data) and (last or len(data) - cut > MAX_RECORD_BYTES):
        doubtful = cut  # a quote is open at the end of the file, or for longer than a record may be
    if doubtful is None:
        return _starts(ends), ends, {}
    sound = ends[: np.searchsorted(ends, doubtful, side="right")]
    resume = int(sound[-1]) if len(sound) else 0
    more, broken = _scan(data, resume, width, last)
    shift = len(sound)
    ends = np.concatenate([sound, np.array(more, dtype=np.int64)])
    return _starts(ends), ends, {index + shift: reason for index, reason in broken.items()}


def _starts(ends: Positions) -> Positions:
    starts = np.empty_like(ends)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1]
    return starts


def _first_doubt(data: bytes, newlines: Positions, quotes: Positions, ends: Positions, width: Width) -> int | None:
    """Position inside the first record whose quotes may be broken, or None when all whole records are sound."""
    # An opening quote follows a comma or a line end; a closing quote precedes a comma or a line end.
    # A doubled quote counts as a closing and an opening quote side by side, which is allowed.
    array = np.frombuffer(data, np.uint8)
    opening, closing = quotes[0::2], quotes[1::2]
    before = array[np.maximum(opening - 1, 0)]
    before[opening == 0] = LF
    after = array[np.minimum(closing + 1, len(array) - 1)]
    after[closing + 1 == len(array)] = LF
    wrong_opening = opening[(before != COMMA) & (before != LF) & (before != QUOTE)]
    after[(after == CR) & (array[np.minimum(closing + 2, len(array) - 1)] == LF)] = LF
    wrong_closing = closing[(after != COMMA) & (after != LF) & (after != QUOTE)]
    doubts = [int(wrong[0]) for wrong in (wrong_opening, wrong_closing) if len(wrong)]
    if len(newlines) > len(ends):
        doubts.extend(_swallowing(data, newlines, quotes, ends, width))
    lengths = np.diff(ends, prepend=0)
    if len(ends) and int(lengths.max()) > MAX_RECORD_BYTES:
        doubts.append(int(ends[int(lengths.argmax())]) - 1)
    return min(doubts) if doubts else None


def _swallowing(data: bytes, newlines: Positions, quotes: Positions, ends: Positions, width: Width) -> list[int]:
    """The position of the first record with another record inside its quotes, as a list of one or no positions."""
    starts = _starts(ends)
    lines = np.searchsorted(newlines, ends) - np.searchsorted(newlines, starts)
    several = np.flatnonzero(lines > 1)
    if not len(several):
        return []
    commas = np.flatnonzero(np.frombuffer(data, np.uint8) == COMMA)
    held = np.searchsorted(commas, ends[several]) - np.searchsorted(commas, starts[several])
    widest = _widest_values(quotes, commas, starts[several], ends[several])
    suspects = (widest >= width.commas - width.extra) | (held >= 2 * width.commas)
    for index in several[suspects].tolist():
        if swallows(data[starts[index] : ends[index]], width):
            return [int(starts[index])]
    return []


def _widest_values(quotes: Positions, commas: Positions, starts: Positions, ends: Positions) -> Positions:
    """The number of commas in the widest quoted value of each record; a value continues over doubled quotes."""
    opening, closing = quotes[0::2], quotes[1::2]
    opening = opening[: len(closing)]
    begins = np.flatnonzero(np.concatenate([[True], opening[1:] != closing[:-1] + 1]))
    first = opening[begins]
    last = closing[np.append(begins[1:], len(opening)) - 1]
    held = np.searchsorted(commas, last) - np.searchsorted(commas, first)
    widest = np.zeros(len(starts), np.int64)
    record = np.searchsorted(ends, first, side="right")
    inside = record < len(ends)
    inside[inside] = first[inside] >= starts[record[inside]]
    np.maximum.at(widest, record[inside], held[inside])
    return widest


def swallows(record: bytes, width: Width) -> bool:
    """Whether a record of several lines contains another one inside its quotes.

    If a quote opens in one record and closes in the same or a later column of the next, the value contains as many
    separators as a record. If it closes in an earlier column, there are too many fields. These surplus fields may look
    like the empty fields of the header's unnamed columns; then the value contains that many separators fewer.
    """
    parts = record.split(b'"')
    surplus = sum(part.count(b",") for part in parts[0::2]) - width.commas
    is_padded = ends_in_empty_fields(record, surplus, width.extra) is not None
    most = width.commas - surplus if is_padded else width.commas
    value = b""
    for index in range(1, len(parts), 2):
        value += parts[index]
        if index + 2 < len(parts) and not parts[index + 1]:
            value += b'"'  # a doubled quote, so the value continues
            continue
        if b"\n" in value and value.count(b",") >= most:
            return True
        value = b""
    return surplus != 0 and not is_padded and record.count(b",") >= 2 * width.commas


def ends_in_empty_fields(record: bytes, surplus: int, extra: int) -> re.Match[bytes] | None:
    """Match the end of a record if its surplus fields are empty and no more than the header's unnamed columns."""
    return re.search(rb"(?:,[ \t]*){%d}(\r?\n)\Z" % surplus, record) if 0 < surplus <= extra else None


def _scan(data: bytes, position: int, width: Width, last: bool) -> tuple[list[int], dict[int, str]]:
    """Find record ends from a position on, one record at a time; broken records end at their first line end."""
    ends: list[int] = []
    broken: dict[int, str] = {}
    size = len(data)
    while position < size:
        match = _RECORD.match(data, position, position + MAX_RECORD_BYTES)
        line_end = data.find(b"\n", position) + 1
        if match and (match.end() == line_end or not swallows(match.group(), width)):
            position = match.end()
            ends.append(position)
            continue
        if not match and not last and size - position <= MAX_RECORD_BYTES:
            break  # the next block may have the rest of the record
        if not line_end:
            break
        broken[len(ends)] = _reason(data[position:line_end])
        ends.append(line_end)
        position = line_end
    return ends, broken


def _reason(line: bytes) -> str:
    if len(line) > MAX_RECORD_BYTES:
        return "record_too_long"
    return "unterminated_quote" if _OPEN_AT_THE_END.fullmatch(line) else "stray_quote"
