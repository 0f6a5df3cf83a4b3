"""`relief rejects list` and `export`: count the open rejects by reason, and write the file in which they are mended."""

import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing.catalog import ensure_raw
from relief.landing.job import Report
from relief.landing.layout import IGNORED, load_source
from relief.landing.layout_files import choose_again, layout_folders, with_layouts
from relief.landing.mended import could_forge, header_line, reject_line

if TYPE_CHECKING:
    import duckdb

_BATCH = 10_000
# Every reject with its outcome: closed by a repair, or open with the reason that was found last.
_STATES = """
with attempts as (
    select
        delivery_id, record_no, outcome, reason,
        row_number() over (
            partition by delivery_id, record_no order by outcome = 'open', repaired_at desc, repair_id
        ) as place
    from raw.reject_repairs
),
states as (
    select
        rejects.delivery_id, rejects.record_no, rejects.reason_code, rejects.raw_text,
        coalesce(attempts.outcome, 'open') as outcome, coalesce(attempts.reason, rejects.reason) as reason
    from raw.rejects as rejects
    left join attempts
        on rejects.delivery_id = attempts.delivery_id and rejects.record_no = attempts.record_no and attempts.place = 1
)
"""


def list_rejects(home: Home, report: Report) -> None:
    """Report one line per delivery with rejects and one per reason of its open rejects: counts, never a value."""
    with _ledger(home) as connection:
        deliveries = connection.execute(
            _STATES
            + """
            select
                deliveries.delivery_id, deliveries.table_name, deliveries.rejected, deliveries.status,
                count(*) filter (where states.outcome = 'repaired'),
                count(*) filter (where states.outcome = 'dropped'),
                count(*) filter (where states.outcome = 'open')
            from raw.deliveries as deliveries
            inner join states on deliveries.delivery_id = states.delivery_id
            group by 1, 2, 3, 4, deliveries.landed_at
            order by deliveries.landed_at, 1
            """
        ).fetchall()
        reasons = connection.execute(
            _STATES
            + "select delivery_id, reason, count(*) from states where outcome = 'open' group by all order by 3 desc, 2"
        ).fetchall()
    if not deliveries:
        report("no delivery has rejects")
    for delivery_id, table_name, rejected, status, repaired, dropped, still_open in deliveries:
        note = "" if status == "landed" else f"  {status}"
        report(
            f"{delivery_id}  {table_name}  {rejected:,} rejected = {repaired:,} repaired + {dropped:,} dropped + "
            f"{still_open:,} open{note}"
        )
        for _, reason, count in (row for row in reasons if row[0] == delivery_id):
            report(f"  open {count:,}: {reason}")


def export_rejects(home: Home, delivery_id: str | None, out: Path, report: Report) -> int:
    """Write the open rejects of one delivery, or of all deliveries in use, and return their number.

    Key: delivery, record number. Each record is as in its original file, in UTF-8, below the column names of that file.
    Only the owner may read the result, since it contains identifiers. Raises ReliefError when nothing is open, the
    columns differ, or the file cannot be written.
    """
    _check_target(home, out)
    with _ledger(home) as connection:
        header = _header(home, connection, delivery_id)
        rows = connection.execute(
            _STATES
            + """
            select states.delivery_id, states.record_no, states.reason_code, states.raw_text
            from states
            inner join raw.deliveries as deliveries on states.delivery_id = deliveries.delivery_id
            where
                states.outcome = 'open' and deliveries.status = 'landed'
                and deliveries.delivery_id = coalesce(?, deliveries.delivery_id)
            order by deliveries.landed_at, 1, 2
            """,
            [delivery_id],
        )
        written, left_out = _write(out, header, rows)
    report(f"wrote {written:,} open rejects to {out}; it contains identifiers, keep it inside the office")
    if left_out:
        report(f"  left out {left_out:,} that contain lines like this file's own: mend their delivered file instead")
    return written


def _ledger(home: Home):  # type: ignore[no-untyped-def]  # a context manager of duckdb, which is imported late
    """Open the warehouse. Create the tables of rejects first if an earlier version made none."""
    if not home.has_warehouse():
        raise ReliefError(f"there is no warehouse in {home.path} yet; land a file first: relief land --help")
    with open_warehouse(home) as connection:
        ensure_raw(connection, home)
    return open_warehouse(home, read_only=True)


