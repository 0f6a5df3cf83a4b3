"""`relief build`: run `dbt build` in this process for the chosen home, and write one row of meta.builds per build."""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from relief.attention import report_build
from relief.building import as_known
from relief.building.inputs import as_text, read_inputs
from relief.building.last_build import current_build, last_build, next_number, number_rows
from relief.building.lock import building
from relief.building.progress import BuildProgress, no_progress
from relief.building.selectors import check_selector
from relief.building.versions import code_sha256, keep_seeds
from relief.duck import connect
from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing.catalog import AS_KNOWN, RAW, ensure_raw, renew_views_of_a_copy
from relief.landing.layout import county_of
from relief.linkage.settings import load_people
from relief.policies.document import seed_rows
from relief.policies.life import keep_drafts
from relief.private_apis import close_dbt_warehouse
from relief.publishing.remembered import keep_released
from relief.validation.results import keep_results

if TYPE_CHECKING:
    import duckdb

BUILDS_TABLE = """
    create table if not exists meta.builds (
        build_id varchar, started_at timestamp, finished_at timestamp, county varchar, evaluated_as_of_date date,
        extract_as_of_date date, status varchar, is_synthetic boolean, fingerprint varchar, as_known_at timestamp,
        seeds_sha256 varchar, code_sha256 varchar, build_no bigint, inputs varchar, selector varchar
    );
    alter table meta.builds add column if not exists as_known_at timestamp;
    alter table meta.builds add column if not exists seeds_sha256 varchar;
    alter table meta.builds add column if not exists code_sha256 varchar;
    alter table meta.builds add column if not exists inputs varchar;
    alter table meta.builds add column if not exists selector varchar;
"""
DEFAULT_COUNTY = "LOS ANGELES"
WAITS = 30  # how many seconds a finished build waits for a reader to close the warehouse
TARGETS = ("duckdb", "dev")


@dataclass(frozen=True)
class BuildResult:
    """The result of one build. `seconds` is wall time; `nodes` counts models, seeds and tests by status."""

    build_id: str
    nodes: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class BuildRecord:
    """The facts about one build that meta.builds and meta.check_results record."""

    build_id: str
    seeds_sha256: str
    as_known_at: datetime | None
    nodes: dict[str, int]
    failures: list[str]


def build(
    home: Home,
    *,
    target: str,
    county: str,
    evaluated_as_of: date | None,
    report: Callable[[str], None],
    as_known_at: datetime | None = None,
    selector: str | None = None,
    full_refresh: bool = True,
    progress: BuildProgress = no_progress,
) -> BuildResult:
    """Build every model and run every data test. Raises ReliefError with the first failures, or if a build is running.

    `as_known_at` (UTC) builds from the deliveries, policies and seeds of that time; current ones are not changed.
    `selector` is one of selectors.yml. Only the models of the selector are built, and afterwards only commands that
    read these models work. Without `full_refresh`, nothing is built if the last build passed and its inputs are
    unchanged.
    """
    county = county_of(county)
    if county not in {row["county_name"] for row in seed_rows("reference/california_counties.csv")}:
        raise ReliefError(
            "--county: it is none of the 58 counties of seeds/reference/california_counties.csv; write its name as "
            "there, such as LOS ANGELES"
        )
    if target not in TARGETS:
        raise ReliefError(f"target {target}: known targets are {', '.join(TARGETS)}")
    if selector is not None:
        check_selector(selector)
    if selector and (as_known_at or target != "duckdb"):
        raise ReliefError("--selector builds what is known now, in the warehouse; leave --as-known-at and --target out")
    if as_known_at and target != "duckdb":
        raise ReliefError(f"target {target} has no deliveries of any time; leave --as-known-at or --target out")
    if as_known_at:
        with open_warehouse(home, read_only=True):
            pass  # this raises an error if the folder has no warehouse, and does not create one
    with building(home):
        if not full_refresh and target == "duckdb":
            unchanged = _unchanged(home, county, evaluated_as_of, as_known_at, selector)
            if unchanged:
                return _skip(home, unchanged, selector, report)
        return _build(home, target, county, evaluated_as_of, as_known_at, selector, progress, report)


