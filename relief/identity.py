"""Check that a warehouse belongs to its data folder, by a random id that is in the warehouse and in `landing/`.

An empty warehouse, or the warehouse of another folder, must not be used beside filled `landing/` or `releases/`.
Otherwise the next build would count, and publish, only the deliveries that this warehouse knows.
"""

import os
import secrets
from typing import TYPE_CHECKING

from relief.duck import has_table
from relief.errors import ReliefError

if TYPE_CHECKING:
    import duckdb

    from relief.home import Home

ID_FILE = "warehouse_id"  # in landing/, so that it is moved and backed up together with the deliveries
WAY_OUT = "restore warehouse.duckdb from a backup, or move landing/ and releases/ away to begin anew"


def is_filled(home: "Home") -> bool:
    """Whether the folder has a delivery or a release. The half-written files of a killed landing do not count."""
    return _has_deliveries(home) or any(home.releases.glob("*.duckdb"))


def refuse_lost(home: "Home") -> None:
    """Raise ReliefError when the folder is filled. Call this when the warehouse is missing or empty."""
    if is_filled(home):
        raise ReliefError(f"{home.warehouse} is missing or empty, but landing/ or releases/ are not; {WAY_OUT}")


def recognize(connection: "duckdb.DuckDBPyConnection", home: "Home", *, read_only: bool) -> None:
    """Raise ReliefError if a filled folder has a new warehouse, or one of another folder. Otherwise give both one id.

    A warehouse of an earlier version has no id. It belongs to this folder if all its deliveries in use are here.
    """
    kept, beside = _kept_id(connection), _id_beside(home)
    if kept and kept == beside:
        return
    if is_filled(home):
        if kept and beside:
            raise ReliefError(f"{home.warehouse} belongs to another data folder than landing/ beside it; {WAY_OUT}")
        if not _is_used(connection):
            refuse_lost(home)
        if _has_deliveries(home) and not _all_landed_are_here(connection, home):
            raise ReliefError(f"{home.warehouse} does not belong to landing/ beside it; {WAY_OUT}")
    if read_only:
        return
    # Prefer the id in landing/ to a new id: a restored warehouse of an earlier version may own these deliveries.
    home_id = kept or (beside if is_filled(home) else None) or secrets.token_hex(16)
    if not kept:
        connection.begin()
        connection.execute("create table main.home as select ? as home_id", [home_id])
        connection.commit()
    _write_beside(home, home_id)


def _has_deliveries(home: "Home") -> bool:
    return any(not path.parent.name.startswith(".") for path in home.landing.glob("*/*/*.parquet"))


def _kept_id(connection: "duckdb.DuckDBPyConnection") -> str | None:
    if not has_table(connection, "main", "home"):
        return None
    row = connection.execute("select home_id from main.home").fetchone()
    return str(row[0]) if row else None


def _is_used(connection: "duckdb.DuckDBPyConnection") -> bool:
    """Whether something was landed or built in the warehouse."""
    for schema, table in (("raw", "deliveries"), ("meta", "builds")):
        if has_table(connection, schema, table):
            row = connection.execute(f"select count(*) from {schema}.{table}").fetchone()
            if row and row[0]:
                return True
    return False


def _all_landed_are_here(connection: "duckdb.DuckDBPyConnection", home: "Home") -> bool:
    if not has_table(connection, "raw", "deliveries"):
        return False
    paths = connection.execute("select parquet_path from raw.deliveries where status = 'landed'").fetchall()
    return bool(paths) and all((home.path / str(path)).exists() for (path,) in paths)


def _id_beside(home: "Home") -> str | None:
    try:
        return (home.landing / ID_FILE).read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def _write_beside(home: "Home", home_id: str) -> None:
    """Write the id completely to disk, before the first delivery is put beside it."""
    part = home.landing / f".{ID_FILE}.part"
    try:
        home.landing.mkdir(mode=0o700, exist_ok=True)
        with part.open("w", encoding="ascii") as file:
            part.chmod(0o600)
            file.write(home_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(home.landing / ID_FILE)
    except OSError as error:
        raise ReliefError(f"{home.landing} cannot be written ({error.strerror}); is the disk full?") from None
