"""Replace the names of a county's own policies by numbered ids without titles, before figures leave the office."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from relief.policies.document import shipped

if TYPE_CHECKING:
    import duckdb

ACCEPTED = "accepted by a person"
COUNTY_TITLE = "a policy of the county's own"


def public_ids(connection: "duckdb.DuckDBPyConnection", policy_ids: Iterable[str]) -> dict[str, str]:
    """The public ids of policies that are not seeds, numbered in the order of first saving so that ids never change."""
    own = {policy_id for policy_id in policy_ids if not shipped(policy_id)}
    saved: list[str] = []
    if own and _has_versions(connection):
        saved = [
            policy_id
            for (policy_id,) in connection.execute(
                "select policy_id from raw.policy_versions group by policy_id order by min(saved_at), policy_id"
            ).fetchall()
        ]
    order = [*saved, *sorted(own - set(saved))]
    return {policy_id: f"county_policy_{number}" for number, policy_id in enumerate(order, start=1) if policy_id in own}


def _has_versions(connection: "duckdb.DuckDBPyConnection") -> bool:
    row = connection.execute(
        "select count(*) from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'raw' and table_name = 'policy_versions'"
    ).fetchone()
    return bool(row and row[0])
