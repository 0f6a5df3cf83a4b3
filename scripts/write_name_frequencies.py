"""Write linkage/name_frequencies.csv: how common each name is among the people of the first wave.

The share of a name within each race (US Census, public domain) is weighted with the published race shares of the people
of the first wave (45% Latino, 32% Black, 20% White, 3% other or unknown; office of the District Attorney, 2020-02-13).
So a Spanish surname is as common in this list as in Los Angeles, and two records that agree on it get a suitably low
weight.

    python -m scripts.write_name_frequencies SURNAMES.csv FIRST_NAMES.csv
"""

import csv
import sys
from pathlib import Path

from relief.home import PROJECT_DIR

SHARES = {"pcthispanic": 0.45, "pctblack": 0.32, "pctwhite": 0.20, "pctapi": 0.03}
OUT = PROJECT_DIR / "linkage" / "name_frequencies.csv"


def frequencies(path: Path) -> list[tuple[str, float]]:
    """Return each name with its share of people, the most common name first; the shares of a file add up to one."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    totals = {column: sum(int(row["count"]) * float(row[column] or 0) for row in rows) for column in SHARES}
    named = [row for row in rows if row["name"] != "ALL OTHER NAMES"]
    shares = [
        (row["name"], sum(share * int(row["count"]) * float(row[c] or 0) / totals[c] for c, share in SHARES.items()))
        for row in named
    ]
    return sorted(shares, key=lambda item: (-item[1], item[0]))


def main() -> None:
    """Write the list of surnames and the list of first names into one file."""
    surnames, given_names = map(Path, sys.argv[1:3])
    with OUT.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("column", "value", "frequency"))
        for column, path in (("surname", surnames), ("given_name", given_names)):
            for name, share in frequencies(path):
                writer.writerow((column, name, f"{share:.3g}"))


if __name__ == "__main__":
    main()
