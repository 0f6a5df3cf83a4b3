"""How large a statement may be, for the process that asks and the one that answers."""

MAX_LENGTH = 50_000
"""Characters of a statement."""
MAX_DEPTH = 100
"""How deep brackets, and queries and expressions, may be nested in each other."""
