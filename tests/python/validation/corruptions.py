"""What goes wrong with a file before it is delivered, as named changes to the rows of a clean SYNTHETIC file.

Each corruption names the check of the landed gate that must notice it when the file replaces the clean one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Row = dict[str, str]
Change = Callable[[list[Row]], list[Row]]


@dataclass(frozen=True)
class Corruption:
    """One way in which a table's file can be wrong, the check that notices it, and whether the check stops or warns."""

    name: str
    table: str
    change: Change
    check: str
    verdict: Literal["stop", "warn"] = "stop"


def each(change: Callable[[Row], Row]) -> Change:
    """Apply a change to every row."""
    return lambda rows: [change(row) for row in rows]


def filled(column: str, value: str, when: Callable[[Row], bool] = lambda _row: True) -> Change:
    """Give the column one value, in all rows or in those that meet `when`."""
    return each(lambda row: row | {column: value} if when(row) else row)


def swapped(one: str, other: str) -> Change:
    return each(lambda row: row | {one: row[other], other: row[one]})


def cut(column: str, length: int) -> Change:
    return each(lambda row: row | {column: row[column][:length]})


def moved(column: str, places: int = 7) -> Change:
    """Shift the column's values against the other columns, as if one of them had been sorted alone."""
    return lambda rows: [row | {column: rows[(i + places) % len(rows)][column]} for i, row in enumerate(rows)]


def shifted(years: int, *columns: str) -> Change:
    """Give every date another year."""

    def shift(text: str) -> str:
        return f"{int(text[:4]) + years:04d}{text[4:]}" if re.match(r"(19|20)[0-9]{2}", text) else text

    return each(lambda row: row | {column: shift(row[column]) for column in columns})


def day_first(*columns: str) -> Change:
    """Swap month and day: YYYYDDMM, or YYYY-DD-MM."""
    pattern = re.compile(r"^([0-9]{4})(-?)([0-9]{2})(-?)([0-9]{2})$")
    return each(lambda row: row | {column: pattern.sub(r"\1\2\5\4\3", row[column]) for column in columns})


def without(when: Callable[[Row], bool]) -> Change:
    return lambda rows: [row for row in rows if not when(row)]


def renamed(column: str, pattern: str, by: str) -> Change:
    return each(lambda row: row | {column: re.sub(pattern, by, row[column])})


