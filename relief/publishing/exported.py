"""One entry of the allow-list: a table of a release, its source, and the releases that contain it."""

from dataclasses import dataclass

ALL = ("leadership", "public", "research")
INSIDE = ("leadership",)


@dataclass(frozen=True)
class Exported:
    """One table of a release, its source in the warehouse, and the kinds of release that contain it."""

    name: str
    source: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...] = ALL
    where: str = "true"
    is_optional: bool = False
    """Whether a warehouse of an earlier version may lack the table. The release then lacks it too."""
