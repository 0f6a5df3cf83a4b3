"""Whole processes, timed from outside: wall time and peak memory without those of the parent process."""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def timed(command: list[str], environment: Mapping[str, str] | None = None) -> tuple[float, float, str]:
    """Return seconds of wall time, peak memory in MB, and the output of the process. A failure ends the benchmark."""
    with tempfile.TemporaryFile("w+") as output:
        began = time.perf_counter()
        pid = os.posix_spawn(
            command[0],
            command,
            {**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})},
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
        )
        _, status, usage = os.wait4(pid, 0)
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read()
    if status:
        raise SystemExit(f"{' '.join(command[:6])} failed:\n{text}")
    unit = 1024 if sys.platform == "darwin" else 1
    return seconds, usage.ru_maxrss / unit / 1024, text


def relief(home: Path, *arguments: str) -> tuple[float, float, str]:
    """Time a `relief` command in a data folder; a build also writes dbt's artifacts, for the profile."""
    return timed([sys.executable, "-m", "relief", *arguments], {"RELIEF_HOME": str(home), "DBT_WRITE_JSON": "true"})
