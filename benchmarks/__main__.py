"""`make bench`: landing beside a bare scan, the whole job at full scale, a second run, and the truth table.

    python -m benchmarks [--rows 250000] [--scale 1.0]

Prints what it measures; nothing here is asserted. Machines differ: read the ratios, not the seconds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.truth_table import compare, print_table
from relief.home import Home


def timed(home: Path, *arguments: str) -> tuple[float, float, str]:
    """Seconds of wall time, peak memory of the process in GB, and what a `relief` command printed."""
    with tempfile.TemporaryFile("w+") as output:
        began = time.monotonic()
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "relief", *arguments],
            {**os.environ, "RELIEF_HOME": str(home)},
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
        )
        _, status, usage = os.wait4(pid, 0)
        seconds = time.monotonic() - began
        output.seek(0)
        text = output.read()
    if status:
        raise SystemExit(f"relief {' '.join(arguments)} failed:\n{text}")
    return seconds, usage.ru_maxrss / 1024**2, text


def main() -> None:
    """Run every measurement in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=250_000, help="rows of the landing benchmark")
    parser.add_argument("--scale", type=float, default=1.0, help="scale of the whole job")
    options = parser.parse_args()

    print(f"## Landing {options.rows:,} rows of 95 columns")
    landing = [sys.executable, "-m", "benchmarks.landing", "--rows", str(options.rows)]
    subprocess.run(landing, check=True)

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        for title, arguments in {
            f"relief run --scale {options.scale:g}": ("run", "--scale", str(options.scale)),
            "the same again, nothing new": ("run", "--scale", str(options.scale)),
            "relief build alone": ("build",),
        }.items():
            seconds, memory, text = timed(home.path, *arguments)
            print(f"\n## {title}: {seconds:.1f} s, peak {memory:.2f} GB\n{text}")
        print("\n## What the warehouse counts beside what was injected")
        (truth,) = home.path.glob("synthetic/*/SYNTHETIC_truth.json")
        print_table(compare(home, truth))


if __name__ == "__main__":
    main()
