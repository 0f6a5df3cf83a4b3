"""Numbers, dates and counties are read as spreadsheets and clerks write them, case numbers by their county's rule."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from relief.building.build import build
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.landing.layout import load_source
from relief.sql_text import load_macros, macro_texts, sql_environment
from tests.python.landing.test_court_layouts import CASES, COUNTS, LAYOUT, land_court, lay
from tests.python.support.landing_files import Desk
from tests.python.support.warehouse import quiet

MACROS = load_macros(sql_environment(), macro_texts())
GATE = {
    check["name"]: check
    for check in yaml.safe_load((PROJECT_DIR / "expectations" / "landed.yml").read_text(encoding="utf-8"))["checks"]
}
NUMBERS = {
    "1": "1", " 01 ": "01", "1.0": "1", "01.00": "01", "BA103001.0": "BA103001", "'01": "01", '="01"': "01",
    "1,234": "1,234", "1.5": "1.5", "1.0.0": "1.0.0", "19-001": "19-001", "1E5": "1E5", "19E00123": "19E00123",
    "1E+05": None, "1.01E+11": None, "1.01e11": None, "-1E+05": None, "'1E+05": None, "": "", None: None,
}  # fmt: skip
TIMES = ["", " 00:00:00", "T08:30:00", " 8:30", "T08:30:00.123Z", " 08:30:00+00", " 08:30:00 -08:00", " 8:30 p.m.",
         " 08:30:00 UTC", "T0830", "T083000Z", " 23:59:59.9999999", " 08:30:00,5"]  # fmt: skip
NO_TIMES = [" 24:00:00", " 24:61", " 12:60", "T", " noon", " 08:30:00+99:99", "0830", " 8", " 08:30:00 Z Z"]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_a_number_is_the_same_or_unknown(connection: duckdb.DuckDBPyConnection) -> None:
    for text, wanted in NUMBERS.items():
        found = connection.execute(f"select {MACROS['plain_number']('t')} from (select ? as t)", [text]).fetchone()
        assert found == (wanted,), text


def asked(connection: duckdb.DuckDBPyConnection, check: str, table: str, column: str, text: str, **more: str) -> Any:
    """The result of one check of the landed gate for a single row."""
    named = ", ".join(f"$x{number} as {name}" for number, name in enumerate([column, *more]))
    values = {f"x{number}": value for number, value in enumerate([text, *more.values()])}
    query = GATE[check]["query"].replace(f"raw.{table}", f"(select {named})")
    return connection.execute(query, values).fetchall()


@pytest.mark.parametrize(
    "day", ["2020-02-11", "20200211", "2020-02-30", "20200230", "0000-02-11", "2020-02", "3/4/2020"]
)
def test_gate_and_staging_read_one_day_whatever_its_time(connection: duckdb.DuckDBPyConnection, day: str) -> None:
    wanted = date(2020, 2, 11) if day in {"2020-02-11", "20200211"} else None
    for time in [*TIMES, *NO_TIMES]:
        text = f" {day}{time} "
        expected = wanted if time in TIMES else None
        sql = f"select {MACROS['parse_certain_date']('t')} from (select ? as t)"
        assert connection.execute(sql, [text]).fetchone() == (expected,), text
        events = asked(connection, "Events have a calendar date", "relief_events", "event_date", text, delivery_id="d")
        assert events == [(expected,)], text
        name = "DOJ convictions have a calendar date"
        assert asked(connection, name, "ca_doj", "stp_event_date", text, disp_descr="CONVICTED") == [(expected,)], text


def test_the_gate_counts_the_numbers_that_staging_cannot_read(connection: duckdb.DuckDBPyConnection) -> None:
    query = GATE["Numbers are written out"]["query"]
    where = query[query.index("regexp_matches") :]
    for text, wanted in NUMBERS.items():
        for written in (text, f"x|{text}|", f"{text}|19"):
            found = connection.execute(f"select {where} from (select ? as written)", [written]).fetchone()
            assert found is not None
            assert bool(found[0]) == (wanted is None and text is not None), written


def test_the_gates_counties_are_those_of_the_list(connection: duckdb.DuckDBPyConnection) -> None:
    check = GATE["DOJ convictions name a county of the list"]
    with (PROJECT_DIR / "seeds" / "reference" / "california_counties.csv").open(encoding="utf-8") as file:
        names = [row["county_name"] for row in csv.DictReader(file)]
    assert check["kwargs"]["value_set"] == names
    for text in [" Los  Angeles County", "COUNTY OF ORANGE", "LOS ANGELES CO", "L.A.", "19", "", None]:
        (found,) = asked(connection, check["name"], "ca_doj", "stp_ori_cnty_name", text, disp_descr="CONVICTED")
        read = connection.execute(f"select {MACROS['county_of']('t')} from (select ? as t)", [text]).fetchone()
        assert found == ((read[0] or None) if read else None,), text


# Values of the columns that hold text. The other columns hold dates and numbers, which each kind of file writes in its
# own way.
TEXTS: dict[str, dict[str, str]] = {
    "ca_doj": {
        "record_id": "SYNTHETIC", "pri_name": "DOE,ANA", "req_name": "", "gender": "F", "race_descr": "WHITE",
        "end_of_rec": "#",
        "stp_type_descr": "COURT ACTION", "stp_ori_descr": "COMPTON", "stp_ori_cnty_name": "LOS ANGELES CO",
        "offense_descr": "11359 HS-POSSESS", "conv_offense_descr": "11359 HS-POSSESS", "disp_descr": "CONVICTED",
        "conv_stat_descr": "FELONY", "sent_loc_descr": "JAIL", "sent_time_code": "D", "comment_text": "",
        "offense_toc": "F", "disp_offense_descr": "", "pob_name": "",
        "conv_offense_qual_lst": "", "offense_qual_lst": "",
    },
    "la_court_cases": {
        "extract_label": "SYNTHETIC", "courthouse_name": "ELM STREET", "defendant_name": "DOE,ANA", "alias_names": "",
        "sex": "F", "race": "W", "prosecuting_agency": "",
    },
    "la_court_counts": {
        "extract_label": "SYNTHETIC", "level": "FELONY", "plea": "GUILTY", "disposition": "CONVICTED",
    },
    "la_court_sentences": {"extract_label": "SYNTHETIC", "sentence_type": "JAIL", "sentence_unit": "D"},
    "relief_events": {
        "extract_label": "SYNTHETIC", "event_type": "order_signed", "relief_type": "dismissal", "legal_ground": "",
        "reason": "",
    },
    "review_decisions": {
        "extract_label": "SYNTHETIC", "decision_type": "eligibility", "record": "", "policy_id": "",
        "verdict": "dismissal", "legal_ground": "", "ground": "because", "attorney": "DA",
    },
}  # fmt: skip
STAGED = {
    "ca_doj": [
        "stg_ca_doj__criminal_history_rows", "stg_ca_doj__row_details", "stg_ca_doj__subject_identifiers",
    ],
    "la_court_cases": ["stg_la_court__cases"],
    "la_court_counts": ["stg_la_court__counts"],
    "la_court_sentences": ["stg_la_court__sentences"],
    "relief_events": ["stg_relief_events__events"],
    "review_decisions": ["stg_review_decisions__decisions"],
}  # fmt: skip
HEADERS = {
    table.name: (",".join(table.headers) + "\n").encode()
    for source in ("la_court", "relief_events")
    for table in load_source(source).tables
}
SPECIAL = {"cnt_order": 101001001000, "convicted_statute": 11359, "charged_statute": 11359}


def values_of(table: Any, number: int) -> dict[str, str | int]:
    """One row: the text in TEXTS if there is one, a date in a date column, else a number that no other row has."""
    row: dict[str, str | int] = {}
    for place, column in enumerate(table.columns):
        if column in TEXTS[table.name]:
            row[column] = TEXTS[table.name][column]
        elif column.endswith(("_date", "_dob")):
            row[column] = 20010203
        elif column in SPECIAL:
            row[column] = SPECIAL[column]
        else:
            row[column] = 7_000_000 + 1000 * number + place
    return row


def written(kind: str, table: Any, rows: list[dict[str, str | int]], path: Path) -> Path:
    """Write the rows to one file, with numbers as this kind of file writes them."""
    if kind in {"plain", "point", "marked"}:
        ways = {"plain": "{}", "point": "{}.0", "marked": "'{}"}
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.headers)
        for row in rows:
            # In a file with marked numbers, dates have no mark.
            plain = [kind == "marked" and name.endswith(("_date", "_dob")) for name in row]
            writer.writerow(
                [
                    ("{}" if as_it_is else ways[kind]).format(value) if isinstance(value, int) else value
                    for value, as_it_is in zip(row.values(), plain, strict=True)
                ]
            )
        path.write_text(out.getvalue(), encoding="utf-8")
        return path
    number = {"float": pa.float64(), "decimal": pa.decimal128(20, 2)}[kind]
    columns = {}
    for name, header in zip(table.columns, table.headers, strict=True):
        values = [row[name] for row in rows]
        if isinstance(values[0], int):
            columns[header] = pa.array(
                [Decimal(value) if kind == "decimal" else float(value) for value in values], number
            )
        else:
            columns[header] = pa.array(values, pa.string())
    pq.write_table(pa.table(columns), path)
    return path


ORANGE = (
    LAYOUT + "case_numbers: {shapes: [99AA9999], defendant_suffix: hyphen_2_or_3_digits, prefix_words: [CASE, NO]}\n"
)
FAULT_10 = {
    "cases.csv": HEADERS["la_court_cases"]
    + b"""SYNTHETIC,CR-19-123,01,ELM STREET,2001-01-10,"NUMBER,ADA",,1971-01-01,M,,,
