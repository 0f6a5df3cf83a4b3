"""What a check found, and the table ``meta.check_results`` that keeps it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

Severity = Literal["stop", "warn"]
Status = Literal["passed", "failed", "warned", "errored"]


@dataclass(frozen=True)
class CheckResult:
    """One check of one run. ``observed`` is a count with its unit, never a person's value."""

    name: str
    description: str
    severity: Severity
    because: str
    status: Status
    observed: str

    @property
    def stops(self) -> bool:
        """Whether this result keeps the gate shut."""
        return self.status in ("failed", "errored")

    def line(self) -> str:
        """The line that a person reads: status, name, number, and the reason when it did not pass."""
        text = f"{self.status:<8}{self.name}: {self.observed}"
        return text if self.status == "passed" else f"{text}. {self.because}"


@dataclass(frozen=True)
class ValidationResult:
    """One run of one gate."""

    gate: str
    build_id: str
    checked_at: datetime
    checks: list[CheckResult]
    not_delivered: list[str]

    @property
    def passed(self) -> bool:
        """True when no check stops; warnings are said and let through."""
        return not any(check.stops for check in self.checks)

    def failure_line(self) -> str:
        """One line that names every check that stopped the gate."""
        names = [f"{check.name} ({check.observed})" for check in self.checks if check.stops]
        noun = "check" if len(names) == 1 else "checks"
        return f"the {self.gate} gate stopped on {len(names)} {noun}: {'; '.join(names)}"


def utc_now() -> datetime:
    """Now in UTC, without a zone, as the warehouse keeps its timestamps."""
    return datetime.now(UTC).replace(tzinfo=None)


_CREATE = """
create schema if not exists meta;
create table if not exists meta.check_results (
    build_id varchar,
    gate varchar,
    check_name varchar,
    description varchar,
    severity varchar,
    status varchar,
    observed varchar,
    checked_at timestamp
);
"""


def record(connection: "duckdb.DuckDBPyConnection", result: ValidationResult) -> None:
    """Keep a run. The same gate run again for the same build replaces its earlier results."""
    connection.execute(_CREATE)
    connection.execute("begin")
    try:
        connection.execute(
            "delete from meta.check_results where build_id is not distinct from ? and gate = ?",
            [result.build_id, result.gate],
        )
        if result.checks:
            connection.executemany(
                "insert into meta.check_results (build_id, gate, check_name, description, severity, status, observed,"
                " checked_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        result.build_id,
                        result.gate,
                        check.name,
                        check.description,
                        check.severity,
                        check.status,
                        check.observed,
                        result.checked_at,
                    )
                    for check in result.checks
                ],
            )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
