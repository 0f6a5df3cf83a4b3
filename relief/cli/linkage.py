"""`relief link` and `relief link-quality`: link files of any kind, and compare the links of a build with the truth."""

# ruff: noqa: PLC0415  (imports inside keep `relief --help` fast)

from pathlib import Path
from typing import Annotated

import typer

from relief.home import current_home
from relief.text import printable


def link(
    settings: Annotated[
        Path, typer.Argument(help="Settings (YAML), such as benchmarks/febrl4/settings.yml.", show_default=False)
    ],
    files: Annotated[
        list[Path],
        typer.Argument(help="Two files to link, or one to find the same record in again.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="CSV file to write, a new one: pairs, their weight and what agrees.")],
) -> None:
    """Link the records of two files, or within one file, with given settings and the code that a build uses.

    Files are CSV (plain or gz) or Parquet with the columns that the settings compare. Weights that the settings leave
    out are estimated from the files, without labels.
    """
    from relief.linkage.files import link_files

    linked = link_files(settings, files, out, lambda line: typer.echo(printable(line)))
    typer.echo(printable(f"wrote {linked.links:,} links and {linked.reviews:,} pairs to look at to {out}"))


def link_quality(
    truth: Annotated[
        Path,
        typer.Argument(
            help="CSV of every true pair, such as SYNTHETIC_truth_pairs.csv of relief synth.", show_default=False
        ),
    ],
) -> None:
    """Show precision and recall of the last build's links by race, sex and surname type, calibration and lost pairs.

    The file has subject_id, case_number and defendant_number as in the extracts, and groups and causes where they are
    known. It is the truth file of synthetic extracts, or a list of pairs that people have looked up. Only counts are
    printed.
    """
    from relief.linkage.quality import show_link_quality

    show_link_quality(current_home(), truth, lambda line: typer.echo(printable(line)))
