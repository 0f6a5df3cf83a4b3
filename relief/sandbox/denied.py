"""The error for a statement that is not a single SELECT on the release."""


class DeniedError(Exception):
    """Raised for a statement that is not a single SELECT on the release. The message is one line without a path."""
