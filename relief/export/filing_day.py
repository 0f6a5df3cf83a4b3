"""The day of the filing package: its filings are judged for that day, and a note is added if another was evaluated."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.export.built import Built

if TYPE_CHECKING:
    import duckdb

_FILINGS = """
    create or replace temp table filings as
    select filings.*, challenges.is_risk_against_completed_sentence
    from marts.fct_relief_filings_by_day as filings
    left join marts.fct_relief_challenges as challenges on filings.conviction_key = challenges.conviction_key
    where policy_id = ? and filed_from_date <= ? and (filed_before_date is null or filed_before_date > ?)
"""


def package_day(built: Built, day: date | None) -> date:
    """Return the given day, or today. Raises ReliefError for a day before the day of evaluation."""
    day = day or datetime.now(UTC).date()
    has_evaluated = built.evaluated_as_of_date != "not delivered"
    if has_evaluated and built.evaluated_as_of_date > day.isoformat():
        raise ReliefError(
            f"the package is of {day}, and the build was evaluated as of {built.evaluated_as_of_date}, a later day; "
            f"run: relief build --evaluated-as-of {day}"
        )
    return day


def select_filings(connection: "duckdb.DuckDBPyConnection", policy_id: str, day: date) -> None:
    """Make the temporary table `filings` with one row per grant, judged for this day."""
    connection.execute(_FILINGS, [policy_id, day, day])


def days_note(built: Built, day: date) -> str:
    """The note that the package has another day than the evaluation; empty if both days are the same."""
    if built.evaluated_as_of_date == day.isoformat():
        return ""
    return (
        f"The grants were judged as of {built.evaluated_as_of_date}, and the package is of {day}: which sentences have "
        "ended is judged on the day of the package, and everything else on the day of evaluation. To judge all of it "
        f"on one day, run: relief build --evaluated-as-of {day}"
    )
