"""Create a folder for files with identifiers, for its owner only. It is written completely or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home

_PREFIX, _SUFFIX = ".relief-", ".part"


@contextmanager
def new_folder(home: Home, out: Path) -> Iterator[Path]:
    """Yield a temporary folder. It becomes `out` when all its files are on disk, and is removed after an error.

    Leftovers of killed exports beside `out` are removed. Raises ReliefError when `out` is not empty, is in the data
    folder or the project, or cannot be written.
    """
    target = out.expanduser().resolve()
    _check(home, out, target)
    part: Path | None = None
    held = -1
    try:
        _remove_abandoned(target.parent)
        part = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent))
        part.chmod(0o700)
        held = os.open(part, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
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
        if held >= 0:
            os.close(held)


def _remove_abandoned(parent: Path) -> None:
    """Remove folders of killed exports, since they contain identifiers. A running export locks its folder."""
    for path in parent.glob(f"{_PREFIX}*{_SUFFIX}"):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # a file of another command, a link, or another user's folder
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_uid == os.geteuid():
                shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


def _check(home: Home, out: Path, target: Path) -> None:
    if target.is_relative_to(home.path):
        raise ReliefError(f"{out} is in the data folder; name a folder outside {home.path}")
    if target.is_relative_to(PROJECT_DIR):
        raise ReliefError(f"{out} is in the project, whose files are shared; name a folder outside {PROJECT_DIR}")
    if target.exists() and not target.is_dir():
        raise ReliefError(f"{out} is not a folder; name a new folder to write the files to")
    try:
        is_used = target.is_dir() and any(target.iterdir())
    except OSError as error:
        raise ReliefError(f"{out}: cannot be read ({error.strerror}); name a new folder") from None
    if is_used:
        raise ReliefError(
            f"{out} already contains files; name a new folder, so that no list of another day is mixed in"
        )


def _settle(part: Path) -> None:
    """Make all files readable for their owner only and durable, before the folder gets its name."""
    for path in sorted(part.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
