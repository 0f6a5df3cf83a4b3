"""Bar charts as SVG files. They are drawn here, so that they work offline and mark suppressed counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

ACCENT, INK, QUIET = "#0b5d7a", "#1f2933", "#5b6770"
LEFT, RIGHT, TOP, PLOT_HEIGHT, WIDTH = 70, 20, 90, 300, 960
BOTTOM = TOP + PLOT_HEIGHT
FEW_BARS = 14
MARKS = {"suppressed": "S", "missing": "?", "zero": "0"}


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its count if there is one, and its mark."""

    label: str
    count: int | None
    mark: str


def bars_svg(title: str, subtitle: str, bars: Sequence[Bar], notes: Sequence[str]) -> str:
    """Draw bars with label, count and mark. Suppressed, zero and missing counts look different and are explained."""
    highest = max((count or 0 for count in (bar.count for bar in bars)), default=0) or 1
    step = (WIDTH - LEFT - RIGHT) / max(len(bars), 1)
    parts: list[str] = []
    for fraction in (0.0, 0.5, 1.0) if highest > 1 else (0.0, 1.0):
        y = BOTTOM - PLOT_HEIGHT * fraction
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d7dde1"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{highest * fraction:,.0f}", anchor="end"))
    for index, bar in enumerate(bars):
        label, count = bar.label, bar.count
        x = LEFT + index * step
        middle = x + step / 2
        parts.extend(_bar(x + step * 0.12, step * 0.76, bar, highest))
        if len(bars) <= FEW_BARS:
            parts.append(_text(middle, BOTTOM + 20, label))
            if count:
                parts.append(_text(middle, BOTTOM - PLOT_HEIGHT * count / highest - 6, f"{count:,}"))
        elif not label.isdigit():
            parts.append(_text(middle, BOTTOM + 36, label, anchor="end"))
        elif int(label) % 10 == 0:
            parts.append(_text(middle, BOTTOM + 20, label))
    legend = "S = suppressed (a small number, or one that would reveal it), 0 = none, ? = missing"
    lines = [legend, *(piece for note in notes for piece in _wrap(note))]
    for index, line in enumerate(lines):
        parts.append(_text(LEFT, BOTTOM + 66 + 18 * index, line, anchor="start", colour=QUIET))
    height = BOTTOM + 76 + 18 * len(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">'
        f'<rect width="100%" height="100%" fill="white"/>'
        + _text(LEFT, 36, title, anchor="start", size=20)
        + _text(LEFT, 60, subtitle, anchor="start", colour=QUIET)
        + "".join(parts)
        + "</svg>\n"
    )


def _bar(x: float, width: float, bar: Bar, highest: int) -> list[str]:
    """Draw a filled bar for a value, or a hollow dashed stub with a letter for a suppressed or missing value."""
    if bar.mark == "value" and bar.count:
        height = PLOT_HEIGHT * bar.count / highest
        top = BOTTOM - height
        return [f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{ACCENT}"/>']
    letter = MARKS.get(bar.mark, "0")
    stub = (
        [
            f'<rect x="{x:.1f}" y="{BOTTOM - 10}" width="{width:.1f}" height="10" fill="none" stroke="{ACCENT}" '
            'stroke-dasharray="3 2"/>'
        ]
        if bar.mark in {"suppressed", "missing"}
        else []
    )
    return [*stub, _text(x + width / 2, BOTTOM - 14 if stub else BOTTOM - 4, letter, size=11)]


def _text(x: float, y: float, content: str, *, anchor: str = "middle", size: int = 13, colour: str = INK) -> str:
    """Write one line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
        f"{escape(content)}</text>"
    )


def _wrap(note: str, length: int = 130) -> list[str]:
    """Break a note into lines that fit into the picture."""
    lines: list[str] = []
    current = ""
    for word in note.split():
        if current and len(current) + len(word) + 1 > length:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current] if current else lines
