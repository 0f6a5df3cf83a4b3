"""No delivered text is published: each released text is in its closed list, and no file contains a planted text."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from dashboards.components.cells import Filters, load_offenses, load_years
from dashboards.components.data import current_release as page_release
from dashboards.components.data import load_stages
from dashboards.components.downloads import (
    offenses_csv,
    progress_csv,
    public_release,
    standing_csv,
    years_csv,
    years_picture,
)
from relief.building.build import build
from relief.errors import ReliefError
from relief.export.ab1706 import export_ab1706
from relief.home import Home
from relief.publishing import Release, current_release, publish
from relief.publishing.closed import ClosedList, refuse_free_rows, refuse_free_text, seed, shape, words
from relief.publishing.closed_lists import AB1706, EXPORTS, RELEASED
from relief.publishing.county_policies import ACCEPTED, COUNTY_TITLE
from relief.publishing.tables import EXPORTED
from relief.publishing.words import KINDS
from relief.text import FORMULA_STARTS
from relief.validation.suites import load_suite
from synthetic.tables import DATA
from tests.python.publishing import planted, published_warehouse
from tests.python.support.warehouse import quiet


@pytest.fixture(scope="module")
def shifted(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release]:
    return planted.shifted_home(ran[0], tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def downloads(shifted: tuple[Home, Release]) -> dict[str, str]:
    """Every download of the pages, by its name."""
    release = page_release(shifted[0].releases)
    assert release is not None
    file, info = public_release(release)
    filters = Filters()
    years = load_years(file, filters, marked=True)
    return {
        "progress": progress_csv(load_stages(file, marked=True), info),
        "standing": standing_csv(file, info),
        "years": years_csv(years, filters, info),
        "offenses": offenses_csv(load_offenses(file, filters, marked=True), filters, info),
        "picture": years_picture(years, filters, info),
    }


@pytest.fixture(scope="module")
def ab1706(shifted: tuple[Home, Release], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shifted_ab1706") / "out"
    export_ab1706(shifted[0], planted.TYPED, out)
    return out


def tables(file: Path) -> Iterator[tuple[str, list[str], list[tuple[object, ...]]]]:
    """The name, columns and rows of every table of a release."""
    with duckdb.connect(str(file), read_only=True) as connection:
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            cursor = connection.execute(f"from {table}")
            yield table, [column[0] for column in cursor.description or []], cursor.fetchall()


def open_copy(file: Path) -> duckdb.DuckDBPyConnection:
    """A copy of a release in memory, which a test may change."""
    connection = duckdb.connect()
    connection.execute(f"attach '{file}' as original (read_only)")
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = 'original'"
    ).fetchall():
        connection.execute(f"create table memory.main.{table} as from original.main.{table}")
    connection.execute("detach original")
    return connection


def refused(connection: duckdb.DuckDBPyConnection, kind: str) -> str:
    with pytest.raises(ReliefError) as caught:
        refuse_free_text(connection, "memory", kind, RELEASED)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_a_release_is_in_the_list_declared_for_its_column(
    kind: str, shifted: tuple[Home, Release]
) -> None:
    """This test reads all tables, whatever publishing itself has checked."""
    home, release = shifted
    seen = 0
    for table, columns, rows in tables(home.releases / getattr(release, kind)):
        for place, column in enumerate(columns):
            texts = sorted({str(row[place]) for row in rows if isinstance(row[place], str)})
            if texts:
                assert column in RELEASED[table], f"{table}.{column}"
                assert all(RELEASED[table][column].holds(texts, kind)), f"{table}.{column}"
                seen += 1
    assert seen >= {"leadership": 70, "public": 38, "research": 38}[kind]


def test_a_column_or_a_table_without_a_list_is_refused(shifted: tuple[Home, Release]) -> None:
    home, release = shifted
    with open_copy(home.releases / release.public) as connection:
        refuse_free_text(connection, "memory", "public", RELEASED)
        connection.execute("alter table published_figures add column published_by varchar default 'A. Person'")
        assert "no closed list is declared for published_figures.published_by" in refused(connection, "public")
        connection.execute("alter table published_figures drop column published_by")
        connection.execute("create table cases as select ['QXZ'] as names, 3 as cases, date '2020-01-01' as day")
        message = refused(connection, "public")
        assert "no closed list is declared for cases.names" in message
        assert "cases.cases" not in message
        assert "QXZ" not in message


@pytest.mark.parametrize(
    "kind", ["public", pytest.param("leadership", marks=pytest.mark.full)]
)  # the leadership release takes 40 s
def test_an_identifier_in_any_text_column_is_refused_by_table_column_and_count(
    kind: str, shifted: tuple[Home, Release]
) -> None:
    home, release = shifted
    with open_copy(home.releases / getattr(release, kind)) as connection:
        texts = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where database_name = 'memory' and data_type = 'VARCHAR'"
        ).fetchall()
        for table, column in texts:
            if kind == "leadership" and RELEASED[table][column].is_inside:
                continue
            for plant in (planted.DELIVERED, "etienne", "A87589914", "87589914", "1980-01-01 "):
                connection.execute("begin")
                connection.execute(f"insert into {table} ({column}) select null where not exists (from {table})")
                connection.execute(
                    f"update {table} set {column} = ? where rowid = (select min(rowid) from {table})", [plant]
                )
                message = refused(connection, kind)
                connection.execute("rollback")
                assert f": 1 values of {table}.{column} are in no closed list" in message, (table, column)
                assert plant not in message


def test_nothing_that_was_planted_in_a_source_leaves(
    shifted: tuple[Home, Release], downloads: dict[str, str], ab1706: Path
) -> None:
    home, release = shifted
    told = {name: "" for name in (release.public, release.research, "current")}
    for kind in ("public", "research"):
        file = home.releases / getattr(release, kind)
        told[file.name] = repr([rows for _, _, rows in tables(file)]) + file.read_bytes().decode("latin-1")
    told["current"] = (home.releases / "current").read_text(encoding="utf-8")
    told |= downloads
    told[AB1706] = (ab1706 / f"{AB1706}.csv").read_text(encoding="utf-8")
    told["methodology"] = (ab1706 / "methodology.txt").read_text(encoding="utf-8")
    book = load_workbook(ab1706 / f"{AB1706}.xlsx", read_only=True)
    told["workbook"] = repr([[sheet.title, *sheet.iter_rows(values_only=True)] for sheet in book])
    for name, text in told.items():
        assert text, name
        assert not [sign for sign in planted.SIGNS if sign in text.lower()], name


def test_what_was_delivered_is_not_in_the_exact_release_either(shifted: tuple[Home, Release]) -> None:
    """Text that people typed is in the exact release, because they need it for their work."""
    home, release = shifted
    text = repr([rows for _, _, rows in tables(home.releases / release.leadership)]).lower()
    assert "qxzetienne" not in text
    assert "a87589914" not in text
    assert f"{planted.TYPED} title" in text


def test_a_courthouse_that_is_not_listed_is_other_and_apart_from_unknown(
    shifted: tuple[Home, Release], ran: tuple[Home, list[str]]
) -> None:
    home, _ = shifted
    asked = "select courthouse, convictions from reporting.rpt_relief_standing where standing = 'all'"
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        found = dict(connection.execute(asked).fetchall())
        audited = connection.execute(
            "select sum(rows_not_listed), sum(names_not_listed) from quality.audit_courthouses_not_listed"
        ).fetchone()
        [(counted,)] = connection.execute(
            "select findings from quality.audit_counts where finding = 'courthouse_not_listed'"
        ).fetchall()
        listed = connection.execute("select comparable_name from marts.dim_courthouses where is_listed").fetchall()
    assert found["other"] > 0
    assert audited == (counted, 1)
    assert counted >= planted.COURTHOUSES
    [check] = [check for check in load_suite("landed").checks if check.name == "Courthouses of court cases are listed"]
    assert set(check.kwargs["value_set"]) == {name for (name,) in listed}
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        assert "other" not in dict(connection.execute(asked).fetchall())


def test_every_courthouse_of_the_synthetic_extracts_is_listed() -> None:
    """The seed holds every courthouse of the generator, so that `other` is 0 at any scale."""
    listed = seed("reference/courthouses.csv", "courthouse_name", upper=True)
    with (DATA / "courthouses.csv").open(newline="", encoding="utf-8") as file:
        assert all(listed.holds([row["courthouse"] for row in csv.DictReader(file)], "public"))


def test_a_policy_of_the_county_leaves_by_number(shifted: tuple[Home, Release], ab1706: Path) -> None:
    home, release = shifted
    asked = "select distinct basis from rpt_people_outcomes where basis_type = 'policy'"
    with duckdb.connect(str(home.releases / release.public), read_only=True) as connection:
        public = {basis for (basis,) in connection.execute(asked).fetchall()}
    with duckdb.connect(str(home.releases / release.leadership), read_only=True) as connection:
        exact = {basis for (basis,) in connection.execute(asked).fetchall()}
    assert exact - public == {planted.TYPED, planted.TYPED + "_2"}
    assert public - exact == {"county_policy_1", "county_policy_2"}
    with (ab1706 / f"{AB1706}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["policy_id"], row["policy_version"]) for row in rows} == {("county_policy_1", ACCEPTED)}
    assert COUNTY_TITLE in (ab1706 / "methodology.txt").read_text(encoding="utf-8")
    assert planted.TYPED in (ab1706 / "ab1706_internal.csv").read_text(encoding="utf-8")


def test_a_download_holds_texts_of_the_lists_and_starts_no_formula(downloads: dict[str, str]) -> None:
    of = {"progress": "rpt_progress_toward_published_totals", "standing": "rpt_relief_standing"}
    of |= dict.fromkeys(("years", "offenses"), "rpt_dismissals_by_year_and_offense")
    for name, table in of.items():
        rows = [row for row in csv.reader(io.StringIO(downloads[name])) if not row[0].startswith("#")]
        header, *body = rows
        assert body
        for place, column in enumerate(header):
            texts = {row[place] for row in body} - {""}
            assert not [text for text in texts if text.startswith(FORMULA_STARTS)], column
            if column in RELEASED[table]:
                assert all(RELEASED[table][column].holds(texts, "public")), column
            else:
                assert all(text in {"True", "False"} or not text[:1].isalpha() for text in texts), column


def test_the_public_ab1706_files_are_checked_as_they_were_written() -> None:
    columns = ["county", "race", "convictions", "mark"]
    refuse_free_rows(AB1706, columns, [["LOS ANGELES", "all", "", "suppressed"]], EXPORTS)
    with pytest.raises(ReliefError, match=r"1 values of ab1706_public\.race are in no closed list") as caught:
        refuse_free_rows(AB1706, columns, [["LOS ANGELES", planted.DELIVERED, "12", "value"]], EXPORTS)
    assert "QXZ" not in str(caught.value)
    with pytest.raises(ReliefError, match=r"no closed list is declared for ab1706_public\.remark"):
        refuse_free_rows(AB1706, ["remark"], [["value"]], EXPORTS)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("reporting.rpt_relief_standing", "courthouse"),
        ("reporting.rpt_dismissals_by_year_and_offense", "offense"),
        ("reference.published_figures", "note"),
        ("meta.builds", "county"),
    ],
)
def test_a_refused_release_leaves_everything_as_it_was(table: str, column: str, tmp_path: Path) -> None:
    published_warehouse.build(tmp_path / "warehouse.duckdb")
    home = Home(tmp_path)
    before = publish(home, None, quiet)
    kept = {path.name for path in home.releases.iterdir()}
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(f"update {table} set {column} = ?", [planted.DELIVERED])
    with pytest.raises(ReliefError, match=rf"is not published: [0-9]+ values of [a-z_]+\.{column}") as caught:
        publish(home, None, quiet)
    assert "QXZ" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert current_release(home) == before
    assert {path.name for path in home.releases.iterdir()} == kept


def test_every_table_that_is_released_has_its_lists() -> None:
    assert {table.name for table in EXPORTED} <= set(RELEASED)
    for columns in RELEASED.values():
        for column, closed in columns.items():
            assert isinstance(closed, ClosedList), column


def test_what_people_typed_is_held_inside_only() -> None:
    inside = words("a") | ClosedList(is_inside=True)
    assert inside.holds(["a", "typed"], "leadership") == [True, True]
    assert inside.holds(["a", "typed"], "public") == [True, False]
    assert shape("[0-9]{4}").holds(["1999", "19990", "1999\n", "", "१९९९"], "public") == [True, *[False] * 4]
    assert seed("reference/courthouses.csv", "courthouse_name", upper=True).holds(["AIRPORT COURTHOUSE"], "public") == [
        True
    ]


@pytest.mark.parametrize("county", ["QXZETIENNE,ASHTON", "OREGON", "", "L.A.", "19"])
def test_a_county_that_is_none_of_the_58_is_refused_before_anything_is_made(county: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(ReliefError, match="none of the 58 counties") as caught:
        build(home, target="duckdb", county=county, evaluated_as_of=None, report=quiet)
    assert "QXZ" not in str(caught.value)
    assert not home.path.exists()