def _header(home: Home, connection: "duckdb.DuckDBPyConnection", delivery_id: str | None) -> bytes:
    """The header of the export. All its rejects must have the same columns in the same order."""
    if delivery_id:
        _check_delivery(connection, delivery_id)
    rows = connection.execute(
        _STATES
        + """
        select
            deliveries.source, deliveries.table_name, coalesce(deliveries.layout, deliveries.source) as layout,
            deliveries.file_columns, deliveries.has_header, min(deliveries.delivery_id)
        from states
        inner join raw.deliveries as deliveries on states.delivery_id = deliveries.delivery_id
        where
            states.outcome = 'open' and deliveries.status = 'landed'
            and deliveries.delivery_id = coalesce(?, deliveries.delivery_id)
        group by all
        order by 6
        """,
        [delivery_id],
    ).fetchall()
    if not rows:
        raise ReliefError(f"no reject is open{f' in {delivery_id}' if delivery_id else ''}; nothing was written")
    headers = {(layout, _names(home, source, table, layout, *row)) for source, table, layout, *row in rows}
    if len(headers) > 1:
        examples = ", ".join(row[5] for row in rows)
        raise ReliefError(
            f"the open rejects have {len(headers)} different headers or layouts; export them apart with "
            f"--delivery, such as {examples}"
        )
    return headers.pop()[1]


def _names(  # noqa: PLR0917  (what the manifest records about a delivery)
    home: Home,
    source: str,
    table_name: str,
    layout: str,
    file_columns: str | None,
    has_header: bool,
    delivery_id: str,
) -> bytes:
    read_by = load_source(source)
    if layout != source:
        read_by = with_layouts(read_by, layout_folders(home))
    read_by = choose_again(read_by, layout, delivery_id)
    table = next((table for table in read_by.every_table if table.name == table_name), None)
    if table is None:
        raise ReliefError(f"the layout {layout} no longer maps {table_name}; put its earlier version back")
    if file_columns is None and has_header:
        raise ReliefError(
            f"{delivery_id} was landed by an earlier version, which did not keep the order of its columns; "
            "mend the file itself and land it with --supersedes"
        )
    columns = table.columns if file_columns is None else tuple(next(csv.reader([file_columns])))
    named = dict(zip(table.columns, table.headers, strict=True))
    if lost := [column for column in columns if column and not named.get(column, column)]:
        raise ReliefError(f"the layout {layout} no longer maps {', '.join(lost)}; put its earlier version back")
    # An ignored column keeps its name in the file, which the manifest records.
    names = tuple(named.get(column, column.removeprefix(IGNORED)) for column in columns if column)
    return header_line(names, columns.count(""))


def _check_delivery(connection: "duckdb.DuckDBPyConnection", delivery_id: str) -> None:
    row = connection.execute(
        "select status, superseded_by from raw.deliveries where delivery_id = ?", [delivery_id]
    ).fetchone()
    if row is None:
        raise ReliefError(f"--delivery: there is no delivery {delivery_id}; see relief rejects list")
    if row[0] != "landed":
        raise ReliefError(f"--delivery: {delivery_id} was superseded by {row[1]}; its rejects need no mending")


def _check_target(home: Home, out: Path) -> None:
    """Refuse a target that exists, is not an ordinary file, or is in the data folder: the export has identifiers."""
    if out.exists() and not out.is_file():
        raise ReliefError(f"{out} is not an ordinary file; name a file to write")
    if out.exists() or out.is_symlink():
        raise ReliefError(f"{out} exists and may contain mended records; name another file")
    if out.resolve().is_relative_to(home.path):
        raise ReliefError(f"{out} is in the data folder; name a file outside {home.path}")


def _write(out: Path, header: bytes, rows: "duckdb.DuckDBPyConnection") -> tuple[int, int]:
    """Write the whole file or nothing, readable by its owner only. Return how many were written and left out."""
    temporary: Path | None = None
    written = left_out = 0
    try:
        handle, name = tempfile.mkstemp(prefix=".relief-", suffix=".part", dir=out.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(header)
            for row in _rows(rows):
                if could_forge(row[3]):
                    left_out += 1
                    continue
                file.write(reject_line(*row))
                written += 1
        temporary.replace(out)
    except BaseException as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ReliefError(
                f"{out}: cannot be written ({error.strerror}); name a file in a folder you can write to"
            ) from None
        raise
    return written, left_out


def _rows(rows: "duckdb.DuckDBPyConnection") -> Iterator[tuple[str, int, str, str]]:
    while batch := rows.fetchmany(_BATCH):
        yield from batch
