"""A disposition of several parts is read as its parts mean; with unknown words it never counts as convicted or not."""

import csv
import gzip
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import duckdb
import pytest

from relief.home import PROJECT_DIR
from relief.sql_text import load_macros, macro_texts, sql_environment
from relief.validation.suites import load_suite
from synthetic.doj_texts import UNDISPOSED_TEXTS
from synthetic.sentences import FELONY_TEMPLATES, MISDEMEANOR_TEMPLATES

FIXTURES = PROJECT_DIR / "tests/fixtures"
BREAKS = ("-", " - ", "/", "; ", " ", " (")
SENTENCES = (
    "",
    "PROB",
    "JAIL",
    "PROB/JAIL",
    "PROB/JAIL/FINE",
    "PRISON",
    "JAIL 90 DAYS",
    "3 YRS PROBATION",
    "CYA",
    "FINE",
)
TRIALS = ("", "BY JURY", "COURT TRIAL", "Jury Trial", "CT TRIAL")
CONVICTS = (
    "CONVICTED",
    "PLEA OF NOLO",
    "GUILTY",
    "FOUND GUILTY",
    "PLED NOLO CONTENDERE",
    "PLEAD GUILTY/NOLO",
    "Pled Guilty",
    "NO CONTEST",
    "PLEA OF GUILTY",
    "NOLO CONTENDERE",
)
ENDS = (
    "VACATED",
    "REVERSED",
    "CONVICTION VACATED",
    "CONV REVERSED",
    "JUDGMENT REVERSED",
    "SET ASIDE ON APPEAL",
    "DISMISSED - VACATED",
    "REVERSED-DISMISSED",
)
GROUNDS = ("", "PER 1473.7 PC", "PURSUANT TO P.C. 1473.7", "ON APPEAL", "BY COURT OF APPEAL")
UNSURE = ("SET ASIDE", "SET ASIDE/DISMISSED", "CONV SET ASIDE", "PLEA WITHDRAWN", "CONVICTION SET ASIDE & DISMISSED")
ASIDE = (
    "DISM",
    "DISMISSED",
    "SET ASIDE",
    "CONV SET ASIDE & DISM",
    "PLEA WITHDRAWN - DISMISSED",
    "Conviction set aside,",
)
SECTIONS_1203 = (
    "1203.4",
    "PER 1203.4 PC",
    "PC 1203.4",
    "P.C. 1203.4(A)",
    "PURSUANT TO PC 1203.4A",
    "PER 1203.4PC",
    "UNDER PENAL CODE SECTION 1203.4",
)
REDUCES = ("REDUCED TO MISDEMEANOR", "REDUCED TO MISD", "REDUCED TO A MISDEMEANOR", "FELONY REDUCED TO MISDEMEANOR")
SECTIONS_17 = ("", "PER 17(B) PC", "PC 17(B)", "P.C. 17B", "PURSUANT TO PC 17(b)(3)", "PURS 17(B)")
REVOKES = ("PROB REV", "PROBATION REVOKED", "PROB REVOKED", "PAROLE REVOKED", "Probation Revoked and Reinstated")
NOTHING_CAME = (
    "DISMISSED",
    "DISMISSED, PLEA TO OTHER COUNT",
    "DEFERRED ENTRY JUDGMENT",
    "ACQUITTED",
    "NOT GUILTY",
    "FOUND NOT GUILTY",
    "NOT GUILTY BY REASON OF INSANITY",
    "DIVERSION",
    "DEJ GRANTED PC 1000",
    "DIVERSION PC 1000",
    "NOLLE PROSEQUI",
    "DISMISSED/CHARGE DROPPED",
)
WHY = (
    "",
    "FURTHERANCE OF JUSTICE",
    "IN THE INTEREST OF JUSTICE",
    "INSUFFICIENT EVIDENCE",
    "PER 1385 PC",
    "ON PEOPLE'S MOTION",
)
NOT_KNOWN = (
    "LESSER CHARGE",
    "SENTENCED",
    "BAIL FORFEITURE",
    "TRANSFERRED OUT",
    "XYZZY",
    "IN PART",
    "NOT",
    "NO",
    "DOE JOHN",
)
ALONE = (
    "CONV",
    "SENTENCED",
    "BAIL FORFEITURE",
    "TRANSFERRED OUT",
    "LESSER CHARGE",
    "PLED NOT GUILTY",
    "NOT FOUND GUILTY",
    "NO CONVICTION",
    "SENTENCE VACATED",
    "///",
    "1",
)


def texts(*parts: Iterable[str]) -> Iterator[str]:
    """Every text with one item of each part, joined in every way; an empty part is left out."""
    for chosen, joint in product(product(*parts), BREAKS):
        yield joint.join(part for part in chosen if part) + (")" if joint == " (" else "")


