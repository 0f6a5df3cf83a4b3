"""Run the command `relief` in a process of its own, as a user does."""

import os
import subprocess
import sys
from pathlib import Path


def relief(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RELIEF_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "relief", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=300,
    )
