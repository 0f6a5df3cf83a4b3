"""A landing that is killed at any moment leaves no half delivery, and landing again completes it."""

import os
import random
import subprocess
import sys
import time

import pytest

from relief.home import open_warehouse
from tests.python.support.landing_files import Desk, doj_file, doj_record

LAND = """
import sys
from pathlib import Path
from relief.home import Home
from relief.landing import land
import duckdb, pyarrow.csv, pyarrow.parquet
print("ready", flush=True)
land(Home(Path(sys.argv[1])), "ca_doj", [Path(sys.argv[2])], None, None, print)
"""
DIE_AT = """
import os, signal, sys
from pathlib import Path
from relief.home import Home
from relief.landing import catalog, incoming, land, parquet

def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

place = sys.argv[3]
if place == "writing":
    parquet.ParquetSink.write = die
elif place == "before the rename":
    incoming._synchronize = die
elif place == "after the rename":
    catalog.record = die
elif place == "inside the transaction":
    real = catalog.refresh_views

    def refresh(connection, home):
        if connection.execute("select count(*) from raw.deliveries").fetchone()[0]:
            die()
        real(connection, home)

    catalog.refresh_views = refresh
elif place == "before the temporary files are cleared":
    incoming.shutil.rmtree = die
land(Home(Path(sys.argv[1])), "ca_doj", [Path(sys.argv[2])], None, None, print)
"""


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def completes(desk: Desk, path, loaded: int, rejected: int) -> None:
    """Check that the warehouse opens, and that landing again completes it without duplicates."""
    desk.home.create()
    with open_warehouse(desk.home):
        pass
    (result,) = desk.land(path)
    desk.check_account()
    assert (result.loaded, result.rejected) == (loaded, rejected)
    assert desk.rows("select count(*), count(distinct row_no) from raw.ca_doj") == [(loaded, loaded)]
    assert desk.rows("select count(*) from raw.rejects") == [(rejected,)]
    assert len(list(desk.home.landing.rglob("*.parquet"))) == 1
    assert not list(desk.home.landing.rglob(".incoming*"))


@pytest.mark.parametrize(
    "place",
    [
        "writing",
        "before the rename",
        "after the rename",
        "inside the transaction",
        "before the temporary files are cleared",
    ],
)
def test_killed_at_every_step(desk, place):
    path = desk.put("extract.csv", doj_file([*(doj_record(number) for number in range(50)), b"short"]))
    command = [sys.executable, "-c", DIE_AT, str(desk.home.path), str(path), place]
    assert subprocess.run(command, env=os.environ, capture_output=True, check=False).returncode == -9
    completes(desk, path, 50, 1)


def test_only_what_a_landing_left_is_cleared(desk):
    ours = [".incoming-ca_doj-0123456789ab", ".incoming-ca_doj-ffffffffffff"]
    others = [
        ".incoming-ca_doj-0123456789a",
        ".incoming-ca_doj-0123456789abc",
        ".incoming-ca_doj-0123456789AB",
        ".incoming-ca_doj-0123456789ag",
        ".incoming-la_court-0123456789ab",
        ".incoming-notes",
        ".incoming-",
        "ca_doj-0123456789ab",
    ]
    folder = desk.home.landing / "ca_doj"
    elsewhere = [desk.home.landing / "notes" / ours[0], desk.home.landing / "notes" / ".incoming-notes-0123456789ab"]
    for path in [*(folder / name for name in ours + others), *elsewhere]:
        path.mkdir(parents=True)
        (path / "kept.txt").write_text("kept")
    result = desk.land_bytes(doj_file([doj_record(1)]))
    assert {path.name for path in folder.iterdir()} == {*others, result.delivery_id}
    assert all((path / "kept.txt").exists() for path in [*(folder / name for name in others), *elsewhere])


def test_killed_at_random_moments(desk):
    kill_at_random(desk, 6)


@pytest.mark.full
def test_killed_fifty_times_at_random_moments(desk):
    kill_at_random(desk, 50)


def kill_at_random(desk: Desk, times: int) -> None:
    """Kill landings at random moments, with a new file every ten times; what is landed is whole, and landed once."""
    chance = random.Random(20200211)  # noqa: S311
    rest = doj_file([*(doj_record(1).replace(b"J 1", b"J %d" % number) for number in range(59_998)), b"short"], None)
    landed = 0
    for round_no in range(times):
        if desk.home.warehouse.exists() and round_no % 10 == 0:  # so that later landings are killed too
            landed = (
                desk.land_bytes(doj_file([doj_record(100_000 + round_no)]), f"between{round_no}.csv").loaded + landed
            )
        path = desk.put("extract.csv", doj_file([doj_record(-1 - round_no // 10)]) + rest)
        child = subprocess.Popen(
            [sys.executable, "-c", LAND, str(desk.home.path), str(path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.8))
        child.kill()
        child.communicate()
        if desk.home.warehouse.exists():
            with open_warehouse(desk.home) as connection:
                tables = connection.execute("select count(*) from duckdb_tables() where schema_name = 'raw'").fetchone()
            if tables != (0,):
                desk.check_account()
                rows = desk.rows("select count(*) from raw.ca_doj")[0][0] - landed
                whole = desk.rows("select count(*) from raw.deliveries where records = 60000")[0][0]
                assert rows == whole * 59_999
    (result,) = desk.land(path)
    desk.check_account()
    assert (result.loaded, result.rejected) == (59_999, 1)
    whole = desk.rows("select count(*) from raw.deliveries where records = 60000")[0][0]
    assert desk.rows("select count(*) from raw.ca_doj") == [(whole * 59_999 + landed,)]
    assert desk.rows("select count(*) from raw.rejects") == [(whole,)]
    assert len(list(desk.home.landing.rglob("*.parquet"))) == whole + landed
    assert not list(desk.home.landing.rglob(".incoming*"))
