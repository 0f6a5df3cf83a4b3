"""Measure deliveries before a build: one scan per delivery, kept, and set beside what the last build had read.

``meta.delivery_measures`` keeps what a delivery measures, so that a later one can be compared with it.
``meta.measured`` is what the landed gate asks about: rewritten by each run. Both hold counts and shares, no person's value.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relief.building.last_build import columns_of, last_build, newest_first
from relief.duck import has_table
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.validation.plausible import Measure, Measured, Plausibility, check_name, plausibilities, words_of

if TYPE_CHECKING:
    import duckdb

CONTENT = "content"
_MACROS = ("text_and_dates", "court_numbers", "court_layouts", "decisions", "relief_events")
_MAX_SHARE = (
    "{% macro max_share(text) -%} list_max(map_values(histogram({{ text }}))) / cast(count({{ text }}) as double)"
    "{%- endmacro %}"
)
_TABLES = """
create schema if not exists meta;
create table if not exists meta.delivery_measures (
    delivery_id varchar, definition varchar, measure varchar, value double, row_count bigint
);
create or replace table meta.measured (
    table_name varchar, delivery_id varchar, measure varchar, value double, row_count bigint, before double, change double
);
"""
Profile = dict[str, tuple[float | None, int]]
"""Value and rows of each measure."""


@dataclass(frozen=True)
class Delivered:
    """What measuring reads of the manifest."""

    delivery_id: str
    table: str
    status: str
    as_of: str
    county: str | None
    supersedes: str | None
    parquet: str | None


def measure(home: Home) -> dict[str, str | None]:
    """Measure what is in use, and say what the check of each band sees; None where there is no number to ask about."""
    with open_warehouse(home) as connection:
        measure_deliveries(connection, home)
        rows: dict[tuple[str, str], list[Measured]] = {}
        for table, name, *numbers in connection.execute(
            "select table_name, measure, value, row_count, change from meta.measured order by all"
        ).fetchall():
            rows.setdefault((table, name), []).append((numbers[0], numbers[1], numbers[2]))
    return {
        check_name(one, table.called, kind): words_of(one, kind, rows.get((table.table, one.name), []))
        for table in plausibilities()
        for one in table.measures
        for kind in one.bands
    }


def measure_deliveries(connection: "duckdb.DuckDBPyConnection", home: Home) -> None:
    """Measure what is in use and what it is compared with, and write ``meta.measured``."""
    connection.execute(_TABLES)
    manifest = _manifest(connection)
    landed = {delivery.table for delivery in manifest if delivery.status == "landed"}
    for table in plausibilities():
        if table.model and table.table in landed:
            _measure_table(connection, home, table, [one for one in manifest if one.table == table.table])
        elif not table.model:
            _measure_together(connection, table, landed)


def _measure_table(
    connection: "duckdb.DuckDBPyConnection", home: Home, table: Plausibility, manifest: list[Delivered]
) -> None:
    import duckdb  # noqa: PLC0415

    in_use = [one for one in manifest if one.status == "landed"]
    earlier = _read_by_a_build_before(connection, manifest)
    measured: dict[str, Profile] = {}
    for one in in_use + [one for one in earlier if one.status != "landed"]:
        try:
            measured[one.delivery_id] = _measures_of(connection, home, table, one)
        except duckdb.IOException:
            continue  # of a Parquet that is gone; the gate says of a delivery in use that it was not measured
    before = [measured[one.delivery_id] for one in earlier if one.delivery_id in measured]
    known = {one.delivery_id for one in earlier}
    for one in in_use:
        if one.delivery_id in measured:
            compared = [] if one.delivery_id in known else before
            _keep(connection, table, one.delivery_id, measured[one.delivery_id], compared)
    if before and known != {one.delivery_id for one in in_use}:
        _keep_totals(
            connection, table, [measured[one.delivery_id] for one in in_use if one.delivery_id in measured], before
        )


def _keep(
    connection: "duckdb.DuckDBPyConnection",
    table: Plausibility,
    delivery_id: str,
    measured: Profile,
    before: list[Profile],
) -> None:
    _insert(connection, table.table, delivery_id, CONTENT, *measured[CONTENT], None, None)
    for measure in table.measures:
        value, count = measured[measure.name]
        was, was_count = _pooled(before, measure)
        enough = value is not None and count >= measure.rows_from
        compare = enough and not measure.is_total and was is not None and was_count >= measure.rows_from
        change = measure.differs(value, was) if compare and value is not None else None
        _insert(connection, table.table, delivery_id, measure.name, value if enough else None, count, was, change)


def _keep_totals(
    connection: "duckdb.DuckDBPyConnection", table: Plausibility, now: list[Profile], before: list[Profile]
) -> None:
    """Of all deliveries of the table together: a delivery that comes beside another is not held to the other's size."""
    for measure in table.measures:
        if measure.is_total:
            value, count = _pooled(now, measure)
            was, was_count = _pooled(before, measure)
            if value is not None and was_count >= measure.rows_from:
                _insert(connection, table.table, "all", measure.name, value, count, was, measure.differs(value, was))