SYNTHETIC,CR-19-124,01,ELM STREET,2001-01-10,"NUMBER,BEN",,1972-02-02,M,,,
SYNTHETIC,19-001,01,ELM STREET,2001-01-10,"SERIAL,CAL",,1973-01-01,M,,,
SYNTHETIC,19-002,01,ELM STREET,2001-01-10,"SERIAL,DEE",,1974-02-02,M,,,
SYNTHETIC,BA103001.0,1.0,ELM STREET,2001-01-10,"FLOAT,EVA",,1980-05-01 00:00:00,M,,,
""",
    "counts.csv": HEADERS["la_court_counts"]
    + b"""SYNTHETIC,CR-19-123,01,01,11359 HS,11359 HS,2001-01-01,FELONY,GUILTY,CONVICTED,2001-03-01
SYNTHETIC,CR-19-124,01,01,11358 HS,11358 HS,2001-01-01,FELONY,GUILTY,CONVICTED,2001-03-01
SYNTHETIC,19-001,01,01,11359 HS,11359 HS,2001-01-01,FELONY,GUILTY,CONVICTED,2001-03-01
SYNTHETIC,19-002,01,01,11358 HS,11358 HS,2001-01-01,FELONY,GUILTY,CONVICTED,2001-03-01
SYNTHETIC,BA103001,01,1.0,11359 HS,11359 HS,2001-01-01,FELONY,GUILTY,CONVICTED,2001-03-01T12:00:00
""",
}
EVENTS = (
    HEADERS["relief_events"]
    + b"""SYNTHETIC,one,order_signed,2020-02-11T08:30:00-08:00,,,,CR-19-124,1.0,1.0,,dismissal,,
