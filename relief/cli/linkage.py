"""`relief link`: the linkage of people on files of any kind."""

# ruff: noqa: PLC0415  (imports inside keep `relief --help` fast)

from pathlib import Path
from typing import Annotated

import typer

from relief.text import printable


def link(
    settings: Annotated[Path, typer.Argument(help="Settings (YAML), such as linkage/febrl4.yml.", show_default=False)],
    files: Annotated[
        list[Path],
        typer.Argument(help="Two files to link, or one to find the same record in again.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="CSV file to write, a new one: pairs, their weight and what agrees.")],
) -> None:
    """Link the records of two files (or of one) by settings of their own, with the code that links people in a build.

    Files are CSV (plain or gz) or Parquet with the columns that the settings compare. Weights that the settings leave
    out are estimated from the files, without labels.
    """
    from relief.linkage.files import link_files

    linked = link_files(settings, files, out, lambda line: typer.echo(printable(line)))
    typer.echo(printable(f"wrote {linked.links:,} links and {linked.reviews:,} pairs to look at to {out}"))
