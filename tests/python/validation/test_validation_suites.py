"""A county may edit the suites, which are data, so each mistake in them is reported in one line."""

from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.validation.suites import gates, load_suite

OPENING = "opens_when: {table_exists: raw.t, otherwise: land first}\nchecks:\n"
CHECK = (
    "  - {name: A, description: b, severity: stop, because: c, unit: rows, table: raw.t,"
    " expectation: expect_column_to_exist}\n"
)


def suite(folder: Path, text: str) -> Path:
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_two_gates_are_files() -> None:
    assert gates() == ["landed", "published"]


def test_a_complete_check_is_read(tmp_path: Path) -> None:
    check = load_suite("mine", suite(tmp_path, OPENING + CHECK)).checks[0]
    assert (check.name, check.query, check.kwargs, check.needs) == ("A", "select * from raw.t", {}, ())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("checks: []", "mine.yml, line 1: opens_when is missing"),
        ("- a", "mine.yml, line 1: a gate is a mapping with opens_when, checks"),
        ("checks: [\n", "mine.yml is not a YAML file (line 2)"),
        (OPENING + CHECK + CHECK, "mine.yml, line 4: two checks of the same name: A"),
        (OPENING + CHECK.replace("because: c", "because: ''"), "mine.yml, line 3: because is empty"),
        (OPENING + CHECK.replace("unit:", "units:"), "mine.yml, line 3: units is not known; a check has name"),
        (OPENING + CHECK.replace("stop", "panic"), "mine.yml, line 3: severity is 'stop' or 'warn'"),
        (OPENING + CHECK.replace("table: raw.t,", ""), "give either a table or a query"),
        (OPENING + CHECK.replace("table: raw.t", "table: raw.t, query: select 1"), "give either a table or a query"),
        (
            OPENING + CHECK.replace("table: raw.t", 'query: "{{ gone(1) }}"'),
            "mine.yml, line 3: query calls what is not there or is not a template (UndefinedError)",
        ),
        (OPENING + "  - just text\n", "mine.yml, line 3: a check is a mapping with name"),
    ],
)
def test_what_is_wrong_in_a_suite_is_said_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ReliefError) as caught:
        load_suite("mine", suite(tmp_path, text))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
