"""Publish: three versioned files from the last build, then one pointer. Readers never meet a writer."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from relief import __version__
from relief.duck import connect
from relief.errors import ReliefError
from relief.home import Home
from relief.identity import recognize
from relief.publishing.closed import refuse_free_text
from relief.publishing.closed_lists import RELEASED
from relief.publishing.codebook import add_codebook
from relief.publishing.county_policies import public_ids
from relief.publishing.dictionary import descriptions
from relief.publishing.disclosure import suppress_tables
from relief.publishing.guard import Build, newest_checks, passed_build
from relief.publishing.release_changes import add_changes
from relief.publishing.releases import Release, current_release, point_to
from relief.publishing.research import add_research
from relief.publishing.research_files import clear_beside, write_beside
from relief.publishing.tables import CHECKS, EXPORTED, OUTCOMES
from relief.publishing.words import COLUMNS, KINDS, NOTICES, SYNTHETIC_NOTICE

if TYPE_CHECKING:
    import duckdb

_PART = ".part"
# The names this module gives; nothing else in the folder is touched. DuckDB adds .wal and .tmp to the file it writes.
_OWN_FILE = re.compile(
    r"(?:leadership|public|research)-(?P<release>[0-9]{8}T[0-9]{9}Z)[.]duckdb(?P<part>[.]part(?:[.](?:wal|tmp))?)?"
)


def publish(home: Home, agreement: str | None, report: Callable[[str], None]) -> Release:
    """Write the three releases of the last passed build and swap the pointer.

    Raises ReliefError when nothing is built, the build or a gate failed, or the folder cannot be written; the current
    release stays what it was. A text that comes from no closed list is refused in the same way.
    """
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    if agreement is not None:
        raise ReliefError("row-level research releases are not made by this version; publish without --agreement")
    if not home.has_warehouse():
        raise ReliefError("nothing is built yet; run: relief build")
    with _only_publisher(home.releases):
        _clear(home)
        now = datetime.now(UTC)
        before = current_release(home)
        while (home.releases / f"release-{_release_id(now)}.json").exists():
            now += timedelta(milliseconds=1)  # the clock was put back to the moment of an earlier release
        release_id = _release_id(now)
        names = {kind: f"{kind}-{release_id}.duckdb" for kind in KINDS}
        try:
            with connect(config={"temp_directory": str(home.path / "tmp")}) as connection:
                try:
                    connection.execute(f"attach '{_quoted(home.warehouse)}' as warehouse (read_only)")
                    connection.execute("use warehouse")
                except duckdb.IOException:
                    raise ReliefError(
                        f"{home.warehouse} is in use by another process; wait until it has finished and try again"
                    ) from None
                recognize(connection, home, read_only=True)
                build = passed_build(connection, home)
                edition = _Edition(release_id, build, now, home)
                for kind in KINDS:
                    _write(connection, edition, kind)
            for kind in KINDS:
                _settle(edition.part(kind), home.releases / names[kind], kind)
            write_beside(home.releases / names["research"], release_id)
            release = Release(
                release_id=release_id,
                build_id=build.build_id,
                published_at=now.isoformat(timespec="seconds"),
                previous=before.release_id if before else None,
                **names,
            )
            point_to(home, release)
        except duckdb.CatalogException:
            raise ReliefError("the warehouse lacks a report that is published; run: relief build") from None
        except (OSError, duckdb.IOException) as error:
            raise ReliefError(
                f"{home.releases} cannot be written ({type(error).__name__}); is the disk full?"
            ) from None
        finally:
            _clear(home)
    report(f"published release {release_id} of build {build.build_id}: {', '.join(KINDS)}")
    return release


def _release_id(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%S") + f"{now.microsecond // 1000:03d}Z"


# A pointer or manifest that a killed publisher was writing.
_OWN_TEXT = re.compile(r"[.](?:current|release-[0-9]{8}T[0-9]{9}Z[.]json)[.][0-9]+[.]part")


@contextmanager
def _only_publisher(folder: Path) -> Iterator[None]:
    """Keep a second publisher out. The lock goes with the process, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise ReliefError(f"{folder} cannot be written ({error.strerror}); name a folder you can write to") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ReliefError(f"another process is publishing to {folder}; wait until it has finished") from None
        yield


def _clear(home: Home) -> None:
    """Remove what a publisher that failed or was killed left behind: parts, and files that no manifest names."""
    for file in home.releases.iterdir():
        ours = _OWN_FILE.fullmatch(file.name)
        if _OWN_TEXT.fullmatch(file.name) or (
            ours and (ours["part"] or not (home.releases / f"release-{ours['release']}.json").exists())
        ):
            file.unlink(missing_ok=True)
    clear_beside(home.releases)


@dataclass(frozen=True)
class _Edition:
    """What the three files of one release share."""

    release_id: str
    build: Build
    published_at: datetime
    home: Home

    def part(self, kind: str) -> Path:
        """The file while it is being written."""
        return self.home.releases / f"{kind}-{self.release_id}.duckdb{_PART}"


def _write(connection: "duckdb.DuckDBPyConnection", edition: _Edition, kind: str) -> None:
    connection.execute(f"attach '{_quoted(edition.part(kind))}' as release")
    try:
        if kind == "leadership":
            _copy_exact(connection, kind, "release.main")
            _copy_checks(connection, edition.build)
        else:
            # Suppressed in memory: what a file once held stays in its pages, so no exact number may ever have been in
            # it. Public and research hold the same cubes, suppressed once, so that the two hide the same.
            if kind == "public":
                _copy_exact(connection, kind, "memory.main")
                suppress_tables(connection, "memory.main")
                _name_policies(connection)
            if kind == "research":
                add_research(connection)
            for table in EXPORTED:
                if kind in table.kinds:
                    connection.execute(f"create table release.main.{table.name} as from memory.main.{table.name}")
        if kind == "research":
            before = current_release(edition.home)
            file = edition.home.releases / before.research if before else None
            add_changes(connection, "release.main", file if file and file.exists() else None)
        _describe(connection, edition, kind)
        if kind == "research":
            add_codebook(connection, "release")
        refuse_free_text(connection, "release", kind, RELEASED)
    finally:
        connection.execute("detach release")


def _copy_exact(connection: "duckdb.DuckDBPyConnection", kind: str, schema: str) -> None:
    """The allowed tables and columns of the warehouse, exact."""
    for table in EXPORTED:
        if kind in table.kinds:
            connection.execute(
                f"create table {schema}.{table.name} as select {', '.join(table.columns)} "
                f"from warehouse.{table.source} where {table.where}"
            )


def _name_policies(connection: "duckdb.DuckDBPyConnection") -> None:
    """The ids that people gave to policies of their own stay inside; after suppression, which goes by the name."""
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


def _describe(connection: "duckdb.DuckDBPyConnection", edition: _Edition, kind: str) -> None:
    """The tables that say what the file is, and what each column means."""
    build = edition.build
    notice = (SYNTHETIC_NOTICE if build.is_synthetic else "") + NOTICES[kind]
    connection.execute(
        """
        create table release.main.release_info as select ? as release_id, ? as build_id, ? as kind,
            ?::timestamp as published_at, ? as county, ?::date as evaluated_as_of_date, ?::date as extract_as_of_date,
            ?::boolean as is_synthetic, ? as notice, ? as relief_version
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


def _settle(part: Path, final: Path, kind: str) -> None:
    """Force the file to disk, fix who may read it, give it its name."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o600 if kind == "leadership" else 0o644)
    part.replace(final)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
