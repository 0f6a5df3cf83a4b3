"""The documentation site is complete, shows the same pages as the code host, and loads nothing from a server."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from relief.home import PROJECT_DIR
from tests.python.support.house import yaml_entries
from tools.docs_site import flow_chart, hooks
from tools.docs_site.__main__ import TRACKER, build_pages, write_dbt_page
from tools.docs_site.page_text import for_site

SHOWN = ("h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "tr", "th", "td", "pre", "code", "strong", "em", "img")
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
CHARTS = [
    (path, chart)
    for path in ("docs/architecture.md", "CONTRIBUTING.md")
    for chart in re.findall(r"```mermaid\n(.*?)```", (PROJECT_DIR / path).read_text(encoding="utf-8"), re.DOTALL)
]


class Elements(HTMLParser):
    """HTML elements of a page, or only of its article, with their attributes."""

    def __init__(self, text: str, *, article: bool = False) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.is_open = not article
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_open = self.is_open or tag == "article"
        if self.is_open:
            self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.is_open = False

    def counts(self) -> dict[str, int]:
        found = Counter(tag for tag, _ in self.found)
        return {tag: found[tag] for tag in SHOWN}

    def loads(self) -> list[str]:
        """Addresses that a browser loads for the page without a click."""
        found = [
            attributes[LOADED[tag]] or ""
            for tag, attributes in self.found
            if tag in LOADED and attributes.get(LOADED[tag])
        ]
        styles = " ".join(attributes.get("style") or "" for _, attributes in self.found)
        return [*found, *re.findall(r"url\(([^)]*)\)", styles)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every page except dbt's; MkDocs is strict, so a link or an anchor without a target fails here."""
    folder = tmp_path_factory.mktemp("site")
    build_pages(folder)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    """The text of each page, by the name of the Markdown file from which it is made."""
    found = {}
    for path in site.rglob("*.html"):
        name = path.relative_to(site).with_suffix(".md").as_posix()
        if name != "404.md":
            found[re.sub(r"(^|/)index\.md$", r"\1README.md", name)] = path.read_text(encoding="utf-8")
    return found


