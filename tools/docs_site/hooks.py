"""MkDocs hooks that turn the Markdown pages of this repository into pages of the site.

They add pages from outside docs/, rewrite links, lists and flow charts, and list the decisions. The Markdown files stay
as the repository's host shows them; only the site's copy of them is changed.
"""

import re
from os.path import relpath
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.docs_site.flow_chart import drawing
from tools.docs_site.page_text import for_site

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# The documents at the top of the repository, and the site page for each.
FROM_THE_TOP = {
    "README.md": "repository/readme.md",
    "CONTRIBUTING.md": "repository/contributing.md",
    "PRIVACY.md": "repository/privacy.md",
    "CHANGELOG.md": "repository/changelog.md",
    "NOTICE": "repository/notice.md",
}
_LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\((?P<target>[^)\s]+)\)")
_FLOW_CHART = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the index of decisions and every decision record into the navigation, in order."""
    records = [f"decisions/{path.name}" for path in sorted((DOCS / "decisions").glob("[0-9]*.md"))]
    config.nav = [_with_records(entry, records) for entry in config.nav or []]
    return config


def _with_records(entry: Any, records: list[str]) -> Any:
    if entry == {"Decisions": "decisions/README.md"}:
        return {"Decisions": ["decisions/README.md", *records]}
    return entry


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the documents at the top of the repository. The notice is plain text and is shown unchanged."""
    for name, page in FROM_THE_TOP.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        content = text if name.endswith(".md") else f"# Notice\n\n```\n{text}```\n"
        files.append(File.generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return the Markdown of a page of the repository as the site needs it."""
    source = source_of(page.file.src_uri)
    text = _FLOW_CHART.sub(lambda found: drawing(found[1]), markdown)
    parts = _FENCE.split(text)  # every second part is a block of code, which stays as it is
    parts[::2] = [_LINK.sub(lambda found: _link(found, source, page.file.src_uri), part) for part in parts[::2]]
    return for_site("".join(parts))


def source_of(page: str) -> Path:
    """Return the file in the repository from which a page of the site is made."""
    top = {shown: name for name, shown in FROM_THE_TOP.items()}
    return ROOT / top[page] if page in top else DOCS / page


def _link(found: re.Match[str], source: Path, page: str) -> str:
    """Return the link as it must be on the site; if the site has no such page, return only the words of the link."""
    target, _, anchor = found["target"].partition("#")
    if re.match(r"[a-z]+:", target) or not target:
        return found[0]
    file = (source.parent / target).resolve()
    name = relpath(file, ROOT)
    if name in FROM_THE_TOP:
        shown = FROM_THE_TOP[name]
    elif file.is_relative_to(DOCS):
        shown = relpath(file, DOCS)
    else:
        return found["words"]
    place = relpath(shown, Path(page).parent)
    return f"[{found['words']}]({place}{'#' if anchor else ''}{anchor})"
