"""Writes the loaded rows as zstd Parquet in file order, in a thread beside the parser's thread."""

import os
import queue
import threading
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP_ROWS = 40_000


class Sink:
    """Takes rows and discards them. A dry run writes here."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        """Build the schema: ``delivery_id``, ``row_no`` and the table's columns, which are text."""
        names = [("delivery_id", pa.string()), ("row_no", pa.int64())]
        self.schema = pa.schema([*names, *((column, pa.string()) for column in columns)])

    def __enter__(self) -> "Sink":
        """Return the sink itself."""
        return self

    def write(self, table: pa.Table) -> None:
        """Hand over rows."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Do nothing, since nothing was opened."""


class KeepingSink(Sink):
    """Keeps rows in memory. A dry run keeps files that people fill in here, to check them as landing does."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        """Build the schema, without rows."""
        super().__init__(columns)
        self._tables: list[pa.Table] = []

    def write(self, table: pa.Table) -> None:
        """Keep rows."""
        self._tables.append(table)

    def rows(self) -> pa.Table:
        """All rows as one table."""
        return pa.concat_tables(self._tables) if self._tables else self.schema.empty_table()


class ParquetSink(Sink):
    """One delivery's Parquet file. When the ``with`` block ends without an error, all rows are durably on disk."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        """Set the path; the file is opened when the block is entered."""
        super().__init__(columns)
        self.path = path
        self._queue: queue.Queue[pa.Table | None] = queue.Queue(maxsize=2)
        self._error: BaseException | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> "ParquetSink":
        """Start writing."""
        self._thread.start()
        return self

    def write(self, table: pa.Table) -> None:
        """Hand over rows. Wait if the writer is behind."""
        if self._error:
            raise self._error
        self._queue.put(table)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait until everything is written. Raise the writer's error unless another error is already raised."""
        self._queue.put(None)
        self._thread.join()
        if self._error and error is None:
            raise self._error

    def _work(self) -> None:
        try:
            self._write_all()
        except BaseException as error:  # is raised later, in the landing thread
            self._error = error
            while not self._ended:  # the last write may have failed
                self._next()

    def _next(self) -> pa.Table | None:
        table = self._queue.get()
        self._ended = table is None
        return table

    def _write_all(self) -> None:
        with self.path.open("wb") as stream:
            self.path.chmod(0o600)
            with pq.ParquetWriter(stream, self.schema, compression="zstd", store_schema=False) as writer:
                waiting: list[pa.Table] = []
                rows = 0
                while (table := self._next()) is not None:
                    waiting.append(table)
                    rows += table.num_rows
                    if rows >= ROW_GROUP_ROWS:
                        whole = pa.concat_tables(waiting)
                        full = rows - rows % ROW_GROUP_ROWS
                        writer.write_table(whole.slice(0, full), row_group_size=ROW_GROUP_ROWS)
                        waiting, rows = [whole.slice(full)], rows - full
                if rows:
                    writer.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP_ROWS)
            stream.flush()
            os.fsync(stream.fileno())
