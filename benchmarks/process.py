"""Run commands as separate processes, and measure their wall time and their peak memory."""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def timed(command: list[str], environment: Mapping[str, str] | None = None) -> tuple[float, float, str]:
    """Return the wall time in seconds, the peak memory in MB, and the output of the process.

    If the process fails, the benchmark ends.
    """
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
    """Time a `relief` command in a data folder.

    A build also writes dbt's artifacts, from which the profile is read.
    """
    return timed([sys.executable, "-m", "relief", *arguments], {"RELIEF_HOME": str(home), "DBT_WRITE_JSON": "true"})
