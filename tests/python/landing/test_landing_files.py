"""Which files can be landed: containers, encodings, headers; all others are refused whole, with one clear line."""

import pytest

from relief.errors import ReliefError
from relief.landing import container, load
from relief.landing.layout import all_sources, load_source
from tests.python.support.landing_files import AS_OF, FIXTURES, HEADER, Desk, doj_file, doj_record, gzipped, zipped

ROWS = [doj_record(number) for number in range(1, 5)]
FILE = doj_file(ROWS)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def refusal(desk: Desk, data: bytes, name: str = "extract.csv", **options) -> str:
    """The message that refuses the file, of which nothing may be stored."""
    with pytest.raises(ReliefError) as raised:
        desk.land(desk.put(name, data), **options)
    assert desk.rows("select (select count(*) from raw.deliveries) + (select count(*) from raw.rejects)") == [(0,)]
    assert not list(desk.home.landing.rglob("*.parquet"))
    assert not list(desk.home.landing.rglob(".incoming*"))
    message = str(raised.value)
    assert "\n" not in message
    assert "DOE" not in message
    return message


@pytest.mark.parametrize(
    ("fixture", "records", "has_header"),
    [
        ("configurable/input.csv", 38, True),
        ("configurable/input_no_header.csv", 38, False),
        ("los_angeles/input.csv", 35, True),
        ("generated_5k/input.csv.gz", 5035, True),
        ("malformed/extra_comma.csv", 38, True),
        ("malformed/no_headers.csv", 38, False),
    ],
)
def test_the_older_tools_fixtures(desk, fixture, records, has_header):
    (result,) = desk.land(FIXTURES / fixture)
    desk.check_account()
    assert (result.records, result.loaded, result.rejected) == (records, records, 0)
    assert desk.rows("select has_header, is_synthetic from raw.deliveries") == [(has_header, False)]


def test_the_older_tools_header_without_record_id_is_refused(desk):
    message = refusal(desk, (FIXTURES / "malformed" / "bad.csv").read_bytes())
    assert "lacks RECORD_ID" in message


@pytest.mark.parametrize("name", ["extract.csv.gz", "extract.csv", "extract.dat"])
def test_gzip_is_known_by_its_bytes(desk, name):
    desk.land_bytes(gzipped(FILE), name)
    assert desk.rows("select compression, records from raw.deliveries") == [("gzip", 4)]


def test_a_plain_file_named_gz_is_plain(desk):
    desk.land_bytes(FILE, "extract.csv.gz")
    assert desk.rows("select compression, records from raw.deliveries") == [("none", 4)]


