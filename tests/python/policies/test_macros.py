"""The macros of the rules compute the same as Python does: for boundaries, leap days, and texts that are not dates."""

from calendar import isleap
from datetime import date
from itertools import product
from typing import Any

import duckdb
import pytest

from relief.landing.layout import county_of
from relief.sql_text import load_macros, macro_texts, sql_environment

MACROS = load_macros(sql_environment(), macro_texts())

FROM = [
    date(year, month, day)
    for year in (1899, 1900, 1968, 1996, 1999, 2000, 2001, 2004)
    for month, day in ((1, 1), (1, 29), (2, 28), (2, 29), (3, 1), (3, 2), (3, 29), (12, 31))
    if (month, day) != (2, 29) or isleap(year)
]
TO = [date(2020, 2, 29), date(2020, 2, 28), date(2020, 3, 1), date(2019, 2, 28), date(2019, 3, 1), date(2020, 1, 29),
      date(2020, 3, 29), date(2016, 2, 29)]  # fmt: skip
DATES = {
    "20160229": date(2016, 2, 29),
    " 20160229 ": date(2016, 2, 29),
    "00010203": date(1, 2, 3),
    "20150229": None,
    "20160000": None,
    "00000101": None,
    "2016022": None,
    "201602290": None,
    "2016-02-29": None,
    "a0160229": None,
    "": None,
}
COURT_DATES = {
    "2001-03-04": date(2001, 3, 4),
    "2001-03-04 00:00:00": date(2001, 3, 4),
    "2001-03-04T00:00:00": date(2001, 3, 4),
    "2001-03-04T23:59:59.123Z": date(2001, 3, 4),
    "2001-03-04 00:00:00+00:00": date(2001, 3, 4),
    "2001-03-04T07:00-0800": date(2001, 3, 4),
    " 3/4/2001 12:00 AM ": date(2001, 3, 4),
    "03/04/2001 1:05:09 p.m.": date(2001, 3, 4),
    "3/4/2001": date(2001, 3, 4),
    "20010304 00:00": date(2001, 3, 4),
    "2004-02-29 12:30:00": date(2004, 2, 29),
    "2001-02-29 12:30:00": None,
    "13/4/2001 12:00 AM": None,
    "3/4/0000": None,
    "0000-03-04 00:00:00": None,
    "2001-03-04 24:00:00": None,  # 24:00:00 is the next day
    "2001-03-04 25:00": None,
    "2001-03-04 12:60": None,
    "2001-03-04T": None,
    "2001-03-04 noon": None,
    "00:00:00": None,
    "3/4/01 12:00 AM": None,
    "2001-03": None,
    "": None,
    None: None,
}
COUNTIES = ["ORANGE", " Orange County", "county of  orange", "orange\tcounty ", "LOS ANGELES", "Los  Angeles County",
            "COUNTYLINE", "", "COUNTY"]  # fmt: skip
CONTENT = {"x": "x", " x ": "x", "-x": "-x", "  -  ": None, "": None, "NULL": None, "null": None, " NULL ": None,
           "-NULL-": None, None: None}  # fmt: skip
COMPARISONS = {"=": lambda a, b: a == b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
               ">=": lambda a, b: a >= b}  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def answer(connection: duckdb.DuckDBPyConnection, sql: str, **columns: Any) -> Any:
    """The value of an SQL expression over the given columns."""
    named = ", ".join(f"${name} as {name}" for name in columns)
    row = connection.execute(f"select {sql} from (select {named})", columns).fetchone()
    assert row
    return row[0]


