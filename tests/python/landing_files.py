"""Small extract files and a home to land them in."""

from datetime import date
from pathlib import Path

from relief.home import Home, open_warehouse
from relief.landing import LandResult, land
from relief.landing.layout import load_source

FIXTURES = Path(__file__).parent.parent / "fixtures" / "clear_my_record"
DOJ = load_source("ca_doj").tables[0]
HEADER = ",".join(DOJ.headers).encode()
AS_OF = date(2020, 2, 1)


def doj_record(number: int, **values: str) -> bytes:
    """One DOJ record without a line end; every record is different."""
    cells = dict.fromkeys(DOJ.columns, "")
    cells |= {"record_id": "R", "subject_id": str(number), "pri_name": f'"DOE,J {number}"', "end_of_rec": "#"}
    return ",".join((cells | values)[column] for column in DOJ.columns).encode()


def doj_file(records: list[bytes], header: bytes | None = HEADER, end: bytes = b"\n") -> bytes:
    """A whole file."""
    return b"".join(line + end for line in ([header] if header is not None else []) + records)


class Desk:
    """A home, its landing lines, and questions about its warehouse."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path / "home")
        self.inbox = path / "inbox"
        self.inbox.mkdir()
        self.lines: list[str] = []

    def put(self, name: str, data: bytes) -> Path:
        path = self.inbox / name
        path.write_bytes(data)
        return path

    def land(self, *paths: Path, source: str = "ca_doj", as_of: date | None = AS_OF, supersedes: str | None = None):
        self.lines.clear()
        return land(self.home, source, list(paths), as_of, supersedes, self.lines.append)

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

    def check_account(self) -> None:
        """Every delivery: records = loaded + rejected, in the manifest, in the Parquet and in the rejects."""
        with open_warehouse(self.home, read_only=True) as connection:
            for delivery_id, table_name, records, loaded, rejected, status in connection.execute(
                "select delivery_id, table_name, records, loaded, rejected, status from raw.deliveries"
            ).fetchall():
                assert records == loaded + rejected
                kept = connection.execute(
                    "select record_no from raw.rejects where delivery_id = ?", [delivery_id]
                ).fetchall()
                assert len(kept) == rejected
                view = connection.execute(f"select row_no from raw.{table_name} where delivery_id = ?", [delivery_id])
                rows = view.fetchall()
                assert len(rows) == (loaded if status == "landed" else 0)
                if status == "landed":
                    assert sorted(number for (number,) in rows + kept) == list(range(1, records + 1))
