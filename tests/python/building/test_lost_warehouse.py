"""A warehouse that is lost, empty or from another data folder is not replaced while landed files or releases exist."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.identity import ID_FILE
from relief.landing.catalog import renew_views_of_a_copy
from tests.python.building.test_dbt import dbt
from tests.python.support.command import relief
from tests.python.support.landing_files import Desk, doj_file, doj_record

SECOND = doj_file([doj_record(2)])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.land_bytes(doj_file([doj_record(1)]))
    return desk


def lose(home: Home, how: str) -> None:
    home.warehouse.unlink()
    if how == "cut short":
        home.warehouse.write_bytes(b"")
    elif how == "new":
        with open_warehouse(Home(home.path.parent / "elsewhere").create()):
            pass
        shutil.move(home.path.parent / "elsewhere" / "warehouse.duckdb", home.warehouse)
    elif how == "of another folder":
        other = Desk(home.path.parent / "inbox")
        other.land_bytes(SECOND)
        shutil.copy(other.home.warehouse, home.warehouse)


COMMANDS = (
    ["status"],
    ["build"],
    ["validate", "landed"],
    ["publish"],
    ["policy", "list"],
    ["policy", "add", "county", "--cmr-options", "options.json"],
    ["rejects", "list"],
    ["export", "determinations", "--policy", "la_pilot_2019", "--out", "out.csv"],
    ["run", "--scale", "0.01"],
)


@pytest.mark.parametrize("how", ["missing", "cut short", "new", "of another folder"])
def test_landing_does_not_begin_anew(how: str, desk: Desk) -> None:
    lose(desk.home, how)
    before = sorted(desk.home.landing.rglob("*"))
    for dry_run in (False, True):
        with pytest.raises(ReliefError, match=r"restore warehouse.duckdb from a backup, or move landing/ and"):
            desk.land(desk.put("second.csv", SECOND), dry_run=dry_run)
    assert sorted(desk.home.landing.rglob("*")) == before
    assert desk.home.warehouse.exists() == (how != "missing")


def test_every_command_refuses_a_lost_warehouse_in_one_line(desk: Desk) -> None:
    lose(desk.home, "missing")
    (Path(desk.home.path.parent) / "options.json").write_text("{}")
    for command in COMMANDS:
        done = relief(desk.home.path, *command)
        (line,) = done.stderr.splitlines()
        assert (done.returncode, line.startswith("relief: ")) == (1, True), command
        assert "warehouse.duckdb is missing or empty" in line or "options.json" in line, command
    assert not desk.home.warehouse.exists()


def test_releases_alone_are_enough(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    home.releases.mkdir()
    (home.releases / "public-20200101T000000000Z.duckdb").write_bytes(b"published")
    with pytest.raises(ReliefError, match="missing or empty"), open_warehouse(home):
        pass
    assert not home.warehouse.exists()


@pytest.mark.full  # it runs plain dbt twice, which reads the whole project each time: half a minute
def test_plain_dbt_refuses_it_too_and_begins_where_nothing_was_landed(desk: Desk) -> None:
    chosen = ("run", "--select", "stg_landing__deliveries")
    assert dbt(desk.home.path, *chosen).returncode == 0
    lose(desk.home, "missing")
    done = dbt(desk.home.path, *chosen)
    assert done.returncode != 0
    assert "restore warehouse.duckdb from a backup" in done.stdout
    assert desk.home.warehouse.exists()  # dbt leaves an empty warehouse, which is refused as well
    with pytest.raises(ReliefError, match="restore warehouse"):
        desk.land(desk.put("second.csv", SECOND))


def test_moving_what_was_landed_away_begins_anew(desk: Desk) -> None:
    lose(desk.home, "missing")
    shutil.move(desk.home.landing, desk.home.path / "away")
    desk.land_bytes(SECOND)
    assert desk.subjects() == [2]


def test_a_warehouse_of_an_earlier_version_gets_the_id_when_its_deliveries_are_here(desk: Desk) -> None:
    desk.rows("drop table main.home")
    (desk.home.landing / ID_FILE).unlink()
    with open_warehouse(desk.home, read_only=True):
        pass  # a reader changes nothing
    assert not (desk.home.landing / ID_FILE).exists()
    desk.land_bytes(SECOND)
    (kept,) = desk.rows("select home_id from main.home")
    assert kept == ((desk.home.landing / ID_FILE).read_text().strip(),)
    assert desk.subjects() == [1, 2] or desk.subjects() == [2, 1]


def test_a_backup_of_before_the_id_is_recognized_by_its_deliveries(desk: Desk) -> None:
    before = (desk.home.landing / ID_FILE).read_text()
    desk.rows("drop table main.home")
    desk.land_bytes(SECOND)
    assert (desk.home.landing / ID_FILE).read_text() == before
    desk.rows("drop table main.home")
    for parquet in desk.home.landing.rglob("*.parquet"):
        parquet.rename(parquet.with_name("other.parquet"))
    with pytest.raises(ReliefError, match="does not belong"), open_warehouse(desk.home):
        pass


def test_a_whole_folder_may_be_copied_and_moved(desk: Desk, tmp_path: Path) -> None:
    copy = Home(Path(shutil.copytree(desk.home.path, tmp_path / "copy")))
    renew_views_of_a_copy(copy)
    with open_warehouse(copy) as connection:
        assert connection.execute("select count(*) from raw.ca_doj").fetchone() == (1,)


HOLD = """
import sys
from pathlib import Path
from relief.building.lock import building, landing
from relief.home import Home
with {"building": building, "landing": landing}[sys.argv[2]](Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_build_keeps_others_out_at_once_and_leaves_no_lock_behind(desk: Desk) -> None:
    def hold(kind: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, str(desk.home.path), kind]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        child = subprocess.Popen(command, text=True, env=os.environ, **pipes)  # type: ignore[call-overload]
        assert child.stdout.readline() == "held\n"
        return child

    with hold("building") as child:
        for command in (["build"], ["run", "--scale", "0.01"]):
            done = relief(desk.home.path, *command)
            (line,) = done.stderr.splitlines()
            assert (done.returncode, "another process builds or lands in" in line) == (1, True)
        with pytest.raises(ReliefError, match="a build is running in"):
            desk.land(desk.put("second.csv", SECOND))
        child.kill()
    desk.land_bytes(SECOND)
    with hold("landing") as child:
        desk.land_bytes(doj_file([doj_record(3)]))  # DuckDB's own lock keeps two landings apart
        assert "another process builds or lands in" in relief(desk.home.path, "build").stderr
        child.kill()
