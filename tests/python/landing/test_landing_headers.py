"""A header below a title is used; below records, it refuses the file; no column is read by chance."""

import csv
import gzip
import io

import pytest

from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.landing import head
from tests.python.landing.landing_mutations import TABLES, zipped
from tests.python.support.landing_files import DOJ, HEADER, Desk, doj_file, doj_record

NAMES = HEADER.split(b",")
BACKWARDS = b",".join(reversed(NAMES))
ROWS = [doj_record(number, pri_name="DOE") for number in range(1, 5)]
FAULTS = PROJECT_DIR / "tests/fixtures" / "reported_faults"
KERN = """\
source: la_court
county: KERN
title: Kern
tables:
  la_court_cases:
    columns:
      case_number: CASE NO
      defendant_number: DEF
      defendant_name: NAME
      birth_date: DOB
      sex: GENDER
      filing_date: FILED
"""


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def turned(record: bytes) -> bytes:
    return b",".join(reversed(record.split(b",")))


def refused(desk: Desk, data: bytes, source: str = "ca_doj", name: str = "extract.csv") -> str:
    with pytest.raises(ReliefError) as raised:
        desk.land(desk.put(name, data), source=source)
    assert desk.rows("select (select count(*) from raw.deliveries) + (select count(*) from raw.rejects)") == [(0,)]
    assert not list(desk.home.landing.rglob("*.parquet"))
    assert "DOE" not in str(raised.value)
    return str(raised.value)


ABOVE = {
    "a title": (b"Extract of 2020-02-13", ["above_the_header"]),
    "a title with commas": (b"Extract, of 2020-02-13, whole", ["above_the_header"]),
    "a title padded to the width": (b"Extract of 2020-02-13" + b"," * 94, ["above_the_header"]),
    "a title of three cells padded": (b"Extract,2020-02-13,DOJ" + b"," * 92, ["above_the_header"]),
    "two titles": (b"Department of Justice\nExtract of 2020-02-13", ["above_the_header"] * 2),
    "a quoted title": (b'"Extract of 2020-02-13, ""whole"""', ["above_the_header"]),
    "a title over two lines": (b'"Extract of\n2020-02-13"', ["above_the_header"]),
    "a title that opens a quote": (b'"Extract of 2020-02-13', ["above_the_header"]),
    "a title with a stray quote": (b'Extract "of" 2020', ["above_the_header"]),
    "a title of a few names": (b"SUBJECT_ID,PRI_NAME,STP_EVENT_DATE", ["above_the_header"]),
    "a sep line": (b"sep=,", ["above_the_header"]),
    "a sep line of a spreadsheet": (b'"sep=,"' + b"," * 94, ["above_the_header"]),
    "blank lines": (b"\n   ", ["blank_line", "blank_line"]),
    "all of them": (b"sep=,\n\nExtract of 2020-02-13\n\t\n", ["above_the_header", "blank_line"] * 2 + ["blank_line"]),
}


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda data: zipped(("a.csv", data))], ids=["plain", "gz", "zip"]
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize(("above", "reasons"), ABOVE.values(), ids=ABOVE)
def test_a_header_below_other_lines_is_obeyed_and_they_are_rejects(desk, above, reasons, end, pack):
    lines = [*above.split(b"\n"), BACKWARDS, *map(turned, ROWS), b"short"]
    data = end.join(lines) + end
    result = desk.land_bytes(pack(data))
    rejects = desk.rows("select record_no, line_number, byte_offset, reason_code, raw_text from raw.rejects order by 1")
    assert [row[3] for row in rejects] == [*reasons, "too_few_fields"]
    assert (result.records, result.loaded) == (len(reasons) + 5, 4)
    assert desk.rows("select row_no, record_id, subject_id, pri_name, end_of_rec from raw.ca_doj order by 1") == [
        (len(reasons) + number, "R", str(number), "DOE", "#") for number in range(1, 5)
    ]
    for number, (record_no, line, offset, _, raw) in enumerate(rejects, 1):
        assert data[offset:].startswith(raw.encode())
        assert line == data[:offset].count(b"\n") + 1
        assert record_no == (number if number <= len(reasons) else result.records)


@pytest.mark.parametrize("table", TABLES)
def test_a_header_in_other_clothes_below_a_title_is_the_header(desk, table):
    for dress in ("quoted", "blanks", "lower", "bom", "empty names", "cr", "unseen", "no break"):
        check_clothes(desk, table, dress)


