"""`relief build --as-known-at TIME`: build from the deliveries, policies and seeds as they were at an earlier time.

The manifest and the policies of that time are written to a separate schema, which dbt reads instead of `raw`. Nothing
in `raw` changes, so nothing must be restored, even if the build fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from relief.building import earlier_raw
from relief.building.last_build import last_build, newest_first
from relief.building.versions import code_sha256, kept_seeds, project_with, younger_seeds
from relief.duck import happened
from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home
from relief.landing.catalog import AS_KNOWN, RAW
from relief.landing.layout import county_of

if TYPE_CHECKING:
    import duckdb

Report = Callable[[str], None]


@dataclass(frozen=True)
class Earlier:
    """The inputs for rebuilding an earlier figure. `seeds` is None if no seeds were kept from that time."""

    seeds: Path | None
    build: "Build | None"

    @property
    def seeds_sha256(self) -> str | None:
        """The hash of the seeds that were used at that time, or None if it is not known."""
        return self.build.seeds_sha256 if self.build else None

    def project(self, home: Home) -> Path:
        """The project folder that dbt builds: today's code with the seeds of the earlier time."""
        return project_with(home, self.seeds) if self.seeds else PROJECT_DIR

    def hint(self) -> str:
        """Return a possible reason why a build with earlier seeds failed."""
        if self.build and self.build.code_sha256 == code_sha256():
            return ""
        return "; today's code may not fit the seeds of that time: build it with the version of the code of that time"

    def say_day(self, evaluated: date | None, report: Report) -> None:
        """Report if the original build was evaluated as of another day, which a person had asked for."""
        if self.build and evaluated and self.build.evaluated_as_of_date not in {None, evaluated}:
            report(
                f"build {self.build.build_id} was evaluated as of {self.build.evaluated_as_of_date}, and this one as "
                f"of {evaluated}; for its figures give --evaluated-as-of"
            )


@dataclass(frozen=True)
class Build:
    """The last build that had passed by the requested time."""

    build_id: str
    county: str
    evaluated_as_of_date: date | None
    seeds_sha256: str | None
    code_sha256: str | None


def read_time(value: str) -> datetime:
    """Return the time in UTC without a zone, as the warehouse stores it. A date means the end of its day; today is now.

    Raises ReliefError when the value is not a time or is in the future.
    """
    now = datetime.now(UTC)
    try:
        at = datetime.fromisoformat(value.strip())
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ReliefError(
            f"--as-known-at {value}: not a time; write a date, YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS, in UTC unless it "
            "has a zone"
        ) from None
    if _is_date(value):
        at = min(datetime.combine(at.date(), time.max, UTC), now) if at.date() <= now.date() else at
    if at > now:
        raise ReliefError(f"--as-known-at {value}: that has not come yet; it is {now:%Y-%m-%d %H:%M:%S} UTC now")
    return at.replace(tzinfo=None)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value.strip())
    except ValueError:
        return False
    return True


def prepare(connection: "duckdb.DuckDBPyConnection", home: Home, at: datetime, county: str, report: Report) -> Earlier:
    """Write the schema with what was known at the given time. Report what it contains and what remains unknown.

    Raises ReliefError, and changes nothing, when nothing had been landed by that time or its seeds are gone.
    """
    _refuse_before_the_first(connection, at)
    build = _build_of(connection, at)
    seeds_sha256 = build.seeds_sha256 if build else None
    seeds = kept_seeds(home, seeds_sha256) if seeds_sha256 else None
    connection.begin()
    try:
        earlier_raw.write(connection, home, at)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    _say(connection, at, report)
    _say_versions(build, county, report)
    if seeds and (younger := younger_seeds(seeds)):
        report(f"  seeds that a later version added are used as they are today: {', '.join(younger)}")
    return Earlier(seeds, build)


def _refuse_before_the_first(connection: "duckdb.DuckDBPyConnection", at: datetime) -> None:
    row = connection.execute(f"select min({happened('landed_at')}) from raw.deliveries").fetchone()
    first = row[0] if row else None
    if first is None:
        raise ReliefError("--as-known-at: nothing was ever landed here; land a file first: relief land --help")
    if at < first:
        raise ReliefError(
            f"--as-known-at: nothing was known yet at {_utc(at)}; the first delivery was landed at {_utc(first)}"
        )


def _build_of(connection: "duckdb.DuckDBPyConnection", at: datetime) -> Build | None:
    row = connection.execute(
        "select build_id, county, evaluated_as_of_date, seeds_sha256, code_sha256 from meta.builds "
        f"where status = 'passed' and as_known_at is null and {happened('started_at')} <= $at "
        f"order by {newest_first(connection, 'builds', 'build_no')} limit 1",
        {"at": at},
    ).fetchone()
    return Build(*row) if row else None


def _say(connection: "duckdb.DuckDBPyConnection", at: datetime, report: Report) -> None:
    row = connection.execute(
        f"""
        select
            (select count(*) from {AS_KNOWN}.deliveries where status = 'landed'),
            (select count(*) from raw.deliveries where status = 'landed'),
            (select count(*) from {AS_KNOWN}.added_policies),
            (select count(*) from {AS_KNOWN}.deliveries where status = 'superseded' and superseded_at is null)
        """
    ).fetchone()
    assert row is not None  # noqa: S101  (type checker)
    then, now, policies, undated = row
    report(f"as known at {_utc(at)}: {then} deliveries in use then ({now} now), {policies} added policies")
    if undated:
        report(
            f"  {undated} superseded deliveries were replaced at a time that was not recorded: each is taken as "
            "replaced when its successor was landed"
        )


def _say_versions(build: Build | None, county: str, report: Report) -> None:
    if build is None or build.seeds_sha256 is None:
        report(
            "  no build by then recorded its seeds and code: today's are used, and a figure may differ for this reason"
        )
        return
    report(f"  seeds of build {build.build_id}, the last that had passed by then")
    if build.code_sha256 != code_sha256():
        report(f"  the code is not that of build {build.build_id}: a figure may differ for this reason")
    if county_of(build.county) != county:
        report(f"  build {build.build_id} was for {build.county}; for its figures give --county")


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def raw_of_last_build(connection: "duckdb.DuckDBPyConnection") -> str:
    """The schema that the last build read. Comparisons and exports must read the same schema to match the build."""
    return AS_KNOWN if as_known_at(connection) else RAW


def as_known_at(connection: "duckdb.DuckDBPyConnection") -> datetime | None:
    """The earlier time that the last build reproduces, or None if it shows what is known now."""
    build = last_build(connection)
    return build.as_known_at if build else None


def forget(connection: "duckdb.DuckDBPyConnection") -> None:
    """Drop the schema of an earlier time. After a build of what is known now, nothing reads that schema any more."""
    connection.execute(f"drop schema if exists {AS_KNOWN} cascade")
