"""The codebook of the research release: type, unit, allowed values, denominator and suppression of every column."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

from relief.publishing.closed import ClosedList, Columns
from relief.publishing.research_tables import (
    CODEBOOK,
    COUNTED,
    DETAILS,
    IN_REVIEW,
    PEOPLE,
    POLICIES,
    STAGE_DAYS,
)
from relief.publishing.tables import DISMISSALS, OUTCOMES, PROGRESS, STANDING

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "table_name",
    "column_name",
    "data_type",
    "unit",
    "allowed_values",
    "denominator",
    "suppression",
    "description",
)
MOST_LISTED = 40
NONE = "none"
ANY = "any value of the type"
_PATTERN = "text of the form {}"
_MANY = "one of {} fixed values; the table contains those that occur"
DENOMINATORS = {
    DISMISSALS: "the row with the same year basis and unit, and all in every dimension",
    PROGRESS: "published_count, the figure announced for the wave",
    OUTCOMES: "people_with_relief of the same row",
    STANDING: "the row of the same courthouse with standing all",
    DETAILS: "the row with all in every dimension",
    IN_REVIEW: "the row of the same group with all in the other dimensions",
    STAGE_DAYS: "the row of the same transition, wave and courthouse with result all",
    PEOPLE: "the row of the same basis and group with felony_outcome all",
    POLICIES: "the row of the same unit with all in every dimension",
}
SUPPRESSED = "counts of 1 to 10, and counts that would reveal one, are NULL with the mark suppressed"
WITH_IT = "NULL where the count of the row is suppressed"
_COUNTS = {
    DISMISSALS: ("dismissals",),
    PROGRESS: ("counted", "counted_low", "counted_high"),
    OUTCOMES: (
        "people_with_relief",
        "no_felony_left",
        "no_conviction_left",
        "no_conviction_last_7_years",
        "cannot_tell",
    ),
    STANDING: ("convictions",),
    **{table.name: (table.count,) for table in COUNTED},
}
_WITH_COUNT = {
    PROGRESS: ("share_of_published",),
    STANDING: ("share",),
    **{table.name: table.with_it for table in COUNTED},
}
TYPES = ("BIGINT", "BOOLEAN", "DATE", "DOUBLE", "INTEGER", "TIMESTAMP", "VARCHAR")
UNITS = ("the unit in the column unit", "convictions", "people", "days", "share from 0", NONE)


def add_codebook(connection: "duckdb.DuckDBPyConnection", database: str, released: Mapping[str, Columns]) -> None:
    """Make the table `codebook` from the release's columns, its data dictionary and its closed lists (`released`)."""
    rows = connection.execute(
        f"""
        select columns.table_name, columns.column_name, columns.data_type, dictionary.description
        from duckdb_columns() as columns
        inner join {database}.main.data_dictionary as dictionary
            on columns.table_name = dictionary.table_name and columns.column_name = dictionary.column_name
        where columns.database_name = ? order by columns.table_name, columns.column_index
        """,
        [database],
    ).fetchall()
    connection.execute(f"create table {database}.main.{CODEBOOK} ({', '.join(f'{name} varchar' for name in COLUMNS)})")
    entries = [
        (
            table,
            column,
            data_type,
            unit_of(table, column),
            allowed(released.get(table, {}).get(column), column, data_type),
            DENOMINATORS[table] if column in (*_COUNTS.get(table, ()), *_WITH_COUNT.get(table, ())) else NONE,
            suppression_of(table, column),
            description,
        )
        for table, column, data_type, description in rows
    ]
    connection.executemany(f"insert into {database}.main.{CODEBOOK} values ({', '.join('?' * len(COLUMNS))})", entries)


def unit_of(table: str, column: str) -> str:
    """The unit in which a column counts."""
    if column.endswith("_days"):
        return "days"
    if column.startswith("share"):
        return "share from 0"
    if column not in _COUNTS.get(table, ()):
        return NONE
    if table == OUTCOMES or column == "people":
        return "people"
    return "convictions" if column == "convictions" else "the unit in the column unit"


def suppression_of(table: str, column: str) -> str:
    """The rule by which a column is suppressed."""
    if column in _COUNTS.get(table, ()):
        return SUPPRESSED
    return WITH_IT if column in _WITH_COUNT.get(table, ()) else NONE


def allowed(closed: ClosedList | None, column: str, data_type: str) -> str:
    """The allowed values of a column, in words."""
    if closed is None or data_type != "VARCHAR" or column in {"description", "column_name"}:
        return ANY
    words = sorted(word for word in closed.words() if word)
    if len(words) > MOST_LISTED:
        return _MANY.format(len(words))
    parts = [", ".join(words)] if words else []
    patterns = [part for part in closed.pattern.split("|(?!)") if part not in {"", "(?!)"}]
    if closed.pattern.replace("(?!)", "").strip("|"):
        parts.append(_PATTERN.format("|".join(patterns).removeprefix("(?!)|").strip("|")))
    return "; ".join(parts) or ANY


def texts(released: Mapping[str, Columns]) -> frozenset[str]:
    """The closed list of the texts that the codebook adds for these lists, apart from names and descriptions."""
    values = {
        allowed(closed, column, "VARCHAR")
        for table, columns in released.items()
        if table != CODEBOOK
        for column, closed in columns.items()
    }
    return frozenset({*values, *DENOMINATORS.values(), *TYPES, *UNITS, SUPPRESSED, WITH_IT, ANY, NONE})


def as_markdown(connection: "duckdb.DuckDBPyConnection", database: str, title: str, notice: str) -> str:
    """The codebook as a page of Markdown."""
    lines = [f"# {title}", "", notice, ""]
    for table, rows in _by_table(connection, database):
        lines += [f"## {table}", "", f"| {' | '.join(COLUMNS[1:])} |", f"|{'---|' * (len(COLUMNS) - 1)}"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def as_html(connection: "duckdb.DuckDBPyConnection", database: str, title: str, notice: str) -> str:
    """The codebook as a self-contained page of HTML."""
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(title)}</title>",
        "<style>body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse}"
        "th,td{border:1px solid #888;padding:.3rem;text-align:left;vertical-align:top}</style>",
        f"</head>\n<body>\n<h1>{escape(title)}</h1>\n<p>{escape(notice)}</p>",
    ]
    for table, rows in _by_table(connection, database):
        parts.append(f'<h2 id="{escape(table)}">{escape(table)}</h2>\n<table>\n<thead><tr>')
        parts += [f'<th scope="col">{name}</th>' for name in COLUMNS[1:]]
        parts.append("</tr></thead>\n<tbody>")
        parts += [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
        parts.append("</tbody>\n</table>")
    parts.append("</body>\n</html>\n")
    return "\n".join(parts)


def _by_table(connection: "duckdb.DuckDBPyConnection", database: str) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    names = connection.execute(f"select distinct table_name from {database}.main.{CODEBOOK} order by 1").fetchall()
    for (table,) in names:
        yield (
            table,
            connection.execute(
                f"select {', '.join(COLUMNS[1:])} from {database}.main.{CODEBOOK} where table_name = ?", [table]
            ).fetchall(),
        )