def composed() -> dict[str, set[str]]:
    """Texts, each with the types that are correct readings of it."""
    expected: dict[str, set[str]] = {}
    for types, written in (
        ("convicted", texts(CONVICTS, TRIALS, SENTENCES)),
        ("convicted", texts(("CONVICTION",), TRIALS, SENTENCES)),
        ("convicted", texts(CONVICTS, ASIDE, SECTIONS_1203)),
        # GUILTY - PLEA WITHDRAWN, 1203.4: the plea was guilty, and the conviction remains whichever way this is read.
        ("convicted", texts(("GUILTY", "CONVICTION"), ASIDE, SECTIONS_1203)),
        ("relief", texts(("GUILTY", "CONVICTION"), ASIDE, SECTIONS_1203)),
        ("convicted", texts(CONVICTS, REDUCES, SECTIONS_17)),
        ("ended", texts(ENDS, GROUNDS)),
        ("relief", texts(ASIDE, SECTIONS_1203)),
        ("modified", texts(REDUCES, SECTIONS_17)),
        ("modified", texts(REVOKES, SENTENCES)),
        ("no_conviction", texts(NOTHING_CAME, WHY)),
        ("nothing", texts(("MOTION", "PETITION"), SECTIONS_1203, ("DENIED",))),
        ("unclear", texts(CONVICTS, ENDS)),
        ("unclear", texts(CONVICTS, ("THEN", ""), UNSURE)),
        ("unclear", texts(UNSURE)),
        ("unclear", texts(("FINE", "PROBATION", "JAIL"), ENDS[:2])),
        ("unknown", texts(CONVICTS, NOT_KNOWN[:-3], SENTENCES[:4])),
        ("unknown", texts((*ENDS, *NOTHING_CAME, *REDUCES), NOT_KNOWN)),
        ("unknown", ALONE),
    ):
        for text in written:
            expected.setdefault(text.upper(), set()).add(types)
    return expected


def fixture_rows() -> Iterator[tuple[str, str]]:
    """(step type, disposition) of every row in the older tool's own fixtures."""
    for path in sorted((FIXTURES / "clear_my_record").glob("*/input*.csv*")):
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(newline="", encoding="utf-8") as file:
            for cells in csv.reader(file):
                if len(cells) > 80 and cells[2] != "SUBJECT_ID":
                    yield cells[42].strip().upper(), cells[80].strip().upper()


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute(
        "create table disposition_words as select * from read_csv(?, all_varchar = true)",
        [str(PROJECT_DIR / "seeds/codes/disposition_words.csv")],
    )
    found.execute("create table stg_la_court__counts (disposition_type varchar)")
    return found


def read(connection: duckdb.DuckDBPyConnection, written: Iterable[str], folder: Path) -> dict[str, tuple[str, int]]:
    """How the model reads each text: its type, and the number of words that it does not know."""
    file = folder / "texts.txt"
    file.write_text("\x1e".join(written), encoding="utf-8")
    connection.execute(
        "create or replace table stg_ca_doj__criminal_history_rows as "
        "select unnest(string_split(content, chr(30))) as disposition_text from read_text(?)",
        [str(file)],
    )
    environment = sql_environment()
    load_macros(environment, macro_texts())
    model = (PROJECT_DIR / "models/intermediate/dispositions/int_dispositions__read.sql").read_text(encoding="utf-8")
    rows = connection.execute(environment.from_string(model).render(ref=lambda name: name))
    names = [column[0] for column in rows.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return {row["disposition_text"]: (row["disposition_type"], row["unknown_words"]) for row in found}


def test_composed_texts_are_read_as_their_parts_say(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    expected = composed()
    assert len(expected) >= 10_000
    found = read(connection, expected, tmp_path)
    wrong = {text: (types, found[text]) for text, types in expected.items() if found[text][0] not in types}
    assert wrong == {}


def test_the_words_of_the_fixtures_and_of_the_generator_are_known(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = set(fixture_rows())
    written = {text for _, text in rows} | {
        *UNDISPOSED_TEXTS.values(),
        *(text for text, _ in FELONY_TEMPLATES + MISDEMEANOR_TEMPLATES),
        "CONVICTED",
    }
    written |= {"SUSTAINED", "DISMISSED"}
    found = read(connection, written - {""}, tmp_path)
    assert {text for text, (_, unknown_words) in found.items() if unknown_words} == set()
    of_courts = {text for step, text in rows if step == "COURT ACTION" and text}
    assert {text: found[text] for text in of_courts if found[text][0] not in ("convicted", "no_conviction")} == {}


def test_the_step_types_and_levels_of_the_fixtures_are_known() -> None:
    with (PROJECT_DIR / "seeds/codes/record_words.csv").open(newline="", encoding="utf-8") as file:
        words = {(row["kind"], row["word"]) for row in csv.DictReader(file)}
    steps = {step.replace("/", " ") for step, _ in fixture_rows()} - {""}
    assert {step for step in steps if ("step_type", step) not in words} == set()
    assert {("level", "FELONY"), ("level", "MISDEMEANOR"), ("level", "INFRACTION")} <= words


def test_the_landed_gate_reads_words_as_the_build_does(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written = [text for text in composed() if text.strip(" -")]
    found = read(connection, written, tmp_path)
    check = next(check for check in load_suite("landed").checks if check.name == "Words of DOJ dispositions are known")
    connection.execute("create schema if not exists raw")
    connection.execute(
        "create or replace table raw.ca_doj as "
        "select disposition_text as disp_descr, 'COURT ACTION' as stp_type_descr from stg_ca_doj__criminal_history_rows"
    )
    known = connection.execute(f"select count(*), count(*) filter (where is_known) from ({check.query})").fetchone()
    # A text of punctuation alone has no unknown word for the gate, and is no disposition for the build.
    wordless = sum(not any(letter.isalnum() for letter in text) for text in written)
    assert known == (len(written), sum(not unknown_words for _, unknown_words in found.values()) + wordless)
