"""Court files of any county: layouts that map their columns and words, versions of a layout, CSV and Parquet."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from relief.building.build import build
from relief.errors import ReliefError
from tests.python.support.landing_files import FIXTURES, Desk
from tests.python.support.warehouse import quiet

LAYOUT = """
source: la_court
county: Orange County
title: Orange County, version of 2024
tables:
  la_court_cases:
    columns:
      case_number: CASE NO
      defendant_number: DEF
      defendant_name: NAME
      birth_date: DOB
      sex: GENDER
      filing_date: FILED
    optional_columns: [filing_date]
  la_court_counts:
    columns: {case_number: CASE NO, defendant_number: DEF, count_number: CNT, convicted_statute: CHARGE,
              disposition: DISPO, disposition_date: DISPO DATE, level: LVL}
values:
  la_court_cases: {sex: {MALE: M, FEMALE: F}}
  la_court_counts: {disposition: {PLED NOLO: CONVICTED}, level: {FEL: FELONY, MISD: MISDEMEANOR}}
"""
CASES = b"""CASE NO,DEF,NAME,DOB,GENDER,FILED
17CF0001,01,"DOE,ANA",03/05/1970 12:00 AM,Female,1/9/2001
BA100001,01,"ROE,TED",11/30/1961,Male,01/10/2001
"""
COUNTS = b"""CASE NO,DEF,CNT,CHARGE,DISPO,DISPO DATE,LVL
17CF0001,01,01,11357(B) HS,Pled  Nolo,2001-02-28T00:00:00,misd
BA100001,01,01,11359 HS,PLED NOLO,03/01/2001,Fel
"""


COURT = FIXTURES.parent / "court"
OWN = {name: (COURT / f"SYNTHETIC_{name}.csv").read_bytes() for name in ("cases", "counts", "events")}
HEADER, COUNTS_HEADER = (OWN[name].partition(b"\n")[0] + b"\n" for name in ("cases", "counts"))
# One case with a number that the first delivery gives to another person, one corrected name, one dismissed case, and
# one case without a number.
LATER_CASES = (
    HEADER
    + b"""SYNTHETIC,BA100008,01,ELM STREET,2010-01-10,"PINE,ANA",,1970-03-05,F,,,
SYNTHETIC,BA100004,01,,2005-01-10,"ASH,EVE MARIA",,1977-01-01,F,,,
SYNTHETIC,BA100009,01,ELM STREET,1999-01-10,"BOX,LEE",,1980-01-01,M,,,
SYNTHETIC,,01,ELM STREET,2012-01-10,"NUT,AMY",,1981-01-01,F,,,
SYNTHETIC,,01,ELM STREET,2012-01-10,"NUT,AMY",,1981-01-01,F,,,
SYNTHETIC,BA100010,01,ELM STREET,2099-01-10,"YEW,IAN",,1981-01-01,M,,,
"""
)
EARLIER_CASES = HEADER + b'SYNTHETIC,BA100008,01,ELM STREET,2010-01-10,"OAK,TED",,1961-11-30,M,,,\n'
LATER_COUNTS = (
    COUNTS_HEADER
    + b"""SYNTHETIC,BA100008,01,01,11358 HS,11358 HS,2009-01-01,FELONY,GUILTY,CONVICTED,2010-03-01
