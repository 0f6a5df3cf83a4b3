"""A gate: run the checks of a suite, report one line per check, store the results, and pass or stop."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from relief.building.last_build import current_build, last_build
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing.catalog import renew_views_of_a_copy
from relief.validation.checks import Suite
from relief.validation.measured import measure
from relief.validation.results import CheckResult, ValidationResult, record, utc_now
from relief.validation.suites import load_suite


@dataclass(frozen=True)
class _Facts:
    """The facts about the warehouse that determine which checks are run."""

    delivered: frozenset[str]
    last_build_id: str


def validate(home: Home, gate: str, report: Callable[[str], None], build_id: str | None = None) -> ValidationResult:
    """Run every check of the gate ``landed`` or ``published``, and store the results in ``meta.check_results``.

    A failed check of severity ``stop``, or a check that could not run, makes ``passed`` False. A check of a table that
    nobody has delivered is left out, and this is reported. ``build_id`` is the last build's unless given.
    """
    suite = load_suite(gate)
    facts = _read_facts(home, suite)
    renew_views_of_a_copy(home)
    numbers = measure(home) if gate == "landed" else {}
    delivered = [check for check in suite.checks if facts.delivered.issuperset(check.needs)]
    # If a band has no number, it is not checked: there are too few rows, or there is no earlier build to compare with.
    asked = [check for check in delivered if numbers.get(check.name, "asked") is not None]
    needed = {table for check in suite.checks for table in check.needs}

    from relief.validation.runner import run_checks  # noqa: PLC0415  (keeps other commands fast)

    result = ValidationResult(
        gate=gate,
        build_id=facts.last_build_id if build_id is None else build_id,
        checked_at=utc_now(),
        checks=[_with_number(check, numbers) for check in run_checks(home.warehouse, asked)],
        not_delivered=sorted(needed - facts.delivered),
    )
    for check in result.checks:
        if check.name not in numbers or check.status != "passed":
            report(check.line())
    bands = [check for check in result.checks if check.name in numbers]
    if bands:
        inside = sum(check.status == "passed" for check in bands)
        report(
            f"passed  {inside:,} of the {len(bands):,} bands that could be asked; "
            f"{len(delivered) - len(asked):,} others were not (too few rows, or no earlier delivery to compare with)"
        )
    if result.not_delivered:
        left_out = len(suite.checks) - len(delivered)
        report(f"not delivered: {', '.join(result.not_delivered)} ({left_out} checks left out)")
    with open_warehouse(home) as connection:
        record(connection, result)
    return result


def _with_number(check: CheckResult, numbers: dict[str, str | None]) -> CheckResult:
    """Return the result. If the check is of a band, the measured number replaces the count of exceptions."""
    words = numbers.get(check.name)
    return replace(check, observed=words) if words and check.status != "errored" else check


def _read_facts(home: Home, suite: Suite) -> _Facts:
    import duckdb  # noqa: PLC0415  (slow import)

    try:
        with open_warehouse(home, read_only=True) as connection:
            tables = frozenset(
                name
                for (name,) in connection.execute(
                    "select table_schema || '.' || table_name from information_schema.tables"
                ).fetchall()
            )
            if suite.first_table not in tables:
                raise ReliefError(f"{suite.otherwise} ({home.path})")
            delivered: list[tuple[str]] = []
            if "raw.deliveries" in tables:
                delivered = connection.execute(
                    "select distinct table_name from raw.deliveries where status = 'landed'"
                ).fetchall()
            build = current_build(connection, home) if suite.gate == "published" else last_build(connection)
    except duckdb.ConnectionException as error:
        raise ReliefError(f"{home.warehouse} is in use by this process; close it and try again") from error
    return _Facts(frozenset(name for (name,) in delivered), build.build_id if build else "")
