"""Which statements the sandbox accepts: allowed parts in any nesting, and no statement with a hostile part."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from relief.sandbox import allowed
from relief.sandbox.denied import DeniedError
from relief.sandbox.limits import MAX_DEPTH, MAX_LENGTH
from relief.sandbox.statement import one_line, single_select

SEED = 20200211
TABLES = {
    "release_info": ("kind", "county", "release_id"),
    "published_figures": ("metric", "unit", "value"),
    "information_schema.tables": ("table_name", "table_schema"),
}
HOSTILE_TABLES = (
    "'/etc/passwd'",
    "'secret.csv'",
    '"../warehouse.duckdb"',
    "duckdb_settings",
    "duckdb_settings()",
    "main.duckdb_databases",
    "system.main.duckdb_secrets",
    "pg_catalog.pg_settings",
    "pg_tables",
    "sqlite_master",
    "pragma_database_list",
    "information_schema.character_sets",
    "warehouse.marts.fct_convictions",
    "memory.main.release_info",
    "temp.release_info",
    "read_csv('/etc/passwd')",
    "read_text('x')",
    "read_blob('*')",
    "read_parquet('x')",
    "read_json_auto('x')",
    "read_duckdb('x.duckdb')",
    "parquet_scan('x')",
    "parquet_metadata('x')",
    "parquet_kv_metadata('x')",
    "sniff_csv('x')",
    "glob('*')",
    "query('select 1')",
    "query_table('release_info')",
    "json_execute_serialized_sql('{}')",
    "pragma_storage_info('release_info')",
    "pragma_table_info('release_info')",
    "pragma_database_size()",
    "pragma_user_agent()",
    "duckdb_tables()",
    "duckdb_functions()",
    "duckdb_memory()",
    "duckdb_logs()",
    "duckdb_variables()",
    "which_secret('x', 's3')",
    "seq_scan('release_info')",
    "arrow_scan(1, 2, 3)",
    "pandas_scan(1)",
    "python_map_function(1)",
    "icu_calendar_names()",
    "test_all_types()",
    "checkpoint()",
    "force_checkpoint()",
    "enable_logging()",
    "truncate_duckdb_logs()",
    "no_such_function(1)",
)
HOSTILE_VALUES = (
    "getenv('HOME')",
    "current_setting('temp_directory')",
    "getvariable('x')",
    "json_serialize_sql('select 1')",
    "json_deserialize_sql('{}')",
    "json_serialize_plan('select 1')",
    "sleep_ms(1000)",
    "pg_sleep(1)",
    "write_log('x')",
    "parse_duckdb_log_message('x', 'y')",
    "stats(1)",
    "setseed(0.5)",
    "nextval('s')",
    "currval('s')",
    "txid_current()",
    "current_connection_id()",
    "current_query()",
    "current_schemas(true)",
    "in_search_path('x', 'y')",
    "get_block_size('x')",
    "pg_get_viewdef(1)",
    "has_table_privilege('x', 'y')",
    "inet_client_addr()",
    "pg_postmaster_start_time()",
    "vector_type(1)",
    "create_sort_key(1, 'asc')",
    "st_asbinary(1)",
    "parse_path('a/b')",
    "url_decode('x')",
    "remap_struct(1, 2, 3, 4)",
    "combine(1, 2)",
    "finalize(1)",
    "uuid_extract_timestamp(uuid())",
    "no_such_function(1)",
    "('x').getenv()",
    "\"getenv\"('HOME')",
    "GETENV('HOME')",
    "system.main.getenv('HOME')",
    "other.sum(1)",
)
HOSTILE_STATEMENTS = (
    "attach 'x' as y",
    "attach ':memory:'",
    "detach y",
    "copy release_info to 'x'",
    "copy release_info from 'x'",
    "copy (select 1) to '/dev/stdout'",
    "export database 'x'",
    "import database 'x'",
    "install httpfs",
    "force install httpfs from 'x'",
    "load 'x.so'",
    "set threads = 8",
    "set variable x = 1",
    "reset threads",
    "pragma database_list",
    "pragma show_tables",
    "call pragma_version()",
    "call dbgen(sf = 1)",
    "use memory",
    "checkpoint",
    "vacuum",
    "analyze",
    "begin",
    "commit",
    "rollback",
    "prepare p as select 1",
    "execute p",
    "deallocate p",
    "insert into release_info values (1)",
    "update release_info set kind = 'x'",
    "delete from release_info",
    "truncate release_info",
    "merge into release_info using release_info as x on true when matched then delete",
    "drop table release_info",
    "alter table release_info add column x int",
    "create table x as select 1",
    "create temp table x (a int)",
    "create view x as select 1",
    "create macro m() as 1",
    "create macro m() as table select 1",
    "create type t as enum ('a')",
    "create sequence s",
    "create secret s (type s3)",
    "create schema x",
    "create index i on release_info (kind)",
    "comment on table release_info is 'x'",
    "explain analyze select 1",
    "explain (analyze) select 1",
    "explain delete from release_info",
    "explain explain select 1",
    "show variables",
    "show tables from system",
    "select 1; select 2",
    "select 1; attach 'x' as y",
    "/* select */ attach 'x' as y",
    "-- select 1\ndrop table release_info",
    "(attach 'x')",
    "select",
    "",
    ";",
    " \n\t",
    "--",
    "pivot 'x.csv' on a using sum(b)",
    "pivot duckdb_settings on name using sum(value)",
    "pivot release_info on getenv(kind) using count(*)",
    "pivot release_info on kind using getenv(county)",
    "unpivot duckdb_settings on name, value",
    "summarize 'x.csv'",
    "summarize duckdb_settings",
    "describe duckdb_secrets",
    "describe select getenv('x')",
    "table duckdb_settings",
    "from duckdb_settings select name",
    "values (getenv('x'))",
    "select * from release_info at (timestamp => getenv('x'))",
    "select * from (values (1)) as t(a) order by getenv('x')",
    "select 1 limit getenv('x')",
    "select sum(value) over (order by getenv('x')) from published_figures",
    "select count(*) filter (getenv('x') = '') from release_info",
    "select [getenv(x) for x in ['HOME']]",
    "select list_transform(['HOME'], lambda x: getenv(x))",
    "select columns(c -> getenv(c) = '') from release_info",
    "select case when true then getenv('x') end",
    "select * replace (getenv('x') as kind) from release_info",
    "select exists (from duckdb_settings)",
    "select 1 union all select path from duckdb_databases",
    "select * from release_info positional join duckdb_settings",
    "select * from release_info asof join duckdb_settings using (kind)",
    "select * from release_info, lateral (select getenv(kind))",
)
SCOPES = (
    "with duckdb_settings as (select 1) select * from duckdb_settings",
    "with x as (select * from x) select * from x",
    "with a as (select * from b), b as (select 1 as i) select * from a",
    "select * from (with hidden as (select 1) from hidden) as a, hidden",
    "with recursive r as (select * from r union all select 1) select * from r",
    "with a as (select 1) select (with b as (select 2) select count(*) from b), (select count(*) from b) from a",
    "select * from (with b as (select 1) from b) as a union all from b",
    "with a as (select 1) select * from main.a",
)
SCOPED = (
    "with a as (select 1 as i), b as (select * from a) select * from b union all from a",
    "with release_info as (select 7 as x) select x from release_info",
    "with release_info as (select kind from release_info) select kind from release_info",
    "with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select max(n) from r",
    "with a as (select 1 as i) select (with b as (select * from a) select count(*) from b) from a",
    "with tables as (select 1 as i), columns as (select 2 as i) from tables, columns",
    "with A as (select 1 as i) select * from a",
    "select (select count(*) from x) from (select 1), (with y as (select 2) from y) as x2, release_info as x "
    "where false or true".replace("from x)", "from release_info)"),
)


@pytest.fixture(scope="module")
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables like those of a release, and one that a query must not read."""
    with duckdb.connect() as connection:
        connection.execute("create table release_info as select 'research' as kind, 'X' as county, 'i' as release_id")
        connection.execute("create table published_figures as select 'm' as metric, 'people' as unit, 5 as value")
        yield connection