def check_clothes(desk: Desk, table: str, dress: str) -> None:
    source, layout = TABLES[table]
    names = list(reversed(layout.headers))
    row = [f"{dress}{number}" for number in range(len(names))]
    dresses = {"quoted": '"{}"', "blanks": " {} ", "unseen": "\u200b{}\ufeff", "no break": "\xa0{}\xa0"}
    dressed = dresses.get(dress, "{}")
    header = ",".join(dressed.format(name.lower() if dress == "lower" else name) for name in names)
    header = "\ufeff" * (dress == "bom") + header + ",," * (dress == "empty names")
    data = f"sep=,\nExtract of 2020-02-13\n{header}\n{','.join(row)}\n{header}\n".encode()
    if dress == "cr":
        data = data.replace(b"\n", b"\r")
    result = desk.land_bytes(data, source=source)
    columns = ", ".join(reversed(layout.columns))
    loaded = desk.rows(f"select row_no, {columns} from raw.{table} where delivery_id = ?", result.delivery_id)
    assert (loaded, result.rejected) == ([(3, *row)], 3)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("above", ["", "Extract of 2020-02-13\n"])
def test_names_with_something_around_them_are_never_taken_for_a_record(desk, table, above):
    """If the file were read by position, the records below would have their columns in another order."""
    source, layout = TABLES[table]
    row = ["DOE"] * len(layout.headers)
    dresses = ["'{}'", "[{}]", "`{}`", "t.{}", "{}:text", "1. {}", '="{}"', '\\"{}\\"', "{} (DOE)", "${{{}}}"]
    for number, dress in enumerate(dresses):
        header = ",".join(dress.format(name) for name in reversed(layout.headers))
        data = f"{above}{header}\n{','.join(row)}\n".encode()
        says = refused(desk, data, source=source, name=f"{number}.csv")
        assert "damaged header" in says or "is not for source" in says, (dress, says)


@pytest.mark.parametrize("above", [b"", b"Extract of 2020-02-13\n"])
def test_names_that_nobody_knows_are_never_taken_for_a_record(desk, above):
    wide = {ord("A") + letter: chr(0xFF21 + letter) for letter in range(26)}
    headers = {
        "numbers": [str(place) for place in range(1, 96)],
        "numbers from 0": [str(place) for place in range(95)],
        "a data frame's": [f"_c{place}" for place in range(95)],
        "a spreadsheet's": [f"Column{place}" for place in range(100, 195)],
        "accents": [name.replace("E", "É").replace("O", "Ö").replace("A", "Á") for name in reversed(DOJ.headers)],
        "another alphabet": [name.translate(wide) for name in reversed(DOJ.headers)],
    }
    for name, header in headers.items():
        says = refused(desk, above + ",".join(header).encode() + b"\n" + b"\n".join(ROWS) + b"\n", name=f"{name}.csv")
        assert "does not name the columns" in says, name


def test_a_countys_own_names_below_a_title_are_obeyed(desk):
    (desk.home.path / "sources").mkdir(parents=True)
    (desk.home.path / "sources" / "kern.yml").write_text(KERN)
    data = b"Kern County\n\nDEF,CASE NO,NAME,DOB,GENDER,FILED\n01,1,A,1970,M,2001\n"
    desk.land_bytes(data, source="la_court")
    assert desk.rows("select row_no, case_number, defendant_number from raw.la_court_cases") == [(3, "1", "01")]
    assert desk.rows("select layout from raw.deliveries") == [("kern",)]


@pytest.mark.parametrize("name", ["09_sep_then_two_swapped.csv", "09_title_then_reordered.csv"])
@pytest.mark.parametrize("copies", [1, 150])
def test_the_reported_headers_are_obeyed(desk, name, copies):
    """Reported fault: with a header below another line, 3,000 dates were read from the wrong column."""
    above, header, *records = (FAULTS / name).read_bytes().splitlines(True)
    result = desk.land_bytes(above + header + b"".join(records * copies))
    assert (result.records, result.loaded) == (copies * len(records) + 1, copies * len(records))
    assert desk.rejects() == [(1, 1, "above_the_header")]
    rows = list(csv.DictReader(io.StringIO(b"".join([header, *records]).decode())))
    expected = [tuple(row[name] for name in DOJ.headers) for row in rows]
    assert desk.rows(f"select {', '.join(DOJ.columns)} from raw.ca_doj order by row_no") == expected * copies
    assert {row[DOJ.headers.index("STP_EVENT_DATE")] for row in expected} >= {"20050615"}


