"""Files damaged in a thousand ways: each record is loaded exactly or rejected, or the whole file is refused."""

import re
from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.landing import container
from relief.landing.rejects import REASONS
from tests.python.landing.landing_mutations import TABLES, Mutant, mutant
from tests.python.landing.landing_reference import loaded_cells, pieces
from tests.python.support.landing_files import Desk

_NAMED = "raw.deliveries using (delivery_id)"
FILES_OF_A_HOME = 25  # landed in one call, because a warehouse with many deliveries is slow to open


def check_files(folder: Path, table: str, numbers: range, monkeypatch: pytest.MonkeyPatch) -> None:
    """Land the files with these numbers in one call, and compare each with the reference and its known records."""
    monkeypatch.setattr(container, "BLOCK_BYTES", [997, 61, 16 << 20][numbers.start // FILES_OF_A_HOME % 3])
    desk = Desk(folder)
    mutants = [mutant(table, number) for number in numbers]
    paths = [desk.put(f"{made.name}.dat", made.packed) for made in mutants]
    try:
        desk.land(*paths, source=mutants[0].source)
    except ReliefError as error:
        assert "files were refused" in str(error)
    desk.check_account()
    refusals = [line for line in desk.lines if line.startswith("refused: ")]
    loaded: dict[str, dict[int, tuple]] = {made.name: {} for made in mutants}
    rejects: dict[str, dict[int, tuple]] = {made.name: {} for made in mutants}
    columns = ", ".join(mutants[0].table.columns)
    name = "split_part(file_name, '.', 1), row_no"
    for found, number, *cells in desk.rows(f"select {name}, {columns} from raw.{table} inner join {_NAMED}"):
        loaded[found][number] = tuple(cells)
    for found, number, *reject in desk.rows(
        f"select {name.replace('row', 'record')}, line_number, byte_offset, reason_code, raw_text from raw.rejects "
        f"inner join {_NAMED}"
    ):
        rejects[found][number] = tuple(reject)
    for made, path in zip(mutants, paths, strict=True):
        refusal = [line for line in refusals if line.startswith(f"refused: {path.name}")]
        if made.refused:
            assert len(refusal) == 1, made.name
            assert re.search(made.refused, refusal[0]), (made.name, refusal[0])
            assert not loaded[made.name] and not rejects[made.name]
        else:
            assert not refusal, (made.name, refusal)
            check_file(made, loaded[made.name], rejects[made.name])


def check_file(made: Mutant, rows: dict[int, tuple], rejects: dict[int, tuple]) -> None:
    data = made.data if b"\n" in made.data else made.data.replace(b"\r", b"\n")
    data += b"" if data.endswith(b"\n") else b"\n"
    begin = 3 * data.startswith(b"\xef\xbb\xbf")
    first, after = made.header
    above = list(pieces(data, (begin, first), len(made.columns), made.extra))
    below = list(pieces(data, (after, len(data)), len(made.columns), made.extra))
    order = [made.table.columns.index(column) for column in made.columns]
    loaded = {number: tuple(row[at] for at in order) for number, row in rows.items()}
    assert len(loaded) + len(rejects) == len(above) + len(below), made.name
    read: dict[int, tuple[str, ...]] = {}
    names = {name.upper() for name in made.table.headers}
    for number, piece in enumerate([*above, *below], 1):
        cells = None if piece in above else loaded_cells(piece, len(made.columns), made.extra, made.encoding)
        if cells is not None and names.issuperset(cell.strip("\ufeff ").upper() for cell in cells):
            cells = None  # a repeated header
        if cells is not None:
            assert loaded.get(number) == cells, (made.name, number)
            read[piece.start] = cells
            continue
        line, offset, reason, raw = rejects[number]
        assert (line, offset) == (piece.line, piece.start), (made.name, number)
        assert raw == piece.body.decode(made.encoding, "backslashreplace"), (made.name, number)
        assert reason in REASONS
        assert (reason == "blank_line") == (not piece.body.strip() and piece.cells is not None), (made.name, number)
        assert piece not in above or reason in ("blank_line", "above_the_header")
    for start, values in made.whole.items():  # whatever happened to the records beside it
        assert read.get(start) == values, (made.name, start)


@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_file_is_the_sum_of_its_loaded_and_rejected_records(tmp_path, monkeypatch, table):
    check_files(tmp_path, table, range(FILES_OF_A_HOME), monkeypatch)


@pytest.mark.full
@pytest.mark.parametrize("start", range(0, 1000, FILES_OF_A_HOME))
@pytest.mark.parametrize("table", TABLES)
def test_a_thousand_damaged_files_of_each_table_are_the_sum_of_their_records(tmp_path, monkeypatch, table, start):
    check_files(tmp_path, table, range(start, start + FILES_OF_A_HOME), monkeypatch)
