"""The county's own weights of links, in the folder `linkage` of its data folder, if there are any."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from relief.errors import ReliefError
from relief.linkage.settings import PEOPLE, load_people, people_file
from relief.text import printable

FOLDER = "linkage"


def own_files(folder: Path) -> list[Path]:
    """The settings file of the data folder and the frequency lists beside it. Empty if there is no settings file."""
    own = people_file(folder)
    if own == PEOPLE:
        return []
    listed: set[Path] = set()
    with suppress(ReliefError):
        listed = {path for path in load_people(folder).frequencies.values() if path and path.parent == own.parent}
    return [own, *sorted(listed)]


def used_by(inputs: Mapping[str, Mapping[str, str]]) -> str:
    """Which weights a build used, according to its recorded inputs."""
    if PEOPLE.name in inputs.get("weights", {}):
        return f"the county's own ({FOLDER}/{PEOPLE.name} of the data folder)"
    return f"those of the project ({FOLDER}/{PEOPLE.name})"


def not_used(folder: Path) -> list[str]:
    """One line for each file that the next build will not use: refused settings, and files that are not read."""
    found = []
    try:
        load_people(folder)
    except ReliefError as error:
        found.append(f"the weights of links are refused, and no build begins: {error}")
    used = {path.name for path in own_files(folder)}
    beside = sorted((folder / FOLDER).iterdir()) if (folder / FOLDER).is_dir() else []
    return found + [
        f"{FOLDER}/{printable(path.name)} is not read: the weights of links are {PEOPLE.name} and the lists it names"
        for path in beside
        if path.name not in used and not path.name.startswith(".")
    ]
