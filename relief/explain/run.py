"""`relief explain` from start to end: find the conviction, read its history, print the words of each policy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from relief.building.as_known import as_known_at, raw_of_last_build
from relief.errors import ReliefError
from relief.explain.challenge import challenge_line
from relief.explain.dispositions import disposition_lines, ended_lines
from relief.explain.find import Evaluated, find_conviction
from relief.explain.record import (
    Conviction,
    Record,
    has_impossible_birth_date,
    read_destruction,
    read_meaning,
    read_person,
    read_record,
    read_sentence_end,
)
from relief.explain.words import (
    conviction_words,
    destruction_line,
    event_line,
    history_line,
    meaning_line,
    sentence_end_line,
    unreadable_lines,
)
from relief.export.built import check_built
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

MARTS = {"fct_convictions", "fct_relief_explanations"}
IMPOSSIBLE_BIRTH_DATE = (
    "The birth date on record cannot be true: it is unknown to every policy but the published rules, "
    "which take it as it is."
)
CLOSING = "This determination changes no record: only a court's signed order does."
# Measures of the conviction itself; whatever else a rule asks may lie in the person's history.
OWN_MEASURES = (
    "is_felony",
    "conviction_date",
    "starts_",
    "leftmost_",
    "names_",
    "is_completed_",
    "age_at_",
    "years_since_conviction",
)


def explain(
    home: Home,
    key: str,
    policies: list[str],
    *,
    with_identifiers: bool,
    report: Callable[[str], None],
    all_rules: bool = False,
) -> None:
    """Print why the policies (none given: all that evaluate it) say what they say of one conviction.

    First the answer of each policy and what it rests on, then the record and the history, and with `all_rules` an
    appendix of every rule. Identifiers are printed only `with_identifiers`. Raises ReliefError when nothing is built, a
    build is under way, a policy is not in the build or does not evaluate the conviction, or the key names none.
    """
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, MARTS, *policies)
        evaluated = find_conviction(connection, key)
        explanations = _explanations(connection, evaluated, policies)
        record = read_record(connection, evaluated)
        for line in _heading(connection, evaluated, with_identifiers=with_identifiers):
            report(line)
        for _, _, explanation, _, _, _ in explanations:
            report("")
            for line in explanation.split("\n"):
                if not line.startswith(("SYNTHETIC: ", "Evaluated as of ")) and line != CLOSING:
                    report(line)
        report("")
        report("What the record holds:")
        for line in _record_lines(connection, evaluated, record, explanations, with_identifiers=with_identifiers):
            report(line)
    for policy_id, rules_in_order, _, _, _, _ in explanations if all_rules else []:
        report("")
        report(f"Appendix. Every rule of {policy_id}, in order:")
        for line in rules_in_order.split("\n"):
            report(f"  {line}")
    report("")
    report(CLOSING)


def _record_lines(
    connection: "duckdb.DuckDBPyConnection",
    evaluated: Evaluated,
    record: Record,
    explanations: list[tuple[str, str, str, date, date, bool]],
    *,
    with_identifiers: bool,
) -> list[str]:
    """The conviction, what became of it, its meaning by statute, the days, and the person's history."""
    lines = conviction_words(record.conviction, with_sentence=evaluated.source == "ca_doj")
    lines += disposition_lines(connection, evaluated)
    meaning = read_meaning(connection, evaluated)
    if meaning:
        lines.append(meaning_line(meaning))
    _, _, _, evaluated_as_of, file_as_of, _ = explanations[0]
    end = read_sentence_end(connection, evaluated)
    if end:
        lines.append(sentence_end_line(end, evaluated_as_of))
    lines.append(destruction_line(read_destruction(connection, evaluated), with_identifiers=with_identifiers))
    lines.append(challenge_line(connection, evaluated))
    lines.append(f"Day of evaluation: {evaluated_as_of}. The file speaks as of {file_as_of}.")
    known = as_known_at(connection)
    if known:
        lines.append(
            f"As known at {known:%Y-%m-%d %H:%M:%S} UTC: the last build shows an earlier figure, not that of now."
        )
    if has_impossible_birth_date(connection, evaluated):
        lines.append(IMPOSSIBLE_BIRTH_DATE)
    lines += _history(connection, evaluated, record, [row[0] for row in explanations])
    lines += ended_lines(connection, evaluated)
    return [*lines, *(_other_numbers(record) if with_identifiers else [])]


