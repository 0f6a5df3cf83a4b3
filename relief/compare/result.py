"""What a comparison found."""

from dataclasses import dataclass

UNEXPLAINED = "unexplained"
COUNTED_PER_FILE = "counted_per_file"
CLOCK = "clock"


@dataclass(frozen=True)
class Comparison:
    """Counts of one comparison, of rows or of a summary's; a difference counts under each defect it names."""

    compared: int
    equal: int
    differences: int
    unexplained: int
    named: dict[str, int]

    def failure_line(self) -> str:
        """The one line for a comparison that leaves something unexplained."""
        return (
            f"{self.unexplained} of {self.differences} differences are unexplained: neither our answer nor what a "
            "known defect makes of it; look at each (--out FILE.csv lists rows)"
        )
