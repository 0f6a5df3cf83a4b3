"""The saved questions of `analyses/`, run on the research release and compared with exact figures of the warehouse."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from relief.home import PROJECT_DIR, Home
from relief.publishing import current_release
from relief.sandbox import child

FILES = sorted((PROJECT_DIR / "analyses").glob("q*.sql"))
DISMISSED = "from marts.fct_convictions where is_dismissed_by_order and coalesce(is_in_county, true)"
LIFECYCLE = "marts.fct_relief_lifecycle"
# For each question: how many of its columns name the place, which column is the number, and SQL for the exact figures,
# which counts facts and not reports.
EXACT: dict[str, tuple[int, int, str]] = {
    "q01": (
        2,
        2,
        f"select coalesce(year(relief_order_date)::varchar, 'unknown'), offense, count(*) {DISMISSED} group by all",
    ),
    "q02": (0, 0, f"select count(*) {DISMISSED} and level = 'felony'"),
    "q03": (
        2,
        2,
        f"select 'all', courthouse_key, count(*) from {LIFECYCLE} where waiting_status = 'visible' or current_stage in "
        "('order_signed', 'order_entered', 'court_record_updated', 'reported_to_doj') group by all",
    ),
    "q04": (
        1,
        1,
        "select courthouse_key, count(*) from marts.fct_relief_lifecycle join intermediate.int_lifecycle__intervals "
        "using (conviction_key) where transition = 'order_to_entered' and result = 'reached' and days <= 30 "
        "and (waiting_status = 'visible' or current_stage <> 'order_signed') group by all",
    ),
    "q05": (
        2,
        2,
        "with relieved as (from marts.fct_convictions where is_dismissed_by_order or is_redesignated_by_order), "
        "felonies as (select person_key, level, conviction_key from marts.fct_convictions union all select person_key, "
        "level, conviction_key from intermediate.int_identity__convictions where not is_counted), people as ("
        "select person_key from felonies where person_key in (select person_key from relieved) group by person_key "
        "having count(*) filter (where level = 'felony') > 0 and count(*) filter (where coalesce(level, 'felony') = "
        "'felony' and conviction_key not in (select conviction_key from relieved)) = 0) "
        "select coalesce(race, 'all'), coalesce(sex, 'all'), count(*) from people "
        "join intermediate.int_lifecycle__groups using (person_key) group by cube (race, sex)",
    ),
    "q07": (
        1,
        1,
        f"select coalesce((conviction_year // 10)::varchar || '0s', 'unknown'), count(*) {DISMISSED} group by all",
    ),
    "q10": (
        1,
        1,
        "select source, count(*) from marts.fct_convictions join marts.fct_relief_lifecycle l using (conviction_key) "
        "where l.wave_number = 2 group by all",
    ),
    "q12": (
        1,
        1,
        f"select '11358', count(*) from (select person_key {DISMISSED} group by person_key "
        "having bool_and(offense = '11358'))",
    ),
    "q13": (
        2,
        2,
        f"select coalesce(conviction_year::varchar, 'unknown'), level, count(*) {DISMISSED} "
        "and level in ('felony', 'misdemeanor') group by all",
    ),
    "q14": (
        1,
        1,
        f"select '11357' || coalesce('(' || lower(subdivision) || ')', ' without a letter'), count(*) {DISMISSED} "
        "and offense = '11357' group by all",
    ),
    "q19": (
        3,
        3,
        "select race, 'all', 'all', count(*) from marts.fct_relief_lifecycle join marts.fct_convictions as c "
        "using (conviction_key) join intermediate.int_lifecycle__groups as g on g.person_key = c.person_key "
        "where c.source = 'both' group by all",
    ),
}
# These questions also return sums, for which there are no exact figures here.
TOTALS = {"q03", "q04", "q10", "q12", "q19"}


def ask(home: Home, sql: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    release = current_release(home)
    assert release is not None
    monkeypatch.chdir(home.releases)
    return child.answer({"file": release.research, "sql": sql, "rows": 10_000})


def test_there_is_one_file_per_question_and_it_begins_with_it() -> None:
    described = yaml.safe_load((PROJECT_DIR / "analyses/_analyses.yml").read_text())["analyses"]
    assert [entry["name"] for entry in described] == [file.stem for file in FILES]
    assert [file.stem[:3] for file in FILES] == [f"q{number:02}" for number in range(1, 21)]
    for file, entry in zip(FILES, described, strict=True):
        assert file.read_text().startswith(f"-- {entry['description']}\n")


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_each_question_is_answered_and_no_number_is_small(
    file: Path, ran: tuple[Home, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(ran[0], file.read_text(), monkeypatch)
    assert "error" not in answer, answer
    assert answer["rows"], "an answer without a row is none"
    counts = {"dismissals", "convictions", "people", "counted", "felonies", "linked", "in_review", "in_time"}
    for number in (n for n, name in enumerate(answer["columns"]) if name in counts):
        if file.stem[:3] == "q17":
            continue  # rows of a table are not people
        assert not [row for row in answer["rows"] if row[number] is not None and 0 < row[number] < 11]


@pytest.mark.parametrize("question", sorted(EXACT))
def test_what_is_published_is_what_the_warehouse_counts(
    question: str, ran: tuple[Home, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = ran
    places, number, sql = EXACT[question]
    [file] = [file for file in FILES if file.stem.startswith(question)]
    rows = ask(home, file.read_text(), monkeypatch)["rows"]
    published = {tuple(row[:places]): row[number] for row in rows}
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        exact = {tuple(row[:-1]): row[-1] for row in connection.execute(sql).fetchall()}
    assert exact
    for place, count in exact.items():
        shown = published.get(place)
        assert shown in {None, count}, f"{place} shows another number"
    if question not in TOTALS:
        assert not [place for place, shown in published.items() if shown and place not in exact]


def test_a_saved_question_reads_the_release_only() -> None:
    for file in FILES:
        assert not re.search(r"\b(marts|intermediate|staging|raw|reporting|quality)[.]", file.read_text())
