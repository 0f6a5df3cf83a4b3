"""The contents of a path: one (plain or gzip) or several (zip members). The first bytes decide, not the name."""

import gzip
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from relief.errors import ReliefError
from relief.landing.mended import is_mended_file
from relief.landing.parquet_text import parquet_as_csv
from relief.text import printable

BLOCK_BYTES = 16 << 20
MAX_UNPACKED_BYTES = 64 << 30
MAX_RATIO = 300  # an extract of mostly empty columns reaches about 100
RATIO_FLOOR_BYTES = 64 << 20  # small contents may have any ratio
MAX_MEMBERS = 1_000
SHOWN_CHARACTERS = 80

GZIP_MAGIC = b"\x1f\x8b"
PARQUET_MAGIC = b"PAR1"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
OTHER_MAGICS = {
    b"\xff\xfe\x00\x00": "UTF-32 text; save it as UTF-8",
    b"\x00\x00\xfe\xff": "UTF-32 text; save it as UTF-8",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
    b"%PDF": "a PDF; ask for the CSV file",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as CSV",
    b"PAR1": "a Parquet file inside another file; unpack it first",
    b"PARE": "an encrypted Parquet file; ask for one without encryption, or for the CSV file",
    b"SQLite format 3": "an SQLite database; ask for the CSV file",
    b"BZh": "compressed with bzip2; unpack it first",
    b"\xfd7zXZ\x00": "compressed with xz; unpack it first",
    b"(\xb5/\xfd": "compressed with zstd; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"\x89PNG": "a picture; ask for the CSV file",
    b"\xff\xd8\xff": "a picture; ask for the CSV file",
    b"\x7fELF": "a program; ask for the CSV file",
}
# The errors that readers raise for damaged bytes. Each compression has its own: bzip2 an OSError without a number.
DAMAGE: tuple[type[Exception], ...] = (
    EOFError, OSError, ValueError, ArithmeticError, LookupError, MemoryError, NotImplementedError,
    struct.error, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
SNIFF_BYTES = 8192
MAX_CONTROL_SHARE = 0.05


@dataclass(frozen=True)
class Content:
    """One table's bytes inside a file: the file itself, or a member of an archive."""

    path: Path
    member_name: str | None
    compression: str
    file_bytes: int
    _open: Callable[[], BinaryIO]
    member_position: int = 0  # among the files of the archive, from 1
    unpacked_bytes: int | None = None  # as the archive declares it: used only to show progress
    stamp: tuple[int, ...] = ()  # device, inode, size and change time of the file when it was first opened

    @property
    def label(self) -> str:
        """The content's name in messages: on one line, without folders and control characters."""
        name = printable(self.path.name)
        if self.member_name is None:
            return name
        base = self.member_name.replace("\\", "/").rsplit("/", 1)[-1]
        return f"{name}, member {self.member_position} ({printable(base)[:SHOWN_CHARACTERS]})"

    @property
    def shown_bytes(self) -> int:
        """The last position that ``blocks`` reports: the bytes of the file, or of the unpacked member."""
        return self.file_bytes if self.unpacked_bytes is None else self.unpacked_bytes

    def is_unchanged(self) -> bool:
        """Whether the path still leads to the file that was first opened, and nobody has written to it since."""
        return _stamp(self.path) == self.stamp

    def blocks(self, tell: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Yield the unpacked bytes, block by block. Refuse damage, bombs and archives inside archives.

        ``tell`` is called with the position that the reading has reached, up to ``shown_bytes``.
        """
        unpacked = 0
        try:
            with self._open() as stream:
                packed = getattr(stream, "fileobj", None)  # gzip's: its position is in bytes of the file
                while block := stream.read(BLOCK_BYTES):
                    if unpacked == 0:
                        refuse_other_formats(block, self.label, inside=self.compression)
                    unpacked += len(block)
                    self._refuse_bombs(unpacked)
                    if tell:
                        tell(packed.tell() if packed else unpacked)
                    yield block
        except (RuntimeError, NotImplementedError) as error:
            raise ReliefError(f"{self.label} is encrypted or packed in an unknown way; unpack it first") from error
        except DAMAGE as error:
            if isinstance(error, OSError) and error.errno:  # an error of the disk, not of the archive
                raise ReliefError(f"{self.label} cannot be read: {error.strerror}") from error
            raise ReliefError(
                f"{self.label} is a damaged or truncated {self.compression} file; nothing was landed: fetch it again"
            ) from error

    def _refuse_bombs(self, unpacked: int) -> None:
        if self.compression in ("none", "parquet"):
            return
        too_dense = unpacked > RATIO_FLOOR_BYTES and unpacked > MAX_RATIO * max(self.file_bytes, 1)
        if too_dense or unpacked > MAX_UNPACKED_BYTES:
            raise ReliefError(
                f"{self.label} unpacks to far more than an extract does ({unpacked:,} bytes and more from "
                f"{self.file_bytes:,}); if it is sound, unpack it and land the plain file"
            )


def contents(path: Path) -> list[Content]:
    """Return the contents of one path, in archive order."""
    stamp = _stamp(path)
    first = _first_bytes(path)
    return [replace(content, stamp=stamp) for content in _contents(path, first, path.stat().st_size)]


def _contents(path: Path, first: bytes, size: int) -> list[Content]:
    if first.startswith(ZIP_MAGICS):
        return _zip_contents(path)
    if first.startswith(GZIP_MAGIC):
        return [Content(path, None, "gzip", size, lambda: gzip.open(path, "rb"))]  # type: ignore[arg-type, return-value]
    if first.startswith(PARQUET_MAGIC):
        return [Content(path, None, "parquet", size, lambda: parquet_as_csv(path))]
    if size == 0:
        raise ReliefError(f"{printable(path.name)} is empty (0 bytes); fetch it again")
    return [Content(path, None, "none", size, lambda: path.open("rb", buffering=0))]  # type: ignore[arg-type, return-value]


def refuse_other_formats(block: bytes, label: str, *, inside: str) -> None:
    """Refuse bytes that are not text: known formats by their first bytes, others by their share of control bytes."""
    if block.startswith((GZIP_MAGIC, *ZIP_MAGICS)):
        raise ReliefError(f"{label} is an archive inside a {inside} file; unpack it first")
    for magic, what in OTHER_MAGICS.items():
        if block.startswith(magic):
            raise ReliefError(f"{label} is {what}")
    if is_mended_file(block):
        return  # a mended file quotes records as they came, even with NUL bytes
    head = block[:SNIFF_BYTES]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) > max(8, len(head) * 0.2) and min(odd, even) < max(odd, even) / 4:
        raise ReliefError(f"{label} is UTF-16 text; save it as UTF-8")
    control = len(head) - len(head.translate(None, delete=bytes(b for b in range(32) if b not in b"\t\n\r\x0c\x1a")))
    if control > max(8, len(head) * MAX_CONTROL_SHARE):
        raise ReliefError(f"{label} is a binary file, not text; ask for the CSV file")


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _first_bytes(path: Path) -> bytes:
    shown = printable(str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ReliefError(f"{shown} is a folder; name the files in it")
        if not stat.S_ISREG(mode):
            raise ReliefError(f"{shown} is not a regular file; name a file")
        with path.open("rb") as stream:
            return stream.read(16)
    except FileNotFoundError as error:
        raise ReliefError(f"{shown} does not exist; check the path") from error
    except PermissionError as error:
        raise ReliefError(f"{shown} cannot be read: permission denied; ask its owner") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a valid path"
        raise ReliefError(f"{shown} cannot be read: {reason}") from error


def _zip_contents(path: Path) -> list[Content]:
    shown = printable(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if _is_data(info.filename)]
            names = {info.filename for info in archive.infolist()}
    except DAMAGE as error:
        raise ReliefError(f"{shown} is a damaged zip file; nothing of it was landed: fetch it again") from error
    if "[Content_Types].xml" in names:
        raise ReliefError(f"{shown} is an Excel or Word file; save it as CSV")
    if not members:
        raise ReliefError(f"{shown} is a zip file without a file in it; fetch it again")
    if len(members) > MAX_MEMBERS:
        raise ReliefError(f"{shown} contains {len(members):,} files, more than {MAX_MEMBERS:,}; unpack it first")
    return [_zip_content(path, info, position) for position, info in enumerate(members, 1)]


def _zip_content(path: Path, info: zipfile.ZipInfo, position: int) -> Content:
    def open_member() -> BinaryIO:
        return zipfile.ZipFile(path).open(info)  # type: ignore[return-value]

    return Content(path, info.filename, "zip", info.compress_size, open_member, position, info.file_size)


def _is_data(name: str) -> bool:
    base = name.rsplit("/", 1)[-1]
    return bool(base) and not base.startswith(".") and not name.startswith("__MACOSX/")
