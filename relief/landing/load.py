"""Load whole records as rows or rejects. Chunks without doubts are parsed at once; others are sifted first."""

from collections import Counter
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from relief.errors import ReliefError
from relief.landing.head import names_below_records
from relief.landing.header import FileShape, is_header
from relief.landing.layout import IGNORED, normalized_name
from relief.landing.parquet import Sink
from relief.landing.records import Chunk, Positions
from relief.landing.rejects import Rejects
from relief.landing.sift import sift
from relief.landing.survey import UTF8_BOM

_PARSE_BLOCK_BYTES = 1 << 20
_LONGEST_HEADER = 64 << 10
_NO_HEADERS = ("blank_line", "above_the_header", "repeated_header")
_AROUND_A_NAME = " \t\r\n\xa0\ufeff\u200b\u200c\u200d\u2060"
MAX_REJECTS = 1_000_000  # with more rejects and hardly a loaded record, the whole content is refused
MIN_LOADED_SHARE = 0.01


class Loader:
    """Loads one content's records into a sink and its rejects, and counts both."""

    def __init__(self, shape: FileShape, encoding: str, sink: Sink, rejects: Rejects, label: str) -> None:
        """Start with all counts at zero."""
        self.records = 0
        self.loaded = 0
        self.labelled = 0
        self.shape = shape
        self._encoding = encoding
        self._sink = sink
        self._rejects = rejects
        self._label = label
        self._known_names = {name for table in (shape.table, *shape.tables) for name in table.by_header}
        self._names = pa.array(sorted(self._known_names))
        self._ignored_values: Counter[str] = Counter()

    @property
    def not_kept(self) -> list[str]:
        """Describe each ignored column with the number of its values in the loaded records."""
        counts = [(column, self._ignored_values[column]) for column in self.shape.ignored_columns]
        return [f"{name.removeprefix(IGNORED)} ({n:,} value{'s' * (n != 1)})" for name, n in counts]

    def add(self, chunk: Chunk) -> None:
        """Load a chunk's records."""
        starts, ends = chunk.starts, chunk.ends
        positions = np.arange(len(starts))
        numbers = self.records + 1 + positions
        count = len(positions)
        self.records += count
        if not count:
            return
        lengths = ends - starts
        short = int(np.count_nonzero(lengths < len(self.shape.columns)))  # records too short for all commas
        self._refuse_unreadable(self.loaded + count - short, self._rejects.total + short)
        table = None
        # The parser reads a blank line as a record of empty values. So a chunk with lines too short for all commas is
        # sifted.
        whole = not chunk.broken and int(lengths.min()) >= len(self.shape.columns)
        if whole and _is_plain(chunk.data):
            table = self._parsed(chunk.data, count, int(lengths.max()), chunk.line_ends > len(chunk.starts))
        if table is None:
            table, positions, numbers = self._sifted(chunk, positions, numbers, starts, ends)
        if table is not None:
            self._keep(table, chunk, positions, numbers)
        self._refuse_unreadable(self.loaded, self._rejects.total)

    def _refuse_unreadable(self, loaded: int, rejected: int) -> None:
        """Refuse a content of almost only rejects: millions of blank lines fit in a small archive and fill the disk."""
        if rejected > MAX_REJECTS and loaded < MIN_LOADED_SHARE * rejected:
            raise ReliefError(
                f"{self._label}: next to nothing in it can be read as a record of {self.shape.table.name} "
                f"(more than {MAX_REJECTS:,} rejects); nothing of it was landed: ask for a whole extract"
            )

    def _sifted(
        self, chunk: Chunk, positions: Positions, numbers: Positions, starts: Positions, ends: Positions
    ) -> tuple[pa.Table | None, Positions, Positions]:
        broken = np.array([chunk.broken.get(int(position)) or "" for position in positions], dtype=object)
        shape = self.shape
        sifted = sift(
            chunk.data,
            starts,
            ends,
            broken,
            columns=len(shape.columns),
            extra=shape.extra_columns,
            encoding=self._encoding,
        )
        kept = sifted.reasons == ""
        self._reject(chunk, positions[~kept], numbers[~kept], list(sifted.reasons[~kept]))
        if not kept.any():
            return None, positions[kept], numbers[kept]
        table = self._parsed(sifted.data, int(kept.sum()), int((ends - starts).max()), line_ends_in_quotes=True)
        if table is None:
            raise ReliefError(
                f"{self._label} has records that our count and the CSV parser read differently; nothing was landed"
            )
        return table, positions[kept], numbers[kept]

    def _parsed(self, data: bytes, count: int, longest: int, line_ends_in_quotes: bool) -> pa.Table | None:
        """Parse sound records. Return None unless there are `count` records, each with all its fields."""
        ascii_only = data.isascii()
        if self._encoding == "cp1252" and not ascii_only:
            try:
                data = data.decode("cp1252").encode()
            except UnicodeDecodeError:
                return None
        if data.startswith(UTF8_BOM):
            data = UTF8_BOM + data  # the parser removes a first mark, but this one belongs to a value
        block = _PARSE_BLOCK_BYTES if longest < _PARSE_BLOCK_BYTES // 8 else len(data) + 1
        columns = list(self.shape.columns)
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(data),
                pa_csv.ReadOptions(column_names=columns, block_size=block),
                pa_csv.ParseOptions(newlines_in_values=line_ends_in_quotes, ignore_empty_lines=False),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()),
                    strings_can_be_null=False,
                    check_utf8=not ascii_only,
                ),
            )
        except pa.ArrowInvalid:
            return None
        return table if table.num_rows == count else None

    def _keep(self, table: pa.Table, chunk: Chunk, positions: Positions, numbers: Positions) -> None:
        repeated = self._repeated_headers(table, chunk, positions)
        if repeated:
            mask = np.ones(table.num_rows, dtype=bool)
            mask[repeated] = False
            self._reject(chunk, positions[~mask], numbers[~mask], ["repeated_header"] * len(repeated))
            table, numbers = table.filter(pa.array(mask)), numbers[mask]
        rows = table.num_rows
        if not rows:
            return
        label = self.shape.table
        if label.label_column in self.shape.columns:
            same = pc.equal(pc.utf8_trim_whitespace(table[label.label_column]), label.label_value)
            self.labelled += pc.sum(same).as_py() or 0
        for column in self.shape.ignored_columns:
            filled = pc.not_equal(pc.utf8_trim_whitespace(table[column]), "")
            self._ignored_values[column] += pc.sum(filled).as_py() or 0
        arrays = [pa.repeat(self._rejects.delivery_id, rows), pa.array(numbers, pa.int64())]
        for column in label.columns:
            arrays.append(table[column] if column in self.shape.columns else pa.repeat("", rows))
        self.loaded += rows
        self._sink.write(pa.table(arrays, schema=self._sink.schema))

    def _repeated_headers(self, table: pa.Table, chunk: Chunk, positions: Positions) -> list[int]:
        """Find rows that repeat the header. Refuse the file if a header below records has another order of columns."""
        # Look at several columns. One name may be unknown, and in joined files the first has a byte order mark.
        last = table.num_columns - 1
        places = {0, 1, last // 2, last}
        some = [pc.utf8_upper(pc.utf8_trim(table.column(place), characters=_AROUND_A_NAME)) for place in places]
        named = [pc.is_in(column, value_set=self._names) for column in some]
        candidates = pc.indices_nonzero(reduce(pc.or_, named)).to_pylist()
        cells = {row: self._cells(table, row) for row in candidates}
        for row in candidates:
            if self.shape.names_another_order(cells[row]):
                raise names_below_records(self._label, int(chunk.line_numbers()[positions[row]]))
        return [row for row in candidates if is_header(cells[row], self.shape.table)]

    @staticmethod
    def _cells(table: pa.Table, row: int) -> list[str]:
        return [column[row].as_py() for column in table.columns]

    def _is_other_header(self, raw: bytes) -> bool:
        """Whether a rejected record is a damaged or too wide header, below which records have another order."""
        cells = [cell.strip(' "') for cell in raw[:_LONGEST_HEADER].decode("utf-8", "replace").split(",")]
        known = self._known_names
        return any(normalized_name(cell) in known for cell in cells[:8]) and self.shape.names_another_order(cells)

    def _reject(self, chunk: Chunk, positions: Positions, numbers: Positions, reasons: list[str]) -> None:
        if not len(positions):
            return
        lines = chunk.line_numbers()
        for position, number, reason in zip(positions.tolist(), numbers.tolist(), reasons, strict=True):
            raw = chunk.record(position).removesuffix(b"\n").removesuffix(b"\r")
            if reason not in _NO_HEADERS and self._is_other_header(raw):
                raise names_below_records(self._label, int(lines[position]))
            text = raw.decode(self._encoding, errors="backslashreplace")
            offset = chunk.offset + int(chunk.starts[position])
            self._rejects.add(number, int(lines[position]), offset, reason, text)


def _is_plain(data: bytes) -> bool:
    """Whether the data have no NUL, and a carriage return only before a line feed."""
    return b"\0" not in data and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"))
