"""Disqualifying offenses are found in every spelling in which a cannabis section is found, and nothing else is."""

import csv
from pathlib import Path

import duckdb
import pytest

from relief.home import PROJECT_DIR
from tests.python.records.charge_corpus import Charge
from tests.python.records.test_charge_corpus import model, read_charges

FIXTURES = ("hard_records/SYNTHETIC_charge_texts.csv", "charge_strings/SYNTHETIC_spellings.csv")
# Sections of the statutory lists, then the ways in which agencies write a section of the Penal Code.
PRIORS = (
    "288(A)", "288(A)(1)", "269", "269(A)(1)", "187", "187(A)", "664/187", "243.4(E)(1)", "647.6(A)", "653F(B)", "266C",
    "288A(B)(1)", "311.11(A)", "209(B)(1)", "236.1(C)(1)", "314.1", "273AB", "286(C)(1)",
)  # fmt: skip
HANDS = (
    "{n}PC", "PC {n}", "PC{n}", "P.C. {n}", "{n} P.C.", "PC{n}-LEWD", "P.C. {n}-LEWD", "{n} PENAL CODE",
    "PENAL CODE {n}", "{n}-PC", "PC § {n}", "{n} pc", "CT 1: {n} PC", "F {n} PC", "{n} PC (F)", "{n}, PC",
    "PC-{n}", "{n} PC WITH FORCE",
    "{n} CPC", "{n} PC COUNT 2", "{n} PC;",
    "{n} P C", "{n} P/C", "P C {n}", "P/C {n}", "{n}P/C", "({n}) P C", "{n} (P/C)", "{n} P C-LEWD", "{n}/P C",
    "{n} P/C COUNT 2", "PEN CODE {n}", "PEN. CODE {n}", "{n} PEN CODE", "{n} PEN. CODE", "PEN {n}", "{n} PEN",
)  # fmt: skip
# Texts in which a simple pattern would find a listed section by mistake.
OTHERS = (
    "537 PC", "1205 PC", "1191 PC", "2900.5 PC", "288(A) HS", "245(A)(1) PC", "647(F) PC", "186.22(B)(4) PC", "1288 PC",
    "28.8 PC", "187 VC", "470(A) PC",
)  # fmt: skip


def matches(texts: list[str], folder: Path) -> dict[str, set[tuple[str, bool]]]:
    """The statutory lists that each text matches, and whether each match is certain."""
    with read_charges([Charge(text, "prior") for text in texts], folder) as connection:
        connection.execute(
            "create table offense_list_entries as select * from read_csv(?, all_varchar = true)",
            [str(PROJECT_DIR / "seeds" / "law" / "offense_list_entries.csv")],
        )
        found = connection.execute(
            f"select charge_text, list_id, is_certain from ({model('int_charges__list_matches')}) "
            "where list_id like 'statutory%'"
        ).fetchall()
    lists: dict[str, set[tuple[str, bool]]] = {text: set() for text in texts}
    for text, list_id, is_certain in found:
        lists[text].add((list_id, is_certain))
    return lists


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, bool]]]:
    hands = [hand.format(n=prior) for prior in PRIORS for hand in ("{n} PC", *HANDS)]
    return matches(
        [*hands, *OTHERS, "288(A)", "288A PC", "245 PC", "187A PC", "266I(A)(3) PC"], tmp_path_factory.mktemp("lists")
    )


@pytest.mark.parametrize("prior", PRIORS)
def test_a_listed_section_is_found_in_every_spelling(found: dict[str, set[tuple[str, bool]]], prior: str) -> None:
    lists = found[f"{prior} PC"]
    assert lists
    assert all(is_certain for _, is_certain in lists)
    assert {hand: found[hand.format(n=prior)] for hand in HANDS} == dict.fromkeys(HANDS, lists)


def test_a_letter_written_onto_the_code_is_the_sections(tmp_path: Path) -> None:
    """187_APC is 187(a) PC, whatever sign or blank is before the letter."""
    hands = ("{n}_APC", "{n}-APC", "{n}.APC", "{n} APC", "{n}/APC", "{n},APC", "{n}_A PC", "{n}_AP C")
    said = {hand.format(n=prior): f"{prior}(A) PC" for prior in ("187", "288", "269") for hand in hands}
    said |= {"245_D3PC": "245(D)(3) PC", "653_F(B) PC": "653F(B) PC"}
    lists = matches([*said, *said.values()], tmp_path)
    assert {text: lists[text] for text in said} == {text: lists[plain] for text, plain in said.items()}
    assert all(lists[plain] for plain in said.values())


