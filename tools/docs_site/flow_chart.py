"""Draw the flow charts of the pages, which are written in Mermaid, as SVG without a script or the network.

The code reads only the Mermaid syntax that our charts use: boxes with a text, arrows with or without a text, and one
frame around some boxes. The rows of boxes are drawn from top to bottom. If the widest row has more boxes than there are
rows, they are drawn as columns from left to right.
"""

import re
import textwrap
from dataclasses import dataclass, field
from html import escape

_BOX = r"(?P<name>\w+)(?:\(\[(?P<round>[^\]]+)\]\)|\[(?P<square>[^\]]+)\]|\{(?P<diamond>[^}]+)\})?"
_ARROW = r"\s*-->\s*(?:\|(?P<text>[^|]+)\|\s*)?"
_WIDTH, _LINE, _CHARACTERS, _LABEL, _LETTER = 200, 17, 27, 20, 7.7
_GAP, _STEM, _SIDE = 50, 16, 10


@dataclass(frozen=True)
class Arrow:
    """An arrow from one box to another, with its text."""

    start: str
    end: str
    text: str


@dataclass
class Chart:
    """A flow chart: the boxes with their texts, the arrows, and the frame."""

    boxes: dict[str, str] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    frame: str = ""
    framed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """The position of a box."""

    left: int
    top: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        """The center of the box."""
        return self.left + _WIDTH // 2, self.top + self.height // 2


def read(text: str) -> Chart:
    """Read a chart; raise an error on a line that cannot be read, because it would be missing from the drawing."""
    chart, is_inside = Chart(), False
    for raw in text.strip().splitlines()[1:]:
        line = raw.strip()
        if line.startswith("subgraph "):
            found = re.search(r'\["(.*)"\]', line)
            chart.frame, is_inside = found[1] if found else "", True
        elif line == "end":
            is_inside = False
        elif line:
            named = _read_line(chart, line)
            chart.framed += [name for name in named if is_inside and name not in chart.framed]
    return chart


def _read_line(chart: Chart, line: str) -> list[str]:
    named: list[str] = []
    position, arrow = 0, None
    while position < len(line):
        box = re.compile(_BOX).match(line, position)
        if not box:
            raise ValueError(f"a flow chart holds a line of an unknown form: {line}")
        text = (box["round"] or box["square"] or box["diamond"] or "").strip('"')
        chart.boxes[box["name"]] = text or chart.boxes.get(box["name"], box["name"])
        if arrow:
            chart.arrows.append(Arrow(named[-1], box["name"], (arrow["text"] or "").strip('"')))
        named.append(box["name"])
        arrow = re.compile(_ARROW).match(line, box.end())
        position = arrow.end() if arrow else box.end()
        if not arrow and line[position:].strip():
            raise ValueError(f"a flow chart holds a line of an unknown form: {line}")
    return named


def drawing(text: str) -> str:
    """Return the chart as one line of HTML: a figure with an SVG. Its label describes every arrow in words."""
    chart = read(text)
    rows = _rows(chart)
    is_across = max(len(row) for row in rows) > len(rows)
    places = _across(chart, rows) if is_across else _down(chart, rows)
    parts = [_arrow(arrow, chart, places, is_across=is_across) for arrow in chart.arrows]
    parts += [_box(chart.boxes[name], place) for name, place in places.items()]
    width = max(place.left for place in places.values()) + _WIDTH + 3 * _SIDE
    if chart.frame:
        parts.insert(0, _frame(chart, places))
    height = max(place.top + place.height for place in places.values()) + 3 * _SIDE
    words = "; ".join(_in_words(arrow, chart) for arrow in chart.arrows)
    return (
        f'<figure class="flow"><svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="Flow chart. {escape(words)}."><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
        f"{''.join(parts)}</svg></figure>"
    )


def _in_words(arrow: Arrow, chart: Chart) -> str:
    by = f" ({arrow.text})" if arrow.text else ""
    return f"{chart.boxes[arrow.start]} leads to {chart.boxes[arrow.end]}{by}"


def _rows(chart: Chart) -> list[list[str]]:
    """Place each box one row below the lowest of the boxes that have an arrow to it."""
    depth = dict.fromkeys(chart.boxes, 0)
    for _ in chart.boxes:
        for arrow in chart.arrows:
            depth[arrow.end] = max(depth[arrow.end], depth[arrow.start] + 1)
    if max(depth.values()) >= len(chart.boxes):
        raise ValueError("a flow chart goes round in a circle")
    return [[name for name in chart.boxes if depth[name] == row] for row in range(max(depth.values()) + 1)]


