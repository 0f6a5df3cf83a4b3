"""The headline figures of a release beside those of the release before, and who accepts figures that fell too far.

The bands are data: `may_fall_by` in seeds/reference/headline_figures.csv, with a reason for each. If a figure has
become 0 or unknown, or fell by more than its band, it is published only if a person accepts it and gives a reason.
"""

import os
import pwd
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relief.duck import connect
from relief.errors import ReliefError
from relief.home import Home
from relief.policies.document import seed_rows
from relief.publishing.releases import Release
from relief.publishing.tables import QUALITY

if TYPE_CHECKING:
    import duckdb

VERDICTS = ("usable", "usable with notes", "do not quote")
"""The best verdict first."""
LONGEST_REASON = 300
WHAT_TO_DO = 'mend the files and build again, or answer for it: relief publish --accept "REASON"'


@dataclass(frozen=True)
class Figure:
    """One headline figure in its unit; `counted` is None where the figure is unknown."""

    figure_id: str
    title: str
    unit: str
    counted: int | None
    verdict: str
    events_delivered: int = 0

    def words(self) -> str:
        """The number with its unit."""
        return "cannot be told" if self.counted is None else f"{self.counted:,} {self.unit}"


Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Breach:
    """A figure that has fallen too far since the release before. It is published only if a person accepts it."""

    figure: Figure
    before: int
    may_fall_by: float

    def words(self) -> str:
        """Describe the figure, its numbers before and now, and its band, as part of a sentence."""
        band = f"its band is a fall of {100 * self.may_fall_by:g} percent"
        if not self.figure.counted:
            return f"{self.figure.title}: {self.before:,} before, {self.figure.words()} now; {band}"
        fall = 100 * (self.before - self.figure.counted) / self.before
        return (
            f"{self.figure.title}: {self.before:,} before, {self.figure.counted:,} now, {fall:.1f} percent less; {band}"
        )


@dataclass(frozen=True)
class Acceptance:
    """One figure that a person accepted. The name and the reason stay inside the office."""

    figure_id: str
    counted_before: int | None
    counted_now: int | None
    may_fall_by: float
    reason: str
    accepted_by: str
    accepted_at: datetime


def figures_of(connection: "duckdb.DuckDBPyConnection", table: str) -> dict[str, Figure]:
    """Read the figures from `rpt_data_quality`, of the warehouse or of a leadership release, in their order.

    Raises duckdb.CatalogException where there is no such table.
    """
    return {
        row[0]: Figure(*row)
        for row in connection.execute(
            "select figure_id, title, unit, counted, verdict, coalesce(events_delivered, 0) "
            f"from {table} order by figure_no"
        ).fetchall()
    }


def figures_of_release(home: Home, release: Release | None) -> dict[str, Figure] | None:
    """The figures of a release; None if there is no release, its file is gone, or an earlier version wrote it."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    if release is None:
        return None
    file = home.releases / release.leadership
    if not file.exists():
        return None
    try:
        with connect(file, read_only=True) as connection:
            return figures_of(connection, f"main.{QUALITY}") or None
    except duckdb.Error:
        return None


def breaches(figures: Figures, before: Figures | None) -> list[Breach]:
    """The figures that need an acceptance, because they are now 0 or unknown or fell by more than their band."""
    found = []
    for row in seed_rows("reference/headline_figures.csv"):
        figure = figures.get(row["figure_id"])
        if figure is None:
            continue
        was = (before or {}).get(figure.figure_id)
        band = float(row["may_fall_by"])
        if was and was.counted and (not figure.counted or figure.counted < was.counted * (1 - band)):
            found.append(Breach(figure, was.counted, band))
    return found


def accepted(found: Sequence[Breach], reason: str | None, now: datetime | None = None) -> list[Acceptance]:
    """Return the acceptances of all breaches. Raises ReliefError if there is a breach and no reason."""
    if not found:
        return []
    if reason is None:
        raise ReliefError(f"not published: {'; '.join(breach.words() for breach in found)}; {WHAT_TO_DO}")
    who, when = operating_system_user(), (now or datetime.now(UTC)).replace(tzinfo=None, microsecond=0)
    return [
        Acceptance(breach.figure.figure_id, breach.before, breach.figure.counted, breach.may_fall_by, reason, who, when)
        for breach in found
    ]


def checked_reason(reason: str | None) -> str | None:
    """Return the reason on one line. Raises ReliefError if it has no letter or digit, or is too long."""
    if reason is None:
        return None
    words = " ".join(reason.split())
    if not any(character.isalnum() for character in words):
        raise ReliefError("--accept: the reason is empty; say why the figures are right although they fell")
    if len(words) > LONGEST_REASON or not words.isprintable():
        raise ReliefError(f"--accept: give the reason in up to {LONGEST_REASON} printable characters")
    return words


def operating_system_user() -> str:
    """The user of this process, from the operating system and not from a variable that anybody can set."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user number {number}"


def data_quality(figures: Figures) -> str:
    """The number of figures with each verdict, in one sentence. Every release contains it."""
    if not figures:
        return "The headline figures were not judged."
    counts = [sum(figure.verdict == verdict for figure in figures.values()) for verdict in VERDICTS]
    return f"Headline figures: {', '.join(f'{n} {verdict}' for n, verdict in zip(counts, VERDICTS, strict=True))}."
