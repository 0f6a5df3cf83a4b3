"""`--supersedes`: check which delivery a file may replace when it is landed, for the first time or again."""

import duckdb

from relief.errors import ReliefError
from relief.home import Home
from relief.landing import catalog


def check_superseded(
    connection: duckdb.DuckDBPyConnection, older_id: str, table_name: str, delivery_id: str
) -> catalog.Delivery:
    """Return the delivery to replace. Refuse a delivery that is not in use, of another table, or of the same file."""
    older = catalog.find(connection, older_id)
    if older is None:
        raise ReliefError(f"--supersedes: there is no delivery {older_id}; see relief status for those landed")
    if older.delivery_id == delivery_id:
        raise ReliefError(f"--supersedes: {older_id} is this very file; a delivery cannot replace itself")
    if older.table_name != table_name:
        raise ReliefError(
            f"--supersedes: {older_id} is a delivery of {older.table_name}, and this file is for {table_name}"
        )
    if older.status != "landed":
        raise ReliefError(f"--supersedes: {older_id} was already superseded by {older.superseded_by}; name that one")
    return older


def refuse_emptying(older: catalog.Delivery, loaded: int, label: str) -> None:
    """Refuse a file without a loaded record. It is probably a failed export and would silently empty the source."""
    if not loaded and older.loaded:
        raise ReliefError(
            f"--supersedes: {label} contains no record that loads, and would leave nothing in place of the "
            f"{older.loaded:,} rows of {older.delivery_id}; nothing was changed: ask for the file again"
        )


def supersede_late(
    connection: duckdb.DuckDBPyConnection, home: Home, newer: catalog.Delivery, older_id: str, label: str
) -> None:
    """Handle a file that was landed without --supersedes and is landed again with it."""
    older = check_superseded(connection, older_id, newer.table_name, newer.delivery_id)
    if newer.status != "landed":
        raise ReliefError(f"--supersedes: {newer.delivery_id} is itself superseded; it cannot replace another")
    if newer.supersedes:
        raise ReliefError(f"--supersedes: {newer.delivery_id} already replaces {newer.supersedes}")
    refuse_emptying(older, newer.loaded, label)
    catalog.supersede(connection, home, older_id, newer.delivery_id)
