"""The check that a change of structure changed no number: it fails on every difference, and on nothing else."""

from pathlib import Path

import pytest

from relief.duck import connect
from tools.same_tables import main

TABLE = "create table marts.people as from (values (1, 'a', 0.1), (2, 'b', 0.2)) rows(person_key, word, share)"


def _home(folder: Path, *statements: str) -> Path:
    folder.mkdir()
    with connect(folder / "warehouse.duckdb") as connection:
        for statement in ("create schema marts", "create schema intermediate", *statements):
            connection.execute(statement)
    return folder


def _compare(tmp_path: Path, *after: str, options: tuple[str, ...] = ()) -> int:
    homes = [_home(tmp_path / "before", TABLE), _home(tmp_path / "after", *after)]
    return main([*map(str, homes), *options])


def test_the_order_of_rows_and_what_is_not_a_mart_are_no_difference(tmp_path: Path) -> None:
    turned = TABLE.replace("(1, 'a', 0.1), (2, 'b', 0.2)", "(2, 'b', 0.2), (1, 'a', 0.1)")
    assert _compare(tmp_path, turned, "create table intermediate.other as select 1 as x") == 0


def test_the_last_digits_of_a_sum_are_no_difference(tmp_path: Path) -> None:
    doubles = ["create table marts.shares as select 0.1::double + 0.2::double as share"]
    before = _home(tmp_path / "before", *doubles)
    after = _home(tmp_path / "after", "create table marts.shares as select 0.3::double as share")
    assert main([str(before), str(after)]) == 0


@pytest.mark.parametrize(
    "change",
    [
        "update marts.people set word = 'c' where person_key = 1",
        "update marts.people set word = case word when 'a' then 'b' else 'a' end",
        "update marts.people set share = null where person_key = 2",
        "insert into marts.people values (2, 'b', 0.2)",
        "delete from marts.people where person_key = 2",
        "alter table marts.people drop share",
        "alter table marts.people add more integer",
        "alter table marts.people rename to persons",
        "create view marts.others as select 1 as x",
    ],
)
def test_each_change_is_a_difference(tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _compare(tmp_path, TABLE, change) == 1
    assert "marts." in capsys.readouterr().out


def test_a_new_name_and_what_is_left_out_come_from_files(tmp_path: Path) -> None:
    names, without = tmp_path / "names.csv", tmp_path / "without.csv"
    names.write_text("before,after\nmarts.people,marts.persons\nmarts.people.word,marts.persons.text\n")
    without.write_text("name,reason\nmarts.persons.seen_at,a clock\n")
    change = ["alter table marts.people rename to persons", "alter table marts.persons rename word to text"]
    change.append("alter table marts.persons add seen_at timestamp")
    assert _compare(tmp_path, TABLE, *change, options=("--names", str(names), "--without", str(without))) == 0


def test_a_folder_without_a_warehouse_and_a_file_without_its_header_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), str(tmp_path)]) == 2
    (tmp_path / "names.csv").write_text("old,new\n")
    assert main([str(tmp_path), str(tmp_path), "--names", str(tmp_path / "names.csv")]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "build this data folder first" in lines[0]
    assert "its header must be before,after" in lines[1]