SYNTHETIC,two,order_signed,2020-02-12 24:61,,,,Case No. BA 103001-01,,01,,dismissal,,
"""
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Every table in five kinds of file, the reported faults with numbers, and a county with its own rule."""
    desk = Desk(tmp_path_factory.mktemp("numbers"))
    lay(desk, ORANGE)
    for source in ("ca_doj", "la_court", "relief_events", "review_decisions"):
        for table in load_source(source).tables:
            rows = [values_of(table, number) for number in range(3)]
            landed = {}
            for kind in ("plain", "point", "marked", "float", "decimal"):
                ending = "parquet" if kind in {"float", "decimal"} else "csv"
                path = written(kind, table, rows, desk.inbox / f"{table.name}_{kind}.{ending}")
                (landed[kind],) = desk.land(path, source=source)
            assert landed["decimal"].delivery_id == landed["float"].delivery_id  # same text, so one delivery
    for name, data in FAULT_10.items():
        land_court(desk, data, name)
    land_court(desk, CASES.replace(b"17CF0001,01", b"Case No. 17CF-0001-02,"), "orange_cases.csv")
    land_court(desk, COUNTS.replace(b"17CF0001,01", b"17 cf 0001-02,"), "orange_counts.csv")
    desk.land(desk.put("events.csv", EVENTS), source="relief_events")
    build(desk.home, target="duckdb", county="LOS ANGELES", evaluated_as_of=date(2020, 3, 1), report=quiet)
    return desk


