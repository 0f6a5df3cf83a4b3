"""Plain dbt, as a data engineer runs it: all models build without data, build again, and pass every unit test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from relief.home import PROJECT_DIR

DBT = Path(sys.executable).with_name("dbt")


def dbt(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [DBT, *arguments, "--profiles-dir", "profiles", "--target-path", home / "target", "--log-path", home / "logs"],
        cwd=PROJECT_DIR,
        env={**os.environ, "RELIEF_HOME": str(home), "DBT_WRITE_JSON": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,  # only to stop a run that hangs: on a busy machine, all unit tests take over ten minutes
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("dbt") / "home"
    done = dbt(home, "build", "--exclude-resource-type", "unit_test")
    assert done.returncode == 0, done.stdout[-3000:]
    return home


def results(home: Path) -> list[tuple[str, str]]:
    """(unique id, status) of every node of dbt's last run."""
    run = json.loads((home / "target/run_results.json").read_text())
    return [(result["unique_id"], result["status"]) for result in run["results"]]


def test_plain_build_passes_with_nothing_landed(built: Path) -> None:
    assert {status for _, status in results(built)} <= {"success", "pass", "no-op"}


@pytest.mark.full  # dbt takes minutes; tests/python/house/test_mutation.py runs the same tests in seconds
def test_every_unit_test_is_run_by_a_plain_build_and_passes(built: Path) -> None:
    done = dbt(built, "build")
    assert done.returncode == 0, done.stdout[-3000:]
    unit_tests = [status for name, status in results(built) if name.startswith("unit_test.")]
    assert len(unit_tests) >= 40
    assert set(unit_tests) == {"pass"}


@pytest.mark.full  # it makes its own build, which takes over half a minute
def test_a_second_build_in_the_same_folder_passes(built: Path) -> None:
    done = dbt(built, "build", "--exclude-resource-type", "unit_test")
    assert done.returncode == 0, done.stdout[-3000:]


def test_sources_say_how_fresh_they_are(built: Path) -> None:
    done = dbt(built, "source", "freshness")
    assert "Traceback" not in done.stdout + done.stderr
    assert "Compilation Error" not in done.stdout
