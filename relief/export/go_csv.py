"""CSV bytes as Go's ``encoding/csv`` writes them, column by column, for Arrow text columns of the same length.

LF ends a line. A field is quoted when it contains a comma, a quote, a carriage return or a line feed, when its first
character is white space, or when it is ``\\.``. An empty field is not quoted. Inside quotes a quote is doubled.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# The white space of Go's unicode.IsSpace.
_SPACES = r"\t\n\v\f\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_NEEDS_QUOTES = rf'[,"\r\n]|\A[{_SPACES}]|\A\\\.\z'
_TELLING = np.zeros(256, dtype=bool)
_TELLING[list(b',"\r\n')] = True
# A field with one of these first bytes may need quotes; then the pattern decides.
_TELLING_FIRST = np.zeros(256, dtype=bool)
_TELLING_FIRST[[*b"\t\n\v\f\r \\", 0xC2, 0xE1, 0xE2, 0xE3]] = True


def fields(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Convert the column to CSV fields. NULL becomes empty, and CR LF inside a field becomes LF, as Go reads it."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # the column is empty
        array = pa.concat_arrays([*array.chunks, pa.array([], pa.string())])
    if array.null_count:
        array = pc.fill_null(array, "")
    if not _may_need_quotes(array):
        return array
    distinct = pc.dictionary_encode(array)  # most columns of an extract have few distinct values
    if len(distinct.dictionary) < len(array) // 2:
        return pc.take(_quoted(distinct.dictionary), distinct.indices)
    return _quoted(array)


def _quoted(array: pa.Array) -> pa.Array:
    array = pc.replace_substring(array, "\r\n", "\n")
    needs = pc.match_substring_regex(array, _NEEDS_QUOTES)
    inside = pc.replace_substring(array.filter(needs), '"', '""')
    return pc.replace_with_mask(array, needs, pc.binary_join_element_wise('"', inside, '"', ""))


def lines(columns: list[pa.Array]) -> pa.Array:
    """One text per row: the fields of the row, joined with commas and ended by a line feed."""
    joined = pc.binary_join_element_wise(*columns, ",")
    return pc.binary_join_element_wise(joined, "", "\n")


def joined_bytes(texts: pa.Array) -> memoryview | bytes:
    """The bytes of all texts in sequence, without copying."""
    if not len(texts):
        return b""
    offsets, data = _buffers(texts)
    return data[offsets[0] : offsets[-1]].data


def header(names: tuple[str, ...]) -> bytes:
    """The bytes of the header line."""
    return bytes(joined_bytes(lines([fields(pa.array([name])) for name in names])))


def _may_need_quotes(array: pa.Array) -> bool:
    """Whether any field might need quotes. If none can, the slow search row by row is skipped."""
    if not len(array):
        return False
    offsets, data = _buffers(array)
    if _TELLING[data[offsets[0] : offsets[-1]]].any():
        return True
    starts = offsets[:-1][np.diff(offsets) > 0]
    return bool(_TELLING_FIRST[data[starts]].any())


def _buffers(array: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    _, offsets, data = array.buffers()
    positions = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1]
    return positions, np.frombuffer(data or b"", dtype=np.uint8)
