"""What the manifest promises when a file is landed twice or again, with a date, or together with other files."""

import shutil
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from relief.errors import ReliefError
from relief.home import open_warehouse
from relief.landing import catalog, deliver, enter, incoming, land, parquet
from relief.landing.layout import all_sources
from tests.python.support.landing_files import AS_OF, HEADER, Desk, doj_file, doj_record, gzipped

FIRST = doj_file([doj_record(1), doj_record(2)])
SECOND = doj_file([doj_record(1), doj_record(2), doj_record(3)])


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_the_same_content_is_landed_once(desk):
    first = desk.land_bytes(FIRST)
    for data, name in [(FIRST, "extract.csv"), (FIRST, "renamed.dat"), (gzipped(FIRST), "packed.gz")]:
        again = desk.land_bytes(data, name)
        assert (again.already_landed, again.delivery_id, again.records) == (True, first.delivery_id, 2)
        assert "already landed" in desk.lines[0]
    assert desk.rows("select count(*) from raw.deliveries") == [(1,)]
    assert desk.subjects() == [1, 2]


def test_the_same_file_named_twice_in_one_call_is_landed_once(desk):
    path = desk.put("extract.csv", FIRST)
    assert [result.already_landed for result in desk.land(path, path)] == [False, True]
    assert desk.subjects() == [1, 2]


def test_landing_again_keeps_the_as_of_date_and_says_so(desk):
    desk.land_bytes(FIRST)
    desk.land_bytes(FIRST, as_of=date(2021, 1, 1))
    assert "2021-01-01 was not taken over" in desk.lines[0]
    assert desk.rows("select as_of_date from raw.deliveries") == [(AS_OF,)]


def test_without_as_of_the_landing_date_is_used_and_said(desk):
    desk.land_bytes(FIRST, as_of=None)
    ((as_of, given, landed_at),) = desk.rows("select as_of_date, as_of_given, landed_at from raw.deliveries")
    assert (as_of, given) == (landed_at.date(), False)
    assert "the landing date: no --as-of was given" in desk.lines[0]


def test_a_forgotten_as_of_date_can_be_given_by_landing_again(desk):
    desk.land_bytes(FIRST, as_of=None)
    desk.land_bytes(FIRST, as_of=date(2021, 1, 1))
    assert "its as-of date is now 2021-01-01" in desk.lines[0]
    assert desk.rows("select as_of_date, as_of_given, count(*) over () from raw.deliveries") == [
        (date(2021, 1, 1), True, 1)
    ]


def test_an_as_of_date_in_the_future_is_refused(desk):
    with pytest.raises(ReliefError, match="in the future"):
        desk.land_bytes(FIRST, as_of=datetime.now(UTC).date() + timedelta(days=2))
    assert not desk.home.warehouse.exists()


def test_a_superseding_delivery_replaces_the_earlier_one(desk):
    first = desk.land_bytes(FIRST)
    second = desk.land_bytes(SECOND, supersedes=first.delivery_id)
    assert any(line.strip() == f"supersedes {first.delivery_id}" for line in desk.lines)
    assert desk.subjects() == [1, 2, 3]
    rows = desk.rows("select delivery_id, status, supersedes, superseded_by from raw.deliveries order by landed_at")
    assert rows == [
        (first.delivery_id, "superseded", None, second.delivery_id),
        (second.delivery_id, "landed", first.delivery_id, None),
    ]
    desk.land_bytes(FIRST)
    assert f"superseded by {second.delivery_id}" in desk.lines[0]
    assert desk.subjects() == [1, 2, 3]


def test_a_file_landed_without_supersedes_can_be_landed_again_with_it(desk):
    first = desk.land_bytes(FIRST)
    desk.land_bytes(SECOND)
    again = desk.land_bytes(SECOND, supersedes=first.delivery_id)
    assert again.already_landed
    assert desk.subjects() == [1, 2, 3]
    desk.land_bytes(SECOND, supersedes=first.delivery_id)
    assert desk.lines == [desk.lines[0]]


def test_a_file_of_which_nothing_loads_replaces_no_delivery(desk):
    first = desk.land_bytes(FIRST)
    nothing = HEADER + b"\n"
    for data in (nothing, doj_file([b"short", b""])):
        with pytest.raises(ReliefError, match=f"leave nothing in place of the 2 rows of {first.delivery_id}"):
            desk.land_bytes(data, supersedes=first.delivery_id)
        assert desk.rows("select count(*) from raw.deliveries") == [(1,)]
        assert len(list(desk.home.landing.rglob("*.parquet"))) == 1
    empty = desk.land_bytes(nothing)
    with pytest.raises(ReliefError, match="nothing was changed: ask for the file again"):
        desk.land_bytes(nothing, supersedes=first.delivery_id)
    assert desk.subjects() == [1, 2]
    desk.land_bytes(SECOND, supersedes=empty.delivery_id)  # a delivery without rows may be replaced
    assert sorted(desk.subjects()) == [1, 1, 2, 2, 3]


