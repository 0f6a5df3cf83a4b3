"""Relief: find, explain, track and report the dismissal of past cannabis convictions."""

__version__ = "0.1.0"
