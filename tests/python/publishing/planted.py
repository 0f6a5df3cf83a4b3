"""A data folder with an identifier in every column of every source, and in the names of its policies."""

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from relief.building.build import build
from relief.home import Home
from relief.landing import land
from relief.pipeline import SYNTHETIC_FOLDER
from relief.policies.life import approve_policy, copy_policy, policies_folder
from relief.policies.store import add_from_cmr_options
from relief.publishing import Release, publish
from relief.validation.gate import validate
from tests.python.support.warehouse import CMR, quiet

# Identifiers as a shifted row, a formula or HTML might put them where a courthouse or a statute belongs.
DELIVERED = "=<b>QXZETIENNE,ASHTON M</b> DOB 19800101 CII A87589914"
TYPED = "qxzaghdas_armen_a41567890"
SIGNS = ("qxz", "a87589914", "a41567890")
AS_OF = date(2023, 7, 11)
SOURCES = {
    "SYNTHETIC_ca_doj.csv": "ca_doj",
    "SYNTHETIC_la_court_cases.csv": "la_court",
    "SYNTHETIC_la_court_counts.csv": "la_court",
    "SYNTHETIC_la_court_sentences.csv": "la_court",
    "SYNTHETIC_relief_events.csv": "relief_events",
    "SYNTHETIC_review_decisions.csv": "review_decisions",
}
COURTHOUSES = 15
"""Cases of the second wave whose courthouse is the planted text."""


def shifted_home(ran: Home, folder: Path) -> tuple[Home, Release]:
    """A copy of the data folder `ran` with the planted deliveries and policies, built and published."""
    home = Home(folder / "home")
    shutil.copytree(ran.path, home.path)
    for name, source in SOURCES.items():
        file = folder / name
        _write(next((ran.path / SYNTHETIC_FOLDER).rglob(name)), file)
        land(home, source, [file], AS_OF, None, quiet)
    add_from_cmr_options(home, TYPED, CMR / "configurable/eligibility_options.json")
    copy_policy(home, "la_pilot_2019", TYPED + "_2", None)
    document = policies_folder(home) / f"{TYPED}_2.yml"
    text = document.read_text(encoding="utf-8")
    document.write_text(_renamed(text), encoding="utf-8")
    approve_policy(home, TYPED + "_2", "Qxz Attorney", None)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    validate(home, "published", quiet)
    return home, publish(home, None, quiet)


def _renamed(text: str) -> str:
    """A policy whose title and reasons contain the typed text, and which is not marked as a copy of another policy."""
    typed = re.sub(r"^( *)(title|reason): .*$", rf"\1\2: {TYPED} \2", text, flags=re.MULTILINE)
    return re.sub(r"^copied_from: .*$", "copied_from: ''", typed, flags=re.MULTILINE)


def _write(extract: Path, file: Path) -> None:
    with extract.open(newline="", encoding="utf-8") as read:
        columns, *rows = csv.reader(read)
    with file.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows([columns, *_planted(columns, rows)])


def _planted(columns: list[str], rows: list[list[str]]) -> Iterator[list[str]]:
    """Plant the text once in each column but the label, each time in a row that is otherwise valid."""
    for place in range(1, len(columns)):
        yield _with_plant(rows[place * len(rows) // len(columns)], place)
    if "courthouse_name" in columns:
        # In the court's file, the records of the second wave are the last ones.
        place = columns.index("courthouse_name")
        yield from (_with_plant(row, place) for row in rows[:: len(rows) // COURTHOUSES])


def _with_plant(row: list[str], place: int) -> list[str]:
    return [*row[:place], DELIVERED, *row[place + 1 :]]
