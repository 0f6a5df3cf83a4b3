"""`relief compare`: what the older tool answered beside what the last build answers, each difference named."""

from relief.compare.result import Comparison
from relief.compare.run import compare

__all__ = ["Comparison", "compare"]