def test_a_quote_that_a_title_opens_and_a_record_closes_takes_nothing(desk):
    rows = [doj_record(1, pri_name="DOE"), doj_record(2, pri_name="DOE", comment_text='A"')]
    desk.land_bytes(b'"Title\n' + doj_file([*rows, doj_record(3)]))
    assert desk.rejects() == [(1, 1, "above_the_header"), (3, 4, "stray_quote")]
    assert desk.subjects() == [1, 3]


@pytest.mark.parametrize(
    "again",
    [HEADER, HEADER.lower(), b"\xef\xbb\xbf" + HEADER, HEADER + b",,"],
    ids=["as it is", "lower", "with a mark", "with empty names"],
)
def test_a_header_again_in_the_same_order_is_a_reject(desk, again):
    header = HEADER + b",," * again.endswith(b",,")
    data = doj_file([again, *ROWS[:2], again, *ROWS[2:]], header)
    assert desk.land_bytes(data).loaded == 4
    assert desk.rejects() == [(1, 2, "repeated_header"), (4, 5, "repeated_header")]


@pytest.mark.parametrize(("place", "block"), [(1, 16 << 20), (4, 97), (head.LINES_LOOKED_AT + 20, 97)])
@pytest.mark.parametrize("table", TABLES)
def test_names_in_another_order_below_records_refuse_the_file(desk, monkeypatch, table, place, block):
    monkeypatch.setattr("relief.landing.container.BLOCK_BYTES", block)
    source, layout = TABLES[table]
    lines = [",".join(f"R{row}C{at}" for at in range(len(layout.headers))) for row in range(80)]
    names = list(layout.headers)
    names[2], names[3] = names[3], names[2]
    lines.insert(place, ",".join(names))
    header = ",".join(layout.headers)
    message = refused(desk, "\n".join(["Extract", header, *lines]).encode(), source)
    assert f"extract.csv, line {place + 3}: column names follow records" in message


@pytest.mark.parametrize(
    "names",
    [HEADER, BACKWARDS, b'"' + HEADER, HEADER + b",SURPRISE", HEADER.replace(b"_ID", b"", 1)],
    ids=["in order", "backwards", "an open quote", "one more", "a wrong name"],
)
@pytest.mark.parametrize("place", [1, head.LINES_LOOKED_AT + 20])
def test_names_below_records_that_were_read_by_position_refuse_the_file(desk, names, place):
    rows = [doj_record(number, pri_name="DOE", gender="M") for number in range(1, 90)]
    rows.insert(place, names)
    message = refused(desk, doj_file(rows, None))
    assert "below records" in message or "header" in message


def test_names_of_a_narrower_or_wider_file_in_another_order_refuse_it_too(desk):
    shifted = HEADER.replace(b",SUBJECT_ID,", b",") + b",SURPRISE"
    for names in (BACKWARDS + b",SURPRISE", BACKWARDS.rsplit(b",", 1)[0], b'"' + BACKWARDS, shifted):
        assert "line 4: column names follow" in refused(desk, doj_file([*ROWS[:2], names, *ROWS[2:]]))


def test_names_of_another_layout_below_records_refuse_the_file(desk):
    (desk.home.path / "sources").mkdir(parents=True)
    (desk.home.path / "sources" / "kern.yml").write_text(KERN)
    other = KERN.replace("KERN", "INYO").replace("Kern", "Inyo").replace("CASE NO", "NUMBER").replace("DEF", "NO")
    other = other.replace("NAME", "WHO").replace("GENDER", "SX").replace("FILED", "BEGUN")
    (desk.home.path / "sources" / "inyo.yml").write_text(other)
    header = b"CASE NO,DEF,NAME,DOB,GENDER,FILED\n1,01,A,1970,M,2001\n"
    joined = header + b"DOB,NUMBER,NO,WHO,SX,BEGUN\n1970,2,01,B,M,2001\n"
    assert "line 3: column names follow" in refused(desk, joined, "la_court")


@pytest.mark.parametrize("has_header", [True, False])
def test_a_row_whose_values_are_a_few_names_refuses_nothing(desk, has_header):
    row = doj_record(9, pri_name="GENDER", comment_text="WEIGHT", offense_descr="DISP_CODE", disp_descr="STP_ORDER")
    rows = [doj_record(number, gender="M") for number in range(1, 90)]
    rows[70] = row
    desk.land_bytes(doj_file(rows, HEADER if has_header else None))
    assert desk.rejects() in ([], [(71, 71 + has_header, "repeated_header")])


