"""The releases folder: immutable files, one manifest per release, and the pointer ``current``, replaced atomically."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from relief.errors import ReliefError
from relief.home import Home

POINTER = "current"


@dataclass(frozen=True)
class Release:
    """One release: the names of its three files, and the id of the release before it."""

    release_id: str
    build_id: str
    published_at: str
    leadership: str
    public: str
    research: str
    previous: str | None


def current_release(home: Home) -> Release | None:
    """The release that the pointer names; None before the first release. A damaged pointer raises ReliefError."""
    pointer = home.releases / POINTER
    if not pointer.exists():
        return None
    return _read(pointer)


def release_of(home: Home, release_id: str) -> Release:
    """The release of a manifest. A missing or damaged manifest raises ReliefError."""
    return _read(_manifest(home, release_id))


def releases_kept(home: Home) -> list[Release]:
    """Every release with a manifest, newest first. Releases with a damaged manifest are left out."""
    kept = []
    for file in home.releases.glob("release-*.json"):
        try:
            kept.append(_read(file))
        except ReliefError:
            continue
    return sorted(kept, key=lambda release: release.release_id, reverse=True)


def rollback(home: Home) -> Release:
    """Point to the release before the current one. Files are kept. Publishing again makes a newer release current."""
    release = current_release(home)
    if release is None:
        raise ReliefError("there is no release yet; publish one first: relief publish")
    if release.previous is None:
        raise ReliefError(f"release {release.release_id} is the first; there is none before it to roll back to")
    earlier = _read(_manifest(home, release.previous))
    missing = [
        name for name in (earlier.leadership, earlier.public, earlier.research) if not (home.releases / name).exists()
    ]
    if missing:
        raise ReliefError(f"{missing[0]} is gone from the releases folder; restore it before rolling back")
    point_to(home, earlier)
    return earlier


def point_to(home: Home, release: Release) -> None:
    """Write the release's manifest, then replace the pointer, so that readers see either the old or the new release."""
    text = json.dumps(asdict(release), indent=1) + "\n"
    write_atomically(_manifest(home, release.release_id), text)
    write_atomically(home.releases / POINTER, text)


def write_atomically(path: Path, text: str) -> None:
    """Write a small file so that a reader finds either the old or the new content, even after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ReliefError(f"{path} cannot be written ({error.strerror}); is the disk full?") from None


def _manifest(home: Home, release_id: str) -> Path:
    return home.releases / f"release-{release_id}.json"


def _read(path: Path) -> Release:
    try:
        release = Release(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise ReliefError(f"{path.name} in the releases folder cannot be read; publish again: relief publish") from None
    names = (release.leadership, release.public, release.research)
    if any(not isinstance(name, str) or Path(name).name != name for name in names):
        raise ReliefError(f"{path.name} names a file outside the releases folder; publish again: relief publish")
    return release
