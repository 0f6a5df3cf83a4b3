"""Show an answer on a terminal or as CSV. Values cannot control the terminal, and cut rows or values are reported."""

import csv
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.errors import ReliefError
from relief.home import Home
from relief.sandbox.query import MAX_FILE_ROWS, Answer, query, query_to_parquet
from relief.text import INVISIBLE, formula_safe, is_formula

if TYPE_CHECKING:
    from rich.table import Table

MOST_CHARACTERS = 1_000
"""The largest number of characters of a value in a table; CSV contains the whole value."""
MOST_PRINTED = 8_000_000
"""The largest number of characters in a table, blanks included."""
WIDE = 100_000
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_STEERING = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{INVISIBLE}\ud800-\udfff]")


def run_and_print(home: Home, sql: str, *, as_csv: bool, parquet: Path | None = None) -> None:
    """Print the answer as a table or as CSV on stdout, or write it to a file. Describe the release on stderr."""
    if parquet is not None:
        answer = query_to_parquet(home, sql, parquet)
        _say_what_it_is(answer)
        print(f"wrote {answer.written:,} rows to {parquet}")
        return
    answer = query(home, sql, max_rows=MAX_FILE_ROWS) if as_csv else query(home, sql)
    if as_csv and answer.is_cut:
        raise ReliefError(f"the answer has more than {MAX_FILE_ROWS:,} rows, and CSV is never cut; use limit")
    _say_what_it_is(answer)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([formula_safe(harmless(name)) for name in answer.columns])
        writer.writerows([[_cell(value) for value in row] for row in answer.rows])
    else:
        _print_table(answer)


def harmless(text: str) -> str:
    """The text with every invisible character, and every character that controls a terminal, written as its code."""
    return _STEERING.sub(lambda match: match[0].encode("unicode_escape", "backslashreplace").decode("ascii"), text)


def _say_what_it_is(answer: Answer) -> None:
    print(harmless(answer.about), file=sys.stderr)
    if answer.missing:
        print(
            f"this machine does not give the query's process: {', '.join(answer.missing)}; DuckDB's own limits apply",
            file=sys.stderr,
        )


def _cell(value: Any) -> Any:
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value  # a decimal number arrives as text, and a number cannot begin a formula
    text = harmless(value)
    return formula_safe(text) if is_formula(value) or is_formula(text) else text


def _print_table(answer: Answer) -> None:
    from rich.console import Console  # noqa: PLC0415  (only to print)

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)  # output to a file or pipe has no width limit, so columns are not cut
    texts = [[_shown(value) for value in row] for row in answer.rows]
    widths = [max(map(_width, column)) for column in zip(answer.columns, *texts, strict=True)]
    shown = max(1, MOST_PRINTED // (sum(widths) + 3 * len(widths) + 1))
    console.print(_table(answer.columns, texts[:shown]))
    # These notes go to stdout too, so that they are kept with the rows.
    if len(texts) > shown:
        print(f"only the first {shown:,} rows are shown, because they are wide; --csv prints all")
    elif answer.is_cut:
        print(f"cut after {len(texts):,} rows; there are more: aggregate, filter or use --csv")
    if any(len(str(value)) > MOST_CHARACTERS for row in answer.rows for value in row):
        print(f"values are cut after {MOST_CHARACTERS:,} characters; --csv prints them whole")


def _table(columns: list[str], texts: list[list[str]]) -> "Table":
    from rich.table import Table  # noqa: PLC0415  (slow import)
    from rich.text import Text  # noqa: PLC0415  (slow import)

    table = Table(show_edge=False)
    for column in columns:
        table.add_column(Text(harmless(column)))
    for row in texts:
        table.add_row(*[Text(text) for text in row])
    return table


def _shown(value: Any) -> str:
    text = "" if value is None else harmless(str(value)).expandtabs(4)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _width(text: str) -> int:
    return max((len(line) for line in text.split("\n")), default=0)
