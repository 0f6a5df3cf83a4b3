"""A folder of files for people who may hold identifiers: new, for its owner only, there as a whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relief.errors import ReliefError
from relief.home import Home


@contextmanager
def new_folder(home: Home, out: Path) -> Iterator[Path]:
    """A folder to write to, which becomes `out` when all of its files are on disk; else nothing is left.

    Raises ReliefError when `out` holds anything, lies in the data folder, or cannot be written.
    """
    target = out.expanduser().resolve()
    _check(home, out, target)
    part: Path | None = None
    try:
        part = Path(tempfile.mkdtemp(prefix=".relief-", suffix=".part", dir=target.parent))
        part.chmod(0o700)
        yield part
        _settle(part)
        part.rename(target)
    except OSError as error:
        if error.errno is None:
            raise
        raise ReliefError(
            f"{out}: cannot be written ({error.strerror}); name a new folder in one that you can write to"
        ) from None
    finally:
        if part:
            shutil.rmtree(part, ignore_errors=True)


def _check(home: Home, out: Path, target: Path) -> None:
    if target.is_relative_to(home.path):
        raise ReliefError(f"{out} lies in the data folder; name a folder outside {home.path}")
    if target.exists() and not target.is_dir():
        raise ReliefError(f"{out} is no folder; name a new folder to write the files to")
    try:
        is_used = target.is_dir() and any(target.iterdir())
    except OSError as error:
        raise ReliefError(f"{out}: cannot be read ({error.strerror}); name a new folder") from None
    if is_used:
        raise ReliefError(f"{out} holds files already; name a new folder, so that no list of another day is mixed in")


def _settle(part: Path) -> None:
    """Files for their owner only, and on disk before the folder gets its name."""
    for path in sorted(part.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
