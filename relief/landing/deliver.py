"""Land files, one path after another. Each file or archive member is surveyed, then landed or refused whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from relief.building.lock import landing
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing import catalog
from relief.landing.container import Content, contents
from relief.landing.enter import land_delivery
from relief.landing.incoming import clear_leftovers
from relief.landing.job import Job, LandResult, Report
from relief.landing.layout import load_source
from relief.landing.layout_files import choose, layout_folders, with_layouts
from relief.landing.layout_use import unused_layouts
from relief.landing.progress import Progress, no_progress
from relief.landing.rehearsal import rehearse
from relief.landing.repair import land_mended
from relief.landing.survey import survey
from relief.text import printable


def land(  # noqa: PLR0917  (the signature that every caller knows)
    home: Home,
    source: str,
    paths: list[Path],
    as_of: date | None,
    supersedes: str | None,
    report: Report,
    *,
    layout: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> list[LandResult]:
    """Land each path on its own. Sound files stay landed; if any is refused, a ReliefError is raised at the end.

    `layout` names the layout to use if a header fits several layouts. A dry run reads, cuts and refuses files as
    landing does, reports what would happen, and writes nothing.
    """
    read_by = with_layouts(load_source(source), layout_folders(home))
    if layout is not None:
        read_by = choose(read_by, layout)
    if not paths:
        raise ReliefError("no file was named; name the files to land")
    # Compare with the office's day and the UTC day, since the office may be west or east of UTC.
    if as_of and as_of > max(date.today(), datetime.now(UTC).date()):  # noqa: DTZ011  (the office's own day)
        raise ReliefError(f"as-of {as_of} is in the future; give the as-of date of the data")
    if supersedes and len(paths) > 1:
        raise ReliefError("--supersedes replaces one delivery by one file; land the other files apart from it")
    say = (lambda line: report(f"dry run: {line}")) if dry_run else report
    results: list[LandResult] = []
    refusals: list[ReliefError] = []
    with _connection(home, dry_run) as connection:
        job = Job(home, connection, read_by, as_of, supersedes, dry_run, say, progress)
        for path in paths:
            for content, refusal in _contents(path, supersedes):
                try:
                    if refusal:
                        raise refusal
                    assert content is not None  # noqa: S101  (type checker)
                    results.append(_land_content(job, content))
                except ReliefError as error:
                    refusals.append(error)
        for line in unused_layouts(connection, home, with_words=not dry_run):
            say(line)
    _raise_refusals(refusals, len(results), say, dry_run)
    if dry_run:
        say("nothing was written")
    return results


@contextmanager
def _connection(home: Home, dry_run: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    if dry_run:
        with rehearse(home) as connection:
            yield connection
        return
    with landing(home), open_warehouse(home) as connection:
        try:
            catalog.ensure_raw(connection, home)
            clear_leftovers(home)
        except (OSError, duckdb.Error) as error:
            raise _no_room("the files", home, error) from error
        yield connection


def _contents(path: Path, supersedes: str | None) -> Iterator[tuple[Content | None, ReliefError | None]]:
    try:
        found = contents(path)
        if supersedes and len(found) > 1:
            raise ReliefError(
                f"{printable(path.name)} contains {len(found)} files and --supersedes replaces one delivery; "
                "unpack it first"
            )
    except ReliefError as error:
        yield None, error
    else:
        yield from ((content, None) for content in found)


def _land_content(job: Job, content: Content) -> LandResult:
    lines: list[str] = []  # reported only after the progress bar has left the terminal
    quiet = replace(job, report=lines.append)
    try:
        with job.progress(content.label, content.shown_bytes) as watch:
            found = survey(content, watch.looking)
            land_one = land_mended if found.is_mended else land_delivery
            result = land_one(quiet, content, found, watch)
    except (OSError, duckdb.Error) as error:
        raise _no_room(content.label, job.home, error) from error
    finally:
        for line in lines:
            job.report(line)
    return result


def _no_room(what: str, home: Home, error: Exception) -> ReliefError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return ReliefError(f"{what} could not be landed: {reason} in {home.path}; is the disk full?")


def _raise_refusals(refusals: list[ReliefError], landed: int, report: Report, dry_run: bool) -> None:
    if len(refusals) == 1 and not landed:
        raise refusals[0]
    for refusal in refusals:
        report(f"refused: {refusal}")
    if refusals:
        others = "would be landed" if dry_run else "are landed"
        raise ReliefError(
            f"{len(refusals)} of {len(refusals) + landed} files were refused (see above); the others {others}"
        )
