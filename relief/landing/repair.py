"""Land mended rejects. Each reject is identified, then loaded as a record of its delivery, dropped, or left open."""

import hashlib
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice

import pyarrow as pa

from relief import __version__
from relief.errors import ReliefError
from relief.landing import ledger
from relief.landing.container import Content
from relief.landing.header import FileShape, shape_of
from relief.landing.incoming import Incoming
from relief.landing.job import Job, LandResult
from relief.landing.layout_files import choose_again
from relief.landing.mended import MendedRecord, check_of, mended_records, names_of
from relief.landing.mending import Judge, is_only_padded, is_unchanged
from relief.landing.parquet import ParquetSink, Sink
from relief.landing.progress import Watch
from relief.landing.rejects import REASONS, Rejects
from relief.landing.stream import content_bytes
from relief.landing.survey import Survey
from relief.text import printable

BATCH_RECORDS = 5_000
_Key = tuple[str, int]


def land_mended(job: Job, content: Content, found: Survey, watch: Watch) -> LandResult:
    """Land the whole file of mended rejects or nothing. Landing the file again changes nothing and reports this."""
    repair_id = f"{job.source.name}-repair-{found.sha256[:12]}"
    if job.supersedes:
        raise ReliefError(
            f"{content.label} mends records of earlier deliveries and replaces no delivery: leave out --supersedes"
        )
    if earlier := ledger.find_repair(job.connection, repair_id):
        job.report(f"{content.label}: already landed as {repair_id}; nothing new")
        counts = (earlier.records, earlier.repaired, earlier.still_open)
        return LandResult(repair_id, earlier.file_name, *counts, already_landed=True)
    stream = mended_records(content_bytes(content, found, watch.landing), content.label)
    header = next(stream)
    assert isinstance(header, bytes)  # noqa: S101  (type checker)
    names = names_of(header, content.label)
    first = next(stream, None)
    if isinstance(first, MendedRecord):
        job = _by_its_layout(job, first, content)
        stream = chain([first], stream)
    shape = _shape(job, names, content)
    incoming = Incoming(job.home, job.source.name, repair_id)
    with ExitStack() as stack:
        if not job.dry_run:
            stack.callback(incoming.remove)
            incoming.make()
        parquet = incoming.folder / f"{shape.table.name}.parquet"
        with Sink(shape.table.columns) if job.dry_run else ParquetSink(parquet, shape.table.columns) as sink:
            work = _Repair(job, content, found, shape, Judge(shape, found.encoding, sink, content.label))
            while batch := [item for item in islice(stream, BATCH_RECORDS) if isinstance(item, MendedRecord)]:
                work.add(batch)
                watch.records(work.records)
        repair = work.repair(
            repair_id, parquet_path=(incoming.final / parquet.name).relative_to(job.home.path).as_posix()
        )
        if not job.dry_run:
            if repair.repaired:
                incoming.put_in_place()
            ledger.record_repair(job.connection, job.home, repair, work.outcomes(repair))
    work.report(repair)
    return LandResult(
        repair_id, repair.file_name, repair.records, repair.repaired, repair.still_open, already_landed=False
    )


def _by_its_layout(job: Job, first: MendedRecord, content: Content) -> Job:
    """Read rejects with the layout that read their delivery, even if their header now fits another layout too."""
    key = (first.delivery_id, first.record_no)
    state = ledger.states_of(job.connection, [key]).get(key)
    if state is None or state.source != job.source.name:
        return job  # _Repair._refuse refuses the file and names the line
    source = choose_again(job.source, state.layout, first.delivery_id)
    if job.source.chosen not in ("", source.chosen):
        raise ReliefError(
            f"{content.label} mends records of {first.delivery_id}, which was read by the layout {source.chosen}, "
            f"and --layout says {job.source.chosen}; leave it out"
        )
    return replace(job, source=source)


def _shape(job: Job, names: list[str], content: Content) -> FileShape:
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    shape = shape_of(quoted.encode(), job.source, content.label, content.path.name)
    if not shape.has_header:
        raise ReliefError(
            f"{content.label}: its header does not name the columns of {shape.table.name}; export it again"
        )
    return shape


