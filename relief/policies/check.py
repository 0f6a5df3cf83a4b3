"""`relief policy check`: reads the document of a policy and says everything that is wrong with it, line by line."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import yaml

from relief.errors import ReliefError
from relief.policies import document
from relief.policies.document import Condition, Policy, Rule

MAX_BYTES = 256_000
MAX_CONDITIONS = 30  # of one rule: models/intermediate/policies/int_policies__criteria.sql packs them into one number
LARGEST_THRESHOLD = 99_999_999  # a day as YYYYMMDD
SHORT = 40
ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
RULE_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
TEXTS = ("policy", "title", "version", "copied_from", "county", "offense_scope", "published_as", "source")
MAY_BE_EMPTY = ("copied_from", "county")
KEYS = (*TEXTS, "evaluates_sources", "overdue_records", "rules")
RULE_KEYS = ("rule", "conditions", "determination", "reason", "citation", "legal_ground")
CONDITION_KEYS = ("measure", "operator", "threshold", "if_unknown", "citation")


@dataclass(frozen=True)
class Problem:
    """What is wrong at a line of the file, and what to do."""

    line: int
    text: str


@dataclass
class _Reader:
    """Collects problems while nodes are read; a node that is wrong reads as an empty text."""

    problems: list[Problem] = field(default_factory=list)
    is_saved: bool = False  # a document that the warehouse keeps fitted the seeds of its time

    def wrong(self, node: yaml.Node, text: str) -> None:
        self.problems.append(Problem(node.start_mark.line + 1, text))

    def mapping(self, node: yaml.Node, keys: tuple[str, ...], what: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what} is not a list of keys with values: write {keys[0]}: ..., one key a line")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in keys:
                self.wrong(key, f"{what} has no key {_short(name)}; it may have {', '.join(keys)}")
            elif name in found:
                self.wrong(key, f"{name} stands twice in {what}; keep one")
            else:
                found[name] = value
        return found

    def text(self, node: yaml.Node | None, where: yaml.Node, name: str, *, needed: bool = True) -> str:
        if node is None:
            if needed:
                self.wrong(where, f"{name} is missing; add it")
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, f"{name} is not a text; write it on one line")
            return ""
        value = "" if node.tag == "tag:yaml.org,2002:null" else str(node.value).strip()
        if needed and not value:
            self.wrong(node, f"{name} is empty; fill it in")
        if "\n" in value or not value.isprintable():
            self.wrong(node, f"{name} has a line break or a control character; write it on one line")
        return value

    def choice(self, node: yaml.Node | None, where: yaml.Node, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(node, where, name)
        if value and value not in choices:
            self.wrong(node or where, f"{name} {_short(value)} is none of: {', '.join(choices)}")
        return value

    def items(self, node: yaml.Node | None, where: yaml.Node, name: str) -> list[yaml.Node]:
        if node is None:
            self.wrong(where, f"{name} is missing; add it")
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{name} is not a list; begin each entry with a dash")
            return []
        return list(node.value)


def read_policy(path: Path) -> tuple[Policy | None, list[Problem]]:
    """The policy of a file, or None with everything that is wrong with it.

    Raises ReliefError when there is no such file, or it is too large or no text.
    """
    try:
        if not path.is_file():
            raise ReliefError(f"{path}: no such file; relief policy copy FROM TO writes one")
        if path.stat().st_size > MAX_BYTES:
            raise ReliefError(f"{path}: larger than {MAX_BYTES:,} bytes; a policy is a short text")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ReliefError(f"{path}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ReliefError(f"{path}: cannot be read: {error.strerror}") from None
    return read_text(text)


def read_text(text: str, *, is_saved: bool = False) -> tuple[Policy | None, list[Problem]]:
    """The policy of a document, or None with everything that is wrong with it.

    One that the warehouse keeps (`is_saved`) is not set against the seeds of now.
    """
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                line = token.start_mark.line + 1
                return None, [
                    Problem(line, "an anchor, alias or tag (&, *, !) has no place here; write the text in quotes")
                ]
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Problem(mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}")]
    except yaml.YAMLError:
        return None, [Problem(1, "not YAML: it holds a character that no text may have")]
    except RecursionError:
        return None, [Problem(1, "not a policy: nested too deeply")]
    if node is None:
        return None, [Problem(1, "the file is empty; relief policy copy FROM TO writes one")]
    reader = _Reader(is_saved=is_saved)
    policy = _policy(reader, node)
    problems = sorted(reader.problems, key=lambda problem: problem.line)
    return (None if problems else policy), problems


def _policy(reader: _Reader, node: yaml.Node) -> Policy:
    keys = reader.mapping(node, KEYS, "the policy")
    if not keys:
        return Policy("", "", "", "", "", (), "", "", "", ())
    texts = {name: reader.text(keys.get(name), node, name, needed=name not in MAY_BE_EMPTY) for name in TEXTS}
    if texts["policy"] and not ID.fullmatch(texts["policy"]):
        reader.wrong(keys["policy"], "policy: use lower-case letters, digits and _, starting with a letter, at most 64")
    elif texts["policy"] and not reader.is_saved and document.shipped(texts["policy"]):
        reader.wrong(
            keys["policy"], f"policy {texts['policy']} comes with the warehouse and is frozen; choose another id"
        )
    elif texts["policy"].endswith("__draft"):
        reader.wrong(keys["policy"], "policy: an id that ends in __draft is the warehouse's own; choose another id")
    if texts["offense_scope"] and texts["offense_scope"] not in document.SCOPES:
        reader.wrong(keys["offense_scope"], f"offense_scope is none of: {', '.join(document.SCOPES)}")
    sources = [
        reader.choice(entry, entry, "evaluates_sources", document.SOURCES)
        for entry in reader.items(keys.get("evaluates_sources"), node, "evaluates_sources")
    ]
    if "evaluates_sources" in keys and not sources:
        reader.wrong(
            keys["evaluates_sources"], f"evaluates_sources is empty; name some of: {', '.join(document.SOURCES)}"
        )
    overdue_records = (
        reader.choice(keys["overdue_records"], node, "overdue_records", document.OVERDUE_RECORDS)
        if "overdue_records" in keys
        else document.OVERDUE_RECORDS[0]
    )
    nodes = reader.items(keys.get("rules"), node, "rules")
    rules = [_rule(reader, entry, texts["offense_scope"]) for entry in nodes]
    _order(reader, keys.get("rules", node), nodes, rules)
    return Policy(
        policy_id=texts["policy"],
        title=texts["title"],
        version=texts["version"],
        county=texts["county"].upper(),
        offense_scope=texts["offense_scope"],
        evaluates_sources=tuple(dict.fromkeys(sources)),
        published_as=texts["published_as"],
        source=texts["source"],
        variant_of=texts["copied_from"],
        rules=tuple(rules),
        overdue_records=overdue_records,
    )


def _rule(reader: _Reader, node: yaml.Node, scope: str) -> Rule:
    keys = reader.mapping(node, RULE_KEYS, "a rule")
    rule_id = reader.text(keys.get("rule"), node, "rule")
    if rule_id and not RULE_ID.fullmatch(rule_id):
        reader.wrong(keys["rule"], "rule: use lower-case letters, digits and _")
    determination = reader.text(keys.get("determination"), node, "determination", needed="determination" not in keys)
    if determination and determination not in document.DETERMINATIONS:
        reader.wrong(keys["determination"], f"determination is none of: {', '.join(document.DETERMINATIONS)}")
    ground = reader.text(keys.get("legal_ground"), node, "legal_ground", needed=determination.startswith("Eligible"))
    if ground and not determination.startswith("Eligible"):
        reader.wrong(
            keys["legal_ground"], f"legal_ground: a rule that says {determination} grants nothing; leave it out"
        )
    elif ground and ground not in document.LEGAL_GROUNDS:
        reader.wrong(keys["legal_ground"], f"legal_ground is none of: {', '.join(document.LEGAL_GROUNDS)}")
    nodes = reader.items(keys["conditions"], node, "conditions") if "conditions" in keys else []
    conditions = [_condition(reader, entry, scope) for entry in nodes]
    for number, condition in enumerate(conditions):
        if condition in conditions[:number]:
            reader.wrong(nodes[number], "the same condition stands twice in this rule; keep one")
    return Rule(
        rule_id,
        determination,
        reader.text(keys.get("reason"), node, "reason", needed=bool(determination)),
        reader.text(keys.get("citation"), node, "citation"),
        ground,
        tuple(conditions),
    )


def _condition(reader: _Reader, node: yaml.Node, scope: str) -> Condition:
    keys = reader.mapping(node, CONDITION_KEYS, "a condition")
    measure = reader.text(keys.get("measure"), node, "measure")
    units = {row["measure"]: row["unit"] for row in document.seed_rows("law/relief_measures.csv")}
    if reader.is_saved:
        pass
    elif measure and measure not in units:
        reader.wrong(
            keys["measure"],
            f"measure {_short(measure)} is not known; docs/methodology/determinations.md lists the measures",
        )
    elif measure and (measure in _of_the_statute()) != (scope == "statute") and scope in document.SCOPES:
        other = "only of offense_scope statute" if scope != "statute" else "never of offense_scope statute"
        reader.wrong(keys["measure"], f"measure {measure} is asked {other}; choose another measure or scope")
    operator = reader.choice(keys.get("operator"), node, "operator", document.OPERATORS)
    threshold = _threshold(reader, keys.get("threshold"), node, operator, units.get(measure, ""))
    if_unknown = (
        reader.choice(keys["if_unknown"], node, "if_unknown", document.IF_UNKNOWN) if "if_unknown" in keys else "review"
    )
    citation = reader.text(
        keys.get("citation"), node, "citation", needed=if_unknown in {"presume_met", "presume_not_met"}
    )
    return Condition(measure, operator, threshold, if_unknown, citation)


def _threshold(reader: _Reader, node: yaml.Node | None, where: yaml.Node, operator: str, unit: str) -> float:
    value = reader.text(node, where, "threshold")
    try:
        number = float(value.replace("_", "x")) if value else 0.0
    except ValueError:
        reader.wrong(node or where, f"threshold {_short(value)} is not a number; write digits, without unit or comma")
        return 0.0
    if math.isnan(number) or abs(number) > LARGEST_THRESHOLD:
        reader.wrong(node or where, "threshold is out of range; it may be from 0 to 99999999")
    elif number < 0:
        reader.wrong(node or where, "threshold is below 0; write a number from 0")
    elif unit == "yes or no" and value and (number not in {0.0, 1.0} or operator != "="):
        reader.wrong(node or where, "a yes-or-no measure is asked with operator = and threshold 1 (yes) or 0 (no)")
    elif unit == "YYYYMMDD" and value and not _is_day(number):
        reader.wrong(node or where, "threshold is no calendar date; write it as YYYYMMDD")
    return number


def _is_day(number: float) -> bool:
    try:
        datetime.strptime(f"{number:.0f}", "%Y%m%d")
    except ValueError:
        return False
    return number == int(number)


def _order(reader: _Reader, where: yaml.Node, nodes: list[yaml.Node], rules: list[Rule]) -> None:
    """Every rule can be reached, and the walk always ends."""
    if not rules:
        reader.wrong(where, "there is no rule; the last one has no conditions and says what else is answered")
        return
    seen: dict[frozenset[tuple[str, str, float, str]], str] = {}
    ids: set[str] = set()
    for number, (node, rule) in enumerate(zip(nodes, rules, strict=True)):
        if rule.rule_id and rule.rule_id in ids:
            reader.wrong(node, f"rule {rule.rule_id} stands twice; give one another name")
        ids.add(rule.rule_id)
        is_last = number == len(rules) - 1
        if not rule.conditions and not is_last:
            reader.wrong(
                node, f"rule {rule.rule_id} has no conditions, so no rule behind it is ever reached; move it to the end"
            )
        if is_last and rule.conditions:
            reader.wrong(
                node, "the last rule must have no conditions: it says what is answered where no other rule is met"
            )
        if len(rule.conditions) > MAX_CONDITIONS:
            reader.wrong(
                node,
                f"rule {rule.rule_id} has {len(rule.conditions)} conditions, and a rule has at most {MAX_CONDITIONS}; "
                "split it",
            )
        asked = frozenset((c.measure, c.operator, c.threshold, c.if_unknown) for c in rule.conditions)
        if asked and asked in seen:
            reader.wrong(
                node, f"rule {rule.rule_id} asks the same as rule {seen[asked]} and never decides; change or remove it"
            )
        seen.setdefault(asked, rule.rule_id)


def _of_the_statute() -> set[str]:
    """Measures that are made for convictions of the statute only."""
    scopes = {row["policy_id"]: row["offense_scope"] for row in document.seed_rows("policies/policies.csv")}
    return {
        row["measure"]
        for row in document.seed_rows("policies/policy_conditions.csv")
        if scopes[row["policy_id"]] == "statute"
    }


def _short(value: str) -> str:
    """A value of the file as a message shows it."""
    return repr(value if len(value) <= SHORT else value[: SHORT - 3] + "...")


def lines_of(path: Path, problems: list[Problem]) -> Iterator[str]:
    """One line a problem: file, line, what and what to do."""
    for problem in problems:
        yield f"{path}:{problem.line}: {problem.text}"
