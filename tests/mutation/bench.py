"""Where mutants are judged: the unit tests and the copies of the homes, in one process."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from tests.mutation.equivalent import asks_the_same
from tests.mutation.mutant import Mutant
from tests.mutation.oracles import ORACLES, Oracle, corpus_failure, lists_failure, macros_failure, seed_name
from tests.mutation.project import Project, read_seed, sql_files
from tests.mutation.seed_mutants import LISTS, SEEDS, rows_of
from tests.mutation.unit import SHARED, UnitTests
from tests.mutation.warehouse import Warehouse

# What reads the text of a charge.
CHARGE_TEXTS = {
    *(
        f"models/intermediate/charges/int_charges__{name}.sql"
        for name in ("words", "citations", "read", "parsed", "named")
    ),
    "models/intermediate/offenses/int_offenses__eras.sql",
    "models/intermediate/offenses/int_offenses__meanings.sql",
    "macros/charges.sql",
    "macros/statutes.sql",
}
# Data tests that hold the copies of a policy to it. They say nothing about the policy itself, since an edit of all of
# them passes: its own mutants are killed by another test.
HELD_TO_THE_ORIGINAL = {
    "the_overdue_variant_keeps_the_office_policy",
    "variants_keep_the_pilot_rules",
    "variants_of_the_statute_differ_in_one_rule",
}
KILLED, SURVIVED, SAME, BROKEN = "killed", "survived", "asks the same", "does not run"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, and by which test."""

    status: str
    by: str = ""


