"""What the repository's own files state: its documents, dbt's YAML, layouts and the command line."""

import csv
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import typer
import yaml

from relief.cli.app import app
from relief.home import PROJECT_DIR

_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def tracked_files() -> list[Path]:
    """Every file of the checkout that Git tracks or does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_DIR,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = (PROJECT_DIR / name for name in listed.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def text_files() -> list[Path]:
    """All files that contain text."""
    return [path for path in tracked_files() if path.suffix not in {".png", ".gz", ".zip"}]


def documents() -> list[Path]:
    """The documents that people read: at the top, in docs, about the tests, and the dashboard's texts."""
    places = ("*.md", "docs/**/*.md", "dashboards/**/*.md", "tests/*.md")
    return sorted(path for place in places for path in PROJECT_DIR.glob(place))


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT_DIR).as_posix()


@dataclass(frozen=True)
class Passage:
    """One piece of code in a document."""

    document: str
    text: str


def code_passages() -> list[Passage]:
    """Inline code and the lines of code blocks; lines continued with a backslash are joined."""
    found = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        for block in _FENCE.findall(text):
            found += [Passage(name_of(path), line.strip()) for line in block.replace("\\\n", " ").splitlines()]
        found += [Passage(name_of(path), code) for code in _CODE.findall(_FENCE.sub("", text))]
    return found


def commands() -> dict[str, set[str]]:
    """Every command of `relief` with its options, including groups: {"policy add": {"--cmr-options", "--help"}}."""
    return _commands(typer.main.get_command(app), ())


def _commands(command: click.Command, path: tuple[str, ...]) -> dict[str, set[str]]:
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    found = {" ".join(path): {option for option in options if option.startswith("-")} | {"--help"}}
    for name, child in getattr(command, "commands", {}).items():
        found |= _commands(child, (*path, name))
    return found


def make_targets() -> set[str]:
    text = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def readme_tree() -> list[str]:
    """The folders of the README's tree as full paths: ["docs/", "docs/decisions/"]."""
    text = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    tree = next(block for block in _FENCE.findall(text) if re.search(r"^relief/ ", block, re.MULTILINE))
    return [
        match[0] for line in tree.splitlines() if (match := re.match(r"\s*(\S+/)(?=\s)", line.removesuffix("\n") + " "))
    ]


def yaml_entries(kind: str, folder: str) -> dict[str, dict[str, Any]]:
    """Models, seeds or unit tests from dbt's YAML files, by name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((PROJECT_DIR / folder).rglob("*.yml")):
        for entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get(kind) or []:
            assert entry["name"] not in found, f"{entry['name']} is described twice"
            found[entry["name"]] = entry
    return found


def raw_tables() -> dict[str, dict[str, str]]:
    """The raw tables as dbt's sources declare them, in order: {table: {column: type}}."""
    found = {}
    for path in sorted((PROJECT_DIR / "models/staging").rglob("_*sources.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            if source["name"] == "machine":  # it has no raw tables
                continue
            assert source["schema"] == "{{ env_var('RELIEF_RAW_SCHEMA', 'raw') }}"  # for `relief build --as-known-at`
            for table in source["tables"]:
                found[table["name"]] = {column["name"]: column["data_type"] for column in table["columns"]}
    return found


def seed_rows(path: str) -> list[dict[str, str]]:
    with (PROJECT_DIR / "seeds" / path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
