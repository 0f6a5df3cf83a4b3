"""Publish three versioned files of the last build, then swap one pointer. No reader opens an unfinished file."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relief.errors import ReliefError
from relief.home import Home
from relief.publishing.edition import cannot_write, edition_of, ready, release_id_at, warehouse_of, write
from relief.publishing.headlines import Acceptance, Figures, accepted, data_quality
from relief.publishing.releases import Release, current_release, point_to
from relief.publishing.remembered import keep_acceptances, remember
from relief.publishing.research_files import clear_beside, write_beside
from relief.publishing.words import KINDS

_PART = ".part"
# The names of the files that this module writes and may remove. DuckDB adds .wal and .tmp to the file it writes.
_OWN_FILE = re.compile(
    r"(?:leadership|public|research)-(?P<release>[0-9]{8}T[0-9]{9}Z)[.]duckdb(?P<part>[.]part(?:[.](?:wal|tmp))?)?"
)


def publish(home: Home, agreement: str | None, report: Callable[[str], None], accept: str | None = None) -> Release:
    """Write the three releases of the last passed build and swap the pointer.

    `accept` is the reason of the person who accepts headline figures that became 0 or unknown or fell by more than
    their band. Raises ReliefError when nothing is built, the build or a gate failed, such a figure is not accepted, a
    text is in no closed list, or the folder cannot be written. The current release then stays as it was.
    """
    reason = ready(home, agreement, accept)
    with _only_publisher(home.releases):
        _clear(home)
        now = datetime.now(UTC)
        before = current_release(home)
        while (home.releases / f"release-{release_id_at(now)}.json").exists():
            now += timedelta(milliseconds=1)  # the clock was set back to the time of an earlier release
        release_id = release_id_at(now)
        names = {kind: f"{kind}-{release_id}.duckdb" for kind in KINDS}

        def part(kind: str) -> Path:
            return home.releases / f"{names[kind]}{_PART}"

        try:
            with warehouse_of(home, str(home.path / "tmp")) as connection:
                edition = edition_of(connection, home, release_id, now)
                accepted_figures = accepted(edition.breaches(), reason, now)
                edition = replace(edition, accepted=tuple(accepted_figures))
                for kind in KINDS:
                    write(connection, edition, kind, str(part(kind)))
            for kind in KINDS:
                _settle(part(kind), home.releases / names[kind], kind)
            write_beside(home.releases / names["research"], release_id)
            release = Release(
                release_id=release_id,
                build_id=edition.build.build_id,
                published_at=now.isoformat(timespec="seconds"),
                previous=before.release_id if before else None,
                **names,
            )
            keep_acceptances(home, release_id, accepted_figures)
            point_to(home, release)
        except OSError as error:
            raise cannot_write(home, error) from None
        finally:
            _clear(home)
    remember(home)
    report(f"published release {release_id} of build {release.build_id}: {', '.join(KINDS)}")
    report(said_of_acceptance(accepted_figures, reason, edition.figures))
    return release


def said_of_acceptance(accepted_figures: Sequence[Acceptance], reason: str | None, figures: Figures) -> str:
    """One line: who accepts which figures, or that no figure needs acceptance."""
    if accepted_figures:
        titles = "; ".join(figures[one.figure_id].title for one in accepted_figures)
        return f"accepted by {accepted_figures[0].accepted_by}: {titles}"
    unused = "; nothing had to be accepted, and the reason is not kept" if reason else ""
    return f"{data_quality(figures)[:-1]}{unused}"


# A temporary file of a pointer or manifest that a killed publisher was writing.
_OWN_TEXT = re.compile(r"[.](?:current|release-[0-9]{8}T[0-9]{9}Z[.]json)[.][0-9]+[.]part")


@contextmanager
def _only_publisher(folder: Path) -> Iterator[None]:
    """Prevent a second publisher from starting. The lock ends when the process ends, even if it is killed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise ReliefError(f"{folder} cannot be written ({error.strerror}); name a folder you can write to") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ReliefError(f"another process is publishing to {folder}; wait until it has finished") from None
        yield


def _clear(home: Home) -> None:
    """Remove what failed or killed publishers left behind: partial files, and files that no manifest lists."""
    for file in home.releases.iterdir():
        ours = _OWN_FILE.fullmatch(file.name)
        if _OWN_TEXT.fullmatch(file.name) or (
            ours and (ours["part"] or not (home.releases / f"release-{ours['release']}.json").exists())
        ):
            file.unlink(missing_ok=True)
    clear_beside(home.releases)


def _settle(part: Path, final: Path, kind: str) -> None:
    """Force the file to disk, set its permissions and give it its final name."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o600 if kind == "leadership" else 0o644)
    part.replace(final)
