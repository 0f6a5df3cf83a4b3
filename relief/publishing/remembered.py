"""The warehouse's record of releases: headline figures of the last releases, and who accepted which figure."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

from relief.duck import has_table
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.publishing.headlines import Acceptance, figures_of_release
from relief.publishing.releases import Release, current_release, release_of

if TYPE_CHECKING:
    import duckdb

MOST = 20
"""The largest number of releases that are read. A build never has more releases in a row."""
_FIGURES = """
create schema if not exists meta;
create or replace table meta.released_figures (
    release_id varchar, build_id varchar, place integer, figure_id varchar, counted bigint
);
"""
_ACCEPTANCES = """
create schema if not exists meta;
create table if not exists meta.acceptances (
    release_id varchar, figure_id varchar, counted_before bigint, counted_now bigint, may_fall_by double,
    reason varchar, accepted_by varchar, accepted_at timestamp
);
"""


def keep_released(connection: "duckdb.DuckDBPyConnection", home: Home) -> None:
    """Rewrite the figures of the current release and of those before it, up to the first one of another build."""
    rows = []
    for place, release in enumerate(_with_those_before(home)):
        figures = figures_of_release(home, release) or {}
        rows += [
            (release.release_id, release.build_id, place, figure.figure_id, figure.counted)
            for figure in figures.values()
        ]
    connection.execute(_FIGURES)
    if rows:
        connection.executemany("insert into meta.released_figures values (?, ?, ?, ?, ?)", rows)


def remember(home: Home) -> None:
    """Call `keep_released` if the warehouse is free. If the warehouse is in use, the next build makes the call."""
    try:
        with open_warehouse(home) as connection:
            keep_released(connection, home)
    except ReliefError:
        return


def keep_acceptances(home: Home, release_id: str, accepted: Sequence[Acceptance]) -> None:
    """Record who accepted which figure of a release. Raises ReliefError when the warehouse is in use."""
    if not accepted:
        return
    with open_warehouse(home) as connection:
        connection.execute(_ACCEPTANCES)
        connection.executemany(
            "insert into meta.acceptances values (?, ?, ?, ?, ?, ?, ?, ?)",
            [(release_id, *astuple(one)) for one in accepted],
        )


def acceptances_of(connection: "duckdb.DuckDBPyConnection", release_id: str) -> list[Acceptance]:
    """The accepted figures of a release. A warehouse of an earlier version has none."""
    if not has_table(connection, "meta", "acceptances"):
        return []
    return [
        Acceptance(*row)
        for row in connection.execute(
            "select figure_id, counted_before, counted_now, may_fall_by, reason, accepted_by, accepted_at "
            "from meta.acceptances where release_id = ? order by rowid",
            [release_id],
        ).fetchall()
    ]


def _with_those_before(home: Home) -> Iterator[Release]:
    """Yield the current release and those before it, up to the first of another build or an unreadable manifest."""
    try:
        release = current_release(home)
        for _ in range(MOST):
            if release is None:
                return
            yield release
            build_id = release.build_id
            release = release_of(home, release.previous) if release.previous else None
            if release is not None and release.build_id != build_id:
                yield release
                return
    except ReliefError:
        return