def test_gzip_of_several_parts_is_read_to_its_end(desk):
    assert desk.land_bytes(gzipped(FILE[:500]) + gzipped(FILE[500:])).loaded == 4


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[: len(b) // 2], lambda b: b[:-8] + bytes(8)])
def test_a_damaged_gzip_is_refused_whole(desk, damage):
    assert "damaged or truncated" in refusal(desk, damage(gzipped(FILE)), "extract.csv.gz")


def test_each_zip_member_is_a_delivery_of_its_own(desk):
    other = doj_file([doj_record(9)])
    path = desk.put("both.zip", zipped({"first.csv": FILE, "second.csv": other}))
    results = desk.land(path)
    desk.check_account()
    assert [result.records for result in results] == [4, 1]
    members = desk.rows("select file_name, member_name, compression from raw.deliveries order by records desc")
    assert members == [("both.zip", "first.csv", "zip"), ("both.zip", "second.csv", "zip")]


def test_a_bad_zip_member_leaves_the_good_one(desk):
    with pytest.raises(ReliefError, match="1 of 2 files"):
        desk.land(desk.put("both.zip", zipped({"first.csv": FILE, "second.csv": b"name,age\nA,1\n"})))
    assert [line for line in desk.lines if line.startswith("refused: both.zip, member 2 (second.csv) is not")]
    assert desk.rows("select member_name from raw.deliveries") == [("first.csv",)]


@pytest.mark.parametrize("gap", ["", ",", ",,", " "])
@pytest.mark.parametrize("filled", ["all", "some"])
@pytest.mark.parametrize("table", [table for source in all_sources() for table in source.tables], ids=lambda t: t.name)
def test_a_header_that_lost_its_line_end_shows_no_cell_of_the_record(desk, table, gap, filled):
    source = next(source.name for source in all_sources() if table in source.tables)
    cells = [f"DOE{i}X" if filled == "all" or i % 3 == 0 else "" for i in range(len(table.columns))]
    joined = ",".join(reversed(table.headers)) + gap + ",".join(cells)
    second = ",".join(f"SECOND{i}" for i in range(len(table.columns)))
    for data in (joined, f"{joined}\n{second}\n"):
        message = refusal(desk, data.encode(), source=source)
        assert "DOE" not in message
        assert "SECOND" not in message
        assert "the layout does not know, at position" in message


def test_a_first_field_longer_than_any_name_is_no_header(desk):
    result = desk.land_bytes(doj_file([doj_record(1, comment_text="x" * 200_000), doj_record(2)], header=None))
    assert result.loaded == 2


def test_names_of_files_and_members_cannot_forge_lines(desk):
    foreign = b"NAME,AGE\nA,1\n"
    names = ["../../etc/a\nrefused: b.csv", "/var/x\x1b[2J.csv", "c\\d\\e\r\u2028\u202e.csv", "f" * 500]
    archive = zipped({name: foreign + b"%d" % number for number, name in enumerate(names)})
    with pytest.raises(ReliefError, match="4 of 4 files"):
        desk.land(desk.put("all\n\x1b[31m.zip", archive))
    labels = [line.split(" is not for ")[0] for line in desk.lines]
    shown = ["a?refused: b.csv", "x?[2J.csv", "e???.csv", "f" * 80]
    assert labels == [f"refused: all??[31m.zip, member {n} ({name})" for n, name in enumerate(shown, 1)]


def test_a_file_name_with_control_characters_is_landed_under_a_clean_one(desk):
    desk.land_bytes(zipped({"in/b\n.csv": FILE}), "a\n\udcff.zip")
    assert desk.rows("select file_name, member_name from raw.deliveries") == [("a??.zip", "in/b?.csv")]
    assert all(line.isprintable() for line in desk.lines)
    for path in (desk.inbox / "no\nwhere", desk.put("empty\x1b.csv", b""), desk.put("z\x07.zip", zipped({}))):
        with pytest.raises(ReliefError) as raised:
            desk.land(path)
        assert str(raised.value).isprintable()


def test_blank_lines_by_the_million_are_refused_whole(desk):
    data = gzipped(HEADER + b"\n" + ROWS[0] + b"\n" * 20_000_000)
    assert len(data) < 30_000
    assert "more than 1,000,000 rejects" in refusal(desk, data)


@pytest.mark.parametrize("junk", [b"\n", b"no record\n", b"," * 300 + b"\n", b'a"' + b"-" * 100 + b"\n"])
@pytest.mark.parametrize("header", [HEADER, None])
def test_a_file_of_rejects_only_is_refused_while_it_is_read(desk, monkeypatch, junk, header):
    monkeypatch.setattr(container, "BLOCK_BYTES", 4096)
    monkeypatch.setattr(load, "MAX_REJECTS", 50)
    added = []
    real = load.Loader.add
    monkeypatch.setattr(load.Loader, "add", lambda *arguments: (added.append(1), real(*arguments)))
    message = refusal(desk, doj_file([], header) + b"\n" * (header is None) + junk * 20_000)
    assert "more than 50 rejects" in message or "only blank lines" in message
    assert len(added) <= 20


def test_many_rejects_in_a_file_that_is_read_are_kept(desk, monkeypatch):
    monkeypatch.setattr(load, "MAX_REJECTS", 50)
    result = desk.land_bytes(doj_file([*ROWS, *([b"short"] * 300)]))
    assert (result.loaded, result.rejected) == (4, 300)


def test_damaged_empty_and_office_zip_files_are_refused(desk):
    assert "damaged" in refusal(desk, zipped({"first.csv": FILE})[:-30])
    broken = bytearray(zipped({"first.csv": FILE}))
    broken[60:70] = bytes(10)
    assert "damaged" in refusal(desk, bytes(broken))
    assert "without a file" in refusal(desk, zipped({}))
    assert "Excel" in refusal(desk, zipped({"[Content_Types].xml": b"<x/>"}))


def test_an_archive_inside_an_archive_is_refused(desk):
    assert "inside a zip" in refusal(desk, zipped({"inner.csv": gzipped(FILE)}))
    assert "inside a gzip" in refusal(desk, gzipped(gzipped(FILE)))


def test_bombs_are_refused_by_ratio_and_by_size(desk, monkeypatch):
    monkeypatch.setattr(container, "RATIO_FLOOR_BYTES", 1 << 20)
    bomb = gzipped(HEADER + b"\n" + b"," * (8 << 20))
    assert "unpacks to far more" in refusal(desk, bomb)
    assert "unpacks to far more" in refusal(desk, zipped({"bomb.csv": HEADER + b"\n" + b"," * (8 << 20)}))
    monkeypatch.setattr(container, "MAX_UNPACKED_BYTES", 1000)
    assert "unpacks to far more" in refusal(desk, gzipped(FILE))


def test_cp1252_is_transcoded_and_said(desk):
    desk.land_bytes(doj_file([doj_record(1, comment_text="MUÑOZ € “É”")], end=b"\n").decode().encode("cp1252"))
    assert desk.rows("select comment_text from raw.ca_doj") == [("MUÑOZ € “É”",)]
    assert desk.rows("select encoding from raw.deliveries") == [("cp1252",)]
    assert any("CP1252" in line for line in desk.lines)


def test_a_byte_that_cp1252_does_not_have_rejects_its_record(desk):
    lines = [doj_record(1).replace(b"DOE", b"MU\xd1OZ"), doj_record(2).replace(b"DOE", b"\x81\x8d"), doj_record(3)]
    result = desk.land_bytes(doj_file(lines))
    assert (result.loaded, desk.rejects()) == (2, [(2, 3, "not_in_encoding")])
    assert "\\x81" in desk.rows("select raw_text from raw.rejects")[0][0]


@pytest.mark.parametrize("block", [None, 7])
def test_utf8_is_kept_also_across_blocks(desk, monkeypatch, block):
    if block:
        monkeypatch.setattr(container, "BLOCK_BYTES", block)
    text = "ÁÉÍ € 漢字 🙂"
    desk.land_bytes(doj_file([doj_record(1, comment_text=text)]))
    assert desk.rows("select comment_text, encoding from raw.ca_doj, raw.deliveries") == [(text, "utf-8")]


@pytest.mark.parametrize("header", [HEADER, None])
def test_a_byte_order_mark_is_no_data(desk, header):
    desk.land_bytes(b"\xef\xbb\xbf" + doj_file([*ROWS, b"short"], header))
    assert desk.rows("select has_bom, has_header, loaded from raw.deliveries") == [(True, header is not None, 4)]
    assert desk.rows("select distinct record_id from raw.ca_doj") == [("R",)]
    ((offset,),) = desk.rows("select byte_offset from raw.rejects")
    assert (b"\xef\xbb\xbf" + doj_file([*ROWS, b"short"], header))[offset:] == b"short\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (FILE.decode().encode("utf-16"), "UTF-16"),
        (FILE.decode().encode("utf-16-le"), "UTF-16"),
        (FILE.decode().encode("utf-16-be"), "UTF-16"),
        (FILE.decode().encode("utf-32"), "UTF-32"),
        (bytes(range(256)) * 20, "binary"),
        (b"%PDF-1.7\n" + FILE, "PDF"),
        (b"PAR1" + FILE, "Parquet"),
        (b"", "empty"),
        (gzipped(b""), "empty"),
        (zipped({"empty.csv": b""}), "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n\n", "only blank lines"),
        (b"NAME,AGE,CITY\nA,1,B\n", "does not name the columns"),
        (b"A name,1\nanother,2\n", "neither a header nor one record"),
        (FILE.replace(b",SUBJECT_ID,", b",PERSON,"), "has 1 column the layout does not know, at position 3"),
        (FILE.replace(b",SUBJECT_ID,", b",PERSON,"), "lacks SUBJECT_ID"),
        (FILE.replace(b",END_OF_REC", b""), "lacks END_OF_REC"),
        (FILE.replace(b",END_OF_REC", b",END_OF_REC,SURPRISE"), "at position 96"),
        (
            FILE.replace(b",END_OF_REC", b",END_OF_REC,X,Y,Z"),
            "3 columns the layout does not know, at positions 96, 97 and 98",
        ),
        (FILE.replace(b",END_OF_REC", b",END_OF_REC,A,B,C,D,E"), "at positions 96, 97, 98 and 2 more"),
        (FILE.replace(b",END_OF_REC", b",END_OF_REC,COMMENT_TEXT"), "twice"),
        (FILE.replace(b",SUBJECT_ID,", b",,SUBJECT_ID,"), "1 column the layout does not know, at position 3"),
        (FILE.replace(b",", b"\t"), "tabs"),
        (FILE.replace(b",", b";"), "semicolons"),
        (FILE.replace(b",", b"|"), "bars"),
    ],
)
def test_what_is_no_extract_is_refused_whole(desk, data, says):
    assert says in refusal(desk, data)


