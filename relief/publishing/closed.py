"""Check that every text that leaves the office is in a closed list, before anything is published or exported.

The lists are data in ``closed_lists``. A column of texts without a list is refused too, so that a new column cannot
leave by accident. Messages never contain a value, because a value outside the lists may be a person's.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from relief.errors import ReliefError
from relief.policies.document import seed_rows

if TYPE_CHECKING:
    import duckdb

# The types that cannot contain a text. Any other type (a list, a struct, JSON, an enum, a blob) is checked as text.
_WITHOUT_TEXT = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL\([0-9,]+\)|DATE|TIMESTAMP( WITH TIME ZONE)?|BOOLEAN"
)
MOST_NAMED = 3


@dataclass(frozen=True)
class ClosedList:
    """The allowed values of a column: words from the code, a seed or the models' YAML, or a pattern.

    `is_inside` also allows any text that people of the office typed, such as a policy's title or a reason, but only in
    the leadership release.
    """

    words: Callable[[], frozenset[str]] = frozenset
    pattern: str = "(?!)"
    is_inside: bool = False

    def __or__(self, other: "ClosedList") -> "ClosedList":
        """Return a list that allows the values of both lists."""
        return ClosedList(
            lambda: self.words() | other.words(),
            f"{self.pattern}|{other.pattern}",
            self.is_inside or other.is_inside,
        )

    def holds(self, values: Iterable[str], kind: str) -> list[bool]:
        """Return for each value whether it may be in a release of this kind."""
        if self.is_inside and kind == "leadership":
            return [True for _ in values]
        words, pattern = self.words(), re.compile(self.pattern, re.ASCII)
        return [value in words or pattern.fullmatch(value) is not None for value in values]


Columns = Mapping[str, ClosedList]


def words(*allowed: str) -> ClosedList:
    """A list of constants."""
    return ClosedList(lambda: frozenset(allowed))


def seed(file: str, column: str, *, upper: bool = False) -> ClosedList:
    """A list of the values of a seed's column. With `upper`, they are in upper case, as a model writes them."""
    return ClosedList(lambda: _seed_words(file, column, upper))


def shape(pattern: str) -> ClosedList:
    """A list of ids, dates or numbers, given as a pattern that matches no value of a person."""
    return ClosedList(pattern=pattern)


INSIDE = ClosedList(is_inside=True)


@cache
def _seed_words(file: str, column: str, upper: bool) -> frozenset[str]:
    values = (row[column] for row in seed_rows(file))
    return frozenset(value.upper() if upper else value for value in values if value)


def refuse_free_text(
    connection: "duckdb.DuckDBPyConnection", database: str, kind: str, declared: Mapping[str, Columns]
) -> None:
    """Raise ReliefError unless every text in the tables of a database is in the list declared for its column."""
    problems: list[str] = []
    for table, column, data_type in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = ? "
        "order by table_name, column_index",
        [database],
    ).fetchall():
        if _WITHOUT_TEXT.fullmatch(data_type):
            continue
        found = connection.execute(
            f'select "{column}"::varchar, count(*) from {database}.main."{table}" where "{column}" is not null '
            "group by all"
        ).fetchall()
        problems += _problems(table, column, found, kind, declared.get(table, {}))
    _raise(f"the {kind} release is not published", problems)


def refuse_free_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], declared: Mapping[str, Columns]
) -> None:
    """Raise ReliefError unless every text in rows that are about to leave is in the list declared for its column."""
    given = list(rows)
    problems: list[str] = []
    for number, column in enumerate(columns):
        found = [(row[number], 1) for row in given if isinstance(row[number], str)]
        if found:
            problems += _problems(table, column, found, "public", declared.get(table, {}))
    _raise(f"{table} is not written", problems)


def _problems(table: str, column: str, found: Sequence[tuple[str, int]], kind: str, columns: Columns) -> Iterable[str]:
    if column not in columns:
        yield f"no closed list is declared for {table}.{column}"
        return
    is_held = columns[column].holds([value for value, _ in found], kind)
    free = sum(count for (_, count), held in zip(found, is_held, strict=True) if not held)
    if free:
        yield f"{free} values of {table}.{column} are in no closed list"


def _raise(what: str, problems: Sequence[str]) -> None:
    if problems:
        more = f" and {len(problems) - MOST_NAMED} more columns" if len(problems) > MOST_NAMED else ""
        raise ReliefError(
            f"{what}: {'; '.join(problems[:MOST_NAMED])}{more}; such a text may be a person's: mend the model or its "
            "seed, then: relief build"
        )
