"""Show a landing's progress, on a terminal only: bytes read of the file, records per second, time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Watch:
    """The functions that landing calls to report its progress."""

    looking: Callable[[int], None] | None = None  # position in the file while it is surveyed
    landing: Callable[[int], None] | None = None  # position in the file while its records are read
    records: Callable[[int], None] = lambda count: None  # records read so far


Progress = Callable[[str, int], AbstractContextManager[Watch]]


@contextmanager
def no_progress(_label: str, _size: int) -> Iterator[Watch]:
    """Show no progress."""
    yield Watch()


def progress_on_terminal() -> Progress:
    """Return a bar on stderr if stderr is a terminal; otherwise show nothing and import nothing."""
    return _bar if sys.stderr.isatty() else no_progress


@contextmanager
def _bar(label: str, size: int) -> Iterator[Watch]:
    from rich.console import Console  # noqa: PLC0415  (only for a terminal)
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415  (slow import)
    from rich.progress import Progress as RichProgress  # noqa: PLC0415  (slow import)

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        DownloadColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    # The bar is not written to stdout, where the lines of the report go and which may be a file.
    console = Console(file=sys.stderr)
    with RichProgress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bars:
        look = bars.add_task(f"{label}: first look", total=size, rate="")
        land = bars.add_task(f"{label}: landing", total=size, rate="", start=False, visible=False)

        def looking(position: int) -> None:
            bars.update(look, completed=position)

        def landing(position: int) -> None:
            if not bars.tasks[land].started:
                bars.update(look, visible=False)
                bars.start_task(land)
            bars.update(land, completed=position, visible=True)

        def records(count: int) -> None:
            elapsed = bars.tasks[land].elapsed
            if elapsed:
                bars.update(land, rate=f"{count / elapsed:,.0f} records/s")

        yield Watch(looking, landing, records)
