"""`relief run` goes from extracts to releases, reports a second run that has nothing new, and refuses bad input."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from relief.building.build import build
from relief.errors import ReliefError
from relief.export.determinations import export_determinations
from relief.home import Home, open_warehouse
from relief.landing import land
from relief.pipeline import run
from relief.publishing import current_release, publish
from relief.sandbox import query
from tests.python.conftest import SCALE
from tests.python.support.warehouse import CMR, quiet


@pytest.fixture
def home(ran: tuple[Home, list[str]]) -> tuple[Home, list[str]]:
    return ran


def test_it_prints_published_beside_counted_in_its_unit(home: tuple[Home, list[str]]) -> None:
    text = "\n".join(home[1])
    with open_warehouse(home[0], read_only=True) as connection:
        rows = connection.execute(
            "select unit, published_count, counted from reporting.rpt_progress_toward_published_totals "
            "where stage = 'order_signed' order by wave_number"
        ).fetchall()
    assert [row[:2] for row in rows] == [("convictions", 66_000), ("cases", 58_000)]
    for unit, published, counted in rows:
        (line,) = [text for text in home[1] if f"~{published:,}" in text]
        assert unit in line
        assert f"{counted:,}" in line
    assert "SYNTHETIC DATA" in text


def test_a_second_run_with_nothing_new_says_so(home: tuple[Home, list[str]]) -> None:
    before = current_release(home[0])
    lines: list[str] = []
    run(home[0], scale=SCALE, seed=3, report=lines.append)
    assert any(line.startswith("nothing new since build") for line in lines)
    assert current_release(home[0]) == before


def test_every_column_of_the_research_release_is_described(home: tuple[Home, list[str]]) -> None:
    answer = query(home[0], "select table_name, column_name from data_dictionary where description = ''")
    assert answer.rows == []


def orders(home: Home) -> list[int]:
    with open_warehouse(home, read_only=True) as connection:
        rows = connection.execute(
            "select counted from reporting.rpt_progress_toward_published_totals where stage = 'order_signed'"
        ).fetchall()
    return [counted for (counted,) in rows]


@pytest.mark.full  # it makes a second whole run
def test_another_seed_replaces_the_extracts_and_doubles_nothing(copied: Home) -> None:
    with_the_first_seed = datetime.now(UTC).replace(tzinfo=None)
    run(copied, scale=SCALE, seed=4, report=quiet)
    with open_warehouse(copied, read_only=True) as connection:
        rows = connection.execute(
            "select table_name, count(*) filter (where status = 'landed'), count(*) from raw.deliveries group by 1"
        ).fetchall()
    assert {(landed, all_of_them) for _, landed, all_of_them in rows} == {(1, 2)}
    second = orders(copied)
    run(copied, scale=SCALE, seed=3, report=quiet)
    first = orders(copied)
    run(copied, scale=SCALE, seed=4, report=quiet)
    assert orders(copied) == second != first
    build(
        copied,
        target="duckdb",
        county="LOS ANGELES",
        evaluated_as_of=None,
        report=quiet,
        as_known_at=with_the_first_seed,
    )
    assert orders(copied) == first
    run(copied, scale=SCALE, seed=4, report=quiet)  # what is known by now is built and published again
    assert orders(copied) == second
    answer = query(copied, "select is_synthetic, notice from release_info")
    assert answer.rows[0][0] is True
    assert answer.rows[0][1].startswith("SYNTHETIC DATA")


def test_real_deliveries_and_synthetic_ones_never_share_a_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    land(home, "ca_doj", [CMR / "los_angeles/input.csv"], date(2019, 11, 11), None, quiet)
    with pytest.raises(ReliefError, match="not synthetic"):
        run(home, scale=SCALE, seed=3, report=quiet)


@pytest.fixture
def copied(home: tuple[Home, list[str]], tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(home[0].path, tmp_path / "home")))


def test_tables_of_a_killed_build_are_neither_published_nor_exported(copied: Home, tmp_path: Path) -> None:
    with open_warehouse(copied) as connection:
        connection.execute(
            "insert into meta.builds by name select 'killed' as build_id, now() at time zone 'UTC' as started_at, "
            "'running' as status"
        )
    with pytest.raises(ReliefError, match="has not finished"):
        publish(copied, None, quiet)
    with pytest.raises(ReliefError, match="has not finished"):
        export_determinations(copied, "la_pilot_2019", tmp_path / "out.csv")


def test_tables_that_dbt_built_by_hand_are_not_published_under_the_builds_name(copied: Home) -> None:
    with open_warehouse(copied) as connection:
        connection.execute("create or replace table meta.last_dbt_run as select '' as build_id")
    with pytest.raises(ReliefError, match="dbt was run by hand"):
        publish(copied, None, quiet)


def test_a_delivery_that_landed_after_the_build_is_not_passed_over(copied: Home) -> None:
    with open_warehouse(copied) as connection:
        connection.execute("update raw.deliveries set landed_at = '2100-01-01' where source = 'ca_doj'")
    with pytest.raises(ReliefError, match="landed after build"):
        publish(copied, None, quiet)
