"""`relief export determinations`: one line per evaluated conviction of one policy, in file order."""

import csv
import os
from pathlib import Path

from relief.errors import ReliefError
from relief.home import Home, open_warehouse

COLUMNS = (
    "source",
    "delivery_id",
    "row_no",
    "subject_id",
    "cnt_order",
    "case_number",
    "policy_id",
    "determination",
    "reason",
    "cannot_tell",
    "defects",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_determinations(home: Home, policy_id: str, out: Path) -> int:
    """Write the CSV and return its number of lines. The file is for its owner only: it holds identifiers.

    Raises ReliefError when nothing is built, the policy was not part of the build, or the file cannot be written.
    """
    with open_warehouse(home, read_only=True) as connection:
        tables = {
            name
            for (name,) in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
        }
        if not {"dim_policies", "fct_relief_determinations"} <= tables:
            raise ReliefError("nothing is built yet; run: relief build")
        known = [row[0] for row in connection.execute("select policy_id from marts.dim_policies order by 1").fetchall()]
        if policy_id not in known:
            raise ReliefError(
                f"policy {policy_id} is not in the last build, which evaluated {', '.join(known)}; "
                "add it (relief policy add) and run: relief build"
            )
        rows = connection.execute(
            f"select {', '.join(COLUMNS)} from marts.fct_relief_determinations where policy_id = ? "
            "order by source, delivery_id, row_no",
            [policy_id],
        ).fetchall()
    write_csv(out, COLUMNS, rows)
    return len(rows)


def write_csv(out: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Write a CSV for its owner only (mode 0600), whole or not at all, safe to open in a spreadsheet."""
    temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[_safe(value) for value in row] for row in rows])
        temporary.replace(out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ReliefError(
            f"{out}: cannot be written ({error.strerror}); name a file in a folder you can write to"
        ) from None


def _safe(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