SYNTHETIC,BA100009,01,01,11358 HS,,1998-01-01,FELONY,,DISMISSED,1999-03-01
"""
)
EARLIER_COUNTS = (
    COUNTS_HEADER + b"SYNTHETIC,BA100008,01,01,11359 HS,11359 HS,2008-01-01,FELONY,GUILTY,CONVICTED,2010-02-01\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def lay(desk: Desk, text: str = LAYOUT, name: str = "orange_2024.yml") -> None:
    folder = desk.home.create().path / "sources"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def land_court(desk: Desk, data: bytes, name: str = "cases.csv") -> None:
    desk.land(desk.put(name, data), source="la_court")


def test_another_countys_file_is_read_by_its_layout(desk: Desk) -> None:
    lay(desk)
    land_court(desk, CASES)
    land_court(desk, COUNTS, "counts.csv")
    assert any("layout orange_2024, county ORANGE" in line for line in desk.lines)
    assert desk.rows("select case_number, birth_date, sex, race from raw.la_court_cases order by 1") == [
        ("17CF0001", "03/05/1970 12:00 AM", "Female", ""),
        ("BA100001", "11/30/1961", "Male", ""),
    ]  # as delivered, because only the models read words and dates
    assert desk.rows("select distinct layout, county_name from raw.deliveries") == [("orange_2024", "ORANGE")]


REFUSED = {
    "no mapping of what is required": (
        LAYOUT.replace("      birth_date: DOB\n", ""),
        "line 7: la_court_cases maps nothing to birth_date",
    ),
    "a column that we do not have": (
        LAYOUT.replace("sex: GENDER", "gender: GENDER"),
        "line 12: la_court_cases maps gender, which we do not have",
    ),
    "a table that we do not have": (
        LAYOUT.replace("la_court_counts:\n    columns", "counts:\n    columns"),
        "not a table",
    ),
    "no county": (LAYOUT.replace("county: Orange County\n", ""), "line 2: county is missing"),
    "no source": (LAYOUT.replace("source: la_court", "source: court"), "line 2: `source` names one of"),
    "one header twice": (
        LAYOUT.replace("DEF\n      defendant_name: NAME", "NAME\n      defendant_name: NAME"),
        "twice",
    ),
    "an unknown key": (LAYOUT + "colour: red\n", "line 21: colour is not known"),
    "words of no column": (
        LAYOUT.replace("{sex: {MALE", "{size: {MALE"),
        "line 19: values, la_court_cases, size is not a column of ours",
    ),
    "no YAML": ("tables: [", "not a YAML"),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_layout_that_does_not_fit_is_refused_by_name(desk: Desk, text: str, says: str) -> None:
    lay(desk, text)
    with pytest.raises(ReliefError) as refused:
        land_court(desk, CASES)
    assert says in str(refused.value)
    assert "orange_2024.yml" in str(refused.value)


def test_a_header_that_no_layout_has_says_every_column_that_is_missing(desk: Desk) -> None:
    lay(desk)
    bad = CASES.replace(b"NAME,DOB", b"NAME,BORN").replace(b"DEF,", b"DEFENDANT,")
    with pytest.raises(ReliefError) as refused:
        land_court(desk, bad)
    message = str(refused.value)
    assert "as the layout orange_2024 has it, the nearest" in message
    assert "DEF (our defendant_number) and DOB (our birth_date)" in message
    assert "2 columns the layout does not know, at positions 2 and 4" in message
    assert "ANA" not in message


def test_many_columns_that_no_layout_has_are_counted(desk: Desk) -> None:
    lay(desk)
    more = ",".join(f"X{number}" for number in range(200)).encode()
    with pytest.raises(
        ReliefError, match="has 200 columns the layout does not know, at positions 7, 8, 9 and 197 more"
    ):
        land_court(desk, CASES.replace(b"FILED\n", b"FILED," + more + b"\n"))


def test_a_column_that_the_layout_calls_optional_may_be_left_out(desk: Desk) -> None:
    lay(desk)
    land_court(desk, b"CASE NO,DEF,NAME,DOB,GENDER\n17CF0001,01,X,1970,M\n")
    assert desk.rows("select filing_date from raw.la_court_cases") == [("",)]


def test_two_versions_of_a_layout_land_side_by_side(desk: Desk) -> None:
    lay(desk)
    lay(desk, LAYOUT.replace("CASE NO", "CASE_ID").replace("NAME", "DEFENDANT"), "orange_2025.yml")
    land_court(desk, CASES)
    land_court(desk, CASES.replace(b"CASE NO", b"CASE_ID").replace(b"NAME", b"DEFENDANT"), "cases_2025.csv")
    assert desk.rows("select layout, records from raw.deliveries order by 1") == [
        ("orange_2024", 2),
        ("orange_2025", 2),
    ]


def parquet(desk: Desk, table: pa.Table, name: str = "cases.parquet") -> Path:
    path = desk.inbox / name
    pq.write_table(table, path)
    return path


def test_parquet_lands_as_its_text_would(desk: Desk) -> None:
    lay(desk)
    table = pa.table({
        "CASE NO": ["17CF0001", "BA100001"],
        "DEF": pa.array([1, None], pa.int32()),
        "NAME": pa.array(['DOE, "ANA"\nMARIA', None]).dictionary_encode(),
        "DOB": pa.array([date(1970, 3, 5), None]),
        "GENDER": ["F", ""],
        "FILED": pa.array([datetime(2001, 1, 9), datetime(2001, 1, 10, 12, 30)], pa.timestamp("us")),
    })  # fmt: skip
    desk.land(parquet(desk, table), source="la_court")
    desk.check_account()
    rows = desk.rows(
        "select case_number, defendant_number, defendant_name, birth_date, filing_date from raw.la_court_cases "
        "order by 1"
    )
    assert rows == [
        ("17CF0001", "1", 'DOE, "ANA"\nMARIA', "1970-03-05", "2001-01-09"),
        ("BA100001", "", "", "", "2001-01-10 12:30:00"),
    ]
    assert desk.rows("select compression, records from raw.deliveries") == [("parquet", 2)]
    (again,) = desk.land(parquet(desk, table, "again.parquet"), source="la_court")
    assert again.already_landed


def test_whole_numbers_of_a_parquet_file_have_no_point(desk: Desk) -> None:
    lay(desk)
    table = pa.table(
        {"CASE NO": [1.0, 2.5], "DEF": [1.0, None], "NAME": ["A", "B"], "DOB": ["1970", "1971"], "GENDER": ["M", "F"]}
    )
    desk.land(parquet(desk, table), source="la_court")
    assert desk.rows("select case_number, defendant_number from raw.la_court_cases order by 1") == [
        ("1", "1"),
        ("2.5", ""),
    ]


def test_values_of_a_parquet_file_keep_their_day_and_number(desk: Desk) -> None:
    lay(desk)
    table = pa.table({
        "CASE NO": pa.array([Decimal("20170001.00"), Decimal("2.50")], pa.decimal128(12, 2)),
        "DEF": [float("nan"), 2.0**53 - 1],
        "NAME": ["A", "B"],
        "DOB": pa.array([datetime(1960, 1, 1, 23, 59, 59, 999999), None], pa.timestamp("us")),
        "GENDER": ["M", "F"],
    })  # fmt: skip
    desk.land(parquet(desk, table), source="la_court")
    assert desk.rows("select case_number, defendant_number, birth_date from raw.la_court_cases order by row_no") == [
        ("20170001", "", "1960-01-01 23:59:59"),
        ("2.50", "9007199254740991", ""),
    ]


def test_damaged_and_nested_parquet_is_refused_in_one_line(desk: Desk) -> None:
    lay(desk)
    whole = parquet(desk, pa.table({"CASE NO": ["1"], "NAME": [["a", "b"]]}))
    with pytest.raises(ReliefError, match=r"columns that contain lists or parts \(NAME\)"):
        desk.land(whole, source="la_court")
    with pytest.raises(ReliefError, match="damaged Parquet"):
        desk.land(desk.put("cut.parquet", whole.read_bytes()[:-20]), source="la_court")
    assert desk.rows("select count(*) from raw.deliveries") == [(0,)]


@pytest.fixture(scope="module")
def two_counties(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Court files of Los Angeles and of another county with the same case number, and unusual cases and events."""
    desk = Desk(tmp_path_factory.mktemp("two_counties"))
    lay(desk)
    day = date(2021, 9, 1)
    desk.land(desk.put("own_cases.csv", OWN["cases"]), source="la_court", as_of=day)
    desk.land(desk.put("own_counts.csv", OWN["counts"]), source="la_court", as_of=day)
    desk.land(desk.put("cases.csv", CASES), source="la_court", as_of=day)
    desk.land(desk.put("counts.csv", COUNTS), source="la_court", as_of=day)
    desk.land(desk.put("earlier_cases.csv", EARLIER_CASES), source="la_court", as_of=date(2020, 9, 1))
    desk.land(desk.put("earlier_counts.csv", EARLIER_COUNTS), source="la_court", as_of=date(2020, 9, 1))
    desk.land(desk.put("later_cases.csv", LATER_CASES), source="la_court", as_of=day)
    desk.land(desk.put("later_counts.csv", LATER_COUNTS), source="la_court", as_of=day)
    desk.land(desk.put("cases_again.csv", CASES + b"\n"), source="la_court", as_of=date(2021, 9, 2))
    desk.land(desk.put("events.csv", OWN["events"]), source="relief_events", as_of=date(2021, 12, 31))
    build(desk.home, target="duckdb", county="Los Angeles County", evaluated_as_of=None, report=quiet)
    return desk


