"""A dry run prints what landing would print, exits as it would, and writes nothing; only a terminal shows a bar."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.landing import container
from relief.landing.survey import survey
from tests.python.support.landing_files import HEADER, Desk, doj_file, doj_record, gzipped, zipped

GOOD = doj_file([doj_record(1), doj_record(2)])
DOUBTFUL = doj_file([doj_record(1), b"", b"short", doj_record(4), b"short"])
FOREIGN = b"NAME,AGE\nA,1\n"


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every path below a folder, with its mode, modification time and bytes."""
    return {
        str(path): (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *sorted(folder.rglob("*"))]
        if path.exists()
    }


def outcome(desk: Desk, paths: list[Path], **options) -> tuple[object, list[str]]:
    try:
        return desk.land(*paths, **options), list(desk.lines)
    except ReliefError as error:
        return str(error).replace("would be landed", "are landed"), list(desk.lines)


def rehearsed(desk: Desk, *paths: Path, **options) -> list[str]:
    """Do a dry run, then land: both give the same results or the same refusal, and only landing changes anything."""
    before = snapshot(desk.home.path)
    dry, lines = outcome(desk, list(paths), dry_run=True, **options)
    assert snapshot(desk.home.path) == before
    assert all(line.startswith("dry run: ") for line in lines)
    real, said = outcome(desk, list(paths), **options)
    assert dry == real
    assert [line for line in lines if "refused: " in line] == [
        f"dry run: {s}" for s in said if s.startswith("refused: ")
    ]
    return lines


def test_a_dry_run_of_a_new_home_makes_not_even_the_folder(desk):
    lines = rehearsed(desk, desk.put("extract.csv", DOUBTFUL))
    (first, shape, *reasons, last) = lines
    assert first.startswith("dry run: extract.csv: 5 records = 2 would load + 3 would be rejected, as of 2020-02-01,")
    assert shape == "dry run:   not compressed, UTF-8, 95 named columns"
    assert reasons == [
        "dry run:   would be rejected 2: fewer fields than the layout has columns (lines 4, 6)",
        "dry run:   would be rejected 1: blank line (line 3)",
    ]
    assert last == "dry run: nothing was written"


def test_many_lines_of_one_reason_are_counted(desk):
    lines = rehearsed(desk, desk.put("extract.csv", doj_file([doj_record(1), *([b"short"] * 1200)])))
    assert any("1,200: fewer fields" in line and "11, 12 and 1,190 more)" in line for line in lines)


def test_several_files_meet_what_they_would_meet(desk):
    folder = desk.inbox
    both = zipped({"/absolute/one.csv": doj_file([doj_record(7)]), "../two.csv": FOREIGN})
    paths = [
        desk.put("good.csv", GOOD),
        desk.put("packed.gz", gzipped(GOOD)),
        desk.put("both.zip", both),
        folder / "missing.csv",
        desk.put("doubtful.csv", DOUBTFUL),
    ]
    lines = rehearsed(desk, *paths)
    assert sum("already landed" in line for line in lines) == 1
    assert sum("refused: " in line for line in lines) == 2
    assert {path.name for path in desk.inbox.parent.iterdir()} == {"home", "inbox"}
    assert all("already landed" in line for line in rehearsed(desk, paths[0], paths[4])[:2])


@pytest.mark.parametrize(
    ("data", "source", "word"),
    [
        (GOOD, "ca_doj", "2 would load"),
        (DOUBTFUL, "ca_doj", "3 would be rejected"),
        (HEADER, "ca_doj", "0 records"),
        (FOREIGN, "ca_doj", ""),
        (b"", "ca_doj", ""),
        (GOOD, "la_court", ""),
        (GOOD.decode().encode("utf-16"), "ca_doj", ""),
        (gzipped(GOOD)[:-5], "ca_doj", ""),
        (b"A name,1\nanother,2\n", "ca_doj", ""),
        (doj_file([doj_record(1, comment_text="MUÑOZ")]).decode().encode("cp1252"), "ca_doj", "CP1252"),
    ],
)
def test_what_landing_would_say_of_any_file(desk, data, source, word):
    lines = rehearsed(desk, desk.put("extract.csv", data), source=source)
    assert any(word in line for line in lines) if word else lines == []


def test_dates_and_superseding_are_rehearsed(desk):
    first = desk.land_bytes(GOOD, as_of=None)
    newer = desk.put("newer.csv", DOUBTFUL)
    assert any("its as-of date would become" in line for line in rehearsed(desk, desk.put("good.csv", GOOD)))
    for older in ("ca_doj-000000000000", first.delivery_id):
        lines = rehearsed(desk, newer, supersedes=older)
    assert f"dry run:   would supersede {first.delivery_id}" in lines
    third = desk.land_bytes(doj_file([doj_record(9)]))
    lines = rehearsed(desk, desk.put("third.csv", doj_file([doj_record(9)])), supersedes=first.delivery_id)
    assert ["already landed" in line for line in lines] == [True]  # refused, because it was superseded
    (second,) = desk.rows("select superseded_by from raw.deliveries where delivery_id = ?", first.delivery_id)
    lines = rehearsed(desk, desk.inbox / "third.csv", supersedes=second[0])
    assert f"dry run:   it would supersede {second[0]}" in lines
    assert desk.rows("select delivery_id from raw.deliveries where status = 'landed'") == [(third.delivery_id,)]


