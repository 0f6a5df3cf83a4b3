"""The command line ``relief``: one module per command, imported only when called."""

import sys

from relief.errors import ReliefError


def main() -> None:
    """Run the command line; a user's mistake becomes one line on stderr and a non-zero exit."""
    from relief.cli.app import app  # noqa: PLC0415  (Typer is imported only to run)

    try:
        app()
    except ReliefError as error:
        print(f"relief: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print("relief: stopped; nothing half-written is kept", file=sys.stderr)
        raise SystemExit(130) from None