def test_missing_paths_folders_unreadable_files_and_unknown_sources_are_one_line(desk, monkeypatch):
    for path, says in [(desk.inbox / "nowhere.csv", "does not exist"), (desk.inbox, "is a folder")]:
        with pytest.raises(ReliefError, match=says):
            desk.land(path)
    with pytest.raises(ReliefError, match="not a regular file"):
        desk.land(type(desk.inbox)("/dev/null"))
    with pytest.raises(ReliefError, match="unknown; name one of: ca_doj, la_court, relief_events, review_decisions"):
        desk.land(desk.put("a.csv", FILE), source="nowhere")
    locked = desk.put("locked.csv", FILE)

    open_path = type(locked).open

    def denied(path, *arguments, **options):
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return open_path(path, *arguments, **options)

    monkeypatch.setattr(type(locked), "open", denied)  # the tests may run as root, whom permissions do not stop
    with pytest.raises(ReliefError, match="permission denied"):
        desk.land(locked)


def test_a_header_only_file_is_a_delivery_of_nothing(desk):
    for data in (HEADER, HEADER + b"\r\n"):
        assert desk.land_bytes(data).records == 0
    assert desk.rows("select count(*) from raw.ca_doj") == [(0,)]


@pytest.mark.parametrize(
    "header",
    [
        HEADER.lower(),
        b",".join(b'"' + name + b'"' for name in HEADER.split(b",")),
        b",".join(b"  " + name + b" " for name in HEADER.split(b",")),
    ],
)
def test_a_header_in_other_clothes_is_the_header(desk, header):
    assert desk.land_bytes(doj_file(ROWS, header)).loaded == 4
    assert desk.rows("select has_header from raw.deliveries") == [(True,)]


