"""Judge whether a person mended a record and whether it can now be read. Each record is judged on its own."""

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
_QUOTES = ("stray_quote", "unterminated_quote")  # CSV readers disagree on how to read records with these faults


def is_unchanged(text: str, reject: RejectState) -> bool:
    """Whether the record is as it was exported, except for line ends and quotes, which an editor may change."""
    one, other = _even(text), _even(reject.raw_text)
    if one == other:
        return True
    cells = None if reject.reason_code in _QUOTES else _cells(one)
    return cells is not None and cells == _cells(other)


def is_only_padded(text: str, reject: RejectState) -> bool:
    """Whether only empty fields were added at the end. A spreadsheet does this to every short line that it saves."""
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
    """Reads mended records as landing reads records of a file, and loads sound records with their original number."""

    def __init__(self, shape: FileShape, encoding: str, sink: Sink, label: str) -> None:
        """Start with no record read."""
        self._original = _Original(sink)
        self._open = _StillOpen()
        shape = replace(shape, tables=())  # each record is read on its own, so there are no headers between records
        self._loader = Loader(shape, encoding, self._original, self._open, label)
        self._width = shape.width
        self._label = label

    @property
    def loaded(self) -> int:
        """The number of records loaded so far."""
        return self._loader.loaded

    @property
    def labelled(self) -> int:
        """The number of loaded records with the label of synthetic data."""
        return self._loader.labelled

    @property
    def not_kept(self) -> list[str]:
        """Describe each ignored column with the number of its values."""
        return self._loader.not_kept

    def read(self, records: list[MendedRecord]) -> list[str]:
        """Return for each record the reason why it cannot be loaded, or an empty text if it was loaded."""
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
        """Return why a text is not exactly one record with sound quotes, or an empty text if it is."""
        if not text.strip(_EMPTY):
            return "blank_line"
        found = list(chunks([text + b"\n"], self._width, self._label))
        broken = [reason for chunk in found for reason in chunk.broken.values()]
        if sum(len(chunk.starts) for chunk in found) != 1:
            return broken[0] if broken else "several_records"
        return broken[0] if broken else ""


class _Original(Sink):
    """Passes rows on with their original delivery and record number."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.schema = sink.schema
        self.records: dict[int, MendedRecord] = {}

    def write(self, table: pa.Table) -> None:
        found = [self.records[number] for number in table["row_no"].to_pylist()]
        table = table.set_column(0, self.schema.field(0), pa.array([record.delivery_id for record in found]))
        self._sink.write(table.set_column(1, self.schema.field(1), pa.array([r.record_no for r in found], pa.int64())))


class _StillOpen(Rejects):
    """Replaces the collector of a delivery's rejects, since only the reasons are needed."""

    def __init__(self) -> None:
        super().__init__(None, "", "", "")
        self.reasons: dict[int, str] = {}

    def add(self, record_no: int, line_number: int, byte_offset: int, reason_code: str, raw_text: str) -> None:
        self.reasons[record_no] = reason_code
        super().add(record_no, line_number, byte_offset, reason_code, raw_text)
