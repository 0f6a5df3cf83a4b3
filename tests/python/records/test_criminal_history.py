"""The criminal history in depth, from file to models: no row is lost, and each row and its conviction are linked."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from relief.building.build import build
from relief.home import Home
from relief.landing import land
from tests.python.support import doj_file
from tests.python.support.doj_file import row
from tests.python.support.warehouse import CMR, quiet

DAY = date(2020, 7, 1)

# Each person is one case, which the comment describes.
OLDER = [
    row("1", cii_number="A10000001", pri_name="DOE,JO", pri_dob="19800115"),
    row("1", number=2, cii_number="A10000001", pri_name="DOE,JO", disp_descr="DISMISSED", conv_stat_descr=""),
]
NEWER = [
    # Person 1: the older delivery has the first count too; a sentence part of count 1 comes after one of count 3
    row("1", cii_number="A10000001", pri_name="ROE,JO", sent_length="2", sent_time_code="Y", sent_loc_descr="PRISON",
        conv_offense_descr="11357(B) HS-POSS MARIJ 28.5-", conv_offense_toc="M", conv_offense_qual_lst="BI"),
    row("1", number=3, cii_number="A10000001", offense_descr="459 PC-BURGLARY", sent_length="30", sent_time_code="D"),
    row("1", cii_number="A10000001", pri_name="ROE,JO", sent_length="6", sent_time_code="M", sent_loc_descr="JAIL"),
    row("1", cycle=102, cii_number="A10000001", stp_type_descr="REGISTRATION", offense_descr="290(A) PC-REG",
        disp_descr="", conv_stat_descr="", stp_event_date="20100000"),
    # Person 2: the charge is in the comment, and the conviction is for another subdivision
    row("2", offense_descr="SEE COMMENT FOR CHARGE", comment_text="11357(A) HS", disp_offense_descr="11357(B) HS"),
    row("2", cycle=102, stp_type_descr="ARREST/DETAINED/CITED", disp_descr="CONVICTED"),
    # one row without a person, and one without a valid count
    row(""),
    row("3") | {"cnt_order": "1010010010"},
]  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("history")
    home = Home(folder / "home")
    for name, rows, as_of in (("older", OLDER, date(2019, 1, 1)), ("newer", NEWER, DAY)):
        land(home, "ca_doj", [doj_file.write(folder / f"{name}.csv", rows)], as_of, None, quiet)
    for name in ("configurable", "los_angeles"):
        land(home, "ca_doj", [CMR / name / "input.csv"], DAY, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=DAY, report=quiet)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        connection.execute("set search_path = 'intermediate,marts,quality,staging,raw'")
        yield connection


def answers(history: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return history.execute(sql).fetchall()


def test_counts_hold_every_row_that_counts_once(history: duckdb.DuckDBPyConnection) -> None:
    counted = answers(
        history,
        """
        select count(*) = count(distinct subject_key || '|' || count_key), sum(row_count), count(doj_conviction_key)
        from int_convictions__criminal_history_counts
        """,
    )
    rows = answers(history, "select count(*) from int_criminal_history__rows")
    convictions = answers(history, "select count(*) from int_convictions__criminal_history")
    assert counted == [(True, *rows[0], *convictions[0])]


def test_sentence_parts_of_all_counts_are_the_rows_with_a_part(history: duckdb.DuckDBPyConnection) -> None:
    parts = answers(
        history, "select count(*), count(distinct (delivery_id, row_no)) from int_convictions__sentence_parts"
    )
    by_count = answers(history, "select sum(sentence_parts) from int_convictions__criminal_history_counts")
    with_text = answers(
        history,
        """
        select count(*) from ca_doj inner join int_criminal_history__rows using (delivery_id, row_no)
        where trim(ca_doj.sent_order || ca_doj.sent_loc_code || ca_doj.sent_loc_descr || ca_doj.sent_length
            || ca_doj.sent_time_code) <> ''
        """,
    )
    assert parts == [(*by_count[0], *by_count[0])]
    assert by_count == with_text


def test_a_sentence_goes_to_its_own_count(history: duckdb.DuckDBPyConnection) -> None:
    parts = answers(
        history,
        """
        select substr(count_key, 7, 3), part_no, sentence_place_name, sentence_length, sentence_unit
        from int_convictions__sentence_parts
        where subject_key = 'cii:A10000001' order by row_no
        """,
    )
    assert parts == [
        ("001", 1, "PRISON", 2, "years"),
        ("003", 1, None, 30, "days"),
        ("001", 2, "JAIL", 6, "months"),
    ]


def test_the_convicted_offense_is_compared_with_the_charged_one(history: duckdb.DuckDBPyConnection) -> None:
    found = answers(
        history,
        """
        select convicted_offense_source, charge_text, charged_convicted_difference, is_charged_prop_64, finding
        from audit_charged_not_convicted order by charge_text
        """,
    )
    assert found == [
        ("DISP_OFFENSE", "11357(A) HS", "different_subdivision", True, "convicted_other_than_charged"),
        (
            "CONV_OFFENSE",
            "11359 HS-POSSESS MARIJUANA FOR SALE",
            "different_section",
            True,
            "convicted_other_than_charged",
        ),
    ]
    counted = answers(history, "select findings from audit_counts where finding = 'convicted_other_than_charged'")
    assert counted == [(2,)]


def test_a_qualifier_may_say_attempt(history: duckdb.DuckDBPyConnection) -> None:
    found = answers(
        history,
        """
        select counts.count_key, qualifiers.qualifier_group
        from int_convictions__criminal_history_counts as counts
        inner join int_criminal_history__qualifiers as qualifiers
            on counts.convicted_qualifier_list = qualifiers.qualifier_list
        where qualifiers.is_attempt
        """,
    )
    assert found == [("101001001000", "ATTEMPT")]


def test_a_charge_in_the_comment_is_said(history: duckdb.DuckDBPyConnection) -> None:
    found = answers(
        history,
        """
        select is_charge_in_comment, charge_text from int_convictions__criminal_history_counts
        where subject_key like '%:2' and is_convicted
        """,
    )
    assert (True, "11357(A) HS") in found


def test_names_of_all_deliveries_stay(history: duckdb.DuckDBPyConnection) -> None:
    names = answers(
        history,
        """
        select subject_name, row_count from int_criminal_history__names
        where subject_key = 'cii:A10000001' order by subject_name
        """,
    )
    assert names == [("DOE,JO", 2), ("ROE,JO", 2)]


def test_a_registration_is_an_event_with_no_guess_at_its_date(history: duckdb.DuckDBPyConnection) -> None:
    events = answers(
        history,
        """
        select event_type, event_date, charge_text, is_sex_offender_registration
        from int_criminal_history__events where subject_key = 'cii:A10000001'
        """,
    )
    assert events == [("registration", None, "290(A) PC-REG", True)]


def test_every_row_says_what_it_is_and_what_does_not_count_says_why(history: duckdb.DuckDBPyConnection) -> None:
    rows = answers(
        history,
        """
        select deliveries.file_name, rows.row_no, rows.row_role, rows.not_evaluated_reason, rows.reached_by
        from fct_criminal_history_rows as rows
        inner join deliveries on rows.delivery_id = deliveries.delivery_id
        where deliveries.file_name in ('older.csv', 'newer.csv')
        order by deliveries.file_name desc, rows.row_no
        """,
    )
    assert rows == [
        ("older.csv", 1, "not_counted", "superseded_count", "subject"),
        ("older.csv", 2, "court_count", None, "step"),
        ("newer.csv", 1, "conviction", None, "count"),
        ("newer.csv", 2, "conviction", None, "count"),
        ("newer.csv", 3, "sentence_part", None, "count"),
        ("newer.csv", 4, "registration", None, "subject"),
        ("newer.csv", 5, "conviction", None, "count"),
        ("newer.csv", 6, "arrest", "convicted_text_on_arrest", "subject"),
        ("newer.csv", 7, "not_counted", "subject_id_blank", None),
        ("newer.csv", 8, "conviction", "count_order_invalid", "count"),
    ]


def test_from_a_conviction_to_its_rows_is_the_way_back(history: duckdb.DuckDBPyConnection) -> None:
    there = """
        select doj_conviction_key, delivery_id, row_no from int_convictions__criminal_history_rows
        where reached_by = 'count'
    """
    back = "select conviction_key, delivery_id, row_no from fct_criminal_history_rows where conviction_key is not null"
    assert answers(history, f"({there}) except ({back})") == []
    assert answers(history, f"({back}) except ({there})") == []
    nearest = """
        select delivery_id, row_no, min(case reached_by when 'count' then 1 when 'step' then 2 else 3 end)
        from int_convictions__criminal_history_rows group by all
    """
    said = """
        select delivery_id, row_no, case reached_by when 'count' then 1 when 'step' then 2 else 3 end
        from fct_criminal_history_rows where reached_by in ('count', 'step', 'cycle')
    """
    assert answers(history, f"({nearest}) except ({said})") == []
    assert answers(history, f"({said}) except ({nearest})") == []


def test_identifiers_reach_nothing_that_is_published(history: duckdb.DuckDBPyConnection) -> None:
    columns = answers(
        history,
        """
        select table_schema, table_name from information_schema.columns
        where table_schema in ('marts', 'reporting', 'quality')
            and (column_name like '%identifier%' or column_name in ('subject_name', 'ssn', 'fbi_number'))
        """,
    )
    assert columns == []