def _build(  # noqa: PLR0917  (the arguments of `build`)
    home: Home,
    target: str,
    county: str,
    evaluated_as_of: date | None,
    as_known_at: datetime | None,
    selector: str | None,
    progress: BuildProgress,
    report: Callable[[str], None],
) -> BuildResult:
    load_people(home.path)  # report mistakes in the weights before anything is built
    if target == "dev":
        return _build_dev(home, county, evaluated_as_of, progress, report)
    earlier = _earlier(home, as_known_at, county, report) if as_known_at else None
    with open_warehouse(home) as connection:
        ensure_raw(connection, home)  # the views contain the folder's path, and the folder may have been moved
        if not earlier:
            keep_drafts(connection, home, report)
        inputs = as_text(read_inputs(connection, home, AS_KNOWN if earlier else RAW))
        if not earlier:
            keep_released(connection, home)  # the figures of this build are compared with the released figures
    seeds_sha256 = earlier.seeds_sha256 if earlier and earlier.seeds_sha256 else keep_seeds(home)
    clock = time.monotonic()
    fingerprint = _fingerprint(inputs, county, evaluated_as_of, as_known_at)
    build_id = _begin(home, county, inputs, fingerprint, selector)
    nodes, failures = _run_dbt(home, target, build_id, _variables(county, evaluated_as_of), earlier, selector, progress)
    seconds = time.monotonic() - clock
    evaluated = _record(home, BuildRecord(build_id, seeds_sha256, as_known_at, nodes, failures))
    if earlier:
        earlier.say_day(evaluated, report)
    _refuse_failures(home, build_id, nodes, failures, earlier.hint() if earlier else "")
    report(f"built {build_id} in {seconds:.1f} s for {county}: {_counted(nodes)}")
    if selector:
        report(f"only the selector {selector} was built: nothing is published from it; for all, run: relief build")
    else:
        with _patiently(home) as connection:
            report_build(connection, report)
    return BuildResult(build_id, nodes, seconds)


def _build_dev(
    home: Home, county: str, evaluated_as_of: date | None, progress: BuildProgress, report: Callable[[str], None]
) -> BuildResult:
    """Build dev.duckdb from a sample (macros/dev_sample.sql). The warehouse is read and does not record the build."""
    if home.has_warehouse():
        renew_views_of_a_copy(home)
    file = home.path / "dev.duckdb"
    connect(file).close()
    file.chmod(0o600)  # otherwise dbt would make the new file readable to other users
    clock = time.monotonic()
    build_id = _new_id(datetime.now(UTC))
    nodes, failures = _run_dbt(home, "dev", build_id, _variables(county, evaluated_as_of), None, None, progress)
    seconds = time.monotonic() - clock
    _refuse_failures(home, build_id, nodes, failures, "")
    report(f"built {file.name} in {seconds:.1f} s for {county}: {_counted(nodes)}")
    report("it holds a sample and is never published: see RELIEF_DEV_SAMPLE in docs/architecture.md")
    return BuildResult(build_id, nodes, seconds)


def _variables(county: str, evaluated_as_of: date | None) -> dict[str, str]:
    return {"county": county, "evaluated_as_of": evaluated_as_of.isoformat() if evaluated_as_of else ""}


def _counted(nodes: dict[str, int]) -> str:
    return ", ".join(f"{number} {status}" for status, number in sorted(nodes.items()))


def _refuse_failures(home: Home, build_id: str, nodes: dict[str, int], failures: list[str], hint: str) -> None:
    if failures:
        first = "; ".join(failures[:3])
        raise ReliefError(
            f"build {build_id} failed at {len(failures)} of {sum(nodes.values())} nodes: {first}; "
            f"see {home.path / 'logs' / 'dbt.log'}{hint}"
        )