def test_mending_is_rehearsed(desk):
    desk.land_bytes(DOUBTFUL)
    lines = desk.export()
    lines[1] = lines[1].replace(b'"blank_line",', b'"blank_line",drop')
    lines[2] = lines[2].replace(b",,short", b",," + doj_record(3))
    said = rehearsed(desk, desk.put("mended.csv", b"\n".join(lines)))
    assert "3 mended records = 1 would be repaired + 1 would be dropped + 1 still open + 0 skipped" in said[0]
    assert "already landed" in rehearsed(desk, desk.inbox / "mended.csv")[0]
    lines[1] = lines[1].replace(b",2,", b",3,", 1)
    assert rehearsed(desk, desk.put("mended.csv", b"\n".join(lines))) == []


def test_a_home_that_landing_could_not_use_is_refused(desk, monkeypatch):
    path = desk.put("good.csv", GOOD)
    desk.home.path.write_text("a file")
    dry, _ = outcome(desk, [path], dry_run=True)
    wet, _ = outcome(desk, [path])
    assert "RELIEF_HOME" in str(dry)
    assert "RELIEF_HOME" in str(wet)
    desk.home.path.unlink()
    monkeypatch.setattr(os, "access", lambda *_arguments, **_options: False)
    with pytest.raises(ReliefError, match="Permission denied; name a folder you can write to"):
        desk.land(path, dry_run=True)
    assert not desk.home.path.exists()


def test_a_warehouse_that_is_damaged_or_lacks_its_parquet_is_said(desk):
    path = desk.put("other.csv", DOUBTFUL)
    desk.land_bytes(GOOD)
    for damage in ("parquet", "warehouse"):
        if damage == "parquet":
            next(desk.home.landing.rglob("*.parquet")).unlink()
        else:
            desk.home.warehouse.write_bytes(b"damaged" * 1000)
        dry, _ = outcome(desk, [path], dry_run=True)
        wet, _ = outcome(desk, [path])
        assert dry == wet
        assert "gone" in str(dry) or "cannot be opened" in str(dry)


def relief(desk: Desk, *arguments: str, **options) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "RELIEF_HOME": str(desk.home.path), "COLUMNS": "200"}
    command = [sys.executable, "-m", "relief", "land", "--source", "ca_doj", *arguments]
    return subprocess.run(command, check=False, env=environment, timeout=120, **options)


def test_the_command_exits_as_landing_would(desk):
    good, foreign = str(desk.put("good.csv", GOOD)), str(desk.put("foreign.csv", FOREIGN))
    done = relief(desk, "--dry-run", good, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    done = relief(desk, "--dry-run", good, foreign, capture_output=True)
    assert done.returncode == 1
    assert b"1 of 2 files were refused (see above); the others would be landed" in done.stderr
    assert not desk.home.path.exists()


@pytest.mark.parametrize("name", ["extract.csv", "extract.csv.gz", "extract.zip"])
def test_a_terminal_shows_how_far_it_is_and_a_file_does_not(desk, name):
    data = doj_file([doj_record(number) for number in range(20_000)])
    packed = {".zip": zipped({"a.csv": data}), ".gz": gzipped(data), ".csv": data}
    desk.put(name, packed[Path(name).suffix])
    ours, theirs = pty.openpty()
    done = relief(desk, str(desk.inbox / name), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the terminal is closed
        pass
    os.close(ours)
    assert done.returncode == 0
    assert done.stdout.decode().startswith(name)
    assert done.stdout.count(b"\n") == 1
    for part in (b"first look", b"landing", b"records/s", b"B", b":"):
        assert part in shown
    again = relief(desk, str(desk.inbox / name), capture_output=True)
    assert again.stderr == b""


def test_progress_is_told_in_bytes_of_the_file(desk, monkeypatch):
    monkeypatch.setattr(container, "BLOCK_BYTES", 10_000)
    data = doj_file([doj_record(number) for number in range(500)])
    for name, written in (("a.csv", data), ("a.gz", gzipped(data)), ("a.zip", zipped({"a.csv": data}))):
        path = desk.put(name, written)
        told: list[int] = []
        (content,) = container.contents(path)
        survey(content, told.append)
        assert len(told) == -(-len(data) // 10_000)
        assert told == sorted(told)
        assert 0 < told[-1] <= content.shown_bytes
        assert content.shown_bytes == (len(data) if path.suffix == ".zip" else path.stat().st_size)
