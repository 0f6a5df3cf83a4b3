"""Unused layout files in the data folder: files that are not read, refused files, and words that never occur."""

from itertools import groupby
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.home import Home
from relief.landing.layout import Source, all_sources, normalized_name
from relief.landing.layout_files import layout_folders, with_layouts
from relief.text import printable

if TYPE_CHECKING:
    import duckdb

_SHOWN_WORDS = 5


def unused_layouts(connection: "duckdb.DuckDBPyConnection", home: Home, *, with_words: bool = True) -> list[str]:
    """One line per unused file, pair of equal layouts or list of words. `with_words` searches the landed rows too."""
    words = _words_that_never_occur(connection) if with_words else []
    return [*_not_read(home), *_refused_or_alike(home), *words]


def _not_read(home: Home) -> list[str]:
    folder = home.path / "sources"
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            found.append(
                f"sources/{printable(path.name)} is a folder and is not looked into; put its layouts into sources"
            )
        elif path.suffix.lower() not in {".yml", ".yaml"}:
            found.append(f"sources/{printable(path.name)} is not read: the name of a layout ends in .yml or .yaml")
    return found


def _refused_or_alike(home: Home) -> list[str]:
    found: list[str] = []
    for own in all_sources():
        try:
            source = with_layouts(own, layout_folders(home))
        except ReliefError as error:
            found.append(f"a layout is not used: {error}")
        else:
            found += _alike(source)
    return list(dict.fromkeys(found))


def _alike(source: Source) -> list[str]:
    """Pairs of layouts with the same header: a file that fits them can be landed only with --layout."""
    headers = [
        (frozenset(normalized_name(header) for header in (*table.headers, *table.ignored) if header), table)
        for table in (*source.tables, *source.others)
    ]
    return [
        f"layouts {one.layout} and {other.layout} have one header of {one.name}: neither reads a file without "
        "--layout; take one out"
        for number, (header, one) in enumerate(headers)
        for other_header, other in headers[number + 1 :]
        if header == other_header and one.name == other.name
    ]


def _words_that_never_occur(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """Words that a layout translates but that occur in none of its deliveries in use."""
    known = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'raw' and table_name = 'layout_values'"
    ).fetchone()
    if not known or not known[0]:
        return []
    words = connection.execute(
        "select layout, table_name, column_name, file_value from raw.layout_values where (layout, table_name) in "
        "(select (layout, table_name) from raw.deliveries where status = 'landed' and loaded > 0) order by all"
    ).fetchall()
    found = []
    for (layout, table, column), group in groupby(words, key=lambda word: word[:3]):
        used = {
            value
            for (value,) in connection.execute(
                f"""select distinct upper(regexp_replace(trim("{column}"), '[ ]+', ' ', 'g')) from raw."{table}"
                where delivery_id in (select delivery_id from raw.deliveries where layout = ? and status = 'landed')""",
                [layout],
            ).fetchall()
        }
        if missing := [word[3] for word in group if word[3] not in used]:
            noun = "word never occurs" if len(missing) == 1 else "words never occur"
            shown = ", ".join(printable(word) for word in missing[:_SHOWN_WORDS])
            more = f" and {len(missing) - _SHOWN_WORDS} more" if len(missing) > _SHOWN_WORDS else ""
            found.append(
                f"layout {layout}: {len(missing)} {noun} in {column} of its {table}: {shown}{more}; compare the "
                "spelling with the files"
            )
    return found
