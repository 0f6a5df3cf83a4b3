"""Rejects are exported unchanged, corrected, and closed once: loaded in their place, dropped, or left open."""

import csv
import io
import os
import subprocess
import sys

import pytest

from relief.errors import ReliefError
from relief.landing import incoming, mended
from relief.landing.layout import load_source
from relief.landing.mended import mended_records
from relief.landing.open_rejects import export_rejects
from tests.python.support.landing_files import HEADER, Desk, doj_file, doj_record, gzipped, line_of, mend_line

OPEN_QUOTE = doj_record(6, comment_text='"NEVER CLOSED')
BAD = {  # by record number, each record as it was delivered
    2: b"",
    3: doj_record(3).rsplit(b",", 1)[0],
    4: doj_record(4) + b",surplus",
    5: doj_record(5, comment_text='5" PIPE'),
    6: OPEN_QUOTE,
    7: doj_record(7, comment_text="A\0B"),
    8: doj_record(8, comment_text="A\rB"),
    9: HEADER,
    10: doj_record(10, comment_text="Q").replace(b"Q", b"PE\xff\\xffA"),
    11: doj_record(11, comment_text='"TWO\nLINES"').rsplit(b",", 1)[0],
    12: b'",",',
    13: b"   ",
    14: b"=1+1",
}
REASONS = [
    "blank_line", "too_few_fields", "too_many_fields", "stray_quote", "unterminated_quote", "nul_byte",
    "stray_carriage_return", "repeated_header", "not_in_encoding", "too_few_fields", "too_few_fields", "blank_line",
    "too_few_fields",
]  # fmt: skip


def bad_file() -> bytes:
    first = doj_record(1, comment_text="PEÑA ÁÉÍ")  # other records show that the file is UTF-8
    return doj_file([first, *(BAD[number] for number in range(2, 15)), doj_record(15)])


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def landed_bad(desk: Desk) -> str:
    result = desk.land_bytes(bad_file())
    assert (result.records, result.loaded) == (15, 2)
    return result.delivery_id


# The export ----------------------------------------------------------------------------------------------------------
def test_an_export_holds_every_reject_to_the_letter(desk):
    delivery_id = landed_bad(desk)
    desk.export()
    data = (desk.inbox / "rejects.csv").read_bytes()
    header, *found = mended_records([data], "rejects.csv")
    assert header == b",".join(name.encode() for name in mended.FRONT) + b"," + HEADER
    assert [(record.delivery_id, record.record_no) for record in found] == [(delivery_id, number) for number in BAD]
    for record, raw in zip(found, BAD.values(), strict=True):
        assert record.text == raw.decode("utf-8", "backslashreplace").encode()
    reasons = desk.rows("select reason_code from raw.rejects order by record_no")
    assert [reason for (reason,) in reasons] == REASONS
    assert [
        line.split(b",")[3].decode().strip('"') for line in data.split(b"\n") if line.startswith(b"ca_doj-")
    ] == REASONS


