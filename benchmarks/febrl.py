"""Measure the quality of the linkage on FEBRL 4, a public benchmark: two files of 5,000 invented Australians.

    python -m benchmarks.febrl

The benchmark runs the same code as `relief link`, with the settings of benchmarks/febrl4. The weights are estimated
from the two files, without labels. The number in a record's id identifies the person. It is read only to count the
correct links.
"""

import csv
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from relief.linkage.files import link_files

FOLDER = Path(__file__).resolve().parent / "febrl4"
SETTINGS = FOLDER / "settings.yml"
FILES = (FOLDER / "dataset4a.csv.gz", FOLDER / "dataset4b.csv.gz")
TRUE_PAIRS = 5000


@dataclass(frozen=True)
class Found:
    """The links that one run found, and the true pairs."""

    links: int
    right: int
    reviews: int
    seconds: float

    @property
    def precision(self) -> float:
        """The share of the links found that connect records of the same person."""
        return self.right / self.links if self.links else 0.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that the run found."""
        return self.right / TRUE_PAIRS

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.links + TRUE_PAIRS)


def measure() -> Found:
    """Link the two files and count the correct links."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pairs.csv"
        began = time.perf_counter()
        linked = link_files(SETTINGS, FILES, out, lambda _line: None)
        seconds = time.perf_counter() - began
        with out.open(newline="", encoding="utf-8") as file:
            links = [row for row in csv.DictReader(file) if row["status"] == "link"]
    right = sum(row["left_rec_id"].split("-")[1] == row["right_rec_id"].split("-")[1] for row in links)
    return Found(linked.links, right, linked.reviews, seconds)


def print_table(found: Found) -> None:
    """Print one line for each figure."""
    lines = {
        "true pairs": f"{TRUE_PAIRS:,}",
        "links": f"{found.links:,}",
        "right links": f"{found.right:,}",
        "pairs to look at": f"{found.reviews:,}",
        "precision": f"{found.precision:.4f}",
        "recall": f"{found.recall:.4f}",
        "F1": f"{found.f1:.4f}",
        "seconds": f"{found.seconds:.1f}",
    }
    for name, text in lines.items():
        print(f"{name:<18}{text:>8}")


if __name__ == "__main__":
    print_table(measure())
