"""If a quote opens in one record and closes in another, those two are rejected and all between them are loaded."""

import csv
import io

import pytest

from relief.landing import container, records
from relief.landing.records import Width, chunks
from tests.python.landing.landing_mutations import TABLES
from tests.python.support.landing_files import Desk

PLACES = {"the same column": (4, 4), "an earlier column": (5, 2), "a later column": (1, 6), "the edges": (-1, 0)}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def rows_of(table: str, count: int) -> list[list[str]]:
    """Rows in which no value occurs twice."""
    columns = TABLES[table][1].columns
    return [[f"R{row}C{column}" for column in range(len(columns))] for row in range(1, count + 1)]


def file_of(table: str, rows: list[list[str]]) -> bytes:
    """A CSV file in which the cells are written without added quotes."""
    return "".join(",".join(row) + "\n" for row in [list(TABLES[table][1].headers), *rows]).encode()


def loaded(desk: Desk, table: str) -> dict[int, list[str]]:
    columns = ", ".join(TABLES[table][1].columns)
    return {row[0]: list(row[1:]) for row in desk.rows(f"select row_no, {columns} from raw.{table}")}


def check_two_rejects(desk: Desk, table: str, rows: list[list[str]], numbers: tuple, places: tuple) -> None:
    """Open a quote in one record and close it in another: the two are rejected, and every other row is unchanged."""
    opened, closed = numbers
    sound = {number: list(row) for number, row in enumerate(rows, 1) if number not in numbers}
    rows[opened - 1][places[0]] = '"' + rows[opened - 1][places[0]]
    rows[closed - 1][places[1]] += '"'
    result = desk.land_bytes(file_of(table, rows), source=TABLES[table][0])
    assert (result.records, result.rejected) == (len(rows), 2)
    assert [reject[0] for reject in desk.rejects()] == [opened, closed]
    assert {reason for *_, reason in desk.rejects()} <= {"unterminated_quote", "stray_quote"}
    assert loaded(desk, table) == sound
    texts = desk.rows("select raw_text from raw.rejects order by record_no")
    assert texts == [(",".join(rows[opened - 1]),), (",".join(rows[closed - 1]),)]


