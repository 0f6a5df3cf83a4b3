"""The request of one call of landing, and the result for each content."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from relief.home import Home
from relief.landing.layout import Source
from relief.landing.progress import Progress

if TYPE_CHECKING:
    import duckdb

Report = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """The request of one call. In a dry run the manifest is a copy in memory, and nothing is written to the home."""

    home: Home
    connection: "duckdb.DuckDBPyConnection"
    source: Source
    as_of: date | None
    supersedes: str | None
    dry_run: bool
    report: Report
    progress: Progress


@dataclass(frozen=True)
class LandResult:
    """The result for one content. For mended rejects, `loaded` counts repaired records and `rejected` open records."""

    delivery_id: str
    file_name: str
    records: int
    loaded: int
    rejected: int
    already_landed: bool
