"""The file in which rejects are exported, mended and landed. Five columns identify a reject, then its record follows.

A record may contain any bytes, so a CSV reader cannot cut the file. A line whose first five cells are ours begins a
reject; every line up to the next such line belongs to it.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from relief.errors import ReliefError
from relief.landing.records import MAX_LINE_BYTES
from relief.landing.rejects import REASONS

FRONT = ("reject_delivery_id", "reject_record_no", "reject_check", "reject_reason", "reject_action")
ACTIONS = ("", "load", "drop")

_FIRST_NAME = re.compile(rb'(?:\A(?:\xef\xbb\xbf)?|\n)"?reject_delivery_id"?[,;\t|\r\n]', re.IGNORECASE)
_CELL = rb'(?:"([^"\r\n]*)"|([^",\r\n]*))'
_FRONT = re.compile(_CELL + (b"," + _CELL) * 4 + rb"(?:,|(?=\r?\Z))")
_IDENTITY = re.compile(r"[a-z][a-z0-9_]*-[0-9a-f]{12}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_CHECK = re.compile(r"[a-z]{6}")
_LOOKED_AT = 64 << 10
_LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass(frozen=True)
class MendedRecord:
    """One reject of a mended file, with the record's bytes as they are in the file, without the line end."""

    line_number: int
    delivery_id: str
    record_no: int
    check: str
    action: str
    is_rewritten: bool  # a program that parses CSV has saved the file and dropped the quotes
    text: bytes


def is_mended_file(block: bytes) -> bool:
    """Whether the header line of `relief rejects export` occurs in a content, at the start or further down."""
    return _FIRST_NAME.search(block, 0, _LOOKED_AT) is not None


def check_of(delivery_id: str, record_no: int, raw_text: str) -> str:
    """Six letters that tie a line to its reject, so that a changed number or a shifted column is detected.

    They are letters because a spreadsheet would read digits as a number.
    """
    text = f"{delivery_id}\n{record_no}\n{raw_text}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
    return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(6))


def header_line(names: tuple[str, ...], extra_columns: int) -> bytes:
    """The header of an export, with its line end."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow([*FRONT, *names, *[""] * extra_columns])
    return out.getvalue().encode()


def reject_line(delivery_id: str, record_no: int, reason_code: str, raw_text: str) -> bytes:
    """One reject of an export, with its line end.

    The reason has quotes that CSV does not need. A spreadsheet drops them, which shows that it has saved the line.
    """
    check = check_of(delivery_id, record_no, raw_text)
    return f'{delivery_id},{record_no},{check},"{reason_code}",,{raw_text}\n'.encode("utf-8", "backslashreplace")


def could_forge(raw_text: str) -> bool:
    """Whether a line within the record would be read as another reject. This happens only if somebody intends it."""
    lines = raw_text.encode("utf-8", "backslashreplace").split(b"\n")[1:]
    return any((match := _FRONT.match(line)) and _is_ours(match) for line in lines)


def names_of(header: bytes, label: str) -> list[str]:
    """The column names that follow our five columns in the header of a mended file."""
    text = header.decode("utf-8", errors="replace")
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if delimiter in text and "," not in text:
            raise ReliefError(f"{label} separates its columns with {word}; save it with commas")
    cells = next(csv.reader([text.rstrip("\r\n")]), [])
    if [cell.strip("\ufeff ").lower() for cell in cells[: len(FRONT)]] != list(FRONT):
        raise ReliefError(
            f"{label} does not begin with the columns {', '.join(FRONT)}; "
            "keep them on its first line, as relief rejects export wrote them"
        )
    return cells[len(FRONT) :]


def mended_records(blocks: Iterable[bytes], label: str) -> Iterator[bytes | MendedRecord]:
    """Yield the header, then each reject of a mended file. Refuse the file if a line belongs to no reject."""
    lines = enumerate(_lines(blocks, label), 1)
    _, header = next(lines)
    yield header
    returns = header.endswith(b"\r")  # an editor has changed every line end to its own system's line end
    begun: tuple[int, re.Match[bytes]] | None = None
    parts: list[bytes] = []
    for number, line in lines:
        if (match := _FRONT.match(line)) and _is_ours(match):
            if begun:
                yield _record(*begun, parts, returns, label)
            begun, parts = (number, match), [line[match.end() :]]
        elif begun:
            parts.append(line)
        elif line.strip():
            raise ReliefError(f"{label}, line {number}: it does not belong to a reject; nothing of the file was landed")
    if begun:
        yield _record(*begun, parts, returns, label)


def _lines(blocks: Iterable[bytes], label: str) -> Iterator[bytes]:
    carry: list[bytes] = []
    carried = 0
    for block in blocks:
        first, *others = block.split(b"\n")
        carry.append(first)
        carried += len(first)
        if others:
            yield b"".join(carry)
            yield from others[:-1]
            carry, carried = [others[-1]], len(others[-1])
        if carried > 2 * MAX_LINE_BYTES:
            raise ReliefError(f"{label} has no line end in {carried:,} bytes; it is not what was exported")
    yield b"".join(carry)


def _cells(match: re.Match[bytes]) -> list[str]:
    groups = match.groups()
    pairs = zip(groups[0::2], groups[1::2], strict=True)
    return [(quoted if plain is None else plain).decode("utf-8", "replace").strip() for quoted, plain in pairs]


def _is_ours(match: re.Match[bytes]) -> bool:
    """Whether a line begins a reject. Valid numbers or a valid reason suffice, so changed numbers are noticed."""
    delivery_id, number, check, reason, _ = _cells(match)
    whole = _IDENTITY.fullmatch(delivery_id) and _NUMBER.fullmatch(number) and _CHECK.fullmatch(check)
    return bool(whole) or reason in REASONS


def _record(number: int, match: re.Match[bytes], parts: list[bytes], returns: bool, label: str) -> MendedRecord:
    delivery_id, record_no, check, _, action = _cells(match)
    if not (_IDENTITY.fullmatch(delivery_id) and _NUMBER.fullmatch(record_no) and _CHECK.fullmatch(check)):
        raise ReliefError(
            f"{label}, line {number}: its first cells are not those of the export; nothing of the file was landed"
        )
    if action.lower() not in ACTIONS:
        raise ReliefError(
            f"{label}, line {number}: reject_action may be empty, load or drop; nothing of the file was landed"
        )
    while len(parts) > 1 and not parts[-1].strip(b"\r"):  # blank lines at the end of the file
        parts.pop()
    text = b"\n".join(parts)
    text = text.removesuffix(b"\r") if returns else text
    is_rewritten = match.group(1) is not None or match.group(7) is None
    return MendedRecord(number, delivery_id, int(record_no), check, action.lower(), is_rewritten, text)
