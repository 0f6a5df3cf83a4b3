"""`relief sql`: one SELECT against the current research release, in a process that can reach nothing else."""

from relief.sandbox.query import Answer, query
from relief.sandbox.show import run_and_print

__all__ = ["Answer", "query", "run_and_print"]
