"""Every text of the corpus is read as it was meant: never as another offense, and a look-alike never as cannabis."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import jinja2
import pytest

from relief.home import PROJECT_DIR
from tests.python.records.charge_corpus import DAYS, RELIEF_SECTIONS, Charge, corpus, levels_on

CORPUS = corpus()
# The default suite reads one in 29 texts of single offenses. With a prime number, all ways of writing, sections and
# codes occur.
SAMPLE = 29
EMPTY = """
create table stg_la_court__counts (charged_statute varchar, convicted_statute varchar);
create table int_criminal_history__qualifiers
    (qualifier_list varchar, qualifier varchar, is_attempt boolean, is_conspiracy boolean, qualifier_group varchar);
create table int_offenses__code_statutes
    (offense_code varchar, section varchar, subdivision varchar, paragraph varchar, is_attempt_or_conspiracy boolean,
     level_code varchar, enacted_date date, repealed_date date, edition_date date);
"""


class Read(NamedTuple):
    """How the product reads one text."""

    is_relief: bool
    is_attempt: bool
    is_conspiracy: bool
    is_accessory: bool
    is_solicitation: bool
    names: str
    section: str | None
    letter: str | None
    paragraph: str | None


def source(path: str) -> str:
    return (PROJECT_DIR / path).read_text(encoding="utf-8")


def model(name: str) -> str:
    """The SQL of a model, with each reference replaced by its bare name."""
    macros = "".join(source(f"macros/{path.name}") for path in sorted((PROJECT_DIR / "macros").glob("*.sql")))
    (path,) = (PROJECT_DIR / "models").rglob(f"{name}.sql")
    text = macros + path.read_text(encoding="utf-8")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701 - SQL, not HTML
    return environment.from_string(text).render(ref=lambda name: name)


def read_charges(charges: list[Charge], folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in which the charges are read and have a meaning on every day."""
    connection = duckdb.connect()
    connection.execute(EMPTY)
    texts = folder / "texts.txt"
    texts.write_text("\x1e".join(charge.text for charge in charges), encoding="utf-8")
    connection.execute(
        "create table stg_ca_doj__criminal_history_rows as select cast(null as varchar) as convicted_charge_text, "
        "unnest(string_split(content, chr(30))) as charge_text from read_text(?)", [str(texts)]
    )  # fmt: skip
    connection.execute(
        "create table statutes as select * replace (cast(in_force_from as date) as in_force_from, "
        "cast(in_force_to as date) as in_force_to, "
        "cast(is_cannabis_relief_section as boolean) as is_cannabis_relief_section) "
        "from read_csv(?, all_varchar = true)",
        [str(PROJECT_DIR / "seeds" / "law" / "statutes.csv")],
    )
    connection.execute(
        "create table charge_words as select * from read_csv(?, all_varchar = true)",
        [str(PROJECT_DIR / "seeds" / "codes" / "charge_words.csv")],
    )
    for name in (
        "int_charges__words", "int_charges__citations", "int_charges__read", "int_charges__parsed",
        "int_charges__named", "int_offenses__eras",
    ):  # fmt: skip
        connection.execute(f"create table {name} as {model(name)}")
    return connection


def verdict(charge: Charge, read: Read) -> str | None:
    """What is wrong with the reading of a charge; None if it is right or is marked as uncertain."""
    is_told = read.names == "section"
    if charge.kind == "other":
        is_taken = read.is_relief or (is_told and read.section in RELIEF_SECTIONS)
        wrong = {"a look-alike is a cannabis relief section": is_taken}
    elif charge.kind == "two":
        wrong = {
            "two offenses are read as one": is_told,
            "a cannabis offense beside another is lost": not read.is_relief,
        }
    elif charge.kind == "unclear":
        wrong = {
            "a word of another form is read past": read.names != "not_understood" or read.section is not None,
            "a cannabis offense of another form is lost": not read.is_relief,
        }
    elif not is_told:
        wrong = {"a cannabis offense is lost": read.names not in ("no_section", "two_sections", "two_subdivisions")}
    else:
        kind = {
            "attempt": read.is_attempt, "conspiracy": read.is_conspiracy, "accessory": read.is_accessory,
            "solicitation": read.is_solicitation,
        }  # fmt: skip
        wrong = {
            "another section": not read.is_relief or read.section != charge.section,
            "a form is missed or invented": kind != {name: name == charge.kind for name in kind},
            "another letter": read.letter not in (None, charge.letter),
            "another paragraph": read.paragraph not in (None, charge.paragraph),
        }
    return next((what for what, is_wrong in wrong.items() if is_wrong), None)