def test_every_code_of_the_vocabulary_is_read_with_its_letters_apart(tmp_path: Path) -> None:
    """`P C` and `P/C` are read like `H S` and `H/S`, for every code of two letters, before and after the number."""
    with (PROJECT_DIR / "seeds/codes/charge_words.csv").open(newline="", encoding="utf-8") as file:
        codes = {row["item"] for row in csv.DictReader(file) if row["kind"] == "code"}
    assert len(codes) >= 20
    texts = {
        hand.format(n=number, c=sign.join(code.upper())): code
        for code in codes
        for number in ("602", "25662(A)")
        for sign in (" ", "/", ".")
        for hand in ("{n} {c}", "{c} {n}", "{n}{c}", "{n} ({c})", "{n} {c}-LEWD")
    }
    with read_charges([Charge(text, "any") for text in texts], tmp_path) as connection:
        found = connection.execute("select charge_text, any_value(code) from int_charges__citations group by all")
        assert dict(found.fetchall()) == texts


def test_letters_apart_that_are_words_are_no_code(tmp_path: Path) -> None:
    texts = ("11359 HS W/I TO SELL", "11359 W/I TO SELL", "640.7 PC-VANDALISM W/I 100 FT")
    with read_charges([Charge(text, "any") for text in texts], tmp_path) as connection:
        assert connection.execute("select charge_text from int_charges__citations where code = 'wi'").fetchall() == []


@pytest.mark.parametrize("text", OTHERS)
def test_another_section_is_on_no_list(found: dict[str, set[tuple[str, bool]]], text: str) -> None:
    assert found[text] == set()


def test_what_may_be_another_offense_is_not_certain(found: dict[str, set[tuple[str, bool]]]) -> None:
    """A match is not certain without a code, or without the subdivision that the list names."""
    assert found["288(A)"] == {("statutory_pc290", False), ("statutory_super_strike", False)}
    assert found["245 PC"] == {("statutory_super_strike", False)}


def test_a_letter_without_parentheses_keeps_both_readings(found: dict[str, set[tuple[str, bool]]]) -> None:
    """288A is 288(a), which disqualifies, or the former 288a, which does so only on facts outside the record.

    187A is 187(a) only.
    """
    assert found["288A PC"] == {
        ("statutory_pc290", False), ("statutory_pc290_by_facts", True),
        ("statutory_super_strike", False), ("statutory_super_strike_by_facts", True),
    }  # fmt: skip
    assert found["187A PC"] == {("statutory_super_strike_or_attempt", True)}


def test_no_letter_follows_a_letter(found: dict[str, set[tuple[str, bool]]]) -> None:
    """288A(B)(1) is the former 288a(b)(1) and never 288(a); 266I(A) is 266i(a), which PC 290(c) does not list."""
    assert found["288A(B)(1) PC"] == {("statutory_pc290_by_facts", True)}
    assert found["266I(A)(3) PC"] == set()


@pytest.mark.parametrize("fixture", FIXTURES)
def test_texts_of_many_hands(tmp_path: Path, fixture: str) -> None:
    """Section, letter and form of texts that were misread elsewhere, and of texts by agencies, courts and typists."""
    with (PROJECT_DIR / "tests/fixtures" / fixture).open(newline="", encoding="utf-8") as file:
        expected = {
            row["charge_text"]: (row["section"], row["subdivision"], row["form"]) for row in csv.DictReader(file)
        }
    with read_charges([Charge(text, form) for text, (_, _, form) in expected.items()], tmp_path) as connection:
        assert _read(connection) == expected


def _read(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str, str]]:
    """How the reader's two views read each text, in the words of the fixture."""
    rows = connection.execute(
        """
        select
            charge_text,
            coalesce(case when read.names = 'near_miss' then read.nearest_number else named.section end, ''),
            coalesce(case when read.names = 'near_miss' then read.nearest_letter else named.subdivision end, ''),
            case
                when read.names in ('near_miss', 'two_sections') then read.names
                when read.is_attempt then 'attempt'
                when read.is_conspiracy then 'conspiracy'
                when read.is_accessory then 'accessory'
                when read.is_solicitation then 'solicitation'
                when read.names in ('two_subdivisions', 'not_understood') then read.names
                when read.is_prop_64_predecessor then 'predecessor'
                when read.is_prop_64 then 'completed'
                when read.is_look_alike then 'look_alike'
                else 'other_offense'
            end as form
        from int_charges__read as read
        inner join int_charges__named as named using (charge_text)
        """
    ).fetchall()
    unsectioned = ("two_sections", "look_alike", "other_offense")
    return {
        text: ("", "", form) if form in unsectioned else (section, letter, form) for text, section, letter, form in rows
    }
