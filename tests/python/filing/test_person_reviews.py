"""Pairs of people that wait for an attorney: listed in the worklist, answered, landed and followed by a build."""

import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from relief.building.build import build
from relief.export.worklist import FORM, export_worklist
from relief.home import Home
from relief.landing import land
from tests.python.filing.test_decisions import STATUTE, answer, write
from tests.python.support.warehouse import ask, quiet, read_csv

Row = dict[str, str]
_QUEUE = (
    "select delivery_id || ':' || row_no as record, split_part(case_defendant_key, '|', 1) as case_number, "
    "split_part(case_defendant_key, '|', 2) as defendant_number, subject_key, case_defendant_key "
    "from marts.fct_person_reviews"
)


class Answered(NamedTuple):
    """A home whose worklist was answered about two pairs, and the worklist's rows about people before and after."""

    home: Home
    before: list[Row]
    after: list[Row]
    form: list[Row]


def pair_of(home: Home, row: Row) -> tuple[str, str]:
    """The keys of the pair that a row of the form is about."""
    (keys,) = {
        (subject, defendant)
        for record, case, number, subject, defendant in ask(home, _QUEUE)
        if (record, case, number) == (row["record"], row["case_number"], row["defendant_number"])
    }
    return keys


@pytest.fixture(scope="module")
def answered(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Answered:
    folder = tmp_path_factory.mktemp("people")
    home = Home(folder / "home")
    shutil.copytree(ran[0].path, home.path)
    export_worklist(home, STATUTE, folder / "out")
    form = [row for row in read_csv(folder / "out" / FORM) if row["decision_type"] == "person_link"]
    answer(form[0], "same", "", "the booking photographs show one person")
    answer(form[1], "different", "", "the fingerprints are those of two people")
    land(home, "review_decisions", [write(folder / "people.csv", form)], date(2020, 6, 1), None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    export_worklist(home, STATUTE, folder / "again")
    before, after = (read_csv(folder / name / "possible_people.csv") for name in ("out", "again"))
    return Answered(home, before, after, form)


def test_each_open_pair_is_listed_with_the_names_and_numbers_of_both_sides(
    ran: tuple[Home, list[str]], answered: Answered
) -> None:
    home = ran[0]
    ((pairs,),) = ask(home, "select count(*) from marts.fct_person_reviews")
    assert len(answered.before) == len(answered.form) == pairs >= 2
    for row in answered.before:
        assert row["name_doj"]
        assert row["name_court"]
        assert row["agreements"].startswith("cii: ") or not row["match_probability"]
    assert {row["reason"] for row in answered.before} >= {"too_little_evidence"}


def test_pairs_on_which_a_conviction_depends_come_first(answered: Answered) -> None:
    first = [row["goes"] == "first" for row in answered.before]
    assert first == sorted(first, reverse=True)
    assert first == [int(row["cannabis_convictions_court"]) > 0 for row in answered.before]
    assert any(first)


def test_same_and_different_are_followed_and_leave_the_queue(ran: tuple[Home, list[str]], answered: Answered) -> None:
    home, rows = answered.home, answered.form[:2]
    same, different = (pair_of(ran[0], row) for row in rows)
    links = dict(ask(home, "select case_defendant_key, person_key from intermediate.int_identity__person_links"))
    bases = dict(ask(home, "select case_defendant_key, link_basis from intermediate.int_identity__person_links"))
    assert (links[same[1]], bases[same[1]]) == (same[0], "review_decision")
    assert links[different[1]] != different[0]
    assert {keys[3:] for keys in ask(home, _QUEUE)}.isdisjoint({same, different})
    assert {(row["record"], row["case_number_court"]) for row in answered.after}.isdisjoint(
        {(row["record"], row["case_number"]) for row in rows}
    )


def test_no_answer_is_listed_as_not_obeyed(answered: Answered) -> None:
    ((delivery,),) = ask(answered.home, "select delivery_id from raw.deliveries where file_name = 'people.csv'")
    query = "select decision_status from marts.fct_review_decisions where delivery_id = ? order by row_no"
    statuses = [status for (status,) in ask(answered.home, query, delivery)]
    assert statuses == ["in_force"] * 2 + ["not_filled_in"] * (len(answered.form) - 2)
    assert not ask(answered.home, "select * from quality.audit_decisions where delivery_id = ?", delivery)


def test_every_text_and_count_agrees_with_the_queue(
    ran: tuple[Home, list[str]], answered: Answered, tmp_path: Path
) -> None:
    written = export_worklist(ran[0], STATUTE, tmp_path / "out")
    assert written.people == len(answered.before)
    text = (tmp_path / "out" / "methodology.txt").read_text(encoding="utf-8")
    first = sum(row["goes"] == "first" for row in answered.before)
    assert f"{written.people:,} pairs wait: a court defendant" in text
    assert f"{first:,} go first" in text
    assert f"possible_people          {written.people:,} pairs of a DOJ subject and a court defendant" in text
    counted = ask(ran[0], "select findings from quality.audit_counts where finding = 'person_to_review'")
    assert counted == [(written.people,)]
    assert (tmp_path / "out" / "possible_people.xlsx").stat().st_mode & 0o777 == 0o600
