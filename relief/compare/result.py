"""The result of a comparison."""

from dataclasses import dataclass

UNEXPLAINED = "unexplained"
COUNTED_PER_FILE = "counted_per_file"
CLOCK = "clock"


@dataclass(frozen=True)
class Comparison:
    """The counts of one comparison of rows or summaries. A difference with several defects counts under each."""

    compared: int
    equal: int
    differences: int
    unexplained: int
    named: dict[str, int]

    def failure_line(self) -> str:
        """The error line for a comparison with unexplained differences."""
        return (
            f"{self.unexplained} of {self.differences} differences are unexplained: the older tool's answer is neither "
            "ours nor the result of a known defect; look at each (--out FILE.csv lists rows)"
        )
