"""Damaged extracts of all six tables, the same in every run, and the records that are known to be undamaged."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from relief.landing.layout import Table, load_source

TABLES = {
    table.name: (source, table)
    for source in ("ca_doj", "la_court", "relief_events", "review_decisions")
    for table in load_source(source).tables
}
NOT_A_RECORD = [b"", b"  ", b"\t", b"one cell", b"SYNTHETIC,x", b'"', b'""', b",,", b"\x1a", b"\xef\xbb\xbf", b"=1+1"]
NOISE = [
    b"\0", b"\n", b"\r", b"\r\n", b",", b",,,", b'"', b'""', b'",', b',"', b'"\n', b'\n"', b"\xff", b"\x81", b"\xc3",
    b" ", b"\t", b";", b"'", b'\\"', b"\xe2\x80\xa8", b"\x0c", b"\x1a", b'"A\nB"', b' "A,B"', b"\\N", "Ñ".encode(),
]  # fmt: skip


@dataclass
class Item:
    """One line of a file: the CSV text of each cell, and whether the line is a record as the source system wrote it."""

    cells: list[bytes]
    values: tuple[str, ...] = ()
    whole: bool = True
    end: bytes = b"\n"

    @property
    def raw(self) -> bytes:
        return b",".join(self.cells) + self.end


@dataclass
class Draft:
    """A file that is not written yet."""

    random: random.Random
    table: Table
    order: list[int]  # the table's columns in the order of the file
    items: list[Item]
    above: list[Item] = field(default_factory=list)
    header: Item | None = None
    extra: int = 0
    refused: str = ""  # the expected message, if the file must be refused

    def insert(self, item: Item, first: int) -> None:
        """Insert a line where it cannot join the line before it."""
        places = [at for at in range(first, len(self.items)) if at == 0 or self.items[at - 1].end]
        self.items.insert(self.random.choice(places), item)

    def some(self, count: int) -> list[int]:
        return sorted(self.random.sample(range(len(self.items)), count))

    def cell(self, item: Item) -> int:
        """Choose a cell without quotes, if there is one."""
        return self.random.choice([at for at, cell in enumerate(item.cells) if b'"' not in cell] or [0])


@dataclass(frozen=True)
class Mutant:
    """A damaged file, and what is known about it."""

    name: str
    source: str
    table: Table
    columns: tuple[str, ...]  # our column names in the order of the file
    extra: int
    data: bytes
    packed: bytes
    header: tuple[int, int]  # where the header begins and ends in the data
    encoding: str
    whole: dict[int, tuple[str, ...]]  # values of each undamaged record, by its position
    refused: str


def mutant(table_name: str, number: int) -> Mutant:
    """The damaged file with this number, which is the same in every run."""
    source, table = TABLES[table_name]
    rng = random.Random(f"{table_name} {number}")  # noqa: S311  (repeatable on purpose, and not for security)
    order = list(range(len(table.columns)))
    if rng.random() < 0.4:
        rng.shuffle(order)
    names = [table.headers[at].encode() for at in order]
    quotes, breaks = rng.random() < 0.5, rng.random() < 0.5
    some = QUOTED if quotes and not breaks else QUOTED + BROKEN if quotes else []
    items = [_record(rng, f"V{number}R{row}C", len(order), some) for row in range(rng.randint(8, 14))]
    draft = Draft(rng, table, order, items, header=Item(names))
    for damage in rng.choices(DAMAGE, k=rng.choice([1, 1, 2, 3])):
        damage(draft)
    rng.choice(HEADERS)(draft)
    if rng.random() < 0.1 and draft.header and not draft.refused:
        draft.insert(Item(list(draft.header.cells), whole=False), 0)
    return _written(draft, f"{table_name}_{number}", source)


QUOTED = [", B", ' "NICK" B', ",", '"', " B", ", B, C"]
BROKEN = ["\nB", "\n\nB, C", ",\nB", "\n", '\n"B"', "\r\nB", "\rB"]


def _record(rng: random.Random, mark: str, columns: int, some: list[str]) -> Item:
    """A record in which no value occurs twice, so that a cell read from another place is noticed."""
    values = []
    for column in range(columns):
        kind = rng.random()
        text = f"{mark}{column}"
        if kind < 0.15:
            text = ""
        elif kind < 0.35:
            text += " É"
        elif some and kind < 0.6:
            text += rng.choice(some)
        values.append(text)
    cells = [_cell(text, always=bool(some) and rng.random() < 0.3) for text in values]
    return Item(cells, tuple(values))


def _cell(text: str, *, always: bool) -> bytes:
    needed = any(character in text for character in ',"\n\r')
    return ('"' + text.replace('"', '""') + '"' if needed or always else text).encode()


# -- damage to headers


def plain(_draft: Draft) -> None:
    """Leave the header as it is."""


def dressed_header(draft: Draft) -> None:
    assert draft.header is not None
    dress = draft.random.choice([
        bytes.lower, bytes.title, lambda name: b'"' + name + b'"', lambda name: b" " + name + b"  ",
        lambda name: b'" ' + name + b' "',
    ])  # fmt: skip
    draft.header.cells = [dress(name) for name in draft.header.cells]


def empty_names(draft: Draft) -> None:
    assert draft.header is not None
    draft.extra = draft.random.randint(1, 3)
    draft.header.cells += [b""] * draft.extra
    for item in draft.items:
        item.cells += [draft.random.choice([b"", b" "])] * draft.random.randint(0, draft.extra)


def below_lines(draft: Draft) -> None:
    width = len(draft.order)
    lines = [
        [b"sep=,"], [b"sep=", b""], [b"Extract of 2020-02-13"], [b"Extract of 2020-02-13", *[b""] * (width - 1)], [b""],
        [b"   "], [b'"Extract of 2020-02-13, whole"'], [b'"Extract of\n2020-02-13"'], [b'"Extract of 2020-02-13'],
        [b"Extract", b"2020-02-13", b'"A, B"', *[b""] * (width - 3)], [b"case_number", b"Extract"], [b"\x1a"],
        [b"County", b"Extract", b"Date", b"Page"],
    ]  # fmt: skip
    draft.above = [Item(draft.random.choice(lines), whole=False) for _ in range(draft.random.randint(1, 4))]


def by_position(draft: Draft) -> None:
    if draft.table.header_required:
        draft.refused = "is not for source"
    draft.order.sort()
    draft.header = None


def names_below(draft: Draft) -> None:
    """Put column names below records: in another order, or in a file that is read by position."""
    names = [name.encode() for name in draft.table.headers]
    if draft.random.random() < 0.5 and not draft.table.header_required:
        draft.header = None
        draft.order.sort()
    else:
        names = [names[at] for at in draft.order]
        one, other = draft.random.sample(range(len(names)), 2)
        names[one], names[other] = names[other], names[one]
    draft.insert(Item(names, whole=False), 1)
    draft.refused = "column names follow records"


def damaged_header(draft: Draft) -> None:
    assert draft.header is not None
    draft.refused = "lacks|the layout does not know|twice|damaged header|separates its columns|is not for source"
    at = draft.random.randrange(len(draft.header.cells))
    kind = draft.random.randrange(5)
    if kind == 0:
        del draft.header.cells[at]
    elif kind == 1:
        draft.header.cells[at] = b"SURPRISE"
    elif kind == 2:
        draft.header.cells.insert(at, draft.header.cells[at])
    elif kind == 3:
        draft.header.cells[0] = b'"' + draft.header.cells[0]
    else:
        draft.header.cells = [b";".join(draft.header.cells)]
        draft.above = [Item([b"sep=;"], whole=False)]


HEADERS: list[Callable[[Draft], None]] = [
    *[plain] * 4, dressed_header, empty_names, *[below_lines] * 4, by_position, names_below, damaged_header,
]  # fmt: skip


# -- damage to records


def stray_pair(draft: Draft) -> None:
    """Open a quote in one record and close it in another: near or far, in the same column or in another one."""
    one = draft.random.randrange(len(draft.items) - 1)
    other = draft.random.choice([one + 1, draft.random.randrange(one + 1, len(draft.items))])
    opening = draft.cell(draft.items[one])
    closing = opening if draft.random.random() < 0.5 else draft.cell(draft.items[other])
    draft.items[one].cells[opening] = b'"' + draft.items[one].cells[opening]
    draft.items[other].cells[min(closing, len(draft.items[other].cells) - 1)] += b'"'
    draft.items[one].whole = draft.items[other].whole = False


def stray_quote(draft: Draft) -> None:
    (at,) = draft.some(1)
    item = draft.items[at]
    cell = draft.random.randrange(len(item.cells))
    text = item.cells[cell]
    item.cells[cell] = draft.random.choice([b'"' + text, text + b'"', b'A"B', b'"', b'"A" B', b' "A"', b'"A\\"B"'])
    item.whole = False


def lost_quote(draft: Draft) -> None:
    (at,) = draft.some(1)
    item = draft.items[at]
    quoted = [place for place, cell in enumerate(item.cells) if cell.startswith(b'"')]
    if quoted:
        place = draft.random.choice(quoted)
        item.cells[place] = draft.random.choice([item.cells[place][1:], item.cells[place][:-1]])
        item.whole = False


def lost_or_added_field(draft: Draft) -> None:
    (at,) = draft.some(1)
    item = draft.items[at]
    if draft.random.random() < 0.5:
        del item.cells[draft.random.randrange(len(item.cells))]
    else:
        item.cells.insert(draft.random.randrange(len(item.cells)), b"ADDED")
    item.whole = False


def lost_line_end(draft: Draft) -> None:
    at = draft.random.randrange(len(draft.items) - 1)
    draft.items[at].end = b""
    draft.items[at].whole = draft.items[at + 1].whole = False


def foreign_line(draft: Draft) -> None:
    draft.insert(Item([draft.random.choice(NOT_A_RECORD)], whole=False), 1)


def noise(draft: Draft) -> None:
    (at,) = draft.some(1)
    item = draft.items[at]
    cell = draft.random.randrange(len(item.cells))
    place = draft.random.randint(0, len(item.cells[cell]))
    text = item.cells[cell]
    item.cells[cell] = text[:place] + draft.random.choice(NOISE) + text[place + draft.random.randint(0, 1) :]
    item.whole = False


def swapped_and_repeated(draft: Draft) -> None:
    one, other = draft.some(2)
    items = draft.items
    if not all(item.end for item in items):
        return
    items[one], items[other] = items[other], items[one]
    items.insert(other, Item(list(items[one].cells), items[one].values, items[one].whole, items[one].end))


def cut_off(draft: Draft) -> None:
    item = draft.items[-1]
    raw = b",".join(item.cells)
    item.cells = [raw[: draft.random.randint(0, len(raw))]]
    item.end, item.whole = b"", False


DAMAGE: list[Callable[[Draft], None]] = [
    *[stray_pair] * 6, *[stray_quote] * 2, lost_quote, lost_or_added_field, lost_line_end, foreign_line,
    *[noise] * 3, swapped_and_repeated, cut_off,
]  # fmt: skip


# -- from a draft to a file


def _written(draft: Draft, name: str, source: str) -> Mutant:
    rng = draft.random
    encoding, has_bom = rng.choice([("utf-8", False)] * 6 + [("utf-8", True), ("cp1252", False)])
    breaks = any(b"\n" in cell or b"\r" in cell for item in draft.items + draft.above for cell in item.cells)
    ends = rng.choice(["lf"] * 4 + ["crlf", "mixed"] + ["cr"] * (not breaks))
    data = b"\xef\xbb\xbf" * has_bom
    whole: dict[int, tuple[str, ...]] = {}
    header = (len(data), len(data))
    for item in [*draft.above, *([draft.header] if draft.header else []), *draft.items]:
        start = len(data)
        if item.end and (ends == "crlf" or (ends == "mixed" and rng.random() < 0.5)):
            item.end = b"\r\n"
        raw = item.raw
        if encoding == "cp1252":
            raw = raw.replace("É".encode(), b"\xc9").replace("Ñ".encode(), b"\xd1")
        data += raw
        if item is draft.header:
            header = (start, len(data))
        elif item.whole:
            whole[start] = item.values
    if encoding != _encoding_of(data):
        encoding, whole = _encoding_of(data), {}
    if ends == "cr":
        data = data.replace(b"\n", b"\r")
    packed, damage = _packed(rng, data)
    columns = tuple(draft.table.columns[at] for at in draft.order)
    refused = damage or draft.refused
    return Mutant(name, source, draft.table, columns, draft.extra, data, packed, header, encoding, whole, refused)


def _encoding_of(data: bytes) -> str:
    """cp1252 if at least half of the non-ASCII characters are invalid in UTF-8, otherwise UTF-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return "cp1252" if broken and 2 * broken >= sum(character > "\x7f" for character in text) else "utf-8"


