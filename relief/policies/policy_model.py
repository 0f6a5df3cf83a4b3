"""The model of a policy's document: its keys and values, and the check that evaluation can reach every rule."""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from relief.document_model import Part, one_of, short, wrong, wrong_at, wrong_beside, wrong_value
from relief.policies import document
from relief.policies.document import Condition, Policy, Rule

LARGEST_THRESHOLD = 99_999_999  # a day as YYYYMMDD
ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
RULE_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
MISSING, EMPTY = "is missing; add it", "is empty; fill it in"


def _one_line(value: str) -> str:
    value = value.strip()
    if not value.isprintable():
        raise wrong_value("has a line break or a control character; write it on one line")
    return value


def _given(value: str) -> str:
    if not value:
        raise wrong_value(EMPTY)
    return value


MayBeEmpty = Annotated[str, AfterValidator(_one_line)]
Given = Annotated[MayBeEmpty, AfterValidator(_given)]
IfAsked = Annotated[MayBeEmpty | None, Field(validate_default=True)]  # None if the key is missing


class ConditionDocument(Part):
    """One comparison. `citation` is required if a missing fact is presumed."""

    noun: ClassVar[str] = "a condition"
    measure: Given
    operator: Annotated[Given, one_of(document.OPERATORS)]
    threshold: Given
    if_unknown: Annotated[Given, one_of(document.IF_UNKNOWN)] = "review"
    citation: IfAsked = None

    @field_validator("measure")
    @classmethod
    def _is_asked_of_the_scope(cls, measure: str, info: ValidationInfo) -> str:
        context = info.context or {}
        scope = context.get("scope")
        if context.get("is_saved"):  # a stored policy was valid with earlier seeds
            return measure
        if measure not in _units():
            raise wrong(f"measure {short(measure)} is not known; docs/methodology/determinations.md lists the measures")
        if scope in document.SCOPES and (measure in _of_the_statute()) != (scope == "statute"):
            other = "only of offense_scope statute" if scope != "statute" else "never of offense_scope statute"
            raise wrong(f"measure {measure} is asked {other}; choose another measure or scope")
        return measure

    @field_validator("threshold")
    @classmethod
    def _is_a_number_of_the_measure(cls, threshold: str, info: ValidationInfo) -> str:
        unit = _units().get(info.data.get("measure", ""))
        try:
            number = float(threshold.replace("_", "x"))
        except ValueError:
            raise wrong_value(f"{short(threshold)} is not a number; write digits, without unit or comma") from None
        if math.isnan(number) or abs(number) > LARGEST_THRESHOLD:
            raise wrong_value("is out of range; it may be from 0 to 99999999")
        if number < 0:
            raise wrong_value("is below 0; write a number from 0")
        if unit == "yes or no" and (number not in {0.0, 1.0} or info.data.get("operator", "=") != "="):
            raise wrong("a yes-or-no measure is asked with operator = and threshold 1 (yes) or 0 (no)")
        if unit == "YYYYMMDD" and not _is_day(number):
            raise wrong_value("is not a calendar date; write it as YYYYMMDD")
        return threshold

    @field_validator("citation")
    @classmethod
    def _of_a_presumption(cls, citation: str | None, info: ValidationInfo) -> str:
        return _asked(citation, info.data.get("if_unknown") in {"presume_met", "presume_not_met"})

    def read(self) -> Condition:
        """Return the condition for evaluation."""
        return Condition(self.measure, self.operator, float(self.threshold), self.if_unknown, self.citation or "")


class RuleDocument(Part):
    """One rule. A legal ground is required if the rule grants relief."""

    noun: ClassVar[str] = "a rule"
    rule: Given
    conditions: tuple[ConditionDocument, ...] = ()
    determination: Annotated[MayBeEmpty, one_of(("", *document.DETERMINATIONS))]
    reason: IfAsked = None
    citation: Given
    legal_ground: IfAsked = None

    @field_validator("rule")
    @classmethod
    def _is_an_id(cls, rule: str) -> str:
        if not RULE_ID.fullmatch(rule):
            raise wrong("rule: use lower-case letters, digits and _")
        return rule

    @field_validator("conditions")
    @classmethod
    def _each_is_asked_once(cls, conditions: tuple[ConditionDocument, ...]) -> tuple[ConditionDocument, ...]:
        read = [condition.read() for condition in conditions]
        wrong_at(
            ("the same condition is twice in this rule; keep one", (number,))
            for number, condition in enumerate(read)
            if condition in read[:number]
        )
        return conditions

    @field_validator("reason")
    @classmethod
    def _of_a_determination(cls, reason: str | None, info: ValidationInfo) -> str:
        return _asked(reason, bool(info.data.get("determination")))

    @field_validator("legal_ground")
    @classmethod
    def _of_a_grant(cls, ground: str | None, info: ValidationInfo) -> str:
        determination = info.data.get("determination")
        is_grant = determination is not None and determination.startswith("Eligible")
        if ground and determination is not None and not is_grant:
            raise wrong(f"legal_ground: a rule that says {determination} grants nothing; leave it out")
        if ground and ground not in document.LEGAL_GROUNDS:
            raise wrong_value(f"{short(ground)} is none of: {', '.join(document.LEGAL_GROUNDS)}")
        return _asked(ground, is_grant)

    def read(self) -> Rule:
        """Return the rule for evaluation."""
        return Rule(
            self.rule,
            self.determination,
            self.reason or "",
            self.citation,
            self.legal_ground or "",
            tuple(condition.read() for condition in self.conditions),
        )


