"""The project's own generic tests (tests/generic) find the rows that they look for, and pass on correct rows."""

import re

import duckdb
import jinja2
import pytest

from relief.home import PROJECT_DIR


def failing(test: str, rows: str, columns: list[str]) -> list[tuple[object, ...]]:
    """Rows that fail a generic test, out of `rows`, which is an SQL list of values for the columns a and b."""
    text = (PROJECT_DIR / f"tests/generic/{test}.sql").read_text(encoding="utf-8")
    body = re.search(r"{% test \w+\(.*?\) %}(.*){% endtest %}", text, re.DOTALL)
    assert body
    model = f"(values {rows}) as given(a, b)"
    return duckdb.sql(jinja2.Template(body[1]).render(model=model, columns=columns)).fetchall()


@pytest.mark.parametrize(
    ("rows", "columns", "found"),
    [
        ("(1, 1), (1, 2)", ["a", "b"], []),
        ("(1, 1), (1, 2)", ["a"], [(1,)]),
        ("(1, 1), (1, 1)", ["a", "b"], [(1, 1)]),
        ("(1, 1), (2, null)", ["a", "b"], [(2, None)]),
        ("(1, 1), (null, 2)", ["a", "b"], [(None, 2)]),
    ],
)
def test_a_primary_key_is_filled_and_stands_once(
    rows: str, columns: list[str], found: list[tuple[object, ...]]
) -> None:
    assert failing("primary_key", rows, columns) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [("(1, 'x'), (1, 'x')", []), ("(1, null), (2, 'x')", [(0, 1)]), ("(null, null), (null, 'x')", [(2, 1)])],
)
def test_a_column_without_a_value_is_counted_and_no_value_is_shown(rows: str, found: list[tuple[object, ...]]) -> None:
    assert failing("not_null_columns", rows, ["a", "b"]) == found


@pytest.mark.parametrize(("rows", "found"), [("(1, null), (1, 1)", []), ("(1, null), (1, null)", [(1, None)])])
def test_a_combination_may_lack_a_value_and_stands_once(rows: str, found: list[tuple[object, ...]]) -> None:
    assert failing("unique_combination", rows, ["a", "b"]) == found
