"""Store the policies that people add. Every saved version stays; a build evaluates approved versions and newer drafts.

`raw.policy_versions` contains the documents. The tables `raw.added_*`, which the models read, are rewritten from that
table.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relief.duck import happened
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.policies import document
from relief.policies.check import read_text
from relief.policies.cmr_options import CITATION, read_options, rules_of
from relief.policies.document import Condition, Policy, Rule, to_yaml

if TYPE_CHECKING:
    import duckdb

POLICY_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
DRAFT_SUFFIX = "__draft"  # suffix of a draft's id when the approved version is evaluated too

# The same columns as models/staging/_landing__sources.yml declares; a test compares them.
TABLES = {
    "added_policies": "policy_id varchar, title varchar, version varchar, county varchar, offense_scope varchar, "
    "evaluates_sources varchar, published_as varchar, source varchar, variant_of varchar, added_at timestamp, "
    "status varchar, version_no integer, approved_by varchar, approved_at timestamp, overdue_records varchar, "
    "unknown_plants varchar",
    "added_policy_rules": "policy_id varchar, step integer, rule_id varchar, determination varchar, reason varchar, "
    "citation varchar, legal_ground varchar",
    "added_policy_conditions": "policy_id varchar, rule_id varchar, condition_no integer, measure varchar, "
    "operator varchar, threshold double, if_unknown varchar, citation varchar",
}
# One row per saved version. `origin` is options_file or document; a document is a draft until somebody approves it.
VERSIONS = (
    "create table if not exists raw.policy_versions (policy_id varchar, version_no integer, origin varchar, "
    "document varchar, sha256 varchar, saved_at timestamp, approved_by varchar, approved_at timestamp, "
    "withdrawn_at timestamp)"
)


@dataclass(frozen=True)
class PolicySummary:
    """One line of `relief policy list`. `status`: shipped, added, draft or approved."""

    policy_id: str
    title: str
    version: str
    rules: int
    is_added: bool
    status: str = "shipped"
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True)
class Version:
    """A saved version of a policy."""

    policy: Policy
    version_no: int
    status: str
    sha256: str
    saved_at: datetime
    approved_by: str | None
    approved_at: datetime | None


def shipped_policies() -> list[PolicySummary]:
    """The policies of seeds/policies, in their order."""
    rules = [row["policy_id"] for row in document.seed_rows("policies/policy_rules.csv")]
    return [
        PolicySummary(p["policy_id"], p["title"], p["version"], rules.count(p["policy_id"]), False)
        for p in document.seed_rows("policies/policies.csv")
    ]


def list_policies(home: Home) -> list[PolicySummary]:
    """The shipped policies, then the added ones in the order of adding."""
    added: list[PolicySummary] = []
    if home.has_warehouse():
        with open_warehouse(home, read_only=True) as connection:
            if _has_versions(connection):
                added = [_summary(version) for version in evaluated_versions(connection)]
    return shipped_policies() + added


def known_policy(home: Home, policy_id: str) -> Policy:
    """A shipped policy, or the evaluated version of an added one. Raises ReliefError when there is no such policy."""
    policy = document.shipped(policy_id)
    if policy is None and home.has_warehouse():
        with open_warehouse(home, read_only=True) as connection:
            versions = evaluated_versions(connection) if _has_versions(connection) else []
        policy = next((version.policy for version in versions if version.policy.policy_id == policy_id), None)
    if policy is None:
        raise ReliefError(f"policy {policy_id}: there is none; relief policy list shows them")
    return policy


def add_from_cmr_options(home: Home, policy_id: str, options_file: Path) -> PolicySummary:
    """Add a policy from an options file of the older tool, or a new version of such a policy.

    Raises ReliefError when the id is not lower-case letters, digits and `_`, the id belongs to a shipped policy or to
    a policy written as a document, or the file has mistakes.
    """
    if not POLICY_ID.fullmatch(policy_id) or policy_id.endswith(DRAFT_SUFFIX):
        raise ReliefError(f"policy id {policy_id!r}: use lower-case letters, digits and _, starting with a letter")
    if policy_id in {policy.policy_id for policy in shipped_policies()}:
        raise ReliefError(f"policy {policy_id} comes with the warehouse and is frozen; choose another id")
    policy = policy_of_options(policy_id, options_file)
    home.create()
    with open_warehouse(home) as connection:
        connection.begin()
        prepare(connection)
        origin = connection.execute(
            "select max(origin) from raw.policy_versions where policy_id = ? and origin = 'document'", [policy_id]
        ).fetchone()
        if origin and origin[0]:
            raise ReliefError(f"policy {policy_id} was written as a document; choose another id")
        save(connection, policy, "options_file")
        write_added(connection)
        connection.commit()
    return _summary(Version(policy, 1, "added", "", datetime.now(UTC), None, None))


def policy_of_options(policy_id: str, options_file: Path) -> Policy:
    """The policy of an options file of the older tool. Raises ReliefError with the mistake in the file."""
    return Policy(
        policy_id=policy_id,
        title="Configurable rules from an options file",
        version="0.2.13",
        county="",
        offense_scope="prop_64_published",
        evaluates_sources=("ca_doj",),
        published_as="Clear My Record options file",
        source=CITATION,
        variant_of="",
        rules=tuple(
            Rule(
                rule.rule_id,
                rule.determination,
                rule.reason,
                CITATION,
                "office policy" if rule.determination.startswith("Eligible") else "",
                tuple(Condition(c.measure, c.operator, float(c.threshold)) for c in rule.conditions),
            )
            for rule in rules_of(read_options(options_file))
        ),
    )


def prepare(connection: "duckdb.DuckDBPyConnection") -> None:
    """Create missing tables of policies. Store policies added by an earlier Relief version as policy versions."""
    connection.execute("create schema if not exists raw")
    for table, columns in TABLES.items():
        connection.execute(f"create table if not exists raw.{table} ({columns})")
        for column in columns.split(", "):
            connection.execute(f"alter table raw.{table} add column if not exists {column}")
    if not _has_versions(connection):
        connection.execute(VERSIONS)
        for policy, added_at in _unversioned(connection):
            save(connection, policy, "options_file", added_at)


def save(connection: "duckdb.DuckDBPyConnection", policy: Policy, origin: str, saved_at: datetime | None = None) -> int:
    """Store a version of a policy, unless the last one is the same. Return its number."""
    text = to_yaml(policy)
    sha256 = sha256_of(policy)
    last = connection.execute(
        "select version_no, sha256, withdrawn_at from raw.policy_versions where policy_id = ? "
        "order by version_no desc limit 1",
        [policy.policy_id],
    ).fetchone()
    if last and last[1] == sha256 and last[2] is None:
        return int(last[0])
    number = int(last[0]) + 1 if last else 1
    connection.execute(
        "insert into raw.policy_versions by name select ? as policy_id, ? as version_no, ? as origin, ? as document, "
        "? as sha256, ? as saved_at",
        [policy.policy_id, number, origin, text, sha256, saved_at or _now()],
    )
    return number


def sha256_of(policy: Policy) -> str:
    """The hash of the document as the warehouse writes it, so that comments do not affect the hash."""
    text = to_yaml(policy)
    # A document older than a parameter implies the parameter's first value, so that value is left out of the hash.
    for line in (f"overdue_records: {document.OVERDUE_RECORDS[0]}", f"unknown_plants: {document.UNKNOWN_PLANTS[0]}"):
        text = text.replace(f"\n{line}\n", "\n", 1)
    return hashlib.sha256(text.encode()).hexdigest()


def evaluated_versions(connection: "duckdb.DuckDBPyConnection", at: datetime | None = None) -> list[Version]:
    """The versions that a build evaluates, now or as known at a time (UTC, without zone), oldest first.

    For each policy these are the newest version that is approved or comes from an options file, and any newer draft. If
    both exist, the draft gets an id of its own.
    """
    approved = f"{happened('approved_at')} <= $at"
    rows = connection.execute(
        f"""
        select policy_id, version_no, origin, document, sha256, saved_at,
            case when {approved} then approved_by end, case when {approved} then approved_at end,
            coalesce({happened("withdrawn_at")} <= $at, false)
        from raw.policy_versions
        where {happened("saved_at")} <= $at
        order by policy_id, version_no
        """,
        {"at": at or datetime.max},
    ).fetchall()
    standing: dict[str, Version] = {}
    drafts: dict[str, Version] = {}
    for policy_id, number, origin, text, sha256, saved_at, approved_by, approved_at, is_withdrawn in rows:
        policy = _policy(text)
        status = "added" if origin == "options_file" else "approved" if approved_at else "draft"
        version = Version(policy, number, status, sha256, saved_at, approved_by, approved_at)
        if status != "draft":
            standing[policy_id] = version
            drafts.pop(policy_id, None)
        elif not is_withdrawn:
            drafts[policy_id] = version
        else:
            drafts.pop(policy_id, None)
    for policy_id, draft in drafts.items():
        if policy_id in standing:
            policy = replace(draft.policy, policy_id=policy_id + DRAFT_SUFFIX, variant_of=policy_id)
            standing[policy.policy_id] = replace(draft, policy=policy)
        else:
            standing[policy_id] = draft
    return sorted(standing.values(), key=lambda version: (version.saved_at, version.policy.policy_id))


def write_added(connection: "duckdb.DuckDBPyConnection", schema: str = "raw", at: datetime | None = None) -> None:
    """Write the tables that the models read, with the versions that a build evaluates now or as known at a time."""
    for table, columns in TABLES.items():
        connection.execute(f"create table if not exists {schema}.{table} ({columns})")
        connection.execute(f"delete from {schema}.{table}")
    for version in evaluated_versions(connection, at):
        write_version(connection, version, schema)


def write_version(connection: "duckdb.DuckDBPyConnection", version: Version, schema: str) -> None:
    """Write one version into the tables that the models read."""
    policy = version.policy
    _insert(
        connection,
        f"{schema}.added_policies",
        policy_id=policy.policy_id,
        title=policy.title,
        version=policy.version,
        county=policy.county,
        offense_scope=policy.offense_scope,
        evaluates_sources=";".join(policy.evaluates_sources),
        published_as=policy.published_as,
        source=policy.source,
        variant_of=policy.variant_of,
        added_at=version.saved_at,
        status=version.status,
        version_no=version.version_no,
        approved_by=version.approved_by,
        approved_at=version.approved_at,
        overdue_records=policy.overdue_records,
        unknown_plants=policy.unknown_plants,
    )
    for step, rule in enumerate(policy.rules, start=1):
        _insert(
            connection,
            f"{schema}.added_policy_rules",
            policy_id=policy.policy_id,
            step=step,
            rule_id=rule.rule_id,
            determination=rule.determination,
            reason=rule.reason,
            citation=rule.citation,
            legal_ground=rule.legal_ground,
        )
        for number, condition in enumerate(rule.conditions, start=1):
            _insert(
                connection,
                f"{schema}.added_policy_conditions",
                policy_id=policy.policy_id,
                rule_id=rule.rule_id,
                condition_no=number,
                measure=condition.measure,
                operator=condition.operator,
                threshold=condition.threshold,
                if_unknown=condition.if_unknown,
                citation=condition.citation or rule.citation,
            )


def _insert(connection: "duckdb.DuckDBPyConnection", table: str, **values: object) -> None:
    columns = ", ".join(f"${name} as {name}" for name in values)
    connection.execute(f"insert into {table} by name select {columns}", values)


def _policy(text: str) -> Policy:
    policy, problems = read_text(text, is_saved=True)
    if policy is None:
        raise ReliefError(
            f"a saved policy does not fit this version of the warehouse: {problems[0].text}; "
            "check it with the version that saved it"
        )
    return policy


def _summary(version: Version) -> PolicySummary:
    policy = version.policy
    return PolicySummary(
        policy.policy_id,
        policy.title,
        policy.version,
        len(policy.rules),
        True,
        version.status,
        version.approved_by or "",
        version.approved_at,
    )


def _has_versions(connection: "duckdb.DuckDBPyConnection") -> bool:
    row = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'raw' and table_name = 'policy_versions'"
    ).fetchone()
    return bool(row and row[0])


def _unversioned(connection: "duckdb.DuckDBPyConnection") -> list[tuple[Policy, datetime]]:
    """Read the policies that an earlier version of Relief added to the warehouse."""
    found = []
    for row in connection.execute(
        "select policy_id, title, version, county, offense_scope, evaluates_sources, published_as, source, added_at "
        "from raw.added_policies order by added_at, policy_id"
    ).fetchall():
        policy_id = row[0]
        rules = []
        for rule in connection.execute(
            "select rule_id, coalesce(determination, ''), coalesce(reason, ''), citation, coalesce(legal_ground, '') "
            "from raw.added_policy_rules where policy_id = ? order by step",
            [policy_id],
        ).fetchall():
            conditions = connection.execute(
                "select measure, operator, threshold, if_unknown from raw.added_policy_conditions "
                "where policy_id = ? and rule_id = ? order by condition_no",
                [policy_id, rule[0]],
            ).fetchall()
            ground = rule[4] or ("office policy" if rule[1].startswith("Eligible") else "")
            asked = tuple(Condition(*condition) for condition in conditions)
            rules.append(Rule(rule[0], rule[1], rule[2], rule[3], ground, asked))
        sources = tuple(row[5].split(";"))
        policy = Policy(policy_id, row[1], row[2], row[3] or "", row[4], sources, row[6], row[7], "", tuple(rules))
        found.append((policy, row[8]))
    return found


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
