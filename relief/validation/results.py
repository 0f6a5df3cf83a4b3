"""The result of a check, and the table ``meta.check_results`` that stores results."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from relief.building.last_build import next_number, number_rows

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
        """Whether this result stops the gate."""
        return self.status in ("failed", "errored")

    def line(self) -> str:
        """The line that a person reads: status, name, number, and the reason if the check did not pass."""
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
        """True when no check stops the gate; warnings are only reported."""
        return not any(check.stops for check in self.checks)

    def failure_line(self) -> str:
        """One line that names every check that stopped the gate."""
        names = [f"{check.name} ({check.observed})" for check in self.checks if check.stops]
        noun = "check" if len(names) == 1 else "checks"
        return f"the {self.gate} gate stopped on {len(names)} {noun}: {'; '.join(names)}"


def utc_now() -> datetime:
    """The current time in UTC, without a zone, as the warehouse stores timestamps."""
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
    checked_at timestamp,
    result_no bigint
);
"""


def record(connection: "duckdb.DuckDBPyConnection", result: ValidationResult) -> None:
    """Store a run. If the same gate runs again for the same build, the new results replace the earlier ones."""
    connection.begin()
    try:
        keep_results(
            connection,
            result.build_id,
            result.gate,
            result.checked_at,
            [(check.name, check.description, check.severity, check.status, check.observed) for check in result.checks],
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def keep_results(
    connection: "duckdb.DuckDBPyConnection",
    build_id: str,
    gate: str,
    checked_at: datetime,
    results: list[tuple[str, str, str, str, str]],
) -> None:
    """Store each check's name, description, severity, status and observed count under one number, in a transaction."""
    connection.execute(_CREATE)
    number_rows(connection, "check_results", "result_no")
    number = next_number(connection, "check_results", "result_no")
    connection.execute(
        "delete from meta.check_results where build_id is not distinct from ? and gate = ?", [build_id, gate]
    )
    for name, description, severity, status, observed in results:
        connection.execute(
            "insert into meta.check_results by name select ? as build_id, ? as gate, ? as check_name, "
            "? as description, ? as severity, ? as status, ? as observed, ? as checked_at, ? as result_no",
            [build_id, gate, name, description, severity, status, observed, checked_at, number],
        )
