"""`relief compare`: compare the older tool's answers with those of the last build, and name each difference."""

from relief.compare.result import Comparison
from relief.compare.run import compare

__all__ = ["Comparison", "compare"]
