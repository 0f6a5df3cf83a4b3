"""Small changes of the seeds that hold the law and the policies: one cell, one row or two neighbours at a time."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from tests.mutation.mutant import Edits, Mutant
from tests.mutation.project import read_seed

Row = dict[str, str]
POLICIES = "seeds/policies/policies.csv"
RULES = "seeds/policies/policy_rules.csv"
CONDITIONS = "seeds/policies/policy_conditions.csv"
STATUTES = "seeds/law/statutes.csv"
RELIEF = "seeds/law/statutory_relief.csv"
LISTS = "seeds/law/offense_list_entries.csv"
DEADLINES = "seeds/law/legal_deadlines.csv"
REDESIGNATIONS = "seeds/law/redesignations.csv"
DESTRUCTION = "seeds/law/record_destruction.csv"
VERDICTS = "seeds/policies/review_verdicts.csv"
GROUNDS = "seeds/law/legal_grounds.csv"
MEASURES = "seeds/law/relief_measures.csv"
OPERATORS = {"=": ("<=", ">="), ">=": (">", "=", "<"), "<=": ("<", "=", ">"), "<": ("<=", ">="), ">": (">=", "<=")}
PRESUMPTIONS = ("review", "presume_met", "presume_not_met")


# The column, what it was, what it becomes, and the edits: per row its other cells, or None where it is dropped.
Change = tuple[str, str, str, Edits]
Changes = Callable[[list[Row], int], Iterator[Change]]


def seed_mutants() -> list[Mutant]:
    """Every mutant of every seed."""
    return [mutant for path, (kind, key, changes) in SEEDS.items() for mutant in _of(kind, path, key, changes)]


def _of(kind: str, path: str, key: tuple[str, ...], changes: Changes) -> Iterator[Mutant]:
    rows = read_seed(path)
    seen = set()
    for index, row in enumerate(rows):
        place = ".".join(row[column] for column in key if row[column])
        for column, was, becomes, edits in changes(rows, index):
            mutant = Mutant(kind, path, place, column, was, becomes, edits=edits)
            if mutant.name not in seen:
                seen.add(mutant.name)
                yield mutant


def rows_of(mutant: Mutant) -> list[Row]:
    """The rows of a mutant's seed, changed."""
    rows = read_seed(mutant.path)
    edits = dict(mutant.edits)
    changed = [{**row, **dict(edits.get(index) or ())} for index, row in enumerate(rows)]
    return [row for index, row in enumerate(changed) if edits.get(index, ()) is not None]


def _cell(rows: list[Row], index: int, column: str, becomes: str) -> Change:
    was = rows[index][column]
    return column, was or "(nothing)", becomes or "(nothing)", ((index, ((column, becomes),)),)


def _dropped(_rows: list[Row], index: int) -> Iterator[Change]:
    yield "(row)", "stands", "dropped", ((index, None),)


def _values(rows: list[Row], column: str) -> list[str]:
    return sorted({row[column] for row in rows})


def _next(values: list[str], value: str) -> str:
    """Another value that occurs: the one behind it, round the end."""
    return values[(values.index(value) + 1) % len(values)]


def _condition(rows: list[Row], index: int) -> Iterator[Change]:
    row = rows[index]
    for operator in OPERATORS[row["operator"]]:
        yield _cell(rows, index, "operator", operator)
    for threshold in _neighbours(row["measure"], row["threshold"]):
        yield _cell(rows, index, "threshold", threshold)
    for presumption in PRESUMPTIONS:
        if presumption != row["if_unknown"]:
            yield _cell(rows, index, "if_unknown", presumption)
    for sibling in siblings(row["measure"]):
        yield _cell(rows, index, "measure", sibling)
    yield from _dropped(rows, index)


def _neighbours(measure: str, threshold: str) -> list[str]:
    if measure.endswith("_yyyymmdd"):
        day = date(int(threshold[:4]), int(threshold[4:6]), int(threshold[6:]))
        return [f"{day + timedelta(days=step):%Y%m%d}" for step in (-1, 1)]
    return [str(int(threshold) + step) for step in (-1, 1)]


def siblings(measure: str) -> list[str]:
    """Measures of the same unit that a hand could take for this one: their names begin or end alike."""
    units = {row["measure"]: row["unit"] for row in read_seed(MEASURES)}
    words = measure.split("_")
    near = [
        other
        for other in units
        if other != measure
        and units[other] == units[measure]
        and (_alike(words, other.split("_")) or _alike(words[::-1], other.split("_")[::-1]))
    ]
    return sorted(near)[:2]


