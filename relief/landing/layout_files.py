"""Layouts beside a source's own: one YAML file per county and version, of the project or in the data folder."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from relief.errors import ReliefError
from relief.home import Home
from relief.landing.case_numbers import CaseNumbers, read_case_numbers
from relief.landing.layout import SOURCES_DIR, Source, Table, county_of, normalized_name, source_names
from relief.landing.layout_text import layout_content, read_layout
from relief.text import printable

_KNOWN = {"source", "title", "county", "tables", "values", "case_numbers"}
_KNOWN_OF_A_TABLE = {"columns", "optional_columns", "ignored_columns"}
Words = list[tuple[str, str, str, str, str]]


def layout_folders(home: Home) -> list[Path]:
    """Where other layouts lie: those that come along, and the county's own in its data folder."""
    return [SOURCES_DIR / "layouts", home.path / "sources"]


def with_layouts(source: Source, folders: Iterable[Path]) -> Source:
    """The source with every other layout of it that lies in the folders: one YAML file per layout, county and version.

    Raises ReliefError that names the file and what is wrong in it: a column that is required and not mapped, above all.
    """
    others: list[Table] = []
    values: Words = []
    rules = dict(source.case_numbers)
    ruled_by = {county: f"{source.name}.yml" for county, rule in rules.items() if rule}
    for path, content in _layout_files(folders, source):
        data = read_layout(path.name, content)
        if not isinstance(data, dict) or data.get("source") not in source_names():
            raise ReliefError(f"{path.name}: `source` names one of: {', '.join(source_names())}")
        if data["source"] == source.name:
            tables, words = _other_layout(path, data, source)
            others += tables
            values += words
            rule = read_case_numbers(path.name, data.get("case_numbers"))
            _add_rule(path.name, county_of(data["county"]), rule, rules, ruled_by)
    return replace(source, others=tuple(others), values=tuple(values), case_numbers=rules)


def _add_rule(
    name: str, county: str, rule: CaseNumbers | None, rules: dict[str, CaseNumbers | None], ruled_by: dict[str, str]
) -> None:
    """Add a layout's rule for case numbers to those of the counties: each has one, whichever of its layouts has it."""
    if rule and county in ruled_by and rules[county] != rule:
        raise ReliefError(
            f"{name} and {ruled_by[county]} have different case_numbers, and a county has one rule, since events and "
            "the DOJ name its cases too: write the same in both, or in one"
        )
    if rule:
        rules[county], ruled_by[county] = rule, name
    else:
        rules.setdefault(county, None)


def choose(source: Source, layout: str) -> Source:
    """The source with the one layout that a person names, its file's ending written or not."""
    name = layout.removesuffix(".yml").removesuffix(".yaml")
    if name not in source.layouts:
        raise ReliefError(
            f"--layout {printable(layout)}: {source.name} has no such layout; name one of: {', '.join(source.layouts)}"
        )
    return replace(source, chosen=name)


def choose_again(source: Source, layout: str | None, delivery_id: str) -> Source:
    """The source with the layout that read a delivery earlier, for its rejects. Older homes kept no layout: the own."""
    name = layout or source.name
    if name not in source.layouts:
        raise ReliefError(f"the layout {name} of {delivery_id} is gone; put its file back into the folder sources")
    return replace(source, chosen=name)


def _layout_files(folders: Iterable[Path], source: Source) -> list[tuple[Path, bytes | None]]:
    """Every layout file that concerns the source, and what it holds.

    Its name is the layout's, by which the manifest and the words of its files know it.
    """
    found: dict[str, tuple[Path, bytes | None, bool]] = {}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir()):
        if path.suffix.lower() not in {".yml", ".yaml"} or path.name.startswith("."):
            continue
        content = layout_content(path)
        concerns = _concerns(content, source)
        if concerns and path.stem in source_names():
            raise ReliefError(f"{path.name} has the name of a source; give it another, such as the county and a year")
        if (earlier := found.get(path.stem)) and (concerns or earlier[2]):
            raise ReliefError(
                f"{earlier[0].name} and {path.name} are two layouts with one name (in the folder sources of the data "
                "folder or in sources/layouts): rename one, or take it out"
            )
        found[path.stem] = (path, content, concerns)
    return [(path, content) for path, content, concerns in found.values() if concerns]


def _concerns(content: bytes | None, source: Source) -> bool:
    """Whether a file may be a layout of the source, however broken it is: a mistake in another's stops nothing.

    What names no source of ours may be a court's, since layouts are for the files of courts.
    """
    text = (content or b"").replace(b"\0", b"")  # in UTF-16 they stand between the letters
    named = [name for name in source_names() if name.encode() in text]
    return source.name in named if named else source.tables[0].county is not None


