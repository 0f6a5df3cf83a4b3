"""Show a build's progress on stderr: its stage, the nodes that are done and left, and the time left.

A terminal shows one line that changes. A log gets a plain line for each tenth of the build. The report stays on stdout.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

Seen = Callable[[Any], None]
"""A function that takes one event of dbt."""
BuildProgress = Callable[[], AbstractContextManager[Seen | None]]
TENTHS = 10


@contextmanager
def no_progress() -> Iterator[None]:
    """Show nothing and receive no events from dbt."""
    yield None


def build_progress(*, quiet: bool = False) -> BuildProgress:
    """Show a bar if stderr is a terminal, plain lines if it is not, and nothing when `quiet`."""
    if quiet:
        return no_progress
    return _bar if sys.stderr.isatty() else _lines


@dataclass
class Count:
    """Nodes of a build (models, seeds, snapshots and their tests) as dbt reports them, one event after another."""

    total: int = 0
    done: int = 0
    stage: str = "reading the project"

    def see(self, event: Any) -> bool:
        """Count the event of dbt. Return whether the counts changed."""
        name = event.info.name
        if name == "ConcurrencyLine":
            self.total = event.data.node_count
        elif name == "LogStartLine":
            self.stage = stage_of(event.data.node_info.resource_type, event.data.node_info.node_path)
        elif name == "NodeFinished":
            self.done += 1
        else:
            return False
        return True


def stage_of(resource_type: str, path: str) -> str:
    """The stage of a node: the folder of a model, or the kind of any other node in words."""
    if resource_type != "model":
        return {"seed": "seeds", "test": "data tests", "snapshot": "snapshots"}.get(resource_type, resource_type)
    return path.rpartition("/")[0] or "models"


@contextmanager
def _lines() -> Iterator[Seen]:
    count, begin, said = Count(), time.monotonic(), 0

    def see(event: Any) -> None:
        nonlocal said
        if not count.see(event) or not count.total or count.done * TENTHS // count.total <= said:
            return
        said = count.done * TENTHS // count.total
        seconds = time.monotonic() - begin
        left = seconds / count.done * (count.total - count.done)
        print(
            f"building: {count.done} of {count.total} models, seeds and tests done, at {count.stage}; "
            f"{seconds:.0f} s, about {left:.0f} s left",
            file=sys.stderr,
            flush=True,
        )

    yield see


@contextmanager
def _bar() -> Iterator[Seen]:
    from rich.console import Console  # noqa: PLC0415  (only for a terminal)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415  (slow)
    from rich.progress import Progress as RichProgress  # noqa: PLC0415  (slow import)

    columns = (
        TextColumn("building {task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(file=sys.stderr)
    with RichProgress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bars:
        count = Count()
        bar = bars.add_task(count.stage, total=None)

        def see(event: Any) -> None:
            if count.see(event):
                bars.update(bar, description=count.stage, completed=count.done, total=count.total or None)

        yield see