def _alike(one: list[str], other: list[str]) -> bool:
    """Two words, or half of them, are the same from the start."""
    same = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    return same >= max(2, min(len(one), len(other)) // 2)


def _rule(rows: list[Row], index: int) -> Iterator[Change]:
    row = rows[index]
    yield _cell(rows, index, "determination", _next(_values(rows, "determination"), row["determination"]))
    if row["determination"] != "Hand Review":
        yield _cell(rows, index, "determination", "Hand Review")
    yield _cell(rows, index, "legal_ground", _next(_values(rows, "legal_ground"), row["legal_ground"]))
    behind = next(
        (n for n, other in enumerate(rows)
         if other["policy_id"] == row["policy_id"] and int(other["step"]) == int(row["step"]) + 1), None
    )  # fmt: skip
    if behind is not None:
        swapped = ((index, (("step", rows[behind]["step"]),)), (behind, (("step", row["step"]),)))
        yield "step", row["step"], rows[behind]["step"], swapped
    yield from _dropped(rows, index)


def _policy(rows: list[Row], index: int) -> Iterator[Change]:
    row = rows[index]
    for scope in _values(rows, "offense_scope"):
        if scope != row["offense_scope"]:
            yield _cell(rows, index, "offense_scope", scope)
    sources = row["evaluates_sources"].split(";")
    both = "ca_doj;la_court"
    for becomes in sources if len(sources) > 1 else [both]:
        yield _cell(rows, index, "evaluates_sources", becomes)
    if row["offense_scope"] == "statute":  # no other policy asks the number of plants
        yield _cell(rows, index, "unknown_plants", _next(_values(rows, "unknown_plants"), row["unknown_plants"]))


def _statute(rows: list[Row], index: int) -> Iterator[Change]:
    row = rows[index]
    for column in ("in_force_from", "in_force_to"):
        day = date.fromisoformat(row[column])
        for step in (-1, 1):
            if date.min < day < date.max:
                yield _cell(rows, index, column, (day + timedelta(days=step)).isoformat())
    for level in "IMF":
        levels = [known for known in "IMF" if (known in row["levels"].split(";")) != (known == level)]
        if levels:
            yield _cell(rows, index, "levels", ";".join(levels))
    flipped = "false" if row["is_cannabis_relief_section"] == "true" else "true"
    yield _cell(rows, index, "is_cannabis_relief_section", flipped)


def _relief(rows: list[Row], index: int) -> Iterator[Change]:
    yield _cell(rows, index, "relief_class", _next(_values(rows, "relief_class"), rows[index]["relief_class"]))
    yield from _dropped(rows, index)


def _others(rows: list[Row], index: int, *columns: str) -> Iterator[Change]:
    """Each of these cells, where it says something, to another that occurs; then the row left out."""
    for column in columns:
        values = [value for value in _values(rows, column) if value]
        if rows[index][column] and len(values) > 1:
            yield _cell(rows, index, column, _next(values, rows[index][column]))
    yield from _dropped(rows, index)


def _deadline(rows: list[Row], index: int) -> Iterator[Change]:
    row = rows[index]
    for step in (-1, 1):
        if row["deadline_date"]:
            day = date.fromisoformat(row["deadline_date"]) + timedelta(days=step)
            yield _cell(rows, index, "deadline_date", day.isoformat())
        if row["days_after"]:
            yield _cell(rows, index, "days_after", str(int(row["days_after"]) + step))
    yield from _dropped(rows, index)


def _redesignation(rows: list[Row], index: int) -> Iterator[Change]:
    yield from _others(
        rows,
        index,
        "youngest_age_years",
        "oldest_age_years",
        "unknown_plants",
        "section_today",
        "level_today",
        "section_if_barred",
    )


def _destruction(rows: list[Row], index: int) -> Iterator[Change]:
    yield from _others(rows, index, "destruction_rule")


def _verdict(rows: list[Row], index: int) -> Iterator[Change]:
    yield from _others(rows, index, "determination", "legal_ground")


# Each seed that is mutated: the kind of its mutants, the key of its rows, and their changes.
SEEDS: dict[str, tuple[str, tuple[str, ...], Changes]] = {
    CONDITIONS: ("condition", ("policy_id", "rule_id", "condition_no"), _condition),
    RULES: ("rule", ("policy_id", "rule_id"), _rule),
    POLICIES: ("policy", ("policy_id",), _policy),
    STATUTES: ("statute", ("statute_id",), _statute),
    RELIEF: ("relief class", ("statute_id",), _relief),
    LISTS: ("list entry", ("list_id", "pattern", "companion_pattern"), _dropped),
    DEADLINES: ("deadline", ("deadline_id",), _deadline),
    REDESIGNATIONS: ("redesignation", ("relief_class", "youngest_age_years", "unknown_plants"), _redesignation),
    DESTRUCTION: ("destruction", ("statute_id",), _destruction),
    VERDICTS: ("verdict", ("decision_type", "verdict"), _verdict),
    GROUNDS: ("ground", ("legal_ground",), _dropped),
}
