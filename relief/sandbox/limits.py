"""The largest allowed statement, for both the parent and the child process."""

MAX_LENGTH = 50_000
"""The largest number of characters in a statement."""
MAX_DEPTH = 100
"""The deepest allowed nesting of brackets, and of queries and expressions."""