def _earlier(home: Home, at: datetime, county: str, report: Callable[[str], None]) -> as_known.Earlier:
    with open_warehouse(home) as connection:
        ensure_raw(connection, home)
        _make_builds(connection)
        return as_known.prepare(connection, home, at, county, report)


def last_build_id(home: Home) -> str | None:
    """The id of the last build if it passed, else None."""
    if not home.has_warehouse():
        return None
    with open_warehouse(home, read_only=True) as connection:
        build = last_build(connection)
    return build.build_id if build and build.status == "passed" else None


def is_up_to_date(home: Home, county: str, evaluated_as_of: date | None) -> bool:
    """True when the last build passed with today's deliveries, policies, options and code."""
    return _unchanged(home, county, evaluated_as_of, None, None) is not None


def _unchanged(
    home: Home, county: str, evaluated_as_of: date | None, as_known_at: datetime | None, selector: str | None
) -> str | None:
    """Id of the last build if it passed with the same options and unchanged inputs; else None."""
    if not home.has_warehouse():
        return None
    with open_warehouse(home, read_only=True) as connection:
        try:
            build = current_build(connection, home, selectors=[selector] if selector else ())
        except ReliefError:
            return None
    if build.selector != selector or build.as_known_at or as_known_at:
        return None
    return build.build_id if build.fingerprint == _fingerprint(build.inputs or "", county, evaluated_as_of) else None


def _skip(home: Home, build_id: str, selector: str | None, report: Callable[[str], None]) -> BuildResult:
    report(
        f"nothing has changed since build {build_id}, so every model was skipped; "
        "to build all again, run: relief build --full-refresh"
    )
    with open_warehouse(home) as connection:
        ensure_raw(connection, home)  # the views contain the folder's path, and the folder may have been moved
        if not selector:
            report_build(connection, report)
    return BuildResult(build_id, {}, 0.0)


def _fingerprint(inputs: str, county: str, evaluated_as_of: date | None, as_known_at: datetime | None = None) -> str:
    """The hash of a build's inputs and options."""
    return hashlib.sha256(f"{county_of(county)}|{evaluated_as_of}|{as_known_at}|{inputs}".encode()).hexdigest()


def _run_dbt(  # noqa: PLR0917  (the arguments of `_build`)
    home: Home,
    target: str,
    build_id: str,
    variables: dict[str, str],
    earlier: as_known.Earlier | None,
    selector: str | None = None,
    progress: BuildProgress = no_progress,
) -> tuple[dict[str, int], list[str]]:
    """Run `dbt build`. Return node counts by status, and one line per failure (node names only, no data)."""
    os.environ["RELIEF_HOME"] = str(home.path)
    os.environ["RELIEF_BUILD_ID"] = build_id  # not a dbt variable, since a new value makes dbt parse everything again
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["RELIEF_RAW_SCHEMA"] = AS_KNOWN if earlier else RAW
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  (3-4 s of imports, only for a build)

    options = [
        "--quiet",
        "--log-level",
        "none",  # an engine error may quote a value, so errors go to the log in the home and never to the screen
        "--log-level-file",
        "info",
        "build",
        # Relief does not read dbt's artifacts, and writing them takes seconds. A plain `dbt build` writes them.
        *([] if "DBT_WRITE_JSON" in os.environ else ["--no-write-json"]),
        "--exclude-resource-type",
        "unit_test",  # unit tests do not use this home's data; a plain `dbt build` runs them
        # A build of an earlier time is not a change, so it must not write a snapshot or be compared with one.
        *(["--exclude", "resource_type:snapshot+"] if earlier else []),
        *(["--selector", selector] if selector else []),
        "--project-dir",
        str(earlier.project(home) if earlier else PROJECT_DIR),
        "--profiles-dir",
        str(PROJECT_DIR / "profiles"),
        "--target",
        target,
        "--target-path",
        str(home.target / "as_known" if earlier else home.target),  # separate: dbt reparses all when seeds differ
        "--log-path",
        str(home.path / "logs"),
        "--vars",
        json.dumps(variables),
    ]
    with progress() as seen:
        result = dbtRunner(callbacks=[seen] if seen else []).invoke(options)
    del os.environ["RELIEF_BUILD_ID"], os.environ["RELIEF_RAW_SCHEMA"]
    close_dbt_warehouse()
    if result.exception is not None:
        message = " ".join(str(result.exception).split())
        if re.search(r"\block\b", message, re.IGNORECASE):
            raise ReliefError(
                f"{home.warehouse} is in use by another process; wait until it has finished and try again"
            )
        return {"error": 1}, [message[:300]]
    nodes: dict[str, int] = {}
    failures = []
    for run in result.result.results:  # type: ignore[union-attr]  # a build returns run results
        status = str(run.status)
        nodes[status] = nodes.get(status, 0) + 1
        if status in {"error", "fail", "runtime error"}:
            failures.append(f"{run.node.resource_type} {run.node.name} {status}")
    return nodes, failures


