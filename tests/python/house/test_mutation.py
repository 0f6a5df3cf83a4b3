"""The mutation run of tests/mutation: what it changes, how it judges a few mutants, and what explains the others."""

import importlib
import inspect

import pytest

from relief.home import Home
from tests.mutation.bench import BROKEN, KILLED, SAME, Bench
from tests.mutation.mutant import Mutant
from tests.mutation.oracles import ORACLES, Oracle
from tests.mutation.run import all_mutants, explanations
from tests.mutation.sql_mutants import mutants_of

SQL = """{# a > b #}
with days as (

    select coalesce({{ ref('x') }}.day, 1) as day from t -- a > b
    where a >= 3 and b between c and d or e in ('f', 'g>h')

)
"""
CHANGES = [
    ("coalesce({{ ref('x') }}.day, 1)", ", 1 -> (nothing)"),
    ("coalesce({{ ref('x') }}.day, 1)", "1 -> 0"),
    ("where a >= 3", ">= -> >"),
    ("where a >= 3", "3 -> 4"),
    ("where a >= 3", "3 -> 2"),
    ("where a >= 3", "and -> or"),
    ("where a >= 3", "b between c and d -> b > c and b <= d"),
    ("where a >= 3", "b between c and d -> b >= c and b < d"),
    ("where a >= 3", "or -> and"),
    ("where a >= 3", "in -> not in"),
    ("where a >= 3", "'f', -> (nothing)"),
    ("where a >= 3", ", 'g>h' -> (nothing)"),
]


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return all_mutants()


def test_sql_is_changed_at_every_place_and_nowhere_else() -> None:
    found = [(mutant.code, f"{mutant.was} -> {mutant.becomes}") for mutant in mutants_of("models/a/x.sql", SQL)]
    assert len(found) == len(CHANGES)
    missing = [change for start, change in CHANGES if not any(start in code and change == c for code, c in found)]
    assert missing == []


def test_every_mutant_has_a_name_of_its_own(mutants: list[Mutant]) -> None:
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert {mutant.kind.split()[0] for mutant in mutants} >= {"SQL", "condition", "rule", "statute", "list"}


def test_every_explanation_names_a_mutant_and_says_why(mutants: list[Mutant]) -> None:
    explained = explanations()
    assert sorted(set(explained) - {mutant.name for mutant in mutants}) == []
    assert [name for name, reason in explained.items() if len(reason.split()) < 5] == []


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_an_oracle_builds_its_home_from_a_folder_alone(oracle: Oracle) -> None:
    """Each builder is a fixture that needs only `tmp_path_factory`; anything else would stop the whole run."""
    module, name = oracle.builder.split(":")
    function = getattr(importlib.import_module(module), name)
    assert list(inspect.signature(inspect.unwrap(function)).parameters) == ["tmp_path_factory"]


@pytest.fixture(scope="module")
def bench(los_angeles: Home) -> Bench:
    return Bench({"los_angeles": los_angeles.path})


def test_nothing_fails_without_a_mutant(bench: Bench) -> None:
    assert bench.faults() == []


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("la_pilot_2019.after_prop_64.1 | threshold | 20161109 -> 20161108", KILLED),
        ("la_pilot_2019.not_a_felony.1 | operator | = -> <=", SAME),
        ("statutory_11361_8.after_prop_64.1 | operator | >= -> >", KILLED),
        ("statutory_11361_8_more_plants | unknown_plants | more_than_six -> six_or_fewer", KILLED),
        ("macros/criteria.sql | surely_holds | when '>=' then {{ lowest }} >= {{ threshold }} | >= -> >", KILLED),
        ("int_policies__criteria.sql | answered | when bool_or(is_surely_not_met or", KILLED),
    ],
)
def test_a_few_are_judged(bench: Bench, mutants: list[Mutant], name: str, status: str) -> None:
    chosen = [mutant for mutant in mutants if name in str(mutant)]
    assert chosen
    assert {bench.judge(mutant).status for mutant in chosen} - {BROKEN} == {status}
