"""What an export asks of the warehouse first: built tables, a finished build, a policy that it evaluated."""

from typing import TYPE_CHECKING

from relief.errors import ReliefError

if TYPE_CHECKING:
    import duckdb


def check_built(connection: "duckdb.DuckDBPyConnection", policy_id: str | None, marts: set[str]) -> None:
    """Raise ReliefError unless these marts stand, no build is under way, and the last one evaluated the policy.

    Without a policy the build alone is asked about.
    """
    tables = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema in ('marts', 'reporting')"
        ).fetchall()
    }
    if not {"dim_policies", *marts} <= tables:
        raise ReliefError("nothing is built yet; run: relief build")
    _refuse_unfinished(connection)
    known = [row[0] for row in connection.execute("select policy_id from marts.dim_policies order by 1").fetchall()]
    if policy_id is not None and policy_id not in known:
        raise ReliefError(
            f"policy {policy_id} is not in the last build, which evaluated {', '.join(known)}; "
            "add it (relief policy add) and run: relief build"
        )


def _refuse_unfinished(connection: "duckdb.DuckDBPyConnection") -> None:
    """A build that was killed leaves tables of two builds side by side."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'meta' and table_name = 'builds'"
    ).fetchone()
    if found and found[0]:
        row = connection.execute("select build_id, status from meta.builds order by started_at desc limit 1").fetchone()
        if row and row[1] == "running":
            raise ReliefError(f"build {row[0]} has not finished; wait for it, or run again: relief build")
