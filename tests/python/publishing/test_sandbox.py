"""The SQL sandbox: one SELECT over the research release, and no access to anything else on the machine."""

import csv
import importlib
import io
import json
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home
from relief.publishing import current_release, publish
from relief.sandbox import child, query, run_and_print, show
from tests.python.publishing import published_warehouse as warehouse

query_module = importlib.import_module("relief.sandbox.query")  # the package's function has the same name


def quiet(_line: str) -> None:
    """Discard the line."""


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


@pytest.mark.parametrize(
    "sql",
    [
        "show tables",
        "describe release_info",
        "desc release_info",
        "summarize published_figures",
        "explain select county from release_info",
        "pivot rpt_dismissals_by_year_and_offense on level using sum(dismissals) group by year",
        "pivot rpt_dismissals_by_year_and_offense on level in ('felony') using sum(dismissals) group by year",
        "with z as (from rpt_people_outcomes) pivot z on basis_type, unit using sum(cannot_tell)",
        "unpivot release_info on county, kind into name n value v",
        "table release_info",
        "select timestamptz '2020-01-01', uuid(), 1.5::decimal(4, 2), interval 1 day, [1], {'a': 1}, 'x'::blob",
    ],
)
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
        "explain analyze select 1",
        "explain (format json) select 1",
        "explain insert into release_info select * from release_info",
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
    # The child's checks run in this process, because a child process for each would take a second.
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
    with pytest.raises(ReliefError, match=r"took more than 2 s and was stopped"):
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


def test_a_long_answer_is_cut_and_says_so(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = query(home, "select * from range(50)", max_rows=10)
    assert answer.is_cut
    assert len(answer.rows) == 10
    assert not query(home, "select * from range(10)", max_rows=10).is_cut
    run_and_print(home, "select * from range(10001)", as_csv=True)
    assert len(capsys.readouterr().out.splitlines()) == 10_002, "CSV is whole"
    monkeypatch.setattr(show, "query", partial(query, max_rows=500))
    run_and_print(home, "select * from range(501)", as_csv=False)
    assert "cut after 500 rows" in capsys.readouterr().out, "beside the rows, so that it goes wherever they go"


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


def test_no_value_and_no_column_steers_the_terminal(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select chr(27) || '[2J' as a, 'x' || chr(8238) || chr(13) || chr(155) as \"b\x1b[0m\""
    for as_csv in (False, True):
        run_and_print(home, sql, as_csv=as_csv)
        printed = capsys.readouterr()
        assert not set(printed.out + printed.err) & {"\x1b", "\u202e", "\r", "\x9b"}
        assert r"\x1b[2J" in printed.out
        assert r"b\x1b[0m" in printed.out


def test_a_value_too_long_for_a_table_is_cut_and_said(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_and_print(home, "select repeat('x', 5000) as a", as_csv=False)
    printed = capsys.readouterr().out
    assert "x" * 999 + "…" in printed
    assert "x" * 1001 not in printed
    assert "cut after 1,000 characters" in printed
    monkeypatch.setattr(show, "MOST_PRINTED", 100_000)
    run_and_print(home, "select repeat('x', if(i = 0, 900, 1)) as a from range(900) t(i)", as_csv=False)
    printed = capsys.readouterr().out
    assert "only the first 110 rows are shown" in printed
    assert len(printed) < 110_000


def test_a_file_is_written_whole_with_what_it_is_and_never_over_another(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.parquet"
    run_and_print(
        home, "select sum(i) as s, count(*) as n from range(12000) t(i) group by i", as_csv=False, parquet=file
    )
    assert "wrote 12,000 rows" in capsys.readouterr().out
    held = pq.read_table(file)
    assert held.num_rows == 12_000
    assert held.schema.metadata[b"notice"].startswith(b"SYNTHETIC DATA")
    before = file.read_bytes()
    with pytest.raises(ReliefError, match="exists and is not overwritten"):
        run_and_print(home, "select 1", as_csv=False, parquet=file)
    for sql, why in (
        ("select interval 1 day", "a type that Parquet does not have"),
        ("select no_such_column from release_info", "Candidate bindings"),
        ("select * from range(1000001)", "more than 1,000,000 rows"),
    ):
        with pytest.raises(ReliefError, match=why):
            run_and_print(home, sql, as_csv=False, parquet=tmp_path / "b.parquet")
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_an_answer_larger_than_the_bound_is_not_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_module, "MAX_ANSWER", 100_000)
    with pytest.raises(ReliefError, match="too large"):
        query(home, "select repeat('x', 1000) from range(1000)")


def test_a_missing_fence_is_said(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = query_module.Answer(["a"], [[1]], is_cut=False, about="about", missing=["Landlock", "seccomp"])
    monkeypatch.setattr(show, "query", lambda *_args, **_named: answer)
    run_and_print(home, "select 1", as_csv=False)
    assert "does not give the query's process: Landlock, seccomp" in capsys.readouterr().err


ESCAPE = """
import json, os, socket, sys
from pathlib import Path
from relief.sandbox.confine import confine
missing = confine(Path("seen"))
def tried(act):
    try:
        act()
    except OSError:
        return "refused"
    return "done"
print(json.dumps([missing, [tried(act) for act in (
    lambda: open("seen").read(),
    lambda: open("hidden").read(),
    lambda: os.listdir("."),
    lambda: open("seen", "a"),
    lambda: socket.socket(),
    os.fork,
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.kill(os.getppid(), 0),
)]]))
"""


def test_the_operating_system_closes_all_but_the_one_file(tmp_path: Path) -> None:
    for name in ("seen", "hidden"):
        (tmp_path / name).write_text(name)
    child = subprocess.run(
        [sys.executable, "-c", ESCAPE],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT_DIR)},
    )
    missing, results = json.loads(child.stdout)
    assert results[0] == "done"
    if "Landlock" not in missing:
        assert results[1:4] == ["refused"] * 3
    if "seccomp" not in missing:
        assert results[4:] == ["refused"] * 4


def test_the_examples_of_the_guide_run(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = current_release(home)
    assert release is not None
    shutil.copy(home.releases / release.research, tmp_path / "research.duckdb")
    shutil.copytree(home.releases / f"research-{release.release_id}", tmp_path / "research")
    monkeypatch.chdir(tmp_path)
    guide = (PROJECT_DIR / "docs/researchers-guide.md").read_text()
    [example] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102  (example code of this repository)
    assert len(names["known"]) > 0  # type: ignore[arg-type]
    assert len(names["decades"]) > 0  # type: ignore[arg-type]
    for statement in re.findall(r"```sql\n(.*?)```", guide, re.DOTALL):
        assert query(home, statement).rows


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
