"""`relief export filing`: exhibit lists, proposed orders, notices, the report to the DOJ, and a cover sheet that adds up."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.errors import ReliefError
from relief.export.built import Built, check_built, read_built
from relief.export.filing_lists import (
    CHALLENGE,
    COURT_NOTICE,
    DEFENDER_NOTICE,
    EXHIBIT,
    FILINGS,
    HELD,
    HELD_ROWS,
    NOTICE,
    ORDER,
    REPORT,
    REPORTS,
    TO_FILE,
    Line,
    statement,
)
from relief.export.filing_text import methodology
from relief.export.folder import new_folder
from relief.export.sheets import TableFiles
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

DEFAULT_POLICY = "statutory_11361_8"
MARTS = {"fct_relief_filings", "fct_relief_challenges", "fct_disposition_reports", "rpt_filing_counts"}
_LINE = ("courthouse_key", "prosecuting_agency_name", "filing_list", "filing_status")
_BATCH = 5_000
COVER = (
    "section",
    "courthouse",
    "prosecuting_agency",
    "list",
    "status",
    "convictions",
    "cases",
    "people",
    "convictions_first",
    "orders",
    "events",
    "files",
)


@dataclass(frozen=True)
class FilingExport:
    """What was written: convictions that the policy grants, of them on lists to file, held; orders to report."""

    grants: int
    to_file: int
    held: int
    reports: int
    files: int


@dataclass
class _Package:
    """The folder while it is written, and how many rows went where."""

    folder: Path
    built: Built
    lines: Counter[Line] = field(default_factory=Counter)
    files: dict[Path, int] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def open(self, parts: tuple[str, ...], title: str, columns: tuple[str, ...]) -> TableFiles:
        """A table under the folder of a courthouse and an agency, named by what they are called."""
        folder = self.folder
        for part in parts[:-1]:
            folder = folder / self._name(str(folder), part)
            folder.mkdir(mode=0o700, exist_ok=True)
        facts = self.built.facts
        return TableFiles(folder / parts[-1], title, columns, facts, label=self.built.label, constants=facts)

    def close(self, table: TableFiles) -> None:
        """Remember what was written."""
        table.__exit__(None, None, None)
        self.files[table.csv_path] = table.rows

    def _name(self, folder: str, text: str) -> str:
        """A short file name out of a text of a file, never the same for two of them."""
        if (folder, text) not in self.names:
            name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60] or "unnamed"
            taken = {name for (of, _), name in self.names.items() if of == folder}
            number = 1
            while (unique := name if number == 1 else f"{name}_{number}") in taken:
                number += 1
            self.names[folder, text] = unique
        return self.names[folder, text]


def export_filing(home: Home, policy_id: str, out: Path) -> FilingExport:
    """Write the package into `out`, a new folder for its owner only: all of it, or nothing.

    Raises ReliefError when nothing is built, the policy was not part of the build, the folder cannot be used, or the
    rows written are not those that the marts count.
    """
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, policy_id, MARTS)
        built = read_built(connection, policy_id)
        with new_folder(home, out) as folder:
            package = _Package(folder, built)
            _write_filings(connection, package)
            held = _write_table(connection, package, ("held",), "Held", HELD_ROWS, HELD, _LINE)
            notified = _write_table(
                connection, package, ("notice_to_public_defender",), "Notice to defender", DEFENDER_NOTICE, NOTICE
            )
            told = _write_court_notices(connection, package)
            reports = _write_table(connection, package, ("disposition_report_doj",), "Report to DOJ", REPORTS, REPORT)
            grants = _check(connection, package, notified, told, reports)
            _write_cover(connection, package)
            _write_text(connection, package, grants)
            files = sum(1 for path in folder.rglob("*") if path.is_file())
    to_file = sum(count for line, count in package.lines.items() if line.filing_list in TO_FILE)
    return FilingExport(grants, to_file, held, reports, files)


def _rows(
    connection: "duckdb.DuckDBPyConnection", text: str, columns: tuple[str, ...], policy_id: str
) -> Iterator[tuple[Any, ...]]:
    parameters = {"policy": policy_id} if "$policy" in text else {}
    cursor = connection.cursor().execute(statement(text, columns), parameters)
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _write_filings(connection: "duckdb.DuckDBPyConnection", package: _Package) -> None:
    """Exhibit lists and proposed orders; rows come by courthouse, agency and list."""
    columns = tuple(dict.fromkeys((*EXHIBIT, *CHALLENGE, *ORDER, *_LINE)))
    place = {name: number for number, name in enumerate(columns)}
    exhibit, with_challenge = ([place[name] for name in names] for names in (EXHIBIT, (*EXHIBIT, *CHALLENGE)))
    order, line_of = [place[name] for name in ORDER], [place[name] for name in _LINE]
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
            names = EXHIBIT if is_plain else (*EXHIBIT, *CHALLENGE)
            tables["exhibit"] = package.open(line[:3], line.filing_list.replace("_", " "), names)
        if "proposed_orders" not in tables:
            tables["proposed_orders"] = package.open((*line[:2], "proposed_orders"), "Proposed orders", ORDER)
        tables["exhibit"].add([row[number] for number in (exhibit if is_plain else with_challenge)])
        tables["proposed_orders"].add([row[number] for number in order])
        package.lines[line] += 1
    for name in list(tables):
        _close(package, tables, name)


def _close(package: _Package, tables: dict[str, TableFiles], name: str) -> None:
    if name in tables:
        package.close(tables.pop(name))


def _write_table(
    connection: "duckdb.DuckDBPyConnection",
    package: _Package,
    parts: tuple[str, ...],
    title: str,
    text: str,
    columns: tuple[str, ...],
    line_columns: tuple[str, ...] = (),
) -> int:
    """One table of the whole county, counted by line where it has lines. Without rows there is no file."""
    table: TableFiles | None = None
    for row in _rows(connection, text, (*columns, *line_columns), package.built.policy_id):
        table = table or package.open(parts, title, columns)
        table.add(row[: len(columns)])
        if line_columns:
            package.lines[Line(*row[len(columns) :])] += 1
    if table is None:
        return 0
    package.close(table)
    return table.rows


def _write_court_notices(connection: "duckdb.DuckDBPyConnection", package: _Package) -> int:
    """One notice per courthouse."""
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


def _check(connection: "duckdb.DuckDBPyConnection", package: _Package, notified: int, told: int, reports: int) -> int:
    """The rows on disk are those that the marts count; returns the convictions that the policy grants."""
    policy = [package.built.policy_id]
    counted = {
        Line(*line): convictions
        for *line, convictions in connection.execute(
            f"select {', '.join(_LINE)}, convictions from reporting.rpt_filing_counts "
            "where policy_id = ? and line_type = 'line'",
            policy,
        ).fetchall()
    }
    grants = _number(
        connection,
        "select count(*) from marts.fct_relief_determinations "
        "where policy_id = ? and starts_with(determination, 'Eligible')",
        policy,
    )
    listed = {line: count for line, count in counted.items() if line.filing_list in (*TO_FILE, "held")}
    challenged = _number(
        connection,
        "select count(*) from marts.fct_relief_challenges as challenges "
        "inner join intermediate.int_filing__case_identifiers as identifiers "
        "on challenges.conviction_key = identifiers.conviction_key "
        "where challenges.is_open and not identifiers.is_juvenile_case",
    )
    unchallenged = sum(count for line, count in counted.items() if line.filing_list == "unchallenged")
    unreported = _number(
        connection,
        "select count(*) from marts.fct_disposition_reports "
        "where (is_reported is null or not is_reported) and not is_juvenile_case",
    )
    on_disk = {path: _records(path) for path in package.files}
    differences = {
        "grants": (sum(counted.values()), grants),
        "lists": (dict(package.lines), listed),
        "notice to the public defender": (notified, challenged),
        "notices to the court": (told, challenged + unchallenged),
        "report to the DOJ": (reports, unreported),
        "files": (on_disk, package.files),
    }
    wrong = [name for name, (found, wanted) in differences.items() if found != wanted]
    if wrong:
        raise ReliefError(
            f"the rows written are not those that the warehouse counts ({', '.join(wrong)}); nothing was written: "
            "build anew (relief build) and report it"
        )
    return grants


def _records(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _number(connection: "duckdb.DuckDBPyConnection", text: str, parameters: list[str] | None = None) -> int:
    row = connection.execute(text, parameters or []).fetchone()
    return int(row[0]) if row else 0


def _write_cover(connection: "duckdb.DuckDBPyConnection", package: _Package) -> None:
    rows = connection.execute(
        "select line_type, courthouse_key, prosecuting_agency_name, filing_list, filing_status, convictions, cases, "
        "people, convictions_first from reporting.rpt_filing_counts where policy_id = ? "
        "order by case line_type when 'all' then 0 when 'status' then 1 else 2 end, courthouse_key, "
        "prosecuting_agency_name, filing_list, filing_status",
        [package.built.policy_id],
    ).fetchall()
    sections = {"all": "all grants", "status": "grants by status", "line": "grants by courthouse and agency"}
    with package.open(("cover_sheet",), "Cover sheet", COVER) as table:
        for kind, *line, convictions, cases, people, first in rows:
            table.add([sections[kind], *line, convictions, cases, people, first, None, None, None])
        for path, count in package.files.items():
            table.add(["rows of a file", *[None] * 9, None, f"{path.relative_to(package.folder)}: {count} rows"])
        for status, orders in connection.execute(_ORDERS).fetchall():
            table.add(["orders and the DOJ", *[None] * 3, status, *[None] * 4, orders, None, None])
        table.add(["challenges of no known conviction", *[None] * 9, _number(connection, _LOOSE), None])


_LOOSE = (
    "select count(*) from marts.fct_relief_events "
    "where event_type in ('challenged', 'challenge_withdrawn') and match_status in ('no_conviction', 'ambiguous')"
)
_ORDERS = """
    select
        case
            when reports.event_key is null then 'of another or an unknown county: not listed'
            when reports.is_juvenile_case then 'of a juvenile case: not listed'
            when reports.is_reported then 'reported to the DOJ'
            when reports.is_reported is null and reports.is_due_date_past then 'reported or not cannot be told, overdue'
            when reports.is_reported is null then 'reported or not cannot be told'
            when reports.is_due_date_past then 'not reported, overdue'
            when reports.is_due_date_past is null then 'not reported, order without a date'
            else 'not reported, not due yet'
        end as status,
        count(*) as orders
    from marts.fct_relief_events as events
    left join marts.fct_disposition_reports as reports on events.event_key = reports.event_key
    where events.event_type = 'order_signed' and events.match_status = 'matched'
    group by all order by all
"""


def _write_text(connection: "duckdb.DuckDBPyConnection", package: _Package, grants: int) -> None:
    citations = dict(connection.execute("select deadline_id, citation from reference.legal_deadlines").fetchall())
    text = methodology(package.built, grants, _number(connection, _LOOSE), citations)
    (package.folder / "methodology.txt").write_text(text, encoding="utf-8")
