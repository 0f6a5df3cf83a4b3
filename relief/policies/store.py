"""The policies that people add: rows of raw.added_policies, raw.added_policy_rules and raw.added_policy_conditions."""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.policies.cmr_options import CITATION, read_options, rules_of

POLICY_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")

# The same columns as models/staging/_landing__sources.yml declares; a test compares them.
TABLES = {
    "added_policies": "policy_id varchar, title varchar, version varchar, county varchar, offense_scope varchar, "
    "evaluates_sources varchar, published_as varchar, source varchar, added_at timestamp",
    "added_policy_rules": "policy_id varchar, step integer, rule_id varchar, determination varchar, reason varchar, "
    "citation varchar, legal_ground varchar",
    "added_policy_conditions": "policy_id varchar, rule_id varchar, condition_no integer, measure varchar, "
    "operator varchar, threshold double, if_unknown varchar, citation varchar",
}


@dataclass(frozen=True)
class PolicySummary:
    """One line of `relief policy list`."""

    policy_id: str
    title: str
    version: str
    rules: int
    is_added: bool


def shipped_policies() -> list[PolicySummary]:
    """The policies of seeds/policies, in their order."""
    with (PROJECT_DIR / "seeds/policies/policies.csv").open(newline="", encoding="utf-8") as file:
        policies = list(csv.DictReader(file))
    with (PROJECT_DIR / "seeds/policies/policy_rules.csv").open(newline="", encoding="utf-8") as file:
        rules = [row["policy_id"] for row in csv.DictReader(file)]
    return [
        PolicySummary(p["policy_id"], p["title"], p["version"], rules.count(p["policy_id"]), False) for p in policies
    ]


def list_policies(home: Home) -> list[PolicySummary]:
    """Shipped policies, then added ones in the order in which they were added."""
    added: list[PolicySummary] = []
    if home.warehouse.exists():
        with open_warehouse(home, read_only=True) as connection:
            known = connection.execute(
                "select count(*) from information_schema.tables "
                "where table_schema = 'raw' and table_name = 'added_policies'"
            ).fetchone()
            if known and known[0]:
                rows = connection.execute(
                    """
                    select policy_id, title, version, (select count(*) from raw.added_policy_rules as rules
                        where rules.policy_id = policies.policy_id)
                    from raw.added_policies as policies order by added_at, policy_id
                    """
                ).fetchall()
                added = [PolicySummary(row[0], row[1], row[2], row[3], True) for row in rows]
    return shipped_policies() + added


def add_from_cmr_options(home: Home, policy_id: str, options_file: Path) -> PolicySummary:
    """Add (or replace) a policy read from an options file of the older tool.

    Raises ReliefError when the id is not lower-case letters, digits and `_`, is a shipped policy's, or the file is
    wrong.
    """
    if not POLICY_ID.fullmatch(policy_id):
        raise ReliefError(f"policy id {policy_id!r}: use lower-case letters, digits and _, starting with a letter")
    if policy_id in {policy.policy_id for policy in shipped_policies()}:
        raise ReliefError(f"policy {policy_id} comes with the warehouse and is frozen; choose another id")
    rules = rules_of(read_options(options_file))
    title = "Configurable rules from an options file"
    home.create()
    with open_warehouse(home) as connection:
        connection.begin()
        connection.execute("create schema if not exists raw")
        for table, columns in TABLES.items():
            connection.execute(f"create table if not exists raw.{table} ({columns})")
            connection.execute(f"alter table raw.{table} add column if not exists {columns.rsplit(', ', 1)[-1]}")
            connection.execute(f"delete from raw.{table} where policy_id = ?", [policy_id])
        connection.execute(
            """
            insert into raw.added_policies by name select ? as policy_id, ? as title, ? as version, '' as county,
                'prop_64' as offense_scope, 'ca_doj' as evaluates_sources, ? as published_as, ? as source, ? as added_at
            """,
            [
                policy_id,
                title,
                "0.2.13",
                "Clear My Record options file",
                CITATION,
                datetime.now(UTC).replace(tzinfo=None),
            ],
        )
        for step, rule in enumerate(rules, start=1):
            connection.execute(
                """
                insert into raw.added_policy_rules by name select ? as policy_id, ? as step, ? as rule_id,
                    ? as determination, ? as reason, ? as citation, ? as legal_ground
                """,
                [policy_id, step, rule.rule_id, rule.determination, rule.reason, CITATION, _ground(rule.determination)],
            )
            for number, condition in enumerate(rule.conditions, start=1):
                connection.execute(
                    """
                    insert into raw.added_policy_conditions by name
                    select ? as policy_id, ? as rule_id, ? as condition_no, ? as measure, ? as operator,
                        ? as threshold, 'review' as if_unknown, ? as citation
                    """,
                    [
                        policy_id,
                        rule.rule_id,
                        number,
                        condition.measure,
                        condition.operator,
                        condition.threshold,
                        CITATION,
                    ],
                )
        connection.commit()
    return PolicySummary(policy_id, title, "0.2.13", len(rules), True)


def _ground(determination: str) -> str:
    """The legal ground of a rule of an office: an office's own policy where it grants, none where it does not."""
    return "office policy" if determination.startswith("Eligible") else ""
