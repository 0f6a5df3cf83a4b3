"""`relief explain`: one conviction, the history that mattered and every rule's outcome, in words."""

from relief.explain.run import explain

__all__ = ["explain"]