def test_a_damaged_header_is_never_taken_for_a_file_without_one(desk):
    order = list(range(94, -1, -1))
    record = b",".join(doj_record(7, pri_name="DOE").split(b",")[i] for i in order)
    names = b",".join(HEADER.split(b",")[i] for i in order)
    for damaged in (b'"' + names, names.replace(b",SUBJECT_ID,", b',"SUBJECT_ID,'), names.replace(b"_ID", b'_"ID', 1)):
        message = refusal(desk, doj_file([record], damaged))
        assert "damaged header" in message or "the layout does not know" in message
    for damaged in (b"\r" + names, names.replace(b"_ID", b"_\rID", 1)):
        assert desk.land_bytes(doj_file([record], damaged)).loaded == 1
    assert desk.rows("select distinct subject_id, end_of_rec from raw.ca_doj") == [("7", "#")]


def test_columns_are_matched_by_name_not_by_position(desk):
    order = list(range(94, -1, -1))
    record = doj_record(7, pri_name="DOE").split(b",")
    names = HEADER.split(b",")
    data = doj_file([b",".join(record[i] for i in order)], b",".join(names[i] for i in order))
    desk.land_bytes(data)
    assert desk.rows("select record_id, subject_id, pri_name, end_of_rec from raw.ca_doj") == [("R", "7", "DOE", "#")]