def _height(text: str) -> int:
    return len(_wrapped(text)) * _LINE + 2 * _SIDE


def _wrapped(text: str) -> list[str]:
    """Break the text of a box into lines. A path may be broken after a slash."""
    lines = textwrap.wrap(re.sub(r"/(?=\w)", "/\0 ", text), _CHARACTERS)
    return [line.replace("\0 ", "").replace("\0", "") for line in lines]


def _down(chart: Chart, rows: list[list[str]]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    widest = max(len(row) for row in rows) * (_WIDTH + _GAP)
    top = _SIDE
    for row in rows:
        left = _SIDE + (widest - len(row) * (_WIDTH + _GAP) + _GAP) // 2
        for name in row:
            places[name] = Place(left, top, _height(chart.boxes[name]))
            left += _WIDTH + _GAP
        top += max(places[name].height for name in row) + 4 * _STEM
    return places


def _across(chart: Chart, rows: list[list[str]]) -> dict[str, Place]:
    """Place boxes without children below each other, and each parent at the middle of its children."""
    children: dict[str, list[str]] = {name: [] for name in chart.boxes}
    for arrow in chart.arrows:
        children[arrow.start].append(arrow.end)
    column = {name: number for number, row in enumerate(rows) for name in row}
    step = _WIDTH + 2 * _STEM + round(_LABEL * _LETTER)
    places: dict[str, Place] = {}
    top = _SIDE

    def put(name: str) -> int:
        nonlocal top
        height = _height(chart.boxes[name])
        middles = [put(child) for child in children[name] if child not in places]
        if middles:
            middle = (middles[0] + middles[-1]) // 2
        else:
            middle = top + height // 2
            top += height + _SIDE
        places[name] = Place(_SIDE + column[name] * step, middle - height // 2, height)
        return middle

    for name in rows[0]:
        put(name)
    return places


def _box(text: str, place: Place) -> str:
    middle = place.middle[0]
    lines = "".join(
        f'<tspan x="{middle}" y="{place.top + _SIDE + 13 + number * _LINE}">{escape(line)}</tspan>'
        for number, line in enumerate(_wrapped(text))
    )
    return (
        f'<rect x="{place.left}" y="{place.top}" width="{_WIDTH}" height="{place.height}" rx="4"/>'
        f'<text text-anchor="middle">{lines}</text>'
    )


def _arrow(arrow: Arrow, chart: Chart, places: dict[str, Place], *, is_across: bool) -> str:
    start, end = places[arrow.start], places[arrow.end]
    (start_x, start_y), (end_x, end_y) = start.middle, end.middle
    is_joined = sum(other.end == arrow.end for other in chart.arrows) > 1
    if is_across:
        side = start.left + _WIDTH
        path = f"M{side} {start_y}H{side + _STEM}V{end_y}H{end.left}"
        at, x, y = ' text-anchor="end"', end.left - _STEM, end_y - 5
    else:
        bottom = start.top + start.height
        path = f"M{start_x} {bottom}V{bottom + _STEM}H{end_x}V{end.top}"
        at, x, y = ("", start_x + 6, bottom + 12) if is_joined else ("", end_x + 6, end.top - 12)
    # If the label has two lines, the second line is drawn below the arrow.
    lines = "".join(
        f'<tspan x="{x}" y="{y + number * (_LINE + 3)}">{escape(line)}</tspan>'
        for number, line in enumerate(textwrap.wrap(arrow.text, _LABEL))
    )
    text = f"<text{at}>{lines}</text>" if lines else ""
    return f'<path class="arrow" d="{path}" marker-end="url(#tip)"/>{text}'


def _frame(chart: Chart, places: dict[str, Place]) -> str:
    inside = [places[name] for name in chart.framed]
    left = min(place.left for place in inside) - 3 * _SIDE
    top = min(place.top for place in inside) - _SIDE
    right = max(place.left for place in inside) + _WIDTH + 3 * _SIDE
    bottom = max(place.top + place.height for place in inside) + _SIDE
    room = min(inside, key=lambda place: place.top).left - left - 2 * _SIDE
    lines = "".join(
        f'<tspan x="{left + _SIDE}" y="{top + _LINE + number * _LINE}">{escape(line)}</tspan>'
        for number, line in enumerate(textwrap.wrap(chart.frame, max(10, int(room / _LETTER))))
    )
    return (
        f'<rect class="frame" x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" rx="4"/>'
        f"<text>{lines}</text>"
    )
