"""What an export asks of the warehouse first: built tables of what is known now, a policy that the build evaluated."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relief.building.last_build import NOTHING, LastBuild, current_build
from relief.errors import ReliefError
from relief.home import Home

if TYPE_CHECKING:
    import duckdb

# What a build with the variable older_tool = false leaves out.
OLDER_TOOL = frozenset({"fct_older_tool_results", "fct_relief_defects", "rpt_older_tool_summary"})


def check_built(
    connection: "duckdb.DuckDBPyConnection",
    home: Home,
    marts: set[str],
    *policy_ids: str,
    of_now: bool = False,
    policies: Collection[str] | None = None,
    selectors: Collection[str] = (),
) -> LastBuild:
    """The last build. Raises ReliefError unless it has these marts, evaluated the policies, and nothing changed since.

    Without a policy the build alone is asked about. `policies`: those that must not have changed, not given for all.
    `selectors`: those of selectors.yml that build all that is read.
    """
    tables = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema in ('marts', 'reporting')"
        ).fetchall()
    }
    missing = {"dim_policies", *marts} - tables
    if missing and missing <= OLDER_TOOL:
        raise ReliefError("the last run of dbt left the older tool out (its variable older_tool); run: relief build")
    if missing:
        raise ReliefError(NOTHING)
    build = current_build(connection, home, of_now=of_now, policies=policies, selectors=selectors)
    known = [row[0] for row in connection.execute("select policy_id from marts.dim_policies order by 1").fetchall()]
    for policy_id in policy_ids:
        if policy_id not in known:
            raise ReliefError(
                f"policy {policy_id} is not in the last build, which evaluated {', '.join(known)}; "
                "add it (relief policy add) and run: relief build"
            )
    return build


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


def read_built(connection: "duckdb.DuckDBPyConnection", home: Home, marts: set[str], policy_id: str) -> Built:
    """The last build, of what is known now. Raises ReliefError for any other: its lists would be of another day.

    A draft is refused too: nobody has answered for its rules yet.
    """
    build = check_built(connection, home, marts, policy_id, of_now=True)
    row = connection.execute(
        """
        select context.county_name, policies.policy_version, policies.title, context.evaluated_as_of_date,
            context.extract_as_of_date, context.is_synthetic,
            (select max(as_of_date) from staging.stg_landing__deliveries
                where source = 'relief_events' and status = 'landed'),
            policies.status
        from staging.stg_landing__build_context as context
        cross join marts.dim_policies as policies
        where policies.policy_id = ?
        """,
        [policy_id],
    ).fetchone()
    if row is None:
        raise ReliefError(NOTHING)
    county, version, title, evaluated, extract, is_synthetic, events, status = row
    if status == "draft":
        raise ReliefError(f"policy {policy_id} is a draft; approve it (relief policy approve) and run: relief build")
    days = [str(day) if day else "not delivered" for day in (evaluated, extract, events)]
    return Built(build.build_id, county, policy_id, version, title, days[0], days[1], days[2], bool(is_synthetic))