@pytest.mark.parametrize("block", [1, 3, 50, 1 << 20])
def test_a_mended_file_is_cut_alike_whatever_the_blocks(desk, block):
    landed_bad(desk)
    desk.export()
    data = (desk.inbox / "rejects.csv").read_bytes()
    pieces = [data[start : start + block] for start in range(0, len(data), block)]
    assert list(mended_records(pieces, "x")) == list(mended_records([data], "x"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_export_that_comes_back_as_it_was_closes_nothing(desk, end):
    landed_bad(desk)
    lines = desk.export()
    result = desk.mend(lines, end=end)
    assert (result.records, result.loaded, result.rejected) == (13, 0, 13)
    assert any("still open 13: not mended yet (lines 2, 3," in line for line in desk.lines)
    assert desk.rows("select count(*) from raw.reject_repairs") == [(0,)]
    assert desk.export() == lines


def test_an_export_is_for_its_owner_and_never_over_another_file(desk):
    landed_bad(desk)
    desk.export()
    out = desk.inbox / "rejects.csv"
    assert out.stat().st_mode & 0o777 == 0o600
    before = out.read_bytes()
    (desk.inbox / "link.csv").symlink_to(desk.inbox / "nowhere.csv")
    for path, says in [
        (out, "exists and may contain mended records"),
        (desk.inbox / "link.csv", "exists and may contain"),
        (desk.inbox, "not an ordinary file"),
        (type(out)("/dev/null"), "not an ordinary file"),
        (desk.home.path / "rejects.csv", "in the data folder"),
        (desk.inbox / "missing" / "rejects.csv", "cannot be written"),
    ]:
        with pytest.raises(ReliefError, match=says):
            export_rejects(desk.home, None, path, print)
    assert out.read_bytes() == before
    assert {path.name for path in desk.inbox.iterdir()} == {"extract.csv", "rejects.csv", "link.csv"}


def test_an_export_that_fails_leaves_nothing(desk, monkeypatch):
    landed_bad(desk)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("relief.landing.open_rejects.reject_line", full)
    with pytest.raises(ReliefError, match="No space left on device"):
        export_rejects(desk.home, None, desk.inbox / "rejects.csv", print)
    assert {path.name for path in desk.inbox.iterdir()} == {"extract.csv"}


def test_what_cannot_be_exported_is_one_line(desk):
    out = desk.inbox / "rejects.csv"
    with pytest.raises(ReliefError, match="there is no warehouse"):
        export_rejects(desk.home, None, out, print)
    first = desk.land_bytes(doj_file([doj_record(1)]))
    with pytest.raises(ReliefError, match="no reject is open; nothing was written"):
        export_rejects(desk.home, None, out, print)
    with pytest.raises(ReliefError, match="there is no delivery ca_doj-x"):
        export_rejects(desk.home, "ca_doj-x", out, print)
    second = desk.land_bytes(doj_file([doj_record(2), b"short"]), supersedes=first.delivery_id)
    with pytest.raises(ReliefError, match=f"was superseded by {second.delivery_id}"):
        export_rejects(desk.home, first.delivery_id, out, print)
    assert not out.exists()


def test_rejects_of_other_columns_are_exported_apart(desk):
    first = desk.land_bytes(doj_file([doj_record(1), b"short"]))
    names = HEADER.split(b",")
    record = doj_record(2, pri_name="DOE").split(b",")
    backwards = doj_file([b",".join(record[::-1]), b"brief"], b",".join(names[::-1]))
    second = desk.land_bytes(backwards)
    with pytest.raises(ReliefError, match="2 different headers or layouts; export them apart with --delivery"):
        desk.export()
    lines = desk.export(delivery_id=second.delivery_id)
    assert lines[0].split(b",")[5:] == names[::-1]
    mend_line(lines, 2, b",".join(doj_record(8, pri_name="DOE").split(b",")[::-1]))
    assert desk.mend(lines).loaded == 1
    assert desk.rows("select row_no, subject_id, end_of_rec from raw.ca_doj where delivery_id = ? order by 1",
                     second.delivery_id) == [(1, "2", "#"), (2, "8", "#")]  # fmt: skip
    assert desk.export()[1].startswith(first.delivery_id.encode())


def test_unnamed_columns_at_the_end_are_kept_in_the_export(desk):
    desk.land_bytes(doj_file([doj_record(1), doj_record(2) + b",,x"], HEADER + b",,"))
    lines = desk.export()
    assert lines[0].endswith(HEADER + b",,")
    mend_line(lines, 2, doj_record(2) + b",,")
    assert desk.mend(lines).loaded == 1
    assert desk.subjects() == [1, 2]


# Corrected rejects ----------------------------------------------------------------------------------------------------
def mended_lines(desk: Desk) -> list[bytes]:
    """Every reject of the bad file, corrected or dropped."""
    lines = desk.export()
    for number in (2, 9, 13):
        mend_line(lines, number, BAD[number], b"drop")
    mend_line(lines, 3, doj_record(3).rsplit(b",", 1)[0] + b",")
    mend_line(lines, 4, doj_record(4))
    mend_line(lines, 5, doj_record(5, comment_text='"5"" PIPE"'))
    mend_line(lines, 6, OPEN_QUOTE.replace(b"CLOSED", b'CLOSED"'))
    mend_line(lines, 7, BAD[7].replace(b"\0", b""))
    mend_line(lines, 8, doj_record(8, comment_text='"A\rB"'))
    mend_line(lines, 10, doj_record(10, comment_text="PEÑA"))
    mend_line(lines, 11, BAD[11] + b",#")
    mend_line(lines, 12, doj_record(12))
    mend_line(lines, 14, doj_record(14))
    return lines


def test_mended_records_are_loaded_where_they_stood(desk):
    delivery_id = landed_bad(desk)
    result = desk.mend(mended_lines(desk))
    assert (result.records, result.loaded, result.rejected) == (13, 10, 0)
    assert desk.rows("select delivery_id, row_no, cast(subject_id as bigint) from raw.ca_doj order by row_no") == [
        (delivery_id, number, number) for number in range(1, 16) if number not in (2, 9, 13)
    ]
    texts = desk.rows("select comment_text from raw.ca_doj where row_no in (5, 6, 7, 8, 10, 11) order by row_no")
    assert [text for (text,) in texts] == ['5" PIPE', "NEVER CLOSED", "AB", "A\rB", "PEÑA", "TWO\nLINES"]
    assert desk.rows("select outcome, count(*) from raw.reject_repairs group by 1 order by 1") == [
        ("dropped", 3),
        ("repaired", 10),
    ]
    assert desk.rows("select records, loaded, rejected from raw.deliveries") == [(15, 2, 13)]
    assert desk.listed() == [f"{delivery_id}  ca_doj  13 rejected = 10 repaired + 3 dropped + 0 open"]
    with pytest.raises(ReliefError, match="no reject is open"):
        desk.export()


def test_the_same_mended_file_is_landed_once(desk):
    landed_bad(desk)
    lines = mended_lines(desk)
    first = desk.mend(lines)
    again = desk.mend(lines, "renamed.csv")
    assert (again.already_landed, again.delivery_id) == (True, first.delivery_id)
    assert "already landed as" in desk.lines[0]
    assert desk.land_bytes(bad_file()).already_landed
    assert desk.rows("select count(*), count(distinct row_no) from raw.ca_doj") == [(12, 12)]


def test_mending_goes_on_in_the_same_file(desk):
    landed_bad(desk)
    whole = mended_lines(desk)
    lines = desk.export()
    mend_line(lines, 4, doj_record(4))
    mend_line(lines, 2, b"", b"drop")
    mend_line(lines, 5, doj_record(5, comment_text='"5" PIPE"'))
    result = desk.mend(lines)
    assert (result.loaded, result.rejected) == (1, 11)
    assert any("still open 1: a quote inside a field" in line and line.endswith("(line 5)") for line in desk.lines)
    assert desk.rows("select record_no, reason_code, line_number from raw.reject_repairs where outcome = 'open'") == [
        (5, "stray_quote", 5)
    ]
    result = desk.mend(whole)
    assert (result.records, result.loaded, result.rejected) == (13, 9, 0)
    assert "  skipped 2: closed by an earlier repair, as they stand here" in desk.lines
    assert desk.rows("select count(*) from raw.ca_doj") == [(12,)]


def test_what_still_does_not_read_stays_open_for_its_new_reason(desk):
    landed_bad(desk)
    lines = desk.export()
    mend_line(lines, 3, doj_record(3) + b",x")
    mend_line(lines, 4, doj_record(4, comment_text='"OPEN'))
    mend_line(lines, 5, doj_record(5) + b"\n" + doj_record(55))
    mend_line(lines, 6, b"")
    mend_line(lines, 7, HEADER)
    mend_line(lines, 8, doj_record(8, comment_text="A\0\0B"))
    mend_line(lines, 10, b",".join([b'""'] * 95))
    desk.mend(lines)
    assert desk.rows("select record_no, reason_code from raw.reject_repairs order by 1") == [
        (3, "too_many_fields"),
        (4, "unterminated_quote"),
        (5, "several_records"),
        (6, "blank_line"),
        (7, "repeated_header"),
        (8, "nul_byte"),
        (10, "blank_line"),
    ]
    listed = desk.listed()
    assert listed[0].endswith("13 rejected = 0 repaired + 0 dropped + 13 open")
    assert "  open 1: more than one record where there was one" in listed
    assert any(line.startswith(b"ca_doj-") and b'"too_few_fields"' in line for line in desk.export())


def test_one_broken_record_spoils_no_neighbour(desk):
    landed_bad(desk)
    lines = mended_lines(desk)
    mend_line(lines, 6, OPEN_QUOTE + b"X")
    mend_line(lines, 12, b'",",X')
    result = desk.mend(lines)
    assert (result.loaded, result.rejected) == (8, 2)


def test_load_takes_a_record_as_it_stands(desk):
    landed_bad(desk)
    lines = desk.export()
    for number in (2, 6, 10):
        mend_line(lines, number, BAD[number].decode("utf-8", "backslashreplace").encode(), b"Load ")
    result = desk.mend(lines)
    assert (result.loaded, result.rejected) == (1, 12)
    assert desk.rows("select comment_text from raw.ca_doj where row_no = 10") == [("PE\\xff\\xffA",)]


def saved_by_a_spreadsheet(lines: list[bytes]) -> bytes:
    """The file as a spreadsheet program saves it: all rows have the same width, and quotes are only where needed."""
    rows = list(csv.reader(io.StringIO(b"\n".join(lines).decode(), newline="")))
    width = max(map(len, rows))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([row + [""] * (width - len(row)) for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def test_a_spreadsheet_that_only_saved_the_file_closes_nothing(desk):
    desk.land_bytes(doj_file([doj_record(1), b"R,,2", b"", doj_record(4).rsplit(b",", 1)[0], doj_record(5) + b",x"]))
    lines = desk.export()
    desk.mend(lines)
    result = desk.land_bytes(saved_by_a_spreadsheet(lines))
    assert (result.records, result.loaded, result.rejected) == (4, 0, 4)
    assert any("still open 3: only empty fields were added at its end" in line for line in desk.lines)
    mend_line(lines, 2, b"R,,2", b"load")
    mend_line(lines, 3, b"", b"load")
    result = desk.land_bytes(saved_by_a_spreadsheet(lines))
    assert (result.loaded, desk.subjects()) == (1, [1, 2])


def test_an_editor_may_change_encoding_and_line_ends(desk):
    landed_bad(desk)
    lines = [line.decode().encode("cp1252") for line in mended_lines(desk)]
    assert desk.mend(lines, end=b"\r\n").loaded == 10
    assert desk.rows("select comment_text from raw.ca_doj where row_no = 10") == [("PEÑA",)]


def test_blank_lines_at_the_end_belong_to_no_record(desk):
    landed_bad(desk)
    assert desk.mend([*mended_lines(desk), b"", b"", b""]).loaded == 10


def test_a_mended_file_may_be_packed_and_land_with_others(desk):
    landed_bad(desk)
    mended_path = desk.put("mended.csv.gz", gzipped(b"\n".join(mended_lines(desk))))
    results = desk.land(mended_path, desk.put("other.csv", doj_file([doj_record(40)])), mended_path)
    desk.check_account()
    assert [(result.loaded, result.already_landed) for result in results] == [(10, False), (1, False), (10, True)]


def test_a_file_full_of_nul_bytes_can_be_exported_and_landed(desk):
    sound = [doj_record(number) for number in range(100, 200)]
    desk.land_bytes(doj_file([*sound, *[doj_record(2, comment_text="\0" * 6000)] * 3]))
    lines = desk.export()
    assert desk.mend(lines).rejected == 3
    assert desk.mend([line.replace(b"\0", b"") for line in lines]).loaded == 3


def test_rejects_of_several_deliveries_and_a_subject_in_both(desk):
    first = desk.land_bytes(doj_file([doj_record(1), b"short"]))
    second = desk.land_bytes(doj_file([b"short", doj_record(1), b"brief"]))
    lines = desk.export()
    assert [line.split(b",")[:2] for line in lines[1:]] == [
        [first.delivery_id.encode(), b"2"],
        [second.delivery_id.encode(), b"1"],
        [second.delivery_id.encode(), b"3"],
    ]
    mended_text = [line.replace(b",,short", b",," + doj_record(1)) for line in lines]
    assert desk.mend(mended_text).loaded == 2
    assert desk.rows("select delivery_id, row_no from raw.ca_doj where subject_id = '1' order by 1, 2") == sorted(
        [(first.delivery_id, 1), (first.delivery_id, 2), (second.delivery_id, 1), (second.delivery_id, 2)]
    )


def test_each_table_of_a_source_is_mended_on_its_own(desk):
    cases, counts, sentences = load_source("la_court").tables
    for table, extra in ((counts, b""), (sentences, b"\n")):
        row = ",".join(["SYNTHETIC", *(f"v{i}" for i in range(1, len(table.headers)))]).encode()
        desk.land_bytes(",".join(table.headers).encode() + b"\n" + row + b"\nshort\n" + extra, source="la_court")
    with pytest.raises(ReliefError, match="2 different headers"):
        desk.export()
    for table in (counts, sentences):
        ((delivery_id,),) = desk.rows("select delivery_id from raw.deliveries where table_name = ?", table.name)
        lines = desk.export(delivery_id=delivery_id)
        row = ",".join(["SYNTHETIC", *(f"w{i}" for i in range(1, len(table.headers)))]).encode()
        lines[1] = lines[1].replace(b",,short", b",," + row)
        assert desk.mend(lines, source="la_court").loaded == 1
        assert desk.rows(f"select count(*) from raw.{table.name}") == [(2,)]
    assert desk.rows(f"select count(*) from raw.{cases.name}") == [(0,)]


# Superseding and dates -----------------------------------------------------------------------------------------------
def test_superseding_a_delivery_supersedes_its_repairs(desk):
    first = landed_bad(desk)
    lines = mended_lines(desk)
    late = list(lines)
    mend_line(lines, 14, BAD[14])
    desk.mend(lines)
    second = desk.land_bytes(doj_file([doj_record(1), b"short"]), supersedes=first)
    assert desk.subjects() == [1]
    result = desk.mend(late)
    assert (result.loaded, result.rejected) == (0, 0)
    assert "  skipped 13: their delivery was superseded since" in desk.lines
    assert desk.subjects() == [1]
    assert [line.split(b",")[0] for line in desk.export()[1:]] == [second.delivery_id.encode()]
    assert desk.listed()[0].endswith("1 open  superseded")


def test_a_mended_file_keeps_the_date_of_its_delivery_and_replaces_none(desk):
    delivery_id = landed_bad(desk)
    lines = mended_lines(desk)
    with pytest.raises(ReliefError, match="leave out --supersedes"):
        desk.mend(lines, supersedes=delivery_id)
    desk.mend(lines)
    assert any("was not taken over: each record keeps its delivery's" in line for line in desk.lines)


# Refusals ------------------------------------------------------------------------------------------------------------
def other_home(desk: Desk, tmp_path) -> list[bytes]:
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    other.land_bytes(doj_file([doj_record(1), b"elsewhere"]))
    return other.export()


def test_what_does_not_belong_to_its_reject_refuses_the_file(desk, tmp_path):
    delivery_id = landed_bad(desk).encode()
    lines = mended_lines(desk)
    at = line_of(lines, 4)
    line = lines[at]
    front, text = line.split(b",")[:5], b",".join(line.split(b",")[5:])

    def with_front(*cells: bytes) -> list[bytes]:
        return [*lines[:at], b",".join([*cells, text]), *lines[at + 1 :]]

    cases = {
        "belong together": with_front(front[0], b"5", *front[2:]),
        "not a reject of this data folder": with_front(front[0], b"1", *front[2:]),
        "999 of .* is not a reject": with_front(front[0], b"999", *front[2:]),
        "not those of the export": with_front(front[0], b"4.0", *front[2:]),
        "reject_action may be empty, load or drop": with_front(*front[:4], b"delete"),
        "is in the file twice": [*lines, line],
        "is not a reject of this data": with_front(b"ca_doj-0123456789ab", *front[1:]),
        "line 2: it does not belong to a reject": [lines[0], b"hello", *lines[1:]],
        "2: record 2 of .* is not a reject of this": [lines[0], *other_home(desk, tmp_path)[1:], *lines[1:]],
        "does not begin with the columns reject_delivery_id": [lines[0].replace(b"_check", b"_chk"), *lines[1:]],
        "lacks SUBJECT_ID": [lines[0].replace(b",SUBJECT_ID", b",PERSON"), *lines[1:]],
        "separates its columns with semicolons": [line.replace(b",", b";") for line in lines],
    }
    cases["check do not belong"] = with_front(front[0], front[1], b"bbbbbb", *front[3:])
    cases["first cells are not those"] = with_front(delivery_id.upper(), *front[1:])
    for says, data in cases.items():
        with pytest.raises(ReliefError, match=says) as raised:
            desk.mend(data)
        assert "DOE" not in str(raised.value)
        assert "\n" not in str(raised.value)
        assert desk.rows("select (select count(*) from raw.repairs) + (select count(*) from raw.reject_repairs)") == [
            (0,)
        ]
        assert desk.rows("select count(*) from raw.ca_doj") == [(2,)]
        assert len(list(desk.home.landing.rglob("*.parquet"))) == 1
        assert not list(desk.home.landing.rglob(".incoming*"))
    assert desk.mend(lines).loaded == 10


def test_a_closed_reject_is_not_mended_otherwise(desk):
    landed_bad(desk)
    lines = mended_lines(desk)
    closing = desk.mend(lines).delivery_id
    rows = desk.rows("select * from raw.ca_doj order by row_no")
    for number, text, action in [(4, doj_record(44), b""), (4, doj_record(4), b"drop"), (2, doj_record(2), b"")]:
        other = list(lines)
        mend_line(other, number, text, action)
        with pytest.raises(ReliefError, match=f"already closed by {closing}; nothing of the file was landed"):
            desk.mend(other)
    assert desk.rows("select * from raw.ca_doj order by row_no") == rows


def test_a_mended_file_is_for_the_source_of_its_rejects(desk):
    landed_bad(desk)
    lines = mended_lines(desk)
    with pytest.raises(ReliefError, match="does not name the columns of relief_events"):
        desk.mend(lines, source="relief_events")


def test_a_record_labelled_synthetic_mends_no_real_delivery(desk):
    landed_bad(desk)
    lines = desk.export()
    mend_line(lines, 3, doj_record(3, record_id="SYNTHETIC"))
    with pytest.raises(ReliefError, match="labelled synthetic for a delivery that is not"):
        desk.mend(lines)


def test_a_line_of_ours_inside_a_record_is_no_second_mending(desk):
    """A record that imitates a line of our exports is not taken for the correction of another record."""
    landed_bad(desk)
    lines = desk.export()
    cells = lines[line_of(lines, 14)].split(b",")
    hostile = b",".join([*cells[:3], b"x", b"drop", b""])
    other = desk.land_bytes(doj_file([doj_record(1), b'R,"A\n' + hostile + b'\n",,', b"short"]))
    lines = desk.export(delivery_id=other.delivery_id)
    assert [line.split(b",")[1] for line in lines[1:]] == [b"3"]
    assert any("left out 1 that contain lines like this file's own" in line for line in desk.lines)
    desk.mend(lines)
    assert desk.rows("select count(*) from raw.reject_repairs") == [(0,)]


# Failures and killed processes ----------------------------------------------------------------------------------------
def test_a_repair_that_fails_leaves_the_rejects_open(desk, monkeypatch):
    landed_bad(desk)
    lines = mended_lines(desk)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    for place in ("relief.landing.repair.ParquetSink", "relief.landing.ledger.refresh_views"):
        with monkeypatch.context() as patch:
            patch.setattr(place, full)
            with pytest.raises(ReliefError, match="No space left on device"):
                desk.mend(lines)
    with monkeypatch.context() as patch:
        patch.setattr(incoming, "_synchronize", full)
        with pytest.raises(ReliefError, match="No space left on device"):
            desk.mend(lines)
    assert desk.rows("select count(*) from raw.ca_doj") == [(2,)]
    assert desk.mend(lines).loaded == 10


DIE_AT = """
import os, signal, sys
from pathlib import Path
from relief.home import Home
from relief.landing import incoming, land, ledger, repair

def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)

place = sys.argv[3]
if place == "reading":
    repair.ledger.states_of = die
elif place == "before the rename":
    incoming._synchronize = die
elif place == "after the rename":
    ledger.record_repair = die
elif place == "inside the transaction":
    ledger.refresh_views = die
else:
    incoming.Incoming.remove = die
land(Home(Path(sys.argv[1])), "ca_doj", [Path(sys.argv[2])], None, None, print)
"""


@pytest.mark.parametrize(
    "place", ["reading", "before the rename", "after the rename", "inside the transaction", "before clearing up"]
)
def test_a_repair_that_is_killed_is_completed_by_landing_again(desk, place):
    landed_bad(desk)
    path = desk.put("mended.csv", b"\n".join(mended_lines(desk)))
    command = [sys.executable, "-c", DIE_AT, str(desk.home.path), str(path), place]
    assert subprocess.run(command, env=os.environ, capture_output=True, check=False).returncode == -9
    desk.check_account()
    (result,) = desk.land(path)
    desk.check_account()
    assert (result.loaded, result.already_landed) == (10, place == "before clearing up")
    assert desk.rows("select count(*), count(distinct row_no) from raw.ca_doj") == [(12, 12)]
    assert len(list(desk.home.landing.rglob("*.parquet"))) == 2
    assert not list(desk.home.landing.rglob(".incoming*"))
