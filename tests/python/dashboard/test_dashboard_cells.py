"""Every number on a page equals SQL on the release, and every download holds the same rows as the table above it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components.cells import Filters, known_years, load_offenses, load_years, one
from dashboards.components.data import Release, current_release, load_stages
from dashboards.components.downloads import offenses_csv, progress_csv, public_release, standing_csv, years_csv
from relief.home import PROJECT_DIR
from tests.python.dashboard.test_dashboard import BY_YEAR, OVERVIEW, PROGRESS, STUCK
from tests.python.support.release_files import write_release

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_release(folder)
    return folder


@pytest.fixture
def ask(home: Path) -> Ask:
    """Run SQL on the leadership release."""
    file = next((home / "releases").glob("leadership-*.duckdb"))

    def asked(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return asked


@pytest.fixture
def opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    monkeypatch.setenv("RELIEF_HOME", str(home))

    def open_page(page: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=60).run()
        return app if page == OVERVIEW else app.switch_page(page).run()

    return open_page


@pytest.fixture
def release(home: Path) -> Release:
    found = current_release(home / "releases")
    assert found
    return found


def table(app: AppTest, column: str) -> Any:
    """The only table of a page that has this column."""
    (found,) = [part.value for part in app.table if column in part.value.columns]
    return found


def columns(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    """Rows as SQL returns them: text without its escapes, numbers as numbers, and None for a missing number."""
    rows = frame[list(names)].astype(object).where(frame[list(names)].notna(), None).itertuples(index=False)
    return [tuple(cell.replace("\\", "") if isinstance(cell, str) else cell for cell in row) for row in rows]


def test_the_cards_of_the_overview_equal_sql(opened: Callable[[str], AppTest], ask: Ask) -> None:
    shown = [metric.value.replace("\\", "") for metric in opened(OVERVIEW).metric]
    (wave_1,), (wave_2,) = (
        ask(
            "select case when counted_low = counted_high then format('{:,}', counted) "
            "else format('{:,} to {:,}', counted_low, counted_high) end "
            f"from rpt_progress_toward_published_totals where stage = 'order_signed' and wave_number = {wave}"
        )[0]
        for wave in (1, 2)
    )
    ((visible, late, unsure),) = ask(
        "select max(counted) filter (where stage = 'doj_updated'), sum(stuck_here), sum(stuck_here + stuck_unknown) "
        "from rpt_relief_funnel where wave = 'all'"
    )
    assert shown == [wave_1, wave_2, f"{visible:,}", f"{late:,} to {unsure:,}"]


def test_the_bar_of_the_overview_adds_up_to_the_convictions_in_review(
    opened: Callable[[str], AppTest], ask: Ask
) -> None:
    (legend,) = [part.proto.body for part in opened(OVERVIEW).get("html") if "<ul" in part.proto.body]
    whole, *parts = [int(piece.partition("</b>")[0].replace(",", "")) for piece in legend.split("<b>")[1:]]
    assert whole == sum(parts)
    assert [(whole,)] == ask("select counted from rpt_relief_funnel where wave = 'all' and stage = 'identified'")
    assert [tuple(parts)] == ask(
        "select max(counted) filter (where stage = 'doj_updated'), "
        "sum(waiting_here) - sum(stuck_here) - sum(stuck_unknown), sum(stuck_here), sum(stuck_unknown), "
        "sum(ended_here) from rpt_relief_funnel where wave = 'all'"
    )


def test_the_months_equal_sql_and_end_at_the_count_of_the_wave(opened: Callable[[str], AppTest], ask: Ask) -> None:
    app = opened(OVERVIEW)
    for wave, unit in ((1, "Convictions"), (2, "Cases")):
        found = columns(table(app, f"{unit} ordered"), f"{unit} ordered", "So far")
        of_wave = f"where wave_number = {wave}"
        assert found == ask(f"select ordered, ordered_so_far from rpt_orders_by_month {of_wave} order by order_month")
        counted = f"select counted from rpt_progress_toward_published_totals {of_wave} and stage = 'order_signed'"
        assert [(found[-1][1],)] == ask(counted)


def test_the_tables_of_progress_equal_sql(opened: Callable[[str], AppTest], ask: Ask) -> None:
    app = opened(PROGRESS)
    for wave, unit in ((1, "convictions"), (2, "cases")):
        assert columns(table(app, f"Counted ({unit})"), "Stage", f"Counted ({unit})") == ask(
            "select stage_title, counted from rpt_progress_toward_published_totals "
            f"where wave_number = {wave} order by stage_number"
        )
    outcomes = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years")
    spans = ", ".join(f"format('{{:,}} ({{:,}} to {{:,}})', {one}, {one}_low, {one}_high)" for one in outcomes)
    (expected,) = ask(
        f"select {spans}, format('{{:,}}', cannot_tell) from rpt_people_outcomes where basis_type = 'orders'"
    )
    people = table(app, "After the orders that were signed")
    assert [row[0] for row in columns(people, people.columns[1])] == list(expected)
    assert columns(table(app, "Waiting"), "Sent to an attorney", "Decided", "Settled by a court", "Waiting") == ask(
        "select to_review, decided, settled, waiting from rpt_review_progress where review_reason = 'all'"
    )


def test_the_tables_by_year_equal_sql(opened: Callable[[str], AppTest], ask: Ask) -> None:
    app = opened(BY_YEAR)
    where = (
        "from rpt_dismissals_by_year_and_offense where year_basis = 'relief_order_year' and unit = 'convictions' "
        "and wave = 'all' and level = 'all'"
    )
    years = ask(f"select dismissals {where} and offense = 'all' order by year <> 'all', year <> 'unknown', year desc")
    assert columns(table(app, "Year"), "Convictions") == years
    offenses = ask(f"select dismissals {where} and offense <> 'all' and year = 'all' order by offense")
    assert columns(table(app, "Offense"), "Convictions") == offenses


def test_the_tables_of_what_is_stuck_equal_sql(opened: Callable[[str], AppTest], ask: Ask) -> None:
    app = opened(STUCK)
    total, *stages = columns(table(app, "Limit (days)"), "Waiting", "Past the limit", "Day unknown")
    assert sorted(stages) == sorted(
        ask("select waiting, stuck, cannot_tell from rpt_stuck_convictions where courthouse = 'all'")
    )
    assert [total] == ask(
        "select sum(waiting), sum(stuck), sum(cannot_tell) from rpt_stuck_convictions where courthouse = 'all'"
    )
    whole, *points = columns(table(app, "Last point reached"), "Convictions")
    assert [whole] == ask("select convictions from rpt_relief_standing where courthouse = 'all' and standing = 'all'")
    assert whole == (sum(count for (count,) in points),)
    for title, group, order in (
        ("By courthouse", "courthouse", "rpt_relief_by_courthouse"),
        ("By race", "race", "rpt_relief_by_race_sex_age where sex = 'all' and age_band = 'all'"),
    ):
        found = columns(table(app, title), "In review", "Order signed")
        rows = ask(
            f"select in_review, format('{{:.1f}}%', 100.0 * counted / in_review) from {order} "
            f"{'and' if 'where' in order else 'where'} stage = 'order_signed' "
            f"order by {group} <> 'all', {group} = 'unknown', {group}"
        )
        assert found == rows


def test_ages_stand_from_young_to_old(opened: Callable[[str], AppTest]) -> None:
    ages = table(opened(STUCK), "By age at the day of evaluation")["By age at the day of evaluation"]
    assert [age.replace("\\", "") for age in ages] == ["All", "Under 21", "21-34", "35-49", "50 and older", "Unknown"]


def rows_of(written: str) -> list[dict[str, str]]:
    """The table of a download, without the notes above it."""
    return list(csv.DictReader(line for line in written.splitlines() if not line.startswith('"#')))


def test_each_download_is_the_table_that_it_stands_below(opened: Callable[[str], AppTest], release: Release) -> None:
    file, info = public_release(release)
    filters = Filters()
    page = opened(BY_YEAR)
    years = rows_of(years_csv(load_years(file, filters, marked=True), filters, info))
    shown = {"all": "All years", "unknown": "Unknown year"}
    assert [(shown.get(row["year"], row["year"]),) for row in years] == columns(table(page, "Year"), "Year")
    exact = [count for (count,) in columns(table(page, "Year"), "Convictions")]
    assert [row["dismissals"] for row in years] == [
        "" if row["mark"] == "suppressed" else str(count) for row, count in zip(years, exact, strict=True)
    ]
    offenses = rows_of(offenses_csv(load_offenses(file, filters, marked=True), filters, info))
    assert [(int(row["dismissals"]),) for row in offenses] == columns(table(page, "Offense"), "Convictions")
    standing = rows_of(standing_csv(file, info))
    found = columns(table(opened(STUCK), "Last point reached"), "Convictions")
    assert [(int(row["convictions"]),) for row in standing] == found
    waves = [row for row in load_stages(file, marked=True) if row.wave_number == 2]
    progress = columns(table(opened(PROGRESS), "Counted (cases)"), "Counted (cases)")
    assert [(int(row["counted"]),) for row in rows_of(progress_csv(waves, info))] == progress


def test_a_year_without_a_row_is_a_zero_in_page_and_download_alike(release: Release) -> None:
    cells = load_years(release.leadership, Filters(year_basis="conviction_year"))
    assert len(known_years(cells)) == len([cell for cell in cells if cell.year.isdigit()])
    assert one(cells, "all")
