"""The project's folder, and the data folder that RELIEF_HOME selects."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relief.duck import connect
from relief.errors import ReliefError
from relief.identity import recognize, refuse_lost

if TYPE_CHECKING:
    import duckdb

PROJECT_DIR = Path(__file__).resolve().parent.parent
_DUCKDB_HEADERS_BYTES = 3 * 4096


@dataclass(frozen=True)
class Home:
    """One data folder. Data folders are independent of each other."""

    path: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB file with identifiers, for data engineers only."""
        return self.path / "warehouse.duckdb"

    def has_warehouse(self) -> bool:
        """Whether there is a warehouse. Raises ReliefError if it is lost but landed or published files remain."""
        if self.warehouse.exists():
            return True
        refuse_lost(self)
        return False

    @property
    def landing(self) -> Path:
        """The folder of immutable Parquet files, with one subfolder per delivery."""
        return self.path / "landing"

    @property
    def releases(self) -> Path:
        """The folder of published files and the pointer ``current``. The pages and ``relief sql`` open nothing else."""
        return self.path / "releases"

    @property
    def target(self) -> Path:
        """The folder for dbt's own files (manifest, run results), one per home."""
        return self.path / "target"

    def check_name(self) -> None:
        """Refuse a path with *, ? or [, because DuckDB would read it as a pattern that matches other files."""
        if any(character in str(self.path) for character in "*?["):
            raise ReliefError(f"RELIEF_HOME {self.path}: name a folder without *, ? and [ in its path")

    def create(self) -> "Home":
        """Make the folder (and its parents) for its owner only, since it will contain identifiers.

        An existing folder keeps its permissions, except the project's own ``data``, which comes with a checkout. The
        warehouse inside can always be read by its owner only.

        """
        self.check_name()
        try:
            is_ours = not self.path.exists() or self.path == PROJECT_DIR / "data"
            self.path.mkdir(parents=True, exist_ok=True)
            if is_ours and self.path.stat().st_uid == os.geteuid():
                self.path.chmod(0o700)
        except OSError as error:
            raise ReliefError(f"RELIEF_HOME {self.path}: {error.strerror}; name a folder you can write to") from error
        return self


def current_home() -> Home:
    """The folder in the environment variable RELIEF_HOME, or else ``data`` in the project."""
    value = os.environ.get("RELIEF_HOME", "").strip()
    path = Path(value).expanduser() if value else PROJECT_DIR / "data"
    return Home(path.resolve())


def _was_never_made(warehouse: Path) -> bool:
    """Whether creation of the file was interrupted (full disk, kill): it is shorter than DuckDB's three headers."""
    if not warehouse.is_file() or warehouse.stat().st_size >= _DUCKDB_HEADERS_BYTES:
        return False
    head = warehouse.read_bytes()
    return head[8:12] in (b"DUCK", b"") or not head.strip(b"\0")


@contextmanager
def open_warehouse(home: Home, *, read_only: bool = False) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open the warehouse. Raises a ReliefError when another process uses the file, or when it is missing or lost."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    if not home.has_warehouse() and read_only:
        raise ReliefError(f"there is no warehouse in {home.path} yet; land a file first: relief land --help")
    try:
        try:
            connection = connect(home.warehouse, read_only=read_only)
        except duckdb.IOException:
            if not _was_never_made(home.warehouse):
                raise
            refuse_lost(home)
            if read_only:
                raise
            home.warehouse.unlink()
            connection = connect(home.warehouse)
        try:
            recognize(connection, home, read_only=read_only)
        except BaseException as error:
            connection.close()
            if isinstance(error, duckdb.Error):
                raise ReliefError(f"{home.warehouse} cannot be written; is the disk full?") from error
            raise
        if home.warehouse.stat().st_uid == os.geteuid():
            home.warehouse.chmod(0o600)  # a plain dbt run leaves it readable to others
    except duckdb.IOException as error:
        if "set lock" in str(error).lower():
            raise ReliefError(
                f"{home.warehouse} is in use by another process; wait until it has finished and try again"
            ) from error
        raise ReliefError(
            f"{home.warehouse} cannot be opened as a DuckDB file; is the disk full or the file damaged?"
        ) from error
    try:
        yield connection
    finally:
        connection.close()
