"""One entry of the allow-list: a table of a release, where it comes from, and which releases hold it."""

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
    is_optional: bool = False
    """A warehouse of an earlier version may lack it: then the release does too."""
