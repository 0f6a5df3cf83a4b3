"""Apply suppression to the tables of a release that may leave the office.

Every count of 1 to threshold - 1 is removed. Other counts are removed if they would reveal such a count, through the
totals of the cube or the difference of two stages or outcomes.
"""

from typing import TYPE_CHECKING, Any

from relief.publishing.dismissals import TOTAL, suppress_dismissals
from relief.publishing.small_reports import suppress_outcomes, suppress_progress
from relief.publishing.standing import suppress_standing
from relief.publishing.suppression import suppression_threshold
from relief.publishing.tables import DISMISSALS, OUTCOMES, PROGRESS, STANDING

if TYPE_CHECKING:
    import duckdb

PLACE = ("year_basis", "year", "offense", "level", "wave", "unit")


def suppress_tables(connection: "duckdb.DuckDBPyConnection", schema: str) -> None:
    """Suppress the reports in place and give each a column `mark`.

    Never call this on a file that is published: DuckDB leaves replaced rows in the pages of a file.
    """
    threshold = suppression_threshold()
    cube = _read(connection, f"{schema}.{DISMISSALS}")
    counts = [(*(row[name] for name in PLACE), row["dismissals"]) for row in cube]
    marked = list(suppress_dismissals(counts, threshold))
    # Dates and the synthetic label are the same on all rows of a build, so rows that are added here get them too.
    shared = {name: cube[0][name] for name in ("extract_as_of_date", "is_synthetic")} if cube else {}
    rows = [dict(zip((*PLACE, "dismissals", "mark"), row, strict=True)) | shared for row in marked]
    replace_rows(connection, f"{schema}.{DISMISSALS}", rows)
    totals = {
        (wave, unit): (mark == "suppressed", count)
        for _, *place, wave, unit, count, mark in marked
        if place == [TOTAL, TOTAL, TOTAL]
    }
    progress = suppress_progress(_read(connection, f"{schema}.{PROGRESS}"), totals, threshold)
    replace_rows(connection, f"{schema}.{PROGRESS}", progress)
    outcomes = _read(connection, f"{schema}.{OUTCOMES}")
    people = totals.get((TOTAL, "people"), (False, None))
    replace_rows(connection, f"{schema}.{OUTCOMES}", suppress_outcomes(outcomes, people, threshold))
    shown = {count for (_, unit), (_, count) in totals.items() if unit == "convictions" and count}
    for row in progress:
        if row["unit"] == "convictions":
            shown |= {row[name] for name in ("counted", "counted_low", "counted_high") if row[name]}
    standing = _read(connection, f"{schema}.{STANDING}")
    replace_rows(connection, f"{schema}.{STANDING}", suppress_standing(standing, shown, threshold))


def _read(connection: "duckdb.DuckDBPyConnection", table: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"from {table} order by all")
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def replace_rows(connection: "duckdb.DuckDBPyConnection", table: str, rows: list[dict[str, Any]]) -> None:
    """Replace the exact rows of a table by suppressed rows."""
    import pyarrow as pa  # noqa: PLC0415  (only to publish)

    described = connection.execute(f"describe {table}").fetchall()
    columns = [(name, kind) for name, kind, *_ in described] + [("mark", "varchar")]
    connection.execute(f"create or replace table {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
    if not rows:
        return
    connection.register("suppressed_rows", pa.table({name: [row[name] for row in rows] for name, _ in columns}))
    connection.execute(f"insert into {table} by name select * from suppressed_rows order by all")
    connection.unregister("suppressed_rows")
