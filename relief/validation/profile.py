"""The measures of one delivery: one query over its rows as the build's staging reads them. The results are stored."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from relief.building.last_build import last_build
from relief.home import PROJECT_DIR, Home
from relief.landing.catalog import select_rows
from relief.landing.layout import all_sources
from relief.validation.plausible import Plausibility

if TYPE_CHECKING:
    import duckdb
    from jinja2 import Template

CONTENT = "content"
"""The measure that detects equal rows under another name: a sum of hashes over all rows, which reveals no value."""
_MACROS = ("text_and_dates", "court_numbers", "court_layouts", "decisions", "relief_events")
_PRIME = 1_000_000_007
_WRITTEN = "(select * exclude (delivery_id, row_no) from ({{ relation }})) as written"
_DISTINCT_ROWS = f"{{% set distinct_rows %}}(select count(distinct hash(written)) from {_WRITTEN}){{% endset %}}"
_MAX_SHARE = (
    "{% macro max_share(text) -%} list_max(map_values(histogram({{ text }}))) / cast(count({{ text }}) as double)"
    "{%- endmacro %}"
)
TABLE = """
create schema if not exists meta;
create table if not exists meta.delivery_measures (
    delivery_id varchar, definition varchar, measure varchar, value double, row_count bigint
);
"""
Profile = dict[str, tuple[float | None, int]]
"""The value and the number of rows of each measure."""


@dataclass(frozen=True)
class Delivered:
    """The columns of the manifest that measuring needs."""

    delivery_id: str
    table: str
    status: str
    as_of: str
    county: str | None
    supersedes: str | None
    parquet: str | None


def measures_of(connection: "duckdb.DuckDBPyConnection", home: Home, table: Plausibility, one: Delivered) -> Profile:
    """The measures of the delivery, as stored or from one scan of its rows."""
    relation = f"select * from raw.{table.table} where delivery_id = {_text(one.delivery_id)}"
    if one.status != "landed" and one.parquet:
        tables = {table.name: table for source in all_sources() for table in source.tables}
        relation = select_rows(tables[table.table], [home.path / one.parquet])
    query = _profile(connection, table, one, relation)
    definition = hashlib.sha256(query.replace(str(home.path), "").encode()).hexdigest()[:16]
    kept = connection.execute(
        "select measure, value, row_count from meta.delivery_measures where delivery_id = ? and definition = ?",
        [one.delivery_id, definition],
    ).fetchall()
    if kept:
        return {measure: (value, count) for measure, value, count in kept}
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101  (type checker)
    names = [CONTENT, *(measure.name for measure in table.measures)]
    measured = {name: (row[2 * place], int(row[2 * place + 1])) for place, name in enumerate(names)}
    connection.begin()
    connection.execute("delete from meta.delivery_measures where delivery_id = ?", [one.delivery_id])
    connection.executemany(
        "insert into meta.delivery_measures values (?, ?, ?, ?, ?)",
        [[one.delivery_id, definition, name, *found] for name, found in measured.items()],
    )
    connection.commit()
    return measured


def _profile(connection: "duckdb.DuckDBPyConnection", table: Plausibility, one: Delivered, relation: str) -> str:
    """The query that returns one row: the value and row count of the content, then of each measure."""
    columns = [f"(select cast(sum(hash(written) % {_PRIME}) as double) from {_WRITTEN})", "count(*)"]
    for measure in table.measures:
        of = f"count(*) filter (where {measure.of})"
        share = f"count(*) filter (where ({measure.of}) and ({measure.holds})) / cast(nullif({of}, 0) as double)"
        columns += [f"cast({measure.value or share} as double)", of]
    model = (PROJECT_DIR / table.model).read_text(encoding="utf-8")
    return rendered(
        connection,
        f"with staged as ({model}), facts as ({table.facts}) select {', '.join(columns)} from facts",
        as_of=one.as_of,
        relation=relation,
        source=lambda _source, name: f"({relation})" if name == table.table else f"raw.{name}",
    )


def rendered(connection: "duckdb.DuckDBPyConnection", template: str, **names: object) -> str:
    """Render SQL with the build's macros, the county's name and the shapes of its case numbers."""
    counties = _counties(connection)
    shapes = " ".join(
        text
        for (text,) in connection.execute(
            "select shapes from raw.case_number_rules where list_contains(?, county_name) order by county_name",
            [counties],
        ).fetchall()
    )
    read = {
        "counties": _text("".join(f"|{county}|" for county in counties)),
        "shapes": _text(f" {shapes} "),
        "ref": lambda name: f"raw.{name.removeprefix('stg_landing__')}",  # staging keeps these tables as landed
        "var": lambda _name: (counties or ["LOS ANGELES"])[0],
        **names,
    }
    return str(_compiled(template).render(read)).strip()


@cache
def _compiled(template: str) -> "Template":
    """Compile and cache a template with the macros, since reading macros takes longer than measuring a small file."""
    from jinja2 import Environment  # noqa: PLC0415  (only for the gate)

    macros = "".join((PROJECT_DIR / f"macros/{name}.sql").read_text(encoding="utf-8") for name in _MACROS)
    environment = Environment(autoescape=False)  # noqa: S701  (SQL of our own files, no page)
    return environment.from_string(macros + _MAX_SHARE + _DISTINCT_ROWS + template)


def _counties(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """The counties whose court files are in use, or else the county of the last build, if there is one."""
    known = {name for name, *_ in connection.execute("describe raw.deliveries").fetchall()}
    named = "county_name" if "county_name" in known else "null"  # the warehouse is of an earlier version
    found = connection.execute(
        f"select distinct {named} from raw.deliveries where status = 'landed' and {named} is not null order by 1"
    ).fetchall()
    if found:
        return [county for (county,) in found]
    build = last_build(connection)
    return [build.county] if build and build.county else []


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
