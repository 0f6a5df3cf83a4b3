"""The contents of a build's three releases. `publish` writes them to files and `preview` to memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from relief import __version__
from relief.duck import connect
from relief.errors import ReliefError
from relief.home import Home
from relief.identity import recognize
from relief.publishing.closed import refuse_free_text
from relief.publishing.closed_lists import RELEASED
from relief.publishing.codebook import add_codebook
from relief.publishing.county_policies import ACCEPTED, public_ids
from relief.publishing.dictionary import descriptions
from relief.publishing.disclosure import suppress_tables
from relief.publishing.guard import Build, newest_checks, passed_build
from relief.publishing.headlines import (
    Acceptance,
    Breach,
    Figures,
    breaches,
    checked_reason,
    data_quality,
    figures_of,
    figures_of_release,
)
from relief.publishing.release_changes import add_changes
from relief.publishing.releases import current_release
from relief.publishing.research import add_research
from relief.publishing.tables import ACCEPTANCES, CHECKS, EXPORTED, OUTCOMES, QUALITY, Exported
from relief.publishing.words import COLUMNS, NOTICES, SYNTHETIC_NOTICE

if TYPE_CHECKING:
    import duckdb


class Look(Protocol):
    """The functions that `write` calls so that `preview` can inspect a release."""

    def suppressed(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Called when memory.main has the suppressed public tables and the warehouse has the exact tables."""

    def written(self, connection: "duckdb.DuckDBPyConnection", kind: str) -> None:
        """Called when the release of this kind has been written to release.main."""


def release_id_at(now: datetime) -> str:
    """The id of a release made at this time (UTC)."""
    return now.strftime("%Y%m%dT%H%M%S") + f"{now.microsecond // 1000:03d}Z"


def ready(home: Home, agreement: str | None, accept: str | None) -> str | None:
    """Return the checked reason of an acceptance. Raises ReliefError for a release that this version never makes."""
    reason = checked_reason(accept)
    if agreement is not None:
        raise ReliefError("row-level research releases are not made by this version; publish without --agreement")
    if not home.has_warehouse():
        raise ReliefError("nothing is built yet; run: relief build")
    return reason


