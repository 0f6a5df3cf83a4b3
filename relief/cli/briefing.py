"""The command that writes a briefing of the public release."""

# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated

import typer

from relief.home import current_home
from relief.text import printable


def briefing(
    out: Annotated[Path, typer.Option(help="New folder to write to.", show_default=False)],
) -> None:
    """Write two pages of HTML from the current public release. They may leave the office, and print on A4."""
    from relief.export.briefing import export_briefing

    written = export_briefing(current_home(), out)
    typer.echo(printable(f"wrote {written} from the public release; it may leave the office"))
