"""Charge texts built from their meaning, with an independent answer for what each text means on a given date.

It is written from the law alone. Each text is made from a section, its subdivision and a way of writing them, so that
its meaning is known before any pattern reads it.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

RELIEF_SECTIONS = ("11357", "11358", "11359", "11360", "11530", "11530.1", "11530.5", "11531")
PROPOSITION_64 = date(2016, 11, 9)
NUMBERING = date(1973, 1, 1)
# Meaning of each section and letter in a period: section, letter, paragraph, first day, last day, levels.
FOREVER, NEVER_BEFORE = date.max, date.min
LAST_OLD_DAY = date(2016, 11, 8)
SB_95, SB_1449 = date(1976, 1, 1), date(2011, 1, 1)


class Charge(NamedTuple):
    """A charge text and its meaning; any kind other than `one` means that it does not name one completed offense."""

    text: str
    kind: str
    section: str | None = None
    letter: str | None = None
    paragraph: str | None = None


class Meaning(NamedTuple):
    section: str
    letter: str | None
    paragraph: str | None
    first: date
    last: date
    levels: str


OLD = [
    Meaning("11357", None, None, NUMBERING, date(1975, 12, 31), "M;F"),
    Meaning("11357", "A", None, SB_95, LAST_OLD_DAY, "M;F"),
    Meaning("11357", "B", None, SB_95, date(2010, 12, 31), "M"),
    Meaning("11357", "B", None, SB_1449, LAST_OLD_DAY, "I"),
    Meaning("11357", "C", None, SB_95, LAST_OLD_DAY, "M"),
    Meaning("11357", "D", None, SB_95, LAST_OLD_DAY, "M"),
    Meaning("11357", "E", None, SB_95, LAST_OLD_DAY, "M"),
    Meaning("11358", None, None, NUMBERING, LAST_OLD_DAY, "F"),
    Meaning("11359", None, None, NUMBERING, LAST_OLD_DAY, "F"),
    Meaning("11360", None, None, NUMBERING, date(1975, 12, 31), "F"),
    Meaning("11360", "A", None, date(1973, 10, 1), LAST_OLD_DAY, "F"),
    Meaning("11360", "B", None, SB_95, LAST_OLD_DAY, "M"),
    *(Meaning(s, None, None, NEVER_BEFORE, date(1972, 12, 31), "F") for s in ("11530", "11530.1", "11530.5", "11531")),
]
NEW = [
    Meaning("11357", "A", None, PROPOSITION_64, FOREVER, "I"),
    Meaning("11357", "B", None, PROPOSITION_64, FOREVER, "I;M"),
    Meaning("11357", "B", "1", PROPOSITION_64, FOREVER, "I"),
    Meaning("11357", "B", "2", PROPOSITION_64, FOREVER, "M"),
    Meaning("11357", "C", None, PROPOSITION_64, FOREVER, "M"),
    Meaning("11357", "D", None, PROPOSITION_64, FOREVER, "I"),
    *(Meaning("11358", s, None, PROPOSITION_64, FOREVER, level) for s, level in zip("ABCD", "IIMF", strict=True)),
    *(Meaning("11359", s, None, PROPOSITION_64, FOREVER, level) for s, level in zip("ABCD", "IMFF", strict=True)),
    Meaning("11360", "A", None, PROPOSITION_64, FOREVER, "I;M;F"),
    *(Meaning("11360", "A", s, PROPOSITION_64, FOREVER, level) for s, level in zip("123", "IMF", strict=True)),
    Meaning("11360", "B", None, PROPOSITION_64, FOREVER, "I"),
]
MEANINGS = [*OLD, *NEW]
# The first and last day of every period, the days beside them, and some days in the middle of a period.
DAYS = (
    date(1960, 1, 1), date(1972, 12, 31), NUMBERING, date(1973, 9, 30), date(1973, 10, 1), date(1975, 12, 31), SB_95,
    date(2010, 12, 31), SB_1449, LAST_OLD_DAY, PROPOSITION_64, date(2024, 2, 29), None,
)  # fmt: skip


def levels_on(charge: Charge, day: date | None) -> str | None:
    """Levels of the charge on a day, or None if two meanings or no meaning remain."""
    if charge.kind not in ("one", "attempt", "conspiracy", "accessory", "solicitation"):
        return None
    said = [
        meaning
        for meaning in MEANINGS
        if meaning.section == charge.section
        and (day is None or meaning.first <= day <= meaning.last)
        and (meaning.paragraph is None if charge.letter is None else meaning.letter == charge.letter)
    ]
    numbered = {meaning.paragraph for meaning in MEANINGS
                if (meaning.section, meaning.letter) == (charge.section, charge.letter)}  # fmt: skip
    paragraph = charge.paragraph if charge.paragraph in numbered else None
    if charge.letter is not None:
        said = [meaning for meaning in said if meaning.paragraph == paragraph]
    return said[0].levels if len(said) == 1 else None


# Ways of writing a charge ---------------------------------------------------------------------------------------------
SUBDIVISIONS: dict[str, tuple[tuple[str | None, str | None], ...]] = {
    "11357": ((None, None), ("A", None), ("B", None), ("C", None), ("D", None), ("E", None), ("B", "1"), ("B", "2")),
    "11358": ((None, None), ("A", None), ("B", None), ("C", None), ("D", None), ("D", "2")),
    "11359": ((None, None), ("A", None), ("B", None), ("C", None), ("D", None), ("C", "1")),
    "11360": ((None, None), ("A", None), ("B", None), ("A", "1"), ("A", "2"), ("A", "3")),
    **{section: ((None, None),) for section in ("11530", "11530.1", "11530.5", "11531")},
}
CODES_BEHIND = (
    "", "HS", " HS", " H&S", "H&S", " H & S", " H S", " H/S", " H.S.", " HEALTH & SAFETY", " HEALTH AND SAFETY CODE",
    " (HS)", " HSC", " H&SC", " CA HS", ", HS", " HS.", " HS/M", " HS/F", " H&S-M", " HS (M)", " HS-F", ".HS", "(HS)",
    " HEALTH&SAFETY",
)  # fmt: skip
CODES_BEFORE = (
    "HS ", "HS", "H&S ", "H & S ", "HEALTH & SAFETY ", "H S ", "H/S ", "HS-", "CA HS ", "HS: ", "HSC ", "H&S CODE ",
    "HS SEC ", "SEC ", "SECTION ", "VIOL ", "VIO HS ", "M-", "F-", "(M) ", "(F) ", "M ", "F ", "CT 1: ", "CNT 01 ",
    "1) ", "COUNT 1 ", "01 ", "HS/", "STATE HS ", "H.S. ", "*", "CT 1 - ", "CT1-", "1-",
)  # fmt: skip
WORDS_BEHIND = (
    ": POSSESS MARIJUANA LESS 1 OZ", " POSS FOR SALE", " POSSESSION OF MARIJUANA < 28.5 GRAMS", "-POSSESS MARIJUANA",
    " - SELL/TRANSPORT", "/M", " /F", " POSS MARIJ OVER 28.5G", " POSS OVER 1 OZ", " (POSS MARIJUANA)", ",", ".", ";",
    " CT 2", " COUNT 2", " X2", " 2 CTS", " W/PRIORS", " WITH PRIOR", "*", "**", " F", " M", " I", " FEL", " MISD",
    " A MISDEMEANOR", " BIG BAG", " CULTIVATE", " DRUGS", " EMPLOY MINOR", " ADULT", " POSS 6 PLANTS",
    " 8 GRAMS CONCENTRATE", ":SALE", " [MISDEMEANOR]", " >28.5G", " SEE 2010 CASE", " POSS <1OZ", "\tPOSS",
    " POSSESS 28.5 GRAMS OR LESS OF MARIJUANA**", " BOOKED 1201 HRS",
)  # fmt: skip


def subdivisions(section: str, letter: str | None, paragraph: str | None) -> Iterator[str]:
    """The section with its subdivision, in every way of writing the two."""
    if letter is None:
        yield section
        return
    if paragraph is None:
        for shape in ("{s}({a})", "{s}{a}", "{s} ({a})", "{s} {a}", "{s}-{a}", "{s}.{a}", "{s} ( {a} )", "{s}-({a})",
                      "{s}({a}", "{s}/{a}", "{s}  ({a})", "{s}[{a}]", "{s} SUB {a}", "{s},({a})", "{s}.({a})",
                      "{s} SUBD ({a})", "{s}_{a}"):  # fmt: skip
            yield shape.format(s=section, a=letter)
        return
    for shape in ("{s}({a})({n})", "{s}{a}{n}", "{s}({a}){n}", "{s} ({a}) ({n})", "{s}({a}{n})", "{s} {a}{n}",
                  "{s}({a})-{n}", "{s}.{a}.{n}", "{s} {a} {n}", "{s}({a}).{n}", "{s}{a}({n})"):  # fmt: skip
        yield shape.format(s=section, a=letter, n=paragraph)


def single_charges() -> Iterator[Charge]:
    """Every section and subdivision in every way of writing them."""
    for section, letters in SUBDIVISIONS.items():
        for letter, paragraph in letters:
            said = (section, letter, paragraph)
            for written in subdivisions(*said):
                for code in CODES_BEHIND:
                    yield Charge(f"{written}{code}", "one", *said)
                for code in CODES_BEFORE:
                    yield Charge(f"{code}{written}", "one", *said)
                for words in WORDS_BEHIND:
                    for code in ("HS", " HS", " H&S", ""):
                        yield Charge(f"{written}{code}{words}", "one", *said)
                    yield Charge(f"HS {written}{words}", "one", *said)


def attempts_and_conspiracies() -> Iterator[Charge]:
    for section, letters in SUBDIVISIONS.items():
        for letter, paragraph in letters:
            if paragraph is not None:
                continue
            written = section if letter is None else f"{section}({letter})"
            for text in ("664/{w} HS", "664-{w} HS", "664/{w}", "664 PC/{w} HS", "PC 664/{w} HS", "664(A)/{w} HS",
                         "664 {w} HS", "664/{w} H&S", "664 PC - {w} HS", "664.{w} HS", "{w} HS/664 PC",
                         "664(A) PC/HS {w}", "PC664/HS{w}", "ATT 664 PC {w} HS", "664/{w} PC"):  # fmt: skip
                yield Charge(text.format(w=written), "attempt", section, letter)
            for text in ("182/{w} HS", "182(A)(1)/{w} PC", "182 PC/{w} HS", "182(A)(1) PC-{w} HS", "182-{w} HS",
                         "PC 182(A)(1)/{w} HS", "{w} HS/182 PC", "182(A)(1) PC {w} HS", "182.{w} HS"):  # fmt: skip
                yield Charge(text.format(w=written), "conspiracy", section, letter)


def other_forms() -> Iterator[Charge]:
    """Accessories and solicitations, which are not completed offenses, and enhancements, which change no offense."""
    for section, letters in SUBDIVISIONS.items():
        for letter, paragraph in letters:
            if paragraph is not None:
                continue
            written = section if letter is None else f"{section}({letter})"
            for text in ("32 PC/{w} HS", "PC 32/{w} HS", "32/{w} PC", "32/{w} HS", "{w} HS/32 PC", "32 PC {w} HS",
                         "32.{w} HS", "ACCESSORY {w} HS", "ACCESSORY TO {w} HS", "ACCESSORY AFTER THE FACT {w} HS",
                         "ACCESSORY AFTER THE FACT, HS {w}", "{w} HS-ACCESSORY", "{w} HS (ACCESSORY)"):  # fmt: skip
                yield Charge(text.format(w=written), "accessory", section, letter)
            for text in ("653F(D) PC/{w} HS", "653F PC/{w} HS", "PC 653F(D)/{w} HS", "{w} HS/653F(D) PC", "653F/{w} PC",
                         "SOLICIT {w} HS", "SOLICITATION OF {w} HS", "SOLICITING {w} H&S", "{w} HS-SOLICITATION",
                         "{w} HS (SOLICIT)"):  # fmt: skip
                yield Charge(text.format(w=written), "solicitation", section, letter)
            for text in ("{w} HS/12022(A)(1) PC", "{w} HS WITH 12022.1 PC", "{w} HS/186.22(B)(1) PC",
                         "{w} HS, 186.22 PC", "{w} HS; 11370.2(A) HS", "{w} HS/11370.4 HS", "{w} HS/667.5(B) PC",
                         "{w} HS & 1170.12 PC", "HS {w}/PC 12022"):  # fmt: skip
                yield Charge(text.format(w=written), "one", section, letter)


def words_of_another_form() -> Iterator[Charge]:
    """Words that may mean another form of the offense, before and after the section."""
    for section, letters in SUBDIVISIONS.items():
        for letter, paragraph in letters:
            if paragraph is not None:
                continue
            written = section if letter is None else f"{section}({letter})"
            for text in ("AFTER THE FACT {w} HS", "INDUCE {w} HS", "IN LIEU OF {w} HS", "INTENT {w} HS", "PRIOR {w} HS",
                         "RE {w} HS", "NO {w} HS", "RE: HS {w}", "COMMIT {w} HS", "AIDING {w} HS", "{w} HS AIDING",
                         "{w} HS-ABETTING", "{w} HS (ACC)", "{w} HS PRIOR", "{w} HS, LESSER", "{w} HS/INDUCING",
                         "{w} HS-AFTER THE FACT"):  # fmt: skip
                yield Charge(text.format(w=written), "unclear", section, letter)


def two_offenses() -> Iterator[Charge]:
    firsts = ("11357(B)", "11357", "11358", "11359", "11360(A)")
    others = ("148 PC", "11377(A) HS", "11550 HS", "11357(C) HS", "11358 HS", "11359 HS", "11360(A) HS", "25400 PC",
              "11378 HS", "23152(A) VC", "11364 HS", "11361(B) HS", "11357.5 HS")  # fmt: skip
    for first in firsts:
        for other in others:
            if other.split()[0] == first or other[:6] == first:
                continue
            for join in ("/", " / ", ", ", " & ", "; ", " AND ", "+", " HS/", " HS, ", " HS; ", " HS & ",
                         " HS AND ", " HS  "):  # fmt: skip
                yield Charge(f"{first}{join}{other}", "two")
                yield Charge(f"{other}{join.removeprefix(' HS')}{first} HS", "two")


def look_alikes() -> Iterator[Charge]:
    """Texts of other offenses, none of which may be read as a cannabis section with relief."""
    numbers = [
        "11357.5", "11357.1", "11357.51", "11358.5", "11359.5", "11359.1", "11360.5", "11360.1", "1135.7", "1135.8",
        "113.57", "111357", "911357", "113570", "113571", "113599", "113600", "1135", "1136", "1137", "11356",
        "11356.5", "11350", "11351", "11351.5", "11352", "11353", "11361", "11361(A)", "11361(B)", "11361.1", "11361.5",
        "11362", "11362.1", "11362.2", "11362.3", "11362.3(A)(1)", "11362.3A1", "11362.4(A)", "11362.5", "11362.77",
        "11362.765",
        "11363", "11364", "11364.7", "11366", "11375", "11377(A)", "11378", "11379", "11532", "11533", "11530.2",
        "11530.9", "11531.5", "11529", "115300", "115310", "211530", "11500", "11550", "11503", "13570", "1357",
        "11375(B)", "11537", "11587", "11595", "11630", "01135", "11357.5(A)", "11357.5A", "11357.5(B)", "1.1357",
        "2.11357", "11357.50", "4573.6", "34013", "34014(A)", "34015.1", "34016(B)", "23222(B)", "23222(B)(1)",
        "647(F)", "4143.5", "26038", "7.080.130",
    ]  # fmt: skip
    for number in numbers:
        for shape in ("{n}HS", "{n} HS", "{n} H&S", "HS {n}", "HS{n}", "{n}", "H&S {n}", "{n} HS POSS MARIJUANA",
                      "{n}-POSS MARIJ", "{n} HEALTH & SAFETY", "664/{n} HS", "182/{n} HS", "HS {n} POSS",
                      "{n} HS/M"):  # fmt: skip
            yield Charge(shape.format(n=number), "other")
    for section in ("11357", "11357(A)", "11357(B)", "11358", "11359", "11360", "11360(A)", "11530", "11531", "11357B",
                    "11357(B)(2)", "11360A3D", "11357 (B)", "11357-B", "11357.B"):  # fmt: skip
        for code in ("PC", "VC", "BP", "B&P", "WI", "W&I", "GC", "LC", "MC", "LAMC", "LBMC", "SMMC", "FG", "CC", "UI",
                     "PENAL CODE", "VEHICLE CODE", "CVC", "CPC", "P.C.", "V.C.", "B & P", "W & I", "PENAL", "BPC",
                     "WIC", "SFMC", "OMC", "LACC", "LACO", "MUNI CODE", "CCR", "USC", "FA", "IC", "P C",
                     "P/C", "V/C", "B/P", "B.P."):  # fmt: skip
            for shape in ("{n} {c}", "{n}{c}", "{c} {n}", "{c}{n}", "{n} {c} SPEEDING", "{n}({c})", "{c}-{n}",
                          "{n}-{c}", "{c}: {n}", "{n}, {c}", "{n}/{c}", "{c}/{n}", "({c}) {n}", "{n} {c}-VIOLATION",
                          "{n} {c}/M"):  # fmt: skip
                # After a hyphen, the reader cannot distinguish these codes from the first word of a description.
                if "-" in f"{shape}{section}" and code in ("CC", "UI", "USC", "FA", "IC"):
                    continue
                yield Charge(shape.format(n=section, c=code), "other")
    for text in ("LBMC 9.11357", "7.11360.010 MC", "9-11358",
                 "MC 11357-3", "ORD 11359", "12.11357.020", "11357 .5 HS", "$11357", "$11,357",
                 "11357.5.A HS"):  # fmt: skip
        yield Charge(text, "other")


def corpus() -> list[Charge]:
    """Every text once; every third also in lower case, and every fifth also with blanks around it."""
    written: dict[str, Charge] = {}
    forms = (*attempts_and_conspiracies(), *other_forms(), *words_of_another_form())
    for charge in (*look_alikes(), *two_offenses(), *forms, *single_charges()):
        written.setdefault(charge.text, charge)
    for number, charge in enumerate(list(written.values())):
        if number % 3 == 0:
            written.setdefault(charge.text.lower(), charge._replace(text=charge.text.lower()))
        if number % 5 == 0:
            written.setdefault(f"  {charge.text}  ", charge._replace(text=f"  {charge.text}  "))
    return list(written.values())
