"""Run checks through Great Expectations on a read-only warehouse, query by query, and return counts only."""

import logging
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from relief.validation.checks import Check
from relief.validation.results import CheckResult, Status

# Only counts are returned. With a limit of 0, values of rows are not even kept in memory.
_RESULT_FORMAT = {
    "result_format": "BASIC",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
}
# These DuckDB errors name tables, columns and words of our own SQL. Other errors may quote a value or a path.
_SAFE_ERROR = re.compile(r"(Catalog|Binder|Parser) Error: ([^\n]{1,160})")


@contextmanager
def quiet() -> Iterator[None]:
    """Suppress logs, warnings and progress bars, so that the gate reports only one line per check."""
    loggers = [logging.getLogger(name) for name in ("great_expectations", "sqlalchemy", "duckdb_engine")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def run_checks(warehouse: Path, checks: list[Check]) -> list[CheckResult]:
    """Run every check. A check that cannot run is an error of its own and does not affect the others."""
    by_query: dict[str, list[Check]] = {}
    for check in checks:
        by_query.setdefault(check.query, []).append(check)
    found: dict[str, CheckResult] = {}
    with quiet(), _datasource(warehouse) as datasource:
        for number, together in enumerate(by_query.values()):
            for check, result in zip(together, _ask(datasource, together, number), strict=True):
                found[check.name] = result
    return [found[check.name] for check in checks]


@contextmanager
def _datasource(warehouse: Path) -> Iterator[Any]:
    # Great Expectations reads this at import. It must send no usage data and store nothing outside this process.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx  # noqa: PLC0415  (takes seconds)
    from great_expectations.data_context.types.base import (  # noqa: PLC0415  (slow import)
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    import relief.validation.engine  # noqa: F401, PLC0415  (registers the datasource type duckdb)

    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        ),
    )
    sources: Any = context.data_sources
    datasource = sources.add_duckdb(
        "warehouse",
        connection_string="duckdb://",
        kwargs={"connect_args": {"database": str(warehouse), "read_only": True}},
    )
    try:
        yield datasource
    finally:
        # An open reader would block the writer that stores the results.
        datasource.get_execution_engine().close()
        datasource.get_engine().dispose()


def _ask(datasource: Any, checks: list[Check], number: int) -> list[CheckResult]:
    """Run the checks of one query together, in few scans; if that fails, one at a time."""
    from great_expectations import ExpectationSuite  # noqa: PLC0415  (slow import)
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415  (slow import)
        ExpectationConfiguration,
    )

    try:
        # Not `add_expectation`, because it would treat two bands of one column as one expectation.
        expectations = [
            ExpectationConfiguration(
                type=check.expectation, kwargs=dict(check.kwargs), meta={"place": place}
            ).to_domain_obj()
            for place, check in enumerate(checks)
        ]
        suite = ExpectationSuite(name=f"{number:03d}", expectations=expectations)
        # Great Expectations accepts only queries that start with "select", and ours may start with "with".
        asset = datasource.add_query_asset(f"{number:03d}", f"select * from (\n{checks[0].query}\n) as checked")
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        outcomes = batch.validate(suite, result_format=_RESULT_FORMAT).results
        by_place = {outcome.expectation_config.meta["place"]: outcome for outcome in outcomes}
        return [_outcome(check, by_place[place]) for place, check in enumerate(checks)]
    except Exception as problem:  # an error of any kind must fail the check without ending the gate
        if len(checks) > 1:
            return [_ask(datasource, [check], 1000 * (number + 1) + place)[0] for place, check in enumerate(checks)]
        return [_unasked(checks[0], _describe(type(problem).__name__, str(problem)))]


def _outcome(check: Check, outcome: Any) -> CheckResult:
    numbers, error = dict(outcome.result or {}), _error(outcome.exception_info)
    if error is None and not numbers:
        error = "no result"
    if error is not None:
        return _unasked(check, error)
    status: Status = "passed" if outcome.success is True else "failed" if check.severity == "stop" else "warned"
    return _result(check, status, _observed(numbers, check.unit))


def _unasked(check: Check, error: str) -> CheckResult:
    return _result(check, "errored", f"could not be asked ({error})")


def _result(check: Check, status: Status, observed: str) -> CheckResult:
    # A check that could not run stops the gate, even if its severity is only to warn.
    severity = "stop" if status == "errored" else check.severity
    return CheckResult(check.name, check.description, severity, check.because, status, observed)


def _observed(numbers: Mapping[str, Any], unit: str) -> str:
    value = numbers.get("observed_value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,} {unit}"
    total, exceptions = numbers.get("element_count"), numbers.get("unexpected_count") or 0
    if not isinstance(total, int):
        return "no number"
    noun = "exception" if exceptions == 1 else "exceptions"
    return f"{exceptions:,} {noun} among {total:,} {unit}"


def _error(info: Any) -> str | None:
    """Return the error, if there is one. `info` is one entry, or one entry per metric that could not be computed."""
    if not isinstance(info, Mapping) or not info:
        return None
    entries = [info] if "raised_exception" in info else [item for item in info.values() if isinstance(item, Mapping)]
    raised = [entry for entry in entries if entry.get("raised_exception", True)]
    if not raised:
        return None
    return _describe(
        "error", "\n".join(f"{e.get('exception_message')}\n{e.get('exception_traceback')}" for e in raised)
    )


def _describe(kind: str, text: str) -> str:
    if "IO Error:" in text:
        return "a file of the landing folder is missing or damaged"
    match = _SAFE_ERROR.search(text)
    return f"{match[1]} error: {match[2].strip().rstrip('!')}" if match else kind