def _pooled(measured: list[Profile], measure: Measure) -> tuple[float | None, int]:
    """One number of several deliveries: a sum of totals, else the mean, weighted by the rows that each is of."""
    known = [(value, count) for value, count in (one[measure.name] for one in measured) if value is not None and count]
    rows = sum(count for _, count in known)
    if not known:
        return None, 0
    if measure.is_total:
        return sum(value for value, _ in known), rows
    return sum(value * count for value, count in known) / rows, rows


def _insert(connection: "duckdb.DuckDBPyConnection", *row: object) -> None:
    connection.execute("insert into meta.measured values (?, ?, ?, ?, ?, ?, ?)", list(row))


def _manifest(connection: "duckdb.DuckDBPyConnection") -> list[Delivered]:
    known = {name for name, *_ in connection.execute("describe raw.deliveries").fetchall()}
    names = ("county_name", "supersedes", "parquet_path")
    optional = [name if name in known else f"null as {name}" for name in names]
    return [
        Delivered(*row)
        for row in connection.execute(
            f"select delivery_id, table_name, status, cast(as_of_date as varchar), {', '.join(optional)} "
            "from raw.deliveries where records > 0 order by landed_at, delivery_id"
        ).fetchall()
    ]


def _read_by_a_build_before(connection: "duckdb.DuckDBPyConnection", manifest: list[Delivered]) -> list[Delivered]:
    """The deliveries of a table that the last build with others than those of now had read; without a build, what those in
    use replaced. What was put aside without being replaced by name (another scale of synthetic files) is no earlier state.
    """
    by_id = {one.delivery_id: one for one in manifest}
    in_use = {one.delivery_id for one in manifest if one.status == "landed"}
    replaced = {one.supersedes for one in manifest if one.supersedes}
    for read in _reads_of_builds(connection):
        found = read & by_id.keys()
        if found and found != in_use:
            return [by_id[key] for key in sorted(found) if key in in_use or key in replaced]
    return [one for one in manifest if one.delivery_id in {by_id[key].supersedes for key in in_use}]


def _reads_of_builds(connection: "duckdb.DuckDBPyConnection") -> list[set[str]]:
    """The deliveries that each finished build had in use, the newest build first."""
    if not has_table(connection, "meta", "builds"):
        return []
    if "inputs" not in columns_of(connection, "builds"):
        return []
    rows = connection.execute(
        "select inputs from meta.builds where status = 'passed' and inputs is not null "
        f"order by {newest_first(connection, 'builds', 'build_no')}"
    ).fetchall()
    return [
        {key for key, value in json.loads(inputs).get("deliveries", {}).items() if json.loads(value)[0] == "landed"}
        for (inputs,) in rows
    ]