def _make_builds(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("create schema if not exists meta")
    connection.execute(BUILDS_TABLE)
    number_rows(connection, "builds", "build_no")


def _begin(home: Home, county: str, inputs: str, fingerprint: str, selector: str | None) -> str:
    """Record the build as running. If it is killed, nothing is published until another build has passed."""
    with open_warehouse(home) as connection:
        connection.begin()
        _make_builds(connection)
        now = datetime.now(UTC)
        while connection.execute("select 1 from meta.builds where build_id = ?", [_new_id(now)]).fetchone():
            now += timedelta(milliseconds=1)  # the clock was set back to the time of an earlier build
        connection.execute(
            "insert into meta.builds by name select ? as build_no, ? as build_id, ? as started_at, ? as county, "
            "'running' as status, ? as inputs, ? as fingerprint, ? as selector",
            [
                next_number(connection, "builds", "build_no"),
                _new_id(now),
                now.replace(tzinfo=None),
                county,
                inputs,
                fingerprint,
                selector,
            ],
        )
        connection.commit()
    return _new_id(now)


def _new_id(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%S") + f"{now.microsecond // 1000:03d}Z"


@contextmanager
def _patiently(home: Home) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open the warehouse. If a reader has it open, wait for the reader, so that a finished build is not lost."""
    for attempt in range(WAITS + 1):
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(open_warehouse(home))
            except ReliefError:
                if attempt == WAITS:
                    raise
                time.sleep(1)
                continue
            yield connection
            return


def _record(home: Home, record: BuildRecord) -> date | None:
    """Record how the build ended. Return its day of evaluation."""
    finished = datetime.now(UTC).replace(tzinfo=None)
    status = "failed" if record.failures else "passed"
    with _patiently(home) as connection:
        connection.begin()
        context = None
        if status == "passed":
            context = connection.execute(
                "select evaluated_as_of_date, extract_as_of_date, is_synthetic from staging.stg_landing__build_context"
            ).fetchone()
        evaluated_as_of, extract_as_of, is_synthetic = context or (None, None, None)
        connection.execute(
            "update meta.builds set finished_at = ?, evaluated_as_of_date = ?, extract_as_of_date = ?, status = ?, "
            "is_synthetic = ?, as_known_at = ?, seeds_sha256 = ?, code_sha256 = ? where build_id = ?",
            [
                finished,
                evaluated_as_of,
                extract_as_of,
                status,
                is_synthetic,
                record.as_known_at,
                record.seeds_sha256,
                code_sha256(),
                record.build_id,
            ],
        )
        tests = sum(number for outcome, number in record.nodes.items() if outcome in {"pass", "fail", "warn"})
        failed = sum(1 for failure in record.failures if not failure.startswith(("model", "seed", "snapshot")))
        what = "Tests of the models: keys, contracts, rules of law and accounting identities"
        passed = f"{tests - failed} of {tests} passed"
        keep_results(connection, record.build_id, "dbt", finished, [("dbt tests", what, "stop", status, passed)])
        if status == "passed" and record.as_known_at is None:
            as_known.forget(connection)
        connection.commit()
    return evaluated_as_of
