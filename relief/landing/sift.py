"""Sift the records of a doubtful chunk: give a reason for each bad record, and keep the bytes of the others."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relief.landing.records import COMMA, CR, LF, QUOTE, Positions, ends_in_empty_fields

Reasons = NDArray[Any]  # one text per record; an empty text means that the record is sound


@dataclass(frozen=True)
class Sifted:
    """The result for each record, and the bytes of the sound records, cut to exactly the layout's fields."""

    reasons: Reasons
    data: bytes


def sift(
    data: bytes, starts: Positions, ends: Positions, broken: Reasons, *, columns: int, extra: int, encoding: str
) -> Sifted:
    """Give each record a reason or none. ``broken`` contains the reasons that were already found from quotes."""
    reasons = broken.copy()
    array = np.frombuffer(data, np.uint8)
    for index in np.flatnonzero((ends - starts) <= _LONGEST_BLANK):
        if not reasons[index] and not data[starts[index] : ends[index]].strip():
            reasons[index] = "blank_line"
    _mark(reasons, "nul_byte", np.flatnonzero(array == 0), starts, ends)
    _mark_encoding(reasons, data, starts, ends, encoding)

    # Quotes are counted per record, so that a broken record does not affect its neighbors.
    quotes = np.flatnonzero(array == QUOTE)
    commas = _outside(np.flatnonzero(array == COMMA), quotes, starts)
    fields = np.searchsorted(commas, ends) - np.searchsorted(commas, starts) + 1
    returns = _outside(np.flatnonzero(array == CR), quotes, starts)
    stray = returns[array[np.minimum(returns + 1, len(array) - 1)] != LF]
    _mark(reasons, "stray_carriage_return", stray, starts, ends)
    reasons[(reasons == "") & (fields < columns)] = "too_few_fields"
    reasons[(reasons == "") & (fields > columns + extra)] = "too_many_fields"

    trimmed: dict[int, bytes] = {}
    for index in np.flatnonzero((reasons == "") & (fields > columns)):
        record = data[starts[index] : ends[index]]
        tail = ends_in_empty_fields(record, int(fields[index]) - columns, extra)
        if tail:
            trimmed[int(index)] = record[: tail.start()] + tail.group(1)
        else:
            reasons[index] = "too_many_fields"
    return Sifted(reasons, joined(data, starts, ends, reasons == "", trimmed))


def joined(
    data: bytes, starts: Positions, ends: Positions, keep: NDArray[np.bool_], replaced: dict[int, bytes]
) -> bytes:
    """Join the bytes of the kept records, neighbors at once. A replaced record is added on its own."""
    if replaced:
        indices = np.flatnonzero(keep).tolist()
        return b"".join(replaced.get(index) or data[starts[index] : ends[index]] for index in indices)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], keep, [False]]).astype(np.int8)))
    runs = zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True)
    return b"".join(data[starts[first] : ends[after - 1]] for first, after in runs)


_LONGEST_BLANK = 4096
_LAST_ASCII_BYTE = 0x7F


def _mark(reasons: Reasons, reason: str, positions: Positions, starts: Positions, ends: Positions) -> None:
    for index in _records_of(positions, starts, ends):
        if not reasons[index]:
            reasons[index] = reason


def _records_of(positions: Positions, starts: Positions, ends: Positions) -> list[int]:
    """The records that contain these byte positions. A position between records (in a header) belongs to no record."""
    records = np.searchsorted(ends, positions, side="right")
    inside = records < len(ends)
    inside[inside] = positions[inside] >= starts[records[inside]]
    found: list[int] = np.unique(records[inside]).tolist()
    return found


def _mark_encoding(reasons: Reasons, data: bytes, starts: Positions, ends: Positions, encoding: str) -> None:
    if data.isascii():
        return
    for index in _records_of(np.flatnonzero(np.frombuffer(data, np.uint8) > _LAST_ASCII_BYTE), starts, ends):
        try:
            data[starts[index] : ends[index]].decode(encoding)
        except UnicodeDecodeError:
            reasons[index] = reasons[index] or "not_in_encoding"


def _outside(positions: Positions, quotes: Positions, starts: Positions) -> Positions:
    """The byte positions that are outside quotes, with quotes counted from the start of each record."""
    if not len(quotes) or not len(positions):
        return positions
    record = np.searchsorted(starts, positions, side="right") - 1
    before_record = np.searchsorted(quotes, starts)
    quotes_before = np.searchsorted(quotes, positions) - before_record[np.maximum(record, 0)]
    return positions[(quotes_before & 1) == 0]
