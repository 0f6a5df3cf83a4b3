"""The records of one file or archive member: first the shape, which the header gives, then chunks of records."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from relief.errors import ReliefError
from relief.landing import container
from relief.landing.container import Content
from relief.landing.head import HEAD_BYTES, find_head
from relief.landing.header import FileShape
from relief.landing.layout import Source
from relief.landing.records import MAX_LINE_BYTES, Chunk, chunks
from relief.landing.survey import UTF8_BOM, Survey

Tell = Callable[[int], None]


def content_bytes(content: Content, found: Survey, tell: Tell | None = None) -> Iterator[bytes]:
    """The bytes from which records are cut: no byte order mark, and LF in place of CR where CR alone ends lines.

    At the end, refuse a content that has changed since it was surveyed.
    """
    seen = 0
    for block in content.blocks(tell):
        part = block.removeprefix(UTF8_BOM) if seen == 0 and found.has_bom else block
        seen += len(block)
        yield part.replace(b"\r", b"\n") if found.line_ending == "cr" else part
    if seen != found.content_bytes or not content.is_unchanged():
        raise ReliefError(f"{content.label} changed while it was being read; nothing of it was landed: land it again")


def records(content: Content, found: Survey, source: Source, tell: Tell | None = None) -> Iterator[FileShape | Chunk]:
    """Yield the file's shape, then chunks of the records above the header, then chunks of the records below it."""
    blocks = content_bytes(content, found, tell)
    data = _first_bytes(blocks)
    complete = data.rfind(b"\n", 0, max(HEAD_BYTES, data.find(b"\n") + 1)) + 1
    head = find_head(data[:complete] or data + b"\n", source, content.label, content.path.name)
    yield head.shape
    begin = len(UTF8_BOM) * found.has_bom
    for chunk in chunks([data[: head.start]], head.shape.width, content.label, begin):
        yield replace(chunk, broken={index: _above(chunk.record(index)) for index in range(len(chunk.starts))})
    size = container.BLOCK_BYTES
    blocks = chain((data[at : at + size] for at in range(head.end, len(data), size)), blocks)
    line = 1 + data.count(b"\n", 0, head.end)
    yield from chunks(blocks, head.shape.width, content.label, begin + head.end, line)


def _first_bytes(blocks: Iterator[bytes]) -> bytes:
    """Join whole blocks until they contain enough bytes for any header."""
    parts: list[bytes] = []
    size = 0
    for block in blocks:
        parts.append(block)
        size += len(block)
        if size >= HEAD_BYTES and b"\n" in block:
            break
        if size > MAX_LINE_BYTES:
            break
    return b"".join(parts)


def _above(record: bytes) -> str:
    return "above_the_header" if record.strip() else "blank_line"