def _pages_of(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from _pages_of(entry)


def test_every_page_is_in_the_navigation_once(pages: dict[str, str]) -> None:
    config = yaml.safe_load((PROJECT_DIR / "mkdocs.yml").read_text(encoding="utf-8"))
    named = list(_pages_of(hooks.on_config(type("Config", (), config)()).nav))  # type: ignore[arg-type]
    docs = [path.relative_to(PROJECT_DIR / "docs").as_posix() for path in (PROJECT_DIR / "docs").rglob("*.md")]
    assert sorted(named) == sorted([*docs, *hooks.FROM_THE_TOP.values()])
    assert sorted(pages) == sorted(named)


def test_a_link_that_leads_nowhere_stops_the_site(tmp_path: Path) -> None:
    docs = shutil.copytree(PROJECT_DIR / "docs", tmp_path / "docs")
    glossary = docs / "glossary.md"
    text = glossary.read_text(encoding="utf-8")

    def built() -> None:
        build(load_config(str(PROJECT_DIR / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(tmp_path / "site")))

    built()
    for line in ("[gone](gone.md)", "[lost](runbook.md#no-such-heading)"):
        glossary.write_text(f"{text}\n{line}\n", encoding="utf-8")
        with pytest.raises(Abort):
            built()


def test_no_page_loads_anything_from_outside(site: Path, pages: dict[str, str]) -> None:
    for name, text in pages.items():
        loaded = Elements(text).loads()
        assert [address for address in loaded if re.match(r"[a-z]+:|//", address)] == [], name
        page = site / re.sub(r"README\.md$", "index.md", name)
        lost = [address for address in loaded if not (page.parent / re.sub(r"[?#].*", "", address)).exists()]
        assert lost == [], name
        # For a page with such an element, the theme's script would load Mermaid from a server.
        assert 'class="mermaid"' not in text, name
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert [
        url for url in re.findall(r"(?:url\(|@import\s)([^)\s;]+)", styles) if re.match(r"[\"']?(https?:|//)", url)
    ] == []


def test_search_needs_no_server(site: Path, pages: dict[str, str]) -> None:
    """The search index is a script of the site, so that search works without a server.

    A stand-in replaces the worker, which browsers refuse to load from a file.
    """
    assert (site / "search/search_index.js").read_text(encoding="utf-8").startswith("var __index = {")
    assert {'<script src="assets/iframe-worker.js">'} <= set(re.findall(r"<script[^>]*>", pages["README.md"]))


def test_a_page_of_the_site_is_built_as_the_forge_builds_it(pages: dict[str, str]) -> None:
    """Each page has the elements that CommonMark gives.

    Without our hook, Python-Markdown would join a list to the line above it.
    """
    reader = MarkdownIt("commonmark").enable("table")
    for name, text in pages.items():
        source = hooks.source_of(name).read_text(encoding="utf-8")
        if name != hooks.FROM_THE_TOP["NOTICE"]:
            without_charts = re.sub(r"```mermaid\n.*?```", "", source, flags=re.DOTALL)
            want = Elements(reader.render(without_charts)).counts()
            assert Elements(text, article=True).counts() == want, name


def test_lists_and_tables_get_the_blank_lines_that_they_need() -> None:
    assert for_site("Text:\n- one\n  more\n- two\n\n  later\n- three\nlazy\n") == (
        "Text:\n\n- one\n    more\n- two\n\n    later\n\n- three\n    lazy\n"
    )
    assert for_site("1. one\n   ```\n   code\n     deeper\n   ```\n   - inner\n2. two\n") == (
        "1. one\n    ```\n    code\n      deeper\n    ```\n    - inner\n2. two\n"
    )
    assert for_site("<!-- rules -->\n| a |\n|---|\n<!-- end -->\nText\n") == (
        "<!-- rules -->\n\n| a |\n|---|\n\n<!-- end -->\n\nText\n"
    )
    assert for_site("```\ntext\n- no list\n```\n") == "```\ntext\n- no list\n```\n"


@pytest.mark.parametrize(("path", "chart"), CHARTS, ids=[path for path, _ in CHARTS])
def test_a_drawing_holds_every_box_and_arrow(path: str, chart: str) -> None:
    read, drawn = flow_chart.read(chart), flow_chart.drawing(chart)
    assert len(read.boxes) > 8
    assert set(re.findall(r"^ *(\w+)[\[({]", chart, re.MULTILINE)) <= set(read.boxes)
    assert len(read.arrows) == chart.count("-->")
    assert drawn.count('<path class="arrow"') == len(read.arrows)
    assert drawn.count("<rect x=") == len(read.boxes)
    words = re.sub(r"<[^>]*>", "", re.sub(r"</tspan><tspan", "</tspan> <tspan", drawn)).replace(" ", "")
    assert [text for text in read.boxes.values() if text.replace(" ", "") not in words] == []
    assert "\n" not in drawn, "a blank line or an indent would end the drawing in Markdown"


def test_a_chart_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown form: a -\.-> b"):
        flow_chart.drawing("flowchart TD\n    a -.-> b\n")
    with pytest.raises(ValueError, match="circle"):
        flow_chart.drawing("flowchart TD\n    a --> b\n    b --> a\n")


def test_the_overview_of_dbt_names_models_and_seeds_that_exist() -> None:
    text = (PROJECT_DIR / "models/docs/overview.md").read_text(encoding="utf-8")
    known = yaml_entries("models", "models") | yaml_entries("seeds", "seeds")
    start = text.split("## Where to start")[1].split("## Layers")[0]
    named = re.findall(r"`(\w+)`", start)
    assert len(named) > 8
    assert [name for name in named if name not in known] == []
    project = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    schemas = re.findall(r"^\| [^|]+ \| `(\w+)` \|", text.split("## Layers")[1], re.MULTILINE)
    configured = set(re.findall(r"'\+?schema': '(\w+)'", str(project)))
    assert set(schemas) == {"raw", *configured}


@pytest.mark.full
def test_the_page_of_dbt_holds_every_model_and_asks_no_server(tmp_path: Path) -> None:
    write_dbt_page(tmp_path / "dbt/index.html", tmp_path / "target")
    text = (tmp_path / "dbt/index.html").read_text(encoding="utf-8")
    assert TRACKER not in text
    assert re.search(r'"send_anonymous_usage_stats": ?false', text)
    assert "Relief: the warehouse" in text
    assert [name for name in yaml_entries("models", "models") if f"model.relief.{name}" not in text] == []
    markup = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert [address for address in Elements(markup).loads() if re.match(r"https?:|//", address)] == []
    assert not re.findall(r'<script[^>]+src="(?:https?:)?//', text)
