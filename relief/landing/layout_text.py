"""Read the YAML of a layout file with every value as text: the word `NO` and the number `01` stay as written."""

import stat
from pathlib import Path

from relief.documents import Document, read_document, refuse_twice
from relief.errors import ReliefError

MAX_BYTES = 1 << 20  # hundreds of times larger than any layout


def layout_content(path: Path) -> bytes | None:
    """The file's content, at most one byte more than a layout may have; None if the file cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a named pipe would wait forever
            return None
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError:
        return None


def read_layout(name: str, content: bytes | None) -> Document:
    """Return the document of mappings, lists and texts. Raises a ReliefError that names the file and the line."""
    if content is None:
        raise ReliefError(f"{name} cannot be read; make it a file that you may read, or take it out of sources")
    if len(content) > MAX_BYTES:
        raise ReliefError(f"{name} is larger than any layout; take it out of the folder sources")
    document = read_document(name, content, scalars="texts", hint="compare it with the example in docs/runbook.md")
    refuse_twice(document)
    return document