def moved(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes 1 March in a year without it."""
    leaps = (day.month, day.day) == (2, 29) and not isleap(day.year + years)
    return date(day.year + years, 3, 1) if leaps else day.replace(year=day.year + years)


@pytest.mark.parametrize("anchor", ["from", "to"])
def test_whole_years(connection: duckdb.DuckDBPyConnection, anchor: str) -> None:
    pairs = list(product(FROM, TO))
    values = ", ".join(f"(date '{a}', date '{b}', {number})" for number, (a, b) in enumerate(pairs))
    sql = MACROS["whole_years_between"]("a", "b", anchor)
    found = connection.execute(f"select {sql} from (values {values}) as t(a, b, n) order by n").fetchall()
    wanted = [
        max(n for n in range(b.year - a.year + 1) if (moved(a, n) <= b if anchor == "from" else a <= moved(b, -n)))
        for a, b in pairs
    ]
    assert [row[0] for row in found] == wanted


def test_a_later_first_date_gives_years_below_zero(connection: duckdb.DuckDBPyConnection) -> None:
    for anchor in ("from", "to"):
        sql = MACROS["whole_years_between"]("a", "b", anchor)
        assert answer(connection, sql, a=date(2010, 1, 2), b=date(2010, 1, 1)) == -1
        unknown = MACROS["whole_years_between"]("cast(a as date)", "b", anchor)
        assert answer(connection, unknown, a=None, b=date(2010, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2001-02-03", date(2001, 2, 3)),
        ("20010203", date(2001, 2, 3)),
        ("2/3/2001", date(2001, 2, 3)),
        (" 02/03/2001 23:59 ", date(2001, 2, 3)),
        ("02/03/0000", None),
        ("13/01/2001", None),
        ("02/03/01", None),
        ("", None),
    ],
)
def test_a_date_of_a_court(connection: duckdb.DuckDBPyConnection, text: str, day: date | None) -> None:
    assert answer(connection, MACROS["parse_court_date"]("t"), t=text) == day


@pytest.mark.parametrize("years", [2, 4, 18])
def test_years_after(connection: duckdb.DuckDBPyConnection, years: int) -> None:
    for day in FROM:
        assert answer(connection, MACROS["years_after"]("d", years), d=day) == moved(day, years)


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_a_calendar_date_or_unknown(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert answer(connection, MACROS["parse_yyyymmdd"]("t"), t=text) == DATES[text]


@pytest.mark.parametrize("text", DATES)
def test_a_date_with_hyphens_too(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    plain = text.strip()
    hyphens = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}" if "-" not in plain else plain.replace("-", "")
    wanted = DATES[text] if "-" not in text else None
    assert answer(connection, MACROS["parse_iso_date"]("t"), t=f" {hyphens} ") == wanted


@pytest.mark.parametrize("text", CONTENT)
def test_fillers_say_nothing(connection: duckdb.DuckDBPyConnection, text: str | None) -> None:
    assert answer(connection, MACROS["content"]("t"), t=text) == CONTENT[text]


@pytest.mark.parametrize(("text", "want"), [(" x ", "x"), ("", None), ("  ", None), (" null", None), ("Null", None)])
def test_clean_text_is_trimmed_or_nothing(connection: duckdb.DuckDBPyConnection, text: str, want: str | None) -> None:
    assert answer(connection, MACROS["clean_text"]("t"), t=text) == want


@pytest.mark.parametrize(
    ("source", "conv", "disp", "want"),
    [
        ("DISP_OFFENSE", "c", "d", "d"),
        ("DISP_OFFENSE", "c", "-", None),
        ("CONV_OFFENSE", "c", "d", "c"),
        ("CONV_OFFENSE", "-", "d", None),
        (None, "c", "d", "c"),
        (None, "-", "d", "d"),
    ],
)
def test_a_part_is_of_the_offense_convicted_of(
    connection: duckdb.DuckDBPyConnection, source: str | None, conv: str, disp: str, want: str | None
) -> None:
    columns = {"convicted_offense_source": source, "conv_offense_code": conv, "disp_offense_code": disp}
    assert answer(connection, MACROS["of_convicted_offense"]("code"), **columns) == want


def test_a_date_as_a_number(connection: duckdb.DuckDBPyConnection) -> None:
    assert answer(connection, MACROS["as_yyyymmdd"]("d"), d=date(2016, 11, 9)) == 20161109


@pytest.mark.parametrize("operator", COMPARISONS)
def test_a_comparison_holds_or_fails_wherever_the_measure_may_lie(
    connection: duckdb.DuckDBPyConnection, operator: str
) -> None:
    for low, high, threshold in product(range(4), range(4), range(4)):
        if low <= high:
            each = {COMPARISONS[operator](value, threshold) for value in range(low, high + 1)}
            columns = {"o": operator, "a": low, "b": high, "t": threshold}
            holds = answer(connection, MACROS["surely_holds"]("o", "a", "b", "t"), **columns)
            fails = answer(connection, MACROS["surely_fails"]("o", "a", "b", "t"), **columns)
            assert (holds, fails) == (each == {True}, each == {False}), columns


def test_a_courts_date_is_read_without_its_time_of_day(connection: duckdb.DuckDBPyConnection) -> None:
    sql = MACROS["parse_court_date"]("x")
    for text, day in COURT_DATES.items():
        assert answer(connection, sql, x=text) == day, text


def test_a_county_is_normalized_as_landing_does(connection: duckdb.DuckDBPyConnection) -> None:
    sql = MACROS["county_of"]("x")
    for text in COUNTIES:
        assert answer(connection, sql, x=text) == county_of(text), text
