"""The refusal of a statement that is not one SELECT on the release."""


class DeniedError(Exception):
    """A statement that is not one SELECT on the release. The message is one line without a path."""
