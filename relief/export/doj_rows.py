"""Read the landed rows of the DOJ's file. Deliveries are in the order of landing, and rows in the order of the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from relief.building.as_known import raw_of_last_build
from relief.errors import ReliefError
from relief.home import Home

if TYPE_CHECKING:
    import duckdb

SOURCE = "ca_doj"
BATCH_ROWS = 20_000


@dataclass(frozen=True)
class DojDelivery:
    """One delivery in use: its Parquet file of `loaded` rows, and the repair files of all deliveries."""

    delivery_id: str
    loaded: int
    parquet: Path
    repairs: tuple[Path, ...]


def landed_deliveries(connection: "duckdb.DuckDBPyConnection", home: Home) -> list[DojDelivery]:
    """The deliveries in use, in the order of landing; if the last build shows an earlier time, those in use then."""
    raw = raw_of_last_build(connection)
    landed = connection.execute(
        f"select delivery_id, loaded, parquet_path from {raw}.deliveries where source = ? and status = 'landed' "
        "order by landed_at, delivery_id",
        [SOURCE],
    ).fetchall()
    repairs = connection.execute(
        f"select parquet_path from {raw}.repairs where source = ? and parquet_path is not null order by landed_at",
        [SOURCE],
    ).fetchall()
    return [
        DojDelivery(delivery_id, loaded, _there(home, path), tuple(_there(home, repaired) for (repaired,) in repairs))
        for delivery_id, loaded, path in landed
    ]


def rows_sql(deliveries: list[DojDelivery], columns: tuple[str, ...]) -> str:
    """The SQL for (delivery_id, row_no, columns) of these deliveries, including mended records, in any order."""
    listed = ", ".join(["delivery_id", "row_no", *(f'"{column}"' for column in columns)])
    ids = ", ".join(f"'{delivery.delivery_id}'" for delivery in deliveries)
    parts = [[delivery.parquet for delivery in deliveries], list(deliveries[0].repairs)]
    return " union all ".join(
        f"select {listed} from read_parquet([{', '.join(map(_quoted, paths))}], hive_partitioning = false) "
        f"where delivery_id in ({ids})"
        for paths in parts
        if paths
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _there(home: Home, relative: str) -> Path:
    path = home.path / relative
    if not path.exists():
        raise ReliefError(f"landed Parquet is gone ({relative}); restore the data folder from a backup")
    return path


def batches(
    connection: "duckdb.DuckDBPyConnection", delivery: DojDelivery, columns: tuple[str, ...]
) -> Iterator[pa.Table]:
    """Yield tables of (row_no, columns) in the order of row_no. Mended records have their original place."""
    mended = _mended(connection, delivery, columns)
    names = ["row_no", *columns]
    with pq.ParquetFile(delivery.parquet) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=names):
            table = pa.table(batch).select(names)
            if mended.num_rows:
                last = table["row_no"][-1].as_py()
                due = sum(1 for row_no in mended["row_no"].to_pylist() if row_no <= last)
                table = pa.concat_tables([table, mended.slice(0, due)]).sort_by("row_no")
                mended = mended.slice(due)
            yield table
    if mended.num_rows:
        yield mended


def _mended(connection: "duckdb.DuckDBPyConnection", delivery: DojDelivery, columns: tuple[str, ...]) -> pa.Table:
    schema = pa.schema([("row_no", pa.int64()), *((column, pa.string()) for column in columns)])
    if not delivery.repairs:
        return schema.empty_table()
    listed = ", ".join(f'"{column}"' for column in columns)
    return (
        connection.execute(
            f"select row_no, {listed} from read_parquet(?, hive_partitioning = false) "
            "where delivery_id = ? order by row_no",
            [[str(path) for path in delivery.repairs], delivery.delivery_id],
        )
        .to_arrow_table()
        .cast(schema)
    )
