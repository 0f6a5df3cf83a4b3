"""The SQL sandbox: one SELECT over the research release, and nothing else of the machine."""

import csv
import io
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from relief.errors import ReliefError
from relief.home import Home
from relief.publishing import current_release, publish
from relief.sandbox import child, query, run_and_print
from tests.python import published_warehouse as warehouse


def quiet(_line: str) -> None:
    """Report to no one."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("sandbox"))
    warehouse.build(home.warehouse)
    publish(home, None, quiet)
    (home.path / "secret.csv").write_text("a\nkept-inside\n")
    shutil.copy(home.path / "secret.csv", home.releases / "secret.csv")
    return home


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select 1 as one, 'a' as letter, null as nothing, 1.5::double as number", [[1, "a", None, 1.5]]),
        ("with z as (select 2 as two) select * from z", [[2]]),
        ("from release_info select kind", [["research"]]),
        ("-- a comment\nselect count(*) from main.published_figures;", [[1]]),
        ("with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select max(n) from r", [[5]]),
        ("select x.unit from rpt_people_outcomes x join release_info using (is_synthetic) limit 1", [["people"]]),
        ("select count(*) from range(3)", [[3]]),
        ("values (1), (2)", [[1], [2]]),
        ("select date '2021-12-31'", [["2021-12-31"]]),
    ],
)
def test_a_select_is_answered(sql: str, rows: list[list[object]], home: Home) -> None:
    assert query(home, sql).rows == rows


@pytest.mark.parametrize("sql", ["show tables", "describe release_info", "summarize published_figures"])
def test_the_tables_can_be_looked_up(sql: str, home: Home) -> None:
    assert query(home, sql).rows


def test_only_the_suppressed_release_is_there(home: Home) -> None:
    tables = {row[0] for row in query(home, "show tables").rows}
    assert "delivery_quality" not in tables
    assert query(
        home, "select count(*) from rpt_dismissals_by_year_and_offense where dismissals < 11 and dismissals > 0"
    ).rows == [[0]]
    assert query(home, "select count(*) from rpt_dismissals_by_year_and_offense where mark = 'suppressed'").rows[0][0]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from '{home}/secret.csv'",
        "select * from 'secret.csv'",
        "select * from read_csv('{home}/secret.csv')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('secret.csv')",
        "select * from read_parquet('x')",
        "select * from glob('*')",
        "select * from '{home}/warehouse.duckdb'",
        "select * from parquet_metadata('x')",
        "attach '{home}/warehouse.duckdb' as w",
        "attach ':memory:' as w",
        "copy release_info to '{home}/out.csv'",
        "copy (select 1) to 'out.csv'",
        "export database '{home}/out'",
        "install httpfs",
        "load httpfs",
        "set threads = 8",
        "reset threads",
        "set enable_external_access = true",
        "pragma database_list",
        "pragma enable_profiling",
        "call pragma_version()",
        "use memory",
        "checkpoint",
        "vacuum",
        "begin",
        "prepare p as select 1",
        "explain select 1",
        "explain analyze select 1",
        "insert into release_info select * from release_info",
        "update release_info set kind = 'x'",
        "delete from release_info",
        "drop table release_info",
        "create table x as select 1",
        "create temp table x as select 1",
        "create macro m() as 1",
        "create secret s (type s3)",
        "select 1; select 2",
        "select 1; drop table release_info",
        "select * from query('select 1')",
        "select * from query_table('release_info')",
        "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
        "select current_setting('temp_directory')",
        "select getenv('HOME')",
        "select * from duckdb_settings()",
        "select * from duckdb_settings",
        "select path from duckdb_databases",
        "select path from main.duckdb_databases",
        "select path from system.main.duckdb_databases",
        "select (select max(path) from duckdb_databases)",
        "select 1 where exists (from duckdb_secrets())",
        "with duckdb_databases as (select 1) select path from main.duckdb_databases",
        "with duckdb_databases as (select 1) select path from system.main.duckdb_databases",
        "select * from (with duckdb_databases as (select 1) from duckdb_databases) as a, duckdb_databases",
        "describe duckdb_settings",
        "select * from pg_catalog.pg_settings",
        "select * from sqlite_master",
        "select * from pragma_storage_info('release_info')",
        "",
        ";",
        "selec 1",
        "select * from no_such_table",
        "select no_such_column from release_info",
    ],
)
def test_everything_else_is_refused_in_one_line_that_names_no_path(
    sql: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Asked as the child asks, in this process: a child for each would take a second.
    before = sorted(path.name for path in home.releases.iterdir())
    release = current_release(home)
    assert release is not None
    monkeypatch.chdir(home.releases)
    text = child.answer({"file": release.research, "sql": sql.format(home=home.path), "rows": 10})["error"]
    assert "\n" not in text
    assert "Traceback" not in text
    assert "kept-inside" not in text
    assert str(home.path) not in text or str(home.path) in sql.format(home=home.path)
    assert sorted(path.name for path in home.releases.iterdir()) == before


@pytest.mark.parametrize("sql", ["attach 'x.duckdb' as x", "select * from 'secret.csv'", "select 1; select 2", "selec"])
def test_a_refusal_is_one_clear_line(sql: str, home: Home) -> None:
    with pytest.raises(ReliefError, match=r"^query refused: ") as caught:
        query(home, sql)
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("sql", ["show databases", "show all tables", "select * from information_schema.tables"])
def test_what_can_be_looked_up_does_not_tell_where_the_files_are(sql: str, home: Home) -> None:
    assert str(home.path) not in json.dumps(query(home, sql).rows)


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from range(1000000000000) as a(i) where hash(i) % 7 = 3",
        "with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r",
        "select sum(length(repeat(i::varchar, 1000000))) from range(1000000) as a(i)",
    ],
)
def test_a_query_that_does_not_end_is_stopped(sql: str, home: Home) -> None:
    with pytest.raises(ReliefError, match="was stopped"):
        query(home, sql, max_seconds=2)


@pytest.mark.parametrize(
    "sql",
    [
        "select repeat('x', 4000000000)",
        "select list(i) from range(10000000000) as a(i)",
        "select i, repeat('x', 1000000) from range(200) as a(i)",
    ],
)
def test_a_query_that_wants_too_much_is_refused_in_one_line(sql: str, home: Home) -> None:
    with pytest.raises(ReliefError, match=r"^(query refused|the query)") as caught:
        query(home, sql, max_seconds=20)
    assert "\n" not in str(caught.value)


def test_a_long_answer_is_cut_and_says_so(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    answer = query(home, "select * from range(50)", max_rows=10)
    assert answer.is_cut
    assert len(answer.rows) == 10
    assert not query(home, "select * from range(10)", max_rows=10).is_cut
    run_and_print(home, "select * from range(10001)", as_csv=True)
    assert "cut after 10,000 rows" in capsys.readouterr().err


def test_the_answer_is_preceded_by_what_it_is(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    run_and_print(home, "select kind from release_info", as_csv=False)
    printed = capsys.readouterr()
    release = current_release(home)
    assert release is not None
    assert printed.err.startswith("SYNTHETIC DATA")
    assert "2021-12-31" in printed.err
    assert release.release_id in printed.err
    assert "research" in printed.out
    assert "SYNTHETIC" not in printed.out


def test_csv_holds_no_formula_and_keeps_numbers(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    run_and_print(home, "select '=1+1' as a, '@x' as \"=b\", -5 as c, null as d, 'a,\"b' as e", as_csv=True)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["a", "'=b", "c", "d", "e"], ["'=1+1", "'@x", "-5", "", 'a,"b']]


def test_a_wide_table_is_not_cut_where_nobody_has_a_screen(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    run_and_print(home, "select repeat('x', 150) as a, repeat('y', 150) as b", as_csv=False)
    assert "x" * 150 in capsys.readouterr().out


def test_a_python_file_among_the_releases_is_not_run(home: Home) -> None:
    planted = home.releases / "duckdb.py"
    planted.write_text("raise SystemExit('taken over')\n")
    try:
        assert query(home, "select 1").rows == [[1]]
    finally:
        planted.unlink()


def test_no_release_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="no release to query yet"):
        query(Home(tmp_path), "select 1")


def test_a_damaged_release_is_one_clear_line(home: Home, tmp_path: Path) -> None:
    broken = Home(tmp_path)
    shutil.copytree(home.releases, broken.releases)
    release = current_release(broken)
    assert release is not None
    (broken.releases / release.research).write_bytes(b"not a database")
    with pytest.raises(ReliefError, match=r"^query refused") as caught:
        query(broken, "select 1")
    assert str(tmp_path) not in str(caught.value)


def test_the_release_is_not_changed_by_any_query(home: Home) -> None:
    release = current_release(home)
    assert release is not None
    before = (home.releases / release.research).read_bytes()
    query(home, "from rpt_people_outcomes")
    assert (home.releases / release.research).read_bytes() == before
    with duckdb.connect(str(home.releases / release.research), read_only=True) as reader:
        assert reader.execute("select 1").fetchone() == (1,), "readers share the file"
