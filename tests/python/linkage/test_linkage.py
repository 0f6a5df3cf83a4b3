"""Linkage of any two files: in a build, in a later build of a part, and compared with the synthetic truth."""

import csv
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from relief.home import Home
from relief.linkage.files import link_files
from relief.linkage.people import scored_people
from relief.linkage.quality import link_quality
from relief.linkage.settings import PEOPLE, load_people, load_settings
from tests.python.support.warehouse import quiet, read_csv

SMALL = """
title: small
key: id
files: 1
match_probability: 0.01
comparisons:
  - name: name
    unknown: name_l is null or name_r is null
    levels:
      - {name: same, when: name_l = name_r, m: 0.9, u: 0.01}
      - {name: differs, m: 0.1, u: 0.99}
  - name: born
    unknown: born_l is null or born_r is null
    levels:
      - {name: same, when: born_l = born_r, m: 0.95, u: 0.001}
      - {name: differs, m: 0.05, u: 0.999}
candidates:
  - {when: l.name = r.name}
  - {when: l.born = r.born}
thresholds: {link: 0.9, review: 0.01}
"""


def small(tmp_path: Path, text: str = SMALL) -> Path:
    path = tmp_path / "small.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_one_file_is_linked_with_itself(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name,born\n1,ANA,1970\n2,ANA,1970\n3,ANA,1981\n4,TED,1960\n", encoding="utf-8")
    linked = link_files(small(tmp_path), [people], tmp_path / "pairs.csv", quiet)
    rows = read_csv(tmp_path / "pairs.csv")
    assert (linked.links, linked.reviews, linked.records) == (1, 2, (4,))
    assert {(row["left_id"], row["right_id"], row["status"]) for row in rows} == {
        ("1", "2", "link"), ("1", "3", "review"), ("2", "3", "review"),
    }  # fmt: skip
    # 0.01 / 0.99 * 90 * 950 are the odds of the Fellegi-Sunter model, computed by hand.
    odds = 0.01 / 0.99 * (0.9 / 0.01) * (0.95 / 0.001)
    weight = next(float(row["match_probability"]) for row in rows if row["status"] == "link")
    assert weight == pytest.approx(odds / (1 + odds))


def test_one_to_one_settings_give_each_record_one_partner(tmp_path: Path) -> None:
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    left.write_text("id,name,born\n1,ANA,1970\n2,ANA,1970\n3,TED,1960\n", encoding="utf-8")
    right.write_text("id,name,born\n7,ANA,1970\n8,TED,1960\n9,TED,1960\n", encoding="utf-8")
    text = SMALL.replace("files: 1", "files: 2")
    link_files(small(tmp_path, text), [left, right], tmp_path / "many.csv", quiet)
    link_files(small(tmp_path, text + "one_to_one: true\n"), [left, right], tmp_path / "one.csv", quiet)
    many, one = (
        [(row["left_id"], row["right_id"]) for row in read_csv(tmp_path / name) if row["status"] == "link"]
        for name in ("many.csv", "one.csv")
    )
    assert many == [("1", "7"), ("2", "7"), ("3", "8"), ("3", "9")]
    assert one == [("1", "7"), ("3", "8")]  # the first of equal matches
    assert (tmp_path / "one.csv").stat().st_mode & 0o777 == 0o600


OPEN = """
title: open
key: id
files: 2
one_to_one: true
frequencies: {surname: data}
comparisons:
  - name: surname
    unknown: surname_l is null or surname_r is null
    levels:
      - {name: same, when: surname_l = surname_r, frequency_of: surname}
      - {name: alike, when: "jaro_winkler_similarity(surname_l, surname_r) >= 0.85"}
      - {name: differs}
  - name: given
    unknown: given_l is null or given_r is null
    levels:
      - {name: same, when: given_l = given_r}
      - {name: differs}
  - name: born
    unknown: born_l is null or born_r is null
    levels:
      - {name: same, when: born_l = born_r}
      - {name: alike, when: "damerau_levenshtein(born_l, born_r) <= 2"}
      - {name: differs}
  - name: number
    unknown: number_l is null or number_r is null
    levels:
      - {name: same, when: number_l = number_r}
      - {name: differs}
candidates:
  - {when: l.number = r.number}
  - {when: l.born = r.born}
  - {when: l.surname = r.surname and l.given = r.given}
training:
  pairs: 1000000
  seed: 1
  rounds:
    - l.born = r.born
    - l.surname = r.surname and l.given = r.given
    - l.number = r.number
  sure_pairs: [l.number = r.number]
  recall_of_sure_pairs: 0.8
thresholds: {link: 0.5, review: 0.1}
"""


