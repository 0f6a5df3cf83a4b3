"""`relief run`: the whole job on SYNTHETIC Los Angeles extracts, from files to published releases and a summary."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relief.building.lock import building
from relief.building.progress import BuildProgress, no_progress
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.summary import print_summary

if TYPE_CHECKING:
    from synthetic import SynthResult

Report = Callable[[str], None]
COUNTY = "LOS ANGELES"
SYNTHETIC_FOLDER = "synthetic"


def run(home: Home, *, scale: float, seed: int, report: Report, progress: BuildProgress = no_progress) -> None:
    """Write synthetic extracts, land, validate, build, validate, publish and print the summary.

    A second run with the same scale and seed reports that nothing is new and stops. Raises ReliefError when a step
    fails, or when the home has deliveries that are not synthetic: real and synthetic data never share a home.
    """
    with building(home):
        _run(home, scale=scale, seed=seed, report=report, progress=progress)


def _run(home: Home, *, scale: float, seed: int, report: Report, progress: BuildProgress) -> None:
    clock = time.monotonic()
    _refuse_real_deliveries(home)
    _land(home, _extracts(home, scale, seed, report), report)

    from relief.building.build import build, is_up_to_date, last_build_id  # noqa: PLC0415  (slow import)
    from relief.publishing import current_release, publish  # noqa: PLC0415  (slow import)

    release = current_release(home)

    if release and release.build_id == last_build_id(home) and is_up_to_date(home, COUNTY, None):
        report(f"nothing new since build {release.build_id}; release {release.release_id} stays current")
    else:
        report("checking what was landed")
        _gate(home, "landed", report)
        report(f"building {COUNTY}: about five minutes at scale 1 on 2 cores")
        build(home, target="duckdb", county=COUNTY, evaluated_as_of=None, report=report, progress=progress)
        report("checking what is about to be published")
        _gate(home, "published", report)
        publish(home, None, report, _other_extracts(home, scale, seed))
    if scale != 1.0:
        report(f"scale {scale:g}: expect about {scale:g} times the published totals")
    print_summary(home, report)
    report(f"finished in {time.monotonic() - clock:.0f} s; see the pages with: relief dashboard")


def _other_extracts(home: Home, scale: float, seed: int) -> str | None:
    """The reason why figures may fall: another scale or seed. None if the current release has the same extracts."""
    from relief.building.last_build import deliveries_of_builds  # noqa: PLC0415  (imports only what the step needs)
    from relief.publishing import current_release  # noqa: PLC0415  (slow import)

    release = current_release(home)
    if release is None:
        return None
    with open_warehouse(home, read_only=True) as connection:
        read = deliveries_of_builds(connection)
        in_use = {
            key
            for (key,) in connection.execute(
                "select delivery_id from raw.deliveries where status = 'landed'"
            ).fetchall()
        }
    if read.get(release.build_id, in_use) == in_use:
        return None
    return f"relief run asked for SYNTHETIC extracts of scale {scale:g} and seed {seed} in the place of others"


def _refuse_real_deliveries(home: Home) -> None:
    if not home.has_warehouse():
        return
    with open_warehouse(home, read_only=True) as connection:
        known = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'raw' and table_name = 'deliveries'"
        ).fetchone()
        if not known or not known[0]:
            return
        real = connection.execute(
            "select count(*) from raw.deliveries where status = 'landed' and not is_synthetic and records > 0"
        ).fetchone()
    if real and real[0]:
        raise ReliefError(
            f"{home.path} contains {real[0]} deliveries that are not synthetic; "
            "choose another folder: RELIEF_HOME=... relief run"
        )


def _extracts(home: Home, scale: float, seed: int, report: Report) -> "SynthResult":
    """Return the synthetic extracts of this scale and seed, and write them if they are missing."""
    from synthetic import existing_extracts, write_extracts  # noqa: PLC0415  (slow import)

    folder = home.path / SYNTHETIC_FOLDER / f"scale-{scale:g}-seed-{seed}"
    existing = existing_extracts(folder, scale, seed)
    if existing:
        report(f"SYNTHETIC extracts of scale {scale:g} and seed {seed} are already there")
        return existing
    return write_extracts(folder, scale, seed, report)


def _land(home: Home, extracts: "SynthResult", report: Report) -> None:
    """Land the extracts. Each replaces the same file of another scale or seed."""
    from relief.landing import land  # noqa: PLC0415  (slow import)

    for source, paths in extracts.paths.items():
        for path in paths:
            for landed in land(home, source, [path], extracts.as_of[source], None, report):
                _use_only(home, path.name, landed.delivery_id, report)


def _use_only(home: Home, file_name: str, delivery_id: str, report: Report) -> None:
    """Use only this delivery among the synthetic deliveries of one file name, even if it was superseded before."""
    from relief.landing.catalog import refresh_views  # noqa: PLC0415  (slow import)

    with open_warehouse(home) as connection:
        connection.begin()
        now = datetime.now(UTC).replace(tzinfo=None)
        replaced = connection.execute(
            """
            update raw.deliveries set status = 'superseded', superseded_by = $1, superseded_at = $3
            where file_name = $2 and is_synthetic and status = 'landed' and delivery_id <> $1
            returning delivery_id
            """,
            [delivery_id, file_name, now],
        ).fetchall()
        brought_back = "where delivery_id = $1 and is_synthetic and status = 'superseded'"
        connection.execute(
            "insert into raw.past_supersedings by name select delivery_id, superseded_by, superseded_at, "
            f"$2 as ended_at from raw.deliveries {brought_back}",
            [delivery_id, now],
        )
        connection.execute(
            "update raw.deliveries set status = 'landed', superseded_by = null, superseded_at = null " + brought_back,
            [delivery_id],
        )
        refresh_views(connection, home)
        connection.commit()
    for (earlier,) in replaced:
        report(f"  takes the place of {earlier}, the same file of another scale or seed")


def _gate(home: Home, gate: str, report: Report) -> None:
    from relief.validation import validate  # noqa: PLC0415  (slow import)

    result = validate(home, gate, report)
    if not result.passed:
        raise ReliefError(result.failure_line())