class Bench:
    """Everything built once; each mutant is put in, judged and taken out again."""

    def __init__(self, homes: dict[str, Path]) -> None:
        self.warehouses = {
            oracle.name: Warehouse.of(homes[oracle.name], oracle.variables, frozenset(oracle.reads))
            for oracle in ORACLES
            if oracle.name in homes
        }
        self.first = next(iter(self.warehouses.values()))
        self.project = self.first.project
        self.types = self.first.types()
        self.units = UnitTests(self.project, self.types)
        self.compiled = {name: self.project.sql(name) for name in self.project.order}
        self.light = _light(self.project)
        self.kills: Counter[str] = Counter()
        seeds = {seed_name(path) for path in SEEDS}
        mutated = {name for path in sql_files() for name in self.project.affected(path)}
        mutated |= {name for name, parents in self.project.parents.items() if parents & seeds}
        self.wanted = {
            oracle.name: _behind(self.project, oracle.reads) | (mutated if number == 0 else set())
            for number, oracle in enumerate(ORACLES)
        }

    def faults(self) -> list[str]:
        """What fails without any mutant: then nothing can be judged."""
        found = []
        for oracle, warehouse in self._oracles():
            if (failure := oracle.failure(warehouse)) is not None:
                found.append(failure)
            project = warehouse.project
            found += [
                f"{oracle.name}: {name} is compiled otherwise than by dbt"
                for name in project.order
                if project.sql(name).split() != project.models[name]["compiled_code"].split()
            ]
        return found + [name for name in self.units.tests if self._unit_failure(self.project, name) is not None]

    def judge(self, mutant: Mutant) -> Verdict:
        """Killed by the first test that fails, or survived."""
        if asks_the_same(mutant):
            return Verdict(SAME)
        return self._judge_seed(mutant) if mutant.text is None else self._judge_sql(mutant)

    def _oracles(self) -> list[tuple[Oracle, Warehouse]]:
        return [(oracle, self.warehouses[oracle.name]) for oracle in ORACLES if oracle.name in self.warehouses]

    def _unit_failure(self, project: Project, name: str, sql: str | None = None) -> str | None:
        try:
            return self.units.failure(project, name, sql)
        except duckdb.Error as error:
            return type(error).__name__

    # SQL -------------------------------------------------------------------------------------------------------------
    def _judge_sql(self, mutant: Mutant) -> Verdict:
        mutated = self.project.with_text(mutant.path, mutant.text or "")
        other = {name: mutated.sql(name) for name in mutated.affected(mutant.path)}
        other = {name: sql for name, sql in other.items() if sql != self.compiled[name]}
        for sql in other.values():
            try:
                self.first.connection.execute(f"explain {sql}")
            except duckdb.Error:
                return Verdict(BROKEN)
        if mutant.path.startswith("macros/") and (failure := macros_failure(mutant.path, mutant.text or "")):
            return Verdict(KILLED, failure)
        for model, sql in other.items():
            # Those that have killed most come first.
            for name in sorted(self.units.by_model.get(model, []), key=lambda name: -self.kills[name]):
                if self._unit_failure(mutated, name, sql) is not None:
                    self.kills[name] += 1
                    return Verdict(KILLED, f"unit test {name}")
        for oracle, warehouse in self._oracles():
            changed: dict[str, str | None] = dict(other)
            if "var(" in (mutant.text or ""):  # each home has a county and a day of its own
                project = warehouse.project.with_text(mutant.path, mutant.text or "")
                changed = {name: project.sql(name) for name in other}
            if verdict := self._ask(oracle, warehouse, changed):
                return verdict
        if mutant.path in CHARGE_TEXTS and (failure := corpus_failure(mutant.path, mutant.text or "")):
            return Verdict(KILLED, failure)
        return Verdict(SURVIVED)

    # Seeds -----------------------------------------------------------------------------------------------------------
    def _judge_seed(self, mutant: Mutant) -> Verdict:
        seed, rows = seed_name(mutant.path), rows_of(mutant)
        oracle, warehouse = self._oracles()[0]
        is_original = mutant.path.startswith("seeds/policies/") and mutant.place.split(".")[0] in _originals()
        without = HELD_TO_THE_ORIGINAL if is_original else set()
        if not is_original and (verdict := self._ask(oracle, warehouse, {seed: None}, rows, light=True)):
            return verdict
        if failed := self._unit_tests_of_seed(seed, rows, mutant.place):
            return Verdict(KILLED, f"unit test {failed}")
        if mutant.path == LISTS and (failure := lists_failure(rows)):
            return Verdict(KILLED, failure)
        for oracle, warehouse in self._oracles():
            if verdict := self._ask(oracle, warehouse, {seed: None}, rows, without=without):
                return verdict
        return Verdict(SURVIVED)

    def _unit_tests_of_seed(self, seed: str, rows: list[dict[str, str]], place: str) -> str | None:
        """The tests that read the seed as it is, that of the same rule first."""
        names = self.units.by_seed.get(seed, [])
        if not names:
            return None
        words = place.split(".")
        names = sorted(names, key=lambda name: name != "__".join(words[:2]))
        self.units.connection.begin()
        try:
            self.units.fill(SHARED, seed, rows)
            return next((name for name in names if self._unit_failure(self.project, name)), None)
        finally:
            self.units.connection.rollback()

    # Whole files -----------------------------------------------------------------------------------------------------
    def _ask(
        self,
        oracle: Oracle,
        warehouse: Warehouse,
        changed: dict[str, str | None],
        rows: list[dict[str, str]] | None = None,
        *,
        light: bool = False,
        without: Collection[str] = (),
    ) -> Verdict | None:
        """Build what changes, run its data tests and the tests that read it, and take everything back."""
        wanted = self.light if light else self.wanted[oracle.name]
        warehouse.connection.begin()
        try:
            if rows is not None:
                (seed,) = changed
                warehouse.replace_seed(seed, rows, self.types[seed])
            different = warehouse.recompute(changed, wanted)
            if failing := warehouse.failing_data_tests(different, wanted, without):
                return Verdict(KILLED, f"data test {failing}")
            read = different & (set(oracle.reads) | _all_behind(self.project, oracle.reads))
            if not light and read and (failure := oracle.failure(warehouse)):
                return Verdict(KILLED, failure)
        except duckdb.Error as error:
            return Verdict(KILLED, f"build of {oracle.name}: {type(error).__name__}")
        finally:
            warehouse.connection.rollback()
        return None


def _behind(project: Project, models: tuple[str, ...]) -> set[str]:
    """The models that these are made of, and themselves."""
    return {name for name in _all_behind(project, models) if name in project.models}


def _all_behind(project: Project, names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    open_names = list(names)
    while open_names:
        name = open_names.pop()
        if name not in found:
            found.add(name)
            open_names += project.parents.get(name, set())
    return found


@cache
def _originals() -> set[str]:
    """The policies that are no variant of another one."""
    return {row["policy_id"] for row in read_seed("seeds/policies/policies.csv") if not row["variant_of"]}


def _light(project: Project) -> set[str]:
    """Models that are made of seeds and of the policies that people add: quick to build."""
    found = {name for name in project.order if name.startswith("stg_landing__added_polic")}
    for name in project.order:
        parents = project.parents[name]
        if parents and parents <= found | project.seeds.keys():
            found.add(name)
    return found