@pytest.mark.parametrize("table", STAGED)
def test_every_kind_of_file_gives_the_same_rows(built: Desk, table: str) -> None:
    for model in STAGED[table]:
        columns = [
            name
            for name, *_ in built.rows(f"describe staging.{model}")
            # Leave out the columns that keep the file's own text for the older tool and for lists.
            if name not in {"delivery_id", "decision_key"} and not name.endswith("_raw")
        ]
        rows = built.rows(
            f"select file_name, row_no, staged.{', staged.'.join(columns)} from staging.{model} as staged "
            "inner join raw.deliveries as deliveries using (delivery_id) where file_name like ? order by 1, 2",
            f"{table}_%",
        )
        by_file: dict[str, list[tuple]] = {}
        for name, *rest in rows:
            by_file.setdefault(name, []).append(tuple(rest))
        assert len(by_file) == 4
        plain = by_file[f"{table}_plain.csv"]
        assert len(plain) == 3
        for name, found in by_file.items():
            for at, column in enumerate(["row_no", *columns]):
                assert [row[at] for row in found] == [row[at] for row in plain], (model, name, column)


def test_year_and_serial_numbers_are_cases_of_their_own(built: Desk) -> None:
    assert built.rows(
        "select case_number, defendant_name, is_number_shared from intermediate.int_court__cases "
        "where defendant_name like 'NUMBER%' or defendant_name like 'SERIAL%' order by 1"
    ) == [
        ("19-001", "SERIAL,CAL", False),
        ("19-002", "SERIAL,DEE", False),
        ("CR-19-123", "NUMBER,ADA", False),
        ("CR-19-124", "NUMBER,BEN", False),
    ]
    assert built.rows(
        "select count(distinct case_key), count(distinct person_key), count(*) from marts.fct_convictions "
        "where regexp_matches(case_key, 'CR-19-12[34]|19-00[12]')"
    ) == [(4, 4, 4)]


def test_floats_make_no_other_case_and_no_other_count(built: Desk) -> None:
    assert built.rows(
        "select cases.case_defendant_key, cases.birth_date, counts.count_number, "
        "cast(counts.conviction_date as varchar) "
        "from intermediate.int_court__cases as cases "
        "inner join intermediate.int_convictions__court as counts using (case_defendant_key) "
        "where cases.defendant_name = 'FLOAT,EVA'"
    ) == [("BA103001|01", date(1980, 5, 1), "1", "2001-03-01")]


def test_events_name_cases_by_the_evaluated_countys_rule(built: Desk) -> None:
    assert built.rows(
        "select events.case_number, cast(events.event_date as varchar), convictions.case_key "
        "from staging.stg_relief_events__events as events "
        "inner join marts.fct_relief_events as matched using (delivery_id, row_no) "
        "inner join marts.fct_convictions as convictions using (conviction_key) "
        "where events.event_id in ('one', 'two') order by 1"
    ) == [
        ("BA103001", None, "LOS ANGELES|BA103001"),
        ("CR-19-124", "2020-02-11", "LOS ANGELES|CR-19-124"),
    ]
    assert ("event_date_unreadable", 1) in built.rows(
        "select finding, count(*) from quality.audit_implausible_dates where source = 'relief_events' group by 1"
    )


def test_another_countys_layout_cuts_its_own_numbers(built: Desk) -> None:
    assert built.rows(
        "select case_defendant_key from intermediate.int_court__cases where county_name = 'ORANGE' order by 1"
    ) == [("ORANGE 17CF0001|02",), ("ORANGE BA100001|01",)]
    assert built.rows(
        "select count(*) from quality.audit_court_cases "
        "where county_name = 'ORANGE' and finding = 'court_counts_without_case'"
    ) == [(0,)]


