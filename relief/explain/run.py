"""Run `relief explain`: find the conviction, read its history, and print the explanation of each policy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from relief.building.as_known import as_known_at
from relief.errors import ReliefError
from relief.explain.dispositions import disposition_lines
from relief.explain.find import Evaluated, find_conviction
from relief.explain.record import (
    has_impossible_birth_date,
    read_conviction,
    read_destruction,
    read_meaning,
    read_other_cases,
    read_person,
    read_sentence_end,
)
from relief.explain.words import conviction_words, destruction_line, meaning_line, sentence_end_line
from relief.export.built import check_built
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

MARTS = {"fct_convictions", "fct_relief_explanations"}
IMPOSSIBLE_BIRTH_DATE = (
    "The birth date on record cannot be true. Every policy treats it as unknown, except the published rules, "
    "which use it as it is."
)
CLOSING = "This determination changes no record: only a court's signed order does."


@dataclass(frozen=True)
class Explanation:
    """A row of fct_relief_explanations: the determination of one policy and the history, in words."""

    policy_id: str
    rules_in_order: str
    explanation: str
    history: str
    looks_at_history: bool
    evaluated_as_of_date: date
    file_as_of_date: date


def explain(
    home: Home,
    key: str,
    policies: list[str],
    *,
    with_identifiers: bool,
    report: Callable[[str], None],
    all_rules: bool = False,
) -> None:
    """Print how policies determine one conviction, and why. By default, all policies that evaluate it are printed.

    Each policy's determination and its basis come first, then the record and the history. With `all_rules`, an appendix
    of every rule follows. Identifiers are printed only `with_identifiers`. Raises ReliefError when nothing is built, a
    build is running, a policy is not in the build or does not evaluate the conviction, or no conviction has the key.
    """
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, MARTS, *policies)
        evaluated = find_conviction(connection, key)
        explanations = _explanations(connection, evaluated, policies)
        for line in _heading(connection, evaluated, with_identifiers=with_identifiers):
            report(line)
        for explanation in explanations:
            report("")
            for line in explanation.explanation.split("\n"):
                if not line.startswith(("SYNTHETIC: ", "Evaluated as of ")) and line != CLOSING:
                    report(line)
        report("")
        report("What the record contains:")
        # A vacated or reversed conviction has no rows in the models of convictions, so only its end is reported.
        for line in (
            [evaluated.ended]
            if evaluated.ended
            else _record_lines(connection, evaluated, explanations, with_identifiers=with_identifiers)
        ):
            report(line)
    for explanation in explanations if all_rules else []:
        report("")
        report(f"Appendix. Every rule of {explanation.policy_id}, in order:")
        for line in explanation.rules_in_order.split("\n"):
            report(f"  {line}")
    report("")
    report(CLOSING)


def _record_lines(
    connection: "duckdb.DuckDBPyConnection",
    evaluated: Evaluated,
    explanations: list[Explanation],
    *,
    with_identifiers: bool,
) -> list[str]:
    """The lines about the conviction, the statute's view of it, its dates, its outcome and the person's history."""
    lines = conviction_words(read_conviction(connection, evaluated), with_sentence=evaluated.source == "ca_doj")
    lines += disposition_lines(connection, evaluated)
    meaning = read_meaning(connection, evaluated)
    if meaning:
        lines.append(meaning_line(meaning))
    first = explanations[0]
    end = read_sentence_end(connection, evaluated)
    if end:
        lines.append(sentence_end_line(end, first.evaluated_as_of_date))
    lines.append(destruction_line(read_destruction(connection, evaluated), with_identifiers=with_identifiers))
    lines.append(f"Day of evaluation: {first.evaluated_as_of_date}. The file is as of {first.file_as_of_date}.")
    known = as_known_at(connection)
    if known:
        lines.append(
            f"As known at {known:%Y-%m-%d %H:%M:%S} UTC: the last build shows an earlier state, not the present one."
        )
    if has_impossible_birth_date(connection, evaluated):
        lines.append(IMPOSSIBLE_BIRTH_DATE)
    lines += next((one for one in explanations if one.looks_at_history), first).history.split("\n")
    others = read_other_cases(connection, evaluated) if with_identifiers else []
    return [*lines, f"Court cases of the others: {', '.join(others)}."] if others else lines


def _explanations(
    connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated, policies: list[str]
) -> list[Explanation]:
    rows = connection.execute(
        "select policy_id, rules_in_order, explanation, history, looks_at_history, evaluated_as_of_date, "
        "file_as_of_date from marts.fct_relief_explanations where conviction_key = ? order by policy_id",
        [evaluated.conviction_key],
    ).fetchall()
    by_policy = {row[0]: Explanation(*row) for row in rows}
    missing = [policy_id for policy_id in policies if policy_id not in by_policy]
    if missing or not by_policy:
        raise ReliefError(
            f"policy {', '.join(missing) or 'of the last build'} does not evaluate this conviction; "
            f"these do: {', '.join(sorted(by_policy)) or 'none'}{'. ' if evaluated.ended else ''}{evaluated.ended}"
        )
    return [by_policy[policy_id] for policy_id in dict.fromkeys(policies)] if policies else list(by_policy.values())


def _heading(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated, *, with_identifiers: bool) -> list[str]:
    lines = []
    synthetic = connection.execute("select is_synthetic from staging.stg_landing__build_context").fetchone()
    if synthetic and synthetic[0]:
        lines.append("SYNTHETIC: the person and the record are invented.")
    if not with_identifiers:
        lines.append("Names and numbers are left out; dates may still identify the person: keep it inside the office.")
        return [*lines, f"Conviction {evaluated.place}"]
    person = read_person(connection, evaluated)
    return [
        *lines,
        "THIS CONTAINS IDENTIFIERS, as requested: keep it inside the office.",
        f"Conviction {evaluated.place}, key {evaluated.conviction_key}",
        f"Person: {person.name or 'no name'}; CII {person.cii_number or 'none'}; "
        f"SUBJECT_ID {evaluated.subject_id or 'none'}; born {person.birth_date or 'on an unknown day'}",
        f"Court case {evaluated.case_number or 'none'}; CNT_ORDER {evaluated.cnt_order or 'none'}",
    ]
