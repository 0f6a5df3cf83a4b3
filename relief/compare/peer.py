"""Read a result file of the older tool, or any CSV with its answers, into a table of keys and answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv

from relief.errors import ReliefError
from relief.export.cmr_columns import CONDENSED_COLUMNS, FILE_COLUMNS

ANSWERS = (
    ("eligibility determination", "eligibility reason"),
    ("eligibility_determination", "eligibility_reason"),
)
# Columns that identify evaluated rows: the older tool fills its count of convictions in every evaluated row.
EVIDENCE = ("evaluated", "# of convictions on record", "n_convictions_on_record")
KEYS = ("subject_id", "cnt_order")
_BLOCK_BYTES = 8 << 20


@dataclass(frozen=True)
class PeerShape:
    """How rows of the peer file are matched with our rows. `kind` is whole, condensed, row_no or keys."""

    kind: str
    key_columns: tuple[str, ...]
    checked_columns: tuple[str, ...]


def read_peer(connection: duckdb.DuckDBPyConnection, path: Path, answer_columns: tuple[str, str] | None) -> PeerShape:
    """Load the file into the temporary table ``peer`` and return how its rows are matched.

    One row per record: line_no (1-based, header not counted), key (hash), row_no, checked, is_evaluated (NULL if the
    file does not report it), determination, reason. Raises ReliefError when the file is not a CSV with these columns.
    """
    try:
        try:
            return _read(connection, path, answer_columns, "utf-8")
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            if "utf" not in str(error).lower():
                raise
            return _read(connection, path, answer_columns, "cp1252")
    except OSError as error:
        why = error.strerror or "damaged"
        raise ReliefError(f"{path}: cannot be read ({why}); name a file you can read") from None
    except (pa.ArrowInvalid, UnicodeDecodeError):  # the error's message may quote a record, so it is dropped
        raise ReliefError(f"{path}: cannot be read whole as CSV; give a result file as it was written") from None


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, answer_columns: tuple[str, str] | None, encoding: str
) -> PeerShape:
    names = _header(path, encoding)
    shape = _shape(path, names)
    answers = _answers(path, names, answer_columns)
    evidence = next((name for name in EVIDENCE if name in names), None)
    wanted = [*dict.fromkeys([*shape.key_columns, *shape.checked_columns, *answers, *([evidence] if evidence else [])])]
    if any(names.count(name) > 1 for name in wanted):
        raise ReliefError(f"{path}: names a column twice that is needed once; give a result file as it was written")
    reader = _numbered(path, names, wanted, encoding)
    connection.register("peer_records", reader)
    try:
        connection.execute(_table(shape, answers, evidence))
    except duckdb.Error as error:  # contains the error that the CSV reader raised
        raise pa.ArrowInvalid(str(error)) from None
    finally:
        connection.unregister("peer_records")
    return shape


def _header(path: Path, encoding: str) -> list[str]:
    if path.is_dir():
        raise ReliefError(f"{path} is a folder; name one result file")
    with pa_csv.open_csv(path, pa_csv.ReadOptions(encoding=encoding, block_size=1 << 20), _parsing()) as reader:
        return [name.strip().lower() for name in reader.schema.names]


def _shape(path: Path, names: list[str]) -> PeerShape:
    known = set(names)
    if set(FILE_COLUMNS) <= known:
        return PeerShape("whole", FILE_COLUMNS, ())
    if "row_no" in known:
        return PeerShape("row_no", ("row_no",), tuple(name for name in KEYS if name in known))
    if set(KEYS) <= known:
        return PeerShape("keys", KEYS, ())
    if set(CONDENSED_COLUMNS) <= known:
        return PeerShape("condensed", CONDENSED_COLUMNS, ())
    raise ReliefError(
        f"{path}: its first line names neither the columns of a result file nor row_no, nor SUBJECT_ID and CNT_ORDER; "
        "give one of the older tool's result files, or a CSV with such columns"
    )


def _answers(path: Path, names: list[str], chosen: tuple[str, str] | None) -> tuple[str, str]:
    if chosen:
        lowered = (chosen[0].strip().lower(), chosen[1].strip().lower())
        missing = [name for name, low in zip(chosen, lowered, strict=True) if low not in names]
        if missing:
            raise ReliefError(f"{path}: has no column {', '.join(missing)}; name its two columns with --peer-columns")
        return lowered
    for pair in ANSWERS:
        if set(pair) <= set(names):
            return pair
    raise ReliefError(
        f"{path}: has no columns Eligibility Determination and Eligibility Reason; "
        "name the two that contain them: --peer-columns DETERMINATION,REASON"
    )


def _parsing() -> pa_csv.ParseOptions:
    return pa_csv.ParseOptions(newlines_in_values=True)


def _numbered(path: Path, names: list[str], wanted: list[str], encoding: str) -> pa.RecordBatchReader:
    """Read the wanted columns as text, with line_no, one batch at a time."""
    positions = [names.index(name) for name in wanted]
    unique = [f"c{position}" for position in range(len(names))]
    kept = [unique[position] for position in positions]
    schema = pa.schema([("line_no", pa.int64()), *((name, pa.string()) for name in wanted)])
    reader = pa_csv.open_csv(
        path,
        pa_csv.ReadOptions(encoding=encoding, block_size=_BLOCK_BYTES, column_names=unique, skip_rows=1),
        _parsing(),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(unique, pa.string()), strings_can_be_null=False, include_columns=kept
        ),
    )

    def batches() -> Iterator[pa.RecordBatch]:
        line_no = 0
        for batch in reader:
            numbers = pa.array(range(line_no + 1, line_no + 1 + batch.num_rows), pa.int64())
            line_no += batch.num_rows
            yield pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _table(shape: PeerShape, answers: tuple[str, str], evidence: str | None) -> str:
    determination, reason = (_name(column) for column in answers)
    if evidence is None:
        is_evaluated = f"case when {determination} <> '' or {reason} <> '' then true end"
    elif evidence == "evaluated":
        is_evaluated = "upper(trim(evaluated)) in ('Y', 'YES', 'TRUE', '1')"
    else:
        is_evaluated = f"{_name(evidence)} <> ''"
    row_no = "try_cast(trim(row_no) as bigint)" if shape.kind == "row_no" else "cast(null as bigint)"
    checked = checked_sql(shape)
    return f"""
        create or replace temp table peer as
        select line_no, {key_sql(shape)} as key, {row_no} as row_no, {checked} as checked,
            {is_evaluated} as is_evaluated, {determination} as determination, {reason} as reason
        from peer_records
    """


def key_sql(shape: PeerShape) -> str:
    """The SQL for the key of a row, on both sides: the row number, or a hash of the columns as Go reads them."""
    if shape.kind == "row_no":
        return "hash(try_cast(trim(cast(row_no as varchar)) as bigint))"
    texts = [_name(column) for column in shape.key_columns]
    if shape.kind == "keys":
        texts = [f"trim({text})" for text in texts]
    joined = ", ".join(f"coalesce({text}, '')" for text in texts)
    return f"hash(replace(concat_ws(chr(31), {joined}), chr(13) || chr(10), chr(10)))"


def checked_sql(shape: PeerShape) -> str:
    """The SQL for the columns that must agree when rows are matched by number; NULL if there are none."""
    return " || ';' || ".join(f"trim({_name(column)})" for column in shape.checked_columns) or "cast(null as varchar)"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