def test_a_subject_in_several_deliveries_keeps_each_ones_rows(desk):
    first = desk.land_bytes(FIRST, as_of=date(2019, 1, 1))
    second = desk.land_bytes(SECOND, as_of=date(2020, 1, 1))
    rows = desk.rows("select delivery_id, row_no from raw.ca_doj where subject_id = '1' order by 1")
    assert rows == sorted([(first.delivery_id, 1), (second.delivery_id, 1)])
    assert desk.rows("select as_of_date from raw.deliveries order by 1") == [(date(2019, 1, 1),), (date(2020, 1, 1),)]


def test_what_cannot_be_superseded_is_refused(desk):
    first = desk.land_bytes(FIRST)
    second = desk.land_bytes(SECOND, supersedes=first.delivery_id)
    third = doj_file([doj_record(7)])
    sentences = b"extract_label,case_number,defendant_number,count_number,sentence_order,sentence_type,sentence_length,"
    court = desk.land_bytes(sentences + b"sentence_unit\n", source="la_court")
    for data, older, says in [
        (third, "ca_doj-000000000000", "there is no delivery"),
        (third, first.delivery_id, f"already superseded by {second.delivery_id}"),
        (third, court.delivery_id, "is a delivery of la_court_sentences"),
        (SECOND, second.delivery_id, "cannot replace itself"),
        (FIRST, second.delivery_id, "is itself superseded"),
    ]:
        with pytest.raises(ReliefError, match=says):
            desk.land_bytes(data, supersedes=older)
    with pytest.raises(ReliefError, match="by one file"):
        desk.land(desk.put("a.csv", FIRST), desk.put("b.csv", third), supersedes=second.delivery_id)
    assert desk.subjects() == [1, 2, 3]


def test_of_several_files_the_good_ones_stay_and_each_refusal_is_a_line(desk):
    paths = [
        desk.put("good.csv", FIRST),
        desk.put("foreign.csv", b"NAME,AGE\nA,1\n"),
        desk.inbox / "missing.csv",
        desk.put("also_good.csv", SECOND),
    ]
    with pytest.raises(ReliefError, match="2 of 4 files were refused"):
        desk.land(*paths)
    refused = [line for line in desk.lines if line.startswith("refused: ")]
    assert len(refused) == 2
    assert "foreign.csv" in refused[0]
    assert "missing.csv" in refused[1]
    assert desk.rows("select file_name from raw.deliveries order by 1") == [("also_good.csv",), ("good.csv",)]


