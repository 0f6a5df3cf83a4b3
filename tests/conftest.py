"""What all tests share: plain ids; each process reads the dbt project once; each home is built in one process only."""

import os
import re
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest

from relief.building import build as building
from relief.home import PROJECT_DIR

SHARED_HOMES = ("configurable|los_angeles|generated", "ran")
"""Fixtures of tests/python/conftest.py: the files that use one of a line are tested in one process."""

LONGEST_TEXT_OF_AN_ID = 100


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The parameter's name, with a number where it repeats, for all but a short plain text: see test_collection.py."""
    if isinstance(val, str):
        is_plain = val.isascii() and val.isprintable() and 0 < len(val) <= LONGEST_TEXT_OF_AN_ID
        return None if is_plain else argname
    return None if val is None or isinstance(val, int | float | type | FunctionType) else argname


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file together, and the files that share a home: it is built once and not once a process."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  (only where there are several processes)

    class ByHome(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", maxsplit=1)[0]
            text = (PROJECT_DIR / file).read_text(encoding="utf-8")
            used = (names for names in SHARED_HOMES if re.search(rf"[(, ]({names}): ", text))
            return next(used, file)

    return ByHome(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def environment_is_left_as_it_was() -> Iterator[None]:
    """No test sees what a build or a gate before it wrote into the environment: RELIEF_HOME among others."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session", autouse=True)
def project_is_read_once() -> Iterator[None]:
    """Keep what dbt parsed: 700 files take 8 s, and a home of its own changes nothing in them."""
    patch = pytest.MonkeyPatch()
    run_dbt = building._run_dbt

    def run(*arguments: Any) -> Any:
        from dbt.parser.manifest import ManifestLoader  # noqa: PLC0415  (seconds of imports, only for a build)

        if ManifestLoader.load.__name__ == "load":
            patch.setattr(ManifestLoader, "load", _once(ManifestLoader.load))
        return run_dbt(*arguments)

    patch.setattr(building, "_run_dbt", run)
    yield
    patch.undo()


def _once(load: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`load` of a dbt ManifestLoader, or a copy of what it returned for the same project, options and schema."""
    kept: dict[str, Any] = {}

    def load_or_copy(loader: Any) -> Any:
        state = loader.manifest.state_check
        place = (loader.root_project.project_root, os.environ.get("RELIEF_RAW_SCHEMA"))
        key = repr((place, state.vars_hash, state.project_env_vars_hash, state.project_hashes))
        if key not in kept:
            kept[key] = load(loader).deepcopy()
        loader.manifest = kept[key].deepcopy()
        return loader.manifest

    return load_or_copy
