"""For any file: records = loaded + rejected, every byte is in one of them, and no value is changed.

The reference reads one character at a time and shares no code with the product.
"""

import csv
import io
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relief.errors import ReliefError
from relief.landing import container
from relief.landing.header import FileShape
from relief.landing.layout import load_source
from relief.landing.load import Loader
from relief.landing.rejects import Rejects
from relief.landing.stream import records
from relief.landing.survey import survey
from tests.python.landing.landing_reference import Piece, loaded_cells, pieces

SOURCE = load_source("la_court")
TABLE = SOURCE.tables[2]
COLUMNS = len(TABLE.columns)
HEADER = ",".join(TABLE.headers)
SOUND = 'SYNTHETIC,BA1,1,1,1,"JAIL, COUNTY",30,D'
PIECES = [
    ",", ",", '"', '""', "\n", "\n", "\r\n", "\r", "A", "É", "\0", " ", "\n\n",
    SOUND + "\n", SOUND + "\r\n", HEADER + "\n", ',"A', 'B",', SOUND[:-2], '"A\nB",', ",,,,,,,", "\n,,,,,,,\n",
]  # fmt: skip


class Memory:
    """A sink that keeps the rows in memory."""

    schema = pa.schema(
        [("delivery_id", pa.string()), ("row_no", pa.int64()), *((c, pa.string()) for c in TABLE.columns)]
    )

    def __init__(self) -> None:
        self.rows: dict[int, tuple[str, ...]] = {}

    def write(self, table: pa.Table) -> None:
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            assert row[1] not in self.rows
            self.rows[row[1]] = row[2:]


def land_bytes(folder: Path, data: bytes) -> tuple[Loader, dict[int, tuple[str, ...]], list[dict]]:
    path = folder / "sentences.csv"
    path.write_bytes(data)
    (content,) = container.contents(path)
    found = survey(content)
    stream = records(content, found, SOURCE)
    shape = next(stream)
    assert isinstance(shape, FileShape)
    sink = Memory()
    spool = folder / "rejects.parquet"
    spool.unlink(missing_ok=True)
    rejects = Rejects(spool, "d", "la_court", TABLE.name)
    loader = Loader(shape, found.encoding, sink, rejects, "sentences.csv")  # type: ignore[arg-type]
    for chunk in stream:
        loader.add(chunk)  # type: ignore[arg-type]
    return loader, sink.rows, pa.parquet.read_table(spool).to_pylist() if rejects.close() else []


def reference(data: bytes) -> list[tuple[Piece, tuple[str, ...] | None]]:
    """Every record below the header, with the cells that must be loaded, or None for a reject."""
    found = []
    for piece in pieces(data, (len(HEADER) + 1, len(data)), COLUMNS):
        cells = loaded_cells(piece, COLUMNS, 0, "utf-8")
        is_header = sum(cell.strip().lower() in TABLE.headers for cell in cells or ()) >= 4
        found.append((piece, None if is_header else cells))
    return found


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25), block=st.sampled_from([1, 5, 64, 1 << 20]))
def test_a_file_is_the_sum_of_its_loaded_and_rejected_records(tmp_path_factory, pieces, block):
    folder = tmp_path_factory.getbasetemp()
    body = "".join(pieces)
    assume(body)
    data = f"{HEADER}\n{body}".encode()
    expected = reference(data if body.endswith("\n") else data + b"\n")
    with mock.patch.object(container, "BLOCK_BYTES", block):
        try:
            loader, rows, rejects = land_bytes(folder, data)
        except ReliefError:
            assume(False)
    assert loader.records == len(expected) == loader.loaded + len(rejects)
    assert rows == {number: cells for number, (_, cells) in enumerate(expected, 1) if cells is not None}
    for reject in rejects:
        piece, _ = expected[reject["record_no"] - 1]
        assert reject["raw_text"] == piece.body.decode()
        assert (reject["byte_offset"], reject["line_number"]) == (piece.start, piece.line)


@settings(max_examples=150, deadline=None)
@given(
    cells=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), min_size=8, max_size=8),
        min_size=1,
        max_size=6,
    )
)
def test_every_text_that_a_csv_writer_writes_is_loaded_to_the_letter(tmp_path_factory, cells):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(cells)
    data = f"{HEADER}\n{out.getvalue()}".encode()
    try:
        loader, rows, rejects = land_bytes(tmp_path_factory.getbasetemp(), data)
    except ReliefError as error:
        pytest.fail(str(error)) if "binary" not in str(error) else assume(False)
    assert (loader.loaded, rejects) == (len(cells), [])
    assert list(rows.values()) == [tuple(row) for row in cells]