def check(charges: list[Charge], folder: Path) -> dict[str, Read]:
    with read_charges(charges, folder) as connection:
        found = connection.execute(
            "select charge_text, is_prop_64 or is_prop_64_predecessor, parsed.is_attempt, parsed.is_conspiracy, "
            "named.is_accessory, named.is_solicitation, names, "
            "named.section, named.subdivision, named.paragraph "
            "from int_charges__parsed as parsed join int_charges__named as named using (charge_text)"
        ).fetchall()
    read = {text: Read(*answer) for text, *answer in found}
    assert read.keys() == {charge.text for charge in charges}
    wrong = [(verdict(charge, read[charge.text]), charge, read[charge.text]) for charge in charges]
    assert [line for line in wrong if line[0]] == []
    return read


def check_meanings(charges: list[Charge], folder: Path) -> None:
    """On every day, a charge has the levels that the law gives it, or is marked as uncertain."""
    with read_charges(charges, folder) as connection:
        days = ", ".join(f"(date '{day}')" if day else "(cast(null as date))" for day in DAYS)
        connection.execute(
            "create table int_offenses__dated as "
            "select concat_ws('|', charge_text, cast(day as varchar)) as offense_key, charge_text as offense_text, "
            "day, cast(null as varchar) as offense_code, cast(null as varchar) as qualifier_list, era_from "
            f"from int_charges__parsed cross join (values {days}) as days (day) "
            "left join int_offenses__eras on day between era_from and era_to"
        )
        found = connection.execute(
            "select offenses.offense_text, offenses.day, meanings.meaning_status, meanings.levels, meanings.section, "
            "named.subdivision, named.paragraph "
            f"from int_offenses__dated as offenses join ({model('int_offenses__meanings')}) as meanings "
            "using (offense_key) join int_charges__named as named on offenses.offense_text = named.charge_text"
        ).fetchall()
    said = {charge.text: charge for charge in charges}
    for text, day, status, levels, section, letter, paragraph in found:
        charge = said[text]
        if charge.kind == "other":
            assert section not in RELIEF_SECTIONS, (text, day)
            continue
        assert status != "not_a_cannabis_section", (text, day)
        # If the text hides the letter, the charge means what the section alone means on that day.
        wanted = levels_on(charge._replace(letter=letter, paragraph=paragraph), day)
        assert (levels if status == "resolved" else None) == (None if status == "cannot_tell" else wanted), (text, day)
        if status == "cannot_tell" and (letter, paragraph) == (charge.letter, charge.paragraph) and section:
            assert wanted is None or charge.kind == "two", (text, day)


@pytest.fixture(scope="module")
def sample() -> Iterator[list[Charge]]:
    yield [charge for number, charge in enumerate(CORPUS) if number % SAMPLE == 0 or charge.kind != "one"]


def test_a_share_of_the_corpus_is_read_as_written(sample: list[Charge], tmp_path: Path) -> None:
    read = check(sample, tmp_path)
    unread = [charge for charge in sample if charge.kind == "one" and read[charge.text].names != "section"]
    # A level, a code or a count before a hyphen hides the section, as the published way of reading texts requires.
    assert {charge.text.strip().upper().split("-")[0].strip() for charge in unread if "." not in charge.text} <= {
        "HS", "M", "F", "CT 1", "CT1", "1"
    }  # fmt: skip


def test_a_share_of_the_corpus_means_on_each_day_what_the_law_says(sample: list[Charge], tmp_path: Path) -> None:
    check_meanings(sample[::7], tmp_path)


@pytest.mark.full
def test_the_whole_corpus(tmp_path: Path) -> None:
    assert len(CORPUS) > 100_000
    check(CORPUS, tmp_path)
    check_meanings(CORPUS[::5], tmp_path)
