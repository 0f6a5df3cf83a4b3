"""`relief sql`: run one SELECT on the current research release, in a process without access to anything else."""

from relief.sandbox.query import Answer, query
from relief.sandbox.show import run_and_print

__all__ = ["Answer", "query", "run_and_print"]
