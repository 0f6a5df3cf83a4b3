"""The checks before an export: the last build has the tables and the policy, and its inputs have not changed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relief.building.last_build import NOTHING, LastBuild, current_build
from relief.errors import ReliefError
from relief.home import Home

if TYPE_CHECKING:
    import duckdb

# The marts that a build with the variable older_tool = false leaves out.
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
    """Return the last build. Raises ReliefError unless it has these marts and policies and nothing changed since.

    Without `policy_ids`, only the build is checked. `policies` are the policies that must not have changed; by default
    all. `selectors` names the selectors of selectors.yml that build every table the export reads.
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
    """The build and the policy of an export, as texts for its files."""

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
        """The label in the first column of every row."""
        return "SYNTHETIC" if self.is_synthetic else "COUNTY RECORDS"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The facts about the build that every file contains."""
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
    """Describe the last build. Raises ReliefError unless it shows what is known now, so that no list is out of date.

    A draft policy is refused too, because nobody has approved its rules yet.
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
