"""The records of one content: first the shape that its header gives it, then its chunks."""

from collections.abc import Callable, Iterator

from relief.errors import ReliefError
from relief.landing.container import Content
from relief.landing.header import FileShape, shape_of
from relief.landing.layout import Source
from relief.landing.records import Chunk, chunks
from relief.landing.survey import UTF8_BOM, Survey

Tell = Callable[[int], None]


def content_bytes(content: Content, found: Survey, tell: Tell | None = None) -> Iterator[bytes]:
    """The content's bytes as records are cut from them: no byte order mark, and a lone CR that ends lines as LF.

    A content that is not the one that was surveyed is refused when its end is reached.
    """
    seen = 0
    for block in content.blocks(tell):
        part = block.removeprefix(UTF8_BOM) if seen == 0 and found.has_bom else block
        seen += len(block)
        yield part.replace(b"\r", b"\n") if found.line_ending == "cr" else part
    if seen != found.content_bytes:
        raise ReliefError(f"{content.label} changed while it was being read; nothing of it was landed: land it again")


def records(
    content: Content, found: Survey, source: Source, tell: Tell | None = None
) -> Iterator[FileShape | tuple[Chunk, int | None]]:
    """First the file's shape, then its chunks, each with the index of the header in it (or None)."""
    blocks = content_bytes(content, found, tell)
    stream = chunks(blocks, source.widest, content.label, len(UTF8_BOM) * found.has_bom)
    first = next(stream)
    header = next((i for i in range(len(first.starts)) if first.record(i).strip()), None)
    if header is None:
        raise ReliefError(f"{content.label} holds blank lines only; fetch it again")
    shape = shape_of(first.record(header), source, content.label, content.path.name)
    yield shape
    yield first, header if shape.has_header else None
    for chunk in stream:
        yield chunk, None