def test_weights_that_are_left_out_are_learned_from_the_files(tmp_path: Path) -> None:
    """The second file repeats 1,000 invented people, and writes each value differently for a fifth of them."""
    draw = random.Random(4)  # noqa: S311  (repeatable on purpose, and not for security)
    surnames = ["".join(draw.choices("ABDEILMNORST", k=7)) for _ in range(300)]
    given = ["".join(draw.choices("AEIKLNOS", k=5)) for _ in range(80)]
    people = [
        (draw.choice(surnames), draw.choice(given), f"{draw.randint(1940, 1999)}{draw.randint(101, 1231):04}",
         f"{draw.randint(0, 99999999):08}")
        for _ in range(1000)
    ]  # fmt: skip

    def otherwise(value: str) -> str:
        return value[:2] + value[3] + value[2] + value[4:] if draw.random() < 0.2 else value

    for name, rows in {"left": people, "right": [tuple(map(otherwise, person)) for person in people]}.items():
        lines = [",".join((str(number), *row)) for number, row in enumerate(rows)]
        text = "\n".join(["id,surname,given,born,number", *lines, ""])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    files = [tmp_path / "left.csv", tmp_path / "right.csv"]
    linked = link_files(small(tmp_path, OPEN), files, tmp_path / "pairs.csv", quiet)
    links = [row for row in read_csv(tmp_path / "pairs.csv") if row["status"] == "link"]
    right = sum(row["left_id"] == row["right_id"] for row in links)
    assert linked.links == len(links)
    assert 2 * right / (len(links) + len(people)) >= 0.98
    assert {row["surname"] for row in links} == {"same", "alike"}


REFUSED = {
    "not YAML": ("comparisons: [", "not a YAML"),
    "a list": ("- 1", "mapping"),
    "an unknown key": (SMALL + "colour: red\n", "colour"),
    "no key": (SMALL.replace("key: id", ""), "key is missing"),
    "three files": (SMALL.replace("files: 1", "files: 3"), "files is 1 or 2"),
    "one level": (SMALL.replace("      - {name: differs, m: 0.1, u: 0.99}\n", ""), "at least two levels"),
    "a last level with a condition": (
        SMALL.replace("{name: differs, m: 0.1", "{name: differs, when: x, m: 0.1"),
        "when",
    ),
    "a weight above one": (SMALL.replace("m: 0.9,", "m: 1.9,"), "between 0 and 1"),
    "no weight and no training": (SMALL.replace("m: 0.9,", ""), "training"),
    "thresholds the wrong way round": (SMALL.replace("link: 0.9", "link: 0.001"), "keep <= review <= link"),
    "a frequency list that is not there": (SMALL + "frequencies: {name: gone.csv}\n", "gone.csv"),
    "a column that is not there": (SMALL.replace("born_l = born_r", "birth_l = birth_r"), "birth"),
    "two comparisons of one name": (SMALL.replace("- name: born", "- name: name"), "one name"),
    "a name that is no name": (SMALL.replace("- name: born", "- name: date of birth"), "a letter first"),
    "a level's name that is none": (SMALL.replace("{name: differs", '{name: "it\'s"'), "a letter first"),
    "one to one, perhaps": (SMALL + "one_to_one: perhaps\n", "true or false"),
    "training without numbers": (SMALL + "training: {pairs: many, sure_pairs: [l.id = r.id]}\n", "whole number"),
    "training with less than one pair": (SMALL + "training: {pairs: -5, sure_pairs: [l.id = r.id]}\n", "whole number"),
    "a recall that is a word": (SMALL + "training: {sure_pairs: [l.id = r.id], recall_of_sure_pairs: x}\n", "up to 1"),
    "rounds that are no list": (SMALL + "training: {sure_pairs: [l.id = r.id], rounds: l.x}\n", "list of texts"),
    "training that is a word": (SMALL + "training: yes\n", "training is a mapping"),
    "candidates that are no SQL": (SMALL.replace("when: l.name = r.name", "when: l.name = "), "small.yml"),
    "lists that are a number": (
        SMALL.replace("when: l.name = r.name", "when: l.name = r.name, lists: 3"),
        "list of texts",
    ),
    "a day that is none": ("title: 2001-02-30\n", "is not a YAML file"),
    "brackets without end": ("[" * 5000, "is not a YAML file"),
    "a made column of one that is not there": (SMALL + "columns: {age: trim(age)}\n", 'column "age" not found'),
    "training with a column that is not there": (
        SMALL + "training: {rounds: [l.age = r.age]}\n",
        'does not have a column named "age"',
    ),
    "no SQL": (SMALL.replace("born_l = born_r", "born_l ==== born_r"), "small.yml"),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_settings_that_do_not_fit_are_refused_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name,born\n1,ANA,1970\n2,ANA,1970\n", encoding="utf-8")
    with pytest.raises(ReliefError) as refused:
        link_files(small(tmp_path, text), [people], tmp_path / "pairs.csv", quiet)
    assert says in str(refused.value)
    assert "small.yml" in str(refused.value)
    assert "ANA" not in str(refused.value)
    assert not (tmp_path / "pairs.csv").exists()


FILES = {
    "empty": ("id,name,born\n", "no records"),
    "without its key": ("number,name,born\n1,ANA,1970\n", "no column id"),
    "with a key twice": ("id,name,born\n1,ANA,1970\n1,TED,1960\n", "not unique"),
}


@pytest.mark.parametrize(("text", "says"), FILES.values(), ids=FILES.keys())
def test_files_that_do_not_fit_are_refused_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["link", str(small(tmp_path)), str(people), "--out", str(tmp_path / "pairs.csv")])
    assert done.exit_code != 0
    assert says in str(done.exception)
    assert not (tmp_path / "pairs.csv").exists()


