"""The error for a user's mistake, and how it is shown."""


class ReliefError(Exception):
    """A mistake in a file, an option or the environment.

    The message is one line with what is wrong, where it is and what to do. It never contains a person's data.
    The command line prints the message to stderr after ``relief: `` and exits with ``exit_code``.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        """Take the message (made one line) and the exit code of the process."""
        super().__init__(" ".join(message.split()))
        self.exit_code = exit_code
