"""The page on stuck records: its texts, also when the data cannot show which records are stuck."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from relief.home import PROJECT_DIR
from tests.python.dashboard.test_dashboard import shown
from tests.python.support.release_files import Numbers, write_release

STUCK = "views/stuck.py"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def open_page(home: Path) -> Callable[[], AppTest]:
    def opened() -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=60).run()
        return app.switch_page(STUCK).run()

    return opened


def test_the_finding_says_how_many_wait_too_long_and_where(home: Path, open_page: Callable[[], AppTest]) -> None:
    write_release(home)
    app = open_page()
    text = shown(app)
    assert "**72** of the **90** waiting convictions are past their limit" in text
    assert "The largest group is **60** for which no review and no order is reported." in text
    assert "Of 1,000 convictions in review, the DOJ's record shows the relief of 800 (80.0%), as of 2021-12-31" in text


def test_a_median_that_half_have_not_reached_is_said_and_not_a_number(
    home: Path, open_page: Callable[[], AppTest]
) -> None:
    write_release(home)
    tables = [table.value for table in open_page().table]
    (days,) = [table for table in tables if "Median days" in table]
    assert list(days["Median days"]) == ["21", "not reached by half"]
    assert list(days["Still waiting"]) == [45, 45]


def test_rates_are_of_the_convictions_in_review_of_the_group(home: Path, open_page: Callable[[], AppTest]) -> None:
    write_release(home)
    tables = [table.value for table in open_page().table]
    (races,) = [table for table in tables if "By race" in table]
    assert list(races["By race"]) == ["All", "Black", "Unknown"]
    assert list(races["In review"]) == [1_000, 400, 600]
    assert [str(rate).replace("\\", "") for rate in races["DOJ record updated"]] == ["80.0%"] * 3


def test_each_limit_names_who_set_it_and_cites_the_law_where_it_has_one(
    home: Path, open_page: Callable[[], AppTest]
) -> None:
    write_release(home)
    app = open_page()
    (limits,) = [table.value for table in app.table if "Limit (days)" in table.value]
    assert list(limits["Limit set by"]) == ["", "the office", "the law"]
    assert list(limits["Waiting"]) == [90, 70, 20]
    assert list(limits["Past the limit"]) == [72, 60, 12]
    text = shown(app).replace("\\", "")
    assert "30 days, set by the law: The disposition is due [PC 13151]." in text
    assert "30 days, set by the office: A quarter." in text


def test_courthouses_stand_oldest_first(home: Path, open_page: Callable[[], AppTest]) -> None:
    write_release(home)
    tables = [table.value for table in open_page().table]
    (houses,) = [table for table in tables if "Since" in table]
    assert list(houses["Courthouse"]) == ["Norwalk Courthouse", "Compton Courthouse"]


def test_without_events_nobody_is_said_to_wait(home: Path, open_page: Callable[[], AppTest]) -> None:
    write_release(home, Numbers(events=False))
    app = open_page()
    assert "nobody can tell which convictions are waiting" in shown(app)
    assert "cannot tell" in shown(app)
    assert not app.error


def test_what_changed_names_its_cause_and_a_first_build_says_so(home: Path, open_page: Callable[[], AppTest]) -> None:
    pointer = write_release(home)
    tables = [table.value for table in open_page().table]
    (changes,) = [table for table in tables if "Cause" in table]
    assert list(changes["Cause"]) == ["delivery", "decision"]
    with duckdb.connect(str(home / "releases" / pointer["leadership"])) as connection:
        connection.execute("delete from change_counts")
        connection.execute("insert into change_counts values ('all', '', 'first build', 0, 0)")
    assert "This is the first build" in shown(open_page())


def test_the_download_is_made_from_the_public_release(home: Path, open_page: Callable[[], AppTest]) -> None:
    pointer = write_release(home)
    assert len(open_page().get("download_button")) == 1
    (home / "releases" / pointer["public"]).write_bytes(b"not a database")
    app = open_page()
    assert "Downloads need the public release" in shown(app)
    assert not app.get("download_button")
    assert not app.error
