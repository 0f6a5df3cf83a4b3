"""`python -m tests.mutation`: the whole run, or the mutants whose name holds a text."""

import argparse
import csv
import sys
import tempfile
from pathlib import Path

from tests.mutation.run import COLUMNS, all_mutants, explanations, run


def main() -> int:
    """Print a table by kind and every survivor. Returns 1 where one is neither killed nor explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", default="", help="judge the mutants whose name holds this text")
    parser.add_argument("--every", type=int, default=1, help="judge every n-th of them")
    parser.add_argument("--homes", type=Path, help="keep what the tests build here, and use it again")
    parser.add_argument("--out", type=Path, help="write every verdict to this CSV")
    options = parser.parse_args()
    mutants = [mutant for mutant in all_mutants() if options.only in str(mutant)][:: options.every]
    with tempfile.TemporaryDirectory() as temporary:
        result = run(mutants, options.homes or Path(temporary), lambda line: print(line, flush=True))
    if result.faults:
        print("nothing can be judged, since these fail without a mutant:", *result.faults, sep="\n")
        return 1
    if options.out:
        with options.out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*COLUMNS[:-1], "kind", "status", "by"])
            writer.writerows([*m.name, m.kind, v.status, v.by] for m, v in result.verdicts)
    for title, found in (("survived", result.survivors), ("explained, yet killed", result.wrongly_explained)):
        for mutant in found:
            print(f"{title}: {mutant}")
    gone = set(explanations()) - {mutant.name for mutant in all_mutants()}
    for name in sorted(gone):
        print(f"explained, yet no mutant: {' | '.join(name)}")
    print(*result.lines(), f"{result.seconds:.0f} s", sep="\n")
    return 1 if result.survivors or result.wrongly_explained or gone else 0


if __name__ == "__main__":
    sys.exit(main())
