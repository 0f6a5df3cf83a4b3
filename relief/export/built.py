"""What an export asks of the warehouse first: built tables, a finished build, a policy that it evaluated."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Built:
    """The build and the policy that an export speaks of, as texts for its pages."""

    build_id: str
    county: str
    policy_id: str
    policy_version: str
    policy_title: str
    evaluated_as_of_date: str
    extract_as_of_date: str
    events_as_of_date: str
    is_synthetic: bool

    @property
    def label(self) -> str:
        """What leads every row."""
        return "SYNTHETIC" if self.is_synthetic else "COUNTY RECORDS"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What every file says of itself."""
        return [
            ("county", self.county),
            ("policy_id", self.policy_id),
            ("policy_version", self.policy_version),
            ("evaluated_as_of_date", self.evaluated_as_of_date),
            ("extract_as_of_date", self.extract_as_of_date),
            ("events_as_of_date", self.events_as_of_date),
            ("build_id", self.build_id),
        ]


def read_built(connection: "duckdb.DuckDBPyConnection", policy_id: str) -> Built:
    """The last build, of what is known now. Raises ReliefError for any other: its lists would be of another day.

    A draft is refused too: nobody has answered for its rules yet.
    """
    from relief.building.as_known import as_known_at  # noqa: PLC0415  (reads dbt's settings)

    build_id = _build_of_tables(connection)
    if as_known_at(connection):
        raise ReliefError("the last build shows an earlier time and is for no court; run: relief build")
    row = connection.execute(
        """
        select context.county_name, policies.policy_version, policies.title, context.evaluated_as_of_date,
            context.extract_as_of_date, context.is_synthetic,
            (select max(as_of_date) from staging.stg_landing__deliveries
                where source = 'relief_events' and status = 'landed'),
            policies.status
        from intermediate.int_relief__evaluation_context as context
        cross join marts.dim_policies as policies
        where policies.policy_id = ?
        """,
        [policy_id],
    ).fetchone()
    if row is None:
        raise ReliefError("nothing is built yet; run: relief build")
    county, version, title, evaluated, extract, is_synthetic, events, status = row
    if status == "draft":
        raise ReliefError(f"policy {policy_id} is a draft; approve it (relief policy approve) and run: relief build")
    days = [str(day) if day else "not delivered" for day in (evaluated, extract, events)]
    return Built(build_id, county, policy_id, version, title, days[0], days[1], days[2], bool(is_synthetic))


def _build_of_tables(connection: "duckdb.DuckDBPyConnection") -> str:
    """The id of the build that made the tables; dbt run by hand has none."""
    if not _stands(connection, "meta", "builds"):
        return "none (dbt was run by hand)"
    row = connection.execute("select build_id, status from meta.builds order by started_at desc limit 1").fetchone()
    if row is None:
        return "none (dbt was run by hand)"
    if row[1] != "passed":
        raise ReliefError(f"build {row[0]} failed; mend it and run: relief build")
    landed = connection.execute(
        "select count(*) from raw.deliveries where status = 'landed' "
        "and landed_at > (select max(started_at) from meta.builds)"
    ).fetchone()
    if landed and landed[0]:
        raise ReliefError(f"{landed[0]} deliveries landed after build {row[0]}; run: relief build")
    if _stands(connection, "meta", "last_dbt_run"):
        made = connection.execute("select build_id from meta.last_dbt_run").fetchone()
        if made is None or made[0] != row[0]:
            return "none (dbt was run by hand)"
    return str(row[0])


def _stands(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> bool:
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
    ).fetchone()
    return bool(found and found[0])
