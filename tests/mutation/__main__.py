"""`python -m tests.mutation`: the whole run, or the mutants whose name holds a text."""

import argparse
import csv
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.mutation.bench import Verdict
from tests.mutation.mutant import Mutant
from tests.mutation.run import COLUMNS, all_mutants, explanations, run


def main() -> int:
    """Print a table by kind and every survivor. Returns 1 where one is neither killed nor explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", default="", help="judge the mutants whose name holds this text")
    parser.add_argument("--every", type=int, default=1, help="judge every n-th of them")
    parser.add_argument("--homes", type=Path, help="keep what the tests build here, and use it again")
    parser.add_argument("--out", type=Path, help="write every verdict to this CSV")
    parser.add_argument("--again", type=Path, help="judge those that survived in the CSV of an earlier --out")
    parser.add_argument("--processes", type=int, default=2, help="judge so many at a time")
    options = parser.parse_args()
    mutants = [mutant for mutant in all_mutants() if options.only in str(mutant)][:: options.every]
    if options.again:
        with options.again.open(newline="", encoding="utf-8") as file:
            survived = {tuple(r[c] for c in COLUMNS[:-1]) for r in csv.DictReader(file) if r["status"] == "survived"}
        mutants = [mutant for mutant in mutants if mutant.name in survived]
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as files:
        keep = _writer(files, options.out) if options.out else lambda _mutant, _verdict: None
        folder = options.homes or Path(temporary)
        result = run(mutants, folder, lambda line: print(line, flush=True), keep, options.processes)
    if result.faults:
        print("nothing can be judged, since these fail without a mutant:", *result.faults, sep="\n")
        return 1
    for title, found in (("survived", result.survivors), ("explained, yet killed", result.wrongly_explained)):
        for mutant in found:
            print(f"{title}: {mutant}")
    gone = set(explanations()) - {mutant.name for mutant in all_mutants()}
    for name in sorted(gone):
        print(f"explained, yet no mutant: {' | '.join(name)}")
    print(*result.lines(), f"{result.seconds:.0f} s", sep="\n")
    return 1 if result.survivors or result.wrongly_explained or gone else 0


def _writer(files: ExitStack, out: Path) -> Callable[[Mutant, Verdict], object]:
    file = files.enter_context(out.open("w", newline="", encoding="utf-8", buffering=1))
    writer = csv.writer(file)
    writer.writerow([*COLUMNS[:-1], "kind", "status", "by"])
    return lambda mutant, verdict: writer.writerow([*mutant.name, mutant.kind, verdict.status, verdict.by])


if __name__ == "__main__":
    sys.exit(main())
