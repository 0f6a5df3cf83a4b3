"""Damaged DOJ files, and how many records are in them: counted character by character, sharing no code."""

import csv
import gzip
import io
from pathlib import Path

from hypothesis import strategies as st

FIXTURES = Path(__file__).parent.parent / "fixtures" / "clear_my_record"
NAMES = (FIXTURES / "configurable" / "input.csv").read_text(encoding="utf-8").split("\n", 1)[0].strip().split(",")
SOURCES = [
    (FIXTURES / "configurable" / "input.csv").read_bytes(),
    (FIXTURES / "configurable" / "input_no_header.csv").read_bytes(),
    (FIXTURES / "los_angeles" / "input.csv").read_bytes(),
    b"".join(gzip.decompress((FIXTURES / "generated_5k" / "input.csv.gz").read_bytes()).splitlines(True)[:40]),
    (FIXTURES / "malformed" / "extra_comma.csv").read_bytes(),
]
DAMAGE = [
    b"", b"\0", b"\n", b"\n\n", b"\r", b"\r\n", b",", b",,,", b'"', b'""', b'",', b',"', b'"\n', b"\xff", b"\x81",
    b"\xc3", "Ñ".encode(), b"\xef\xbb\xbf", b" ", b"\t", b";", b"\x1a", b"=1", b'"A\nB"',
    ",".join(NAMES).encode() + b"\n",
]  # fmt: skip
LONGEST = 1 << 20
COLUMNS = 95

places = st.floats(min_value=0, max_value=1, exclude_max=True)
edits = st.one_of(
    st.tuples(st.just("insert"), places, st.sampled_from(DAMAGE)),
    st.tuples(st.just("insert"), places, st.binary(min_size=1, max_size=3)),
    st.tuples(st.just("replace"), places, st.sampled_from(DAMAGE)),
    st.tuples(st.just("delete"), places, st.integers(min_value=1, max_value=400)),
    st.tuples(st.just("join lines"), places, st.none()),
    st.tuples(st.just("repeat line"), places, places),
    st.tuples(st.just("swap lines"), places, places),
    st.tuples(st.just("cut"), places, st.none()),
)
dresses = st.sampled_from(
    ["as it is"] * 6 + ["crlf", "cr", "cp1252", "bom", "backwards", "quoted", "gzip", "broken gzip"]
)


def edited(data: bytes, kind: str, place: float, what: object) -> bytes:
    """The data with one piece of damage."""
    at = int(place * (len(data) + 1))
    if kind == "insert":
        return data[:at] + what + data[at:]  # type: ignore[operator]
    if kind == "replace":
        return data[:at] + what + data[at + 1 :]  # type: ignore[operator]
    if kind == "delete":
        return data[:at] + data[at + what :]  # type: ignore[operator]
    if kind == "cut":
        return data[:at]
    lines = data.split(b"\n")
    one = int(place * len(lines))
    if kind == "join lines":
        return b"\n".join(lines[:one]) + b"\n".join(lines[one:])
    other = int(what * len(lines))  # type: ignore[operator]
    if kind == "repeat line":
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def dressed(data: bytes, dress: str) -> bytes:
    """The data as another system would write them."""
    if dress in ("crlf", "cr"):
        return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n" if dress == "crlf" else b"\r")
    if dress == "cp1252":
        return data.replace("Ñ".encode(), b"\xd1").replace(b"DOE", b"D\xd6E")
    if dress == "bom":
        return b"\xef\xbb\xbf" + data
    if dress in ("backwards", "quoted"):
        rows = list(csv.reader(io.StringIO(data.decode("latin-1"), newline="")))
        out = io.StringIO(newline="")
        quoting = csv.QUOTE_ALL if dress == "quoted" else csv.QUOTE_MINIMAL
        step = 1 if dress == "quoted" else -1
        csv.writer(out, quoting=quoting, lineterminator="\n").writerows(row[::step] for row in rows)
        return out.getvalue().encode("latin-1")
    return data


def packed(data: bytes, dress: str) -> bytes:
    """Compressed last, and cut off where that is the damage."""
    if "gzip" not in dress:
        return data
    return gzip.compress(data, mtime=0)[: None if dress == "gzip" else -6]


def _end_of(data: bytes, start: int) -> int:  # noqa: PLR0912  (one branch per state, to be read aloud)
    """Where the record that begins at `start` ends, after its line end."""
    state = "field start"
    for position in range(start, min(len(data), start + LONGEST)):
        character = data[position : position + 1]
        if state == "quoted":
            if character == b'"':
                state = "quote in quoted"
        elif character == b"\n":
            between = data[start : position + 1].split(b"\n")[1:-2]
            if any(line.count(b",") >= COLUMNS - 1 for line in between):
                break
            return position + 1
        elif state == "quote in quoted":
            if character == b'"':
                state = "quoted"
            elif character == b",":
                state = "field start"
            elif character == b"\r" and data[position + 1 : position + 2] == b"\n":
                continue
            else:
                break
        elif character == b'"':
            if state != "field start":
                break
            state = "quoted"
        else:
            state = "field start" if character == b"," else "field"
    return data.index(b"\n", start) + 1


def records_in(data: bytes) -> list[bytes]:
    """Every physical record, with its line end; the header is one of them."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if data and not data.endswith(b"\n"):
        data += b"\n"
    found = []
    start = 0
    while start < len(data):
        end = _end_of(data, start)
        found.append(data[start:end])
        start = end
    return found


def is_header(record: bytes) -> bool:
    """Whether most of a record's cells are names of the DOJ file."""
    cells = [cell.strip().strip("\ufeff ").strip('"').upper() for cell in record.decode("utf-8", "replace").split(",")]
    filled = [cell for cell in cells if cell]
    known = sum(cell in NAMES for cell in filled)
    return known >= 3 and (known * 2 >= len(filled) or known >= COLUMNS - 1)


def mutant(source: bytes, damage: list[tuple[str, float, object]], dress: str) -> tuple[bytes, bytes]:
    """The damaged text, and the file that holds it."""
    data = dressed(source, dress)
    for kind, place, what in damage:
        data = edited(data, kind, place, what)
    return data, packed(data, dress)


mutants = st.builds(
    mutant,
    st.sampled_from(SOURCES),
    st.lists(edits, min_size=1, max_size=6),
    dresses,  # type: ignore[arg-type]
)