def test_files_with_other_columns_beside_and_a_pattern_for_a_name_are_linked(tmp_path: Path) -> None:
    left, right = tmp_path / "fi*e.csv", tmp_path / "file.csv"
    left.write_text('id,name,born,"EYES, ""X"""\n1,ANA,1970,x\n', encoding="utf-8")
    right.write_text("zip,id,name,born\n9,5,ANA,1970\n", encoding="utf-8")
    done = link_files(small(tmp_path, SMALL.replace("files: 1", "files: 2")), [left, right], tmp_path / "o.csv", quiet)
    assert (done.links, done.records) == (1, (1, 1))


def test_the_number_of_files_is_that_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="for 1 file"):
        link_files(small(tmp_path), [tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "pairs.csv", quiet)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    out.write_text("kept", encoding="utf-8")
    with pytest.raises(ReliefError, match="exists"):
        link_files(small(tmp_path), [tmp_path / "a.csv"], out, quiet)
    assert out.read_text(encoding="utf-8") == "kept"


@pytest.fixture(scope="module")
def all_records(ran: tuple[Home, list[str]]) -> duckdb.DuckDBPyConnection:
    """The table all_records, in memory: the records for linkage of small synthetic extracts."""
    connection = duckdb.connect()
    connection.execute(f"attach '{ran[0].warehouse}' as warehouse (read_only)")
    connection.execute("create table all_records as select * from warehouse.intermediate.int_linkage__records")
    connection.execute("detach warehouse")
    return connection


@pytest.fixture
def records(all_records: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The table records: a new copy of all_records for each test, which may change it."""
    return all_records.execute("create or replace table records as select * from all_records")


def pairs_of(connection: duckdb.DuckDBPyConnection, name: str, previous: tuple[str, str] | None = None) -> list[Any]:
    table = scored_people(connection, "records", *(previous or (None, None)))
    connection.register("made", table)
    connection.execute(f"create or replace table {name} as select * from made")
    connection.execute(
        f"create or replace table {name}_records as select source, record_key, fingerprint, ? as model_id from records",
        [load_settings(PEOPLE).model_id],
    )
    return connection.execute(
        f"select * replace (round(match_weight, 6) as match_weight, round(match_probability, 9) as match_probability) "
        f"from {name} order by all"
    ).fetchall()


def test_a_second_delivery_gives_what_scoring_everything_anew_would(records: duckdb.DuckDBPyConnection) -> None:
    whole = pairs_of(records, "whole")
    assert len(whole) > 500
    # The first delivery lacks some defendants and subjects, and spells others differently.
    records.execute("""
        create or replace table records as
        select * replace (
            case when hash(record_key) % 17 = 3 then surname || 'X' else surname end as surname,
            case when hash(record_key) % 17 = 3 then 'other' else fingerprint end as fingerprint
        ) from all_records where hash(record_key) % 11 <> 5
    """)
    pairs_of(records, "first")
    records.execute("create or replace table records as select * from all_records")
    again = pairs_of(records, "second", ("first", "first_records"))
    assert again == whole
    records.execute("create or replace table records as select * from all_records where hash(record_key) % 13 <> 5")
    fewer = pairs_of(records, "third", ("second", "second_records"))
    kept = {row[0] for row in records.execute("select record_key from records").fetchall()}
    assert fewer == [row for row in whole if row[0] in kept and row[1] in kept]


def test_nothing_new_scores_nothing(records: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pairs_of(records, "whole")

    def never(*_args: object) -> None:
        raise AssertionError("scored again")

    monkeypatch.setattr("relief.linkage.people.score", never)
    assert pairs_of(records, "again", ("whole", "whole_records")) == whole


def test_other_weights_score_everything_anew(records: duckdb.DuckDBPyConnection) -> None:
    pairs_of(records, "whole")
    records.execute("create or replace table of_another_model as select * replace ('other' as model_id) from whole")
    records.execute("create or replace table its_records as select * replace ('other' as model_id) from whole_records")
    assert pairs_of(records, "again", ("of_another_model", "its_records")) == pairs_of(records, "whole")


def test_a_countys_own_weights_score_its_people(
    records: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pairs_of(records, "whole")
    (tmp_path / "linkage").mkdir()
    text = PEOPLE.read_text(encoding="utf-8").replace("keep: 0.001", "keep: 0.2")
    (tmp_path / "linkage/people.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    # Pairs that were scored with the project's weights are not reused, although no record is new.
    again = pairs_of(records, "again", ("whole", "whole_records"))
    assert len(again) < len(whole)
    ids = [row[0] for row in records.execute("select distinct model_id from again").fetchall()]
    assert ids == [load_people(tmp_path).model_id] != [load_settings(PEOPLE).model_id]


def truth_of(home: Home) -> Path:
    return next(home.path.glob("synthetic/**/SYNTHETIC_truth_pairs.csv"))


def test_links_of_persons_are_nearly_all_found_and_nearly_none_is_wrong(ran: tuple[Home, list[str]]) -> None:
    quality = link_quality(ran[0], truth_of(ran[0]))
    everyone = quality.groups[0]
    assert everyone.pairs > 500
    assert everyone.precision is not None
    assert everyone.precision >= 0.999
    assert everyone.recall is not None
    assert everyone.recall >= 0.98
    assert sum(number for _, number in quality.lost) == everyone.pairs - everyone.found
    for name in ("surname_type", "sex", "race"):
        assert sum(row.pairs for row in quality.groups if row.group == name) == everyone.pairs


def test_link_quality_prints_counts_and_no_person(ran: tuple[Home, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(ran[0].path))
    monkeypatch.setattr("relief.linkage.learned.PAIRS", 10_000)
    done = CliRunner().invoke(app, ["link-quality", str(truth_of(ran[0]))])
    assert done.exit_code == 0, done.exception
    assert "hispanic" in done.output
    assert "weights by hand, and as EM learns them" in done.output
    assert done.output.startswith("weights: those of the project (linkage/people.yml)\n")
    with truth_of(ran[0]).open(encoding="utf-8") as file:
        subjects = {row["subject_id"] for row in csv.DictReader(file)}
    assert not subjects & set(done.output.split())


def test_a_truth_file_without_its_columns_is_refused(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("subject_id,race\n1,latino\n", encoding="utf-8")
    with pytest.raises(ReliefError, match="no column case_number, defendant_number"):
        link_quality(ran[0], path)
    with pytest.raises(ReliefError, match="is not a file"):
        link_quality(ran[0], tmp_path / "none.csv")
