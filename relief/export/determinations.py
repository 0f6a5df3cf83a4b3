"""`relief export determinations`: write one line per evaluated conviction of one policy, in file order."""

import csv
import os
import tempfile
from pathlib import Path

from relief.errors import ReliefError
from relief.export.built import check_built
from relief.home import Home, open_warehouse
from relief.text import formula_safe

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


def export_determinations(home: Home, policy_id: str, out: Path) -> int:
    """Write the CSV and return its number of lines. Only the owner may read the file, since it has identifiers.

    Raises ReliefError when nothing is built, the policy was not part of the build, or the file cannot be written.
    """
    check_target(home, out)
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, {"fct_relief_determinations"}, policy_id, selectors={"answers"})
        rows = connection.execute(
            f"select {', '.join(COLUMNS)} from marts.fct_relief_determinations where policy_id = ? "
            "order by source, delivery_id, row_no",
            [policy_id],
        ).fetchall()
    write_csv(out, COLUMNS, rows)
    return len(rows)


def write_csv(out: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Write a CSV for its owner only (mode 0600), completely or not at all, safe to open in a spreadsheet."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".relief-", suffix=".part", dir=out.parent)
        temporary = Path(name)
        with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[formula_safe(_one_line(value)) for value in row] for row in rows])
        temporary.replace(out)
    except OSError as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        raise ReliefError(
            f"{out}: cannot be written ({error.strerror}); name a file in a folder you can write to"
        ) from None


def _one_line(value: object) -> object:
    """Put a text with a carriage return on one line, because a spreadsheet would begin a new row there."""
    return " ".join(value.splitlines()) if isinstance(value, str) and "\r" in value else value


def check_target(home: Home, out: Path) -> None:
    """Refuse a target that is not an ordinary file or is in the data folder, since the export has identifiers."""
    if out.exists() and not out.is_file():
        raise ReliefError(f"{out} is not an ordinary file; name a file to write")
    if out.resolve().is_relative_to(home.path):
        raise ReliefError(f"{out} is in the data folder; name a file outside {home.path}")
