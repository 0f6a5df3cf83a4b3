"""`relief policy try`: show what a policy would change, from the tables of the last build, without adding or building.

The build's own models are rendered here for one policy, so that a trial gives the same answers as a build.
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
TWIN_SUFFIX = "__overdue_left_out"  # as in macros/overdue_records.sql
DETERMINATIONS = "temp.int_policies__determinations"
COMPARISON = "temp.rpt_policy_comparison"
_SEEDS = ("policies", "policy_rules", "policy_conditions")
# The models that read the policy, in the order in which they are evaluated, and those that then answer for convictions.
_POLICY = ("int_policies__conditions", "int_policies__rules", "int_policies__scope")
_WALK = (
    "int_policies__alike_convictions",
    "int_policies__distinct_convictions",
    "int_policies__distinct_measures",
    "int_policies__criteria",
    "int_policies__walks",
    "int_policies__determinations",
)
_SCHEMAS = {"stg": "staging", "int": "intermediate", "dim": "marts", "fct": "marts", "rpt": "reporting"}


def try_policy(home: Home, file: Path, against: str | None, report: Callable[[str], None]) -> None:
    """Print what only the policy of a file would relieve and what only another policy relieves, by the rules of both.

    `against` is the other policy, which the last build must have evaluated. By default it is the policy that the file
    was copied from, or else the county's policy. Raises ReliefError when the file has mistakes or the build lacks the
    tables.
    """
    policy = read_file(file)
    with open_warehouse(home, read_only=True) as connection:
        build = last_build(connection)
        other = against or policy.variant_of or policy_of_county(build.county if build else None)
        # If this file is in the folder of policies and was edited after the build, the edited rules are tried.
        own = {policy.policy_id, policy.policy_id + store.DRAFT_SUFFIX}
        build = check_built(connection, home, {"rpt_policy_comparison"}, other, policies={other} - own)
        if other == policy.policy_id:
            policy = replace(policy, policy_id=policy.policy_id + TRIED_SUFFIX)
        evaluate(connection, policy)
        compare(connection, other)
        report(f"{file} was tried on the tables of build {build.build_id}: no policy was added, nothing was built.")
        print_comparison(connection, other, policy.policy_id, report, COMPARISON)


def read_file(file: Path) -> Policy:
    """The policy of a document or of an options file of the older tool (`.json`). Raises ReliefError for mistakes.

    An options file does not name its policy, so the policy gets the id `OPTIONS_ID`.
    """
    if file.suffix.lower() == ".json":
        return store.policy_of_options(OPTIONS_ID, file)
    return check_policy(file)


def policy_of_county(county: str | None) -> str:
    """The first shipped policy that the county published, or else the statute's policy, which binds every county."""
    published = (
        row["policy_id"]
        for row in seed_rows("policies/policies.csv")
        if row["county"] == county and not row["variant_of"]
    )
    return next(published, STATUTE)


def evaluate(connection: "duckdb.DuckDBPyConnection", policy: Policy) -> None:
    """Write the determinations that a build would make under one policy to the temporary table `DETERMINATIONS`."""
    for table, columns in store.TABLES.items():
        connection.execute(f"create temp table {table} ({columns})")
    store.write_version(connection, Version(policy, 1, "draft", "", datetime.now(UTC), None, None), "temp")
    relations = {f"stg_landing__{table}": f"temp.{table}" for table in store.TABLES}
    for model in _POLICY:
        sql = _renderer(relations, policy)(model)
        connection.execute(
            f"create temp table {model} as select * from ({sql}) where policy_id = {_text(policy.policy_id)}"
        )
        relations[model] = f"temp.{model}"
    for model in _WALK:
        connection.execute(f"create temp table {model} as {_renderer(relations, policy)(model)}")
        relations[model] = f"temp.{model}"


def compare(connection: "duckdb.DuckDBPyConnection", other: str) -> None:
    """Compare the tried policy with another one of the build, as the mart compares any two policies."""
    of_other = f"where policy_id = {_text(other)}"
    relations = {
        "dim_policies": f"(select policy_id, title from marts.dim_policies {of_other} "
        "union all select policy_id, title from temp.added_policies)"
    }
    for model in ("int_policies__determinations", "int_policies__rules"):
        relations[model] = (
            f"(select * from intermediate.{model} {of_other} union all by name select * from temp.{model})"
        )
    sql = _renderer(relations)("rpt_policy_comparison")
    connection.execute(f"create temp table rpt_policy_comparison as from ({sql}) where from_policy_id = {_text(other)}")


def _renderer(relations: dict[str, str], policy: Policy | None = None) -> Callable[[str], str]:
    """Return a function that renders a model. Models read these relations where given, else the last build's tables.

    With a policy, only the measures that its rules ask are read.
    """
    environment = sql_environment()
    load_macros(environment, macro_texts())
    if policy:
        asked = {condition.measure for rule in policy.rules for condition in rule.conditions} or {"is_felony"}
        names = [
            name for name in environment.globals["measure_names"]() if {name, name.removesuffix(TWIN_SUFFIX)} & asked
        ]
        environment.globals["measure_names"] = lambda: names
    # A macro keeps the `ref` of its first call. So `relations` may grow, but other relations need a new renderer.
    environment.globals["ref"] = lambda name: relations.get(name) or f"{_schema_of(name)}.{name}"
    return lambda model: environment.from_string(model_text(model)).render()


def _schema_of(name: str) -> str:
    return "reference" if name in _SEEDS else _SCHEMAS[name.split("_", maxsplit=1)[0]]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