def test_another_countys_cases_are_kept_named_and_in_no_count(two_counties: Desk) -> None:
    rows = two_counties.rows
    assert rows("select count(*) from marts.fct_convictions where county_name = 'ORANGE'") == [(2,)]
    assert rows(
        "select count(*) from marts.fct_convictions where county_name = 'ORANGE' and wave_number is not null"
    ) == [(0,)]
    assert rows(
        "select county_name, count(*) from quality.audit_court_cases "
        "where finding = 'court_case_of_another_county' group by 1"
    ) == [("ORANGE", 2)]
    assert rows(
        "select sum(counted) from reporting.rpt_progress_toward_published_totals where stage = 'identified'"
    ) == [(rows("select count(distinct case_key) from marts.fct_convictions where wave_number = 2")[0][0],)]
    # The words and dates of the other county's file are read as its layout says.
    assert rows(
        "select level, cast(conviction_date as varchar), offense from marts.fct_convictions "
        "where county_name = 'ORANGE' order by 1"
    ) == [("felony", "2001-03-01", "11359"), ("misdemeanor", "2001-02-28", "11357")]
    assert rows("select distinct is_other_county from quality.audit_source_coverage where county_name = 'ORANGE'") == [
        (True,)
    ]


def test_the_same_number_in_two_counties_is_two_cases(two_counties: Desk) -> None:
    assert two_counties.rows(
        "select county_name, count(*) from marts.fct_convictions where case_key like '%BA100001%' group by 1 order by 1"
    ) == [("LOS ANGELES", 1), ("ORANGE", 1)]