def _packed(rng: random.Random, data: bytes) -> tuple[bytes, str]:
    """The file in a random container, and the expected message if the container is damaged."""
    kind = rng.choice(["plain"] * 12 + ["gzip", "parts", "deflated", "bzip2", "lzma", "stored", "damaged"])
    if kind == "plain":
        return data, ""
    if kind == "gzip":
        return gzip.compress(data, mtime=0), ""
    if kind == "parts":
        at = rng.randrange(len(data))
        return gzip.compress(data[:at], mtime=0) + gzip.compress(data[at:], mtime=0), ""
    if kind != "damaged":
        return zipped(("extract.csv", data), method=METHODS[kind]), ""
    if rng.random() < 0.3:
        whole = gzip.compress(data, mtime=0)
        return whole[: -rng.randint(1, len(whole) // 2)], "damaged or truncated"
    whole = zipped(("extract.csv", data), method=METHODS["lzma"])
    return spoilt(whole, rng.randrange(60, len(whole) // 2)), "damaged"


METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflated": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}
DAY = (2020, 2, 13, 0, 0, 0)  # a fixed date makes archives the same in every run


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with the members in order, the same in every run; a name may occur twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, DAY), data, method)
    return out.getvalue()


def spoilt(packed: bytes, at: int) -> bytes:
    """The data with all bits of one byte inverted."""
    return packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1 :]
