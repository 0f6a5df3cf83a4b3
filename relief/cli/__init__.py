"""The command line ``relief``: one module per command, imported only when called."""

import os
import sys
from pathlib import Path

from relief.errors import ReliefError
from relief.text import printable


def main() -> None:
    """Run the command line; a user's mistake becomes one line on stderr and a non-zero exit."""
    from relief.cli.app import app  # noqa: PLC0415  (Typer is imported only to run)

    os.umask(0o077)  # what is written is for its owner, unless it says otherwise: public and research releases do

    try:
        app()
    except ReliefError as error:
        print(f"relief: {printable(str(error))}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except Exception as error:
        # A defect of ours, not the user's. Its message and traceback may quote data, so they are shown only on request.
        if os.environ.get("RELIEF_DEBUG"):
            raise
        place = _last_place(error)
        print(f"relief: unexpected {type(error).__name__} at {place}; RELIEF_DEBUG=1 shows it whole", file=sys.stderr)
        raise SystemExit(70) from None
    except KeyboardInterrupt:
        print("relief: stopped; nothing half-written is kept", file=sys.stderr)
        raise SystemExit(130) from None


def _last_place(error: BaseException) -> str:
    """File and line in this package where an unexpected error came up."""
    place = "an unknown place"
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "relief" in path.parts:
            place = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
