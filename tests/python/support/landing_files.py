"""Small extract files, and a data folder in which to land them."""

import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing import LandResult, land
from relief.landing.layout import load_source
from relief.landing.open_rejects import export_rejects, list_rejects

FIXTURES = PROJECT_DIR / "tests/fixtures" / "clear_my_record"
DOJ = load_source("ca_doj").tables[0]
HEADER = ",".join(DOJ.headers).encode()
AS_OF = date(2020, 2, 1)


def doj_record(number: int, **values: str) -> bytes:
    """One DOJ record without a line end; each number gives a different record."""
    cells = dict.fromkeys(DOJ.columns, "")
    cells |= {"record_id": "R", "subject_id": str(number), "pri_name": f'"DOE,J {number}"', "end_of_rec": "#"}
    return ",".join((cells | values)[column] for column in DOJ.columns).encode()


def doj_file(records: list[bytes], header: bytes | None = HEADER, end: bytes = b"\n") -> bytes:
    """A whole file of these records."""
    return b"".join(line + end for line in ([header] if header is not None else []) + records)


def gzipped(data: bytes) -> bytes:
    """The data as gzip without a time, because a delivery is recognized by its bytes."""
    return gzip.compress(data, mtime=0)


def zipped(members: dict[str, bytes]) -> bytes:
    """The members as a zip file, each with the first date that a zip file can store."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def line_of(lines: list[bytes], record_no: int) -> int:
    return next(i for i, line in enumerate(lines) if line.split(b",")[1:2] == [b"%d" % record_no])


def mend_line(lines: list[bytes], record_no: int, text: bytes, action: bytes = b"") -> None:
    """Replace the text of an exported record, and set an action if one is given."""
    index = line_of(lines, record_no)
    while index + 1 < len(lines) and not lines[index + 1].startswith(b"ca_doj-"):  # the other lines of the record
        del lines[index + 1]
    lines[index] = b",".join([*lines[index].split(b",")[:4], action, text])


class Desk:
    """A data folder, the lines that landing printed, and functions that query its warehouse."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path / "home")
        self.inbox = path / "inbox"
        self.inbox.mkdir()
        self.lines: list[str] = []

    def put(self, name: str, data: bytes) -> Path:
        path = self.inbox / name
        path.write_bytes(data)
        return path

    def land(
        self,
        *paths: Path,
        source: str = "ca_doj",
        as_of: date | None = AS_OF,
        supersedes: str | None = None,
        dry_run: bool = False,
        layout: str | None = None,
    ):
        self.lines.clear()
        report = self.lines.append
        return land(self.home, source, list(paths), as_of, supersedes, report, dry_run=dry_run, layout=layout)

    def land_bytes(self, data: bytes, name: str = "extract.csv", **options) -> LandResult:
        (result,) = self.land(self.put(name, data), **options)
        self.check_account()
        return result

    def rows(self, sql: str, *parameters: object) -> list[tuple]:
        with open_warehouse(self.home) as connection:
            return connection.execute(sql, parameters).fetchall()

    def rejects(self) -> list[tuple]:
        return self.rows("select record_no, line_number, reason_code from raw.rejects order by record_no")

    def subjects(self) -> list[int]:
        return [int(row[0]) for row in self.rows("select subject_id from raw.ca_doj order by delivery_id, row_no")]

    def export(self, name: str = "rejects.csv", delivery_id: str | None = None) -> list[bytes]:
        """The lines of a new export of all open rejects, with the header first."""
        out = self.inbox / name
        out.unlink(missing_ok=True)
        export_rejects(self.home, delivery_id, out, self.lines.append)
        return out.read_bytes().removesuffix(b"\n").split(b"\n")

    def mend(self, lines: list[bytes], name: str = "mended.csv", end: bytes = b"\n", **options) -> LandResult:
        return self.land_bytes(end.join(lines) + end, name, **options)

    def listed(self) -> list[str]:
        lines: list[str] = []
        list_rejects(self.home, lines.append)
        return lines

    def check_account(self) -> None:
        """Check counts: records = loaded + rejected, rejected = repaired + dropped + open, rows = loaded + repaired.

        They must agree for every delivery in the manifest, the Parquet files, the rejects and the ledger of repairs. No
        record occurs twice and none is missing.
        """
        with open_warehouse(self.home, read_only=True) as connection:
            closed: dict[str, dict[int, str]] = {}
            for delivery_id, record_no, outcome in connection.execute(
                "select delivery_id, record_no, outcome from raw.reject_repairs where outcome <> 'open'"
            ).fetchall():
                assert record_no not in closed.setdefault(delivery_id, {})
                closed[delivery_id][record_no] = outcome
            for delivery_id, table_name, records, loaded, rejected, status in connection.execute(
                "select delivery_id, table_name, records, loaded, rejected, status from raw.deliveries"
            ).fetchall():
                assert records == loaded + rejected
                kept = {
                    number
                    for (number,) in connection.execute(
                        "select record_no from raw.rejects where delivery_id = ?", [delivery_id]
                    ).fetchall()
                }
                assert len(kept) == rejected
                mended = closed.pop(delivery_id, {})
                assert mended.keys() <= kept
                repaired = {number for number, outcome in mended.items() if outcome == "repaired"}
                view = connection.execute(f"select row_no from raw.{table_name} where delivery_id = ?", [delivery_id])
                rows = [number for (number,) in view.fetchall()]
                if status == "landed":
                    assert len(rows) == loaded + len(repaired)
                    assert sorted(rows + list(kept - repaired)) == list(range(1, records + 1))
                else:
                    assert rows == []
            assert not closed
            for repair in connection.execute(
                "select records, repaired + dropped + still_open + skipped from raw.repairs"
            ).fetchall():
                assert repair[0] == repair[1]