def test_two_cases_with_one_number_are_kept_and_tell_of_nobody(two_counties: Desk) -> None:
    rows = two_counties.rows
    assert rows(
        "select case_defendant_key from quality.audit_court_cases where finding = 'court_case_number_shared' order by 1"
    ) == [("BA100002|01",), ("BA100008|01",)]
    assert rows("select count(*) from marts.fct_convictions where case_key = 'LOS ANGELES|BA100002'") == [(2,)]
    assert rows(
        "select defendant_name from intermediate.int_court__cases where case_defendant_key = 'BA100002|01'"
    ) == [(None,)]


def test_cases_that_tell_little_are_named(two_counties: Desk) -> None:
    found = two_counties.rows(
        "select finding, case_defendant_key from quality.audit_court_cases where county_name = 'LOS ANGELES' "
        "order by all"
    )
    assert ("court_case_without_counts", "BA100003|01") in found
    assert ("court_case_without_disposition", "BA100004|01") in found
    assert ("court_case_juvenile", "VJ10005|01") in found
    assert ("court_counts_without_case", "BA100006|01") in found


def test_odd_events_are_kept_named_and_counted_once(two_counties: Desk) -> None:
    rows = two_counties.rows
    assert rows("select count(*) from marts.fct_relief_events") == [(5,)]
    assert dict(rows("select finding, count(*) from quality.audit_unmatched_events group by 1")) == {
        "event_duplicate": 1, "order_no_conviction": 1,
    }  # fmt: skip
    odd = {row[0] for row in rows("select finding from quality.audit_implausible_dates where source = 'relief_events'")}
    assert odd == {"order_before_conviction", "event_in_the_future"}
    # An order reported twice dismisses one conviction. An order before its conviction has no date, and a future order
    # does not count yet.
    assert rows(
        "select relief_order_date is null, count(*) from marts.fct_convictions "
        "where is_dismissed_by_order and is_in_county group by 1 order by 1"
    ) == [(False, 1), (True, 1)]