def _measures_of(connection: "duckdb.DuckDBPyConnection", home: Home, table: Plausibility, one: Delivered) -> Profile:
    """What the delivery measures: as kept, or from one scan of its rows."""
    relation = f"select * from raw.{table.table} where delivery_id = {_text(one.delivery_id)}"
    if one.status != "landed" and one.parquet:
        relation = f"select * from read_parquet({_text(str(home.path / one.parquet))}, hive_partitioning = false)"
    query = _profile(connection, table, one, relation)
    definition = hashlib.sha256(query.replace(str(home.path), "").encode()).hexdigest()[:16]
    kept = connection.execute(
        "select measure, value, row_count from meta.delivery_measures where delivery_id = ? and definition = ?",
        [one.delivery_id, definition],
    ).fetchall()
    if kept:
        return {measure: (value, count) for measure, value, count in kept}
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101
    names = [CONTENT, *(measure.name for measure in table.measures)]
    measured = {name: (row[2 * place], int(row[2 * place + 1])) for place, name in enumerate(names)}
    connection.execute("delete from meta.delivery_measures where delivery_id = ?", [one.delivery_id])
    connection.executemany(
        "insert into meta.delivery_measures values (?, ?, ?, ?, ?)",
        [[one.delivery_id, definition, name, *found] for name, found in measured.items()],
    )
    return measured


def _profile(connection: "duckdb.DuckDBPyConnection", table: Plausibility, one: Delivered, relation: str) -> str:
    """One query of one row: content, then value and rows of each measure. Rows are read as the build's staging reads them."""
    hashed = f"(select * exclude (delivery_id, row_no) from ({relation})) as written"
    columns = [f"(select cast(sum(hash(written) % 1000000007) as double) from {hashed})", "count(*)"]
    for measure in table.measures:
        of = f"count(*) filter (where {measure.of})"
        share = f"count(*) filter (where ({measure.of}) and ({measure.holds})) / cast(nullif({of}, 0) as double)"
        columns += [f"cast({measure.value or share} as double)", of]
    model = (PROJECT_DIR / table.model).read_text(encoding="utf-8")
    template = f"with staged as ({model}), facts as ({table.facts}) select {', '.join(columns)} from facts"
    return _rendered(
        connection,
        template,
        as_of=one.as_of,
        distinct_rows=f"(select count(distinct hash(written)) from {hashed})",
        source=lambda _source, name: f"({relation})" if name == table.table else f"raw.{name}",
    )


def _rendered(connection: "duckdb.DuckDBPyConnection", template: str, **names: object) -> str:
    from jinja2 import Environment  # noqa: PLC0415  (only for the gate)

    counties = _counties(connection)
    shapes = " ".join(
        text
        for (text,) in connection.execute(
            "select shapes from raw.case_number_rules where list_contains(?, county_name) order by county_name",
            [counties],
        ).fetchall()
    )
    macros = "".join((PROJECT_DIR / f"macros/{name}.sql").read_text(encoding="utf-8") for name in _MACROS)
    environment = Environment(autoescape=False)  # noqa: S701  (SQL of our own files, no page)
    read = {
        "counties": _text("".join(f"|{county}|" for county in counties)),
        "shapes": _text(f" {shapes} "),
        "ref": lambda name: f"raw.{name.removeprefix('stg_landing__')}",  # staged as landed
        "var": lambda _name: (counties or ["LOS ANGELES"])[0],
        **names,
    }
    return environment.from_string(macros + _MAX_SHARE + template).render(read).strip()


def _counties(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """Whose figures are made: the counties whose courts' files are in use, else the county of the last build, if any."""
    found = connection.execute(
        "select distinct county_name from raw.deliveries where status = 'landed' and county_name is not null order by 1"
    ).fetchall()
    if found:
        return [county for (county,) in found]
    build = last_build(connection)
    return [build.county] if build and build.county else []


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _measure_together(connection: "duckdb.DuckDBPyConnection", table: Plausibility, landed: set[str]) -> None:
    """How well files fit each other: of all that is in use, so there is nothing to keep."""
    for measure in table.measures:
        if measure.query and landed.issuperset(measure.needs):
            row = connection.execute(_rendered(connection, table.facts + measure.query)).fetchone()
            value, count = row if row else (None, 0)
            _insert(
                connection,
                table.table,
                "all",
                measure.name,
                value if count >= measure.rows_from else None,
                count,
                None,
                None,
            )
