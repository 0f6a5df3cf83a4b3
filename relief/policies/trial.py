"""`relief policy try`: what a policy would change, by the tables of the last build. Nothing is added, nothing is built.

The models that evaluate every policy of a build are rendered here for this one policy, so that the rules of the walk
have one text and a trial answers what a build would.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relief.building.last_build import last_build
from relief.export.built import check_built
from relief.home import Home, open_warehouse
from relief.policies import store
from relief.policies.compare import print_comparison
from relief.policies.document import Policy, seed_rows
from relief.policies.life import check_policy
from relief.policies.store import Version
from relief.sql_text import load_macros, macro_texts, model_text, sql_environment

if TYPE_CHECKING:
    import duckdb

STATUTE = "statutory_11361_8"
OPTIONS_ID = "options_file"
TRIED_SUFFIX = "__tried"
DETERMINATIONS = "temp.int_policies__determinations"
COMPARISON = "temp.rpt_policy_comparison"
_WALK = ("int_policies__rules", "int_policies__scope", "int_policies__criteria", "int_policies__determinations")
_SEEDS = ("policies", "policy_rules", "policy_conditions")
_SCHEMAS = {"stg": "staging", "int": "intermediate", "dim": "marts", "fct": "marts", "rpt": "reporting"}


def try_policy(home: Home, file: Path, against: str | None, report: Callable[[str], None]) -> None:
    """Print what the policy of a file would relieve and another one does not, and the reverse, by the rules of both.

    `against`: the other policy, of the last build; without it the one that the file is a copy of, else the county's.
    Raises ReliefError when the file is wrong, or the build cannot answer.
    """
    policy = read_file(file)
    with open_warehouse(home, read_only=True) as connection:
        build = last_build(connection)
        other = against or policy.variant_of or policy_of_county(build.county if build else None)
        # What stands in the folder of policies under the id of the file is the file itself, edited since the build.
        own = {policy.policy_id, policy.policy_id + store.DRAFT_SUFFIX}
        build = check_built(connection, home, {"rpt_policy_comparison"}, other, policies={other} - own)
        if other == policy.policy_id:
            policy = replace(policy, policy_id=policy.policy_id + TRIED_SUFFIX)
        evaluate(connection, policy)
        _compare(connection, other)
        report(f"{file} was tried on the tables of build {build.build_id}: no policy was added, nothing was built.")
        print_comparison(connection, other, policy.policy_id, report, COMPARISON)


def read_file(file: Path) -> Policy:
    """The policy of a document, or of an options file of the older tool (`.json`). Raises ReliefError for a wrong one."""
    if file.suffix.lower() == ".json":
        return store.policy_of_options(OPTIONS_ID, file)
    return check_policy(file)


def policy_of_county(county: str | None) -> str:
    """The first shipped policy that the county published, else the statute, which binds every county."""
    published = (
        row["policy_id"]
        for row in seed_rows("policies/policies.csv")
        if row["county"] == county and not row["variant_of"]
    )
    return next(published, STATUTE)


def evaluate(connection: "duckdb.DuckDBPyConnection", policy: Policy) -> None:
    """Write what a build would answer under one policy into the temporary table `DETERMINATIONS`."""
    for table, columns in store.TABLES.items():
        connection.execute(f"create temp table {table} ({columns})")
    store.write_version(connection, Version(policy, 1, "draft", "", datetime.now(UTC), None, None), "temp")
    # The policies that come with the warehouse are left out, and so are the measures that the one policy does not ask.
    relations = {seed: f"(select * from reference.{seed} where false)" for seed in _SEEDS}
    relations |= {f"stg_landing__{table}": f"temp.{table}" for table in store.TABLES}
    if policy.overdue_records == "counted":
        relations["int_policies__measures"] = (
            "(select * from intermediate.int_policies__measures "
            "where measure in (select measure from temp.added_policy_conditions))"
        )
    for model in _WALK:
        connection.execute(f"create temp table {model} as {_rendered(model, relations)}")
        relations[model] = f"temp.{model}"


def _compare(connection: "duckdb.DuckDBPyConnection", other: str) -> None:
    """Set the tried policy beside another one of the build, as the mart sets any two of them."""
    relations = {
        "dim_policies": f"(select policy_id, title from marts.dim_policies where policy_id = {_text(other)} "
        "union all select policy_id, title from temp.added_policies)"
    }
    for model in ("int_policies__determinations", "int_policies__rules"):
        relations[model] = (
            f"(select * from intermediate.{model} where policy_id = {_text(other)} "
            f"union all by name select * from temp.{model})"
        )
    connection.execute(f"create temp table rpt_policy_comparison as {_rendered('rpt_policy_comparison', relations)}")


def _rendered(model: str, relations: dict[str, str]) -> str:
    """The SQL of a model that reads these relations, and what the last build made where none is named."""
    environment = sql_environment()
    load_macros(environment, macro_texts())
    environment.globals["ref"] = lambda name: relations.get(name) or f"{_SCHEMAS[name.split('_')[0]]}.{name}"
    return environment.from_string(model_text(model)).render()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