def test_empty_extra_names_allow_empty_extra_values_only(desk):
    lines = [doj_record(1), doj_record(2) + b",", doj_record(3) + b", ,", doj_record(4) + b",x", doj_record(5) + b",,,"]
    result = desk.land_bytes(doj_file(lines, HEADER + b",,"))
    assert result.loaded == 3
    assert desk.rejects() == [(4, 5, "too_many_fields"), (5, 6, "too_many_fields")]
    assert desk.rows("select distinct end_of_rec from raw.ca_doj") == [("#",)]


def test_the_court_table_is_decided_by_the_header(desk):
    for table in load_source("la_court").tables:
        row = ",".join(["SYNTHETIC", *(f"v{i}" for i in range(1, len(table.headers)))])
        result = desk.land_bytes(
            f"{','.join(table.headers)}\n{row}\n".encode(), "misleading_cases.csv", source="la_court"
        )
        assert result.loaded == 1
        assert desk.rows(f"select count(*) from raw.{table.name}") == [(1,)]
    assert desk.rows("select distinct is_synthetic from raw.deliveries") == [(True,)]


def test_a_court_file_needs_its_header(desk):
    assert "does not name the columns" in refusal(desk, b"SYNTHETIC,A1,1,1,1,JAIL,30,D\n", source="la_court")


def test_an_extract_of_another_source_is_refused(desk):
    assert "does not name the columns" in refusal(desk, FILE, source="relief_events")
    events = ",".join(load_source("relief_events").tables[0].headers).encode() + b"\n"
    assert "ca_doj" in refusal(desk, events)


def test_the_label_decides_what_is_synthetic(desk):
    desk.land_bytes(doj_file([doj_record(1, record_id="SYNTHETIC"), doj_record(2, record_id="SYNTHETIC")]))
    desk.land_bytes(doj_file([doj_record(1, record_id="SYNTHETIC"), doj_record(2)]))
    assert any("1 of its rows" in line for line in desk.lines)
    desk.land_bytes(doj_file([doj_record(1), doj_record(2)]))
    assert desk.rows("select is_synthetic from raw.deliveries order by landed_at") == [(True,), (True,), (False,)]


def test_landed_files_are_for_their_owner_only(desk):
    desk.land_bytes(doj_file([*ROWS, b"short"]))
    for path in [desk.home.landing, *desk.home.landing.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


def test_the_manifest_says_what_was_seen(desk):
    data = doj_file([*ROWS, b"short"], end=b"\r\n")
    desk.land_bytes(gzipped(data), "month.csv.gz")
    row = desk.rows(
        "select source, table_name, file_name, member_name, compression, line_ending, has_header, has_bom, records,"
        " loaded, rejected, as_of_date, as_of_given, status, supersedes, superseded_by, parquet_path, length(sha256),"
        " file_bytes, delivery_id = 'ca_doj-' || sha256[:12] from raw.deliveries"
    )[0]
    assert row[:11] == ("ca_doj", "ca_doj", "month.csv.gz", None, "gzip", "crlf", True, False, 5, 4, 1)
    assert row[11:16] == (AS_OF, True, "landed", None, None)
    assert (desk.home.path / row[16]).is_file()
    assert row[17:] == (64, len((desk.inbox / "month.csv.gz").read_bytes()), True)