@contextmanager
def warehouse_of(home: Home, temporary: str) -> "Iterator[duckdb.DuckDBPyConnection]":
    """A connection in memory with the warehouse attached, read-only. Errors become one clear line."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    try:
        with connect(config={"temp_directory": temporary}) as connection:
            try:
                connection.execute(f"attach '{_quoted(home.warehouse)}' as warehouse (read_only)")
                connection.execute("use warehouse")
            except duckdb.IOException:
                raise ReliefError(
                    f"{home.warehouse} is in use by another process; wait until it has finished and try again"
                ) from None
            recognize(connection, home, read_only=True)
            yield connection
    except duckdb.CatalogException:
        raise ReliefError("the warehouse lacks a report that is published; run: relief build") from None
    except duckdb.IOException as error:
        raise cannot_write(home, error) from None


def cannot_write(home: Home, error: Exception) -> ReliefError:
    """Return a one-line error for a full disk or a folder without permission to write."""
    return ReliefError(f"{home.releases} cannot be written ({type(error).__name__}); is the disk full?")


@dataclass(frozen=True)
class Edition:
    """The facts that the three files of a release share. `before` is None if there is no release to compare with."""

    release_id: str
    build: Build
    published_at: datetime
    home: Home
    figures: Figures
    before: Figures | None
    tables: tuple[Exported, ...]
    accepted: tuple[Acceptance, ...] = ()

    def breaches(self) -> list[Breach]:
        """The headline figures that are published only if a person accepts them."""
        return breaches(self.figures, self.before)


def edition_of(connection: "duckdb.DuckDBPyConnection", home: Home, release_id: str, now: datetime) -> Edition:
    """The edition to publish now: the last passed build, its headline figures and those of the release before."""
    build = passed_build(connection, home)
    known = {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = 'warehouse'"
        ).fetchall()
    }
    tables = tuple(table for table in EXPORTED if table.source in known or not table.is_optional)
    is_judged = any(table.name == QUALITY for table in tables)
    figures = figures_of(connection, f"warehouse.reporting.{QUALITY}") if is_judged else {}
    return Edition(release_id, build, now, home, figures, figures_of_release(home, current_release(home)), tables)


def write(
    connection: "duckdb.DuckDBPyConnection", edition: Edition, kind: str, file: str, look: Look | None = None
) -> None:
    """Write the release of one kind to a file, or to `:memory:` for a preview."""
    connection.execute(f"attach '{_quoted(file)}' as release")
    try:
        if kind == "leadership":
            _copy_exact(connection, edition, kind, "release.main")
            _copy_checks(connection, edition.build)
        else:
            # Suppress in memory. Data stays in the pages of a file even after deletion, so exact numbers must never
            # enter it. The public and research releases contain the same cubes, suppressed once, so that both hide the
            # same cells.
            if kind == "public":
                _copy_exact(connection, edition, kind, "memory.main")
                suppress_tables(connection, "memory.main")
                if look:
                    look.suppressed(connection)
                _name_policies(connection)
            if kind == "research":
                add_research(connection)
            for table in edition.tables:
                if kind in table.kinds:
                    connection.execute(f"create table release.main.{table.name} as from memory.main.{table.name}")
        if kind == "research":
            earlier = current_release(edition.home)
            file_before = edition.home.releases / earlier.research if earlier else None
            add_changes(connection, "release.main", file_before if file_before and file_before.exists() else None)
        _copy_acceptances(connection, edition, kind)
        _describe(connection, edition, kind)
        if kind == "research":
            add_codebook(connection, "release", RELEASED)
        refuse_free_text(connection, "release", kind, RELEASED)
        if look:
            look.written(connection, kind)
    finally:
        connection.execute("detach release")


def _copy_exact(connection: "duckdb.DuckDBPyConnection", edition: Edition, kind: str, schema: str) -> None:
    """Copy the allowed tables and columns of the warehouse without suppression."""
    for table in edition.tables:
        if kind in table.kinds:
            connection.execute(
                f"create table {schema}.{table.name} as select {', '.join(table.columns)} "
                f"from warehouse.{table.source} where {table.where}"
            )


def _copy_acceptances(connection: "duckdb.DuckDBPyConnection", edition: Edition, kind: str) -> None:
    """In the leadership release, write who accepted which figure and why; elsewhere only that a person accepted it."""
    table = f"release.main.{ACCEPTANCES}"
    if kind == "leadership":
        connection.execute(
            f"create table {table} (figure_id varchar, counted_before bigint, counted_now bigint, "
            "may_fall_by double, reason varchar, accepted_by varchar, accepted_at timestamp)"
        )
        rows = [astuple(one) for one in edition.accepted]
    else:
        connection.execute(f"create table {table} (figure_id varchar, acceptance varchar)")
        rows = [(one.figure_id, ACCEPTED) for one in edition.accepted]
    if rows:
        connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def _name_policies(connection: "duckdb.DuckDBPyConnection") -> None:
    """Replace the ids of a county's own policies. This must follow suppression, which sorts by the original ids."""
    bases = connection.execute(f"select basis from memory.main.{OUTCOMES} where basis_type = 'policy'").fetchall()
    for policy_id, public_id in public_ids(connection, {basis for (basis,) in bases}).items():
        connection.execute(f"update memory.main.{OUTCOMES} set basis = ? where basis = ?", [public_id, policy_id])


def _copy_checks(connection: "duckdb.DuckDBPyConnection", build: Build) -> None:
    connection.execute(f"create table release.main.check_results ({', '.join(_check_columns())})")
    rows = newest_checks(connection, build.build_id)
    if rows:
        marks = ", ".join("?" * len(CHECKS))
        connection.executemany(f"insert into release.main.check_results values ({marks})", rows)


def _check_columns() -> list[str]:
    return [f"{name} {'timestamp' if name == 'checked_at' else 'varchar'}" for name in CHECKS]


def _describe(connection: "duckdb.DuckDBPyConnection", edition: Edition, kind: str) -> None:
    """Write the tables that describe the file and the meaning of each column."""
    build = edition.build
    notice = (SYNTHETIC_NOTICE if build.is_synthetic else "") + NOTICES[kind]
    connection.execute(
        """
        create table release.main.release_info as select ? as release_id, ? as build_id, ? as kind,
            ?::timestamp as published_at, ? as county, ?::date as evaluated_as_of_date, ?::date as extract_as_of_date,
            ?::boolean as is_synthetic, ? as notice, ? as relief_version, ? as data_quality
        """,
        [
            edition.release_id,
            build.build_id,
            kind,
            edition.published_at.replace(tzinfo=None),
            build.county,
            build.evaluated_as_of_date,
            build.extract_as_of_date,
            build.is_synthetic,
            notice,
            __version__,
            data_quality(edition.figures),
        ],
    )
    connection.execute(
        "create table release.main.data_dictionary (table_name varchar, column_name varchar, description varchar)"
    )
    described = descriptions()
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'release' "
        "order by table_name, column_index"
    ).fetchall()
    sources = {table.name: table.source.split(".")[-1] for table in EXPORTED}
    entries = [
        (table, column, described.get((sources.get(table, table), column)) or COLUMNS.get(column, ""))
        for table, column in rows
    ]
    connection.executemany("insert into release.main.data_dictionary values (?, ?, ?)", entries)


def _quoted(path: Path | str) -> str:
    return str(path).replace("'", "''")
