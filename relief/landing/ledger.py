"""The ledger of repairs: every mended file that was landed, and what it did to the rejects that it lists."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from relief.home import Home
from relief.landing.catalog import refresh_views

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Repair:
    """One row of ``raw.repairs``: a mended file. ``records = repaired + dropped + still_open + skipped``."""

    repair_id: str
    source: str
    table_name: str
    file_name: str
    sha256: str
    records: int
    repaired: int
    dropped: int
    still_open: int
    skipped: int
    landed_at: datetime
    parquet_path: str | None
    relief_version: str


@dataclass(frozen=True)
class RejectState:
    """A reject as the warehouse records it; ``closed_by`` is the repair that loaded or dropped it."""

    source: str
    table_name: str
    delivery_status: str
    superseded_by: str | None
    is_synthetic: bool
    reason_code: str
    raw_text: str
    closed_by: str | None
    outcome: str | None
    text_sha256: str | None
    layout: str | None  # the layout that read its delivery; NULL in older homes


OUTCOMES = pa.schema(
    [
        ("repair_id", pa.string()),
        ("delivery_id", pa.string()),
        ("record_no", pa.int64()),
        ("line_number", pa.int64()),
        ("outcome", pa.string()),
        ("reason_code", pa.string()),
        ("reason", pa.string()),
        ("text_sha256", pa.string()),
        ("repaired_at", pa.timestamp("us")),
    ]
)
_COLUMNS = ", ".join(Repair.__dataclass_fields__)


def find_repair(connection: "duckdb.DuckDBPyConnection", repair_id: str) -> Repair | None:
    """Return one mended file of the ledger, or None."""
    row = connection.execute(f"select {_COLUMNS} from raw.repairs where repair_id = ?", [repair_id]).fetchone()
    return Repair(*row) if row else None


def states_of(
    connection: "duckdb.DuckDBPyConnection", keys: list[tuple[str, int]]
) -> dict[tuple[str, int], RejectState]:
    """The rejects with these delivery ids and record numbers, by key. A key without a reject is left out."""
    rows = connection.execute(
        """
        with wanted as (
            select unnest(?::varchar[]) as delivery_id, unnest(?::bigint[]) as record_no
        )
        select
            wanted.delivery_id, wanted.record_no,
            deliveries.source, rejects.table_name, deliveries.status, deliveries.superseded_by,
            deliveries.is_synthetic, rejects.reason_code, rejects.raw_text,
            closed.repair_id, closed.outcome, closed.text_sha256, deliveries.layout
        from wanted
        inner join raw.rejects as rejects
            on wanted.delivery_id = rejects.delivery_id and wanted.record_no = rejects.record_no
        inner join raw.deliveries as deliveries on wanted.delivery_id = deliveries.delivery_id
        left join (select * from raw.reject_repairs where outcome <> 'open') as closed
            on wanted.delivery_id = closed.delivery_id and wanted.record_no = closed.record_no
        """,
        [[delivery_id for delivery_id, _ in keys], [record_no for _, record_no in keys]],
    ).fetchall()
    return {(delivery_id, record_no): RejectState(*state) for delivery_id, record_no, *state in rows}


def record_repair(connection: "duckdb.DuckDBPyConnection", home: Home, repair: Repair, outcomes: pa.Table) -> None:
    """Write the mended file's row, its outcomes and the views in one transaction."""
    connection.begin()
    try:
        marks = ", ".join("?" * len(Repair.__dataclass_fields__))
        connection.execute(f"insert into raw.repairs ({_COLUMNS}) values ({marks})", list(asdict(repair).values()))
        connection.register("outcomes_of_the_repair", outcomes)
        connection.execute("insert into raw.reject_repairs by name select * from outcomes_of_the_repair")
        connection.unregister("outcomes_of_the_repair")
        refresh_views(connection, home)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
