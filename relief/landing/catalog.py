"""The raw schema of the warehouse: the manifest, the rejects, and one view per table over the landed Parquet."""

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing.layout import Source, Table, all_sources

if TYPE_CHECKING:
    import duckdb

_OUR_PARQUET = re.compile(r"'((?:[^']|'')*/landing)/\w+/\w+-(?:repair-)?[0-9a-f]{12}/")

RAW = "raw"
AS_KNOWN = "raw_as_known"  # `relief build --as-known-at` reads this schema instead: relief/building/as_known.py

TABLES = """
create schema if not exists raw;
create table if not exists raw.deliveries (
    delivery_id varchar,
    source varchar,
    table_name varchar,
    file_name varchar,
    member_name varchar,
    sha256 varchar,
    file_bytes bigint,
    compression varchar,
    encoding varchar,
    has_bom boolean,
    has_header boolean,
    line_ending varchar,
    records bigint,
    loaded bigint,
    rejected bigint,
    as_of_date date,
    as_of_given boolean,
    landed_at timestamp,
    status varchar,
    supersedes varchar,
    superseded_by varchar,
    is_synthetic boolean,
    parquet_path varchar,
    relief_version varchar,
    file_columns varchar,
    superseded_at timestamp,
    as_of_given_at timestamp,
    layout varchar,
    county_name varchar
);
alter table raw.deliveries add column if not exists file_columns varchar;
alter table raw.deliveries add column if not exists superseded_at timestamp;
alter table raw.deliveries add column if not exists as_of_given_at timestamp;
alter table raw.deliveries add column if not exists layout varchar;
alter table raw.deliveries add column if not exists county_name varchar;
create table if not exists raw.layout_values (
    layout varchar,
    table_name varchar,
    column_name varchar,
    file_value varchar,
    our_value varchar
);
create table if not exists raw.case_number_rules (
    county_name varchar,
    shapes varchar,
    has_defendant_suffix boolean,
    prefix_pattern varchar
);
create table if not exists raw.past_supersedings (
    delivery_id varchar,
    superseded_by varchar,
    superseded_at timestamp,
    ended_at timestamp
);
create table if not exists raw.rejects (
    delivery_id varchar,
    source varchar,
    table_name varchar,
    record_no bigint,
    line_number bigint,
    byte_offset bigint,
    reason_code varchar,
    reason varchar,
    raw_text varchar
);
create table if not exists raw.repairs (
    repair_id varchar,
    source varchar,
    table_name varchar,
    file_name varchar,
    sha256 varchar,
    records bigint,
    repaired bigint,
    dropped bigint,
    still_open bigint,
    skipped bigint,
    landed_at timestamp,
    parquet_path varchar,
    relief_version varchar
);
create table if not exists raw.reject_repairs (
    repair_id varchar,
    delivery_id varchar,
    record_no bigint,
    line_number bigint,
    outcome varchar,
    reason_code varchar,
    reason varchar,
    text_sha256 varchar,
    repaired_at timestamp
);
"""


@dataclass(frozen=True)
class Delivery:
    """One row of ``raw.deliveries``; the fields are its columns, in order."""

    delivery_id: str
    source: str
    table_name: str
    file_name: str
    member_name: str | None
    sha256: str
    file_bytes: int
    compression: str
    encoding: str
    has_bom: bool
    has_header: bool
    line_ending: str
    records: int
    loaded: int
    rejected: int
    as_of_date: date
    as_of_given: bool
    landed_at: datetime
    status: str
    supersedes: str | None
    superseded_by: str | None
    is_synthetic: bool
    parquet_path: str
    relief_version: str
    file_columns: str | None  # our names in the file's order, one more comma per unnamed column; NULL in older homes
    superseded_at: datetime | None = None  # NULL while in use, or if an older version did not record it
    as_of_given_at: datetime | None = None  # when the date was given after landing; NULL in older homes
    layout: str | None = None  # the layout that the header fits; NULL in older homes
    county_name: str | None = None  # the county of the layout; NULL where the source has no county


_COLUMNS = ", ".join(Delivery.__dataclass_fields__)


