"""Write numbers and data as text: thousands, shares, dates, and data escaped for Markdown."""

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

from relief.figures import county_name, day, moment, number, percent, points, share, span

__all__ = [
    "county_name",
    "day",
    "link",
    "moment",
    "number",
    "percent",
    "plain",
    "points",
    "share",
    "span",
    "text",
]

TEXT_DIR = Path(__file__).resolve().parent.parent / "text"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(value: object) -> str:
    """Return data as literal text: Markdown marks are escaped, so that data cannot become a link, picture or format."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(str(value).split()))


def link(label: str, url: str | None) -> str:
    """Return a Markdown link if the address is a web address, else only the label."""
    parts = urlsplit(url or "")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return plain(label)
    return f"[{plain(label)}]({quote(str(url), safe=':/?&=%#~+,;@-._')})"


def text(name: str) -> str:
    """Read dashboards/text/<name>.md, a text that the office's lawyers edit."""
    return (TEXT_DIR / f"{name}.md").read_text(encoding="utf-8")