@pytest.mark.parametrize("block", [7, 16 << 20])
@pytest.mark.parametrize("places", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("table", TABLES)
def test_a_quote_over_two_records_rejects_the_two_and_nothing_else(desk, monkeypatch, table, places, block):
    monkeypatch.setattr(container, "BLOCK_BYTES", block)
    check_two_rejects(desk, table, rows_of(table, 9), (3, 4 if block == 7 else 7), places)


@pytest.mark.parametrize("places", PLACES.values(), ids=PLACES)
def test_twelve_hundred_court_counts_are_not_swallowed(desk, places):
    check_two_rejects(desk, "la_court_counts", rows_of("la_court_counts", 2000), (3, 1203), places)


@pytest.mark.parametrize("last", [4, 29_000])
def test_a_quote_open_for_longer_than_a_record_may_be_costs_its_own_record(desk, last):
    rows = rows_of("la_court_counts", 30_000)
    size = sum(len(cell) + 1 for row in rows for cell in row)
    assert size > 2 * records.MAX_RECORD_BYTES
    check_two_rejects(desk, "la_court_counts", rows, (3, last), (4, 4))


def test_a_quote_open_to_the_end_of_the_file_costs_its_own_record(desk):
    rows = rows_of("la_court_sentences", 10)
    rows[2][3] = '"' + rows[2][3]
    desk.land_bytes(file_of("la_court_sentences", rows), source="la_court")
    assert desk.rejects() == [(3, 4, "unterminated_quote")]
    assert sorted(loaded(desk, "la_court_sentences")) == [1, 2, *range(4, 11)]


def test_empty_quoted_values_do_not_hide_a_quote_that_swallows(desk):
    rows = rows_of("la_court_cases", 8)
    for row in rows:
        row[6] = '""'
    rows[2][6] = rows[5][6] = '"'
    desk.land_bytes(file_of("la_court_cases", rows), source="la_court")
    assert [number for number, *_ in desk.rejects()] == [3, 6]
    assert loaded(desk, "la_court_cases")[4][5:8] == ["R4C5", "", "R4C7"]


def test_a_doubled_quote_does_not_end_the_value_that_swallows(desk):
    rows = rows_of("la_court_cases", 8)
    rows[2][6] = '""'
    check_two_rejects(desk, "la_court_cases", rows, (3, 4), (2, 2))


def test_empty_columns_after_the_last_name_do_not_hide_a_quote_that_swallows(desk):
    rows = [[*row, "", ""] for row in rows_of("la_court_counts", 9)]
    rows[3][7] = '"' + rows[3][7]
    rows[4][6] += '"'
    data = file_of("la_court_counts", rows).replace(b"\n", b",,\n", 1)
    desk.land_bytes(data, source="la_court")
    assert [number for number, *_ in desk.rejects()] == [4, 5]


@pytest.mark.parametrize("table", TABLES)
def test_empty_last_values_in_the_room_of_unnamed_columns_do_not_hide_it_either(desk, table):
    """The header has room for two more values than the records have, and the swallowed text looks like such values."""
    for shift in (1, 2):
        rows = rows_of(table, 6)
        for row in rows:
            row[-1] = row[-2] = ""
        rows[2][4] = f'"shift{shift}'
        rows[3][4 - shift] += '"'
        rows[4][1] = '"A\nB"'
        result = desk.land_bytes(file_of(table, rows).replace(b"\n", b",,\n", 1), source=TABLES[table][0])
        rejects = desk.rows("select record_no from raw.rejects where delivery_id = ? order by 1", result.delivery_id)
        assert (result.records, rejects) == (6, [(3,), (4,)])


def test_columns_that_a_layout_ignores_belong_to_the_width(desk):
    """Ignored columns count as part of the width, so that a value with six commas is a text and not a record."""
    (desk.home.path / "sources").mkdir(parents=True)
    (desk.home.path / "sources" / "kern.yml").write_text(
        "source: la_court\ncounty: KERN\ntitle: Kern\ntables:\n  la_court_cases:\n"
        "    ignored_columns: [PHONE, EYES]\n    columns:\n      case_number: CASE\n      defendant_number: DEF\n"
        "      defendant_name: NAME\n      birth_date: DOB\n      sex: SEX\n      filing_date: FILED\n"
    )
    header = b"PHONE,CASE,DEF,NAME,DOB,SEX,FILED,EYES\n"
    text = b'1,A,01,"ONE\nTWO, B, C, D, E, F, G",1970,M,2001,\n'
    swallowing = b'2,B,01,"X,1970,M,2001,\n3,C,01,Y",1970,M,2001,\n'
    desk.land_bytes(header + text + swallowing + b"4,D,01,Z,1970,M,2001,\n", source="la_court")
    assert [number for number, *_ in desk.rejects()] == [2, 3]
    assert desk.rows("select row_no, case_number from raw.la_court_cases") == [(1, "A"), (4, "D")]


@pytest.mark.parametrize("table", TABLES)
def test_ten_thousand_records_with_line_ends_in_quotes_are_loaded(desk, table):
    texts = ["TWO\nLINES", "TWO\r\nLINES, WITH, COMMAS", "\nA\n\nB,", 'SAID "A,\nB"', "\n"]
    rows = rows_of(table, 10_000)
    for number, row in enumerate(rows):
        row[number % len(row)] += texts[number % len(texts)]
        row[(3 * number + 1) % len(row)] += ', B, "C"'
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([TABLES[table][1].headers, *rows])
    result = desk.land_bytes(out.getvalue().encode(), source=TABLES[table][0])
    assert (result.records, result.loaded, result.rejected) == (10_000, 10_000, 0)
    assert loaded(desk, table) == dict(enumerate(rows, 1))


@pytest.mark.parametrize("table", TABLES)
def test_a_record_whose_lines_each_have_many_commas_is_one_record(desk, table):
    """The line between the first and the last value has as many separators as a record, but is no record."""
    rows = rows_of(table, 5)
    for row in rows:
        row[0], row[-1] = f'"{row[0]}\nA"', f'"{row[-1]}\nB"'
    assert desk.land_bytes(file_of(table, rows), source=TABLES[table][0]).rejected == 0


CELLS = {
    '"A\rB"': "A\rB",
    '"A\n\rB"': "A\n\rB",
    '""': "",
    '""""': '"',
    "A\u2028B": "A\u2028B",
    "A\u0085B\x0c\x0bC": "A\u0085B\x0c\x0bC",
    "'A": "'A",
    "\\N": "\\N",
    '"A\\"': "A\\",
    "A\x1a": "A\x1a",
    "\ufeffA": "\ufeffA",
    "NULL": "NULL",
    ' "A"': None,
    '"A" ': None,
    '"A\\"B"': None,
    '""A""': None,
    "A\0B": None,
    '"A\0B"': None,
    "A\rB": None,
}


@pytest.mark.parametrize("place", [0, 4, -1])
@pytest.mark.parametrize("block", [7, 16 << 20])
def test_a_cell_is_read_as_the_standard_has_it_or_its_record_is_a_reject(desk, monkeypatch, place, block):
    monkeypatch.setattr(container, "BLOCK_BYTES", block)
    rows = rows_of("la_court_counts", 2 * len(CELLS))
    expected = {}
    for number, (row, cell) in enumerate(zip(rows[::2], CELLS, strict=True)):
        row[place] = cell
        expected[2 * number + 1] = [*row[:place], CELLS[cell], *row[place:][1:]]
        expected[2 * number + 2] = list(rows[2 * number + 1])
    desk.land_bytes(file_of("la_court_counts", rows), source="la_court")
    assert loaded(desk, "la_court_counts") == {number: row for number, row in expected.items() if None not in row}


@pytest.mark.parametrize("size", [1, 3, 11, 64])
def test_where_blocks_end_does_not_matter(size):
    data = b'1,2,"A\nB",4\n5,"6,7,8\n9,10",11,12\n"13\n",14,15,16\n17,"18\n,",19,"20\n"\n21,"22\n'

    def cut(blocks: list[bytes]) -> list[tuple[bytes, str | None]]:
        found = chunks(blocks, Width(4), "x")
        return [(chunk.record(i), chunk.broken.get(i)) for chunk in found for i in range(len(chunk.starts))]

    assert cut([data[at : at + size] for at in range(0, len(data), size)]) == cut([data])


def test_a_mended_reject_that_swallows_another_stays_open(desk):
    rows = rows_of("la_court_sentences", 4)
    rows[1][3] = '"' + rows[1][3]
    desk.land_bytes(file_of("la_court_sentences", rows), source="la_court")
    header, line = desk.export()
    text = line + b"\n" + ",".join(rows[2]).encode().replace(b"R3C3", b'R9C3"')
    result = desk.mend([header, text], source="la_court")
    assert (result.loaded, result.rejected) == (0, 1)
    desk.mend([header, line.replace(b'"R2C3', b"R2C3")], "again.csv", source="la_court")
    assert sorted(loaded(desk, "la_court_sentences")) == [1, 2, 3, 4]