def test_two_homes_stand_side_by_side(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = Desk(tmp_path / "one"), Desk(tmp_path / "two")
    one.land_bytes(FIRST)
    two.land_bytes(SECOND)
    assert (one.subjects(), two.subjects()) == ([1, 2], [1, 2, 3])


def test_a_home_may_be_moved(desk):
    desk.land_bytes(FIRST)
    desk.home.path.rename(desk.home.path.with_name("it's (moved) a=b"))
    moved = type(desk.home)(desk.home.path.with_name("it's (moved) a=b"))
    with open_warehouse(moved) as connection:
        catalog.ensure_raw(connection, moved)
        assert connection.execute("select count(*) from raw.ca_doj").fetchone() == (2,)


def test_a_copy_of_a_home_reads_its_own_parquet_before_it_is_checked(desk):
    desk.land_bytes(FIRST)
    copy = type(desk.home)(shutil.copytree(desk.home.path, desk.home.path.with_name("it's a copy")))
    view = "select sql from duckdb_views() where view_name = 'ca_doj'"
    for home, stale in ((copy, True), (copy, False), (desk.home, False)):
        with open_warehouse(home, read_only=True) as connection:
            before = connection.execute(view).fetchall()
        catalog.renew_views_of_a_copy(home)
        with open_warehouse(home, read_only=True) as connection:
            after = connection.execute(view).fetchall()
        assert (before != after) is stale
    shutil.rmtree(desk.home.path)
    desk.home = copy
    assert desk.subjects() == [1, 2]


@pytest.mark.parametrize("name", ["data*", "data?", "data[1]", "[!a]/data"])
def test_a_home_that_duckdb_would_read_as_a_pattern_is_refused(desk, name):
    home = type(desk.home)(desk.inbox / name)
    with pytest.raises(ReliefError, match=r"^RELIEF_HOME .*: name a folder without \*, \? and \[ in its path$"):
        land(home, "ca_doj", [desk.put("extract.csv", FIRST)], AS_OF, None, desk.lines.append)
    assert [path.name for path in desk.inbox.iterdir()] == ["extract.csv"]


def test_raw_is_there_typed_and_empty_before_the_first_landing(desk):
    desk.home.create()
    with open_warehouse(desk.home) as connection:
        catalog.ensure_raw(connection, desk.home)
        catalog.ensure_raw(connection, desk.home)
        for table in [table for source in all_sources() for table in source.tables]:
            relation = connection.sql(f"select * from raw.{table.name}")
            assert relation.columns == ["delivery_id", "row_no", *table.columns]
            assert set(map(str, relation.types)) == {"VARCHAR", "BIGINT"}
            assert relation.fetchall() == []
    assert desk.rows("select count(*) from raw.deliveries") == [(0,)]


def test_a_view_has_the_same_columns_when_empty_and_when_filled(desk):
    desk.home.create()
    with open_warehouse(desk.home) as connection:
        catalog.ensure_raw(connection, desk.home)
    empty = desk.rows("describe raw.ca_doj")
    desk.land_bytes(FIRST)
    assert desk.rows("describe raw.ca_doj") == empty


def test_a_lost_parquet_file_is_said(desk):
    result = desk.land_bytes(FIRST)
    next(desk.home.landing.rglob("*.parquet")).unlink()
    with pytest.raises(ReliefError, match=f"{result.delivery_id} is gone"):
        desk.land(desk.put("second.csv", SECOND))


def test_a_failing_transaction_leaves_no_half_delivery(desk, monkeypatch):
    desk.land_bytes(FIRST)
    real = catalog.refresh_views
    calls = []

    def failing(connection, home):
        calls.append(1)
        if len(calls) == 2:  # call 1 makes the schema, call 2 is for the delivery
            raise duckdb.IOException("no space left")
        real(connection, home)

    monkeypatch.setattr(catalog, "refresh_views", failing)
    with pytest.raises(ReliefError, match="could not be landed: IOException"):
        desk.land(desk.put("second.csv", doj_file([doj_record(3), b"short"])))
    monkeypatch.undo()
    assert desk.rows("select count(*) from raw.deliveries") == [(1,)]
    assert desk.rows("select count(*) from raw.rejects") == [(0,)]
    assert desk.land_bytes(doj_file([doj_record(3), b"short"])).rejected == 1
    assert sorted(desk.subjects()) == [1, 2, 3]


def grow(path):
    path.write_bytes(SECOND)


def rewrite(path):
    path.write_bytes(FIRST.replace(b"DOE", b"ROE"))  # the same number of bytes


def replace(path):
    other = path.with_name("other.csv")
    other.write_bytes(FIRST.replace(b"DOE", b"ROE"))
    other.replace(path)


@pytest.mark.parametrize("change", [grow, rewrite, replace])
def test_a_file_that_changes_while_it_is_read_is_refused(desk, monkeypatch, change):
    path = desk.put("growing.csv", FIRST)
    real = deliver.survey

    def survey_then_grow(content, tell):
        found = real(content, tell)
        change(path)
        return found

    monkeypatch.setattr(deliver, "survey", survey_then_grow)
    with pytest.raises(ReliefError, match="changed while it was being read"):
        desk.land(path)
    monkeypatch.undo()
    assert desk.rows("select count(*) from raw.deliveries") == [(0,)]
    assert HEADER in path.read_bytes()


def test_a_folder_that_cannot_be_written_is_one_line(desk, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    for module, place in ((incoming, "_make_private"), (incoming, "_synchronize"), (enter, "ParquetSink")):
        with monkeypatch.context() as patch:
            patch.setattr(module, place, full)
            with pytest.raises(ReliefError, match="No space left on device"):
                desk.land(desk.put("extract.csv", FIRST))
    assert desk.land_bytes(FIRST).loaded == 2


def test_a_writer_that_fails_in_its_thread_is_one_line(desk, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(parquet.pq, "ParquetWriter", full)
        with pytest.raises(ReliefError, match="No space left on device"):
            desk.land(desk.put("extract.csv", FIRST))
    assert desk.land_bytes(FIRST).loaded == 2
