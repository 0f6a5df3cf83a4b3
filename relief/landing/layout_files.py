"""Layouts beside a source's own: one YAML file per county and version, in the project or in the data folder."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from relief.document_model import model_of
from relief.documents import Problem, refusal
from relief.errors import ReliefError
from relief.home import Home
from relief.landing.case_numbers import CaseNumbers
from relief.landing.layout import SOURCES_DIR, Source, Table, source_names
from relief.landing.layout_model import CountyLayout, CountyTable
from relief.landing.layout_text import layout_content, read_layout
from relief.text import printable


def layout_folders(home: Home) -> list[Path]:
    """The folders of other layouts: those shipped with the project, and the county's own in its data folder."""
    return [SOURCES_DIR / "layouts", home.path / "sources"]


def with_layouts(source: Source, folders: Iterable[Path]) -> Source:
    """Return the source with all its other layouts from the folders: one YAML file per layout, county and version.

    Raises a ReliefError that names the file and its mistake, such as a required column that is not mapped.
    """
    own = {table.name: table for table in source.tables}
    others: list[Table] = []
    values: list[tuple[str, str, str, str, str]] = []
    rules = dict(source.case_numbers)
    ruled_by = {county: f"{source.name}.yml" for county, rule in rules.items() if rule}
    for path, content in _layout_files(folders, source):
        document = read_layout(path.name, content)
        named = document.data.get("source") if isinstance(document.data, dict) else None
        if named not in source_names():
            said = f"`source` names one of: {', '.join(source_names())}"
            raise refusal(document, Problem(document.line(("source",)), said))
        if named != source.name:
            continue
        layout = model_of(document, CountyLayout, {"own": own})
        others += [_table(path.stem, layout.county, own[name], entry) for name, entry in layout.tables.items()]
        values += [
            (path.stem, table, column, theirs, ours)
            for table, columns in layout.values.items()
            for column, words in columns.items()
            for theirs, ours in words.items()
        ]
        _add_rule(path.name, layout.county, layout.case_numbers, rules, ruled_by)
    return replace(source, others=tuple(others), values=tuple(values), case_numbers=rules)


def _table(layout: str, county: str, own: Table, entry: CountyTable) -> Table:
    """The table with the column names of another layout."""
    unmapped = frozenset(set(own.columns) - entry.columns.keys())
    return replace(
        own,
        headers=tuple(entry.columns.get(column, "") for column in own.columns),
        optional_columns=(frozenset(entry.optional_columns) | unmapped) - own.required_columns,
        ignored=entry.ignored_columns,
        header_required=True,
        is_own=False,
        layout=layout,
        county=county,
    )


def _add_rule(
    name: str, county: str, rule: CaseNumbers | None, rules: dict[str, CaseNumbers | None], ruled_by: dict[str, str]
) -> None:
    """Add a layout's rule for case numbers. A county has one rule, and any of its layouts may contain it."""
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
    """The source with only the layout that a person named, with or without the file extension."""
    name = layout.removesuffix(".yml").removesuffix(".yaml")
    if name not in source.layouts:
        raise ReliefError(
            f"--layout {printable(layout)}: {source.name} has no such layout; name one of: {', '.join(source.layouts)}"
        )
    return replace(source, chosen=name)


def choose_again(source: Source, layout: str | None, delivery_id: str) -> Source:
    """The source with the layout that read a delivery. If older homes recorded none, it was the source's own layout."""
    name = layout or source.name
    if name not in source.layouts:
        raise ReliefError(f"the layout {name} of {delivery_id} is gone; put its file back into the folder sources")
    return replace(source, chosen=name)


def _layout_files(folders: Iterable[Path], source: Source) -> list[tuple[Path, bytes | None]]:
    """Return every layout file that concerns the source, with its content.

    The file's name is the layout's name in the manifest and in the table of words.
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
    """Whether a file may be a layout of the source, even a broken one. Files of other sources are not checked.

    A file that names none of our sources may be meant for a court's source, since layouts are for the files of courts.
    """
    text = (content or b"").replace(b"\0", b"")  # UTF-16 has zero bytes between the letters
    named = [name for name in source_names() if name.encode() in text]
    return source.name in named if named else source.tables[0].county is not None