@pytest.mark.parametrize("table", TABLES)
def test_a_first_row_of_three_names_is_no_header_of_a_file_with_one_below(desk, table):
    """A title may contain a few column names; the header is the line that contains them all."""
    source, layout = TABLES[table]
    names = ",".join(layout.headers)
    row = ",".join(f"V{at}" for at in range(len(layout.headers)))
    desk.land_bytes(f"{','.join(layout.headers[:4])}\n{names}\n{row}\n".encode(), source=source)
    assert desk.rejects() == [(1, 1, "above_the_header")]
    assert desk.rows(f"select row_no, {layout.columns[-1]} from raw.{table}") == [(2, f"V{len(layout.headers) - 1}")]


def test_a_title_without_a_header_is_a_reject_of_a_file_that_is_read_by_position(desk):
    desk.land_bytes(doj_file([b"Extract of 2020-02-13", *ROWS], None))
    assert desk.rejects() == [(1, 1, "too_few_fields")]
    assert desk.subjects() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("head_lines", "says"),
    [
        (b"sep=;\n" + HEADER.replace(b",", b";"), "semicolons"),
        (b"Extract of 2020\nsep=\t\n" + HEADER.replace(b",", b"\t"), "tabs"),
        (b"Extract of 2020\n" + HEADER.replace(b",SUBJECT_ID", b""), "lacks SUBJECT_ID"),
        (b"Extract of 2020\n" + HEADER + b",SURPRISE", "position 96"),
        (b"Extract of 2020\n" + HEADER + b",END_OF_REC", "twice"),
        (b'Extract of 2020\n"' + HEADER, "damaged header"),
        (
            b"Extract of 2020\n" + b",".join(b"FIELD %c" % (65 + at % 26) + b"X" * at for at in range(95)),
            "not for source",
        ),
    ],
    ids=["semicolons", "tabs", "one missing", "one more", "one twice", "an open quote", "other names"],
)
def test_a_wrong_header_below_a_title_is_refused_as_on_the_first_line(desk, head_lines, says):
    assert says in refused(desk, head_lines + b"\n" + b"\n".join(ROWS))


@pytest.mark.parametrize("table", [name for name in TABLES if TABLES[name][1].header_required])
def test_a_header_below_more_lines_than_are_looked_at_is_not_guessed(desk, table):
    source, layout = TABLES[table]
    lines = ["a title"] * head.LINES_LOOKED_AT + [",".join(layout.headers), ",".join("V" * len(layout.headers))]
    assert "does not name the columns" in refused(desk, "\n".join(lines).encode(), source)


def test_what_stood_above_a_header_is_exported_and_dropped(desk):
    desk.land_bytes(b"sep=,\n" + doj_file([*map(turned, ROWS), b"short"], BACKWARDS))
    header, title, short = desk.export()
    assert header.split(b",")[5:] == BACKWARDS.split(b",")
    assert b',"above_the_header",,sep=,' in title
    result = desk.mend([header, title.replace(b",,sep", b",drop,sep"), short])
    assert (result.records, result.loaded, result.rejected) == (2, 0, 1)
    mended = short.rsplit(b",", 1)[0] + b"," + turned(doj_record(7, pri_name="DOE"))
    desk.mend([header, mended], "again.csv")
    assert desk.subjects() == [1, 2, 3, 4, 7]


def test_a_mended_reject_that_is_a_header_in_another_order_stays_open(desk):
    desk.land_bytes(doj_file([*ROWS, b"short"]))
    header, short = desk.export()
    desk.mend([header, short.replace(b"short", BACKWARDS)])
    assert any("still open 1: a second header line (line 2)" in line for line in desk.lines)


@pytest.mark.parametrize("above", [b"sep=,\n", b"My list\n\n"])
def test_a_mended_file_below_other_lines_is_refused_with_what_to_do(desk, above):
    desk.land_bytes(doj_file([*ROWS, b"short"]))
    header, line = desk.export()
    with pytest.raises(ReliefError, match="on its first line"):
        desk.land(desk.put("mended.csv", above + header + b"\n" + line + b"\n"))
    assert desk.rows("select count(*) from raw.deliveries") == [(1,)]


def test_a_dry_run_says_the_same_of_a_header_below_a_title(desk):
    path = desk.put("extract.csv", b"Title\n" + doj_file(ROWS))
    (dry,) = desk.land(path, dry_run=True)
    assert any("would be rejected 1: a line above the header (line 1)" in line for line in desk.lines)
    assert desk.land(path) == [dry]
