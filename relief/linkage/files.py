"""`relief link`: run the code that links people in the warehouse on one or two files, with settings for these files."""

import glob
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relief.duck import connect
from relief.errors import ReliefError
from relief.linkage.model import KEY, reason
from relief.linkage.score import score
from relief.linkage.settings import Settings, load_settings

if TYPE_CHECKING:
    import duckdb

_NAMES = ("left_file", "right_file")


@dataclass(frozen=True)
class Linked:
    """Counts of a run: linked pairs, pairs for a person to review, and records in each file."""

    links: int
    reviews: int
    records: tuple[int, ...]


def link_files(settings_path: Path, paths: Sequence[Path], out: Path, report: Callable[[str], None]) -> Linked:
    """Link two files, or one file with itself. Write a CSV file of pairs with their weight and what agrees.

    Columns: the two keys, match_weight (bits), match_probability, status (link or review), one word per comparison.
    Raises ReliefError, and writes nothing, for settings, files or columns that do not fit.
    """
    import duckdb  # noqa: PLC0415  (slow import)

    settings = load_settings(settings_path)
    if len(paths) != settings.files:
        raise ReliefError(f"{settings_path} is for {settings.files} file(s), and {len(paths)} were given")
    if out.exists():
        raise ReliefError(f"{out} exists; name a new file")
    if not out.parent.is_dir():
        raise ReliefError(f"{out.parent} is not a folder; name a file in one that exists")
    with connect() as connection:
        names = _NAMES[: len(paths)]
        readers = {path: _reader(connection, path, settings) for path in paths}
        shared = set.intersection(*({*columns} for _, columns in readers.values()))  # Splink needs the same columns
        records = tuple(
            _read(connection, name, path, *readers[path], shared, settings)
            for name, path in zip(names, paths, strict=True)
        )
        report(f"comparing {' with '.join(f'{number:,}' for number in records)} records")
        score(connection, names, settings)
        _decide(connection, settings)
        counts = connection.execute(
            "select count(*) filter (where status = 'link'), count(*) filter (where status = 'review') from decided"
        ).fetchone()
        partial = out.with_name(out.name + ".partial")
        try:
            connection.execute("copy (select * from decided order by all) to ? (header, delimiter ',')", [str(partial)])
            partial.chmod(0o600)
            partial.rename(out)
        except (duckdb.Error, OSError) as error:
            partial.unlink(missing_ok=True)
            raise ReliefError(f"{out} cannot be written ({type(error).__name__}); name a file you can write") from None
    links, reviews = counts or (0, 0)
    return Linked(links, reviews, records)


def _reader(connection: "duckdb.DuckDBPyConnection", path: Path, settings: Settings) -> tuple[str, dict[str, str]]:
    """The SQL that reads a file, and its columns: each name trimmed of spaces, and each name as it is written."""
    import duckdb  # noqa: PLC0415  (slow import)

    if not path.is_file():
        raise ReliefError(f"{path} is not a file; name a CSV or Parquet file")
    file = "'" + glob.escape(str(path)).replace("'", "''") + "'"  # the engine would read * and ? as patterns
    read = (
        f"read_parquet({file})"
        if path.suffix.lower() == ".parquet"
        else f"read_csv({file}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    )
    try:
        found = connection.execute(f"select * from {read} limit 0").description or []
    except duckdb.Error as error:
        raise ReliefError(f"{path}: does not fit {settings.path}: {reason(error)}") from None
    columns = {str(column[0]).strip(): str(column[0]) for column in found}
    if settings.key not in columns:
        raise ReliefError(f"{path}: has no column {settings.key}, which {settings.path} names as its key")
    return read, columns


def _read(  # noqa: PLR0917  (the facts about a file)
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    path: Path,
    read: str,
    columns: dict[str, str],
    shared: set[str],
    settings: Settings,
) -> int:
    """Load a file into a table, as texts (CSV) or with its types (Parquet). Return the number of records."""
    import duckdb  # noqa: PLC0415  (slow import)

    plain = ", ".join(f"{_quoted(column)} as {_quoted(trimmed)}" for trimmed, column in columns.items())
    # Columns made by the settings get temporary names first. Otherwise the engine would use a made column where a
    # column of the file is missing.
    made = {f"made_{i}": (column, sql) for i, (column, sql) in enumerate(settings.columns.items())}
    renamed = [f"{mark} as {_quoted(column)}" for mark, (column, _) in made.items()]
    others = [column for column in columns if column in shared and column not in {*settings.columns, settings.key}]
    try:
        connection.execute(
            f"""create table {name} as
                select {", ".join([KEY, *renamed, *map(_quoted, others)])}
                from (
                    select trim(cast({_quoted(settings.key)} as varchar)) as {KEY}, *
                        {"".join(f", {sql} as {mark}" for mark, (_, sql) in made.items())}
                    from (select {plain} from {read})
                )"""
        )
    except duckdb.Error as error:
        raise ReliefError(f"{path}: does not fit {settings.path}: {reason(error)}") from None
    row = connection.execute(f"select count(*), count(distinct {KEY}), count({KEY}) from {name}").fetchone()
    total, distinct, known = row or (0, 0, 0)
    if not total:
        raise ReliefError(f"{path}: contains no records")
    if distinct < total or known < total:
        raise ReliefError(f"{path}: {settings.key} is missing or not unique ({distinct} keys for {total} records)")
    return int(total)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _decide(connection: "duckdb.DuckDBPyConnection", settings: Settings) -> None:
    """Decide link or review by the thresholds. With `one_to_one`, link only pairs that are best for both sides."""
    words = ", ".join(f'"{comparison.name}"' for comparison in settings.comparisons)
    is_best = (
        "row_number() over (partition by key_l order by match_weight desc, key_r) = 1 "
        "and row_number() over (partition by key_r order by match_weight desc, key_l) = 1"
        if settings.one_to_one
        else "true"
    )
    connection.execute(f"""
        create temp table decided as
        select
            key_l as left_{settings.key}, key_r as right_{settings.key}, match_weight, match_probability,
            case when is_best and match_probability >= {settings.thresholds.link} then 'link' else 'review' end
                as status,
            {words}
        from (select *, {is_best} as is_best from scored)
        where match_probability >= {settings.thresholds.review}
            and (is_best or match_probability >= {settings.thresholds.link})
    """)
