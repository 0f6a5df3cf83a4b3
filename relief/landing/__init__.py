"""Landing: an extract file becomes immutable Parquet, a line of the manifest and its rejects, with nothing lost."""

from relief.landing.deliver import land
from relief.landing.job import LandResult

__all__ = ["LandResult", "land"]
