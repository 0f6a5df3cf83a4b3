"""Landing turns an extract file into immutable Parquet, a row of the manifest and rejects, without losing a record."""

from relief.landing.deliver import land
from relief.landing.job import LandResult

__all__ = ["LandResult", "land"]
