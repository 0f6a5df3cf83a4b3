"""The folder where a delivery is written before it is renamed into place, and the leftovers of killed landings."""

import os
import shutil
from pathlib import Path

from relief.home import Home
from relief.landing.layout import all_sources

_PREFIX = ".incoming-"
_HEX = "[0-9a-f]" * 12


class Incoming:
    """The folder of one delivery or mended file. Nothing reads the folder until it is complete and renamed."""

    def __init__(self, home: Home, source: str, name: str) -> None:
        """Set the paths; no folder is made yet."""
        self._root = home.landing
        self._outer = home.landing / source / f"{_PREFIX}{name}"
        self.spool = self._outer / "rejects.parquet"
        self.folder = self._outer / name
        self.final = home.landing / source / name

    def make(self) -> None:
        """Make the folder and its parents, for their owner only."""
        _make_private(self.folder, self._root)

    def put_in_place(self) -> None:
        """Rename the folder to its final name and force the change to disk."""
        _synchronize(self.folder)
        if self.final.exists():  # a landing was killed before it wrote its manifest row
            shutil.rmtree(self.final)
        self.folder.rename(self.final)
        _synchronize(self.final.parent)

    def remove(self) -> None:
        """Remove what is left under the temporary name."""
        shutil.rmtree(self._outer, ignore_errors=True)


def clear_leftovers(home: Home) -> None:
    """Remove half-written folders of killed landings. This process has the warehouse, so no other landing runs.

    Only folders with the names that a landing gives are removed.
    """
    for source in all_sources():
        for kind in ("", "repair-"):
            for folder in (home.landing / source.name).glob(f"{_PREFIX}{source.name}-{kind}{_HEX}"):
                shutil.rmtree(folder, ignore_errors=True)


def _make_private(folder: Path, root: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    while folder != root.parent:
        folder.chmod(0o700)
        folder = folder.parent


def _synchronize(folder: Path) -> None:
    """Force a folder's entries to disk before the manifest lists its files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
