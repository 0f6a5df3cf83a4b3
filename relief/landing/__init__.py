"""Landing turns an extract file into immutable Parquet, a manifest row and rejects. No record is lost."""

from relief.landing.deliver import land
from relief.landing.job import LandResult

__all__ = ["LandResult", "land"]
