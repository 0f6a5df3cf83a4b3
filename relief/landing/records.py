"""Where records begin and end, decided from quotes and line ends alone, before and apart from any CSV reader.

A record ends at a line end outside quotes. A quote opens at the start of a field and closes at its end; a doubled quote
inside is a quote. What breaks that is one broken record: it ends at its first line end, and reading goes on from there.
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
class Chunk:
    """Whole records of a file, in order."""

    data: bytes
    offset: int  # of its first byte in the content
    first_line: int  # line number of its first record, from 1
    starts: Positions
    ends: Positions  # after the line end
    broken: dict[int, str]  # record index: reason code of broken quotes
    line_ends: int  # more than records: some stand inside quotes

    def record(self, index: int) -> bytes:
        """The bytes of one record with its line end."""
        return self.data[self.starts[index] : self.ends[index]]

    def line_numbers(self) -> Positions:
        """The line number each record begins on."""
        newlines = np.flatnonzero(np.frombuffer(self.data, np.uint8) == LF)
        return np.searchsorted(newlines, self.starts) + self.first_line


def chunks(blocks: Iterable[bytes], columns: int, label: str, offset: int = 0) -> Iterator[Chunk]:
    """Cut blocks of bytes into chunks of whole records.

    ``columns`` helps to tell a swallowed record from a long text; ``offset`` is where the blocks begin in the content.
    """
    carry = b""
    line = 1
    last = False
    iterator = iter(blocks)
    while not last:
        block = next(iterator, None)
        last = block is None
        data = carry + (block or b"")
        if last and data and not data.endswith(b"\n"):
            data += b"\n"  # the last record needs no line end
        newlines = np.flatnonzero(np.frombuffer(data, np.uint8) == LF)
        starts, ends, broken = _bounds(data, newlines, columns, last)
        cut = int(ends[-1]) if len(ends) else 0
        if cut:
            # the carried rest is short, so this copies each byte about once
            line_ends = int(np.searchsorted(newlines, cut))
            yield Chunk(data[:cut], offset, line, starts, ends, broken, line_ends)
            line += line_ends
            offset += cut
        carry = data[cut:]
        if len(carry) > MAX_LINE_BYTES:
            raise ReliefError(f"{label} has no line end in {MAX_LINE_BYTES:,} bytes; it is not a CSV file")


def _bounds(data: bytes, newlines: Positions, columns: int, last: bool) -> tuple[Positions, Positions, dict[int, str]]:
    """Start and end of every whole record: by counting quotes, and record by record after the first broken one."""
    quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == QUOTE) if b'"' in data else newlines[:0]
    if not len(quotes):
        ends = newlines + 1
        doubtful = 0 if len(ends) and int(np.diff(ends, prepend=0).max()) > MAX_RECORD_BYTES else None
    else:
        before = np.searchsorted(quotes, newlines)
        ends = newlines[(before & 1) == 0] + 1
        doubtful = _first_doubt(data, newlines, quotes, ends, columns)
    cut = int(ends[-1]) if len(ends) else 0
    if doubtful is None and cut < len(data) and (last or len(data) - cut > MAX_RECORD_BYTES):
        doubtful = cut  # a quote is open at the end of the file, or for longer than a record may be
    if doubtful is None:
        return _starts(ends), ends, {}
    sound = ends[: np.searchsorted(ends, doubtful, side="right")]
    resume = int(sound[-1]) if len(sound) else 0
    more, broken = _scan(data, resume, columns, last)
    shift = len(sound)
    ends = np.concatenate([sound, np.array(more, dtype=np.int64)])
    return _starts(ends), ends, {index + shift: reason for index, reason in broken.items()}


def _starts(ends: Positions) -> Positions:
    starts = np.empty_like(ends)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1]
    return starts


def _first_doubt(data: bytes, newlines: Positions, quotes: Positions, ends: Positions, columns: int) -> int | None:
    """Position inside the first record whose quotes may be broken, or None when all whole records are sound."""
    # Opening quotes stand after a comma or a line end; closing ones before a comma or a line end.
    # A doubled quote closes and opens again, so its halves excuse each other.
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
        doubts.extend(_swallowing(data, newlines, ends, columns))
    lengths = np.diff(ends, prepend=0)
    if len(ends) and int(lengths.max()) > MAX_RECORD_BYTES:
        doubts.append(int(ends[int(lengths.argmax())]) - 1)
    return min(doubts) if doubts else None


def _swallowing(data: bytes, newlines: Positions, ends: Positions, columns: int) -> list[int]:
    """The first record of several lines in which a line between looks like a record of its own."""
    lines = np.diff(np.searchsorted(newlines, ends), prepend=0)
    for index in np.flatnonzero(lines >= 3):  # noqa: PLR2004  (a line between two)
        start = int(ends[index - 1]) if index else 0
        if _swallows(data[start : int(ends[index])], columns):
            return [start]
    return []


def _swallows(record: bytes, columns: int) -> bool:
    between = record.split(b"\n")[1:-2]
    return any(line.count(b",") >= columns - 1 for line in between)


def _scan(data: bytes, position: int, columns: int, last: bool) -> tuple[list[int], dict[int, str]]:
    """Record ends from a position on, one record at a time; broken records end at their first line end."""
    ends: list[int] = []
    broken: dict[int, str] = {}
    size = len(data)
    while position < size:
        match = _RECORD.match(data, position, position + MAX_RECORD_BYTES)
        line_end = data.find(b"\n", position) + 1
        if match and (match.end() == line_end or not _swallows(match.group(), columns)):
            position = match.end()
            ends.append(position)
            continue
        if not last and size - position <= MAX_RECORD_BYTES:
            break  # the rest of the record may still come
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
