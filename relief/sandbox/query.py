"""Run one query in a child process with limits on memory, processor time and wall time, and show what it answers."""

import csv
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home
from relief.publishing import current_release
from relief.text import formula_safe

MAX_ROWS = 10_000
MAX_SECONDS = 60
MAX_MEMORY = 3 * 1024**3
WIDE = 100_000


@dataclass(frozen=True)
class Answer:
    """What a query found, and in `about` what the release is. `is_cut`: there were more rows than are returned."""

    columns: list[str]
    rows: list[list[Any]]
    is_cut: bool
    about: str


def query(home: Home, sql: str, *, max_rows: int = MAX_ROWS, max_seconds: int = MAX_SECONDS) -> Answer:
    """Answer of one SELECT over the current research release.

    Raises ReliefError when there is no release, the statement is anything but one SELECT, or a limit is reached.
    """
    release = current_release(home)
    if release is None:
        raise ReliefError("there is no release to query yet; publish one first: relief run or relief publish")
    if not (home.releases / release.research).exists():
        raise ReliefError(f"{release.research} is gone from the releases folder; publish again: relief publish")
    request = json.dumps({"file": release.research, "sql": sql, "rows": max_rows})

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (max_seconds, max_seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "relief.sandbox.child"],
            input=request,
            capture_output=True,
            text=True,
            timeout=max_seconds,
            check=False,
            cwd=home.releases,
            env={"PYTHONPATH": str(PROJECT_DIR), "PATH": "", "HOME": "/nonexistent", "LANG": "C.UTF-8"},
            preexec_fn=limit,
        )
    except subprocess.TimeoutExpired:
        raise ReliefError(
            f"the query took more than {max_seconds} s and was stopped; aggregate or filter first"
        ) from None
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        raise ReliefError(
            "the query reached its limit of memory or time and was stopped; aggregate or filter first"
        ) from None
    if "error" in answer:
        raise ReliefError(f"query refused: {answer['error']}")
    notice, as_of, release_id = answer["about"]
    about = f"{notice} Data as of {as_of}, release {release_id}."
    return Answer(answer["columns"], answer["rows"], answer["is_cut"], about)


def run_and_print(home: Home, sql: str, *, as_csv: bool) -> None:
    """Print the answer as a table or as CSV on stdout; what it is and whether it is cut on stderr."""
    answer = query(home, sql)
    print(answer.about, file=sys.stderr)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([formula_safe(name) for name in answer.columns])
        writer.writerows([[formula_safe(value) for value in row] for row in answer.rows])
    else:
        _print_table(answer)
    if answer.is_cut:
        print(f"cut after {len(answer.rows):,} rows; aggregate or filter to see all", file=sys.stderr)


def _print_table(answer: Answer) -> None:
    from rich.console import Console  # noqa: PLC0415  (only to print)
    from rich.table import Table  # noqa: PLC0415  (slow import)
    from rich.text import Text  # noqa: PLC0415  (slow import)

    table = Table(show_edge=False)
    for column in answer.columns:
        table.add_column(Text(column))
    for row in answer.rows:
        table.add_row(*[Text("" if value is None else str(value)) for value in row])
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)  # a file or a pipe has no edge to cut columns at
    console.print(table)
