"""`relief run`: the main job on SYNTHETIC Los Angeles extracts, from files to published releases and a summary."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.summary import print_summary

if TYPE_CHECKING:
    from relief.synth import SynthResult

Report = Callable[[str], None]
COUNTY = "LOS ANGELES"
SYNTHETIC_FOLDER = "synthetic"


def run(home: Home, *, scale: float, seed: int, report: Report) -> None:
    """Synth, land, validate, build, validate, publish, summary.

    A second run with the same scale and seed and nothing new says so and does nothing more. Raises ReliefError when a
    step fails, or when the home holds deliveries that are not synthetic: real and synthetic data never share a home.
    """
    clock = time.monotonic()
    home.create()
    _refuse_real_deliveries(home)
    _land(home, _extracts(home, scale, seed, report), report)

    from relief.building.build import build, is_up_to_date, last_build_id  # noqa: PLC0415  (imports only what the step needs)
    from relief.publishing import current_release, publish  # noqa: PLC0415

    release = current_release(home)

    if release and release.build_id == last_build_id(home) and is_up_to_date(home, COUNTY, None):
        report(f"nothing new since build {release.build_id}; release {release.release_id} stays current")
    else:
        _gate(home, "landed", report)
        build(home, target="duckdb", county=COUNTY, evaluated_as_of=None, report=report)
        _gate(home, "published", report)
        publish(home, None, report)
    print_summary(home, report)
    report(f"finished in {time.monotonic() - clock:.0f} s; see the pages with: relief dashboard")


def _refuse_real_deliveries(home: Home) -> None:
    if not home.warehouse.exists():
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
            f"{home.path} holds {real[0]} deliveries that are not synthetic; "
            "choose another folder: RELIEF_HOME=... relief run"
        )


def _extracts(home: Home, scale: float, seed: int, report: Report) -> "SynthResult":
    """The synthetic extracts of this scale and seed, written where they are missing."""
    from relief.synth import existing_extracts, write_extracts  # noqa: PLC0415

    folder = home.path / SYNTHETIC_FOLDER / f"scale-{scale:g}-seed-{seed}"
    existing = existing_extracts(folder, scale, seed)
    if existing:
        report(f"SYNTHETIC extracts of scale {scale:g} and seed {seed} are already there")
        return existing
    return write_extracts(folder, scale, seed, report)


def _land(home: Home, extracts: "SynthResult", report: Report) -> None:
    from relief.landing import land  # noqa: PLC0415

    for source, paths in extracts.paths.items():
        for path in paths:
            land(home, source, [path], extracts.as_of[source], _earlier_delivery(home, path), report)


def _earlier_delivery(home: Home, path: Path) -> str | None:
    """The landed delivery of the same file name and other content: of another scale or seed, so it is superseded."""
    if not home.warehouse.exists():
        return None
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with open_warehouse(home, read_only=True) as connection:
        row = connection.execute(
            "select delivery_id from raw.deliveries where status = 'landed' and file_name = ? and sha256 <> ?",
            [path.name, sha256],
        ).fetchone()
    return row[0] if row else None


def _gate(home: Home, gate: str, report: Report) -> None:
    from relief.validation import validate  # noqa: PLC0415

    result = validate(home, gate, report)
    if not result.passed:
        raise ReliefError(result.failure_line())
