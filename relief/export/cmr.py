"""`relief export cmr`: write the three result files and the summary of the older tool (Clear My Record).

The three CSV files have the older tool's columns: all or 20 columns of the DOJ's file, and 18 more. Values are
written unchanged, for programs that read the older tool's files, and are not made safe for a spreadsheet.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from relief.errors import ReliefError
from relief.export import go_csv
from relief.export.built import check_built
from relief.export.cmr_columns import CONDENSED_COLUMNS, FILE_COLUMNS, POSSIBLE, RESULT_COLUMNS, printed_header
from relief.export.cmr_summary import as_json, summarize
from relief.export.doj_rows import DojDelivery, batches, landed_deliveries
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

ALL, CONDENSED, PROP64, SUMMARY = "All_Results.csv", "All_Results_Condensed.csv", "Prop64_Results.csv", "gogen.json"
MARTS = {"fct_criminal_history_rows", "fct_older_tool_results", "rpt_older_tool_summary"}


@dataclass(frozen=True)
class CmrExport:
    """How many rows were written, how many of them have a determination (`evaluated`), and from how many deliveries."""

    rows: int
    evaluated: int
    deliveries: int


def export_cmr(home: Home, policy_id: str, out: Path) -> CmrExport:
    """Write the four files into `out`, for its owner only (folder 0700, files 0600), all of them or none.

    Rows keep the order of their file, and deliveries the order of landing. Raises ReliefError when nothing is built,
    the policy was not part of the build, deliveries changed since, or the folder cannot be written.
    """
    started = time.monotonic()
    _check_target(home, out)
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, MARTS, policy_id)
        deliveries = landed_deliveries(connection, home)
        if not deliveries:
            raise ReliefError("no file of the DOJ is landed; land one: relief land --source ca_doj FILE")
        with _whole_or_not_at_all(out) as folder:
            rows, evaluated = _write_results(connection, deliveries, policy_id, folder)
            summary = summarize(connection, policy_id, rows, round(time.monotonic() - started, 9))
            (folder / SUMMARY).write_text(as_json(summary), encoding="utf-8")
    return CmrExport(rows, evaluated, len(deliveries))


def _write_results(
    connection: "duckdb.DuckDBPyConnection", deliveries: list[DojDelivery], policy_id: str, folder: Path
) -> tuple[int, int]:
    rows = evaluated = 0
    with ExitStack() as stack:
        files = {name: stack.enter_context((folder / name).open("wb")) for name in (ALL, CONDENSED, PROP64)}
        files[ALL].write(go_csv.header(printed_header(FILE_COLUMNS)))
        files[CONDENSED].write(go_csv.header(printed_header(CONDENSED_COLUMNS)))
        files[PROP64].write(go_csv.header(printed_header(FILE_COLUMNS)))
        for delivery in deliveries:
            results = _Results(connection, delivery.delivery_id, policy_id)
            built = connection.execute(
                "select count(*) from marts.fct_criminal_history_rows where delivery_id = ?",
                [delivery.delivery_id],
            ).fetchone()
            of_delivery = 0
            for table in batches(connection, delivery, FILE_COLUMNS):
                evaluated += _write_batch(table, results, files)
                of_delivery += table.num_rows
            if built != (of_delivery,):
                raise ReliefError("records were landed or mended after the last build; run: relief build")
            rows += of_delivery
    return rows, evaluated


def _write_batch(table: pa.Table, results: "_Results", files: Mapping[str, BinaryIO]) -> int:
    row_numbers = table["row_no"].to_numpy()
    columns = {name: go_csv.fields(table[name]) for name in FILE_COLUMNS}
    beside, is_evaluated = results.beside(row_numbers)
    answers = [go_csv.fields(column) for column in beside]
    whole = go_csv.lines([*columns.values(), *answers])
    files[ALL].write(go_csv.joined_bytes(whole))
    condensed = go_csv.lines([*(columns[name] for name in CONDENSED_COLUMNS), *answers])
    files[CONDENSED].write(go_csv.joined_bytes(condensed))
    files[PROP64].write(go_csv.joined_bytes(whole.filter(pa.array(is_evaluated))))
    return int(is_evaluated.sum())


class _Results:
    """The older tool's 18 columns of one delivery, looked up by row number."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", delivery_id: str, policy_id: str) -> None:
        """Read one row per evaluated conviction, and the comments that name a possible other charge."""
        self._evaluated = connection.execute(
            f"select row_no, {', '.join(RESULT_COLUMNS)} from marts.fct_older_tool_results "
            "where policy_id = ? and delivery_id = ? order by row_no",
            [policy_id, delivery_id],
        ).to_arrow_table()
        self._possible = connection.execute(
            f"select row_no, {POSSIBLE} from intermediate.int_comparison__possible_charges "
            "where delivery_id = ? order by row_no",
            [delivery_id],
        ).to_arrow_table()

    def beside(self, row_numbers: np.ndarray) -> tuple[list[pa.Array], np.ndarray]:
        """The older tool's columns for these rows, empty where there is no value, and a flag for each evaluated row."""
        positions, is_evaluated = _positions(self._evaluated, row_numbers)
        columns = [_taken(self._evaluated[name], positions, is_evaluated) for name in RESULT_COLUMNS]
        positions, is_there = _positions(self._possible, row_numbers)
        columns[list(RESULT_COLUMNS).index(POSSIBLE)] = _taken(self._possible[POSSIBLE], positions, is_there)
        return columns, is_evaluated


def _positions(table: pa.Table, row_numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = table["row_no"].to_numpy()
    if not len(known):
        return np.zeros(len(row_numbers), dtype=np.int64), np.zeros(len(row_numbers), dtype=bool)
    positions = np.minimum(np.searchsorted(known, row_numbers), len(known) - 1)
    return positions, known[positions] == row_numbers


def _taken(column: pa.ChunkedArray, positions: np.ndarray, is_there: np.ndarray) -> pa.Array:
    if not is_there.any():
        return pa.repeat("", len(positions))
    return pc.fill_null(pc.take(column, pa.array(positions, mask=~is_there)), "")


def _check_target(home: Home, out: Path) -> None:
    """Refuse a target that is not a folder or is in the data folder, since the files contain identifiers."""
    if out.exists() and not out.is_dir():
        raise ReliefError(f"{out} is not a folder; name a folder to write the files to")
    if out.resolve().is_relative_to(home.path):
        raise ReliefError(f"{out} is in the data folder; name a folder outside {home.path}")


@contextmanager
def _whole_or_not_at_all(out: Path) -> Iterator[Path]:
    """Yield a temporary folder. Its files are moved into `out` when all of them are on disk."""
    is_new = not out.exists()
    part: Path | None = None
    try:
        out.mkdir(mode=0o700, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".relief-", suffix=".part", dir=out))
        yield part
        for path in part.iterdir():
            path.chmod(0o600)
            with path.open("rb") as file:
                os.fsync(file.fileno())
        for path in sorted(part.iterdir()):
            path.replace(out / path.name)
    except OSError as error:
        if error.errno is None:  # the error comes from a damaged Parquet file and not from the folder
            raise
        raise ReliefError(
            f"{out}: cannot be written ({error.strerror}); name a folder in one that you can write to"
        ) from None
    finally:
        if part:
            shutil.rmtree(part, ignore_errors=True)
        if is_new and out.is_dir() and not any(out.iterdir()):
            out.rmdir()