def refused(release: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Why a statement is refused, or an empty text if it is not."""
    try:
        single_select(release, sql)
    except DeniedError as error:
        return str(error)
    except duckdb.Error as error:
        return one_line(error)
    return ""


class Queries:
    """Random statements of allowed parts; a part given as `hostile` occurs once, at a random place."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (repeatable on purpose, and not for security)
        self.names = 0

    def statement(self, hostile: str = "") -> str:
        """Draw one random statement."""
        self.names = 0
        text = self.query(self.random.randint(1, 4), [])
        if not hostile:
            return text
        wrapped = f"select count(*) from {hostile}" if hostile in HOSTILE_TABLES else f"select {hostile}"
        kind = self.random.randrange(5)
        return (
            f"select * from ({text}) as q, ({wrapped}) as h",
            f"with h as ({wrapped}), q as ({text}) select * from q",
            f"select ({wrapped} limit 1), q.* from ({text}) as q",
            f"select * from ({text}) as q where exists ({wrapped})",
            f"select * from ({text}) as q order by ({wrapped} limit 1)",
        )[kind]

    def query(self, depth: int, known: list[str]) -> str:
        """Draw a SELECT over tables, CTEs or subqueries."""
        draw = self.random
        names = list(known)
        parts = []
        for _ in range(draw.randint(0, 2) if depth > 1 else 0):
            self.names += 1
            name = draw.choice([f"part_{self.names}", "release_info", "columns"])
            if name in names[len(known) :]:
                continue
            body = self.query(depth - 1, names)
            parts.append(f"{name} as ({body})")
            names.append(name)
        head = f"with {', '.join(parts)} " if parts else ""
        source, columns = self.source(depth, names)
        values = ", ".join(f"{self.value(depth, columns)} as v{n}" for n in range(draw.randint(1, 3)))
        where = f" where {self.value(1, columns)} is not null" if draw.random() < 0.4 else ""
        text = f"{head}select {values} from {source}{where}"
        if draw.random() < 0.2 and depth > 1:
            text = f"{text} union all select {', '.join('null' for _ in values.split(' as v')[1:])}"
        return text

    def source(self, depth: int, names: list[str]) -> tuple[str, tuple[str, ...]]:
        """Draw what follows FROM; return it with its columns, if they are known."""
        draw = self.random
        kind = draw.randrange(4)
        if kind == 0 and depth > 1:
            return f"({self.query(depth - 1, names)}) as s", ("v0",)
        if kind == 1 and names:
            return draw.choice(names), ("v0",)
        if kind == 2:
            return "range(3) as r(i)", ("i",)
        table = (
            draw.choice([name for name in TABLES if name not in names])
            if set(TABLES) - set(names)
            else "range(2) as r(i)"
        )
        return table, TABLES.get(table, ("i",))

    def value(self, depth: int, columns: tuple[str, ...]) -> str:
        """Draw an expression."""
        draw = self.random
        column = draw.choice(columns)
        if depth <= 0 or draw.random() < 0.3:
            return draw.choice([column, "1", "'text; -- ('", "null", "date '2020-01-01'"])
        inner = self.value(depth - 1, columns)
        return draw.choice(
            [
                f"coalesce({inner}, {column})",
                f"lower(cast({inner} as varchar))",
                f"case when {inner} is null then {column} end",
                f"({inner} is not null and {column} is null)",
                f"max({column}) over (order by {column})",
                f"try_cast({inner} as double) + 1",
                f"list_transform([{inner}], lambda x: x)",
                f"{{'a': {inner}}}",
                f"[{inner}, {inner}]",
                f"cast({inner} as varchar) like '%a%'",
            ]
        )


def check_many(release: duckdb.DuckDBPyConnection, count: int, seed: int) -> None:
    """Check random statements: half have only allowed parts, and half have one hostile part."""
    queries = Queries(seed)
    hostile = [*HOSTILE_TABLES, *HOSTILE_VALUES]
    for number in range(count):
        if number % 2:
            part = queries.random.choice(hostile)
            text = queries.statement(part)
            why = refused(release, text)
            assert why, f"let through: {text}"
            assert "Error" not in why, f"{why}: {text}"
        else:
            text = queries.statement()
            assert not refused(release, text), text


def test_generated_statements(release: duckdb.DuckDBPyConnection) -> None:
    check_many(release, 400, SEED)


@pytest.mark.full
def test_ten_thousand_generated_statements(release: duckdb.DuckDBPyConnection) -> None:
    check_many(release, 10_000, SEED + 1)


@pytest.mark.parametrize("number", range(len(HOSTILE_STATEMENTS)))
def test_a_hostile_statement_is_refused_in_one_line(number: int, release: duckdb.DuckDBPyConnection) -> None:
    why = refused(release, HOSTILE_STATEMENTS[number])
    assert why
    assert "\n" not in why


def test_there_are_more_than_a_hundred_hostile_ones() -> None:
    assert len({*HOSTILE_STATEMENTS, *HOSTILE_TABLES, *HOSTILE_VALUES, *SCOPES}) > 150


def test_every_hostile_part_is_refused_by_itself(release: duckdb.DuckDBPyConnection) -> None:
    let_through = [part for part in HOSTILE_TABLES if not refused(release, f"select * from {part}")]
    let_through += [part for part in HOSTILE_VALUES if not refused(release, f"select {part}")]
    assert not let_through


@pytest.mark.parametrize("number", range(len(SCOPES)))
def test_a_name_of_with_holds_in_its_scope_only(number: int, release: duckdb.DuckDBPyConnection) -> None:
    assert refused(release, SCOPES[number])


@pytest.mark.parametrize("number", range(len(SCOPED)))
def test_a_name_of_with_may_hide_a_table_in_its_scope(number: int, release: duckdb.DuckDBPyConnection) -> None:
    assert not refused(release, SCOPED[number])


def test_a_long_or_deep_statement_is_refused_with_the_limit(release: duckdb.DuckDBPyConnection) -> None:
    assert f"the limit is {MAX_LENGTH:,}" in refused(release, f"select '{'x' * MAX_LENGTH}'")
    deep = MAX_DEPTH + 1
    for sql in (
        f"select {'(' * deep}1{')' * deep}",
        f"select {'[' * 20_000}",
        f"select 1{' + 1' * deep}",
        f"select {'- ' * deep}value from published_figures",
        f"select {'not ' * deep}true",
        f"select 1{'::int' * deep}",
        f"select {'case when true then ' * 90}1{' end' * 90}" + " + 1" * 30,
    ):
        why = refused(release, sql)
        assert f"the limit is {MAX_DEPTH}" in why or "depth" in why.lower(), (why, sql[:40])
    assert not refused(release, f"select {'(' * 90}1{')' * 90}")
    assert not refused(release, "select 1 where " + " or ".join(["true"] * 1000)), "a long list is not deep"


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select * from release_inf", "no table release_inf in the release; close to it: release_info"),
        ("select countyy from release_info", 'Candidate bindings: "county"'),
        ("select r.countyy from release_info as r", 'Candidate bindings: "county"'),
        ("select regexp_match(kind, 'x') from release_info", "close to it: regexp_matches"),
        ("select * from generate_serie(1)", "close to it: generate_series"),
        ("select getenv('x')", "the function getenv is not available here"),
        ("pivot (select * from release_info) as x on kind using count(*) group by nothing_here", "Candidate"),
        ("select * from (pivot release_info on kind using count(*))", "name the values of the PIVOT"),
    ],
)
def test_a_refusal_names_candidates(sql: str, words: str, release: duckdb.DuckDBPyConnection) -> None:
    why = refused(release, sql)
    if not why:  # DuckDB finds wrong columns only when the query runs
        with pytest.raises(duckdb.Error) as caught:
            release.execute(single_select(release, sql))
        why = one_line(caught.value)
    assert words in why
    assert "\n" not in why


def test_the_list_names_functions_that_exist_and_none_that_look_elsewhere(release: duckdb.DuckDBPyConnection) -> None:
    known = {
        str(name).lower() for (name,) in release.execute("select function_name from duckdb_functions()").fetchall()
    }
    in_the_grammar = {"coalesce", "grouping", "grouping_id", "if", "ifnull", "try", "unnest"}
    assert allowed.FUNCTIONS - known - in_the_grammar == set()
    looks = re.compile(
        r"read_|duckdb_|pragma_|pg_|getenv|setting|secret|query|json_(de)?serialize|json_execute|log\b|sleep"
    )
    assert [name for name in allowed.FUNCTIONS if looks.search(name) and name != "log"] == []
    assert not {f"{name}" for name in allowed.TABLE_FUNCTIONS} - {"generate_series", "range", "repeat_row", "unnest"}


def test_a_forged_tree_is_no_way_in(release: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A text that looks like a serialized statement is only a text."""
    row = release.execute("select json_serialize_sql('select getenv(''HOME'')')").fetchone()
    assert row is not None
    assert not refused(release, "select '" + json.dumps(row[0]).replace("'", "''") + "'")
    assert not list(tmp_path.iterdir())
