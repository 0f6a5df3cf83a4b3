"""The tables that only the research release contains, suppressed together with the public tables.

Each table is one linked system (``linked``). A count that a public table shows or hides is shown or hidden here too. A
count that is close to a public number of the same convictions is hidden, because the small difference would be a small
count. Public numbers are read after their suppression.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from relief.publishing.linked import TOTAL, Elsewhere, Place, marked, suppress_linked
from relief.publishing.research_tables import (
    COUNTED,
    DETAILS,
    IN_REVIEW,
    PEOPLE,
    POLICIES,
    RESEARCH,
    STAGE_DAYS,
    Counted,
)
from relief.publishing.small_reports import is_close
from relief.publishing.standing import STANDINGS, sums
from relief.publishing.suppression import suppression_threshold
from relief.publishing.tables import DISMISSALS, OUTCOMES, PROGRESS, STANDING

if TYPE_CHECKING:
    import duckdb

Counts = Mapping[Place, int]
RESULTS = (
    "reached within 30 days",
    "reached later",
    "reached, days unknown",
    "waiting up to 30 days",
    "waiting longer",
    "waiting, days unknown",
)


def add_research(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make the suppressed research tables in `memory.main`, which already contains the public ones."""
    from relief.publishing.disclosure import replace_rows  # noqa: PLC0415  (it needs the tables of this package)

    threshold = suppression_threshold()
    public = _Public(connection)
    for exported in RESEARCH:
        connection.execute(
            f"create or replace table memory.main.{exported.name} as select {', '.join(exported.columns)} "
            f"from warehouse.{exported.source} where {exported.where}"
        )
    for table in COUNTED:
        rows = _rows(connection, f"from memory.main.{table.name} order by all")
        counts = {_place(table, row): int(row[table.count]) for row in rows}
        hidden = _HIDE[table.name](table, counts, public, threshold)
        if table.name == IN_REVIEW:
            for wave, numbers in public.of_wave.items():  # for later tables, which count the same waves
                place = tuple(wave if name == "wave" else TOTAL for name in table.dimensions)
                if place not in hidden and place in counts:
                    numbers.add(counts[place])
        replace_rows(
            connection, f"memory.main.{table.name}", marked(rows, table.dimensions, table.count, hidden, table.with_it)
        )


