"""Read an options file of the older tool (Clear My Record 0.2.13) as a policy, with rules and conditions as rows.

The rules, their order and their reasons come from Clear My Record's configurable flow (MIT), as described in
docs/methodology/policies.md. An option that is missing is off.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, Strict, model_validator

from relief.document_model import Part, model_of, says, wrong_at
from relief.documents import read_json
from relief.errors import ReliefError

MAX_BYTES = 1_000_000
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
    """One rule. It is met if all its conditions are met, so a rule without conditions is always met."""

    rule_id: str
    determination: str
    reason: str
    conditions: tuple[Condition, ...] = field(default=())


def _within(low: int, high: int) -> AfterValidator:
    def check(years: int) -> int:
        if years and not low <= years <= high:
            raise ValueError
        return years

    return AfterValidator(check)


def _off(default: object) -> BeforeValidator:
    """Use the default of an option whose value is null."""
    return BeforeValidator(lambda value: default if value is None else value)


Section = Literal["11357", "11358", "11359", "11360"]
SECTIONS = get_args(Section)
Sections = Annotated[
    tuple[Section, ...],
    AfterValidator(lambda sections: tuple(dict.fromkeys(sections))),
    _off(()),
    says(f"must be a list of sections out of {', '.join(SECTIONS)}"),
]
Flag = Annotated[bool, Strict(), _off(False), says("must be true or false")]
Age = Annotated[int, Strict(), _within(40, 65), _off(0), says("must be 0 (off) or a whole number from 40 to 65")]
Years = Annotated[int, Strict(), _within(1, 15), _off(0), says("must be 0 (off) or a whole number from 1 to 15")]


class Baseline(Part):
    """The sections for which all convictions are dismissed, or all are reduced, in the order of the file."""

    noun: ClassVar[str] = "baselineEligibility"
    form: ClassVar[str] = "an object"
    dismiss: Sections = ()
    reduce: Sections = ()


class Additional(Part):
    """The options for further relief. Thresholds are in years; 0 turns an option off."""

    noun: ClassVar[str] = "additionalRelief"
    form: ClassVar[str] = "an object"
    under_21_at_conviction: Annotated[Flag, Field(alias="subjectUnder21AtConviction")] = False
    age: Annotated[Age, Field(alias="subjectAgeThreshold")] = 0
    years_since_conviction: Annotated[Years, Field(alias="yearsSinceConvictionThreshold")] = 0
    years_crime_free: Annotated[Years, Field(alias="yearsCrimeFreeThreshold")] = 0
    only_prop_64: Annotated[Flag, Field(alias="subjectHasOnlyProp64Charges")] = False
    deceased: Annotated[Flag, Field(alias="subjectIsDeceased")] = False


class Options(Part):
    """The options file."""

    noun: ClassVar[str] = "the options file"
    form: ClassVar[str] = "a JSON object"
    baseline: Annotated[Baseline, Field(alias="baselineEligibility"), _off({})] = Baseline()
    additional: Annotated[Additional, Field(alias="additionalRelief"), _off({})] = Additional()

    @model_validator(mode="after")
    def _leaves_each_section_in_one(self) -> Self:
        dismissed = self.baseline.dismiss
        wrong_at(
            (
                f"section {section} is in both dismiss and reduce; leave it in one",
                ("baselineEligibility", "reduce", n),
            )
            for n, section in enumerate(self.baseline.reduce)
            if section in dismissed
        )
        return self


def read_options(path: Path) -> Options:
    """Read and check an options file. Raises ReliefError with the line, the option and its allowed values."""
    try:
        if path.exists() and not path.is_dir() and not path.is_file():
            raise ReliefError(f"options file {path}: is not an ordinary file; name a JSON file")
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
    return model_of(document, Options)


def rules_of(options: Options) -> list[Rule]:
    """Convert the options to ordered rules. The last rule is always met, and its determination and reason are blank."""
    baseline, additional = options.baseline, options.additional
    rules = [
        Rule("not_a_felony", DISMISSAL, "Misdemeanor or Infraction", (Condition("is_felony", "=", 0),)),
    ]
    rules += [
        Rule(f"dismiss_{s}", DISMISSAL, f"Dismiss all HS {s} convictions", (Condition(f"names_{s}", "=", 1),))
        for s in baseline.dismiss
    ]
    if additional.under_21_at_conviction:
        condition = Condition("age_at_conviction_years", "<", 21)
        rules.append(Rule("under_21_at_conviction", DISMISSAL, "21 years or younger", (condition,)))
    if additional.age:
        condition = Condition("age_at_evaluation_years", ">=", additional.age)
        rules.append(Rule("age", DISMISSAL, f"{additional.age} years or older", (condition,)))
    if additional.years_since_conviction:
        years = additional.years_since_conviction
        condition = Condition("years_since_conviction", ">=", years)
        rules.append(
            Rule("years_since_conviction", DISMISSAL, f"Conviction occurred {years} or more years ago", (condition,))
        )
    if additional.years_crime_free:
        years = additional.years_crime_free
        condition = Condition("years_since_day_after_latest_conviction", ">=", years)
        rules.append(Rule("years_crime_free", DISMISSAL, f"No convictions in the past {years} years", (condition,)))
    if additional.only_prop_64:
        condition = Condition("has_only_prop_64_convictions", "=", 1)
        rules.append(Rule("only_prop_64", DISMISSAL, "Only has 11357-60 charges", (condition,)))
    if additional.deceased:
        rules.append(Rule("deceased", DISMISSAL, "Individual is deceased", (Condition("is_deceased", "=", 1),)))
    rules += [
        Rule(f"reduce_{s}", REDUCTION, f"Reduce all HS {s} convictions", (Condition(f"names_{s}", "=", 1),))
        for s in baseline.reduce
    ]
    rules.append(Rule("otherwise", "", ""))
    return rules
