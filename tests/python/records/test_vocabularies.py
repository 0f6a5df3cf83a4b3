"""A vocabulary contains words of the language, and no whole text from a fixture on which it is tested."""

import csv
import re
from collections.abc import Iterator

from relief.home import PROJECT_DIR

SEEDS = PROJECT_DIR / "seeds/codes"
FIXTURES = PROJECT_DIR / "tests/fixtures"
VOCABULARIES = {"disposition_words": "phrase", "record_words": "word", "charge_words": "word"}
# Ordinary phrases of courts and the DOJ, which fixtures repeat because records do; each with its reason.
ORDINARY = {
    "ARREST DETAINED CITED": "the DOJ's own name of a step type",
    "CONVICTION VACATED": "the order of PC 1473.7, as minutes of courts have it",
    "COURT ACTION": "the DOJ's own name of a step type",
    "JUVENILE PETITION SUSTAINED": "the finding of W&I 725, as the DOJ's records have it",
    "NOT GUILTY": "the plea of PC 1016(2) and the verdict of PC 1151",
    "NOT GUILTY BY REASON OF INSANITY": "the plea and the verdict of PC 1016(6) and 1026",
    "PLEAD GUILTY": "the plea of PC 1016(1), as minutes of courts have it",
    "PLED NOLO CONTENDERE": "the plea of PC 1016(3), as minutes of courts have it",
    "PROB REVOKED": "the order of PC 1203.2, in the DOJ's abbreviation of probation",
    "PROBATION COMPLETED": "what minutes of courts write at the end of a probation",
    "PROBATION REVOKED": "the order of PC 1203.2, as minutes of courts have it",
    "SENTENCE SUSPENDED": "the order of PC 1203.1, as minutes of courts have it",
}


def plain(text: str) -> str:
    """The text in upper case with blanks for signs, as the readers split a text into words."""
    return re.sub(r"[^A-Z0-9]+", " ", text.upper()).strip()


def fixture_texts() -> Iterator[str]:
    """Every text of more than one word that fills a field of our own fixtures."""
    for path in sorted(FIXTURES.rglob("*.csv")):
        if path.name.startswith("SYNTHETIC") or path.parent.name == "reported_faults":
            with path.open(newline="", encoding="utf-8") as file:
                yield from (plain(field) for row in csv.reader(file) for field in row if " " in plain(field))


def vocabulary_phrases() -> Iterator[str]:
    for name, column in VOCABULARIES.items():
        with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            yield from (row[column] for row in csv.DictReader(file) if " " in row[column])


def test_no_whole_text_of_a_fixture_is_a_phrase_of_a_vocabulary() -> None:
    """A text that was added whole would pass its own test, and show nothing about the next text."""
    assert set(fixture_texts()) & set(vocabulary_phrases()) == set(ORDINARY)