def _explanations(
    connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated, policies: list[str]
) -> list[tuple[str, str, str, date, date, bool]]:
    rows = connection.execute(
        "select policy_id, rules_in_order, explanation, evaluated_as_of_date, file_as_of_date, is_synthetic "
        "from marts.fct_relief_explanations where conviction_key = ? order by policy_id",
        [evaluated.conviction_key],
    ).fetchall()
    by_policy = {row[0]: row for row in rows}
    missing = [policy_id for policy_id in policies if policy_id not in by_policy]
    if missing or not by_policy:
        raise ReliefError(
            f"policy {', '.join(missing) or 'of the last build'} does not evaluate this conviction; "
            f"these do: {', '.join(sorted(by_policy)) or 'none'}"
        )
    return [by_policy[policy_id] for policy_id in dict.fromkeys(policies)] if policies else list(by_policy.values())


def _heading(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated, *, with_identifiers: bool) -> list[str]:
    lines = []
    synthetic = connection.execute("select is_synthetic from staging.stg_landing__build_context").fetchone()
    if synthetic and synthetic[0]:
        lines.append("SYNTHETIC: the person and the record are invented.")
    if not with_identifiers:
        lines.append("Names and numbers are left out; dates may still tell who it is: keep it inside the office.")
        return [*lines, f"Conviction {evaluated.place}"]
    person = read_person(connection, evaluated)
    return [
        *lines,
        "THIS HOLDS IDENTIFIERS, as asked: keep it inside the office.",
        f"Conviction {evaluated.place}, key {evaluated.conviction_key}",
        f"Person: {person.name or 'no name'}; CII {person.cii_number or 'none'}; "
        f"SUBJECT_ID {evaluated.subject_id or 'none'}; born {person.birth_date or 'on an unknown day'}",
        f"Court case {evaluated.case_number or 'none'}; CNT_ORDER {evaluated.cnt_order or 'none'}",
    ]


def _history(
    connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated, record: Record, policies: list[str]
) -> list[str]:
    """The person's other convictions and events, where a rule of these policies looks beyond the conviction."""
    measures = connection.execute(
        "select distinct measure from ("
        "select policy_id, measure from reference.policy_conditions "
        f"union all select policy_id, measure from {raw_of_last_build(connection)}.added_policy_conditions) "
        "where policy_id in "
        "(select unnest(?))",
        [policies],
    ).fetchall()
    if all(measure.startswith(OWN_MEASURES) for (measure,) in measures):
        return ["No rule asked looks at another conviction of the person."]
    of = None if record.conviction.is_date_impossible else record.conviction.conviction_date
    asked = {measure.rpartition("__")[2] for (measure,) in measures}
    others = [history_line(_with_lists(other, asked), of) for other in record.others]
    count = "No other conviction" if not others else f"{len(others)} other conviction" + "s" * (len(others) > 1)
    lines = [f"{count} of the person on record, of any county" + (":" if others else "."), *others]
    if "statutory" in asked:
        lines += unreadable_lines(record.others)
    events = [event_line(event) for event in record.events]
    return [*lines, *(["Registrations and deaths:", *events] if events else ["No registration and no death."])]


def _with_lists(conviction: Conviction, asked: set[str]) -> Conviction:
    """The conviction with those marks that some rule asks about: the lists of 2019, or the statute's."""
    lists = (
        entry for entry in conviction.lists if ("cmr_2019" if entry[0].startswith("cmr_2019") else "statutory") in asked
    )
    return replace(conviction, lists=tuple(lists))


def _other_numbers(record: Record) -> list[str]:
    numbers = sorted({other.case_number for other in record.others if other.case_number})
    return [f"Court cases of the others: {', '.join(numbers)}."] if numbers else []
