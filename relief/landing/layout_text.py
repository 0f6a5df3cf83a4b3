"""The YAML of a layout file, read as nothing but text: a word `NO` or a number `01` is what stands there."""

import stat
from pathlib import Path

from relief.documents import Document, read_document, refuse_twice
from relief.errors import ReliefError

MAX_BYTES = 1 << 20  # hundreds of times what a layout has


def layout_content(path: Path) -> bytes | None:
    """What a file holds, up to one byte more than a layout may have; None where it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a named pipe would be waited for
            return None
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError:
        return None


def read_layout(name: str, content: bytes | None) -> Document:
    """Mappings, lists and texts. Raises ReliefError that names the file and the line."""
    if content is None:
        raise ReliefError(f"{name} cannot be read; make it a file that you may read, or take it out of sources")
    if len(content) > MAX_BYTES:
        raise ReliefError(f"{name} is larger than any layout; take it out of the folder sources")
    document = read_document(name, content, scalars="texts", hint="compare it with the example in docs/runbook.md")
    refuse_twice(document)
    return document
