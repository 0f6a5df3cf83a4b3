"""`relief policy try` gives the same answer for each conviction as adding the policy and building."""

import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing.catalog import renew_views_of_a_copy
from relief.policies import document, store, trial
from relief.policies.compare import compare_policies
from relief.policies.document import Condition, Policy, Rule, copy_of, shipped, to_yaml
from relief.policies.life import check_policy, keep_drafts, policies_folder
from relief.policies.policy_model import _of_the_statute
from tests import direct_build
from tests.mutation.project import Project
from tests.python.support.built_inputs import keep_inputs
from tests.python.support.command import relief
from tests.python.support.warehouse import CMR, quiet

VARIABLES = {"county": "LOS ANGELES", "evaluated_as_of": ""}
ANSWERS = "select * from {} where policy_id = ? order by all"
COUNTS = "select * from {} where from_policy_id = ? and to_policy_id = ? order by all"
BUILT_ANSWERS, BUILT_COUNTS = "intermediate.int_policies__determinations", "reporting.rpt_policy_comparison"
AGAINST = "la_pilot_2019"
OPTIONS = CMR / "configurable/eligibility_options.json"
DRAWN = 42
SEED = 20260101


@dataclass(frozen=True)
class Tried:
    """A policy, and the answers of its trial before anybody added the policy."""

    policy: Policy
    answers: list[tuple[object, ...]]
    counts: list[tuple[object, ...]]


def written() -> list[Policy]:
    """Policies like those that people write."""
    pilot, statute, office = (shipped(key) for key in (AGAINST, "statutory_11361_8", "la_office_2020_no_felony"))
    assert pilot and statute and office
    forty = [
        [replace(c, threshold=40 if c.threshold == 50 else c.threshold) for c in r.conditions] for r in pilot.rules
    ]
    presumed = [[replace(c, if_unknown="presume_met", citation="PC 1385") for c in r.conditions] for r in pilot.rules]
    return [
        replace(copy_of(pilot, "from_forty", "1"), rules=_asking(pilot, forty)),
        replace(copy_of(pilot, "presumed", "1"), rules=_asking(pilot, presumed)),
        replace(copy_of(pilot, "wider", "1"), offense_scope="prop_64_and_related"),
        replace(copy_of(pilot, "without_overdue", "1"), overdue_records="left_out"),
        replace(copy_of(statute, "statute_of_court", "1"), evaluates_sources=("la_court",)),
        replace(copy_of(statute, "more_plants", "1"), unknown_plants="more_than_six"),
        replace(copy_of(office, "office_backwards", "1"), rules=(*reversed(office.rules[:-1]), office.rules[-1])),
        replace(copy_of(pilot, "nothing_asked", "1"), rules=pilot.rules[-1:]),
    ]


def _asking(policy: Policy, conditions: list[list[Condition]]) -> tuple[Rule, ...]:
    return tuple(replace(rule, conditions=tuple(asked)) for rule, asked in zip(policy.rules, conditions, strict=True))


def drawn(number: int) -> Policy:
    """A random policy of up to eight rules and a last rule."""
    chance = random.Random(f"{SEED} {number}")  # noqa: S311  (repeatable on purpose, and not for security)
    scope = chance.choice(document.SCOPES)
    policy = shipped("la_pilot_2019")
    assert policy
    ids = range(1, chance.randint(2, 9))
    rules = {frozenset(rule.conditions): rule for rule in (_rule(chance, f"rule_{i}", scope) for i in ids)}
    return replace(
        copy_of(policy, f"drawn_{number}", "1"),
        offense_scope=scope,
        evaluates_sources=tuple(chance.sample(document.SOURCES, chance.randint(1, 2))),
        overdue_records=chance.choice(document.OVERDUE_RECORDS),
        unknown_plants=chance.choice(document.UNKNOWN_PLANTS),
        rules=(*rules.values(), replace(_rule(chance, "otherwise", scope), conditions=())),
    )


def _rule(chance: random.Random, rule_id: str, scope: str) -> Rule:
    determination = chance.choice(document.DETERMINATIONS)
    ground = chance.choice(document.LEGAL_GROUNDS) if determination.startswith("Eligible") else ""
    asked = [_condition(chance, measure) for measure in chance.sample(_measures(scope), chance.choice((1, 1, 2, 3)))]
    return Rule(rule_id, determination, f"Reason of {rule_id}", "PC 1385", ground, tuple(asked))


