"""Check that two data folders contain the same numbers: `python -m tools.same_tables BEFORE AFTER`.

A change of structure must not change an answer. Build the same landed extracts in two data folders: one with the code
before the change, one with the code after it. This tool then hashes every column of the tables and views of the marts,
the reports and the quality schema; the order of rows does not matter. A file of names (`--names`) lists the renamed
tables and columns. Another file (`--without`) lists those that are left out on purpose. A table or column that exists
on one side only, and that neither file lists, is a failure.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from relief.duck import connect

SCHEMAS = ("marts", "reporting", "quality")
# The last digits of a sum of fractions depend on the order in which threads add them.
_DIGITS = 9
_FRACTIONS = ("FLOAT", "DOUBLE")


@dataclass
class Hashes:
    """The contents of one data folder: the number of rows of each table, and one hash for each column."""

    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str] | None = None) -> int:
    """Print the differences. Return 0 if there are none, 1 if there are some, 2 if a folder or file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m tools.same_tables", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("before", type=Path, help="the data folder that the code before the change built")
    parser.add_argument("after", type=Path, help="the data folder that the code after the change built")
    parser.add_argument("--names", type=Path, help="CSV of before,after: table or table.column, with its schema")
    parser.add_argument("--without", type=Path, help="CSV of name,reason: table or table.column that is not compared")
    options = parser.parse_args(arguments)
    try:
        names = dict(_pairs(options.names, ("before", "after")))
        without = dict(_pairs(options.without, ("name", "reason")))
        before, after = (hashes(folder, without) for folder in (options.before, options.after))
    except (OSError, ValueError, duckdb.Error) as error:
        print(f"{error}", file=sys.stderr)
        return 2
    differences = list(compare(before, after, names))
    for name, reason in sorted(without.items()):
        print(f"left out: {name} ({reason})")
    for difference in differences:
        print(difference)
    print(
        f"{len(before.rows)} tables before, {len(after.rows)} after; "
        f"{len(before.columns)} columns before, {len(after.columns)} after; {len(differences)} differences"
    )
    return 1 if differences else 0


def hashes(folder: Path, without: dict[str, str]) -> Hashes:
    """Return the hashes of one data folder.

    Raise ValueError if the folder has no warehouse, and duckdb.Error if its warehouse cannot be read.
    """
    file = folder / "warehouse.duckdb"
    if not file.exists():
        raise ValueError(f"{folder}: there is no warehouse.duckdb; build this data folder first")
    found = Hashes()
    with connect(file, read_only=True) as connection:
        tables: dict[str, list[tuple[str, str]]] = {}
        for schema, table, column, kind in connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns "
            "where list_contains($schemas, table_schema) order by all",
            {"schemas": list(SCHEMAS)},
        ).fetchall():
            name = f"{schema}.{table}"
            if name not in without:
                tables.setdefault(name, []).extend([(column, kind)] if f"{name}.{column}" not in without else [])
        for name, columns in tables.items():
            found.rows[name], values = _hash_table(connection, name, columns)
            found.columns |= {f"{name}.{column}": value for (column, _), value in zip(columns, values, strict=True)}
    return found


def compare(before: Hashes, after: Hashes, names: dict[str, str]) -> Iterator[str]:
    """Return a line for each difference. A column is looked up by its own new name, else in the renamed table."""
    for name, rows in before.rows.items():
        renamed = names.get(name, name)
        if renamed not in after.rows:
            yield f"{name}: no table {renamed} after the change"
        elif after.rows[renamed] != rows:
            yield f"{name}: {rows} rows before, {after.rows[renamed]} after"
    for name, value in before.columns.items():
        table, _, column = name.rpartition(".")
        renamed = names.get(name, f"{names.get(table, table)}.{column}")
        if renamed not in after.columns:
            yield f"{name}: no column {renamed} after the change"
        elif after.columns[renamed] != value:
            yield f"{name}: other values after the change"
    known = {names.get(name, name) for name in before.rows}
    yield from (f"{name}: a table that was not there before" for name in after.rows if name not in known)
    known = {
        names.get(name, f"{names.get(name.rpartition('.')[0], name.rpartition('.')[0])}.{name.rpartition('.')[2]}")
        for name in before.columns
    }
    yield from (f"{name}: a column that was not there before" for name in after.columns if name not in known)


def _hash_table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[tuple[str, str]]
) -> tuple[int, list[str]]:
    """Return the number of rows, and one hash for each column: the sum of a hash per row.

    The hash of a row contains the value and the first columns of the model, which are its key. Without the key, nobody
    would notice if two rows exchanged their values.
    """
    read = [_compared(column, kind) for column, kind in columns]
    grain = ", ".join(read[:3])
    sums = ", ".join(f"sum(cast(hash({grain}, {value}) as hugeint))" for value in read)
    row = connection.execute(f"select count(*){', ' + sums if sums else ''} from {name}").fetchone()
    assert row is not None
    return int(row[0]), [str(value) for value in row[1:]]


def _compared(column: str, kind: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    if kind in _FRACTIONS:
        return f"format('{{:.{_DIGITS}g}}', {quoted})"
    return quoted


def _pairs(file: Path | None, columns: tuple[str, str]) -> Iterator[tuple[str, str]]:
    if file is None:
        return
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != columns:
            raise ValueError(f"{file}: its header must be {','.join(columns)}")
        for row in reader:
            if not row[columns[0]] or not row[columns[1]]:
                raise ValueError(f"{file}, line {reader.line_num}: give both {columns[0]} and {columns[1]}")
            yield row[columns[0]], row[columns[1]]


if __name__ == "__main__":
    sys.exit(main())
