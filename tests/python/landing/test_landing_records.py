"""What a record is, what is rejected and why; no record is lost and none spoils the next one."""

import csv
import io

import pyarrow.parquet as pq
import pytest

from relief.errors import ReliefError
from relief.landing import container, records
from relief.landing.layout import load_source
from tests.python.support.landing_files import HEADER, Desk, doj_file, doj_record


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def many(count: int = 6) -> list[bytes]:
    return [doj_record(number) for number in range(1, count + 1)]


def with_third(record: bytes) -> bytes:
    lines = many()
    lines[2] = record
    return doj_file(lines)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("header", [HEADER, None])
def test_every_line_end_with_and_without_header(desk, end, header):
    result = desk.land_bytes(doj_file(many(), header, end))
    assert (result.records, result.loaded, result.rejected) == (6, 6, 0)
    assert desk.subjects() == [1, 2, 3, 4, 5, 6]
    assert desk.rows("select row_no, pri_name, end_of_rec from raw.ca_doj order by row_no")[5] == (6, "DOE,J 6", "#")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_last_record_needs_no_line_end(desk, end):
    assert desk.land_bytes(doj_file(many(), end=end).removesuffix(end)).loaded == 6


def test_mixed_line_ends(desk):
    data = HEADER + b"\r\n" + doj_record(1) + b"\n" + doj_record(2) + b"\r\n"
    assert desk.land_bytes(data).loaded == 2
    assert desk.rows("select line_ending from raw.deliveries") == [("mixed",)]


@pytest.mark.parametrize(
    ("third", "reason"),
    [
        (b"", "blank_line"),
        (b"   ", "blank_line"),
        (doj_record(3).rsplit(b",", 1)[0], "too_few_fields"),
        (b"one cell", "too_few_fields"),
        (doj_record(3) + b",", "too_many_fields"),
        (doj_record(3) + b",surplus", "too_many_fields"),
        (HEADER, "repeated_header"),
        (HEADER.lower(), "repeated_header"),
        (b"\xef\xbb\xbf" + HEADER, "repeated_header"),
        (b",".join(b'"' + name + b'"' for name in HEADER.split(b",")), "repeated_header"),
        (doj_record(3, comment_text='5" PIPE'), "stray_quote"),
        (doj_record(3, comment_text='"A" B'), "stray_quote"),
        (doj_record(3, comment_text='"NEVER CLOSED'), "unterminated_quote"),
        (doj_record(3, offense_descr='CLOSED"'), "stray_quote"),
        (doj_record(3, comment_text="A\0B"), "nul_byte"),
        (doj_record(3, comment_text="A\rB"), "stray_carriage_return"),
        (doj_record(3).replace(b"R,", b"R,\xff", 1), "not_in_encoding"),
        (doj_record(3, comment_text="X" * (records.MAX_RECORD_BYTES + 1)), "record_too_long"),
    ],
)
@pytest.mark.parametrize("block", [None, 97])
def test_one_bad_record_is_rejected_alone(desk, monkeypatch, third, reason, block):
    if block:
        monkeypatch.setattr(container, "BLOCK_BYTES", block if len(third) < 10_000 else 300_000)
    data = with_third(third)
    if reason == "not_in_encoding":  # other records show that the file is UTF-8
        data = data.replace(b"DOE,J 1", "PEÑA,J ÁÉÍ".encode())
    result = desk.land_bytes(data)
    assert (result.records, result.loaded, result.rejected) == (6, 5, 1)
    assert desk.subjects() == [1, 2, 4, 5, 6]
    assert desk.rejects() == [(3, 4, reason)]
    ((offset, raw),) = desk.rows("select byte_offset, raw_text from raw.rejects")
    assert data[offset : offset + len(third)] == third
    assert raw == third.decode("utf-8", "backslashreplace")


def test_a_reject_line_in_the_report_names_the_reason_and_no_value(desk):
    desk.land_bytes(with_third(b"SECRETNAME"))
    assert any("rejected 1: fewer fields" in line for line in desk.lines)
    assert not any("SECRETNAME" in line for line in desk.lines)


def test_blank_lines_before_the_header_and_at_the_end_are_rejects(desk):
    data = b"\n\r\n" + doj_file(many(2)) + b"\n"
    assert (desk.land_bytes(data).records, desk.rejects()) == (
        5,
        [(1, 1, "blank_line"), (2, 2, "blank_line"), (5, 6, "blank_line")],
    )


