"""Land one file or archive member: cut it into records, load them and enter it in the manifest, or refuse it."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from relief import __version__
from relief.errors import ReliefError
from relief.landing import catalog
from relief.landing.container import Content
from relief.landing.given import MODELS, faults, lines
from relief.landing.header import FileShape
from relief.landing.incoming import Incoming
from relief.landing.job import Job, LandResult
from relief.landing.layout import Table
from relief.landing.load import Loader
from relief.landing.parquet import KeepingSink, ParquetSink, Sink
from relief.landing.progress import Watch
from relief.landing.rejects import Rejects
from relief.landing.stream import records
from relief.landing.superseding import check_superseded, refuse_emptying, supersede_late
from relief.landing.survey import Survey
from relief.text import printable

_UNPACK = "unpack it, add a blank line at its end"
_TOUCH = {"none": "add a blank line at its end", "parquet": "save it as CSV with a blank line at its end"}


def land_delivery(job: Job, content: Content, found: Survey, watch: Watch) -> LandResult:
    """Land a surveyed content. Its bytes identify the delivery, so landing the same bytes again changes nothing."""
    delivery_id = f"{job.source.name}-{found.sha256[:12]}"
    if earlier := catalog.find(job.connection, delivery_id):
        _refuse_other_layout(job, content, earlier)
        return _land_again(job, content, earlier)
    stream = records(content, found, job.source, watch.landing)
    shape = next(stream)
    assert isinstance(shape, FileShape)  # noqa: S101  (type checker)
    table = shape.table
    older = check_superseded(job.connection, job.supersedes, table.name, delivery_id) if job.supersedes else None
    incoming = Incoming(job.home, job.source.name, delivery_id)
    spool = None if job.dry_run else incoming.spool
    rejects = Rejects(spool, delivery_id, job.source.name, table.name)
    with ExitStack() as stack:
        if not job.dry_run:
            stack.callback(incoming.remove)
            incoming.make()
        parquet = incoming.folder / f"{table.name}.parquet"
        with _sink(job, table, parquet) as sink:
            loader = Loader(shape, found.encoding, sink, rejects, content.label)
            for item in stream:
                assert not isinstance(item, FileShape)  # noqa: S101  (type checker)
                loader.add(item)
                watch.records(loader.records)
        has_rejects = rejects.close()
        _check_account(loader, rejects, shape, content)
        if older:
            refuse_emptying(older, loader.loaded, content.label)
        delivery = _delivery(job, content, found, shape, loader, incoming)
        if job.dry_run:
            catalog.enter(job.connection, delivery)
        else:
            incoming.put_in_place()
            catalog.record(job.connection, job.home, delivery, rejects.path if has_rejects else None)
            if not shape.table.is_own:
                catalog.keep_words(job.connection, job.source, shape.table.layout)
            catalog.keep_case_numbers(job.connection, job.source)
    _report_landed(job, content, delivery, loader, rejects)
    _report_faults(job, delivery, sink)
    counts = (delivery.records, delivery.loaded, delivery.rejected)
    return LandResult(delivery_id, delivery.file_name, *counts, already_landed=False)


def _delivery(  # noqa: PLR0917  (all that is known when a content has been read)
    job: Job, content: Content, found: Survey, shape: FileShape, loader: Loader, incoming: Incoming
) -> catalog.Delivery:
    now = datetime.now(UTC)
    parquet = incoming.final / f"{shape.table.name}.parquet"
    return catalog.Delivery(
        delivery_id=incoming.final.name,
        source=job.source.name,
        table_name=shape.table.name,
        file_name=printable(content.path.name),
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
        rejected=loader.records - loader.loaded,
        as_of_date=job.as_of or now.date(),
        as_of_given=job.as_of is not None,
        landed_at=now.replace(tzinfo=None),
        status="landed",
        supersedes=job.supersedes,
        superseded_by=None,
        is_synthetic=loader.labelled > 0,
        parquet_path=parquet.relative_to(job.home.path).as_posix(),
        relief_version=__version__,
        file_columns=shape.written_columns,
        layout=shape.table.layout,
        county_name=shape.table.county,
    )


def _sink(job: Job, table: Table, parquet: Path) -> Sink:
    if not job.dry_run:
        return ParquetSink(parquet, table.columns)
    return KeepingSink(table.columns) if table.name in MODELS else Sink(table.columns)


def _report_faults(job: Job, delivery: catalog.Delivery, sink: Sink) -> None:
    """Report at once which rows a build cannot use, while the person still has the file at hand."""
    if delivery.table_name not in MODELS:
        return
    if isinstance(sink, KeepingSink):
        job.connection.register("rows_of_a_dry_run", sink.rows())
        relation = "select * from rows_of_a_dry_run"
    else:
        relation = catalog.rows_of(job.home, delivery.parquet_path)
    found = faults(job.connection, delivery.table_name, delivery.delivery_id, delivery.as_of_date, relation)
    if found:
        count = len({fault.row_no for fault in found})
        noun = "row has a mistake" if count == 1 else "rows have mistakes"
        job.report(f"  {count:,} {noun} (all lines but the header are counted); relief status lists them again:")
        for line in lines(found, with_delivery=False):
            job.report(f"    {line}")


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


def _refuse_other_layout(job: Job, content: Content, earlier: catalog.Delivery) -> None:
    read_by = earlier.layout or job.source.name
    if job.source.chosen not in ("", read_by):
        raise ReliefError(
            f"{content.label}: already landed as {earlier.delivery_id}, by the layout {read_by}, and a delivery keeps "
            f"its layout; if that was wrong, {_TOUCH.get(content.compression, _UNPACK)} and land it with --layout "
            f"{job.source.chosen} --supersedes {earlier.delivery_id}"
        )


def _land_again(job: Job, content: Content, earlier: catalog.Delivery) -> LandResult:
    if job.as_of and not earlier.as_of_given:
        catalog.set_as_of(job.connection, earlier.delivery_id, job.as_of)
        becomes = "would become" if job.dry_run else "is now"
        job.report(f"{content.label}: already landed as {earlier.delivery_id}; its as-of date {becomes} {job.as_of}")
    else:
        job.report(_already_landed_line(job, earlier, content))
    if job.supersedes and earlier.supersedes != job.supersedes:
        supersede_late(job.connection, job.home, earlier, job.supersedes, content.label)
        job.report(f"  it {'would' if job.dry_run else 'now'} supersede{'' if job.dry_run else 's'} {job.supersedes}")
    counts = (earlier.records, earlier.loaded, earlier.rejected)
    return LandResult(earlier.delivery_id, printable(content.path.name), *counts, already_landed=True)


def _already_landed_line(job: Job, earlier: catalog.Delivery, content: Content) -> str:
    note = f"as of {earlier.as_of_date}"
    if job.as_of and job.as_of != earlier.as_of_date:
        note += f", and stays so: the date {job.as_of} was not taken over"
    if earlier.superseded_by:
        note += f", superseded by {earlier.superseded_by}"
    return f"{content.label}: already landed as {earlier.delivery_id} ({note}); nothing new"


def _report_landed(job: Job, content: Content, delivery: catalog.Delivery, loader: Loader, rejects: Rejects) -> None:
    landing_date = "" if delivery.as_of_given else " (the landing date: no --as-of was given)"
    loaded, rejected = ("would load", "would be rejected") if job.dry_run else ("loaded", "rejected")
    job.report(
        f"{content.label}: {delivery.records:,} records = {delivery.loaded:,} {loaded} + "
        f"{delivery.rejected:,} {rejected}, as of {delivery.as_of_date}{landing_date}, "
        f"delivery {delivery.delivery_id} of {delivery.table_name}"
    )
    if job.dry_run:
        header = f"{len(loader.shape.columns)} named columns" if delivery.has_header else "no header"
        packed = "not compressed" if delivery.compression == "none" else delivery.compression
        job.report(f"  {packed}, {delivery.encoding.upper()}, {header}")
    elif delivery.encoding != "utf-8":
        job.report(f"  not UTF-8: read as {delivery.encoding.upper()}")
    if not loader.shape.table.is_own:
        job.report(f"  read by the layout {delivery.layout}, county {delivery.county_name}")
    if loader.not_kept:
        job.report(f"  not kept, as the layout says: {', '.join(loader.not_kept)}")
    for line in rejects.summary():
        job.report(f"  {rejected} {line}")
    if 0 < loader.labelled < delivery.loaded:
        job.report(f"  {loader.labelled:,} of its rows are labelled synthetic: all of it counts as synthetic")
    if delivery.supersedes:
        job.report(f"  {'would supersede' if job.dry_run else 'supersedes'} {delivery.supersedes}")
