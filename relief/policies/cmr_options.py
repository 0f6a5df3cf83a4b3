"""An options file of the older tool (Clear My Record 0.2.13) read as a policy: rules and conditions as rows.

Source of the rules, their order and their reasons: Clear My Record's configurable flow (MIT), as described in
docs/methodology/policies.md. A missing option is off.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from relief.documents import read_json
from relief.errors import ReliefError

SECTIONS = ("11357", "11358", "11359", "11360")
MAX_BYTES = 1_000_000
AGE_RANGE = (40, 65)
YEARS_RANGE = (1, 15)
CITATION = "Clear My Record 0.2.13, configurable flow"

DISMISSAL = "Eligible for Dismissal"
REDUCTION = "Eligible for Reduction"


@dataclass(frozen=True)
class Condition:
    """One comparison of a measure (seeds/law/relief_measures.csv) with a number."""

    measure: str
    operator: str
    threshold: float


@dataclass(frozen=True)
class Rule:
    """One rule; its conditions are ANDed, none means always met."""

    rule_id: str
    determination: str
    reason: str
    conditions: tuple[Condition, ...] = field(default=())


@dataclass(frozen=True)
class Options:
    """The options file, checked: sections in the file's order, thresholds in years or 0 for off."""

    dismiss: tuple[str, ...]
    reduce: tuple[str, ...]
    under_21_at_conviction: bool
    age: int
    years_since_conviction: int
    years_crime_free: int
    only_prop_64: bool
    deceased: bool


def read_options(path: Path) -> Options:
    """Read and check an options file. Raises ReliefError naming the option and what it may be."""
    try:
        if path.exists() and not path.is_dir() and not path.is_file():
            raise ReliefError(f"options file {path}: is no ordinary file; name a JSON file")
        if path.stat().st_size > MAX_BYTES:
            raise ReliefError(f"options file {path}: larger than {MAX_BYTES:,} bytes; name an options file")
        document = read_json(f"options file {path}", path.read_text(encoding="utf-8-sig"))
    except RecursionError:
        raise ReliefError(f"options file {path}: nested too deeply; name an options file") from None
    except FileNotFoundError:
        raise ReliefError(f"options file {path}: not found; name a JSON file of the older tool") from None
    except IsADirectoryError:
        raise ReliefError(f"options file {path}: is a folder; name a JSON file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ReliefError(
            f"options file {path}: cannot be read ({type(error).__name__}); name a readable JSON file"
        ) from None
    except json.JSONDecodeError as error:
        raise ReliefError(
            f"options file {path}: not JSON at line {error.lineno}, column {error.colno}; mend it"
        ) from None
    if not isinstance(document, dict):
        raise ReliefError(f"options file {path}: must be a JSON object with baselineEligibility and additionalRelief")
    _only_keys(path, "", document, ("baselineEligibility", "additionalRelief"))
    baseline = _section(path, document, "baselineEligibility")
    additional = _section(path, document, "additionalRelief")
    _only_keys(path, "baselineEligibility.", baseline, ("dismiss", "reduce"))
    _only_keys(
        path,
        "additionalRelief.",
        additional,
        (
            "subjectUnder21AtConviction",
            "subjectAgeThreshold",
            "yearsSinceConvictionThreshold",
            "yearsCrimeFreeThreshold",
            "subjectHasOnlyProp64Charges",
            "subjectIsDeceased",
        ),
    )
    options = Options(
        dismiss=_sections(path, baseline, "dismiss"),
        reduce=_sections(path, baseline, "reduce"),
        under_21_at_conviction=_flag(path, additional, "subjectUnder21AtConviction"),
        age=_years(path, additional, "subjectAgeThreshold", AGE_RANGE),
        years_since_conviction=_years(path, additional, "yearsSinceConvictionThreshold", YEARS_RANGE),
        years_crime_free=_years(path, additional, "yearsCrimeFreeThreshold", YEARS_RANGE),
        only_prop_64=_flag(path, additional, "subjectHasOnlyProp64Charges"),
        deceased=_flag(path, additional, "subjectIsDeceased"),
    )
    both = set(options.dismiss) & set(options.reduce)
    if both:
        raise ReliefError(
            f"options file {path}: section {min(both)} stands in both dismiss and reduce; leave it in one"
        )
    return options


def rules_of(options: Options) -> list[Rule]:
    """The options as ordered rules, the last of them always met (blank determination and reason)."""
    rules = [
        Rule("not_a_felony", DISMISSAL, "Misdemeanor or Infraction", (Condition("is_felony", "=", 0),)),
    ]
    rules += [
        Rule(f"dismiss_{s}", DISMISSAL, f"Dismiss all HS {s} convictions", (Condition(f"names_{s}", "=", 1),))
        for s in options.dismiss
    ]
    if options.under_21_at_conviction:
        condition = Condition("age_at_conviction_years", "<", 21)
        rules.append(Rule("under_21_at_conviction", DISMISSAL, "21 years or younger", (condition,)))
    if options.age:
        condition = Condition("age_at_evaluation_years", ">=", options.age)
        rules.append(Rule("age", DISMISSAL, f"{options.age} years or older", (condition,)))
    if options.years_since_conviction:
        years = options.years_since_conviction
        condition = Condition("years_since_conviction", ">=", years)
        rules.append(
            Rule("years_since_conviction", DISMISSAL, f"Conviction occurred {years} or more years ago", (condition,))
        )
    if options.years_crime_free:
        years = options.years_crime_free
        condition = Condition("years_since_day_after_latest_conviction", ">=", years)
        rules.append(Rule("years_crime_free", DISMISSAL, f"No convictions in the past {years} years", (condition,)))
    if options.only_prop_64:
        condition = Condition("has_only_prop_64_convictions", "=", 1)
        rules.append(Rule("only_prop_64", DISMISSAL, "Only has 11357-60 charges", (condition,)))
    if options.deceased:
        rules.append(Rule("deceased", DISMISSAL, "Individual is deceased", (Condition("is_deceased", "=", 1),)))
    rules += [
        Rule(f"reduce_{s}", REDUCTION, f"Reduce all HS {s} convictions", (Condition(f"names_{s}", "=", 1),))
        for s in options.reduce
    ]
    rules.append(Rule("otherwise", "", ""))
    return rules


def _only_keys(path: Path, prefix: str, document: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = sorted(set(document) - set(allowed))
    if unknown:
        known = ", ".join(prefix + name for name in allowed)
        raise ReliefError(f"options file {path}: unknown option {prefix}{unknown[0]}; known are {known}")


def _section(path: Path, document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ReliefError(f"options file {path}: {name} must be an object")
    return value


def _sections(path: Path, baseline: dict[str, Any], name: str) -> tuple[str, ...]:
    value = baseline.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item in SECTIONS for item in value):
        raise ReliefError(
            f"options file {path}: baselineEligibility.{name} must be a list of sections out of {', '.join(SECTIONS)}"
        )
    return tuple(dict.fromkeys(value))


def _flag(path: Path, additional: dict[str, Any], name: str) -> bool:
    value = additional.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise ReliefError(f"options file {path}: additionalRelief.{name} must be true or false")
    return value


def _years(path: Path, additional: dict[str, Any], name: str, allowed: tuple[int, int]) -> int:
    value = additional.get(name)
    if value is None:
        return 0
    low, high = allowed
    if isinstance(value, bool) or not isinstance(value, int) or (value != 0 and not low <= value <= high):
        raise ReliefError(
            f"options file {path}: additionalRelief.{name} must be 0 (off) or a whole number from {low} to {high}"
        )
    return value
