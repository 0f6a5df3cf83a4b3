"""A policy as a YAML document that a lawyer can read and edit: one rule after another, each with its source."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from relief.home import PROJECT_DIR

SCOPES = ("prop_64", "prop_64_published", "prop_64_and_predecessors", "prop_64_and_related", "statute")
SOURCES = ("ca_doj", "la_court")
OPERATORS = ("=", "<", "<=", ">", ">=")
OVERDUE_RECORDS = ("counted", "left_out")
UNKNOWN_PLANTS = ("six_or_fewer", "more_than_six")
IF_UNKNOWN = ("review", "presume_met", "presume_not_met")
DETERMINATIONS = (
    "Eligible for Dismissal",
    "Eligible for Dismissal and Sealing",
    "Eligible for Redesignation",
    "Eligible for Reduction",
    "Eligible for Resentencing",
    "Not eligible",
    "Hand Review",
    "To be reviewed by City Attorneys",
)
LEGAL_GROUNDS = (
    "H&S 11361.8 legal invalidity",
    "H&S 11361.8 redesignation",
    "H&S 11361.8 resentencing",
    "PC 1385",
    "office policy",
)


@dataclass(frozen=True)
class Condition:
    """One comparison of a measure with a number. `citation` is empty where the rule's citation applies."""

    measure: str
    operator: str
    threshold: float
    if_unknown: str = "review"
    citation: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule. It is met if all its conditions are met, so a rule without conditions is always met."""

    rule_id: str
    determination: str
    reason: str
    citation: str
    legal_ground: str = ""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Policy:
    """An ordered set of rules. `variant_of` is the policy that it was copied from, or empty.

    `overdue_records`: whether records that should have been destroyed (H&S 11361.5) count in a person's record.
    `unknown_plants`: the number of plants that a rule presumes if the number is unknown (H&S 11358).
    """

    policy_id: str
    title: str
    version: str
    county: str
    offense_scope: str
    evaluates_sources: tuple[str, ...]
    published_as: str
    source: str
    variant_of: str
    rules: tuple[Rule, ...]
    overdue_records: str = "counted"
    unknown_plants: str = "six_or_fewer"


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed, with every value as text."""
    with (PROJECT_DIR / "seeds" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def shipped(policy_id: str) -> Policy | None:
    """A policy of seeds/policies, or None if there is no shipped policy with that id."""
    row = next((row for row in seed_rows("policies/policies.csv") if row["policy_id"] == policy_id), None)
    if row is None:
        return None
    conditions: dict[str, list[dict[str, str]]] = {}
    for condition in seed_rows("policies/policy_conditions.csv"):
        if condition["policy_id"] == policy_id:
            conditions.setdefault(condition["rule_id"], []).append(condition)
    rules = sorted(
        (rule for rule in seed_rows("policies/policy_rules.csv") if rule["policy_id"] == policy_id),
        key=lambda rule: int(rule["step"]),
    )
    return Policy(
        policy_id=policy_id,
        title=row["title"],
        version=row["version"],
        county=row["county"],
        offense_scope=row["offense_scope"],
        evaluates_sources=tuple(row["evaluates_sources"].split(";")),
        published_as=row["published_as"],
        source=row["source"],
        variant_of=row["variant_of"],
        rules=tuple(
            Rule(
                rule["rule_id"],
                rule["determination"],
                rule["reason"],
                rule["citation"],
                rule["legal_ground"],
                tuple(_condition(row, rule["citation"]) for row in conditions.get(rule["rule_id"], ())),
            )
            for rule in rules
        ),
        overdue_records=row["overdue_records"],
        unknown_plants=row["unknown_plants"],
    )


def copy_of(policy: Policy, policy_id: str, version: str) -> Policy:
    """The same rules with a new id and version, and a title that marks the policy as a copy."""
    return replace(
        policy, policy_id=policy_id, title=f"Copy of {policy.title}", version=version, variant_of=policy.policy_id
    )


def to_yaml(policy: Policy) -> str:
    """The document of a policy, with a comment at each condition that explains its measure."""
    titles = {row["measure"]: f"{row['title']}, {row['unit']}" for row in seed_rows("law/relief_measures.csv")}
    lines = [
        "# A policy. The first rule that is surely met decides, in this order; one without conditions is always met.",
        "# if_unknown says what a missing fact does: review (the default), presume_met or presume_not_met;",
        f"# a presumption names its source. Check the file with: relief policy check {policy.policy_id}.yml",
        "",
        f"policy: {_text(policy.policy_id)}",
        f"title: {_text(policy.title)}",
        f"version: {_text(policy.version)}",
        f"copied_from: {_text(policy.variant_of)}",
        f"county: {_text(policy.county)}",
        f"offense_scope: {_text(policy.offense_scope)}",
        f"evaluates_sources: [{', '.join(policy.evaluates_sources)}]",
        f"published_as: {_text(policy.published_as)}",
        f"source: {_text(policy.source)}",
        f"overdue_records: {policy.overdue_records}",
        f"unknown_plants: {policy.unknown_plants}",
        "",
        "rules:",
    ]
    for rule in policy.rules:
        lines.append(f"  - rule: {_text(rule.rule_id)}")
        if rule.conditions:
            lines.append("    conditions:")
        for condition in rule.conditions:
            lines.append(f"      - measure: {condition.measure}  # {titles.get(condition.measure, 'not known')}")
            lines.append(f"        operator: {_text(condition.operator)}")
            threshold = condition.threshold
            lines.append(f"        threshold: {int(threshold) if threshold == int(threshold) else threshold}")
            if condition.if_unknown != "review" or condition.citation:
                lines.append(f"        if_unknown: {condition.if_unknown}")
            if condition.citation:
                lines.append(f"        citation: {_text(condition.citation)}")
        lines.append(f"    determination: {_text(rule.determination)}")
        lines.append(f"    reason: {_text(rule.reason)}")
        lines.append(f"    citation: {_text(rule.citation)}")
        if rule.legal_ground:
            lines.append(f"    legal_ground: {_text(rule.legal_ground)}")
    return "\n".join(lines) + "\n"


def known_policy_file(folder: Path, policy_id: str) -> Path:
    """The default file of a policy's document."""
    return folder / f"{policy_id}.yml"


def _condition(row: dict[str, str], rule_citation: str) -> Condition:
    # A presumption always has its own citation, even if it is the same as the rule's citation.
    is_the_rules = row["citation"] == rule_citation and row["if_unknown"] == "review"
    citation = "" if is_the_rules else row["citation"]
    return Condition(row["measure"], row["operator"], float(row["threshold"]), row["if_unknown"], citation)


def _text(value: str) -> str:
    """Write a text for YAML on one line, in quotes where YAML would not read it as the same text."""
    return (
        yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6).removesuffix("\n...\n").strip()
    )
