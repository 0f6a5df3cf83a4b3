"""Run every benchmark (`make bench`): landing, determinations, linkage, the whole job, and counts against the truth.

    python -m benchmarks [--rows 250000 1000000] [--scale 1.0]

The benchmarks print what they measure and assert nothing. Machines differ: compare the ratios, not the seconds.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import febrl
from benchmarks.process import relief, timed
from benchmarks.trials import time_trials
from benchmarks.truth_table import compare, print_table
from relief.home import Home


def main() -> None:
    """Run all benchmarks one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[250_000, 1_000_000], help="sizes of the DOJ file")
    parser.add_argument("--scale", type=float, default=1.0, help="scale of the whole job")
    options = parser.parse_args()

    for rows in options.rows:
        print(f"## Landing {rows:,} rows of 95 columns, about 800 bytes each", flush=True)
        print(timed([sys.executable, "-m", "benchmarks.landing", "--rows", str(rows), "--runs", "2"])[2], flush=True)
    print(timed([sys.executable, "-m", "benchmarks.whole", "--rows", *map(str, options.rows)])[2], flush=True)

    print("\n## FEBRL 4 linked by the code that links people", flush=True)
    febrl.print_table(febrl.measure())

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        for title, arguments in {
            f"relief run --scale {options.scale:g}": ("run", "--scale", str(options.scale)),
            "the same again, nothing new": ("run", "--scale", str(options.scale)),
            "relief build --full-refresh": ("build", "--full-refresh"),
            "relief build, nothing new": ("build",),
        }.items():
            seconds, memory, text = relief(home.path, *arguments)
            print(f"\n## {title}: {seconds:.1f} s, peak {memory / 1024:.2f} GB\n{text}", flush=True)
        print("\n## A policy tried on the tables that stand, process start included (target 5 s)")
        time_trials(home)
        print("\n## What the warehouse counts beside what was injected")
        (truth,) = home.path.glob("synthetic/*/SYNTHETIC_truth.json")
        print_table(compare(home, truth))


if __name__ == "__main__":
    main()
