"""Rejects: every record that is not loaded, with its position and reason, spooled to disk to save memory."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

REASONS = {
    "blank_line": "blank line",
    "too_few_fields": "fewer fields than the layout has columns",
    "too_many_fields": "more fields than the layout has columns",
    "repeated_header": "a second header line",
    "above_the_header": "a line above the header",
    "stray_quote": "a quote inside a field, or text after a closing quote",
    "unterminated_quote": "a quote that is never closed",
    "nul_byte": "a NUL byte",
    "stray_carriage_return": "a carriage return outside quotes that ends no line",
    "not_in_encoding": "bytes that are no text in the file's encoding",
    "record_too_long": "longer than 1 MiB",
    "several_records": "more than one record where there was one",
    "not_mended": "not mended yet",
    "only_padded": "only empty fields were added at its end; if that is right, write load in its reject_action",
}
_SCHEMA = pa.schema(
    [
        ("delivery_id", pa.string()),
        ("source", pa.string()),
        ("table_name", pa.string()),
        ("record_no", pa.int64()),
        ("line_number", pa.int64()),
        ("byte_offset", pa.int64()),
        ("reason_code", pa.string()),
        ("reason", pa.string()),
        ("raw_text", pa.string()),
    ]
)
_BATCH_BYTES = 8 << 20
SHOWN_LINES = 10


class Rejects:
    """Collects the rejects of one delivery in a Parquet file, from which the catalog loads them."""

    def __init__(self, path: Path | None, delivery_id: str, source: str, table_name: str) -> None:
        """Set the path. The file is made with the first reject; without a path, rejects are only counted."""
        self.path = path
        self.delivery_id = delivery_id
        self.counts: Counter[str] = Counter()
        self._lines: dict[str, list[int]] = {}
        self._fixed: dict[str, object] = {"delivery_id": delivery_id, "source": source, "table_name": table_name}
        self._rows: list[dict[str, object]] = []
        self._bytes = 0
        self._writer: pq.ParquetWriter | None = None

    @property
    def total(self) -> int:
        """How many records were rejected."""
        return self.counts.total()

    def add(self, record_no: int, line_number: int, byte_offset: int, reason_code: str, raw_text: str) -> None:
        """Keep one record."""
        self.counts[reason_code] += 1
        lines = self._lines.setdefault(reason_code, [])
        if len(lines) < SHOWN_LINES:
            lines.append(line_number)
        if self.path is None:
            return
        where: dict[str, object] = {"record_no": record_no, "line_number": line_number, "byte_offset": byte_offset}
        why: dict[str, object] = {"reason_code": reason_code, "reason": REASONS[reason_code], "raw_text": raw_text}
        self._rows.append(self._fixed | where | why)
        self._bytes += len(raw_text) + 200
        if self._bytes > _BATCH_BYTES:
            self._flush()

    def summary(self) -> list[str]:
        """One line per reason: the count, the reason and the first line numbers, but never a value."""
        return [
            f"{count:,}: {REASONS[reason]} ({shown_lines(self._lines[reason], count)})"
            for reason, count in self.counts.most_common()
        ]

    def close(self) -> bool:
        """Finish the file; return whether there is one."""
        self._flush()
        if self._writer:
            self._writer.close()
        return self._writer is not None

    def _flush(self) -> None:
        if not self._rows or self.path is None:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, _SCHEMA, compression="zstd")
            self.path.chmod(0o600)
        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=_SCHEMA))
        self._rows, self._bytes = [], 0


def shown_lines(lines: list[int], count: int) -> str:
    """The line numbers as text: the first ones, and how many more there are."""
    word = "line" if count == 1 else "lines"
    more = f" and {count - len(lines):,} more" if count > len(lines) else ""
    return f"{word} {', '.join(map(str, lines))}{more}"