def test_several_broken_quotes_reject_only_their_own_lines(desk):
    lines = many(40)
    for index in (3, 4, 20, 39):
        lines[index] = doj_record(index + 1, comment_text='"OPEN')
    result = desk.land_bytes(doj_file(lines))
    assert (result.loaded, [number for number, _, _ in desk.rejects()]) == (36, [4, 5, 21, 40])


def test_an_open_quote_that_a_later_line_closes_does_not_swallow_the_records_between(desk):
    lines = many(6)
    lines[1] = doj_record(2, comment_text='"')
    lines[4] = doj_record(5, comment_text='"')
    lines = [line.replace(b'"DOE,J', b"DOE J").replace(b'5",', b"5,") for line in lines]
    lines = [line.replace(b'1",', b"1,").replace(b'2",', b"2,").replace(b'3",', b"3,") for line in lines]
    lines = [line.replace(b'4",', b"4,").replace(b'6",', b"6,") for line in lines]
    result = desk.land_bytes(doj_file(lines))
    assert result.records == 6
    assert desk.subjects() == [1, 3, 4, 6]


def test_an_unterminated_quote_in_a_large_file_is_one_reject(desk, monkeypatch):
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 4096)
    monkeypatch.setattr(container, "BLOCK_BYTES", 3000)
    lines = [line.replace(b'"', b"").replace(b"DOE,", b"DOE ") for line in many(500)]
    lines[7] = doj_record(8, pri_name='"DOE J')
    result = desk.land_bytes(doj_file(lines))
    assert (result.records, result.loaded, desk.rejects()) == (500, 499, [(8, 9, "unterminated_quote")])


def test_quoted_commas_quotes_and_line_ends_are_kept_to_the_letter(desk):
    texts = ["A,B", 'SAID "NO"', "TWO\nLINES", "TWO\r\nLINES", "LONE\rRETURN", '"', "", "  ", "\n", ",", "NULL", "\\N"]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for number, text in enumerate(texts, 1):
        values = {column: "" for column in HEADER.decode().split(",")}
        writer.writerow(list((values | {"SUBJECT_ID": str(number), "COMMENT_TEXT": text}).values()))
    result = desk.land_bytes(HEADER + b"\n" + out.getvalue().encode())
    assert (result.records, result.loaded) == (len(texts), len(texts))
    assert [row[0] for row in desk.rows("select comment_text from raw.ca_doj order by row_no")] == texts


def test_an_empty_string_stays_one(desk):
    desk.land_bytes(doj_file([doj_record(1, comment_text='""')]))
    assert desk.rows("select comment_text, race_code from raw.ca_doj") == [("", "")]


def test_a_record_over_two_lines_with_a_field_too_few_is_one_reject(desk):
    third = doj_record(3, comment_text='"TWO\nLINES"').rsplit(b",", 1)[0]
    desk.land_bytes(with_third(third))
    assert desk.rejects() == [(3, 4, "too_few_fields")]
    assert desk.rows("select raw_text from raw.rejects") == [(third.decode(),)]


def test_line_numbers_count_lines_and_record_numbers_count_records(desk):
    lines = many(4)
    lines[0] = doj_record(1, comment_text='"THREE\nWHOLE\nLINES"')
    lines[2] = b"short"
    desk.land_bytes(doj_file(lines))
    assert desk.rejects() == [(3, 6, "too_few_fields")]


def test_a_file_without_a_line_end_for_too_long_is_refused(desk, monkeypatch):
    monkeypatch.setattr(records, "MAX_LINE_BYTES", 10_000)
    monkeypatch.setattr(container, "BLOCK_BYTES", 2_000)
    with pytest.raises(ReliefError, match="no line end"):
        desk.land(desk.put("one_line.csv", b"A" * 50_000))


def test_row_groups_hold_about_forty_thousand_rows_in_file_order(desk):
    source = ",".join(load_source("la_court").tables[2].headers).encode() + b"\n"
    source += b"".join(b"SYNTHETIC,%d,1,1,1,JAIL,30,D\n" % number for number in range(100_000))
    result = desk.land_bytes(source, source="la_court")
    (path,) = desk.home.landing.rglob("*.parquet")
    meta = pq.ParquetFile(path).metadata
    assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [40_000, 40_000, 20_000]
    assert meta.row_group(0).column(2).compression == "ZSTD"
    column = pq.read_table(path, columns=["row_no", "case_number"])
    assert column["row_no"].to_pylist() == list(range(1, 100_001))
    assert column["case_number"].to_pylist() == [str(number) for number in range(100_000)]
    assert result.loaded == 100_000
