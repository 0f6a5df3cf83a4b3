"""Survey a file or archive member before it is parsed: hash, size, encoding, byte order mark and line ends."""

import codecs
import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from relief.errors import ReliefError
from relief.landing.container import Content
from relief.landing.mended import is_mended_file

_FIRST_BYTE_BEYOND_ASCII, _FIRST_LEAD_BYTE = 0x80, 0xC0
UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Survey:
    """The findings of the survey."""

    sha256: str
    content_bytes: int
    encoding: str
    has_bom: bool
    line_ending: str
    is_mended: bool = False  # whether the file is an export of rejects that a person mended


def survey(content: Content, tell: Callable[[int], None] | None = None) -> Survey:
    """Read the whole content once. A damaged archive, a binary file or an empty file is refused here."""
    digest = hashlib.sha256()
    size = 0
    has_bom = is_mended = False
    ends = _LineEnds()
    encoding = _EncodingCount()
    hashing: Future[None] | None = None
    with ThreadPoolExecutor(1) as pool:
        for block in content.blocks(tell):
            if hashing:
                hashing.result()
            hashing = pool.submit(digest.update, block)  # hashing runs in parallel with the checks
            if size == 0:
                has_bom = block.startswith(UTF8_BOM)
                is_mended = is_mended_file(block)
            size += len(block)
            ends.add(block)
            encoding.add(block)
    if size <= len(UTF8_BOM) * has_bom:
        raise ReliefError(f"{content.label} is empty (no text in it); fetch it again")
    return Survey(digest.hexdigest(), size, encoding.decide(), has_bom, ends.name(), is_mended)


class _LineEnds:
    """Which line ends occur: LF alone, CR and LF, or CR alone."""

    def __init__(self) -> None:
        self.bare_lf = self.crlf = self.cr = False
        self._last = b""

    def add(self, block: bytes) -> None:
        if self._last == b"\r":
            block = b"\r" + block
        if b"\r" in block:
            self.cr = True
            pairs = block.count(b"\r\n")
            self.crlf = self.crlf or pairs > 0
            self.bare_lf = self.bare_lf or block.count(b"\n") > pairs
        else:
            self.bare_lf = self.bare_lf or b"\n" in block
        self._last = block[-1:]

    def name(self) -> str:
        if self.crlf:
            return "mixed" if self.bare_lf else "crlf"
        if self.bare_lf:
            return "lf"
        return "cr" if self.cr else "none"


class _EncodingCount:
    """Counts characters that are UTF-8 and bytes that are not.

    A content whose bytes are all UTF-8 is UTF-8. A content with at least as many broken bytes as sound characters is
    CP1252. A content with fewer broken bytes stays UTF-8, and the records with these bytes are rejected: reading the
    whole content as CP1252 would spoil every sound name.
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
            self.sound += int(np.count_nonzero(np.frombuffer(block, np.uint8) >= _FIRST_LEAD_BYTE))
        except UnicodeDecodeError:
            self._decoder.reset()
            whole = pending + block
            text = whole.decode("utf-8", errors="replace")
            broken = text.count("\ufffd")
            self.broken += broken
            self.sound += (
                len(text) - int(np.count_nonzero(np.frombuffer(whole, np.uint8) < _FIRST_BYTE_BEYOND_ASCII)) - broken
            )

    def decide(self) -> str:
        if self._decoder.getstate()[0]:
            self.broken += 1
        return "cp1252" if self.broken and self.broken >= self.sound else "utf-8"