class _Repair:
    """Process one mended file, batch by batch."""

    def __init__(self, job: Job, content: Content, found: Survey, shape: FileShape, judge: Judge) -> None:
        self.records = 0
        self._job = job
        self._content = content
        self._found = found
        self._shape = shape
        self._judge = judge
        self._seen: set[_Key] = set()
        self._rows: list[dict[str, object]] = []
        self._open = Rejects(None, "", job.source.name, shape.table.name)  # records that stay open, counted by reason
        self._already_closed = self._superseded = 0
        self._real = False

    def add(self, batch: list[MendedRecord]) -> None:
        """Find the reject of each record and carry out its action; refuse the file if a reject cannot be found."""
        self.records += len(batch)
        states = ledger.states_of(self._job.connection, [(record.delivery_id, record.record_no) for record in batch])
        to_read: list[MendedRecord] = []
        for record in batch:
            state = states.get((record.delivery_id, record.record_no))
            self._refuse(record, state)
            assert state is not None  # noqa: S101  (type checker)
            text = record.text.decode(self._found.encoding, "backslashreplace")
            if state.delivery_status != "landed":
                self._superseded += 1
            elif state.closed_by:
                self._refuse_other_mending(record, text, state)
                self._already_closed += 1
            elif record.action == "drop":
                self._log(record, "dropped")
            elif record.action != "load" and is_unchanged(text, state):
                self._open.add(0, record.line_number, 0, "not_mended", "")
            elif record.action != "load" and record.is_rewritten and is_only_padded(text, state):
                self._open.add(0, record.line_number, 0, "only_padded", "")
            else:
                self._real = self._real or not state.is_synthetic
                to_read.append(record)
        reasons = self._judge.read(to_read)
        for record, reason in zip(to_read, reasons, strict=True):
            if reason:
                self._open.add(0, record.line_number, 0, reason, "")
            self._log(record, "open" if reason else "repaired", reason)

    def repair(self, repair_id: str, parquet_path: str) -> ledger.Repair:
        """Return the ledger's row after every batch was added; refuse the file if the counts do not add up."""
        if self._judge.labelled and self._real:
            raise ReliefError(
                f"{self._content.label} contains records labelled synthetic for a delivery that is not; "
                "nothing was landed"
            )
        outcomes = [row["outcome"] for row in self._rows]
        repaired, dropped = outcomes.count("repaired"), outcomes.count("dropped")
        skipped = self._already_closed + self._superseded
        if repaired != self._judge.loaded or self.records != repaired + dropped + self._open.total + skipped:
            raise ReliefError(
                f"{self._content.label}: repaired, dropped and open do not add up to its records; nothing was landed"
            )
        return ledger.Repair(
            repair_id=repair_id,
            source=self._job.source.name,
            table_name=self._shape.table.name,
            file_name=printable(self._content.path.name),
            sha256=self._found.sha256,
            records=self.records,
            repaired=repaired,
            dropped=dropped,
            still_open=self._open.total,
            skipped=skipped,
            landed_at=datetime.now(UTC).replace(tzinfo=None),
            parquet_path=parquet_path if repaired else None,
            relief_version=__version__,
        )

    def outcomes(self, repair: ledger.Repair) -> pa.Table:
        """Return one row per reject that was repaired, dropped, or tried without success."""
        fixed = {"repair_id": repair.repair_id, "repaired_at": repair.landed_at}
        return pa.Table.from_pylist([row | fixed for row in self._rows], schema=ledger.OUTCOMES)

    def report(self, repair: ledger.Repair) -> None:
        """Report the result for the file by reason and line, but never a value."""
        say = self._job.report
        would = "would be " if self._job.dry_run else ""
        say(
            f"{self._content.label}: {repair.records:,} mended records = {repair.repaired:,} {would}repaired + "
            f"{repair.dropped:,} {would}dropped + {repair.still_open:,} still open + {repair.skipped:,} skipped, "
            f"repair {repair.repair_id} of {repair.table_name}"
        )
        if self._job.as_of:
            say(f"  the date {self._job.as_of} was not taken over: each record keeps its delivery's")
        if self._judge.not_kept:
            say(f"  not kept, as the layout says: {', '.join(self._judge.not_kept)}")
        for line in self._open.summary():
            say(f"  still open {line}")
        if self._already_closed:
            say(f"  skipped {self._already_closed:,}: closed by an earlier repair, as they stand here")
        if self._superseded:
            say(f"  skipped {self._superseded:,}: their delivery was superseded since")

    def _log(self, record: MendedRecord, outcome: str, reason_code: str | None = None) -> None:
        text = record.text.decode(self._found.encoding, "backslashreplace")
        self._rows.append(
            {
                "delivery_id": record.delivery_id,
                "record_no": record.record_no,
                "line_number": record.line_number,
                "outcome": outcome,
                "reason_code": reason_code or None,
                "reason": REASONS[reason_code] if reason_code else None,
                "text_sha256": _sha256(text),
            }
        )

    def _refuse(self, record: MendedRecord, state: ledger.RejectState | None) -> None:
        """Refuse the whole file if a line does not fit its reject, since the other lines are then doubtful too."""
        key = (record.delivery_id, record.record_no)
        where = f"{self._content.label}, line {record.line_number}"
        if state is None:
            raise ReliefError(
                f"{where}: record {record.record_no} of {record.delivery_id} is not a reject of this data folder; "
                "nothing of the file was landed"
            )
        if state.source != self._job.source.name or state.table_name != self._shape.table.name:
            raise ReliefError(
                f"{where}: it is a reject of {state.table_name} (source {state.source}), and the file is for "
                f"{self._shape.table.name}; nothing of the file was landed"
            )
        if (state.layout or self._job.source.name) != self._shape.table.layout:
            raise ReliefError(
                f"{where}: its delivery was read by another layout than those before it; nothing of the file was "
                "landed: export and mend them apart, with --delivery"
            )
        if record.check != check_of(*key, state.raw_text):
            raise ReliefError(
                f"{where}: its delivery, record number and check do not belong together; "
                "nothing of the file was landed: mend the record only, or export it again"
            )
        if key in self._seen:
            raise ReliefError(
                f"{where}: record {record.record_no} of {record.delivery_id} is in the file twice; "
                "nothing of the file was landed"
            )
        self._seen.add(key)

    def _refuse_other_mending(self, record: MendedRecord, text: str, state: ledger.RejectState) -> None:
        wanted = "dropped" if record.action == "drop" else "repaired"
        same = wanted == state.outcome and (wanted == "dropped" or _sha256(text) == state.text_sha256)
        if same or (not record.action and is_unchanged(text, state)):
            return
        raise ReliefError(
            f"{self._content.label}, line {record.line_number}: its reject was already closed by {state.closed_by}; "
            "nothing of the file was landed: take the line out"
        )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
