"""What other libraries do not offer in public, in one place, each with the reason and with what breaks when it changes.

Nothing else in this package uses a name of another library that begins with an underscore or stands below `internals`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.database_api import DatabaseAPISubClass


def close_dbt_warehouse() -> None:
    """Close the connection that dbt-duckdb keeps for the whole process.

    It outlives a build, and would keep this process from opening the file. dbt-duckdb closes it only when the process
    ends. When the name changes, every command that reads the warehouse behind a build fails at once.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415  (slow import)

    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def splink_error() -> type[Exception]:
    """The error that Splink raises for settings that it refuses; its public names do not hold it.

    When it moves, a mistake in the settings of a linkage ends in an import error in place of one line.
    """
    from splink.internals.exceptions import SplinkException  # noqa: PLC0415  (slow import)

    return SplinkException


def splink_engine(linker: "Linker") -> "DatabaseAPISubClass":
    """The engine of a linker. Tables must be registered with the very one that the linker was made with.

    When the name changes, people cannot be linked by weights: every build fails.
    """
    return linker._db_api
