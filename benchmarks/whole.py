"""Time the steps from a DOJ file to determinations, and compare them with a bare scan of the same file.

    python -m benchmarks.whole [--rows 250000 1000000] [--profile 12]

Each step is a process of its own. The generator makes the file (realistic histories, about 425 bytes per row), which is
cut to the wanted number of rows. All shipped policies and one options file are evaluated. The targets are ratios to the
bare scan and to the older tool. The older tool was timed once, on a 2-core machine: 30.8 s and 4.9 GB for a million
rows.
"""

import argparse
import csv
import json
import sys
import tempfile
from itertools import islice
from pathlib import Path

from benchmarks.landing import SCAN
from benchmarks.process import PROJECT, relief, timed
from relief.landing.layout import load_source

ROWS_AT_FULL_SCALE = 480_000
OLDER_TOOL_SECONDS = 30.8  # seconds per million rows
OPTIONS = PROJECT / "tests/fixtures/clear_my_record/generated_5k/eligibility_options.json"
SECOND_SHARE = 0.01


def main() -> None:
    """Measure each size in turn, and assert nothing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[250_000, 1_000_000])
    parser.add_argument("--profile", type=int, default=12, help="how many of the slowest nodes of the build to print")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="whole-bench-") as folder:
        most = max(options.rows)
        scale = most * (1 + SECOND_SHARE) / ROWS_AT_FULL_SCALE
        relief(Path(folder) / "none", "synth", "--out", f"{folder}/synthetic", "--scale", f"{scale:.3f}")
        for rows in options.rows:
            measure(Path(folder), rows, options.profile)


def measure(folder: Path, rows: int, profile: int) -> None:
    """Measure one size: scan, land, build, export, and then a second delivery with one percent of the rows."""
    file, second = cut(folder, rows)
    columns = load_source("ca_doj").tables[0].columns
    home = folder / f"home{rows}"
    relief(home, "policy", "add", "county_options", "--cmr-options", str(OPTIONS))
    print(f"\n## {rows:,} rows x {len(columns)} columns, {file.stat().st_size / 1e6:,.0f} MB")
    print(f"{'work':<36} {'seconds':>8} {'rows/s':>10} {'peak MB':>8} {'x scan':>7}")
    scan, memory, answer = timed([sys.executable, "-c", SCAN, str(file), ",".join(columns)])
    if int(answer.split()[-1]) != rows:
        raise SystemExit(f"the scan read {answer.split()[-1]} rows of {rows}")
    line("bare scan", scan, memory, rows, scan)
    land = relief(home, "land", "--source", "ca_doj", "--as-of", "2019-07-01", str(file))
    line("land", *land[:2], rows, scan)
    answers = relief(home, "build", "--selector", "answers")
    line("build --selector answers", *answers[:2], rows, scan)
    exports = [
        relief(home, "export", "determinations", "--policy", policy, "--out", str(folder / f"{policy}.csv"))
        for policy in ("la_pilot_2019", "county_options")
    ]
    line("export, two policies", sum(e[0] for e in exports), max(e[1] for e in exports), rows, scan)
    whole = land[0] + answers[0] + sum(e[0] for e in exports)
    line("file to determinations", whole, max(land[1], answers[1]), rows, scan)
    older = OLDER_TOOL_SECONDS * rows / 1e6
    print(f"landing {land[0] / scan:.2f}x the bare scan (target 2.5x); answers {whole / scan:.1f}x (target 10x),")
    print(f"{older / whole:.2f}x as fast as the older tool's {older:.1f} s (target 3x);")
    print(f"peak {max(land[1], answers[1]) / 1024:.2f} GB (target 2 GB)")
    build = relief(home, "build")
    line("build (all policies, all models, tests)", *build[:2], rows, scan)
    slowest(home, profile, build[0])
    again = relief(home, "land", "--source", "ca_doj", "--as-of", "2019-08-01", str(second))
    rebuilt = relief(home, "build")
    share = (again[0] + rebuilt[0]) / (land[0] + build[0])
    print(f"a second delivery of {SECOND_SHARE:.0%}: land {again[0]:.1f} s, build {rebuilt[0]:.1f} s,")
    print(f"{share:.0%} of the full job (target 20%)")


def cut(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write the first rows of the generated file to one file, and the next one percent of the rows to a second file."""
    files = folder / f"SYNTHETIC_{rows}.csv", folder / f"SYNTHETIC_{rows}_second.csv"
    with (folder / "synthetic/SYNTHETIC_ca_doj.csv").open(encoding="utf-8", newline="") as source:
        header = next(source)
        for file, size in zip(files, (rows, int(rows * SECOND_SHARE)), strict=True):
            with file.open("w", encoding="utf-8", newline="") as target:
                target.write(header)
                target.writelines(islice(source, size))
    with files[0].open(encoding="utf-8", newline="") as check:
        if sum(1 for _ in csv.reader(check)) != rows + 1:
            raise SystemExit(f"the generated file has no {rows:,} rows of one line each; raise ROWS_AT_FULL_SCALE")
    return files


def line(work: str, seconds: float, memory: float, rows: int, scan: float) -> None:
    """Print one line of the table."""
    print(f"{work:<36} {seconds:>8.2f} {rows / seconds:>10,.0f} {memory:>8,.0f} {seconds / scan:>7.2f}", flush=True)


def slowest(home: Path, number: int, wall: float) -> None:
    """Print how the time of a build was spent: by kind of node, outside of nodes, and by the slowest nodes."""
    results = json.loads((home / "target/run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = sorted(((r["execution_time"], r["unique_id"].split(".", 2)) for r in results), reverse=True)
    kinds: dict[str, float] = {}
    for seconds, (kind, *_) in nodes:
        kinds[kind] = kinds.get(kind, 0.0) + seconds
    spent = ", ".join(f"{kind}s {seconds:.1f} s" for kind, seconds in sorted(kinds.items()))
    print(f"profile of the build: {spent}, dbt's start, parsing and bookkeeping {wall - sum(kinds.values()):.1f} s")
    for seconds, (kind, _, name) in nodes[:number]:
        print(f"  {seconds:>6.2f} s  {kind} {name[:80]}")


if __name__ == "__main__":
    main()
