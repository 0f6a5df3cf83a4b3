"""Damaged archives of every compression: one line each, a non-zero exit code, and the next files are still landed."""

import gzip
import random
import struct
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from relief.errors import ReliefError
from tests.python.landing.landing_mutations import METHODS, spoilt, zipped
from tests.python.support.command import relief
from tests.python.support.landing_files import DOJ, Desk, doj_file, doj_record

FILE = doj_file([doj_record(number, comment_text=f"{number * 7919:032b}") for number in range(1, 40)])
AFTER = doj_file([doj_record(99)])
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def refused(desk: Desk, data: bytes, refusals: int = 1, others: int = 0, name: str = "extract.zip") -> list[str]:
    """The lines that refuse the file or its members; the file after it and its undamaged members must be landed."""
    with pytest.raises(ReliefError, match=f"{refusals} of {refusals + others + 1} files were refused"):
        desk.land(desk.put(name, data), desk.put("after.csv", AFTER))
    desk.check_account()
    assert desk.rows("select count(*) from raw.deliveries where file_name = 'after.csv'") == [(1,)]
    assert desk.rows("select count(*) from raw.deliveries") == [(1 + others,)]
    lines = [line for line in desk.lines if line.startswith("refused: ")]
    assert len(lines) == refusals
    assert not any("DOE" in line or "\n" in line for line in lines)
    return lines


def patched(archive: bytes, header: bytes, offset: int, value: bytes, which: int = 0) -> bytes:
    """The archive with other bytes in one of its headers."""
    at = -1
    for _ in range(which + 1):
        at = archive.index(header, at + 1)
    return archive[: at + offset] + value + archive[at + offset + len(value) :]


@pytest.mark.parametrize("method", METHODS)
def test_a_damaged_member_stops_only_itself(desk, method):
    """The damage is early, midway or late in the data.

    The first two bytes of LZMA are a version that nothing reads.
    """
    archive = zipped(("one.csv", FILE), ("two.csv", FILE.replace(b"\nR,", b"\nS,")), method=METHODS[method])
    begin = archive.index(LOCAL, 4) + 30 + len("two.csv")
    size = archive.index(CENTRAL) - begin
    for share in (0.1, 0.4, 0.9):
        (line,) = refused(desk, spoilt(archive, begin + int(size * share)), others=1)
        assert line.startswith("refused: extract.zip, member 2 (two.csv) is ")
        desk.inbox.joinpath("extract.zip").unlink()


@pytest.mark.parametrize("method", METHODS)
def test_bytes_turned_over_anywhere_never_end_in_a_traceback(desk, method):
    rng = random.Random(method)  # noqa: S311  (repeatable on purpose, and not for security)
    archive = zipped(("one.csv", FILE), ("two.csv", AFTER), method=METHODS[method])
    paths = [desk.put(f"{number}.zip", spoilt(archive, rng.randrange(len(archive)))) for number in range(60)]
    paths += [desk.put(f"cut{number}.zip", archive[: rng.randrange(5, len(archive))]) for number in range(20)]
    with pytest.raises(ReliefError, match="files were refused"):
        desk.land(*paths, dry_run=True)


def test_headers_of_members_that_lie_are_one_line(desk):
    archive = zipped(("one.csv", FILE), ("two.csv", FILE.replace(b"\nR,", b"\nS,")))
    damage = {
        "checksum": patched(archive, CENTRAL, 16, b"\1\2\3\4", 1),
        "local header": patched(archive, LOCAL, 0, b"PK\x07\x07", 1),
        "local name": patched(archive, LOCAL, 30, b"six", 1),
        "method": patched(archive, CENTRAL, 10, struct.pack("<H", 97), 1),
        "encrypted": patched(archive, CENTRAL, 8, b"\1\0", 1),
        "too short": patched(archive, CENTRAL, 24, struct.pack("<L", len(FILE) - 9), 1),
        "packed shorter": patched(archive, CENTRAL, 20, struct.pack("<L", 9), 1),
        "elsewhere": patched(archive, CENTRAL, 42, struct.pack("<L", 5), 1),
        "beyond the end": patched(archive, CENTRAL, 42, struct.pack("<L", 0x7FFFFFFF), 1),
    }
    for what, data in damage.items():
        (line,) = refused(desk, data, others=1)
        assert "member 2 (two.csv) is damaged" in line.replace("a damaged", "damaged") or "is encrypted or" in line, (
            what
        )


@pytest.mark.parametrize("size", [len(FILE) + 9, 0xFFFFFFFF])
def test_a_size_that_lies_is_one_line_where_no_stream_ends_before_it(desk, size):
    stored = patched(zipped(("one.csv", FILE), method=zipfile.ZIP_STORED), CENTRAL, 20, struct.pack("<LL", size, size))
    (line,) = refused(desk, stored)
    assert "member 1 (one.csv) is a damaged or truncated zip file" in line


