"""Two builds within eight hours, the second in another time zone, and a build after a clock was set years ahead."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing import land
from tests.python.building.test_dbt import DBT
from tests.python.support.command import relief
from tests.python.support.landing_files import doj_file, doj_record
from tests.python.support.warehouse import FIXTURES, quiet

FIRST, SECOND = (FIXTURES / "reported_faults" / f"01_tz_{name}.csv" for name in ("first", "second"))
SNAPSHOTS = ("snap_build_inputs", "snap_relief_determinations", "snap_relief_stages")


def ask(home: Home, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(sql).fetchall()


def snapshot(home: Home, zone: str) -> None:
    """Run plain dbt, which stores the inputs of the run and reports changes; the run counts as passed."""
    done = subprocess.run(
        [DBT, "build", "--select", "+snap_build_inputs", "+int_changes__inputs", "--exclude-resource-type", "test",
         "unit_test", "--profiles-dir", "profiles", "--target-path", home.path / "target",
         "--log-path", home.path / "logs"],
        cwd=PROJECT_DIR,
        env={**os.environ, "RELIEF_HOME": str(home.path), "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    ask(home, "update meta.dbt_runs set is_passed = true where run_no = (select max(run_no) from meta.dbt_runs)")


def changed(home: Home) -> set[tuple[object, ...]]:
    return set(
        ask(
            home,
            "select input_type, was is not null, became is not null from intermediate.int_changes__inputs "
            "where input_type <> ''",
        )
    )


@pytest.mark.full  # it makes its own build, which takes over half a minute
def test_changes_are_counted_and_spans_are_positive_whatever_the_clock_did(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    land(home, "ca_doj", [FIRST], date(2020, 2, 13), None, quiet)
    snapshot(home, "UTC")
    land(home, "ca_doj", [SECOND], date(2020, 2, 14), None, quiet)
    snapshot(home, "America/Los_Angeles")
    assert changed(home) == {("delivery", False, True), ("evaluation date", True, True)}
    ask(home, "update meta.dbt_runs set started_at = started_at + interval 5 year")
    ask(home, "update snapshots.snap_build_inputs set dbt_valid_from = dbt_valid_from + interval 5 year, "
              "dbt_valid_to = dbt_valid_to + interval 5 year")  # fmt: skip
    third = tmp_path / "third.csv"
    third.write_bytes(doj_file([doj_record(1)]))
    land(home, "ca_doj", [third], date(2020, 2, 14), None, quiet)
    snapshot(home, "Pacific/Kiritimati")
    assert changed(home) == {("delivery", False, True)}
    assert ask(home, "select run_no from meta.dbt_runs order by started_at") == [(1,), (2,), (3,)]
    assert ask(home, "select count(*) from snapshots.snap_build_inputs where dbt_valid_to <= dbt_valid_from") == [(0,)]
    # In the history of an earlier version, runs without a number count in the order in which they were written.
    ask(home, "alter table meta.dbt_runs drop column run_no")
    ask(home, "update meta.dbt_runs set started_at = timestamp '2020-01-01' where started_at = "
              "(select max(started_at) from meta.dbt_runs)")  # fmt: skip
    snapshot(home, "UTC")
    assert changed(home) == set()
    assert ask(home, "select count(*), max(run_no) from meta.dbt_runs") == [(4, 4)]


@pytest.mark.full  # it builds twice
def test_the_later_of_two_builds_in_two_zones_is_the_last_that_passed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    built = []
    for file, day, zone in ((FIRST, "2020-02-13", "UTC"), (SECOND, "2020-02-14", "America/Los_Angeles")):
        land(home, "ca_doj", [file], date.fromisoformat(day), None, quiet)
        environment = {**os.environ, "RELIEF_HOME": str(home.path), "TZ": zone}
        command = [sys.executable, "-m", "relief", "build"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        built.append(done.stdout.split()[1])
    assert ask(home, "select arg_max(build_id, run_no) from meta.dbt_runs where is_passed") == [(built[1],)]
    assert f"last build {built[1]} passed" in relief(home.path, "status").stdout
    causes = ask(home, "select distinct cause from quality.audit_change_counts order by 1")
    assert causes == [("delivery",), ("evaluation date",)]
    for table in SNAPSHOTS:
        assert ask(home, f"select count(*) from snapshots.{table} where dbt_valid_to <= dbt_valid_from") == [(0,)]