def test_the_same_court_file_again_changes_no_count(two_counties: Desk) -> None:
    assert two_counties.rows(
        "select (select count(*) from raw.la_court_cases) > (select count(*) from intermediate.int_court__cases), "
        "(select count(*) from intermediate.int_court__cases where county_name = 'ORANGE')"
    ) == [(True, 2)]


def test_one_number_of_two_people_in_two_deliveries_tells_of_nobody(two_counties: Desk) -> None:
    rows = two_counties.rows
    assert rows(
        "select defendant_name, birth_date, is_number_shared from intermediate.int_court__cases "
        "where case_defendant_key = 'BA100008|01'"
    ) == [(None, None, True)]
    assert rows(
        "select offense, cast(conviction_date as varchar) from marts.fct_convictions "
        "where case_key = 'LOS ANGELES|BA100008' order by 1"
    ) == [("11358", "2010-03-01"), ("11359", "2010-02-01")]
    # A longer name with another birth date is a correction.
    assert rows(
        "select defendant_name, is_number_shared from intermediate.int_court__cases "
        "where case_defendant_key = 'BA100004|01'"
    ) == [("ASH,EVE MARIA", False)]


def test_every_case_has_one_account(two_counties: Desk) -> None:
    rows = two_counties.rows
    assert dict(
        rows("select finding, count(*) from quality.audit_court_cases where is_account group by 1")
    ) == {
        "court_case_of_another_county": 2,
        "court_case_juvenile": 1,
        "court_case_without_counts": 2,  # cases BA100003 and BA100010
        "court_case_without_disposition": 1,  # case BA100004
        "court_case_without_conviction": 1,  # case BA100009
        "court_case_without_number": 2,
        "court_case_convicted": 5,  # cases BA100001, 2, 6, 7 and 8
    }  # fmt: skip
    assert rows("select sum(case_rows) from quality.audit_court_cases where is_account") == rows(
        "select count(*) from raw.la_court_cases"
    )
    counted = dict(rows("select finding, findings from quality.audit_counts"))
    assert counted["court_case_without_number"] == 2
    assert "court_case_convicted" not in counted  # a case with a conviction needs no review


def test_the_years_that_a_source_speaks_of_are_told(two_counties: Desk) -> None:
    rows = two_counties.rows
    assert rows(
        "select distinct first_year_observed, last_year_observed from quality.audit_source_coverage "
        "where courthouse_name = 'ELM STREET'"
    ) == [(1999, 2010)]
    found = rows(
        "select year, gap, cases, felony_convictions, speaks_of_felonies from quality.audit_source_coverage "
        "where courthouse_name = 'ELM STREET' and year is not null order by 1"
    )
    assert found[0] == (1999, "none", 1, 0, "yes")
    # In 2000 no courthouse delivers anything; in 2001 another courthouse does.
    assert found[1] == (2000, "every_courthouse", 0, 0, "cannot_tell")
    assert found[2] == (2001, "courthouse", 0, 0, "cannot_tell")
    assert found[11] == (2010, "none", 0, 2, "yes")
    # A year after the file's as-of date is a typing error, so no years are missing in between.
    assert found[12] == (2099, "none", 1, 0, "no")
    assert [row[0] for row in found] == [*range(1999, 2011), 2099]
