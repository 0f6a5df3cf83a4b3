"""The dashboard's sentences, marks and downloads, tested one by one."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from dashboards.components.cells import Cell, Filters, known_years, load_years
from dashboards.components.data import Release, ReleaseInfo, StageCount, current_release, load_info, load_stages
from dashboards.components.downloads import (
    file_name,
    progress_csv,
    public_release,
    years_csv,
    years_picture,
)
from dashboards.components.findings import finding
from dashboards.components.picture import Bar, bars_svg
from dashboards.components.status import age
from dashboards.components.words import link, number, percent, plain, share
from relief.text import FORMULA_STARTS
from tests.python.support.release_files import Numbers, write_release


@pytest.fixture
def release(tmp_path: Path) -> Release:
    write_release(tmp_path, Numbers(order_years={"2020": 5_000, "2021": 8, "2023": 40, "unknown": 3}))
    found = current_release(tmp_path / "releases")
    assert found is not None
    return found


@pytest.fixture
def info(release: Release) -> ReleaseInfo:
    return public_release(release)[1]


def stage(counted: int | None, low: int | None = None, high: int | None = None) -> StageCount:
    return StageCount(
        1, "First wave", "convictions", 2, "order_signed", "Order signed", 66_000, date(2020, 2, 13), "Press",
        "https://example.org", counted, counted if low is None else low, counted if high is None else high,
        date(2021, 12, 31),
    )  # fmt: skip


def rows_of(written: str) -> tuple[list[str], list[dict[str, str]]]:
    """The notes and the table of a download, as a spreadsheet program reads them."""
    rows = list(csv.reader(written.splitlines()))
    notes = [row for row in rows if row[0].startswith("#")]
    assert all(len(note) == 1 for note in notes)
    header, *table = rows[len(notes) :]
    return [note[0] for note in notes], [dict(zip(header, row, strict=True)) for row in table]


def texts_of(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314  (the picture is our own)
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


def test_a_share_never_rounds_up_to_all_or_down_to_none() -> None:
    assert share(65_009, 66_000) == "98.5%"  # 98.498% is rounded, not cut off
    assert share(1_970, 2_000) == "98.5%"
    assert share(1, 2_000) == "0.1%"  # half a tenth is rounded up
    assert percent(0.98497) == "98.5%"
    assert share(65_999, 66_000) == "more than 99.9%"
    assert share(66_001, 66_000) == "more than 100.0%"
    assert share(66_000, 66_000) == "100.0%"
    assert share(66_660, 66_000) == "101.0%"
    assert share(1, 66_000) == "less than 0.1%"
    assert share(0, 66_000) == "0.0%"
    assert share(None, 66_000) == "cannot tell"
    assert share(5, None) == "cannot tell"


def test_numbers_have_thousands_and_none_is_not_zero() -> None:
    assert number(66_000) == "66,000"
    assert number(32.5) == "32.5"
    assert number(None) == "cannot tell"


def test_the_finding_covers_no_count_a_count_and_a_range() -> None:
    assert "nothing to set beside" in finding([])
    assert "cannot be told yet" in finding([stage(None)])
    assert "**10** of the **66,000** convictions announced in 2020 (less than 0.1%)" in finding([stage(10)])
    assert "**33,000 to 34,000** of the" in finding([stage(33_500, 33_000, 34_000)])


def test_plain_text_escapes_every_mark() -> None:
    assert plain("a*b") == r"a\*b"
    assert plain("[x](y)") == r"\[x\]\(y\)"
    assert plain("two\n# lines") == r"two \# lines"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", None, "file:///etc/passwd", "https:"])
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert link("source", address) == "source"


def test_an_address_cannot_end_its_link_early() -> None:
    assert link("s", "https://example.org/a) ![x](http://x/y.png") == (
        "[s](https://example.org/a%29%20%21%5Bx%5D%28http://x/y.png)"
    )


def test_a_year_between_two_years_is_zero_and_unknown_is_apart() -> None:
    cells = (Cell("all", "all", 12), Cell("2000", "all", 5), Cell("2002", "all", 4), Cell("unknown", "all", 3))
    assert [(cell.year, cell.dismissals) for cell in known_years(cells)] == [("2000", 5), ("2001", 0), ("2002", 4)]


def test_downloads_hold_the_public_figures_only(release: Release, info: ReleaseInfo) -> None:
    assert release.public is not None
    filters = Filters()
    exact = {cell.year: cell.dismissals for cell in load_years(release.leadership, filters)}
    assert exact["2021"] == 8
    written = years_csv(load_years(release.public, filters, marked=True), filters, info)
    notes, rows = rows_of(written)
    assert notes[0].startswith("# SYNTHETIC DATA")
    assert any("suppressed = " in line for line in notes)
    assert {row["offense"] for row in rows} == {"all"}
    years = {row["year"]: row for row in rows}
    assert (years["2021"]["dismissals"], years["2021"]["mark"]) == ("", "suppressed")
    assert (years["2020"]["dismissals"], years["2020"]["mark"]) == ("5000", "value")
    assert {row["unit"] for row in rows} == {"convictions"}


def test_the_progress_download_carries_units_marks_and_dates(release: Release, info: ReleaseInfo) -> None:
    assert release.public is not None
    _, rows = rows_of(progress_csv(load_stages(release.public, marked=True), info))
    assert len(rows) == 8
    assert {row["unit"] for row in rows} == {"convictions", "cases"}
    assert {row["mark"] for row in rows} == {"value"}
    assert {row["extract_as_of_date"] for row in rows} == {"2021-12-31"}


def test_a_download_carries_the_notice_of_the_public_file(release: Release) -> None:
    assert release.public is not None
    with duckdb.connect(release.public.path) as connection:
        connection.execute("update release_info set notice = 'SYNTHETIC DATA: the public one'")
    file, info = public_release(release)
    assert load_info(release.leadership, "leadership").notice != info.notice
    assert rows_of(progress_csv(load_stages(file, marked=True), info))[0][0] == "# SYNTHETIC DATA: the public one"
    svg = years_picture(load_years(file, Filters(), marked=True), Filters(), info)
    assert "SYNTHETIC DATA: the public one" in texts_of(svg)


@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", " ", "\r", "\n", "x\r", "x\n", 'x",', "x;"])
def test_no_cell_of_a_download_is_a_formula(info: ReleaseInfo, before: str, start: str) -> None:
    formula = f"{before}{start}=1+cmd"
    hostile = replace(info, county=f"x,{formula}", notice=f"{formula},{formula}", build_id=formula)
    written = progress_csv([replace(stage(5), wave_title=formula, stage=formula)], hostile)
    rows = list(csv.reader(io.StringIO(written)))
    assert not any(cell.startswith(FORMULA_STARTS) for row in rows for cell in row)
    assert "\r" not in written
    assert len(rows) == len(written.splitlines())
    notes = written.splitlines()[:-2]
    assert len(notes) > 5
    assert all(line.startswith('"# ') and line.endswith('"') for line in notes)


def test_a_download_is_named_by_what_it_is(info: ReleaseInfo) -> None:
    assert file_name("progress", info, "csv") == "SYNTHETIC_progress_public_as_of_2021-12-31.csv"


def test_the_picture_shows_no_suppressed_count_and_says_what_its_marks_mean(
    release: Release, info: ReleaseInfo
) -> None:
    assert release.public is not None
    filters = Filters()
    svg = years_picture(load_years(release.public, filters, marked=True), filters, info)
    texts = texts_of(svg)
    assert "8" not in texts
    assert texts.count("S") == 2
    assert "5,000" in texts
    assert any("S = suppressed" in line for line in texts)
    assert any(line.startswith("SYNTHETIC DATA") for line in texts)


def test_a_picture_is_well_formed_whatever_the_words() -> None:
    svg = bars_svg('<"title">', "a & b", [Bar("<x>", None, "missing"), Bar("1999", 0, "zero")], ["note <b>"])
    texts = texts_of(svg)
    assert {"<x>", "?", "0", "note <b>", '<"title">'} <= set(texts)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2022, 1, 1), ""),
        (date(2021, 12, 31), "The newest data are 101 days old. What happened since 2021-12-31 is in no figure here."),
        (date(2022, 5, 1), ""),
        (None, ""),
    ],
)
def test_old_data_are_said_to_be_old(as_of: date | None, said: str) -> None:
    assert age(as_of, date(2022, 4, 11)) == said