def _measures(scope: str) -> list[str]:
    """The measures that a policy of this scope may use, in the order of the seed."""
    measures = [row["measure"] for row in document.seed_rows("law/relief_measures.csv")]
    return [measure for measure in measures if (measure in _of_the_statute()) == (scope == "statute")]


def _condition(chance: random.Random, measure: str) -> Condition:
    unit = {row["measure"]: row["unit"] for row in document.seed_rows("law/relief_measures.csv")}[measure]
    operator = chance.choice(document.OPERATORS)
    threshold = float(chance.choice((0, 1, 2, 3, 5, 7, 10, 15, 18, 21, 30, 40, 50, 60.5)))
    if unit == "yes or no":
        operator, threshold = "=", float(chance.randint(0, 1))
    elif unit == "YYYYMMDD":
        threshold = float(chance.choice((19730101, 19961106, 20050615, 20110101, 20161109, 20180301)))
    elif unit == "section number":
        threshold = float(chance.choice((11357, 11358, 11359, 11360)))
    if_unknown = chance.choice(("review", "review", "presume_met", "presume_not_met"))
    return Condition(measure, operator, threshold, if_unknown, "" if if_unknown == "review" else "PC 1385")


def copied(home: Home, folder: Path) -> Home:
    """A copy of the data folder, which a test may change."""
    copy = Home(folder / "home")
    shutil.copytree(home.path, copy.path, ignore=shutil.ignore_patterns("target", "logs", "synthetic", "releases"))
    renew_views_of_a_copy(copy)
    return copy


def tried(home: Home, policy: Policy) -> Tried:
    """The trial's answers under a policy, computed from the tables as they are."""
    with open_warehouse(home, read_only=True) as connection:
        trial.evaluate(connection, policy)
        trial.compare(connection, AGAINST)
        answers = connection.execute(ANSWERS.format(trial.DETERMINATIONS), [policy.policy_id]).fetchall()
        counts = connection.execute(COUNTS.format(trial.COMPARISON), [AGAINST, policy.policy_id]).fetchall()
    return Tried(policy, answers, counts)


def build_policies(home: Home) -> None:
    """Build all models that read the added policies, up to the trial's answers, in dbt's order but without dbt."""
    project = Project(direct_build._manifest(), VARIABLES)
    read: set[str] = set()
    for name in reversed(project.order):
        if name == "rpt_policy_comparison" or name in read:
            read |= {name} | project.parents[name]
    changed: set[str] = set()
    for name in project.order:
        if name.startswith("stg_landing__added_") or project.parents[name] & changed:
            changed.add(name)
    with open_warehouse(home) as connection:
        for name in project.order:
            if name in read & changed:
                direct_build._build_model(connection, project, name)


def document_of(policy: Policy, folder: Path) -> Path:
    file = folder / f"{policy.policy_id}.yml"
    file.write_text(to_yaml(policy), encoding="utf-8")
    return file


def said_by(home: Home, file: Path, against: str | None = None) -> list[str]:
    said: list[str] = []
    trial.try_policy(home, file, against, said.append)
    return said


@pytest.mark.parametrize("number", [3, pytest.param(DRAWN, marks=pytest.mark.full)])  # fifty policies take two minutes
def test_a_trial_answers_what_adding_and_building_answers(
    ran: tuple[Home, list[str]], tmp_path: Path, number: int
) -> None:
    home = copied(ran[0], tmp_path)
    before = [tried(home, policy) for policy in (*written(), *map(drawn, range(number)))]
    before.append(tried(home, replace(trial.read_file(OPTIONS), policy_id="of_options")))
    said = said_by(home, document_of(written()[0], tmp_path))

    store.add_from_cmr_options(home, "of_options", OPTIONS)
    policies_folder(home).mkdir()
    for this in before[:-1]:
        document_of(this.policy, policies_folder(home))
    with open_warehouse(home) as connection:
        left_out: list[str] = []
        keep_drafts(connection, home, left_out.append)
    assert left_out == []
    build_policies(home)

    with open_warehouse(home, read_only=True) as connection:
        for this in before:
            built, counted = ANSWERS.format(BUILT_ANSWERS), COUNTS.format(BUILT_COUNTS)
            policy_id = this.policy.policy_id
            assert this.answers == connection.execute(built, [policy_id]).fetchall(), policy_id
            assert this.counts == connection.execute(counted, [AGAINST, policy_id]).fetchall(), policy_id
    assert sum(bool(this.answers) for this in before) > number
    assert sum(any(row[4] for row in this.answers) for this in before) > number / 2
    if number == DRAWN:
        assert len({row[2] for this in before for row in this.answers}) == len(document.DETERMINATIONS)

    keep_inputs(home.warehouse)
    compared: list[str] = []
    compare_policies(home, AGAINST, before[0].policy.policy_id, compared.append)
    assert said[1:] == compared
    assert " was tried on the tables of build " in said[0]


