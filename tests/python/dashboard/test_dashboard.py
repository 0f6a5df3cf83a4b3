"""The dashboard's pages on small releases: their texts, also when there is nothing to show."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components.verdicts import Finding, Judgement, Verdict, lines
from relief.home import PROJECT_DIR
from tests.python.support.release_files import HOSTILE, Numbers, write_pointer, write_release

OVERVIEW = "views/overview.py"
PROGRESS = "views/progress.py"
BY_YEAR = "views/by_year_and_offense.py"
STUCK = "views/stuck.py"
PAGES = (OVERVIEW, PROGRESS, BY_YEAR, STUCK)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def open_app(home: Path) -> Callable[..., AppTest]:
    def opened(page: str = PROGRESS, **address: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=60).run()
        if page == OVERVIEW:
            return app
        app.switch_page(page)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return opened


def shown(app: AppTest) -> str:
    """All text of a page; the test fails if the page raised an exception."""
    assert not app.exception
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.warning, *app.info, *app.error]
    metrics = [f"{metric.label}: {metric.value}" for metric in app.metric]
    tables = [table.value.to_csv() for table in app.table]
    return "\n".join([*(part.value for part in parts), *metrics, *tables])


def test_without_a_release_the_page_says_what_to_do(open_app: Callable[..., AppTest]) -> None:
    text = shown(open_app())
    assert "Nothing has been published yet" in text
    assert "relief run" in text


def test_progress_sets_published_beside_counted_in_each_waves_own_unit(
    home: Path, open_app: Callable[..., AppTest]
) -> None:
    write_release(home)
    app = open_app()
    text = shown(app)
    assert "**64,812** of the **66,000** convictions announced in 2020 (98.2%)" in text
    assert "**55,910 to 57,030** of the **58,000** cases announced in 2021 (96.4% to 98.3%)" in text
    assert "Announced, convictions: 66,000" in text
    assert "Orders signed, cases counted: 55,910 to 57,030" in text
    assert "58,940 convictions of wave 1 and 43,700 to 44,600 cases of wave 2" in text
    assert not app.error


def test_both_counts_of_unknown_plants_stand_beside_the_reading_and_its_day(
    home: Path, open_app: Callable[..., AppTest]
) -> None:
    write_release(home)
    app = open_app()
    text = shown(app)
    assert "What an unknown number of plants decides (convictions, and people)" in text
    assert "that this means six plants or fewer is this project's reading of the presumption" in text
    assert "changes the answer for 12,351 convictions, evaluated as of 2021-12-31" in text
    (table,) = [part.value for part in app.table if "If more than six plants" in part.value.columns]
    assert list(table["Convictions"]) == [10_401, 1_950]
    assert list(table["People"]) == [9_870, 1_900]
    assert table["If six plants or fewer"].iloc[0].startswith("Eligible for Dismissal and Sealing")


def test_where_the_plants_decide_nothing_the_page_says_nothing_of_them(
    home: Path, open_app: Callable[..., AppTest]
) -> None:
    pointer = write_release(home)
    with duckdb.connect(str(home / "releases" / pointer["leadership"])) as connection:
        connection.execute("delete from unknown_plants")
    assert "unknown number of plants" not in shown(open_app())


def test_a_bookmark_of_a_page_never_shows_streamlits_own_list_of_files() -> None:
    """Streamlit lists the files of a folder named pages until the navigation has run, so no folder has that name."""
    assert not (PROJECT_DIR / "dashboards" / "pages").exists()
    assert (PROJECT_DIR / "dashboards" / "views").is_dir()


def test_a_closed_fold_says_both_counts_and_an_open_one_what_each_line_counts(
    home: Path, open_app: Callable[..., AppTest]
) -> None:
    write_release(home)
    app = open_app()
    (fold,) = [fold for fold in app.expander if "first wave" in fold.label]
    assert fold.label == "From the list to the first wave (67,010 \u2192 66,000 convictions)"
    counts, explained = (table.value for table in fold.table)
    assert list(counts.columns) == ["Line", "Convictions", "Cases", "People"]
    assert [count.replace("\\", "") for count in counts["Convictions"]] == ["67,010", "1,010 to 1,090", "66,000"]
    assert list(explained["What it counts"]) == ["What it counts"] * 3
    text = "\n".join(part.value for part in fold.markdown)
    assert "Ordered in the first wave, as published: 66,000 cases, 2020-02-13, office; 66,000 convictions" in text
    assert "Data as of 2021-12-31." in text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_internal_and_synthetic_only_while_it_is(
    home: Path, open_app: Callable[..., AppTest], page: str
) -> None:
    write_release(home)
    notice = open_app(page).markdown[0].value
    assert "INTERNAL" in notice
    assert "SYNTHETIC DATA" in notice.replace("\\", "")
    write_release(home, Numbers(release_id="real", synthetic=False))
    app = open_app(page)
    assert "INTERNAL" in app.markdown[0].value
    assert "SYNTHETIC" not in shown(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_county_release_and_the_date_of_each_source(
    home: Path, open_app: Callable[..., AppTest], page: str
) -> None:
    write_release(home)
    strip = open_app(page).markdown[1].value.replace("\\", "")
    for part in (
        "Los Angeles County",
        "State DOJ's list as of 2021-12-31",
        "Court records as of 2021-12-31",
        "Orders and record updates as of 2021-12-31 (the day it arrived)",
        "Attorneys' decisions not delivered",
        "Release 20220110T090000Z",
    ):
        assert part in strip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "delivered, words",
    [
        (("la_court", "relief_events"), "the first wave cannot be counted"),
        (("ca_doj", "relief_events"), "the second wave cannot be counted"),
        (("ca_doj", "la_court"), "no order can be counted"),
        ((), "No file of the state DOJ has been delivered"),
    ],
)
def test_what_was_not_delivered_is_a_sentence_on_every_page(
    home: Path, open_app: Callable[..., AppTest], page: str, delivered: tuple[str, ...], words: str
) -> None:
    write_release(home, Numbers(delivered=delivered, events="relief_events" in delivered))
    app = open_app(page)
    assert any(words in warning.value for warning in app.warning)
    assert not app.error


def test_a_page_adds_up_to_its_total(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    total = "1,000 convictions in review = **800** visible in the DOJ's record + **90** waiting + **110** ended"
    assert total in shown(open_app(STUCK)).replace("**1,000**", "1,000")
    overview = open_app(OVERVIEW).get("html")
    assert any("<b>1,000</b> convictions in review on 2021-12-31 =" in part.proto.body for part in overview)
    years = shown(open_app(BY_YEAR))
    assert "121,299 convictions = 64,288 in wave 1 + 55,798 in wave 2 + 1,213 in neither wave." in years
    assert "121,299 convictions = 121,292 in known years + 7 in an unknown year." in years


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_title_and_each_anchor_names_one_place(
    home: Path, open_app: Callable[..., AppTest], page: str
) -> None:
    write_release(home)
    app = open_app(page)
    anchors = [part.anchor for part in (*app.header, *app.subheader)]
    assert len(app.title) == 1
    assert not any("#" in part.value.split(" ")[0] for part in app.markdown)
    assert len(anchors) == len(set(anchors))
    assert all(anchors)


@pytest.mark.parametrize("page", [OVERVIEW, BY_YEAR, STUCK])
def test_a_sum_of_both_waves_explains_the_announced_125_000(
    home: Path, open_app: Callable[..., AppTest], page: str
) -> None:
    write_release(home)
    assert 'It is not the "roughly 125,000" announced in 2021' in shown(open_app(page))


def test_one_wave_alone_needs_no_word_on_both(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    app = open_app(BY_YEAR)
    app.selectbox(key="wave").set_value("1").run()
    assert "125,000" not in shown(app)


def test_quality_stands_beside_the_number(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    text = shown(open_app())
    assert "All 5 delivered files account for every record (1,053,447 records, 15 rejected)" in text
    assert "4 of 5 checks passed, 1 warned, 0 failed" in text
    write_release(home, Numbers(release_id="failed", failed_check=True))
    assert "3 of 5 checks passed, 1 warned, 1 failed" in shown(open_app())


def test_the_footer_names_the_release_and_the_dates_of_the_data(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    footer = open_app().markdown[-1].value.replace("\\", "")
    for part in ("Release 20220110T090000Z", "build 20220110T085500Z", "extracts as of 2021-12-31", "relief 0.1.0"):
        assert part in footer


def test_a_new_release_is_said_before_it_is_shown(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    app = open_app()
    assert "**64,812**" in shown(app)
    write_release(home, Numbers(release_id="20220201T090000Z", wave_1=(66_000, 65_111, 65_000, 64_000)))
    text = shown(app.run())
    assert "**64,812**" in text
    assert "Another release has been published: 20220201T090000Z" in app.info[0].value
    assert "still of release 20220110T090000Z" in app.info[0].value
    text = shown(app.button(key="show_new_release").click().run())
    assert "**65,111**" in text
    assert "Another release" not in text


def test_a_release_that_is_gone_is_said_and_the_current_one_shown(home: Path, open_app: Callable[..., AppTest]) -> None:
    before = write_release(home)
    app = open_app()
    write_release(home, Numbers(release_id="20220201T090000Z", wave_1=(66_000, 65_111, 65_000, 64_000)))
    (home / "releases" / before["leadership"]).unlink()
    text = shown(app.run())
    assert "Release 20220110T090000Z is gone" in text
    assert "**65,111**" in text


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"release_id": "r"}', '{"release_id": "r", "leadership": "../warehouse.duckdb"}',
     '{"release_id": "r", "leadership": "leadership-gone.duckdb", "public": null}'],
)  # fmt: skip
def test_a_damaged_pointer_gives_one_clear_message(home: Path, open_app: Callable[..., AppTest], content: str) -> None:
    (home / "warehouse.duckdb").write_bytes(b"never opened")
    write_pointer(home, content)
    app = open_app()
    assert "relief publish" in shown(app).replace("\\", "")
    assert len(app.error) == 1


@pytest.mark.parametrize("keep", [0, 100, 20_000])
def test_a_damaged_release_file_gives_one_clear_message(
    home: Path, open_app: Callable[..., AppTest], keep: int
) -> None:
    pointer = write_release(home)
    file = home / "releases" / pointer["leadership"]
    file.write_bytes(file.read_bytes()[:keep])
    app = open_app()
    text = shown(app).replace("\\", "")
    assert "relief publish" in text
    assert str(home) not in text
    assert len(app.error) == 1


def test_a_damaged_public_file_stops_the_downloads_and_not_the_page(
    home: Path, open_app: Callable[..., AppTest]
) -> None:
    pointer = write_release(home)
    (home / "releases" / pointer["public"]).write_bytes(b"not a database")
    app = open_app()
    assert "**64,812**" in shown(app)
    assert "Downloads need the public release" in shown(app)


@pytest.mark.parametrize("named", ["public", "research"])
def test_a_pointer_to_another_kind_of_file_gives_one_clear_message(
    home: Path, open_app: Callable[..., AppTest], named: str
) -> None:
    pointer = write_release(home)
    write_pointer(home, json.dumps(pointer | {"leadership": pointer[named]}))
    app = open_app()
    assert "names no leadership file" in shown(app).replace("\\", "")
    assert len(app.error) == 1


@pytest.mark.parametrize("column, value", [("kind", "public"), ("release_id", "another")])
def test_a_leadership_file_that_says_it_is_another_gives_one_clear_message(
    home: Path, open_app: Callable[..., AppTest], column: str, value: str
) -> None:
    pointer = write_release(home)
    with duckdb.connect(str(home / "releases" / pointer["leadership"])) as connection:
        connection.execute(f"update release_info set {column} = ?", [value])
    app = open_app()
    assert "does not say that it is the leadership release" in shown(app).replace("\\", "")
    assert len(app.error) == 1


@pytest.mark.parametrize("page", [PROGRESS, BY_YEAR, STUCK])
def test_only_a_file_that_says_it_is_public_is_downloaded(
    home: Path, open_app: Callable[..., AppTest], page: str
) -> None:
    pointer = write_release(home)
    with duckdb.connect(str(home / "releases" / pointer["public"])) as connection:
        connection.execute("update release_info set kind = 'leadership'")
    app = open_app(page)
    assert "Downloads need the public release" in shown(app)
    assert not app.get("download_button")
    write_pointer(home, json.dumps(pointer | {"public": pointer["leadership"]}))
    app.run()
    assert "Downloads need the public release" in shown(app)
    assert not app.get("download_button")
    assert not app.error


def test_data_is_shown_as_literal_text(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home, Numbers(county=HOSTILE))
    app = open_app()
    assert not app.error
    for part in app.markdown:
        assert "![x](" not in part.value
        assert "<img src" not in part.value.replace("\\<", "")  # a backslash makes it plain text and not a tag


def test_filters_come_from_the_address_and_go_back_into_it(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    app = open_app(BY_YEAR, year_basis="conviction_year", unit="nonsense")
    assert "The conviction year with the most is **2010** with **3,600**; the year is unknown for **412**" in shown(app)
    app.selectbox(key="offense").set_value("11358").run()
    assert app.query_params["offense"] in ("11358", ["11358"])
    assert app.query_params["year_basis"] in ("conviction_year", ["conviction_year"])
    assert "unit" not in app.query_params
    assert "HS 11358 cultivation" in shown(app)


def test_people_and_cases_are_never_said_to_be_dismissed(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    text = shown(open_app(BY_YEAR, unit="people"))
    assert "people have a conviction dismissed by court order" in text
    assert "People with a dismissal by year of the order" in text


def test_totals_are_the_releases_own_rows(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home, Numbers(order_years={"2020": 100, "2021": 60, "unknown": 3}))
    app = open_app(BY_YEAR)
    table = app.table[0].value
    assert list(table["Year"]) == ["All years", "Unknown year", "2021", "2020"]
    assert list(table["Convictions"]) == [163, 3, 60, 100]
    assert len(app.get("download_button")) == 3


def test_nothing_dismissed_is_a_sentence_not_an_empty_chart_error(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home, Numbers(order_years={}))
    app = open_app(BY_YEAR)
    assert "No dismissal in this release fits these filters." in shown(app)
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_the_worst_verdict_and_in_a_fold_why(
    home: Path, open_app: Callable[..., AppTest], page: str
) -> None:
    write_release(home)
    app = open_app(page)
    assert "Headline figures: :material/block: **do not quote**" in shown(app)
    (fold,) = [part for part in app.expander if part.label == "Why the headline figures have this verdict"]
    text = "\n".join(part.value for part in fold.markdown)
    assert "Links leave a range from 7 to 9\\. (usable with notes)" in text
    assert text.index("What changes the headline") < text.index("What does not change the headline")
    assert "Accepted by clerk at" in text
    assert "from 900 to 802: Withdrawn" in text
    assert HOSTILE not in text


def test_what_was_found_about_every_figure_is_said_once() -> None:
    figures = [Verdict(figure, figure, "cases", 7, "usable") for figure in ("first", "second")]
    own = Finding("first", "changes the headline", "usable", "Four orders name no conviction.")
    of_all = [Finding(row.figure_id, "does not change the headline", "usable", "One check warned.") for row in figures]
    judgement = Judgement(verdicts=tuple(figures), findings=(own, *of_all))
    assert judgement.common == [of_all[0]]
    assert [lines(row, judgement)[2:] for row in figures] == [
        ["- What changes the headline:", "    - Four orders name no conviction\\."],
        [],
    ]


def test_each_card_has_the_verdict_of_its_figure(home: Path, open_app: Callable[..., AppTest]) -> None:
    write_release(home)
    words = [
        part.value for part in open_app(OVERVIEW).markdown if part.value.startswith(":small[:") and "**]" in part.value
    ]
    assert words == [
        ":small[:material/check_circle: **usable**]",
        ":small[:material/info: **usable with notes**]",
        ":small[:material/check_circle: **usable**]",
        ":small[:material/block: **do not quote**]",
    ]


def test_a_release_of_an_earlier_version_shows_no_verdict(home: Path, open_app: Callable[..., AppTest]) -> None:
    pointer = write_release(home)
    for kind in ("leadership", "public"):
        with duckdb.connect(str(home / "releases" / pointer[kind])) as connection:
            connection.execute("alter table release_info drop column data_quality")
            connection.execute("drop table if exists rpt_data_quality; drop table if exists acceptances")
    app = open_app(OVERVIEW)
    assert "Headline figures" not in shown(app)
    assert "Wave 1: convictions ordered dismissed" in shown(app)
    assert not app.error
