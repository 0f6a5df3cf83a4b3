"""Whether a person mended a record, and whether it reads now: judged one by one, so that no neighbour matters."""

import csv
from dataclasses import replace

import numpy as np
import pyarrow as pa

from relief.landing.header import FileShape
from relief.landing.ledger import RejectState
from relief.landing.load import Loader
from relief.landing.mended import MendedRecord
from relief.landing.parquet import Sink
from relief.landing.records import Chunk, chunks
from relief.landing.rejects import Rejects

_EMPTY = b', "\t\r'
_QUOTES = ("stray_quote", "unterminated_quote")  # other readers take their quotes one way or another


def is_unchanged(text: str, reject: RejectState) -> bool:
    """Whether the record is as it was exported, but for what an editor changes in line ends and quotes."""
    one, other = _even(text), _even(reject.raw_text)
    if one == other:
        return True
    cells = None if reject.reason_code in _QUOTES else _cells(one)
    return cells is not None and cells == _cells(other)


def is_only_padded(text: str, reject: RejectState) -> bool:
    """Whether only empty fields were added at the end, as a spreadsheet does to every short line it saves."""
    one, other = _even(text), _even(reject.raw_text)
    cells, earlier = _cells(one), _cells(other)
    if reject.reason_code in _QUOTES or cells is None or earlier is None:
        return one.startswith(other) and not one[len(other) :].strip(", ")
    return cells[: len(earlier)] == earlier and not any(cell.strip() for cell in cells[len(earlier) :])


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").removesuffix("\r")


def _cells(text: str) -> list[str] | None:
    try:
        found = list(csv.reader([text], strict=True))
    except csv.Error:
        return None
    return found[0] or [""] if len(found) == 1 else None


class Judge:
    """Reads mended records as landing reads a file's, and loads those that now read under their own number."""

    def __init__(self, shape: FileShape, encoding: str, sink: Sink, label: str) -> None:
        """Begin with nothing read."""
        self._original = _Original(sink)
        self._open = _StillOpen()
        shape = replace(shape, tables=())  # no record of it stands below another
        self._loader = Loader(shape, encoding, self._original, self._open, label)
        self._width = shape.width
        self._label = label

    @property
    def loaded(self) -> int:
        """Records loaded so far."""
        return self._loader.loaded

    @property
    def labelled(self) -> int:
        """Of those, records with the label of synthetic data."""
        return self._loader.labelled

    @property
    def not_kept(self) -> list[str]:
        """Ignored columns and how many values of each were there, in words."""
        return self._loader.not_kept

    def read(self, records: list[MendedRecord]) -> list[str]:
        """The reason why each record cannot be loaded; empty for those that were."""
        reasons = [self._cut(record.text) for record in records]
        whole = [index for index, reason in enumerate(reasons) if not reason]
        if not whole:
            return reasons
        lines = [records[index].text + b"\n" for index in whole]
        ends = np.cumsum([len(line) for line in lines], dtype=np.int64)
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
        data = b"".join(lines)
        first = self._loader.records + 1
        self._original.records = {first + place: records[index] for place, index in enumerate(whole)}
        self._open.reasons = {}
        self._loader.add(Chunk(data, 0, 1, starts, ends, {}, data.count(b"\n")))
        for number, reason in self._open.reasons.items():
            reasons[whole[number - first]] = reason
        return reasons

    def _cut(self, text: bytes) -> str:
        """The reason of a text that is not exactly one record with sound quotes."""
        if not text.strip(_EMPTY):
            return "blank_line"
        found = list(chunks([text + b"\n"], self._width, self._label))
        broken = [reason for chunk in found for reason in chunk.broken.values()]
        if sum(len(chunk.starts) for chunk in found) != 1:
            return broken[0] if broken else "several_records"
        return broken[0] if broken else ""


class _Original(Sink):
    """Hands rows on under the delivery and the record number that they had."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.schema = sink.schema
        self.records: dict[int, MendedRecord] = {}

    def write(self, table: pa.Table) -> None:
        found = [self.records[number] for number in table["row_no"].to_pylist()]
        table = table.set_column(0, self.schema.field(0), pa.array([record.delivery_id for record in found]))
        self._sink.write(table.set_column(1, self.schema.field(1), pa.array([r.record_no for r in found], pa.int64())))


class _StillOpen(Rejects):
    """Takes the place of a delivery's rejects: only the reasons are wanted."""

    def __init__(self) -> None:
        super().__init__(None, "", "", "")
        self.reasons: dict[int, str] = {}

    def add(self, record_no: int, line_number: int, byte_offset: int, reason_code: str, raw_text: str) -> None:
        self.reasons[record_no] = reason_code
        super().add(record_no, line_number, byte_offset, reason_code, raw_text)
