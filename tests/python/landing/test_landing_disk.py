"""A full disk and folders without permission: one line each, nothing is half landed, and landing again works."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing import layout
from tests.python.support.landing_files import Desk, doj_file, doj_record

NOBODY = 65534
LIMITED = """
import resource, sys
from pathlib import Path
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.argv = ["relief", *sys.argv[2:]]
from relief.cli import main
main()
"""


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def land_within(desk: Desk, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Land in a process that cannot make a file larger than the limit, as if the disk were full at that point."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "land", "--source", "ca_doj", *arguments],
        env={**os.environ, "RELIEF_HOME": str(desk.home.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def hard_file() -> bytes:
    """A file of about 2 MB that zstd can hardly compress; a tenth of its records are rejects."""
    texts = [os.urandom(300).hex() for _ in range(3000)]
    return doj_file(
        [
            doj_record(number, comment_text=text) if number % 10 else f"reject,{text}".encode()
            for number, text in enumerate(texts)
        ]
    )


@pytest.mark.parametrize("limit", [0, 1, 4_096, 50_000, 120_000, 400_000, 700_000])
def test_a_disk_that_fills_up_is_one_line_and_landing_again_completes(desk, limit):
    path = desk.put("extract.csv", hard_file())
    done = land_within(desk, limit, str(path))
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("relief: ")
    assert "disk full" in line
    if desk.home.warehouse.exists() and limit > 50_000:
        assert desk.rows("select count(*) from raw.deliveries") == [(0,)]
    assert not list(desk.home.landing.rglob(".incoming*"))
    (result,) = desk.land(path)
    desk.check_account()
    assert (result.loaded, result.rejected) == (2700, 300)


@pytest.mark.parametrize("room", [0, 100_000])
def test_a_disk_that_fills_up_while_rejects_are_mended(desk, room):
    desk.land_bytes(doj_file([doj_record(0), *([b"short"] * 400)]))
    lines = desk.export()
    texts = [os.urandom(12_000).hex() for _ in lines]
    mended = [
        line.replace(b",,short", b",," + doj_record(1, comment_text=text))
        for line, text in zip(lines, texts, strict=True)
    ]
    path = desk.put("mended.csv", b"\n".join(mended))
    # On a full disk, a file keeps the space that it already has.
    done = land_within(desk, desk.home.warehouse.stat().st_size + room, str(path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "disk full" in line
    desk.check_account()
    assert desk.subjects() == [0]
    (result,) = desk.land(path)
    desk.check_account()
    assert result.loaded == 400


@contextmanager
def not_as_root() -> Iterator[None]:
    """Run as the user nobody, because permissions do not stop root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_desk(monkeypatch) -> Iterator[Desk]:
    names = layout.source_names()
    for name in names:
        layout.load_source(name)  # the user nobody may not have permission to read the checkout
    monkeypatch.setattr(layout, "source_names", lambda *_arguments: names)
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, -1)
        with not_as_root():
            yield Desk(Path(folder))
            for path in Path(folder).rglob("*"):
                path.chmod(0o700)


def test_a_file_that_may_not_be_read_is_one_line(open_desk):
    path = open_desk.put("locked.csv", doj_file([doj_record(1)]))
    path.chmod(0)
    with pytest.raises(ReliefError, match=r"locked\.csv cannot be read: permission denied; ask its owner"):
        open_desk.land(path)
    path.chmod(0o600)
    assert open_desk.land(path)[0].loaded == 1


def test_a_home_that_may_not_be_written_is_one_line(open_desk):
    path = open_desk.put("extract.csv", doj_file([doj_record(1)]))
    shut = open_desk.inbox / "shut"
    shut.mkdir(mode=0o500)
    for dry_run in (True, False):
        open_desk.home = Home(shut / "home")
        with pytest.raises(ReliefError, match=r"RELIEF_HOME .*: Permission denied; name a folder you can write to"):
            open_desk.land(path, dry_run=dry_run)


def test_a_landing_folder_that_may_not_be_written_is_one_line(open_desk):
    path = open_desk.put("extract.csv", doj_file([doj_record(1)]))
    open_desk.land_bytes(doj_file([doj_record(2)]), "first.csv")
    folder = open_desk.home.landing / "ca_doj"
    folder.chmod(0o500)
    with pytest.raises(ReliefError, match="could not be landed: Permission denied in "):
        open_desk.land(path)
    with open_warehouse(open_desk.home) as connection:
        assert connection.execute("select count(*) from raw.deliveries").fetchone() == (1,)
    folder.chmod(0o700)
    assert open_desk.land(path)[0].loaded == 1
