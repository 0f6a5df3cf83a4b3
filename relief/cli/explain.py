"""The command `relief explain`, with its options and help."""

# ruff: noqa: PLC0415  (imports inside keep `relief --help` fast)

from typing import Annotated

import typer

from relief.home import current_home
from relief.text import printable


def explain(
    key: Annotated[
        str,
        typer.Argument(help="DELIVERY:ROW (delivery_id and row_no) or a conviction_key.", show_default=False),
    ],
    policy: Annotated[
        list[str] | None, typer.Option(help="Policy id, may be given several times; default: every policy.")
    ] = None,
    with_identifiers: Annotated[
        bool, typer.Option("--with-identifiers", help="Print name, numbers and birth date too.")
    ] = False,
    all_rules: Annotated[
        bool, typer.Option("--all-rules", help="Append every rule of each policy with its outcome.")
    ] = False,
) -> None:
    """Explain one conviction in words: the determination, its rule and source, facts and assumptions; then the history.

    Names, numbers and birth dates are printed only on request. A conviction_key contains the CII number: give
    DELIVERY:ROW where others may read the command. A determination dismisses nothing.
    """
    from relief.explain import explain as explain_conviction

    explain_conviction(
        current_home(),
        key,
        policy or [],
        with_identifiers=with_identifiers,
        all_rules=all_rules,
        report=lambda line: typer.echo(printable(line)),
    )
