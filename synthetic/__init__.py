"""Synthetic extracts of the four sources in their real layouts, with truth files that list what was injected.

The generator shares no code with the product's rules or linkage. The same scale and seed give the same bytes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["FILE_NAMES", "SynthResult", "existing_extracts", "write_extracts"]

FILE_NAMES = {
    "ca_doj": ("SYNTHETIC_ca_doj.csv",),
    "la_court": (
        "SYNTHETIC_la_court_cases.csv",
        "SYNTHETIC_la_court_counts.csv",
        "SYNTHETIC_la_court_sentences.csv",
    ),
    "relief_events": ("SYNTHETIC_relief_events.csv",),
    "review_decisions": ("SYNTHETIC_review_decisions.csv",),
}
TRUTH_NAME, CONVICTIONS_NAME = "SYNTHETIC_truth.json", "SYNTHETIC_truth_convictions.csv"
DEFECTS_NAME, PAIRS_NAME = "SYNTHETIC_truth_defects.csv", "SYNTHETIC_truth_pairs.csv"
CONVICTION_PAIRS_NAME = "SYNTHETIC_truth_conviction_pairs.csv"


@dataclass(frozen=True)
class SynthResult:
    """The result of one run: written files and as-of date by source, truth files, and number of rows by file name."""

    paths: dict[str, list[Path]]
    truth_path: Path
    convictions_path: Path
    pairs_path: Path
    conviction_pairs_path: Path
    as_of: dict[str, date]
    rows: dict[str, int]


def write_extracts(
    out: Path, scale: float, seed: int, report: Callable[[str], None], shortfalls: Mapping[str, float] | None = None
) -> SynthResult:
    """Write the extracts and their truth files into a folder: all files or none.

    A file that this generator did not write is never overwritten. ``shortfalls`` gives the share of convictions that
    never reach a stage, by the names in ``synthetic.sizes.SHORTFALLS``. It replaces the share that the seed decides.
    """
    from synthetic.sizes import check_arguments  # noqa: PLC0415  (keeps `relief --help` fast)

    check_arguments(scale, seed)
    from synthetic.extracts import write_all  # noqa: PLC0415  (slow import)

    truth = write_all(out, scale, seed, report, shortfalls or {})
    return _result(out, truth)


def existing_extracts(out: Path, scale: float, seed: int) -> SynthResult | None:
    """Return the extracts that are already in a folder, or None.

    The extracts must be complete, have this scale and seed, and have no planted shortfall.
    """
    try:
        truth = json.loads((out / TRUTH_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(truth, dict) or (truth.get("scale"), truth.get("seed")) != (scale, seed):
        return None
    if truth.get("shortfalls", {}).get("planted_shares"):
        return None
    sizes = truth.get("bytes", {})
    for name, size in sizes.items():
        path = out / name
        if not path.is_file() or path.stat().st_size != size:
            return None
    return _result(out, truth) if sizes else None


def _result(out: Path, truth: dict[str, dict[str, str]]) -> SynthResult:
    return SynthResult(
        paths={source: [out / name for name in names] for source, names in FILE_NAMES.items()},
        truth_path=out / TRUTH_NAME,
        convictions_path=out / CONVICTIONS_NAME,
        pairs_path=out / PAIRS_NAME,
        conviction_pairs_path=out / CONVICTION_PAIRS_NAME,
        as_of={source: date.fromisoformat(text) for source, text in truth["as_of"].items()},
        rows={name: int(rows) for name, rows in truth["rows"].items()},
    )
