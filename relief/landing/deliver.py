"""Land files: each content is surveyed, cut into records, loaded, and entered in the manifest, or refused whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import duckdb

from relief import __version__
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing import catalog
from relief.landing.container import Content, contents
from relief.landing.header import FileShape, shape_of
from relief.landing.layout import Source, all_sources, load_source
from relief.landing.load import Loader
from relief.landing.parquet import ParquetSink
from relief.landing.records import Chunk, chunks
from relief.landing.rejects import REASONS, Rejects
from relief.landing.survey import UTF8_BOM, Survey, survey
from relief.text import printable

Report = Callable[[str], None]
_INCOMING = ".incoming-"


@dataclass(frozen=True)
class LandResult:
    """What became of one content."""

    delivery_id: str
    file_name: str
    records: int
    loaded: int
    rejected: int
    already_landed: bool


@dataclass(frozen=True)
class _Order:
    """What the user asked for."""

    source: Source
    as_of: date | None
    supersedes: str | None


def land(  # noqa: PLR0917  (the signature that every caller knows)
    home: Home, source: str, paths: list[Path], as_of: date | None, supersedes: str | None, report: Report
) -> list[LandResult]:
    """Land each path on its own. What is sound stays landed; if any is refused, a ReliefError is raised at the end."""
    order = _Order(load_source(source), as_of, supersedes)
    if not paths:
        raise ReliefError("no file was named; name the files to land")
    if as_of and as_of > max(
        date.today(), datetime.now(UTC).date()
    ):  # both, since the office may be west or east of UTC
        raise ReliefError(f"as-of {as_of} is in the future; give the day the data speak of")
    if supersedes and len(paths) > 1:
        raise ReliefError("--supersedes replaces one delivery by one file; land the other files apart from it")
    home.create()
    results: list[LandResult] = []
    refusals: list[ReliefError] = []
    with open_warehouse(home) as connection:
        catalog.ensure_raw(connection, home)
        _clear_leftovers(home)
        for path in paths:
            for content, refusal in _contents(path, order):
                try:
                    if refusal:
                        raise refusal
                    assert content is not None  # noqa: S101
                    results.append(_land_content(connection, home, content, order, report))
                except ReliefError as error:
                    refusals.append(error)
    _raise_refusals(refusals, len(results), report)
    return results


def _contents(path: Path, order: _Order) -> Iterator[tuple[Content | None, ReliefError | None]]:
    try:
        found = contents(path)
        if order.supersedes and len(found) > 1:
            raise ReliefError(
                f"{printable(path.name)} holds {len(found)} files and --supersedes replaces one delivery; "
                "unpack it first"
            )
    except ReliefError as error:
        yield None, error
    else:
        yield from ((content, None) for content in found)


def _raise_refusals(refusals: list[ReliefError], landed: int, report: Report) -> None:
    if len(refusals) == 1 and not landed:
        raise refusals[0]
    for refusal in refusals:
        report(f"refused: {refusal}")
    if refusals:
        raise ReliefError(
            f"{len(refusals)} of {len(refusals) + landed} files were refused (see above); the others are landed"
        )


def _land_content(
    connection: duckdb.DuckDBPyConnection, home: Home, content: Content, order: _Order, report: Report
) -> LandResult:
    found = survey(content)
    file_name = printable(content.path.name)
    delivery_id = f"{order.source.name}-{found.sha256[:12]}"
    if earlier := catalog.find(connection, delivery_id):
        if order.as_of and not earlier.as_of_given:
            catalog.set_as_of(connection, earlier.delivery_id, order.as_of)
            report(f"{content.label}: already landed as {earlier.delivery_id}; its as-of date is now {order.as_of}")
        else:
            report(_already_landed_line(earlier, content, order))
        if order.supersedes and earlier.supersedes != order.supersedes:
            _supersede_late(connection, home, earlier, order)
            report(f"  it now supersedes {order.supersedes}")
        counts = (earlier.records, earlier.loaded, earlier.rejected)
        return LandResult(delivery_id, file_name, *counts, already_landed=True)

    stream = _records(content, found, order.source)
    shape = next(stream)
    assert isinstance(shape, FileShape)  # noqa: S101
    if order.supersedes:
        _check_superseded(connection, order, shape.table.name, delivery_id)
    table = shape.table
    incoming = home.landing / order.source.name / f"{_INCOMING}{delivery_id}"
    final = home.landing / order.source.name / delivery_id
    rejects = Rejects(incoming / "rejects.parquet", delivery_id, order.source.name, table.name)
    try:
        _make_private(incoming / delivery_id, home.landing)
        with ParquetSink(incoming / delivery_id / f"{table.name}.parquet", table.columns) as sink:
            loader = Loader(shape, found.encoding, sink, rejects, content.label)
            for item in stream:
                assert not isinstance(item, FileShape)  # noqa: S101
                loader.add(*item)
        has_rejects = rejects.close()
        _check_account(loader, rejects, shape, content)
        _synchronize(incoming / delivery_id)
        if final.exists():  # a landing was killed before its line in the manifest was written
            shutil.rmtree(final)
        (incoming / delivery_id).rename(final)
        _synchronize(final.parent)
        now = datetime.now(UTC)
        delivery = catalog.Delivery(
            delivery_id=delivery_id,
            source=order.source.name,
            table_name=table.name,
            file_name=file_name,
            member_name=printable(content.member_name) if content.member_name else None,
            sha256=found.sha256,
            file_bytes=content.path.stat().st_size,
            compression=content.compression,
            encoding=found.encoding,
            has_bom=found.has_bom,
            has_header=shape.has_header,
            line_ending=found.line_ending,
            records=loader.records,
            loaded=loader.loaded,
            rejected=rejects.total,
            as_of_date=order.as_of or now.date(),
            as_of_given=order.as_of is not None,
            landed_at=now.replace(tzinfo=None),
            status="landed",
            supersedes=order.supersedes,
            superseded_by=None,
            is_synthetic=loader.labelled > 0,
            parquet_path=(final / f"{table.name}.parquet").relative_to(home.path).as_posix(),
            relief_version=__version__,
        )
        catalog.record(connection, home, delivery, rejects.path if has_rejects else None)
    except (OSError, duckdb.Error) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ReliefError(f"{content.label} could not be landed: {reason} in {home.path}; is the disk full?") from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    _report_landed(delivery, content, loader, rejects, report)
    return LandResult(delivery_id, file_name, loader.records, loader.loaded, rejects.total, already_landed=False)


def _records(content: Content, found: Survey, source: Source) -> Iterator[FileShape | tuple[Chunk, int | None]]:
    """First the file's shape, then its chunks, each with the index of the header in it (or None)."""
    seen = 0

    def blocks() -> Iterator[bytes]:
        nonlocal seen
        for block in content.blocks():
            part = block.removeprefix(UTF8_BOM) if seen == 0 and found.has_bom else block
            seen += len(block)
            yield part.replace(b"\r", b"\n") if found.line_ending == "cr" else part

    widest = max(len(table.columns) for table in source.tables)
    stream = chunks(blocks(), widest, content.label, len(UTF8_BOM) * found.has_bom)
    first = next(stream)
    header = next((i for i in range(len(first.starts)) if first.record(i).strip()), None)
    if header is None:
        raise ReliefError(f"{content.label} holds blank lines only; fetch it again")
    shape = shape_of(first.record(header), source, content.label, content.path.name)
    yield shape
    yield first, header if shape.has_header else None
    for chunk in chain(stream):
        yield chunk, None
    if seen != found.content_bytes:
        raise ReliefError(f"{content.label} changed while it was being read; nothing of it was landed: land it again")


