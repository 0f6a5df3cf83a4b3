"""All uses of private parts of other libraries, each with the reason for it and with what breaks if the part changes.

No other module of this package uses a library's name that begins with an underscore or is in its `internals`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.database_api import DatabaseAPISubClass


def close_dbt_warehouse() -> None:
    """Close the connection that dbt-duckdb keeps for the whole process.

    The connection outlives a build and would keep this process from opening the file. dbt-duckdb closes it only when
    the process ends. If the private name changes, every command that reads the warehouse after a build fails at once.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415  (slow import)

    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def splink_error() -> type[Exception]:
    """The error that Splink raises for settings that it refuses. Splink does not export this class publicly.

    If Splink moves the class, a mistake in linkage settings causes an import error and not a message of one line.
    """
    from splink.internals.exceptions import SplinkException  # noqa: PLC0415  (slow import)

    return SplinkException


def splink_engine(linker: "Linker") -> "DatabaseAPISubClass":
    """The database engine of a linker. Tables must be registered with the engine that the linker was made with.

    If the private name changes, people cannot be linked by weights, and every build fails.
    """
    return linker._db_api
