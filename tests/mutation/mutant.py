"""What one mutant is: one small change of one file, named so that the name outlives changes elsewhere in the file."""

from dataclasses import dataclass

# Of a seed: the index of a row, and its changed cells, or None where the row is dropped.
Edits = tuple[tuple[int, tuple[tuple[str, str], ...] | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One change of one file. The five texts name it; `occurrence` tells equal ones of one line apart."""

    kind: str  # of which group: sql, condition, rule, policy, statute, relief class, list entry
    path: str
    place: str  # the CTE or macro, or the key of the seed's row
    code: str  # the line, or the column of the seed
    was: str
    becomes: str
    occurrence: int = 1
    text: str | None = None  # SQL: the whole file, changed
    edits: Edits = ()  # seeds: the rows that change

    @property
    def name(self) -> tuple[str, str, str, str, str, str]:
        """What explained.csv calls it."""
        return self.path, self.place, self.code, self.was, self.becomes, str(self.occurrence)

    def __str__(self) -> str:
        return f"{self.path} | {self.place} | {self.code} | {self.was} -> {self.becomes} | {self.occurrence}"
