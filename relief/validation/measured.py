"""Measure the deliveries in use for the bands of the landed gate, and compare them with those of an earlier build.

``meta.delivery_measures`` keeps the measures of each delivery, so that a later delivery can be compared with it. Each
run of the gate writes ``meta.measured`` anew. Both contain counts and shares, and never a person's value.
"""

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from relief.building.last_build import deliveries_of_builds
from relief.home import Home, open_warehouse
from relief.validation.plausible import Measure, Plausibility, check_name, plausibilities, words_of
from relief.validation.profile import CONTENT, TABLE, Delivered, Profile, measures_of, rendered

if TYPE_CHECKING:
    import duckdb

_ALL = "all"
_END_OF_QUERY = "\n-- end of query\n"
_MEASURED = """
create or replace table meta.measured (
    table_name varchar, delivery_id varchar, measure varchar, value double, row_count bigint, before double,
    change double
);
"""


@dataclass(frozen=True)
class Line:
    """One measure of one delivery, or of all. ``value`` is None if there are fewer rows than the measure needs."""

    table: str
    delivery_id: str
    measure: str
    value: float | None
    row_count: int
    before: float | None = None
    change: float | None = None


def measure(home: Home) -> dict[str, str | None]:
    """Measure the deliveries in use. By check name, return the measured number in words, or None."""
    with open_warehouse(home) as connection:
        lines = measure_deliveries(connection, home)
        connection.begin()
        connection.execute(_MEASURED)
        if lines:
            connection.executemany(
                "insert into meta.measured values (?, ?, ?, ?, ?, ?, ?)", [astuple(one) for one in lines]
            )
        connection.commit()
    by_measure: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        by_measure.setdefault((line.table, line.measure), []).append(line)
    return {
        check_name(one, table.called, kind): words_of(
            one,
            kind,
            [(line.value, line.row_count, line.change) for line in by_measure.get((table.table, one.name), [])],
        )
        for table in plausibilities()
        for one in table.measures
        for kind in one.bands
    }


def measure_deliveries(connection: "duckdb.DuckDBPyConnection", home: Home) -> list[Line]:
    """The measures of each delivery in use, beside those of the deliveries that it replaces or adds to."""
    connection.execute(TABLE)
    manifest = _manifest(connection)
    landed = {delivery.table for delivery in manifest if delivery.status == "landed"}
    lines: list[Line] = []
    for table in plausibilities():
        if table.model and table.table in landed:
            lines += _of_table(connection, home, table, [one for one in manifest if one.table == table.table])
        elif not table.model:
            lines += _of_files_together(connection, table, landed)
    return lines


def _of_table(
    connection: "duckdb.DuckDBPyConnection", home: Home, table: Plausibility, manifest: list[Delivered]
) -> list[Line]:
    import duckdb  # noqa: PLC0415  (slow import)

    in_use = [one for one in manifest if one.status == "landed"]
    earlier = _read_by_a_build_before(connection, manifest)
    measured: dict[str, Profile] = {}
    for one in in_use + [one for one in earlier if one.status != "landed"]:
        try:
            measured[one.delivery_id] = measures_of(connection, home, table, one)
        except duckdb.IOException:
            continue  # its Parquet file is gone; the gate reports such a delivery as not measured
    before = [measured[one.delivery_id] for one in earlier if one.delivery_id in measured]
    known = {one.delivery_id for one in earlier}
    now = {one.delivery_id: measured[one.delivery_id] for one in in_use if one.delivery_id in measured}
    lines: list[Line] = []
    for delivery_id, profile in now.items():
        lines.append(Line(table.table, delivery_id, CONTENT, *profile[CONTENT]))
        lines += _of_delivery(table, delivery_id, profile, [] if delivery_id in known else before)
    if before and known != now.keys():
        lines += _of_totals(table, list(now.values()), before)
    return lines


def _of_delivery(table: Plausibility, delivery_id: str, profile: Profile, before: list[Profile]) -> list[Line]:
    lines = []
    for measure in table.measures:
        value, count = profile[measure.name]
        was, was_count = _pooled(before, measure)
        change = None
        if count < measure.rows_from:
            value = None
        elif value is not None and was is not None and was_count >= measure.rows_from and not measure.is_total:
            change = measure.differs(value, was)
        lines.append(Line(table.table, delivery_id, measure.name, value, count, was, change))
    return lines


def _of_totals(table: Plausibility, now: list[Profile], before: list[Profile]) -> list[Line]:
    """The totals over all deliveries of a table together, since a single delivery may have any size."""
    lines = []
    for measure in table.measures:
        value, count = _pooled(now, measure)
        was, was_count = _pooled(before, measure)
        if measure.is_total and value is not None and was_count >= measure.rows_from:
            lines.append(Line(table.table, _ALL, measure.name, value, count, was, measure.differs(value, was)))
    return lines


def _of_files_together(connection: "duckdb.DuckDBPyConnection", table: Plausibility, landed: set[str]) -> list[Line]:
    """Measure how well the files in use fit each other. These measures are not kept."""
    import duckdb  # noqa: PLC0415  (slow import)

    asked = [measure for measure in table.measures if measure.query and landed.issuperset(measure.needs)]
    # All queries are rendered together, because reading the macros takes longer than a query.
    queries = rendered(connection, table.facts + _END_OF_QUERY.join(measure.query or "" for measure in asked))
    lines = []
    for measure, query in zip(asked, queries.split(_END_OF_QUERY.strip()), strict=False):
        try:
            row = connection.execute(query).fetchone()
        except duckdb.IOException:
            row = None  # the Parquet file of a delivery is gone, as above
        value, count = row or (None, 0)
        lines.append(Line(table.table, _ALL, measure.name, value if count >= measure.rows_from else None, count))
    return lines


def _pooled(measured: list[Profile], measure: Measure) -> tuple[float | None, int]:
    """One number for several deliveries: the sum if it is a total, else the mean weighted by each delivery's rows."""
    known = [(value, count) for value, count in (one[measure.name] for one in measured) if value is not None and count]
    rows = sum(count for _, count in known)
    if not known:
        return None, 0
    if measure.is_total:
        return sum(value for value, _ in known), rows
    return sum(value * count for value, count in known) / rows, rows


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
    """The table's deliveries as read by the newest build whose deliveries differ from those in use.

    Without such a build, return the deliveries that those in use replaced. A delivery that was put aside but not
    replaced by name (another scale of synthetic files) does not count as earlier.
    """
    by_id = {one.delivery_id: one for one in manifest}
    in_use = {one.delivery_id for one in manifest if one.status == "landed"}
    replaced = {one.supersedes for one in manifest if one.supersedes}
    for read in deliveries_of_builds(connection).values():
        found = read & by_id.keys()
        if found and found != in_use:
            return [by_id[key] for key in sorted(found) if key in in_use or key in replaced]
    return [one for one in manifest if one.delivery_id in {by_id[key].supersedes for key in in_use}]
