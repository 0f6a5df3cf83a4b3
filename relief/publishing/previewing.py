"""`relief publish --preview`: report what would leave, what changed since the last release, and what is withheld.

The publishing code makes the releases in memory, and they are then discarded. Nothing is written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relief.home import Home
from relief.publishing.edition import Edition, edition_of, ready, release_id_at, warehouse_of, write
from relief.publishing.headlines import Figure, accepted, data_quality
from relief.publishing.releases import Release, current_release
from relief.publishing.suppression import suppression_threshold
from relief.publishing.tables import DISMISSALS, OUTCOMES, PROGRESS, STANDING, Exported
from relief.publishing.words import KINDS

if TYPE_CHECKING:
    import duckdb

Report = Callable[[str], None]
# The key columns of each suppressed report, and the numbers that may be removed from it.
_KEYS = {
    PROGRESS: ("wave_number", "stage"),
    DISMISSALS: ("year_basis", "year", "offense", "level", "wave", "unit"),
    OUTCOMES: ("basis", "overdue_records"),
    STANDING: ("courthouse", "standing"),
}
_NUMBERS = {
    PROGRESS: ("counted", "counted_low", "counted_high", "share_of_published"),
    DISMISSALS: ("dismissals",),
    OUTCOMES: (
        "people_with_relief",
        "no_felony_left",
        "no_conviction_left",
        "no_conviction_last_7_years",
        "cannot_tell",
    ),
    STANDING: ("convictions", "share"),
}
_SHARES = ("share", "share_of_published")


@dataclass
class Contents:
    """What `write` reported: rows by kind and table, and how many numbers each public table lost, by reason."""

    edition: Edition
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    taken_out: dict[str, dict[str, int]] = field(default_factory=dict)

    def suppressed(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Compare the suppressed tables with the exact ones, number by number."""
        threshold = suppression_threshold()
        for table in self.edition.tables:
            if "public" in table.kinds and table.name in _KEYS:
                self.taken_out[table.name] = _taken_out(connection, table, threshold)

    def written(self, connection: "duckdb.DuckDBPyConnection", kind: str) -> None:
        """Count the rows of every table of one release."""
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'release' order by table_name"
        ).fetchall()
        self.rows[kind] = {
            name: connection.execute(f"select count(*) from release.main.{name}").fetchall()[0][0] for (name,) in tables
        }


def preview(home: Home, agreement: str | None, report: Report, accept: str | None = None) -> None:
    """Report what `publish` would do, and write nothing. Raises the same ReliefError as `publish` would."""
    reason = ready(home, agreement, accept)
    before = current_release(home)
    with warehouse_of(home, "") as connection:
        now = datetime.now(UTC)
        edition = edition_of(connection, home, release_id_at(now), now)
        found = edition.breaches()
        contents = Contents(edition)
        # Figures that need an acceptance are reported last, after everything that would be published.
        would_accept = accepted(found, reason or "preview")
        for kind in KINDS:
            write(connection, replace(edition, accepted=tuple(would_accept)), kind, ":memory:", contents)
    _say(contents, before, report)
    accepted(found, reason)
    for breach in found:
        report(f"would be accepted by {would_accept[0].accepted_by}: {breach.words()}")
    report("preview: nothing was written, and publishing would pass")


def _say(contents: Contents, before: Release | None, report: Report) -> None:
    edition = contents.edition
    label = "SYNTHETIC DATA: " if edition.build.is_synthetic else ""
    report(f"{label}preview of a release of build {edition.build.build_id}, {edition.build.county}; nothing is written")
    for kind in KINDS:
        tables = contents.rows[kind]
        report(f"{kind}: {len(tables)} tables, {sum(tables.values()):,} rows")
        for name, rows in tables.items():
            report(f"  {name}: {rows:,} rows{_reasons(contents.taken_out.get(name)) if kind != 'leadership' else ''}")
    _say_changes(edition, before, report)
    inside = sorted(contents.rows["leadership"].keys() - contents.rows["public"].keys())
    report(f"withheld outside the office, whole tables: {', '.join(inside)}")
    for table in edition.tables:
        if "public" in table.kinds and "leadership" not in table.kinds:
            columns = {name for other in edition.tables if other.name == table.name for name in other.columns}
            report(f"withheld outside the office, of {table.name}: {', '.join(sorted(columns - {*table.columns}))}")
    report("withheld outside the office: the names of a county's own policies, reasons of people and their names")


def _reasons(taken_out: dict[str, int] | None) -> str:
    if taken_out is None:
        return ""
    said = [f"{count:,} {why}" for why, count in taken_out.items() if count]
    return f"; values suppressed: {', '.join(said)}" if said else "; no value suppressed"


def _say_changes(edition: Edition, before: Release | None, report: Report) -> None:
    report(f"{data_quality(edition.figures)}")
    if before is None:
        report("headline figures of this first release:")
    elif edition.before is None:
        report(f"headline figures; release {before.release_id} contains none to compare with:")
    else:
        report(f"headline figures, before (release {before.release_id}) and now:")
    for figure in edition.figures.values():
        report(f"  {figure.title}: {_change(figure, (edition.before or {}).get(figure.figure_id))}; {figure.verdict}")


def _change(figure: Figure, before: Figure | None) -> str:
    if before is None:
        return figure.words()
    was = "could not be told" if before.counted is None else f"{before.counted:,}"
    change = ""
    if before.counted is not None and figure.counted is not None:
        moved = figure.counted - before.counted
        change = f" ({moved:+,})" if moved else " (no change)"
    return f"{was} before, {figure.words()} now{change}"


def _taken_out(connection: "duckdb.DuckDBPyConnection", table: Exported, threshold: int) -> dict[str, int]:
    """How many numbers of the warehouse the public table lacks, by reason."""
    small = f"small counts (1 to {threshold - 1})"
    near, shares = "that would give a small count away", "shares of a suppressed count"
    counts = {small: 0, near: 0, shares: 0}
    on = " and ".join(f"exact.{key} is not distinct from public.{key}" for key in _KEYS[table.name])
    for number in _NUMBERS[table.name]:
        found = connection.execute(
            f"""
            select
                count(*) filter (where exact.{number} > 0 and exact.{number} < {threshold}),
                count(*)
            from (select * from warehouse.{table.source} where {table.where}) as exact
            left join memory.main.{table.name} as public on {on}
            where exact.{number} is not null and public.{number} is null
            """
        ).fetchall()[0]
        if number in _SHARES:
            counts[shares] += found[1]
        else:
            counts[small] += found[0]
            counts[near] += found[1] - found[0]
    return counts
