"""Setup for all tests: plain ids, one reading of the dbt project per process, and one build of each data folder."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from relief.building import build as building
from relief.home import PROJECT_DIR, Home
from tests.private_apis import fire_no_debug_events, read_the_project_once

SHARED_HOMES = "configurable|los_angeles|generated|ran"
"""Fixtures of tests/python/conftest.py. All test files that use the same fixture run in one process."""

# Test files that check results only, so that their data folders are built without dbt (tests/direct_build.py). The
# names are relative to tests/python. `make test-full` runs all data tests on these folders too. dbt builds the shared
# folders and the folders of all other test files.
BUILT_FOR_ANSWERS = {
    "building/test_stale.py",
    "cli/test_explain.py",
    "filing/test_decisions.py",
    "filing/test_not_obeyed.py",
    "landing/test_court_layouts.py",
    "landing/test_numbers.py",
    "lifecycle/test_lifecycle.py",
    "linkage/test_linkage.py",
    "older_tool/test_older_tool_compare.py",
    "older_tool/test_older_tool_defects.py",
    "older_tool/test_older_tool_export.py",
    "policies/test_hard_histories.py",
    "policies/test_policy_boundaries.py",
    "policies/test_worked_examples.py",
    "publishing/test_closed_lists.py",
    "records/test_charge_forms.py",
    "records/test_criminal_history.py",
    "records/test_impossible_facts.py",
    "records/test_later_dispositions.py",
    "records/test_reported_faults.py",
    "records/test_statutes.py",
    "synthetic/test_truth.py",
}
SHARED_FOLDERS = {"los_angeles", "run"}
"""The files in which the shared homes are made by dbt."""
QUICK_FOLDERS = {"configurable", "generated"}
"""The files in which the homes are made without dbt, for the answers of the older tool."""
LONGEST_TEXT_OF_AN_ID = 100


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that skips data tests in the data folders that are built without dbt."""
    parser.addoption("--quick-builds", action="store_true", help="ask no data test of homes that are built for answers")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start the slowest tests first, so that no process waits at the end; tests of shared data folders come first."""
    if config.getoption("--quick-builds"):
        items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if _shared_homes(item.path):
        return 0
    if item.path.parent.name == "browser":  # this file takes minutes, so it must not start last
        return 1
    return 2 if _is_listed(item.path) else 3


@cache
def _shared_homes(file: Path) -> bool:
    return bool(re.search(rf"[(, ]({SHARED_HOMES}): ", file.read_text(encoding="utf-8")))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Use the parameter's name as the test id unless the value is a short plain text: see test_collection.py."""
    if isinstance(val, str):
        is_plain = val.isascii() and val.isprintable() and 0 < len(val) <= LONGEST_TEXT_OF_AN_ID
        return None if is_plain else argname
    return None if val is None or isinstance(val, int | float | type | FunctionType) else argname


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Run all tests of a file in one process, and all files that share a data folder, so that it is built only once."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  (needed only when there are several processes)

    class ByHome(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", maxsplit=1)[0]
            return "shared homes" if _shared_homes(PROJECT_DIR / file) else file

    return ByHome(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def environment_is_left_as_it_was() -> Iterator[None]:
    """Undo what a test changes in the environment, such as RELIEF_HOME, so that no later test sees it."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session", autouse=True)
def dbt_keeps_to_itself() -> Iterator[None]:
    """Make dbt write no artifacts and no debug messages, which take a third of dbt's own time in a build.

    A test that reads an artifact sets `DBT_WRITE_JSON`. `relief build` writes no artifacts either.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_WRITE_JSON", "false")
        patch.setenv("RELIEF_THREADS", "1")  # the suite runs two test files at a time on two cores
        fire_no_debug_events(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def project_is_read_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Parse the dbt project once per process, and build the data folders of BUILT_FOR_ANSWERS without dbt."""
    patch = pytest.MonkeyPatch()
    run_dbt = building._run_dbt
    is_quick = request.config.getoption("--quick-builds")

    def run(home: Home, target: str, build_id: str, variables: dict[str, str], *rest: Any) -> Any:
        read_the_project_once(patch)
        if target == "duckdb" and not any(rest[:2]) and _is_built_for_answers(home):
            from tests import direct_build  # noqa: PLC0415  (only after pytest has set up assertion rewriting)

            return direct_build.build(home, build_id, variables, with_data_tests=not is_quick)
        return run_dbt(home, target, build_id, variables, *rest)

    patch.setattr(building, "_run_dbt", run)
    yield
    patch.undo()


def _is_built_for_answers(home: Home) -> bool:
    """Whether the current test's file is in BUILT_FOR_ANSWERS, or its shared data folder is one built without dbt."""
    folder = home.path.parent.name.rstrip("0123456789")
    if folder in SHARED_FOLDERS | QUICK_FOLDERS:
        return folder in QUICK_FOLDERS
    file = os.environ.get("PYTEST_CURRENT_TEST", "").split("::", maxsplit=1)[0]
    return _is_listed(PROJECT_DIR / file)


def _is_listed(file: Path) -> bool:
    return any(file == PROJECT_DIR / "tests/python" / name for name in BUILT_FOR_ANSWERS)
