"""`relief export worklist`, `filing` and `ab1706`: the files for attorneys, for the court and for reporting."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from relief.errors import ReliefError
from relief.home import current_home
from relief.text import printable

# Imports inside the commands keep `relief --help` fast.
# ruff: noqa: PLC0415


def calendar_day(option: str, value: str | None) -> date | None:
    """Read the date given to an option; None if the option was not given."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise ReliefError(f"{option} {value}: not a calendar date; write it as YYYY-MM-DD") from None


def worklist(
    out: Annotated[Path, typer.Option(help="New folder to write to. Its files contain identifiers.")],
    policy: Annotated[str, typer.Option(help="Policy id, see relief policy list.")] = "statutory_11361_8",
) -> None:
    """Write what waits for an attorney: convictions (custody first, then oldest), links and people; and a form.

    decisions_to_fill_in.csv is in the layout of the source review_decisions: fill in verdict, ground, attorney and
    date, and land it; the next build follows these decisions.
    """
    from relief.export.worklist import export_worklist

    written = export_worklist(current_home(), policy, out)
    line = (
        f"wrote {written.reviews} convictions that wait for an attorney, {written.first} of them first (custody or a "
        f"petition), {written.links} possible links and {written.people} pairs of people who may be one to {out}; "
        "the files contain identifiers"
    )
    typer.echo(printable(line))


def filing(
    out: Annotated[Path, typer.Option(help="New folder to write to. Its files contain identifiers.")],
    policy: Annotated[str, typer.Option(help="Policy id, see relief policy list.")] = "statutory_11361_8",
    package_date: Annotated[
        str | None,
        typer.Option(help="Day of the package, YYYY-MM-DD: which sentences have ended by then. Default: today."),
    ] = None,
) -> None:
    """Write exhibit lists per courthouse and prosecuting agency, proposed orders, notices and the report to the DOJ.

    If a sentence has ended by the day of the package, no resentencing is asked. Every file shows both the day of the
    package and the day of evaluation.

    Every conviction that the policy grants is on one line of the cover sheet, and the written rows are compared with
    the warehouse before the folder gets its name. Files are CSV and XLSX, and only their owner may read them.
    """
    from relief.export.filing import export_filing

    written = export_filing(current_home(), policy, out, calendar_day("--package-date", package_date))
    line = (
        f"wrote {written.files} files to {out}: {written.grants} convictions granted, {written.to_file} of them to be "
        f"filed, {written.held} held; {written.reports} orders to report to the DOJ; the files contain identifiers"
    )
    typer.echo(printable(line))


def ab1706(
    out: Annotated[Path, typer.Option(help="New folder to write to.")],
    policy: Annotated[str, typer.Option(help="Policy that defines what is eligible.")] = "statutory_11361_8",
) -> None:
    """Write eligible, relieved, remaining and challenged convictions by race and gender, exact and suppressed.

    ab1706_internal stays inside the office. In ab1706_public, small counts are suppressed, and so are counts that would
    reveal them.
    """
    from relief.export.ab1706 import export_ab1706

    written = export_ab1706(current_home(), policy, out)
    line = (
        f"wrote {written.rows} exact counts (inside the office only) and {written.public_rows} for the public, "
        f"{written.suppressed} of them suppressed, to {out}"
    )
    typer.echo(printable(line))
