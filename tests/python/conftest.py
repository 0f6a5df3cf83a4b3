"""Data folders that several test modules read and none changes; each is built once per run."""

import pytest

from relief.home import Home
from relief.pipeline import run
from relief.policies.store import add_from_cmr_options
from tests.python.support.warehouse import CMR, land_and_build

SCALE = 0.01


@pytest.fixture(scope="session")
def configurable(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("configurable") / "home")
    add_from_cmr_options(home, "county_options", CMR / "configurable/eligibility_options.json")
    return land_and_build(home, CMR / "configurable/input.csv", "2019-11-11", "SACRAMENTO")


@pytest.fixture(scope="session")
def los_angeles(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("los_angeles") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_WRITE_JSON", "true")  # tests/mutation changes what the manifest says about the models
        return land_and_build(home, CMR / "los_angeles/input.csv", "2019-11-11")


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("generated") / "home")
    add_from_cmr_options(home, "county_options", CMR / "generated_5k/eligibility_options.json")
    return land_and_build(home, CMR / "generated_5k/input.csv.gz", "2020-07-01")


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[str]]:
    """The data folder that `relief run` makes from small synthetic extracts, and its output. Change a copy only."""
    home = Home(tmp_path_factory.mktemp("run") / "home")
    lines: list[str] = []
    run(home, scale=SCALE, seed=3, report=lines.append)
    return home, lines
