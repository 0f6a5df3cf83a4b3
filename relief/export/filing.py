"""`relief export filing`: write exhibit lists, proposed orders, notices, the report to the DOJ and a cover sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.export.built import read_built
from relief.export.filing_cover import LOOSE, check, number, write_cover
from relief.export.filing_day import package_day, select_filings
from relief.export.filing_lists import (
    ASKED,
    CHALLENGE,
    COURT_NOTICE,
    EXHIBIT,
    FILINGS,
    HELD,
    HELD_ROWS,
    LINE,
    NOTICE,
    ORDER,
    TO_FILE,
    WHOLE_COUNTY,
    Line,
    Table,
    statement,
)
from relief.export.filing_package import Package
from relief.export.filing_text import methodology
from relief.export.folder import new_folder
from relief.export.sheets import TableFiles
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

DEFAULT_POLICY = "statutory_11361_8"
MARTS = {
    "fct_relief_filings_by_day",
    "fct_relief_challenges",
    "fct_relief_not_granted",
    "fct_disposition_reports",
    "rpt_filing_counts",
}
_BATCH = 5_000


@dataclass(frozen=True)
class FilingExport:
    """Counts: convictions granted by the policy, how many of these are to file or held, and orders to report."""

    grants: int
    to_file: int
    held: int
    reports: int
    files: int


def export_filing(home: Home, policy_id: str, out: Path, day: date | None = None) -> FilingExport:
    """Write the package of a day (by default today) into the new folder `out`, completely or not at all.

    Raises ReliefError when nothing is built, a later day was evaluated, the policy was not part of the build, the
    folder cannot be used, or the written rows differ from the counts of the marts.
    """
    with open_warehouse(home, read_only=True) as connection:
        built = read_built(connection, home, MARTS, policy_id)
        day = package_day(built, day)
        with new_folder(home, out) as folder:
            package = Package(folder, built, day)
            select_filings(connection, policy_id, day)
            _write_filings(connection, package)
            held = _write_table(connection, package, "held", Table("Held", HELD_ROWS, HELD), LINE)
            tables = {name: _write_table(connection, package, name, table) for name, table in WHOLE_COUNTY.items()}
            told = _write_court_notices(connection, package)
            grants = check(connection, package, told, tables)
            write_cover(connection, package)
            _write_text(connection, package, grants)
            files = sum(1 for path in folder.rglob("*") if path.is_file())
    to_file = sum(count for line, count in package.lines.items() if line.filing_list in TO_FILE)
    return FilingExport(grants, to_file, held, tables["disposition_report_doj"], files)


def _rows(
    connection: "duckdb.DuckDBPyConnection", text: str, columns: tuple[str, ...], policy_id: str
) -> Iterator[tuple[Any, ...]]:
    parameters = {"policy": policy_id} if "$policy" in text else {}
    cursor = connection.execute(statement(text, columns), parameters)
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _write_filings(connection: "duckdb.DuckDBPyConnection", package: Package) -> None:
    """Write exhibit lists and proposed orders. The rows are ordered by courthouse, agency and list."""
    columns = tuple(dict.fromkeys((*EXHIBIT, *CHALLENGE, *ASKED, *ORDER, *LINE)))
    place = {name: number for number, name in enumerate(columns)}
    exhibit, with_challenge = ([place[name] for name in names] for names in (EXHIBIT, (*EXHIBIT, *CHALLENGE, *ASKED)))
    order, line_of = [place[name] for name in ORDER], [place[name] for name in LINE]
    tables: dict[str, TableFiles] = {}
    current: tuple[Any, ...] = ()
    for row in _rows(connection, FILINGS, columns, package.built.policy_id):
        line = Line(*(row[number] for number in line_of))
        if line[:2] != current[:2]:
            _close(package, tables, "proposed_orders")
        if line[:3] != current:
            _close(package, tables, "exhibit")
        current = line[:3]
        is_plain = line.filing_list == "unchallenged"
        if "exhibit" not in tables:
            names = EXHIBIT if is_plain else (*EXHIBIT, *CHALLENGE, *ASKED)
            tables["exhibit"] = package.open(line[:3], line.filing_list.replace("_", " "), names)
        if is_plain and "proposed_orders" not in tables:
            tables["proposed_orders"] = package.open((*line[:2], "proposed_orders"), "Proposed orders", ORDER)
        tables["exhibit"].add([row[number] for number in (exhibit if is_plain else with_challenge)])
        if is_plain:
            tables["proposed_orders"].add([row[number] for number in order])
        package.lines[line] += 1
    for name in list(tables):
        _close(package, tables, name)


def _close(package: Package, tables: dict[str, TableFiles], name: str) -> None:
    if name in tables:
        package.close(tables.pop(name))


def _write_table(
    connection: "duckdb.DuckDBPyConnection",
    package: Package,
    stem: str,
    table: Table,
    line_columns: tuple[str, ...] = (),
) -> int:
    """Write one table of the whole county and count its rows, per line if it has lines. Without rows, write no file."""
    files: TableFiles | None = None
    width = len(table.columns)
    for row in _rows(connection, table.text, (*table.columns, *line_columns), package.built.policy_id):
        files = files or package.open((stem,), table.title, table.columns)
        files.add(row[:width])
        if line_columns:
            package.lines[Line(*row[width:])] += 1
    if files is None:
        return 0
    package.close(files)
    return files.rows


def _write_court_notices(connection: "duckdb.DuckDBPyConnection", package: Package) -> int:
    """Write one notice per courthouse."""
    table: TableFiles | None = None
    rows, courthouse = 0, None
    for row in _rows(connection, COURT_NOTICE, NOTICE, package.built.policy_id):
        if table is None or row[0] != courthouse:
            if table:
                package.close(table)
            courthouse = row[0]
            table = package.open((courthouse, "notice_to_court"), "Notice to court", NOTICE)
        table.add(row)
        rows += 1
    if table:
        package.close(table)
    return rows


def _write_text(connection: "duckdb.DuckDBPyConnection", package: Package, grants: int) -> None:
    citations = dict(connection.execute("select deadline_id, citation from reference.legal_deadlines").fetchall())
    text = methodology(package, grants, number(connection, LOOSE), citations)
    (package.folder / "methodology.txt").write_text(text, encoding="utf-8")
