"""`relief policy`: commands for policies as data, from making a copy to approving a version."""

# ruff: noqa: PLC0415  (imports inside the commands keep `relief --help` fast)

from pathlib import Path
from typing import Annotated

import typer

from relief.home import current_home
from relief.text import printable

policy_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Policies as data: list, add, copy, check, approve and compare rule sets.",
)
File = Annotated[
    Path | None, typer.Option(help="The document. [default: policies/ID.yml in the data folder]", show_default=False)
]


def _say(line: str) -> None:
    typer.echo(printable(line))


@policy_app.command("list")
def policy_list() -> None:
    """List every policy: first shipped policies, then added policies."""
    from relief.policies.store import list_policies

    for policy in list_policies(current_home()):
        status = policy.status
        if policy.approved_at:
            status = f"approved by {policy.approved_by} on {policy.approved_at:%Y-%m-%d}"
        _say(f"{policy.policy_id}  {policy.title} (version {policy.version}, {policy.rules} rules, {status})")


@policy_app.command("add")
def policy_add(
    policy_id: Annotated[str, typer.Argument(help="Id of the new policy.", show_default=False)],
    cmr_options: Annotated[Path, typer.Option(help="Options file of Clear My Record 0.2.13, JSON.")],
) -> None:
    """Add a policy from an options file of Clear My Record; the next build evaluates it."""
    from relief.policies.store import add_from_cmr_options

    policy = add_from_cmr_options(current_home(), policy_id, cmr_options)
    _say(f"added policy {policy.policy_id} with {policy.rules} rules; the next build evaluates it: relief build")


@policy_app.command("copy")
def policy_copy(
    from_id: Annotated[str, typer.Argument(metavar="FROM", help="Id of the policy to copy.", show_default=False)],
    to_id: Annotated[str, typer.Argument(metavar="TO", help="Id of the copy.", show_default=False)],
    file: File = None,
) -> None:
    """Write a policy as a document (YAML) under a new id, to be edited; the next build evaluates it as a draft."""
    from relief.policies.life import copy_policy

    path = copy_policy(current_home(), from_id, to_id, file)
    _say(f"{path}: edit it, then relief policy check {path}")


@policy_app.command("check")
def policy_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The document of a policy.", show_default=False)],
) -> None:
    """Report every mistake in the document of a policy, with its line."""
    from relief.policies.life import check_policy

    policy = check_policy(file)
    _say(f"{file}: policy {policy.policy_id}, version {policy.version}, {len(policy.rules)} rules, nothing wrong")


@policy_app.command("approve")
def policy_approve(
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the policy.", show_default=False)],
    by: Annotated[str, typer.Option(help="Who approves it.", show_default=False)],
    file: File = None,
) -> None:
    """Freeze a policy: record who approved it and when. The rules of this version then never change."""
    from relief.policies.life import approve_policy

    done = approve_policy(current_home(), policy_id, by, file)
    _say(
        f"policy {policy_id}, version {done.policy.version} (number {done.version_no}, sha256 {done.sha256[:12]}): "
        f"approved by {' '.join(by.split())}; the next build evaluates it: relief build"
    )


@policy_app.command("compare")
def policy_compare(
    from_id: Annotated[str, typer.Argument(metavar="FROM", help="Id of a policy.", show_default=False)],
    to_id: Annotated[str, typer.Argument(metavar="TO", help="Id of another policy.", show_default=False)],
) -> None:
    """Count convictions and people that only TO or only FROM would relieve, by the rules of both policies."""
    from relief.policies.compare import compare_policies

    compare_policies(current_home(), from_id, to_id, _say)


@policy_app.command("try")
def policy_try(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The document of a policy, or an options file of Clear My Record 0.2.13 (.json).",
            show_default=False,
        ),
    ],
    against: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Id of a policy of the last build. [default: the one that the document was copied from, else the "
            "county's]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what a policy would change, from the tables of the last build, without adding or building anything."""
    from relief.policies.trial import try_policy

    try_policy(current_home(), file, against, _say)
