"""Suppression applied to the tables of a release that may leave the office.

Every count of 1 to threshold - 1 is taken out, with every count that would give one away: through the totals of the
cube, through the difference of two stages, or through the difference of an outcome and its base.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from relief.publishing.cube import Cube
from relief.publishing.suppression import suppress, suppression_threshold
from relief.publishing.tables import DISMISSALS, OUTCOMES, PROGRESS

if TYPE_CHECKING:
    import duckdb

AXES = ("year", "offense", "level", "wave")
UNITS = ("convictions", "cases", "people")
OUTCOME_COUNTS = ("no_felony_left", "no_conviction_left", "no_conviction_last_7_years", "cannot_tell")


def suppress_tables(connection: "duckdb.DuckDBPyConnection", schema: str) -> None:
    """Suppress the three reports in place; each gets a column `mark`."""
    threshold = suppression_threshold()
    _suppress_dismissals(connection, f"{schema}.{DISMISSALS}", threshold)
    _suppress_progress(connection, f"{schema}.{PROGRESS}", f"{schema}.{DISMISSALS}", threshold)
    _suppress_outcomes(connection, f"{schema}.{OUTCOMES}", f"{schema}.{DISMISSALS}", threshold)


def _suppress_dismissals(connection: "duckdb.DuckDBPyConnection", table: str, threshold: int) -> None:
    """One linked system over year, offense, level and wave; both year bases share their totals."""
    rows = connection.execute(
        f"select year_basis, {', '.join(AXES)}, unit, dismissals, extract_as_of_date, is_synthetic from {table}"
    ).fetchall()
    connection.execute(f"alter table {table} add column mark varchar")
    if not rows:
        return
    # On the year axis a year of the order and a year of the conviction are two positions, whatever their number.
    years = sorted({(row[0], row[1]) for row in rows if row[1] != "all"})
    bases = sorted({basis for basis, _ in years})
    labels: list[list[Any]] = [["all", *years]]
    labels += [["all", *sorted({row[axis] for row in rows} - {"all"})] for axis in range(2, 5)]
    position = [{label: number for number, label in enumerate(axis)} for axis in labels]
    shape = tuple(len(axis) for axis in labels)
    values = {unit: np.zeros(shape, dtype=np.int64) for unit in UNITS}
    for basis, year, offense, level, wave, unit, count, *_ in rows:
        cell = (
            position[0]["all" if year == "all" else (basis, year)],
            position[1][offense],
            position[2][level],
            position[3][wave],
        )
        values[unit][cell] = count
    year_groups = [[n for n, label in enumerate(labels[0]) if n and label[0] == basis] for basis in bases]
    groups = [year_groups, *([list(range(1, len(axis)))] for axis in labels[1:])]
    suppressed = suppress(Cube.build(groups, values), threshold).reshape(shape)
    as_of, is_synthetic = rows[0][7], rows[0][8]
    filled = []
    for cell in np.ndindex(shape):
        year_label, *others = (labels[axis][number] for axis, number in enumerate(cell))
        for basis, year in [(b, "all") for b in bases] if year_label == "all" else [year_label]:
            for unit in UNITS:
                count = int(values[unit][cell])
                mark = "suppressed" if suppressed[cell] and count else "value" if count else "zero"
                shown = None if mark == "suppressed" else count
                filled.append((basis, year, *others, unit, shown, as_of, is_synthetic, mark))
    _replace(connection, table, filled)


def _replace(connection: "duckdb.DuckDBPyConnection", table: str, rows: list[tuple[object, ...]]) -> None:
    import pyarrow as pa  # noqa: PLC0415  (only to publish)

    names = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    columns = {name: [row[number] for row in rows] for number, name in enumerate(names)}
    connection.register("filled", pa.table(columns))
    connection.execute(f"delete from {table}")
    connection.execute(f"insert into {table} by name select * from filled order by all")
    connection.unregister("filled")


def _suppress_progress(connection: "duckdb.DuckDBPyConnection", table: str, dismissals: str, threshold: int) -> None:
    """A stage is taken out when it is small, differs from the stage before by few, or stands hidden in the cube."""
    connection.execute(f"alter table {table} add column mark varchar")
    connection.execute(
        f"""
        with hidden as (
            select cast(wave as integer) as wave_number, unit from {dismissals}
            where year = 'all' and offense = 'all' and level = 'all' and wave in ('1', '2') and mark = 'suppressed'
        ),

        stages as (
            select wave_number, unit, stage_number, stage, counted,
                counted - lag(counted) over (partition by wave_number order by stage_number) as step,
                counted_high - counted_low as width
            from {table}
        ),

        small as (
            select stages.wave_number, stages.stage_number,
                coalesce(counted between 1 and {threshold - 1}, false)
                or coalesce(abs(step) between 1 and {threshold - 1}, false)
                or (stage = 'order_signed' and hidden.unit is not null) as is_small,
                coalesce(width between 1 and {threshold - 1}, false) as is_narrow
            from stages left join hidden on stages.wave_number = hidden.wave_number and stages.unit = hidden.unit
        )

        update {table} as target set
            mark = case when is_small then 'suppressed' when counted is null then 'missing'
                when counted = 0 then 'zero' else 'value' end,
            counted = case when not is_small then counted end,
            counted_low = case when not is_small and not is_narrow then counted_low end,
            counted_high = case when not is_small and not is_narrow then counted_high end,
            share_of_published = case when not is_small then share_of_published end
        from small
        where target.wave_number = small.wave_number and target.stage_number = small.stage_number
        """
    )


def _suppress_outcomes(connection: "duckdb.DuckDBPyConnection", table: str, dismissals: str, threshold: int) -> None:
    """An outcome is taken out when it is small, or when all but few of the people with relief have it."""
    connection.execute(f"alter table {table} add column mark varchar")
    small = f"between 1 and {threshold - 1}"
    hidden = {
        name: f"coalesce({name} {small} or people_with_relief - {name} {small}, false)" for name in OUTCOME_COUNTS
    }
    people = (
        f"(select max(dismissals) from {dismissals} where year = 'all' and offense = 'all' and level = 'all' "
        "and wave = 'all' and unit = 'people')"
    )
    hidden["people_with_relief"] = (
        f"coalesce(people_with_relief {small} "
        f"or (basis_type = 'orders' and people_with_relief - {people} {small}), false)"
    )
    assignments = ", ".join(f"{name} = case when not ({test}) then {name} end" for name, test in hidden.items())
    connection.execute(
        f"""
        update {table} set
            mark = case when {" or ".join(hidden.values())} then 'suppressed'
                when people_with_relief is null then 'missing' when people_with_relief = 0 then 'zero' else 'value' end,
            {assignments}
        """
    )
