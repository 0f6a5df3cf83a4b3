"""A gate: ask the checks of a suite, say one line per check, keep the results, and let pass or not."""

from collections.abc import Callable
from dataclasses import dataclass

from relief.building.last_build import current_build, last_build
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing.catalog import renew_views_of_a_copy
from relief.validation.profile import measure, with_numbers
from relief.validation.results import ValidationResult, record, utc_now
from relief.validation.suites import Suite, load_suite


@dataclass(frozen=True)
class _Facts:
    """What the warehouse holds, as far as the choice of checks depends on it."""

    delivered: frozenset[str]
    last_build_id: str


def validate(home: Home, gate: str, report: Callable[[str], None], build_id: str | None = None) -> ValidationResult:
    """Ask every check of ``landed`` or ``published``, and keep the results in ``meta.check_results``.

    A failed check of severity ``stop``, and any check that could not be asked, makes ``passed`` False. A check about a
    table that nobody has delivered is left out and said. ``build_id`` is the last build's unless given.
    """
    suite = load_suite(gate)
    facts = _read_facts(home, suite)
    renew_views_of_a_copy(home)
    if gate == "landed":
        measure(home)
    asked = [check for check in suite.checks if facts.delivered.issuperset(check.needs)]
    needed = {table for check in suite.checks for table in check.needs}

    from relief.validation.runner import run_checks  # noqa: PLC0415  (keeps other commands fast)

    result = ValidationResult(
        gate=gate,
        build_id=facts.last_build_id if build_id is None else build_id,
        checked_at=utc_now(),
        checks=with_numbers(home, run_checks(home.warehouse, asked)),
        not_delivered=sorted(needed - facts.delivered),
    )
    for check in result.checks:
        report(check.line())
    if result.not_delivered:
        left_out = len(suite.checks) - len(asked)
        report(f"not delivered: {', '.join(result.not_delivered)} ({left_out} checks left out)")
    with open_warehouse(home) as connection:
        record(connection, result)
    return result


def _read_facts(home: Home, suite: Suite) -> _Facts:
    import duckdb  # noqa: PLC0415

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