def _check_account(loader: Loader, rejects: Rejects, shape: FileShape, content: Content) -> None:
    if loader.records != loader.loaded + rejects.total:
        raise ReliefError(
            f"{content.label}: loaded and rejected do not add up to its records; nothing of it was landed"
        )
    if not shape.has_header and loader.loaded == 0:
        raise ReliefError(
            f"{content.label} has neither a header nor one record with the {len(shape.columns)} columns of "
            f"{shape.table.name}; nothing of it was landed: is it for another --source?"
        )


def _check_superseded(connection: duckdb.DuckDBPyConnection, order: _Order, table_name: str, delivery_id: str) -> None:
    older_id = order.supersedes or ""
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


def _already_landed_line(earlier: catalog.Delivery, content: Content, order: _Order) -> str:
    note = f"as of {earlier.as_of_date}"
    if order.as_of and order.as_of != earlier.as_of_date:
        note += f", and stays so: the date {order.as_of} was not taken over"
    if earlier.superseded_by:
        note += f", superseded by {earlier.superseded_by}"
    return f"{content.label}: already landed as {earlier.delivery_id} ({note}); nothing new"


def _supersede_late(connection: duckdb.DuckDBPyConnection, home: Home, newer: catalog.Delivery, order: _Order) -> None:
    """A file that was landed without --supersedes is landed again with it."""
    _check_superseded(connection, order, newer.table_name, newer.delivery_id)
    if newer.status != "landed":
        raise ReliefError(f"--supersedes: {newer.delivery_id} is itself superseded; it cannot replace another")
    if newer.supersedes:
        raise ReliefError(f"--supersedes: {newer.delivery_id} already replaces {newer.supersedes}")
    catalog.supersede(connection, home, order.supersedes or "", newer.delivery_id)


def _report_landed(
    delivery: catalog.Delivery, content: Content, loader: Loader, rejects: Rejects, report: Report
) -> None:
    as_of = f"as of {delivery.as_of_date}" + (
        "" if delivery.as_of_given else " (the landing date: no --as-of was given)"
    )
    report(
        f"{content.label}: {delivery.records:,} records = {delivery.loaded:,} loaded + {delivery.rejected:,} rejected, "
        f"{as_of}, delivery {delivery.delivery_id} of {delivery.table_name}"
    )
    if delivery.encoding != "utf-8":
        report(f"  not UTF-8: read as {delivery.encoding.upper()}")
    for reason, count in rejects.counts.most_common():
        report(f"  rejected {count:,}: {REASONS[reason]}")
    if 0 < loader.labelled < delivery.loaded:
        report(f"  {loader.labelled:,} of its rows are labelled synthetic: all of it counts as synthetic")
    if delivery.supersedes:
        report(f"  supersedes {delivery.supersedes}")


def _clear_leftovers(home: Home) -> None:
    """Remove what a killed landing left half written. We hold the warehouse, so no other is under way.

    Only the names that a landing gives are ours to remove.
    """
    for source in all_sources():
        for folder in (home.landing / source.name).glob(f"{_INCOMING}{source.name}-{'[0-9a-f]' * 12}"):
            shutil.rmtree(folder, ignore_errors=True)


def _make_private(folder: Path, root: Path) -> None:
    """Make a folder and its parents up to the landing folder for their owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    while folder != root.parent:
        folder.chmod(0o700)
        folder = folder.parent


def _synchronize(folder: Path) -> None:
    """Make a folder's entries durable before the manifest speaks of them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
