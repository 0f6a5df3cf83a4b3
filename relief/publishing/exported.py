"""What one table of a release is."""

from dataclasses import dataclass

ALL = ("leadership", "public", "research")
INSIDE = ("leadership",)


@dataclass(frozen=True)
class Exported:
    """One table of a release, its source in the warehouse, and the release kinds that hold it."""

    name: str
    source: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...] = ALL
    where: str = "true"
