"""Read a Parquet file as CSV text, so that both formats are landed and counted in the same way."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from relief.errors import ReliefError
from relief.text import printable

ROWS = 20_000


def parquet_as_csv(path: Path) -> BinaryIO:
    """Return CSV text in UTF-8: the column names, then one record per row. Dates are YYYY-MM-DD and NULL is empty.

    Raises ReliefError for a damaged file and for columns with lists or structures.
    """
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, error) from None
    nested = [field.name for field in file.schema_arrow if pa.types.is_nested(field.type)]
    if nested:
        raise ReliefError(
            f"{printable(path.name)} has columns that contain lists or parts ({printable(', '.join(nested[:3]))}); "
            "ask for one value per column"
        )
    return io.BufferedReader(_Blocks(_texts(file, path)))  # type: ignore[return-value]


def _damaged(path: Path, error: Exception) -> ReliefError:
    kind = type(error).__name__
    return ReliefError(f"{printable(path.name)} is a damaged Parquet file ({kind}); nothing was landed: fetch it again")


class _Blocks(io.RawIOBase):
    """A raw stream over the bytes that an iterator yields."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._blocks, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _texts(file: pq.ParquetFile, path: Path) -> Iterator[bytes]:
    names = file.schema_arrow.names
    yield _written(pa.table({f"c{i}": pa.array([name]) for i, name in enumerate(names)}))
    try:
        for batch in file.iter_batches(ROWS):
            if batch.num_rows:
                columns = {str(number): _text(column) for number, column in enumerate(batch.columns)}
                yield _written(pa.table(columns))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, error) from None


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(table, sink, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))
    return sink.getvalue().to_pybytes()


def _text(column: pa.Array) -> pa.Array:
    """Convert a column to text. A timestamp at midnight becomes a date, and a whole number has no decimal point."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        # Round down, not towards 1970. Otherwise the last moment of a day before 1970 would become the next day.
        seconds = pc.cast(pc.floor_temporal(column, unit="second"), pa.timestamp("s", tz=kind.tz))
        day = pc.strftime(seconds, format="%Y-%m-%d")
        time = pc.strftime(seconds, format="%H:%M:%S")
        moment = pc.strftime(seconds, format="%Y-%m-%d %H:%M:%S")
        texts = pc.if_else(pc.starts_with(time, "00:00:00"), day, moment)
    elif pa.types.is_floating(kind):
        wide = pc.cast(column, pa.float64())
        if pa.types.is_float16(kind):  # this type cannot be cast to text directly
            column = pc.cast(column, pa.float32())
        whole = pc.equal(pc.floor(wide), wide)
        small = pc.less(pc.abs(wide), 2**53)  # above this, a float cannot represent every whole number
        digits = pc.cast(pc.cast(pc.if_else(pc.and_(whole, small), wide, None), pa.int64()), pa.string())
        texts = pc.if_else(pc.and_(whole, small), digits, pc.cast(column, pa.string()))
        texts = pc.if_else(pc.is_nan(wide), None, texts)
    elif pa.types.is_decimal(kind):
        texts = pc.replace_substring_regex(pc.cast(column, pa.string()), r"\.0+$", "")
    elif pa.types.is_null(kind):
        texts = pa.nulls(len(column), pa.string())
    else:
        texts = pc.cast(column, pa.string())
    return pc.fill_null(texts, "")
