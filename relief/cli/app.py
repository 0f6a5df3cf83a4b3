"""Every command with its options and help. The work is done in the packages each command imports when it runs."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    help="Find, explain, track and report the dismissal of past cannabis convictions.",
)

Scale = Annotated[float, typer.Option(min=0.0001, max=20.0, help="1.0 is the size of Los Angeles.")]
Seed = Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")]