def half(rows: list[Row]) -> list[Row]:
    return rows[: len(rows) // 2]


def every_second(column: str) -> Change:
    """Keep half of the people or cases, those with an even number, with all their rows."""
    return without(lambda row: row[column][-1:] in "13579")


def doubled(rows: list[Row]) -> list[Row]:
    return rows + rows


def third_again(rows: list[Row]) -> list[Row]:
    return rows + rows[: len(rows) // 3]


def numbered_anew(rows: list[Row], column: str) -> list[Row]:
    return [row | {column: f"1{i:07d}"} for i, row in enumerate(rows)]


def of_largest_court(column: str, change: Callable[[Row, bool], Row | None]) -> Change:
    """Change the rows of the court that has the most rows; None drops a row."""

    def apply(rows: list[Row]) -> list[Row]:
        names = [row[column] for row in rows]
        largest = max(sorted(set(names)), key=names.count)
        found = [change(row, row[column] == largest) for row in rows]
        return [row for row in found if row is not None]

    return apply


def is_conviction(row: Row) -> bool:
    return row["DISP_DESCR"].strip().upper().startswith("CONVICTED")


def is_court(row: Row) -> bool:
    return row["STP_TYPE_DESCR"].strip().upper() == "COURT ACTION"


DOJ, CASES, COUNTS, SENTENCES = "ca_doj", "la_court_cases", "la_court_counts", "la_court_sentences"
EVENTS, DECISIONS = "relief_events", "review_decisions"
BOUNDS, USUAL, BEFORE, NEARLY = (
    "within bounds",
    "as usual",
    "as in the last build",
    "nearly as in the last build",
)


def of(table: str, called: str) -> Callable[..., Corruption]:
    """Return a function that makes corruptions of the table; a check of these measures must notice them."""

    def make(name: str, change: Change, title: str, band: str = BOUNDS) -> Corruption:
        verdict: Literal["stop", "warn"] = "warn" if band in (USUAL, NEARLY) else "stop"
        return Corruption(name, table, change, f"{title} {band} ({called})", verdict)

    return make


def together(table: str, name: str, change: Change, title: str) -> Corruption:
    """A corruption that is visible only beside another file."""
    return Corruption(name, table, change, f"{title} {BOUNDS} (files together)")


doj, cases, counts = of(DOJ, "DOJ file"), of(CASES, "court cases"), of(COUNTS, "court counts")
sentences, events = of(SENTENCES, "court sentences"), of(EVENTS, "relief events")
decisions = of(DECISIONS, "attorneys' decisions")

CORRUPTIONS = [
    doj("the first half of the file", half, "Rows", BEFORE),
    together(
        DOJ,
        "every second person, as a first delivery",
        every_second("SUBJECT_ID"),
        "Convicted cannabis cases of the court with a conviction of the DOJ",
    ),
    doj(
        "the largest court is missing",
        of_largest_court("STP_ORI_DESCR", lambda row, is_largest: None if is_largest else row),
        "Rows",
        BEFORE,
    ),
    doj("one row in twenty is missing", lambda rows: [row for i, row in enumerate(rows) if i % 20], "Rows", NEARLY),
    doj("the file appended to itself", doubled, "Rows that repeat another row word for word"),
    doj("a third of the file appended again", third_again, "Rows that repeat another row word for word"),
    doj("another county's name", renamed("STP_ORI_CNTY_NAME", "^LOS ANGELES$", "ORANGE"), "Convictions of the county"),
    doj("the county written by its number", filled("STP_ORI_CNTY_NAME", "19"), "Convictions of the county"),
    doj("arrests only", without(is_court), "Court rows"),
    doj(
        "convictions only",
        without(lambda row: not is_conviction(row)),
        "Convictions among court rows with a disposition",
    ),
    doj("dispositions blank", filled("DISP_DESCR", ""), "Court rows with a disposition"),
    doj(
        "one disposition in four blank",
        lambda rows: [row | {"DISP_DESCR": ""} if i % 4 == 0 else row for i, row in enumerate(rows)],
        "Court rows with a disposition",
    ),
    doj(
        "all convicted", filled("DISP_DESCR", "CONVICTED", is_court), "Convictions among court rows with a disposition"
    ),
    doj(
        "half the convictions dismissed",
        lambda rows: [
            row | {"DISP_DESCR": "DISMISSED"} if i % 2 and is_conviction(row) else row for i, row in enumerate(rows)
        ],
        "Convictions among court rows with a disposition",
        BEFORE,
    ),
    doj("levels blank", filled("CONV_STAT_DESCR", ""), "Convictions with a level"),
    doj("all felonies", filled("CONV_STAT_DESCR", "FELONY"), "Felonies among convictions with a level"),
    doj("levels of the charge blank", filled("OFFENSE_TOC", ""), "Charges with a level"),
    doj("sexes blank", filled("GENDER", ""), "Rows with a sex"),
    doj("all men", filled("GENDER", "M"), "Men among rows with a sex"),
    doj("sex and race exchanged", swapped("GENDER", "RACE_DESCR"), "Sexes of the code list"),
    doj("races blank", filled("RACE_DESCR", ""), "Rows with a race"),
    doj("one race for all", filled("RACE_DESCR", "WHITE"), "Rows of the commonest race"),
    doj("birth dates blank", filled("PRI_DOB", ""), "Rows with a birth date"),
    doj("births in the year 2090", renamed("PRI_DOB", "^[0-9]{4}", "2090"), "Convictions before birth"),
    doj("births of one decade in the next century", renamed("PRI_DOB", "^196", "206"), "Convictions before birth"),
    doj("births a century early", shifted(-100, "PRI_DOB"), "Convictions at an age outside ten to a hundred"),
    doj("births ten years early", shifted(-10, "PRI_DOB"), "Median age at conviction", BEFORE),
    doj("births and convictions exchanged", swapped("PRI_DOB", "STP_EVENT_DATE"), "Convictions before birth"),
    doj(
        "all dates a century late",
        shifted(100, "PRI_DOB", "STP_EVENT_DATE", "CYC_DATE", "DISP_DATE"),
        "Convictions after the as-of date",
    ),
    doj(
        "all dates a century early",
        shifted(-100, "PRI_DOB", "STP_EVENT_DATE", "CYC_DATE", "DISP_DATE"),
        "Convictions before 1950",
    ),
    doj("all dates three years early", shifted(-3, "PRI_DOB", "STP_EVENT_DATE"), "Median year of conviction", BEFORE),
    doj("day and month exchanged", day_first("STP_EVENT_DATE"), "Convictions with a date"),
    doj(
        "one day for all convictions",
        filled("STP_EVENT_DATE", "20000101", is_conviction),
        "Convictions on the commonest day",
    ),
    doj(
        "days cut to the first of the month",
        renamed("STP_EVENT_DATE", "[0-9]{2}$", "01"),
        "Convictions on the first of a month",
    ),
    doj("subject numbers cut", cut("SUBJECT_ID", 5), "Subjects per row"),
    doj("a subject number per row", lambda rows: numbered_anew(rows, "SUBJECT_ID"), "Subjects per row"),
    doj(
        "subject numbers and names exchanged", swapped("SUBJECT_ID", "PRI_NAME"), "Subject numbers that are well formed"
    ),
    doj("CII numbers cut", cut("CII_NUMBER", 6), "Rows with a well-formed CII number"),
    doj("one CII number for all", filled("CII_NUMBER", "A12345678"), "Subjects per CII number"),
    doj("CII numbers of other rows", moved("CII_NUMBER"), "CII numbers per subject"),
    doj("count numbers cut", cut("CNT_ORDER", 9), "Convictions with a well-formed count number"),
    doj(
        "one count number for all",
        filled("CNT_ORDER", "101001001000"),
        "Convicted counts per row of a conviction",
        BEFORE,
    ),
    doj("case numbers blank", filled("OFN", ""), "Convictions of the county with a case number"),
    doj("case numbers cut to six", cut("OFN", 6), "Case numbers of the county with a shape of its court"),
    doj(
        "case numbers without their letters",
        renamed("OFN", "^[A-Z0-9]?[A-Z]{1,2}[ -]?", ""),
        "Case numbers of the county without a letter",
    ),
    together(
        DOJ, "case numbers of other rows", moved("OFN", 997), "People of one case number with one sex in both files"
    ),
    together(
        DOJ,
        "birth dates of other rows",
        moved("PRI_DOB", 997),
        "People of one case number with one birth date in both files",
    ),
    together(
        DOJ, "names of other rows", moved("PRI_NAME", 997), "People of one case number with one surname in both files"
    ),
    together(
        DOJ,
        "conviction dates a week late",
        each(lambda row: row | {"STP_EVENT_DATE": row["STP_EVENT_DATE"][:6] + "28"}),
        "Convictions of one case number with one date in both files",
    ),
    doj(
        "charges without section",
        renamed("OFFENSE_DESCR", r"^[0-9.()A-Z]* ?[A-Z]{2}-", ""),
        "Charges with a section and a code",
    ),
    doj(
        "cannabis sections are missing",
        without(lambda row: "1135" in row["OFFENSE_DESCR"] or "1136" in row["OFFENSE_DESCR"]),
        "Convictions of a cannabis section",
    ),
    doj("agencies blank", filled("STP_ORI_DESCR", ""), "Rows with an agency"),
    cases("the first half of the file", half, "Rows", BEFORE),
    together(
        CASES,
        "every second case, as a first delivery",
        every_second("case_number"),
        "Cannabis convictions of the DOJ with a case of the court",
    ),
    cases("the file appended to itself", doubled, "Rows that repeat another row word for word"),
    cases("case numbers cut to six", cut("case_number", 6), "Case numbers with a shape of the court"),
    cases(
        "case numbers without their letters",
        renamed("case_number", "^[A-Z0-9]?[A-Z]{1,2}[ -]?", ""),
        "Case numbers without a letter",
    ),
    cases("one case number for all", filled("case_number", "BA123456"), "Cases and defendants that stand twice"),
    cases(
        "case and defendant numbers exchanged",
        swapped("case_number", "defendant_number"),
        "Case numbers with a shape of the court",
    ),
    together(
        CASES,
        "case numbers of other rows",
        moved("case_number", 97),
        "People of one case number with one birth date in both files",
    ),
    cases(
        "one court's rows are missing",
        of_largest_court("courthouse_name", lambda row, is_largest: None if is_largest else row),
        "Rows",
        BEFORE,
    ),
    cases(
        "one court's name is blank",
        of_largest_court(
            "courthouse_name", lambda row, is_largest: row | {"courthouse_name": ""} if is_largest else row
        ),
        "Cases with a courthouse",
    ),
    cases(
        "a small court is missing",
        without(lambda row: row["courthouse_name"].startswith("MALIBU")),
        "Courthouses",
        NEARLY,
    ),
    cases("birth dates blank", filled("birth_date", ""), "Cases with a birth date"),
    cases(
        "births in the year 2090",
        renamed("birth_date", "^[0-9]{4}", "2090"),
        "Cases filed before the defendant's birth",
    ),
    cases(
        "births and filing dates exchanged",
        swapped("birth_date", "filing_date"),
        "Cases filed before the defendant's birth",
    ),
    together(
        CASES,
        "day and month of births exchanged",
        day_first("birth_date"),
        "People of one case number with one birth date in both files",
    ),
    cases("filing dates a century late", shifted(100, "filing_date"), "Cases filed after the as-of date"),
    cases("all dates a century early", shifted(-100, "filing_date", "birth_date"), "Cases filed before 1950"),
    cases("sexes blank", filled("sex", ""), "Cases with a sex of the code list"),
    cases("races blank", filled("race", ""), "Cases with a race"),
    cases("names and CII numbers exchanged", swapped("defendant_name", "cii_number"), "Cases with a defendant's name"),
    cases("CII numbers blank", filled("cii_number", ""), "Cases with a CII number", BEFORE),
    counts("the first half of the file", half, "Rows", BEFORE),
    together(COUNTS, "every third count, as a first delivery", lambda rows: rows[::3], "Cases with a count"),
    counts("the file appended to itself", doubled, "Rows that repeat another row word for word"),
    counts("case numbers cut to six", cut("case_number", 6), "Case numbers with a shape of the court"),
    counts("one count number for all cases' counts", filled("count_number", "01"), "Counts that stand twice"),
    counts("levels blank", filled("level", ""), "Counts with a level"),
    counts("all misdemeanors", filled("level", "MISDEMEANOR"), "Felonies among counts with a level"),
    counts("dispositions blank", filled("disposition", ""), "Counts with a disposition"),
    counts(
        "dispositions and pleas exchanged",
        swapped("disposition", "plea"),
        "Convictions among counts with a disposition",
    ),
    counts("all dismissed", filled("disposition", "DISMISSED"), "Convictions among counts with a disposition"),
    counts("day and month exchanged", day_first("disposition_date"), "Convictions with a disposition date"),
    counts("disposition dates a century late", shifted(100, "disposition_date"), "Dispositions after the as-of date"),
    counts(
        "offense and disposition dates exchanged",
        swapped("offense_date", "disposition_date"),
        "Counts decided before their offense",
    ),
    counts(
        "statutes without their code",
        renamed("charged_statute", r" ?[A-Z]{2}$", ""),
        "Charged statutes with a section and a code",
    ),
    counts(
        "statutes of conviction blank",
        filled("convicted_statute", ""),
        "Convictions with the statute of the conviction",
    ),
    sentences("the first half of the file", half, "Rows", BEFORE),
    together(
        SENTENCES,
        "every third sentence, as a first delivery",
        lambda rows: rows[::3],
        "Convicted cases with a sentence",
    ),
    sentences(
        "lengths and units exchanged",
        swapped("sentence_length", "sentence_unit"),
        "Sentences of custody or probation with a readable length and unit",
    ),
    sentences("types and units exchanged", swapped("sentence_type", "sentence_unit"), "Sentences of a known type"),
    sentences(
        "all units years",
        filled("sentence_unit", "Y", lambda row: row["sentence_unit"] == "D"),
        "Sentences of more than a hundred years",
    ),
    sentences("case numbers cut to six", cut("case_number", 6), "Case numbers with a shape of the court"),
    events("the first half of the file", half, "Rows", BEFORE),
    events("the file appended to itself", doubled, "Event ids that stand twice"),
    events("signed orders are missing", without(lambda row: row["event_type"] == "order_signed"), "Signed orders"),
    events("kinds of relief blank", filled("relief_type", ""), "Signed orders with a known relief"),
    events("types and kinds of relief exchanged", swapped("event_type", "relief_type"), "Signed orders"),
    events(
        "all redesignations",
        filled("relief_type", "redesignation", lambda row: row["relief_type"] != ""),
        "Dismissals among signed orders",
    ),
    events("day and month exchanged", day_first("event_date"), "Events with a date"),
    events("dates a century early", shifted(-100, "event_date"), "Events before Proposition 64"),
    events("dates ten years late", shifted(10, "event_date"), "Events after the as-of date"),
    events("case numbers cut to six", cut("case_number", 6), "Case numbers with a shape of the court"),
    events("count numbers cut", cut("cnt_order", 9), "Count numbers of the DOJ that are well formed"),
    events("ids cut", cut("event_id", 8), "Event ids that stand twice"),
    events("numbers of people and counts blank", filled("cnt_order", ""), "Events that name a conviction"),
    together(EVENTS, "subject numbers cut", cut("subject_id", 6), "Events that find their conviction of the DOJ"),
    decisions("attorneys blank", filled("attorney", ""), "Decisions with verdict, attorney and date"),
    decisions("verdicts and attorneys exchanged", swapped("verdict", "attorney"), "Verdicts that are known"),
    decisions("types and verdicts exchanged", swapped("decision_type", "verdict"), "Decisions of a known type"),
    decisions("dates a century late", shifted(100, "decision_date"), "Decisions after the as-of date"),
    decisions("dates a century early", shifted(-100, "decision_date"), "Decisions before Proposition 64"),
    decisions(
        "subject and case numbers blank",
        each(lambda row: row | {"subject_id": "", "cii_number": "", "case_number": "", "record": ""}),
        "Decisions that name a conviction",
    ),
    decisions("one id for all", filled("decision_id", "RD000001"), "Decision ids that stand twice"),
    together(
        DECISIONS,
        "subject numbers cut",
        each(lambda row: row | {"subject_id": row["subject_id"][:6], "case_number": row["case_number"][:4]}),
        "Decisions that find their conviction",
    ),
]