def test_members_of_one_name_folders_and_names_out_of_the_archive(desk):
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zipped(
            ("one.csv", FILE), ("one.csv", AFTER.replace(b"\nR,", b"\nS,")), ("folder/", b""),
            ("../../out.csv", AFTER.replace(b"\nR,", b"\nT,")), ("/etc/out.csv", AFTER.replace(b"\nR,", b"\nU,")),
        )  # fmt: skip
    results = desk.land(desk.put("a.zip", archive))
    assert [result.loaded for result in results] == [39, 1, 1, 1]
    assert sorted(path.name for path in desk.inbox.parent.iterdir()) == ["home", "inbox"]


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(FILE, mtime=0) + b"garbage",
        gzip.compress(FILE, mtime=0)[:-1],
        gzip.compress(FILE, mtime=0)[:12],
        gzip.compress(FILE, mtime=0) + gzip.compress(AFTER, mtime=0)[:-4],
        spoilt(gzip.compress(FILE, mtime=0), 200),
        b"\x1f\x8b\x07" + gzip.compress(FILE, mtime=0)[3:],
    ],
    ids=["garbage", "cut", "a header only", "a second part cut", "a byte", "another method"],
)
def test_a_damaged_gzip_stops_only_its_file(desk, data):
    (line,) = refused(desk, data)
    assert "extract.zip is a damaged or truncated gzip file" in line


def test_a_gzip_of_parts_and_zeros_after_it_is_whole(desk):
    data = gzip.compress(FILE[:777], mtime=0) + gzip.compress(FILE[777:], mtime=0) + bytes(512)
    assert desk.land_bytes(data).loaded == 39


def parquet(columns: dict[str, list], names: list[str] | None = None) -> bytes:
    out = pa.BufferOutputStream()
    table = pa.table(columns)
    pq.write_table(table.rename_columns(names) if names else table, out, compression="snappy")
    return out.getvalue().to_pybytes()


COLUMNS = {header: [f"{header}{row}" for row in range(50)] for header in DOJ.headers}


def test_a_parquet_file_of_no_rows_is_a_delivery_of_nothing(desk):
    assert desk.land_bytes(parquet({name: pa.array([], pa.string()) for name in COLUMNS})).records == 0


def test_a_value_of_parquet_that_looks_like_a_mark_or_a_record_is_no_other_cell(desk):
    columns = COLUMNS | {"RECORD_ID": ["\ufeffA"] * 50, "COMMENT_TEXT": ['A\r\nB, "C"\u2028'] * 50}
    assert desk.land_bytes(parquet(columns)).loaded == 50
    assert desk.rows("select distinct record_id, comment_text from raw.ca_doj") == [("\ufeffA", 'A\r\nB, "C"\u2028')]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()])
def test_numbers_of_parquet_are_what_a_csv_would_have(desk, kind):
    columns = COLUMNS | {"CYC_ORDER": pa.array([1, 2.5, None, float("nan"), -3] * 10).cast(kind)}
    assert desk.land_bytes(parquet(columns)).loaded == 50
    assert desk.rows("select distinct cyc_order from raw.ca_doj order by 1") == [("",), ("-3",), ("1",), ("2.5",)]


def test_a_page_of_parquet_that_is_not_what_its_checksum_says_refuses_the_file(desk):
    out = pa.BufferOutputStream()
    table = pa.table({name: pa.array([f"NAME{row}" for row in range(50)]) for name in DOJ.headers})
    pq.write_table(table, out, compression="none", use_dictionary=False, write_page_checksum=True)
    data = out.getvalue().to_pybytes()
    (line,) = refused(desk, data.replace(b"NAME7", b"NAME8", 1))
    assert "damaged Parquet" in line
    assert desk.land_bytes(data, "whole.parquet").loaded == 50


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (spoilt(parquet(COLUMNS), 60), "damaged Parquet"),
        (parquet(COLUMNS)[:-1], "damaged Parquet"),
        (parquet(COLUMNS)[:2000], "damaged Parquet"),
        (b"PAR1", "damaged Parquet"),
        (b"PARE" + parquet(COLUMNS)[4:-4] + b"PARE", "an encrypted Parquet"),
        (parquet({}), "is empty"),
        (parquet(COLUMNS, ["RECORD_ID", *DOJ.headers[:-1]]), "has record_id twice"),
        (parquet(COLUMNS | {"RECORD_ID": [b"\xff\xfe"] * 50}), "damaged Parquet"),
    ],
    ids=["page", "cut by a byte", "cut", "magic only", "encrypted", "no columns", "a name twice", "no text"],
)
def test_a_parquet_file_that_cannot_be_read_stops_only_itself(desk, data, says):
    (line,) = refused(desk, data)
    assert says in line


def test_parquet_with_bytes_turned_over_never_ends_in_a_traceback(desk):
    rng = random.Random(12)  # noqa: S311  (repeatable on purpose, and not for security)
    small = parquet({name: COLUMNS[name] for name in list(COLUMNS)[:6]})
    paths = [desk.put(f"{number}.parquet", spoilt(small, rng.randrange(4, len(small) - 4))) for number in range(60)]
    with pytest.raises(ReliefError, match="files were refused"):
        desk.land(*paths, dry_run=True)


def test_the_command_ends_with_one_line_and_not_with_a_traceback(desk):
    archive = zipped(("one.csv", FILE), method=zipfile.ZIP_LZMA)
    bad = desk.put("bad.zip", spoilt(archive, len(archive) // 2))
    result = relief(desk.home.path, "land", "--source", "ca_doj", str(bad), str(desk.put("after.csv", AFTER)))
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "refused: bad.zip, member 1 (one.csv) is a damaged or truncated zip file" in result.stdout
    assert desk.subjects() == [99]