class PolicyDocument(Part):
    """The whole document. The pydantic context has `scope`, as written, and `is_saved`, true for a stored document."""

    noun: ClassVar[str] = "the policy"
    policy: Given
    title: Given
    version: Given
    copied_from: MayBeEmpty = ""
    county: MayBeEmpty = ""
    offense_scope: Annotated[Given, one_of(document.SCOPES)]
    published_as: Given
    source: Given
    evaluates_sources: tuple[Annotated[Given, one_of(document.SOURCES)], ...]
    overdue_records: Annotated[Given, one_of(document.OVERDUE_RECORDS)] = document.OVERDUE_RECORDS[0]
    unknown_plants: Annotated[Given, one_of(document.UNKNOWN_PLANTS)] = document.UNKNOWN_PLANTS[0]
    rules: tuple[RuleDocument, ...]

    @field_validator("policy")
    @classmethod
    def _is_an_id_of_its_own(cls, policy: str, info: ValidationInfo) -> str:
        if not ID.fullmatch(policy):
            raise wrong("policy: use lower-case letters, digits and _, starting with a letter, at most 64")
        if not (info.context or {}).get("is_saved") and document.shipped(policy):
            raise wrong(f"policy {policy} comes with the warehouse and is frozen; choose another id")
        if policy.endswith("__draft"):
            raise wrong("policy: an id that ends in __draft is the warehouse's own; choose another id")
        return policy

    @field_validator("evaluates_sources")
    @classmethod
    def _names_one(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        if not sources:
            raise wrong_value(f"is empty; name some of: {', '.join(document.SOURCES)}")
        return sources

    @field_validator("rules", mode="wrap")
    @classmethod
    def _walk_ends(
        cls, value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> tuple[RuleDocument, ...]:
        try:
            rules: tuple[RuleDocument, ...] = handler(value)
        except ValidationError as error:
            if not isinstance(value, list):
                raise
            read = [_read_alone(entry, info) for entry in value]
            wrong_beside(error, ((text, (number,)) for number, text in _order(read)))
        if not rules:
            raise wrong("there is no rule; write at least a last one without conditions, for all other convictions")
        wrong_at((text, (number,)) for number, text in _order([rule.read() for rule in rules]))
        return rules

    def read(self) -> Policy:
        """Return the policy for storage."""
        return Policy(
            policy_id=self.policy,
            title=self.title,
            version=self.version,
            county=self.county.upper(),
            offense_scope=self.offense_scope,
            evaluates_sources=tuple(dict.fromkeys(self.evaluates_sources)),
            published_as=self.published_as,
            source=self.source,
            variant_of=self.copied_from,
            rules=tuple(rule.read() for rule in self.rules),
            overdue_records=self.overdue_records,
            unknown_plants=self.unknown_plants,
        )


def _read_alone(entry: object, info: ValidationInfo) -> Rule | None:
    """Read one rule of a list that has mistakes. Return None if this rule has one."""
    try:
        return RuleDocument.model_validate(entry, context=info.context).read()
    except ValidationError:
        return None


def _asked(value: str | None, is_asked: bool) -> str:
    """Return the text. Refuse a missing or empty text where one is required."""
    if is_asked and not value:
        raise wrong_value(MISSING if value is None else EMPTY)
    return value or ""


def _is_day(number: float) -> bool:
    try:
        datetime.strptime(f"{number:.0f}", "%Y%m%d")
    except ValueError:
        return False
    return number == int(number)


def _order(rules: Sequence[Rule | None]) -> Iterator[tuple[int, str]]:
    """Yield the number of each rule that is never reached or leaves convictions undecided, with the reason.

    A rule with a mistake of its own (None) is skipped.
    """
    seen: dict[frozenset[tuple[str, str, float, str]], str] = {}
    ids: set[str] = set()
    for number, rule in enumerate(rules):
        if rule is None:
            continue
        name, count = rule.rule_id, len(rule.conditions)
        is_last = number == len(rules) - 1
        if name in ids:
            yield number, f"rule {name} is there twice; give one another name"
        ids.add(name)
        if not count and not is_last:
            yield number, f"rule {name} has no conditions, so no rule behind it is ever reached; move it to the end"
        if count and is_last:
            yield (
                number,
                "the last rule must have no conditions: it says what is answered where no other rule is met",
            )
        asked = frozenset((c.measure, c.operator, c.threshold, c.if_unknown) for c in rule.conditions)
        if asked and asked in seen:
            yield number, f"rule {name} asks the same as rule {seen[asked]} and never decides; change or remove it"
        seen.setdefault(asked, name)


@cache
def _units() -> dict[str, str]:
    """The unit of each measure."""
    return {row["measure"]: row["unit"] for row in document.seed_rows("law/relief_measures.csv")}


@cache
def _of_the_statute() -> set[str]:
    """The measures that exist only for convictions covered by the statute's scope."""
    scopes = {row["policy_id"]: row["offense_scope"] for row in document.seed_rows("policies/policies.csv")}
    return {
        row["measure"]
        for row in document.seed_rows("policies/policy_conditions.csv")
        if scopes[row["policy_id"]] == "statute"
    }