def _other_layout(path: Path, data: dict[str, Any], source: Source) -> tuple[list[Table], Words]:
    _refuse_unknown(path.name, data, _KNOWN, "a layout")
    county = data.get("county")
    if not isinstance(county, str) or not county_of(county):
        raise ReliefError(f"{path.name}: `county` says whose court's file it is, such as ORANGE")
    own = {table.name: table for table in source.tables}
    tables = []
    for name, entry in _mapping(f"{path.name}: tables", data.get("tables")).items():
        if name not in own:
            raise ReliefError(f"{path.name}: {name} is no table of {source.name}; its tables are {', '.join(own)}")
        table = _other_table(f"{path.name}: {name}", own[name], entry)
        tables.append(replace(table, layout=path.stem, county=county_of(county)))
    if not tables:
        raise ReliefError(f"{path.name}: `tables` maps the columns of one table at least: {', '.join(own)}")
    return tables, _words(path, data.get("values"), own)


def _other_table(where: str, own: Table, entry: object) -> Table:
    """The table as another layout calls its columns."""
    entry = _mapping(where, entry)
    _refuse_unknown(where, entry, _KNOWN_OF_A_TABLE, "a table of a layout")
    columns = _mapping(f"{where}, columns", entry.get("columns"))
    if wrong := sorted(columns.keys() - set(own.columns)):
        raise ReliefError(
            f"{where} maps {', '.join(wrong)}, which we do not have; our columns are {', '.join(own.columns)}"
        )
    if empty := sorted(column for column, header in columns.items() if not _is_text(header)):
        raise ReliefError(f"{where} gives no name for {', '.join(empty)}; write the file's name, or take the line out")
    if missing := sorted(own.required_columns - columns.keys()):
        raise ReliefError(f"{where} maps nothing to {', '.join(missing)}, which is required")
    headers = {normalized_name(header) for header in columns.values()}
    if len(headers) != len(columns):
        raise ReliefError(f"{where} uses one header name twice")
    optional, ignored = _names(where, entry, "optional_columns"), _names(where, entry, "ignored_columns")
    if wrong := sorted(set(optional) - set(own.columns)):
        raise ReliefError(f"{where}: optional_columns names {', '.join(wrong)}, which is no column of ours")
    if both := [header for header in ignored if normalized_name(header) in headers]:
        raise ReliefError(f"{where} both maps and ignores {', '.join(both)}")
    if len({normalized_name(header) for header in ignored}) != len(ignored):
        raise ReliefError(f"{where} ignores one header name twice")
    unmapped = frozenset(set(own.columns) - columns.keys())
    return replace(
        own,
        headers=tuple(columns.get(column, "") for column in own.columns),
        optional_columns=(frozenset(optional) | unmapped) - own.required_columns,
        ignored=tuple(ignored),
        header_required=True,
        is_own=False,
    )


def _words(path: Path, values: object, own: dict[str, Table]) -> Words:
    """What a file's words are called by us: {table: {column: {its word: ours}}}."""
    words: Words = []
    for name, columns in _mapping(f"{path.name}: values", values).items():
        for column, mapped in _mapping(f"{path.name}: values, {name}", columns).items():
            if name not in own or column not in own[name].columns or not isinstance(mapped, dict):
                raise ReliefError(f"{path.name}: values, {name}, {column} is no column of ours with words for words")
            if empty := [theirs for theirs, ours in mapped.items() if not _is_text(theirs) or not _is_text(ours)]:
                raise ReliefError(f"{path.name}: values, {name}, {column} gives no word of ours for {', '.join(empty)}")
            called = {_word(theirs): ours for theirs, ours in mapped.items()}
            if len(called) < len(mapped):
                raise ReliefError(
                    f"{path.name}: values, {name}, {column} has one word twice; letter case and spaces do not count"
                )
            words += [(path.stem, name, column, theirs, ours) for theirs, ours in called.items()]
    return words


def _word(theirs: str) -> str:
    """A file's word as words are compared: spaces, letter case, and the point and zeros of a number do not count."""
    return re.sub(r"^([A-Z0-9 -]*[0-9])[.]0+$", r"\1", " ".join(theirs.split()).upper())


def _mapping(where: str, value: object) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise ReliefError(f"{where} holds lines `name: ...`; compare it with docs/runbook.md")
    return value


def _names(where: str, entry: dict[str, Any], key: str) -> list[str]:
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(_is_text(name) for name in value):
        raise ReliefError(f"{where}: {key} is a list of names: [...]")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _refuse_unknown(where: str, entry: dict[str, Any], known: set[str], what: str) -> None:
    if unknown := sorted(entry.keys() - known):
        raise ReliefError(f"{where}: {', '.join(unknown)} is not known; {what} has {', '.join(sorted(known))}")