def test_a_draft_is_tried_against_itself_and_against_no_other_that_changed(
    ran: tuple[Home, list[str]], tmp_path: Path
) -> None:
    home = copied(ran[0], tmp_path)
    policies_folder(home).mkdir()
    first, second = (document_of(policy, policies_folder(home)) for policy in written()[:2])
    with open_warehouse(home) as connection:
        keep_drafts(connection, home, quiet)
    build_policies(home)
    keep_inputs(home.warehouse)
    for file in (first, second):
        file.write_text(file.read_text(encoding="utf-8").replace("threshold: 40", "threshold: 30"), encoding="utf-8")
    second.write_text(second.read_text(encoding="utf-8").replace("threshold: 50", "threshold: 45"), encoding="utf-8")

    said = said_by(home, first, "from_forty")
    assert any(line.startswith("From from_forty to from_forty__tried, ") for line in said)
    assert any(line.startswith("relieved by from_forty__tried alone: ") for line in said)
    # The answers do not depend on the policy's name, under which the build has an earlier version.
    renamed = document_of(replace(check_policy(first), policy_id="renamed"), tmp_path)
    assert said_by(home, first)[2:] == [line.replace("renamed", "from_forty") for line in said_by(home, renamed)[2:]]
    with pytest.raises(ReliefError, match="policy presumed was changed after build"):
        said_by(home, first, "presumed")


def test_without_another_policy_it_is_set_against_its_origin_or_the_countys(
    ran: tuple[Home, list[str]], tmp_path: Path
) -> None:
    copy = document_of(written()[4], tmp_path)
    assert any(line.startswith("From statutory_11361_8 to statute_of_court, ") for line in said_by(ran[0], copy))
    own = document_of(replace(written()[4], variant_of=""), tmp_path)
    assert any(line.startswith("From la_pilot_2019 to statute_of_court, ") for line in said_by(ran[0], own))
    assert trial.policy_of_county("LOS ANGELES") == "la_pilot_2019"
    assert trial.policy_of_county("SACRAMENTO") == trial.policy_of_county(None) == "statutory_11361_8"


BROKEN_BUILDS = {
    "nothing built": ("drop view reporting.rpt_policy_comparison", "nothing is built yet"),
    "failed": ("update meta.builds set status = 'failed'", "failed and is not published or exported"),
    "running": ("update meta.builds set status = 'running'", "has not finished"),
    "stale": ("update raw.deliveries set as_of_date = '2000-01-01'", "after build"),
    "empty": (
        "delete from intermediate.int_policies__evaluated_convictions; delete from intermediate.int_policies__walks",
        "neither evaluates a conviction",
    ),
}


@pytest.mark.parametrize("case", BROKEN_BUILDS)
def test_a_build_that_cannot_answer_is_refused_in_one_line(
    case: str, ran: tuple[Home, list[str]], tmp_path: Path
) -> None:
    change, reason = BROKEN_BUILDS[case]
    home = copied(ran[0], tmp_path)
    with open_warehouse(home) as connection:
        connection.execute(change)
    with pytest.raises(ReliefError, match=reason):
        said_by(home, document_of(written()[0], tmp_path))


def test_what_is_wrong_is_one_line(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    good, bad, options = document_of(written()[0], tmp_path), tmp_path / "bad.yml", tmp_path / "bad.json"
    bad.write_text(good.read_text(encoding="utf-8").replace("operator: '='", "operator: is"), encoding="utf-8")
    options.write_text('{"baselineEligibility": {"dismiss": ["11361"]}}', encoding="utf-8")
    with pytest.raises(ReliefError) as checked:
        check_policy(bad)
    refusals = {
        (bad, None): str(checked.value),
        (tmp_path / "none.yml", None): "no such file",
        (options, None): "must be a list of sections",
        (good, "nothing"): "policy nothing is not in the last build",
    }
    for (file, against), reason in refusals.items():
        with pytest.raises(ReliefError) as refused:
            said_by(ran[0], file, against)
        assert reason in str(refused.value)
    empty = Home(tmp_path / "empty").create()
    with pytest.raises(ReliefError, match="there is no warehouse in"):
        said_by(empty, good)
    result = relief(empty.path, "policy", "try", str(bad))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"relief: {checked.value}\n"
