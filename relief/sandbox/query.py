"""Run one query in a child process with limits on memory, processor time and wall time, and read its answer."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home
from relief.publishing import current_release
from relief.sandbox.limits import MAX_LENGTH

MAX_ROWS = 10_000
MAX_FILE_ROWS = 1_000_000
"""The largest number of rows that an answer written to a file may have. A larger answer is refused and not cut."""
MAX_SECONDS = 60
MAX_MEMORY = 3 * 1024**3
MAX_ANSWER = 64 * 1024**2
"""The largest number of bytes that are read of an answer. It limits the memory of this process."""
MAX_FILE = 1024**3
_AGGREGATE = "aggregate or filter first"


@dataclass(frozen=True)
class Answer:
    """The answer of a query. `about` describes the release; `is_cut` means that there were more rows than returned.

    `missing` names the protections of the operating system that this machine lacks. `written` counts the rows of a
    file.
    """

    columns: list[str]
    rows: list[list[Any]]
    is_cut: bool
    about: str
    missing: list[str]
    written: int = 0


def query(
    home: Home,
    sql: str,
    *,
    max_rows: int = MAX_ROWS,
    max_seconds: int = MAX_SECONDS,
    parquet: IO[bytes] | None = None,
) -> Answer:
    """Answer one SELECT on the current research release. With `parquet`, the rows go to that open file instead.

    Raises ReliefError when there is no release, the statement is not one SELECT, or a limit is reached.
    """
    release = current_release(home)
    if release is None:
        raise ReliefError("there is no release to query yet; publish one first: relief run or relief publish")
    if not (home.releases / release.research).exists():
        raise ReliefError(f"{release.research} is gone from the releases folder; publish again: relief publish")
    if len(sql) > MAX_LENGTH:
        raise ReliefError(f"query refused: the statement has {len(sql):,} characters; the limit is {MAX_LENGTH:,}")
    descriptor = None if parquet is None else parquet.fileno()
    request = {"file": release.research, "sql": sql, "rows": max_rows, "parquet": descriptor}
    head: dict[str, Any] = {}
    rows: list[list[Any]] = []
    with _child(home.releases, request, max_seconds, descriptor) as lines:
        for line in lines:
            if "error" in line:
                raise ReliefError(f"query refused: {line['error']}")
            rows += line.pop("rows", [])
            head |= line
    notice, as_of, release_id = head["about"]
    about = f"{notice} Data as of {as_of}, release {release_id}."
    return Answer(head["columns"], rows, head["is_cut"], about, head["missing"], head.get("written", 0))


@contextmanager
def _child(folder: Path, request: dict[str, Any], seconds: int, file: int | None) -> Iterator[Iterator[dict[str, Any]]]:
    """Yield the lines of one child process, which is ended afterwards."""

    limits = {"memory": MAX_MEMORY, "seconds": seconds, "file_size": 0 if file is None else MAX_FILE}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "relief.sandbox.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT_DIR), "PATH": "", "HOME": "/nonexistent", "LANG": "C.UTF-8"},
        pass_fds=() if file is None else (file,),
    ) as child:
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(seconds, stop)
        clock.start()
        try:
            yield _lines(child, request | limits, late, seconds)
        finally:
            clock.cancel()
            child.kill()


def _lines(
    child: "subprocess.Popen[bytes]", request: dict[str, Any], late: threading.Event, seconds: int
) -> Iterator[dict[str, Any]]:
    """Yield the child's lines up to a limit of bytes. Raises ReliefError when the answer does not end properly."""
    if child.stdin is None or child.stdout is None:
        raise AssertionError("the child has pipes")
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError:
        pass  # the child has ended early; the code below handles this
    left = MAX_ANSWER
    while text := child.stdout.readline(left + 1):
        left -= len(text)
        if left < 0:
            raise ReliefError("query refused: the answer is too large; aggregate or select fewer columns")
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            break  # the child was stopped in the middle of a line
        yield line
        if "end" in line or "error" in line:
            return
    code = child.wait()
    if late.is_set() or code == -signal.SIGXCPU:
        raise ReliefError(f"the query took more than {seconds} s and was stopped; {_AGGREGATE}")
    if code < 0:
        raise ReliefError(
            f"the query was stopped ({signal.Signals(-code).name}), most likely at its limit of memory "
            f"({MAX_MEMORY // 1024**3} GB); {_AGGREGATE}"
        )
    raise ReliefError(
        f"the query's process ended with code {code} and without an answer; write the query in another way"
    )


def query_to_parquet(home: Home, sql: str, file: Path) -> Answer:
    """Write the answer to a new Parquet file, completely or not at all.

    Raises ReliefError when the file exists or cannot be written, and whenever `query` does.
    """
    if file.exists() or file.is_symlink():
        raise ReliefError(f"{file} exists and is not overwritten; name another file or remove it first")
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as opened:
            answer = query(home, sql, max_rows=MAX_FILE_ROWS, parquet=opened)
        os.link(part, file)  # unlike a rename, a link never replaces a file that was made in the meantime
    except OSError as error:
        raise ReliefError(f"{file} cannot be written ({error.strerror}); name another file") from None
    finally:
        part.unlink(missing_ok=True)
    return answer