def ensure_raw(connection: "duckdb.DuckDBPyConnection", home: Home) -> None:
    """Create missing parts of the schema and point the views at this home's Parquet. This may be called at any time."""
    connection.begin()
    try:
        connection.execute(TABLES)
        for source in all_sources():
            keep_case_numbers(connection, source)
        refresh_views(connection, home)
        if _has_schema(connection, AS_KNOWN):
            refresh_views(connection, home, AS_KNOWN)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def renew_views_of_a_copy(home: Home) -> None:
    """Point the views of a copied or moved data folder at its own Parquet instead of the original folder's."""
    with open_warehouse(home, read_only=True) as connection:
        views = connection.execute(
            "select sql from duckdb_views() where schema_name in ('raw', ?)", [AS_KNOWN]
        ).fetchall()
    if any(place != _quoted(home.landing) for (sql,) in views for place in _OUR_PARQUET.findall(sql)):
        with open_warehouse(home) as connection:
            ensure_raw(connection, home)


def _has_schema(connection: "duckdb.DuckDBPyConnection", schema: str) -> bool:
    known = connection.execute("select 1 from duckdb_schemas() where schema_name = ?", [schema]).fetchone()
    return known is not None


def refresh_views(connection: "duckdb.DuckDBPyConnection", home: Home, schema: str = RAW) -> None:
    """Create one view per table over its landed deliveries and repairs. Without deliveries, the view is empty."""
    files: dict[str, _Files] = {}
    for table_name, delivery_id, relative in connection.execute(
        f"select table_name, delivery_id, parquet_path from {schema}.deliveries where status = 'landed' "
        "order by landed_at, 2"
    ).fetchall():
        found = files.setdefault(table_name, _Files())
        found.delivered.append(_there(home, relative, f"delivery {delivery_id}"))
        found.delivery_ids.append(delivery_id)
    for table_name, repair_id, relative in connection.execute(
        f"select table_name, repair_id, parquet_path from {schema}.repairs where parquet_path is not null "
        "order by landed_at, 2"
    ).fetchall():
        files.setdefault(table_name, _Files()).repaired.append(_there(home, relative, f"repair {repair_id}"))
    for source in all_sources():
        for table in source.tables:
            connection.execute(_view(schema, table, files.get(table.name, _Files())))


@dataclass
class _Files:
    """The Parquet files that one view reads. Of a repair, the view reads only rows of deliveries that are in use."""

    delivered: list[Path] = field(default_factory=list)
    repaired: list[Path] = field(default_factory=list)
    delivery_ids: list[str] = field(default_factory=list)


def _there(home: Home, relative: str, what: str) -> Path:
    path = home.path / relative
    if not path.exists():
        raise ReliefError(f"the Parquet of {what} is gone ({relative}); restore the data folder from a backup")
    return path


def find(connection: "duckdb.DuckDBPyConnection", delivery_id: str) -> Delivery | None:
    """Return one delivery of the manifest, or None."""
    row = connection.execute(f"select {_COLUMNS} from raw.deliveries where delivery_id = ?", [delivery_id]).fetchone()
    return Delivery(*row) if row else None


def record(connection: "duckdb.DuckDBPyConnection", home: Home, delivery: Delivery, rejects_file: Path | None) -> None:
    """Write the manifest row, the rejects, the mark on a replaced delivery and the views in one transaction."""
    connection.begin()
    try:
        enter(connection, delivery)
        if rejects_file:
            connection.execute(
                "insert into raw.rejects by name select * from read_parquet(?, hive_partitioning = false)",
                [str(rejects_file)],
            )
        refresh_views(connection, home)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def enter(connection: "duckdb.DuckDBPyConnection", delivery: Delivery) -> None:
    """Write the manifest row and the mark on a replaced delivery. A dry run writes only these, in memory."""
    marks = ", ".join("?" * len(Delivery.__dataclass_fields__))
    connection.execute(f"insert into raw.deliveries ({_COLUMNS}) values ({marks})", list(asdict(delivery).values()))
    if delivery.supersedes:
        _mark_superseded(connection, delivery.supersedes, delivery.delivery_id, delivery.landed_at)


