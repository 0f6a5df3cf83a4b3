"""The pages on people, policies, AB 1706, trust, words, downloads and SQL: every number and every sum equals SQL."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components import research
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.sandbox import Answer
from tests.python.dashboard.test_dashboard import PROGRESS, shown
from tests.python.dashboard.test_dashboard_cells import columns, table
from tests.python.support.release_files import Numbers, write_release

PEOPLE, POLICIES, AB1706 = "views/people.py", "views/policies.py", "views/ab1706.py"
TRUST, WORDS, DOWNLOADS, SQL = "views/trust.py", "views/words.py", "views/downloads.py", "views/sandbox.py"
PAGES = (PEOPLE, POLICIES, AB1706, TRUST, WORDS, DOWNLOADS, SQL)
Ask = Callable[[str], list[tuple[Any, ...]]]
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_release(folder)
    return folder


@pytest.fixture
def ask(home: Path) -> Ask:
    file = next((home / "releases").glob("leadership-*.duckdb"))

    def asked(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return asked


@pytest.fixture
def opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("RELIEF_HOME", str(home))

    def open_page(page: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
        app.switch_page(page)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return open_page


def walked(app: AppTest, pages: tuple[str, ...] = PAGES) -> Iterator[tuple[str, AppTest]]:
    """Open page after page in one session, as one reader does."""
    for page in pages:
        yield page, app.switch_page(page).run()


def test_every_page_says_what_it_is_and_has_one_title_and_its_folds(opened: Open) -> None:
    for page, app in walked(opened(PROGRESS)):
        assert not app.exception, page
        assert not app.error, page
        assert "INTERNAL" in app.markdown[0].value
        assert "SYNTHETIC DATA" in app.markdown[0].value.replace("\\", "")
        assert "Release 20220110T090000Z" in app.markdown[1].value
        assert len(app.title) == 1
        anchors = [part.anchor for part in (*app.header, *app.subheader)]
        assert all(anchors)
        assert len(anchors) == len(set(anchors)), page
        assert {"Why this matters", "What this does not show"} <= {fold.label for fold in app.expander}, page
        for metric in app.metric:
            assert re.search(r"\((people|convictions|records|checks|kinds of finding)\)$", metric.label), metric.label
            assert metric.help, metric.label


def test_a_release_of_records_says_synthetic_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    write_release(tmp_path, Numbers(synthetic=False))
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    for page, seen in walked(app, (PEOPLE, POLICIES, AB1706, DOWNLOADS, SQL)):
        assert "SYNTHETIC" not in shown(seen), page


def test_without_orders_pages_say_so_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    write_release(tmp_path, Numbers(delivered=("ca_doj", "la_court"), events=False))
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    said = {page: shown(seen) for page, seen in walked(app) if not seen.error}
    assert "nobody can tell whose record changed" in said[PEOPLE]
    assert "nobody can tell which orders are overdue" in said[AB1706]
    assert set(said) == set(PAGES)


def test_without_a_release_each_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    for page, seen in walked(app):
        assert "Nothing has been published yet" in shown(seen), page


def test_people_equal_sql_and_every_grouping_adds_up(opened: Open, ask: Ask) -> None:
    app = opened(PEOPLE)
    of_all = "from rpt_people_outcomes_by_group where basis = 'relief orders' and group_type = 'all'"
    cards = ask(
        "select format('{:,}', people_with_relief), format('{:,}', no_felony_left), "
        f"format('{{:,}}', no_conviction_left), format('{{:,}}', no_conviction_last_7_years) {of_all}"
    )
    assert [tuple(metric.value for metric in app.metric)] == cards
    text = shown(app).replace("\\", "")
    for title, column in (("Race", "race"), ("Sex", "sex"), ("Age", "age_band")):
        whole, *groups = columns(table(app, title), "People in review", "Reached by an order")
        assert [whole] == ask(f"select people_in_review, people_with_relief {of_all}")
        assert sorted(groups) == sorted(
            ask(
                "select people_in_review, people_with_relief from rpt_people_outcomes_by_group "
                f"where basis = 'relief orders' and group_type = '{column}'"
            )
        )
        assert whole[0] == sum(people for people, _ in groups)
        assert columns(table(app, title), title)[-1] == ("Unknown",)
    assert "855 people = 405 latino + 256 black + 170 white + 16 other + 8 unknown." in text


def test_the_gap_is_between_shares_as_they_are_shown(opened: Open) -> None:
    app = opened(PEOPLE)
    races = table(app, "Race")
    percents = [float(share.replace("\\", "").rstrip("%")) for share in races["Percent"]]
    gaps = [gap.replace("\\", "").replace("\u2212", "-") for gap in races["Gap in points"]]
    assert gaps[0] == ""
    assert [float(gap) for gap in gaps[1:]] == [round(share - percents[0], 1) for share in percents[1:]]
    assert "The widest gap is **10.0 points**: 90.0% of the people in review in the group *latino*" in shown(app)
    assert "80.0% in the group *black*" in shown(app)


def test_what_is_compared_comes_from_the_address(opened: Open) -> None:
    app = opened(PEOPLE, measure="no_felony_left")
    assert "By race (percent of people with relief)" in shown(app)
    app.get("button_group")[0].set_value("no_conviction_left").run()
    assert app.query_params["measure"] in ("no_conviction_left", ["no_conviction_left"])


def test_announced_figures_of_people_stand_beside_the_first_wave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    pointer = write_release(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / pointer["leadership"])) as connection:
        connection.execute(
            "insert into published_figures values "
            "('p', 'people_with_a_dismissed_conviction', 53000, 'people', date '2020-02-13', 'Los Angeles County', "
            "'Press', 'https://example.org/p', null), "
            "('b', 'people_share_black', 32, 'percent', date '2020-02-13', 'Los Angeles County', 'Press', null, null), "
            "('s', 'people_no_felony_left', 42000, 'people', date '2020-07-01', 'California', 'Press', null, null)"
        )
        ((people, low, high),) = connection.execute(
            "select people_with_relief, people_with_relief_low, people_with_relief_high "
            "from rpt_people_outcomes_by_group where basis = 'first wave orders' and group_type = 'all'"
        ).fetchall()
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    found = columns(table(app.switch_page(PEOPLE).run(), "Announced"), "Figure", "Announced", "Counted", "Range")
    assert found[0] == ("People with a dismissed conviction", "53,000", f"{people:,}", f"{low:,} to {high:,}")
    assert found[1][:2] == ("Share of people: Black", "32%")
    assert len(found) == 2  # a figure for another place is not shown beside ours


def test_policies_equal_sql_and_add_up_either_way(opened: Open, ask: Ask) -> None:
    app = opened(POLICIES)
    changes = "from rpt_policy_changes where from_policy_id = 'la_pilot_2019' and by_rule_of"
    counts = ask(f"select convictions {changes} = 'all' order by change = 'neither', change = 'kept', change")
    assert [metric.value for metric in app.metric] == [f"{count:,}" for (count,) in counts]
    assert "100 convictions evaluated by either = 25 gained + 12 lost + 18 kept + 45 neither." in shown(app)
    *rows, whole = columns(table(app, "Rule of H&S 11361.8 as it stands"), "Convictions", "People")
    assert rows == ask(f"select convictions, people {changes} = 'to' and change = 'gained' order by convictions desc")
    assert whole == (sum(count for count, _ in rows), None)
    assert whole[0] == 25
    rules = [part.value for part in app.table if "If a fact is missing" in part.value.columns]
    expected = ask("select convictions from rpt_policy_rules where policy_id = 'la_pilot_2019' order by step")
    assert columns(rules[0], "Convictions") == [*expected, (sum(count for (count,) in expected),)]
    turned = opened(POLICIES, **{"from": "statutory_11361_8", "to": "la_pilot_2019"})
    assert [metric.value for metric in turned.metric] == ["12", "25", "18", "45"]
    assert turned.query_params["to"] in ("la_pilot_2019", ["la_pilot_2019"])


def test_two_policies_that_are_not_compared_are_said(opened: Open) -> None:
    variant = {"from": "la_pilot_2019", "to": "statutory_11361_8_more_plants"}
    assert "These two are not compared" in shown(opened(POLICIES, **variant))
    assert "Choose two different policies" in shown(
        opened(POLICIES, **{"from": "la_pilot_2019", "to": "la_pilot_2019"})
    )


def test_the_states_table_equals_sql_and_adds_up(opened: Open, ask: Ask) -> None:
    app = opened(AB1706)
    counts = {row[0].lstrip("+ "): row[1] for row in columns(table(app, "Measure"), "Measure", "Convictions")}
    assert counts["Eligible"] == counts["Relieved by a court"] + counts["Remaining"]
    assert counts["Relieved by a court"] == counts["dismissed"] + counts["redesignated"]
    assert counts["Remaining"] == counts["challenged"] + counts["not challenged"]
    for group in ("race", "gender"):
        other = "gender" if group == "race" else "race"
        whole, *rows = columns(table(app, group.capitalize()), "Eligible", "Relieved", "Remaining")
        assert [tuple(sum(row[place] for row in rows) for place in range(3))] == [whole]
        assert whole[0] == counts["Eligible"]
        eligible = f"select convictions from rpt_ab1706 where measure = 'eligible' and {other} = 'all' and {group}"
        assert sorted(row[0] for row in rows) == sorted(count for (count,) in ask(f"{eligible} <> 'all'"))


def test_the_list_and_the_overdue_orders_equal_sql(opened: Open, ask: Ask) -> None:
    app = opened(AB1706)
    *rows, whole = columns(table(app, "On the list"), "Convictions")
    listed = "select sum(convictions) from rpt_ab1706_list where courthouse = 'all'"
    assert whole == (sum(count for (count,) in rows),)
    assert [whole] == ask(listed)
    *houses, late = columns(table(app, "Overdue orders"), "Overdue orders")
    assert late == (sum(count for (count,) in houses),)
    assert [late] == ask(f"{listed} and list_standing = 'overdue'")
    assert "**7 orders** were overdue" not in shown(app)  # the events end before the courts' deadline
    assert "so no order is overdue yet" in shown(app)
    days = columns(table(app, "What is due"), "Last day", "Passed", "Days since")
    assert days == [("2020-07-01", "yes", 548), ("2023-03-01", "no", None)]


def test_trust_accounts_for_every_record_and_sorts_findings(opened: Open, ask: Ask) -> None:
    app = opened(TRUST)
    assert columns(table(app, "Rejected"), "Records", "Loaded", "Rejected") == ask(
        "select records, loaded, rejected from delivery_quality order by source, table_name, as_of_date"
    )
    text = shown(app).replace("\\", "")
    ((records, loaded, rejected),) = ask("select sum(records), sum(loaded), sum(rejected) from delivery_quality")
    assert records == loaded + rejected
    assert f"{records:,} records = {loaded:,} loaded + {rejected:,} rejected, in 5 files." in text
    *gates, whole = columns(table(app, "Gate"), "Passed", "Warned", "Failed", "Errored")
    assert whole == tuple(sum(gate[place] for gate in gates) for place in range(4))
    assert [(sum(whole),)] == ask("select count(*) from check_results")
    assert "40 stages of convictions changed, of 31 convictions, because a delivery came." in text
    assert "What may be quoted (figures)" in text


def test_trust_says_what_moved_since_the_release_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    before = write_release(tmp_path)["release_id"]
    write_release(tmp_path, Numbers(release_id="20220201T090000Z", wave_1=(66_020, 64_900, 62_300, 58_940)))
    manifest = tmp_path / "releases" / "release-20220201T090000Z.json"
    manifest.write_text(f'{{"previous": "{before}"}}', encoding="utf-8")
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    text = shown(app.switch_page(TRUST).run()).replace("\\", "")
    assert f"Since release {before}" in text
    assert "- Wave 1, order signed: 64,900 convictions, 88 more than the 64,812 of before." in text
    manifest.write_text('{"previous": "../../elsewhere"}', encoding="utf-8")
    assert "there is none before it to compare with" in shown(app.run())


def test_a_release_without_verdicts_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    pointer = write_release(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / pointer["leadership"])) as connection:
        connection.execute("drop table rpt_data_quality")
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    text = shown(app.switch_page(TRUST).run())
    assert "This release gives no verdict on single figures yet." in text


def test_words_are_found_and_methods_have_no_heading_of_their_own(opened: Open) -> None:
    app = opened(WORDS)
    app.text_input(key="searched_word").set_value("overdue order").run()
    words = [row for part in app.table if "Meaning" in part.value.columns for row in part.value["Word"]]
    assert words == ["overdue order"]
    assert not any(line.startswith("#") for part in app.markdown for line in part.value.splitlines())


def test_a_question_is_answered_or_refused_in_one_line(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(_home: object, sql: str, **_limits: int) -> Answer:
        asked.append(sql)
        if "drop" in sql:
            raise ReliefError("query refused: only SELECT is possible here; the release is read-only")
        about = "SYNTHETIC DATA. Data as of 2021-12-31, release r."
        return Answer(["year", "year"], [["2020", "=1+1"]], True, about, [])

    monkeypatch.setattr(research, "query", answer)
    app = opened(SQL)
    app.button[0].click().run()
    assert asked == [research.EXAMPLES["Dismissals by year of the order"]]
    assert list(app.dataframe[0].value.columns) == ["year", "year (2)"]
    assert "More rows were left out" in shown(app)
    app.text_area(key="sql").set_value("drop table x")
    app.button[0].click().run()
    assert "only SELECT is possible" in app.error[0].value.replace("\\", "")
    assert not app.dataframe


def test_an_answer_leaves_as_cells_that_no_spreadsheet_runs() -> None:
    written = research.answer_csv(Answer(["a"], [["=1+1"]], False, "SYNTHETIC DATA.", []))
    assert written == '"# SYNTHETIC DATA."\na\n\'=1+1\n'