def test_a_county_that_is_written_otherwise_is_listed_and_not_evaluated(built: Desk) -> None:
    assert built.rows(
        "select county_text, likely_county_name, is_read, finding, conviction_rows >= convictions, convictions > 0 "
        "from quality.audit_county_spellings"
    ) == [("LOS ANGELES CO", "LOS ANGELES", False, "county_not_in_list", True, True)]
    counted = "select findings > 0 from quality.audit_counts where finding = 'county_not_in_list'"
    assert built.rows(counted) == [(True,)]
    assert built.rows(
        "select count(*) from marts.fct_convictions where county_name = 'LOS ANGELES CO' and is_in_county"
    ) == [(0,)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def rules(desk: Desk) -> dict[str, tuple]:
    return {name: rest for name, *rest in desk.rows("select * from raw.case_number_rules order by 1")}


def test_a_layouts_rule_is_kept_as_it_is_at_the_last_landing(desk: Desk) -> None:
    lay(desk, ORANGE)
    land_court(desk, CASES)
    kept = rules(desk)
    assert kept["ORANGE"] == [" 99AA9999 ", True, "^((?:CASE|NO)[^A-Z0-9]+)+"]
    assert " AA999999 " in kept["LOS ANGELES"][0]
    lay(desk, LAYOUT)
    land_court(desk, COUNTS, "counts.csv")
    assert set(rules(desk)) == {"LOS ANGELES"}  # without this key, case numbers are not cut


def test_a_county_has_one_rule_whichever_of_its_layouts_has_it(desk: Desk) -> None:
    newer = LAYOUT.replace("GENDER", "SEX")
    lay(desk, ORANGE)
    lay(desk, newer, "orange_2025.yml")
    land_court(desk, CASES.replace(b"GENDER", b"SEX"))
    assert rules(desk)["ORANGE"][0] == " 99AA9999 "
    lay(desk, newer + "case_numbers: {shapes: [99-9999]}\n", "orange_2025.yml")
    with pytest.raises(ReliefError, match=r"orange_2025.yml and orange_2024.yml have different case_numbers"):
        land_court(desk, COUNTS, "counts.csv")
    lay(
        desk,
        LAYOUT.replace("Orange County\n", "Los Angeles\n", 1) + "case_numbers: {shapes: [99]}\n",
        "orange_2025.yml",
    )
    with pytest.raises(ReliefError, match=r"orange_2025.yml and la_court.yml have different case_numbers"):
        land_court(desk, COUNTS, "counts.csv")


MISTAKES = {
    "no mapping": ("case_numbers: [AA99]", "case_numbers is a mapping with shapes, defendant_suffix"),
    "an unknown key": (
        "case_numbers: {shape: [AA99]}",
        "shape is not known; case_numbers has shapes, defendant_suffix",
    ),
    "no list": ("case_numbers: {shapes: AA99}", "shapes is a list"),
    "an empty shape": ("case_numbers: {shapes: ['']}", "shapes is a list"),
    "letters in a shape": ("case_numbers: {shapes: [BA999999]}", "'BA999999' is not a shape; write A for a letter"),
    "no digit": ("case_numbers: {shapes: [AAA]}", "'AAA' is not a shape"),
    "an unknown suffix": ("case_numbers: {shapes: [AA99], defendant_suffix: yes}", "is hyphen_2_or_3_digits or none"),
    "a suffix of no shape": ("case_numbers: {defendant_suffix: hyphen_2_or_3_digits}", "write `shapes`"),
    "a prefix that is no word": ("case_numbers: {prefix_words: ['No.']}", "write words of letters"),
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_rule_is_one_line_with_its_layout(desk: Desk, text: str, says: str) -> None:
    lay(desk, f"{LAYOUT}{text}\n")
    with pytest.raises(ReliefError) as refused:
        land_court(desk, CASES)
    assert says in str(refused.value)
    assert str(refused.value).startswith("orange_2024.yml, line 21: ")
    assert "\n" not in str(refused.value)
