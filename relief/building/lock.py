"""The lock on what a build reads: one build at a time, and no landing meanwhile.

DuckDB's own lock is not enough, since a build opens and closes the warehouse several times. The lock ends when the
process ends, even if it is killed. The file may exist while nobody holds the lock.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relief.errors import ReliefError
from relief.home import Home

_FILE = ".build.lock"
_building: set[Path] = set()  # homes locked by this process, since `relief run` lands and builds inside its own lock


@contextmanager
def building(home: Home) -> Iterator[None]:
    """Lock the home for a build. Raises ReliefError at once when another process builds or lands in it."""
    if home.path in _building:
        yield
        return
    with _locked(home, fcntl.LOCK_EX, "another process builds or lands in"):
        _building.add(home.path)
        try:
            yield
        finally:
            _building.discard(home.path)


@contextmanager
def landing(home: Home) -> Iterator[None]:
    """Prevent builds while something is landed. Raises ReliefError at once when another process builds."""
    if home.path in _building:
        yield
        return
    with _locked(home, fcntl.LOCK_SH, "a build is running in"):
        yield


@contextmanager
def _locked(home: Home, kind: int, what: str) -> Iterator[None]:
    home.create()
    try:
        file = (home.path / _FILE).open("a")
    except OSError as error:
        raise ReliefError(f"{home.path} cannot be written ({error.strerror}); name a folder you can write to") from None
    with file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            raise ReliefError(f"{what} {home.path}; wait until it has finished and try again") from None
        yield
