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
        Path | None,
        typer.Argument(
            help="CSV of every true pair, such as SYNTHETIC_truth_pairs.csv of relief synth. "
            "Without it, only the weights are checked.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show precision and recall of the last build's links by race, sex and surname type, calibration and lost pairs.

    Then a check of the weights: m and u of each level as they were set by hand, beside those that Splink learns from
    the records of the last build (m by expectation maximization, u from random pairs). It takes about half a minute,
    needs no truth and changes nothing. A mark shows where the two weights differ by more than a factor of four.

    The file has subject_id, case_number and defendant_number as in the extracts, and groups and causes where they are
    known. It is the truth file of synthetic extracts, or a list of pairs that people have looked up. Only counts are
    printed.
    """
    from relief.linkage.learned import show_learned_weights
    from relief.linkage.quality import show_link_quality

    def report(line: str) -> None:
        typer.echo(printable(line))

    if truth is not None:
        show_link_quality(current_home(), truth, report)
    show_learned_weights(current_home(), report)
