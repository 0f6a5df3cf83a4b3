"""Whatever is in a file: records = loaded + rejected, every byte is in one of them, and values are what they were.

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
    """A sink that keeps the rows."""

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


def record_end(text: str, start: int) -> tuple[int, bool]:  # noqa: PLR0912  (one branch per state, to be read aloud)
    """Where the record ends (after its line end) and whether its quotes are sound, character by character."""
    state = "field start"
    for position in range(start, len(text)):
        character = text[position]
        if state == "quoted":
            if character == '"':
                state = "quote in quoted"
        elif character == "\n":
            end = position + 1
            between = text[start:end].split("\n")[1:-2]
            if any(line.count(",") >= 11 for line in between):  # the widest court table has 12 columns
                break
            return end, True
        elif state == "quote in quoted":
            if character == '"':
                state = "quoted"
            elif character == ",":
                state = "field start"
            elif character == "\r" and text[position + 1 : position + 2] == "\n":
                continue
            else:
                break
        elif character == '"':
            if state != "field start":
                break
            state = "quoted"
        else:
            state = "field start" if character == "," else "field"
    return text.index("\n", start) + 1, False


def reference(text: str) -> list[tuple[str, bool]]:
    """Every record with its line end, and whether it can be loaded."""
    if not text.endswith("\n"):
        text += "\n"
    found = []
    position = 0
    while position < len(text):
        end, sound = record_end(text, position)
        record = text[position:end]
        position = end
        body = record[:-2] if record.endswith("\r\n") else record[:-1]
        if sound and body.strip() and "\0" not in body:
            outside = "".join(part for i, part in enumerate(body.split('"')) if i % 2 == 0)
            cells = next(csv.reader(io.StringIO(body, newline=""), strict=True)) if "\r" not in outside else []
            is_header = sum(cell.strip().lower() in TABLE.headers for cell in cells) >= 4
            sound = len(cells) == COLUMNS and not is_header
        else:
            sound = False
        found.append((record, sound))
    return found


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25), block=st.sampled_from([1, 5, 64, 1 << 20]))
def test_a_file_is_the_sum_of_its_loaded_and_rejected_records(tmp_path_factory, pieces, block):
    folder = tmp_path_factory.getbasetemp()
    body = "".join(pieces)
    assume(body)
    data = f"{HEADER}\n{body}"
    expected = reference(body)
    with mock.patch.object(container, "BLOCK_BYTES", block):
        try:
            loader, rows, rejects = land_bytes(folder, data.encode())
        except ReliefError:
            assume(False)
    assert loader.records == len(expected) == loader.loaded + len(rejects)
    assert sorted(rows) == [number for number, (_, sound) in enumerate(expected, 1) if sound]
    for number, row in rows.items():
        assert list(row) == next(
            csv.reader(io.StringIO(expected[number - 1][0].rstrip("\r\n"), newline=""), strict=True)
        )
    for reject in rejects:
        record = expected[reject["record_no"] - 1][0]
        assert reject["raw_text"] == record.removesuffix("\n").removesuffix("\r")
        start = len("".join(part for part, _ in expected[: reject["record_no"] - 1]))
        assert reject["byte_offset"] == len(HEADER) + 1 + len((body + "\n")[:start].encode())
        assert reject["line_number"] == 2 + body[:start].count("\n")


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
