"""Identify the code and the seeds of a build by their content. Copies of the seeds are kept for rebuilding."""

import hashlib
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home

SEEDS = PROJECT_DIR / "seeds"
_SEED_FILES = (".csv", ".yml")
_CODE_FOLDERS = ("models", "macros", "snapshots")


def code_sha256() -> str:
    """The hash of the code that affects figures: models, macros, layouts, linkage, dbt's settings and the engines."""
    folders = [PROJECT_DIR / folder for folder in (*_CODE_FOLDERS, "sources", "linkage", "relief/linkage")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    code = _sha256(PROJECT_DIR, [PROJECT_DIR / "dbt_project.yml", *files])
    engines = " ".join(f"{name} {version(name)}" for name in ("duckdb", "splink"))
    return hashlib.sha256(f"{code} {engines}".encode()).hexdigest()


def keep_seeds(home: Home, seeds: Path = SEEDS) -> str:
    """Keep a copy of the seeds in the home, unless it has one with the same content. Return their sha256."""
    files = _seed_files(seeds)
    sha256 = _sha256(seeds, files)
    place = _place(home, sha256)
    if place.exists():
        return sha256
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))
        try:
            for file in files:
                copy = part / file.relative_to(seeds)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            part.rename(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise ReliefError(
            f"{place.parent} cannot be written ({os.strerror(error.errno or 0)}); is the disk full?"
        ) from None
    return sha256


def kept_seeds(home: Home, sha256: str) -> Path:
    """The folder with the kept seeds of this hash. Raises ReliefError when it is gone or was changed."""
    place = _place(home, sha256)
    if not place.is_dir() or _sha256(place, _seed_files(place)) != sha256:
        what = "were changed" if place.is_dir() else "are gone"
        raise ReliefError(
            f"the seeds of that time {what} ({place.relative_to(home.path)}); restore the data folder from a backup"
        )
    return place


def project_with(home: Home, seeds: Path) -> Path:
    """Make a copy of the project as a folder of symbolic links, with these seeds in place of the project's own."""
    project = home.target / "as_known" / "project"
    if project.exists():
        shutil.rmtree(project)
    project.mkdir(parents=True)
    for name in ("dbt_project.yml", *_CODE_FOLDERS, "tests", "analyses"):
        (project / name).symlink_to(PROJECT_DIR / name)
    place = project / SEEDS.name
    for path in _seed_files(seeds):
        link = place / path.relative_to(seeds)
        link.parent.mkdir(parents=True, exist_ok=True)  # dbt does not search folders that are symbolic links
        link.symlink_to(path)
    _add_younger(place / "of_now", younger_seeds(seeds))
    return project


def younger_seeds(seeds: Path) -> dict[str, Path]:
    """Today's seeds that a folder of kept seeds lacks because a later version added them."""
    kept = {path.stem for path in seeds.rglob("*.csv")}
    return {path.stem: path for path in sorted(SEEDS.rglob("*.csv")) if path.stem not in kept}


def _add_younger(place: Path, younger: dict[str, Path]) -> None:
    """Make links to the newer seeds, and a YAML file with the project's entries for these seeds only."""
    if not younger:
        return
    import yaml  # noqa: PLC0415  (slow import)

    place.mkdir()
    said = []
    for path in sorted(SEEDS.rglob("*.yml")):
        said += [seed for seed in yaml.safe_load(path.read_text())["seeds"] if seed["name"] in younger]
    for path in younger.values():
        (place / path.name).symlink_to(path)
    (place / "_of_now__seeds.yml").write_text(yaml.safe_dump({"version": 2, "seeds": said}, sort_keys=False))


def _place(home: Home, sha256: str) -> Path:
    return home.path / "seeds" / sha256


def _seed_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in _SEED_FILES and path.is_file()]


def _sha256(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
