"""Rewrite the Markdown of this repository so that Python-Markdown renders it as the repository's host does.

Python-Markdown needs a blank line before a list, a table or a comment. It also needs an indent of four spaces for every
line of a list item after the first.
"""

import re

_ITEM = re.compile(r"^(?P<indent> *)(?P<marker>[-*]|\d+\.)(?P<space> +)(?P<text>\S.*)$")
_FENCE = re.compile(r"^ *(`{3,})")
_STARTS_A_BLOCK = re.compile(r"^ *(?:#{1,6} |`{3}|<!--|\|)")
_LEVEL = "    "


def for_site(text: str) -> str:
    """Return the page with the blank lines and indents that Python-Markdown needs."""
    return _Writer().write(text)


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.items: list[int] = []  # column at which the text of each open item begins in the source, outermost first

    def write(self, text: str) -> str:
        fence = ""
        for line in text.splitlines():
            opened = _FENCE.match(line)
            if fence:
                self._put(line)
                fence = "" if line.strip() == fence else fence
            elif opened:
                self._close(line)
                self._put(line)
                fence = opened[1]
            else:
                self._line(line)
        return "\n".join(self.lines) + "\n"

    def _line(self, line: str) -> None:
        item = _ITEM.match(line)
        if not line.strip():
            self.lines.append("")
        elif item:
            self._item(item)
        else:
            continues = self._before() and not _STARTS_A_BLOCK.match(line)
            if not continues:
                self._close(line)
            if self._wants_a_blank(line):
                self.lines.append("")
            self._put(line)

    def _item(self, item: re.Match[str]) -> None:
        before = len(self.items)
        self._close(item[0])
        if self._before() and (not before or self._is_in_a_later_paragraph()):
            self.lines.append("")
        self.lines.append(f"{_LEVEL * len(self.items)}{item['marker']} {item['text']}")
        self.items.append(item.end("space"))

    def _close(self, line: str) -> None:
        """Close the list items that do not contain a line with this indent."""
        indent = len(line) - len(line.lstrip())
        while self.items and indent < self.items[-1]:
            self.items.pop()

    def _put(self, line: str) -> None:
        start = self.items[-1] if self.items else 0
        own = len(line) - len(line.lstrip())
        self.lines.append(f"{_LEVEL * len(self.items)}{line[min(start, own) :]}" if line.strip() else "")

    def _before(self) -> str:
        return self.lines[-1].strip() if self.lines else ""

    def _is_in_a_later_paragraph(self) -> bool:
        """Return whether the last line belongs to a list item, but not to the first paragraph of that item."""
        for line in reversed(self.lines):
            if not line.strip() or _ITEM.match(line):
                return not line.strip()
        return False

    def _wants_a_blank(self, line: str) -> bool:
        before, text = self._before(), line.strip()
        if not before:
            return False
        if text.startswith("|") and not before.startswith("|"):
            return True
        return text.startswith("<!--") or before.startswith("<!--")
