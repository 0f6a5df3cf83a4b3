"""The first look at a content, before anything parses it: fingerprint, size, encoding, byte order mark, line ends."""

import codecs
import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from relief.errors import ReliefError
from relief.landing.container import Content

UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Survey:
    """What the first look found."""

    sha256: str
    content_bytes: int
    encoding: str
    has_bom: bool
    line_ending: str


def survey(content: Content) -> Survey:
    """Read the whole content once. A damaged archive, a binary file or an empty one is refused here."""
    digest = hashlib.sha256()
    size = lf = cr = crlf = 0
    last = b""
    has_bom = False
    encoding = _EncodingCount()
    hashing: Future[None] | None = None
    with ThreadPoolExecutor(1) as pool:
        for block in content.blocks():
            if hashing:
                hashing.result()
            hashing = pool.submit(digest.update, block)  # hashing leaves the interpreter free to look at the bytes
            if size == 0:
                has_bom = block.startswith(UTF8_BOM)
            size += len(block)
            lf += block.count(b"\n")
            if b"\r" in block or last == b"\r":
                cr += block.count(b"\r")
                crlf += block.count(b"\r\n") + (last == b"\r" and block.startswith(b"\n"))
            encoding.add(block)
            last = block[-1:]
    if size <= len(UTF8_BOM) * has_bom:
        raise ReliefError(f"{content.label} is empty (no text in it); fetch it again")
    return Survey(digest.hexdigest(), size, encoding.decide(), has_bom, _line_ending(lf, cr, crlf))


def _line_ending(lf: int, cr: int, crlf: int) -> str:
    if lf == 0:
        return "cr" if cr else "none"
    if crlf == 0:
        return "lf"
    return "crlf" if crlf == lf else "mixed"


class _EncodingCount:
    """Counts characters that are UTF-8 and bytes that are not.

    All UTF-8: UTF-8. More broken than sound: CP1252. A few broken bytes in a file that is otherwise UTF-8 stay UTF-8,
    and the records that hold them are rejected: reading all of it as CP1252 would spoil every sound name.
    """

    def __init__(self) -> None:
        self.sound = 0
        self.broken = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="strict")

    def add(self, block: bytes) -> None:
        if block.isascii() and not self._decoder.getstate()[0]:
            return
        pending = self._decoder.getstate()[0]
        try:
            self._decoder.decode(block)
            self.sound += int(np.count_nonzero(np.frombuffer(block, np.uint8) >= 0xC0))
        except UnicodeDecodeError:
            self._decoder.reset()
            whole = pending + block
            text = whole.decode("utf-8", errors="replace")
            broken = text.count("\ufffd")
            self.broken += broken
            self.sound += len(text) - int(np.count_nonzero(np.frombuffer(whole, np.uint8) < 0x80)) - broken

    def decide(self) -> str:
        if self._decoder.getstate()[0]:
            self.broken += 1
        return "cp1252" if self.broken and self.broken >= self.sound else "utf-8"