class _Public:
    """The numbers of the public tables after suppression, and those of the AB 1706 report before suppression."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self.dismissals = {
            (row["year"], row["offense"], row["wave"], row["unit"]): row["dismissals"]
            for row in _rows(
                connection,
                f"from memory.main.{DISMISSALS} where year_basis = 'conviction_year' and level = 'all'",
            )
        }
        self.standing = {
            (row["courthouse"], row["standing"]): row["convictions"]
            for row in _rows(connection, f"from memory.main.{STANDING}")
        }
        self.outcomes = {row["basis"]: row for row in _rows(connection, f"from memory.main.{OUTCOMES}")}
        self.of_wave: dict[str, set[int]] = {}
        for row in _rows(connection, f"from memory.main.{PROGRESS} where unit = 'convictions'"):
            numbers = self.of_wave.setdefault(str(row["wave_number"]), set())
            numbers |= {row[name] for name in ("counted", "counted_low", "counted_high") if row[name]}
        for wave in ("1", "2", "neither"):
            if number := self.dismissals.get((TOTAL, TOTAL, wave, "convictions")):
                self.of_wave.setdefault(wave, set()).add(number)
        self.of_group: dict[tuple[str, str], set[int]] = {}
        for row in _rows(
            connection,
            "select race, gender, measure, convictions from warehouse.reporting.rpt_ab1706 "
            "where measure in ('eligible', 'relieved', 'dismissed') and convictions > 0",
        ):
            self.of_group.setdefault((row["race"], row["gender"]), set()).add(row["convictions"])
        self.years = {
            row["year"]: row["dismissals"]
            for row in _rows(
                connection,
                f"select year, dismissals from warehouse.reporting.{DISMISSALS} where year_basis = 'conviction_year' "
                "and year <> 'all' and offense = 'all' and level = 'all' and wave = 'all' and unit = 'convictions'",
            )
        }


def _elsewhere(places: Iterable[tuple[Place, Any]]) -> Elsewhere:
    """Sort places by whether another table shows their number. The number is None where that table hides it."""
    given = list(places)
    return Elsewhere(
        frozenset(place for place, number in given if number is None),
        frozenset(place for place, number in given if number is not None),
    )


def _details(table: Counted, counts: Counts, public: _Public, threshold: int) -> set[Place]:
    """Hide dismissals by detail. A decade adds up years, a section adds up letters; years and sections are public."""
    decades = {year: f"{year[:-1]}0s" if year.isdigit() else "unknown" for year in public.years}
    wider = {(*place, TOTAL): count for place, count in counts.items()}
    wider |= {(decades[year], *[TOTAL] * 4, year): count for year, count in public.years.items()}
    told = [
        ((TOTAL, TOTAL, offense, TOTAL, TOTAL, TOTAL), number)
        for (year, offense, wave, unit), number in public.dismissals.items()
        if (year, wave, unit) == (TOTAL, TOTAL, "convictions")
    ]
    told += [
        ((decades[year], *[TOTAL] * 4, year), public.dismissals.get((year, TOTAL, TOTAL, "convictions")))
        for year in public.years
    ]
    hidden = suppress_linked(table.name, wider, threshold, _elsewhere(told))
    return {place[:-1] for place in hidden if place[-1] == TOTAL}


def _in_review(table: Counted, counts: Counts, public: _Public, threshold: int) -> set[Place]:
    def at(**parts: str) -> Place:
        return tuple(parts.get(name, TOTAL) for name in table.dimensions)

    told = [(at(standing=standing), public.standing.get((TOTAL, standing))) for standing in (TOTAL, *STANDINGS)]
    forced: set[Place] = set()
    for wave, numbers in public.of_wave.items():
        if _is_near([counts.get(at(wave=wave), 0)], numbers, threshold):
            forced.add(at(wave=wave))
    files = [counts.get(at(known_to=name), 0) for name in ("ca_doj", "both", "la_court")]
    if _is_near(sums([sum(files), *files]), set().union(*public.of_wave.values()), threshold):
        forced |= {at(known_to=name) for name in ("ca_doj", "both", "la_court")}
    groups = [("race", place[0], (place[0], TOTAL)) for place in counts if place[0] != TOTAL]
    groups += [("sex", place[1], (TOTAL, place[1])) for place in counts if place[1] != TOTAL]
    for name, group, key in set(groups):
        line = [counts.get(at(**{name: group, "standing": standing}), 0) for standing in STANDINGS]
        whole, ordered = sum(line), sum(line) - line[0] - line[-1]
        if _is_near([whole, ordered], public.of_group.get(key, set()), threshold):
            forced |= {at(**{name: group}), *(at(**{name: group, "standing": standing}) for standing in STANDINGS)}
    # The convictions in not_ordered are the same as those with no order in days_to_order, so both are hidden together.
    twins = [
        (at(**group, standing="not_ordered"), at(**group, days_to_order="no order"))
        for group in ({}, *({name: value} for name, value, _ in set(groups)))
    ]
    elsewhere = _elsewhere(told)
    hide = partial(suppress_linked, table.name, counts, threshold, elsewhere)
    return _with_twins(hide, counts, elsewhere, forced, twins)


def _stage_days(table: Counted, counts: Counts, public: _Public, threshold: int) -> set[Place]:
    """Of both transitions (counts of ordered convictions), hide the counts that would reveal a hidden count."""
    transitions = ("order_to_entered", "order_to_doj")
    forced: set[Place] = set()
    for courthouse in {courthouse for courthouse, _ in public.standing}:
        said = {standing: public.standing.get((courthouse, standing)) for standing in (TOTAL, *STANDINGS)}
        for transition, standing in zip(transitions, ("ordered", "visible"), strict=True):
            if None in (said[TOTAL], said["not_ordered"], said["unknown"]):
                forced.add((transition, TOTAL, courthouse, TOTAL))
            if said[standing] is None:
                forced |= {(transition, TOTAL, courthouse, result) for result in RESULTS}
    for wave, numbers in public.of_wave.items():
        for transition in transitions:
            line = [counts.get((transition, wave, TOTAL, result), 0) for result in RESULTS]
            if _is_near(sums([sum(line), *line]), numbers, threshold):
                forced |= {(transition, wave, TOTAL, result) for result in (TOTAL, *RESULTS)}
    twins = [
        ((transitions[0], *place[1:]), (transitions[1], *place[1:]))
        for place in counts
        if place[0] == transitions[0] and place[3] == TOTAL
    ]
    hide = partial(suppress_linked, table.name, counts, threshold, Elsewhere())
    return _with_twins(hide, counts, Elsewhere(), forced, twins)


def _people(table: Counted, counts: Counts, public: _Public, threshold: int) -> set[Place]:
    orders = public.outcomes.get("relief orders", {})
    everyone = ("relief orders", TOTAL, TOTAL, TOTAL, TOTAL)
    told = [
        (everyone, orders.get("people_with_relief")),
        (("relief orders", TOTAL, TOTAL, "no felony left", TOTAL), orders.get("no_felony_left")),
        (("dismissals", *[TOTAL] * 4), public.dismissals.get((TOTAL, TOTAL, TOTAL, "people"))),
    ]
    unsure = ("relief orders", TOTAL, TOTAL, "cannot tell", TOTAL)
    forced = {unsure} if _is_near([counts.get(unsure, 0)], {orders.get("cannot_tell") or 0}, threshold) else set()
    return suppress_linked(table.name, counts, threshold, _elsewhere(told), forced)


def _policies(table: Counted, counts: Counts, public: _Public, threshold: int) -> set[Place]:
    told = []
    for axis, policy in ((1, "statutory_11361_8"), (2, "la_pilot_2019")):
        if policy in public.outcomes:
            place = ["people", *[TOTAL] * 5]
            place[axis] = "granted"
            told.append((tuple(place), public.outcomes[policy]["people_with_relief"]))
    return suppress_linked(table.name, counts, threshold, _elsewhere(told))


_HIDE: dict[str, Callable[[Counted, Counts, _Public, int], set[Place]]] = {
    DETAILS: _details,
    IN_REVIEW: _in_review,
    STAGE_DAYS: _stage_days,
    PEOPLE: _people,
    POLICIES: _policies,
}


def _with_twins(
    hide: Callable[[set[Place]], set[Place]],
    counts: Counts,
    elsewhere: Elsewhere,
    forced: set[Place],
    twins: Iterable[tuple[Place, Place]],
) -> set[Place]:
    """Repeat the suppression until places that have the same count are hidden together."""
    pairs = list(twins)
    while True:
        hidden = hide(forced)
        alone = {other for pair in pairs for one, other in (pair, pair[::-1]) if one in hidden and other not in hidden}
        alone &= {place for place, count in counts.items() if count} - elsewhere.shown - forced
        if not alone:
            return hidden
        forced = forced | alone


def _is_near(counts: Iterable[int], numbers: Iterable[int], threshold: int) -> bool:
    given = [number for number in numbers if number]
    return any(count and is_close(count, number, threshold) for count in counts for number in given)


def _place(table: Counted, row: Mapping[str, Any]) -> Place:
    return tuple(str(row[name]) for name in table.dimensions)


def _rows(connection: "duckdb.DuckDBPyConnection", sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
