"""Write the extracts as CSV: all files or none, and never over a file that this generator did not write."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from relief.errors import ReliefError

LABEL = "SYNTHETIC"
_CHUNK = 200_000


def quoted(text: str) -> str:
    """Return a text as a CSV field (RFC 4180), in quotes only if needed."""
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def join_fields(fields: Sequence[pa.Array | str], end: str = "\n") -> pa.Array:
    """Join columns and constant texts with commas; return one string per row."""
    joined = pc.binary_join_element_wise(*fields, ",", null_handling="replace", null_replacement="")
    return pc.binary_join_element_wise(joined, end, "") if end else joined


def write_lines(path: Path, header: Iterable[str], blocks: Iterable[pa.Array]) -> int:
    """Write a header and blocks of finished lines; return the number of lines after the header."""
    rows = 0
    with path.open("wb") as file:
        file.write((",".join(header) + "\n").encode())
        for block in blocks:
            rows += len(block)
            file.write(_bytes_of(block))
    return rows


def frame_lines(frame: pd.DataFrame) -> Iterator[pa.Array]:
    """Return the lines of a frame of texts. Fields are in quotes where needed."""
    for start in range(0, len(frame), _CHUNK):
        part = frame.iloc[start : start + _CHUNK]
        yield join_fields([_field(part[name]) for name in frame.columns])


def _field(column: pd.Series) -> pa.Array:
    values = pa.array(column.to_numpy(dtype=object), type=pa.string())
    risky = pc.match_substring_regex(values, '[,"\r\n]')
    if not pc.any(risky).as_py():
        return values
    escaped = pc.binary_join_element_wise('"', pc.replace_substring(values, '"', '""'), '"', "")
    return pc.if_else(risky, escaped, values)


def _bytes_of(block: pa.Array) -> bytes | memoryview:
    if not len(block):
        return b""
    offsets = np.frombuffer(block.buffers()[1], dtype=np.int32)[block.offset : block.offset + len(block) + 1]
    return memoryview(block.buffers()[2])[int(offsets[0]) : int(offsets[-1])]


def refuse_foreign(out: Path, names: Iterable[str]) -> None:
    """Raise an error if one of the files to write exists already and does not have the synthetic label."""
    if out.exists() and not out.is_dir():
        raise ReliefError(f"synth: {out} is a file; name a folder with --out")
    for name in names:
        path = out / name
        if (path.exists() or path.is_symlink()) and not _is_ours(path):
            raise ReliefError(
                f"synth: {path} exists and is not a synthetic extract of ours; move it or choose another --out"
            )


def _is_ours(path: Path) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    try:
        with path.open(encoding="utf-8") as file:
            if path.suffix == ".json":
                return f'"label": "{LABEL}"' in file.read(2_000)
            header, first = file.readline(), file.readline()
    except (OSError, UnicodeDecodeError):
        return False
    label_first = header.startswith(("RECORD_ID,", "extract_label,"))
    return label_first and (first == "" or first.startswith(f"{LABEL},"))


@contextmanager
def all_or_nothing(out: Path) -> Iterator[Path]:
    """Provide a temporary folder. Its files are moved into ``out`` only if the block ends without an error."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".synth-", dir=out))
    except OSError as error:
        raise ReliefError(f"synth: {out}: {error.strerror}; name a folder you can write to") from error
    try:
        yield work
        # The truth file is moved last, so that the extracts exist whenever the truth file exists.
        for path in sorted(work.iterdir(), key=lambda path: (path.suffix == ".json", path.name)):
            os.replace(path, out / path.name)  # noqa: PTH105
    except OSError as error:
        raise ReliefError(f"synth: {out}: {error.strerror}; is the disk full?") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
