"""The command line ``relief``: one module per command, imported only when called."""

import io
import os
import sys
from pathlib import Path

from relief.errors import ReliefError
from relief.text import printable


def main() -> None:
    """Run the command line. A user's mistake becomes one line on stderr and a non-zero exit code."""
    _use_utf8()
    from relief.cli.app import app  # noqa: PLC0415  (Typer is imported only to run)

    os.umask(0o077)  # only the owner may read new files; public and research releases set other permissions themselves

    try:
        app()
    except ReliefError as error:
        print(f"relief: {printable(str(error))}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except Exception as error:
        # This is a defect of the program. Its message and traceback may quote data, so they are shown only on request.
        if os.environ.get("RELIEF_DEBUG"):
            raise
        place = _last_place(error)
        print(f"relief: unexpected {type(error).__name__} at {place}; RELIEF_DEBUG=1 shows it whole", file=sys.stderr)
        raise SystemExit(70) from None
    except KeyboardInterrupt:
        print("relief: stopped; nothing half-written is kept", file=sys.stderr)
        raise SystemExit(130) from None


def _use_utf8() -> None:
    """Use UTF-8 for file names, arguments and output in every locale, also in the processes that this one starts."""
    if sys.getfilesystemencoding() != "utf-8":
        # Python chose the encoding of file names before this line ran, so the program restarts in UTF-8 mode.
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _last_place(error: BaseException) -> str:
    """The file and line in this package where an unexpected error was raised."""
    place = "an unknown place"
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "relief" in path.parts:
            place = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
