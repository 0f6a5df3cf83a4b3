"""`relief explain`: explain one conviction in words, with the relevant history and every rule's outcome."""

from relief.explain.run import explain

__all__ = ["explain"]