def keep_words(connection: "duckdb.DuckDBPyConnection", source: Source, layout: str) -> None:
    """Store the layout's current mapping from words in the files to our words."""
    connection.execute("delete from raw.layout_values where layout = ?", [layout])
    words = [list(word) for word in source.values if word[0] == layout]
    if words:
        connection.executemany("insert into raw.layout_values values (?, ?, ?, ?, ?)", words)


def keep_case_numbers(connection: "duckdb.DuckDBPyConnection", source: Source) -> None:
    """Store how courts write a case number: one rule per county, from the source's current layouts."""
    for county, rule in source.case_numbers.items():
        connection.execute("delete from raw.case_number_rules where county_name = ?", [county])
        if rule:
            connection.execute("insert into raw.case_number_rules values (?, ?, ?, ?)", [county, *rule.as_row()])


def set_as_of(connection: "duckdb.DuckDBPyConnection", delivery_id: str, as_of: date) -> None:
    """Set the as-of date of a delivery that was landed without one. An as-of date given before is not changed."""
    connection.execute(
        "update raw.deliveries set as_of_date = ?, as_of_given = true, as_of_given_at = ? "
        "where delivery_id = ? and not as_of_given",
        [as_of, datetime.now(UTC).replace(tzinfo=None), delivery_id],
    )


def supersede(connection: "duckdb.DuckDBPyConnection", home: Home, older: str, newer: str) -> None:
    """Mark that a delivery which is already landed replaces an earlier one."""
    connection.begin()
    try:
        connection.execute("update raw.deliveries set supersedes = ? where delivery_id = ?", [older, newer])
        _mark_superseded(connection, older, newer, datetime.now(UTC).replace(tzinfo=None))
        refresh_views(connection, home)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _mark_superseded(connection: "duckdb.DuckDBPyConnection", older: str, newer: str, at: datetime) -> None:
    connection.execute(
        "update raw.deliveries set status = 'superseded', superseded_by = ?, superseded_at = ? where delivery_id = ?",
        [newer, at, older],
    )


def _view(schema: str, table: Table, files: _Files) -> str:
    parts = []
    if files.delivered:
        parts.append(select_rows(table, files.delivered))
    if files.repaired and files.delivery_ids:
        in_use = ", ".join(f"'{delivery_id}'" for delivery_id in files.delivery_ids)
        parts.append(f"{select_rows(table, files.repaired)} where delivery_id in ({in_use})")
    if not parts:
        empty = ", ".join(f'null::varchar as "{column}"' for column in table.columns)
        parts.append(f"select null::varchar as delivery_id, null::bigint as row_no, {empty} where false")
    return f'create or replace view {schema}."{table.name}" as {" union all ".join(parts)}'


def select_rows(table: Table, paths: list[Path]) -> str:
    """Return the SQL that selects the table's columns from landed Parquet.

    If a column was added to the layout after a file was landed, it is NULL in the rows of that file.
    """
    written = [_columns_of(path) or frozenset(table.columns) for path in paths]
    present = frozenset[str]().union(*written)
    columns = ["delivery_id", "row_no"]
    columns += [f'"{name}"' if name in present else f'null::varchar as "{name}"' for name in table.columns]
    is_alike = all(present & set(table.columns) <= names for names in written)
    return f"select {', '.join(columns)} from {_parquet(paths, '' if is_alike else ', union_by_name = true')}"


@cache
def _columns_of(path: Path) -> frozenset[str]:
    """The columns of one landed file (it never changes). Empty for a damaged file, whose error DuckDB reports later."""
    try:
        return frozenset(pq.read_schema(path).names)
    except (OSError, pa.ArrowException):
        return frozenset()


def _parquet(paths: list[Path], options: str = "") -> str:
    files = ", ".join(f"'{_quoted(path)}'" for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false{options})"


def rows_of(home: Home, parquet_path: str) -> str:
    """Return the SQL that selects the rows of one delivery."""
    return f"select * from {_parquet([home.path / parquet_path])}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
