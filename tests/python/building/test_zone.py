"""Every connection uses UTC, whatever the machine's time zone is; a clock that was once wrong blocks nothing."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from relief.building import as_known
from relief.duck import connect
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.policies.life import approve_policy, copy_policy
from relief.policies.store import evaluated_versions
from relief.validation.checks import Check
from relief.validation.runner import run_checks
from tests.python.building.test_as_known import deliveries_at, now
from tests.python.support.landing_files import Desk, doj_file, doj_record

ZONES = """
from pathlib import Path
from relief.duck import connect
from relief.home import Home, open_warehouse
from relief.sandbox import child
import sys
ask = "select current_setting('TimeZone'), cast(now() as timestamp) - cast(now() at time zone 'UTC' as timestamp)"
connection = connect()
print(connection.execute(ask).fetchone(), connection.cursor().execute(ask).fetchone())
with open_warehouse(Home(Path(sys.argv[1])).create()) as connection:
    print(connection.execute(ask).fetchone())
"""


def test_no_connection_is_opened_but_by_the_one_that_sets_the_zone() -> None:
    bare = [
        path.relative_to(PROJECT_DIR).as_posix()
        for folder in ("relief", "dashboards", "scripts", "linkage", "models")
        for path in (PROJECT_DIR / folder).rglob("*.py")
        if re.search(r"duckdb\.connect\(|create_engine\(", path.read_text(encoding="utf-8"))
    ]
    assert bare == ["relief/duck.py"]


def test_a_connection_is_in_utc_in_another_zone(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ZONES, str(tmp_path / "home")],
        env={**os.environ, "TZ": "America/Los_Angeles"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("'UTC'") == done.stdout.count("timedelta(0)") == 3


def test_plain_dbt_is_in_utc_on_every_target() -> None:
    profile = yaml.safe_load((PROJECT_DIR / "profiles/profiles.yml").read_text(encoding="utf-8"))
    assert {target["settings"]["TimeZone"] for target in profile["relief"]["outputs"].values()} == {"UTC"}


def test_the_gates_ask_in_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with connect(tmp_path / "warehouse.duckdb"):
        pass
    asked = Check(
        "zone", "The zone is UTC", "stop", "", "zones", "expect_table_row_count_to_equal",
        "select 1 where current_setting('TimeZone') = 'UTC'", {"value": 1},
    )  # fmt: skip
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    (result,) = run_checks(tmp_path / "warehouse.duckdb", [asked])
    assert result.status == "passed"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_landed_by_a_wrong_clock_is_known_from_today_on(desk: Desk) -> None:
    first = desk.land_bytes(doj_file([doj_record(1)]))
    desk.rows("update raw.deliveries set landed_at = timestamp '2031-01-01'")
    lines: list[str] = []
    with open_warehouse(desk.home) as connection:
        connection.execute("create schema if not exists meta")
        connection.execute("create table meta.builds (build_id varchar, started_at timestamp, status varchar, "
                           "county varchar, evaluated_as_of_date date, seeds_sha256 varchar, code_sha256 varchar, "
                           "as_known_at timestamp)")  # fmt: skip
        as_known.prepare(connection, desk.home, now(), "LOS ANGELES", lines.append)
    assert deliveries_at(desk, now()) == {first.delivery_id: "landed"}
    assert deliveries_at(desk, datetime(2020, 1, 1)) == {}


def test_the_build_of_then_is_the_one_of_the_largest_number(desk: Desk) -> None:
    desk.land_bytes(doj_file([doj_record(1)]))
    desk.rows("create schema meta")
    desk.rows(
        "create table meta.builds as select * from (values ('wrong clock', 1, timestamp '2031-01-01'), "
        "('later', 2, timestamp '2020-01-01')) as builds (build_id, build_no, started_at) cross join (select "
        "'passed' as status, 'KERN' as county, null::date as evaluated_as_of_date, null::varchar as seeds_sha256, "
        "null::varchar as code_sha256, null::timestamp as as_known_at)"
    )
    with open_warehouse(desk.home, read_only=True) as connection:
        build = as_known._build_of(connection, datetime.now(UTC).replace(tzinfo=None))
    assert build is not None
    assert build.build_id == "later"


def test_a_version_saved_by_a_wrong_clock_gives_way_to_the_next_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    file = copy_policy(home, "la_pilot_2019", "county", None)
    approve_policy(home, "county", "A. Attorney", None)
    with open_warehouse(home) as connection:
        connection.execute("update raw.policy_versions set saved_at = '2031-01-01', approved_at = '2031-01-01'")
    text = file.read_text(encoding="utf-8").replace("threshold: 50", "threshold: 51")
    file.write_text(text.replace("version: ", "version: later "), encoding="utf-8")
    approve_policy(home, "county", "A. Attorney", None)
    with open_warehouse(home, read_only=True) as connection:
        (version,) = evaluated_versions(connection)
    assert version.version_no == 2
