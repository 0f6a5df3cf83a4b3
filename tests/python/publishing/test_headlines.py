"""Headline figures: what a release says about them, when one is withheld, who accepts it, and what a preview shows."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.pipeline import _other_extracts
from relief.policies.document import seed_rows
from relief.publishing import Release, current_release, preview, publish, publisher
from relief.publishing.closed_lists import RELEASED
from relief.publishing.headlines import (
    VERDICTS,
    Figure,
    breaches,
    checked_reason,
    data_quality,
    operating_system_user,
)
from relief.publishing.remembered import keep_released
from relief.verdicts import report_public_files, report_release, report_verdicts
from tests.python.publishing import published_warehouse as warehouse
from tests.python.support.warehouse import quiet

WAVE_1 = "Wave 1: convictions ordered dismissed"
REASON = "The court withdrew a batch of orders"
FALL = f"{WAVE_1}: 1,000 before, 990 now, 1.0 percent less; its band is a fall of 0.5 percent"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A warehouse with few convictions, and a release of it. Change a copy only."""
    home = Home(tmp_path_factory.mktemp("good"))
    warehouse.build(home.warehouse, convictions=300)
    publish(home, None, quiet)
    return home


@pytest.fixture
def home(good: Home, tmp_path: Path) -> Home:
    shutil.copytree(good.path, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def first(good: Home, tmp_path: Path) -> Home:
    """A copy of the same warehouse, before its first release."""
    shutil.copy(good.warehouse, tmp_path / "warehouse.duckdb")
    return Home(tmp_path)


@pytest.fixture(scope="module")
def accepted(good: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release, list[str]]:
    """A release whose first figure fell and was accepted, and the lines that publishing printed."""
    home = Home(tmp_path_factory.mktemp("accepted") / "home")
    shutil.copytree(good.path, home.path)
    warehouse.set_figure(home.warehouse, "wave_1_ordered", 990)
    lines: list[str] = []
    return home, publish(home, None, lines.append, f"  {REASON}\n"), lines


def ask(home: Home, name: str, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.releases / name), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def state(home: Home) -> dict[str, bytes]:
    return {str(file.relative_to(home.path)): file.read_bytes() for file in home.path.rglob("*") if file.is_file()}


def figure(counted: int | None, events: int = 5, figure_id: str = "wave_1_ordered") -> dict[str, Figure]:
    return {figure_id: Figure(figure_id, "A figure", "convictions", counted, "usable", events)}


# Figures that a person must accept ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "now", "events", "is_breach"),
    [
        (1000, 995, 5, False),
        (1000, 994, 5, True),
        (1000, 2000, 5, False),
        (1000, 0, 0, True),
        (1000, None, 0, True),
        (0, 0, 5, False),
        (0, 10, 5, False),
        (None, 0, 5, False),
        (None, None, 5, False),
        (None, 7, 5, False),
    ],
)
def test_a_figure_that_is_0_or_fell_beyond_its_band_needs_a_person(
    before: int | None, now: int | None, events: int, is_breach: bool
) -> None:
    assert bool(breaches(figure(now, events), figure(before))) == is_breach


def test_a_first_release_is_compared_with_nothing() -> None:
    assert breaches(figure(0), None) == []


def test_every_figure_has_a_band_and_a_reason_for_it() -> None:
    rows = seed_rows("reference/headline_figures.csv")
    assert len(rows) == 7
    assert all(0 < float(row["may_fall_by"]) < 1 and row["because"].endswith(".") for row in rows)
    for row in rows:
        band = float(row["may_fall_by"])
        at_the_band, below = round(1000 * (1 - band)), round(1000 * (1 - band)) - 1
        assert breaches(figure(at_the_band, figure_id=row["figure_id"]), figure(1000, figure_id=row["figure_id"])) == []
        assert breaches(figure(below, figure_id=row["figure_id"]), figure(1000, figure_id=row["figure_id"]))


def test_a_fall_is_one_clear_line_and_the_old_release_stays(home: Home) -> None:
    warehouse.set_figure(home.warehouse, "wave_1_ordered", 990)
    before = state(home)
    with pytest.raises(ReliefError) as caught:
        publish(home, None, quiet)
    message = str(caught.value)
    assert message.startswith(f"not published: {FALL}; ")
    assert message.endswith('mend the files and build again, or answer for it: relief publish --accept "REASON"')
    assert "\n" not in message
    assert state(home) == before


def test_every_fallen_figure_is_named(home: Home) -> None:
    warehouse.set_figure(home.warehouse, "wave_1_ordered", 0)
    warehouse.set_figure(home.warehouse, "wave_2_ordered", None)
    with pytest.raises(ReliefError, match=r"1,000 before, 0 convictions now.*900 before, cannot be told now"):
        publish(home, None, quiet)


def test_a_0_in_a_first_release_is_published(first: Home) -> None:
    warehouse.set_figure(first.warehouse, "wave_2_ordered", 0)
    publish(first, None, quiet)
    assert current_release(first) is not None


# How a figure is accepted ---------------------------------------------------------------------------------------------
def test_who_accepted_and_why_is_kept_and_shown_inside(accepted: tuple[Home, Release, list[str]]) -> None:
    home, release, lines = accepted
    rows = ask(home, release.leadership, "select * exclude (accepted_at) from acceptances")
    assert rows == [("wave_1_ordered", 1000, 990, 0.005, REASON, operating_system_user())]
    with open_warehouse(home, read_only=True) as connection:
        kept = connection.execute(
            "select release_id, reason, accepted_by, accepted_at is not null from meta.acceptances"
        ).fetchall()
        said: list[str] = []
        report_release(connection, release, said.append)
    assert kept == [(release.release_id, REASON, operating_system_user(), True)]
    (line,) = said
    assert line.startswith(f"  accepted by {operating_system_user()} at ")
    assert line.endswith(f"wave_1_ordered, 1,000 before, 990 in this release: {REASON}")
    assert lines[-1] == f"accepted by {operating_system_user()}: {WAVE_1}"


@pytest.mark.parametrize("kind", ["public", "research"])
def test_outside_it_says_accepted_by_a_person_and_no_word_of_whom(
    kind: str, accepted: tuple[Home, Release, list[str]]
) -> None:
    home, release, _ = accepted
    name = getattr(release, kind)
    assert ask(home, name, "from acceptances") == [("wave_1_ordered", "accepted by a person")]
    written = (home.releases / name).read_bytes()
    assert REASON.encode() not in written
    assert b"withdrew" not in written


def test_the_name_is_the_operating_systems_and_not_a_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    name = operating_system_user()
    for variable in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(variable, "somebody_else")
    assert operating_system_user() == name


@pytest.mark.parametrize("reason", ["", "  \t", "\u00a0\u2003", "\u200b", "...", "x" * 301, "a\x1b[2Jb"])
def test_a_reason_that_says_nothing_is_refused(reason: str, home: Home) -> None:
    warehouse.set_figure(home.warehouse, "wave_1_ordered", 0)
    before = state(home)
    with pytest.raises(ReliefError, match=r"^--accept: "):
        publish(home, None, quiet, reason)
    assert state(home) == before


def test_a_reason_stands_on_one_line() -> None:
    assert checked_reason(" two\nwords ") == "two words"
    assert checked_reason(None) is None


def test_a_reason_that_nothing_needed_is_not_kept(home: Home) -> None:
    lines: list[str] = []
    release = publish(home, None, lines.append, REASON)
    assert lines[-1].endswith("nothing had to be accepted, and the reason is not kept")
    for name in (release.leadership, release.public, release.research):
        assert ask(home, name, "from acceptances") == []


def test_an_acceptance_that_cannot_be_kept_publishes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_use(*_arguments: object) -> None:
        raise ReliefError("the warehouse is in use by another process")

    warehouse.set_figure(home.warehouse, "wave_1_ordered", 0)
    before, kept = current_release(home), {path.name for path in home.releases.iterdir()}
    monkeypatch.setattr(publisher, "keep_acceptances", in_use)
    with pytest.raises(ReliefError, match="in use"):
        publish(home, None, quiet, REASON)
    assert current_release(home) == before
    assert {path.name for path in home.releases.iterdir()} == kept


def test_going_back_and_accepting_are_two_things() -> None:
    for options in (["--accept", "x"], ["--preview"]):
        result = CliRunner().invoke(app, ["publish", "--rollback", *options])
        assert isinstance(result.exception, ReliefError)
        assert "--rollback returns to a release" in str(result.exception)


# What a release says about its figures --------------------------------------------------------------------------------
def test_reasons_have_numbers_inside_and_words_alone_outside(good: Home) -> None:
    release = current_release(good)
    assert release
    inside = ask(good, release.leadership, "select distinct verdict, reason_1 from rpt_data_quality")
    assert inside == [("usable with notes", "The number of signed orders that name no conviction in the files is 3.")]
    for name in (release.public, release.research):
        assert ask(good, name, "select distinct verdict, reason_outside_1 from rpt_data_quality") == [
            ("usable with notes", "Some signed orders name no conviction in the files.")
        ]
        columns = {column for (column,) in ask(good, name, "select column_name from duckdb_columns()")}
        assert not columns & {"reason_1", "reason_2", "reason_3", "findings_that_change_it", "events_delivered"}
    for kind in ("leadership", "public", "research"):
        assert ask(good, getattr(release, kind), "select data_quality from release_info") == [
            ("Headline figures: 0 usable, 2 usable with notes, 0 do not quote.",)
        ]


def test_rules_say_no_number_outside_and_every_sentence_is_of_the_closed_list() -> None:
    rules = seed_rows("reference/headline_rules.csv")
    known = {row["figure_id"] for row in seed_rows("reference/headline_figures.csv")}
    sentences = RELEASED["rpt_data_quality"]["reason_1"]
    for rule in rules:
        assert not re.search("[0-9{}]", rule["sentence_outside"].replace("The figure is 0", "")), rule["rule_id"]
        assert rule["sentence"].endswith(".")
        assert rule["sentence_outside"].endswith(".")
        assert rule["figures"] == "all" or set(rule["figures"].split(";")) <= known
        filled = re.sub(r"{[a-z]+}", "1,234", rule["sentence"])
        assert sentences.holds([filled, f"{filled} A. Person"], "public") == [True, False]


def test_a_sentence_with_a_person_in_it_is_not_published(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update reporting.rpt_data_quality set reason_2 = 'The number of A. Person is 3.'")
    with pytest.raises(ReliefError, match=r"2 values of rpt_data_quality\.reason_2 are in no closed list"):
        publish(home, None, quiet)


def test_a_warehouse_of_an_earlier_version_is_published_unjudged(first: Home) -> None:
    with duckdb.connect(str(first.warehouse)) as connection:
        connection.execute("drop table reporting.rpt_data_quality; drop table quality.audit_headline_findings")
        connection.execute("drop table if exists meta.released_figures")
    lines: list[str] = []
    release = publish(first, None, lines.append)
    assert ask(first, release.public, "select data_quality from release_info") == [
        ("The headline figures were not judged.",)
    ]
    preview(first, None, lines.append)
    # The next release, made with this version, has no earlier figures to compare with.
    with duckdb.connect(str(first.warehouse)) as connection:
        connection.execute(warehouse._verdicts())
    warehouse.set_figure(first.warehouse, "wave_1_ordered", 0)
    publish(first, None, quiet)


def test_verdicts_are_three_and_in_words() -> None:
    assert VERDICTS == ("usable", "usable with notes", "do not quote")
    assert data_quality({}) == "The headline figures were not judged."


def test_the_page_of_data_quality_shows_every_rule_and_band() -> None:
    page = (PROJECT_DIR / "docs/data-quality.md").read_text(encoding="utf-8")
    for row in seed_rows("reference/headline_rules.csv"):
        is_share = row["measure"] in {"rejects", "range", "checks_warned"} or (
            row["measure"] == "findings" and row["finding"] != "delivery_not_reconciled"
        )
        note, limit = (
            "-" if not row[name] else f"{100 * float(row[name]):g}%" if is_share else f"{float(row[name]):g}"
            for name in ("note_above", "do_not_quote_above")
        )
        if row["measure"] == "moved":
            note = "the band of the figure"
        days = " days" if row["measure"] == "days_apart" else ""
        changes = "yes" if row["changes_headline"] == "true" else "no"
        figures = row["figures"].replace(";", ", ")
        line = f"| `{row['rule_id']}` | {figures} | {note}{days} | {limit} | {changes} | {row['sentence']} |"
        assert line in page
    for row in seed_rows("reference/headline_figures.csv"):
        band = f"{100 * float(row['may_fall_by']):g}%"
        assert f"| `{row['figure_id']}` | {row['title']} ({row['unit']}) | {band} | {row['because']} |" in page


# Status -----------------------------------------------------------------------------------------------------------
def test_status_says_each_verdict_with_its_reasons(good: Home) -> None:
    lines: list[str] = []
    with open_warehouse(good, read_only=True) as connection:
        report_verdicts(connection, lines.append)
    assert lines == [
        "SYNTHETIC headline figures of the last build, and whether they may be quoted",
        f"  usable with notes: {WAVE_1}: 1,000 convictions. "
        "The number of signed orders that name no conviction in the files is 3.",
        "  usable with notes: Wave 2: cases ordered dismissed: 900 cases. "
        "The number of signed orders that name no conviction in the files is 3.",
    ]


def test_older_public_files_are_kept_and_listed(home: Home) -> None:
    before = current_release(home)
    assert before
    release = publish(home, None, quiet)
    lines: list[str] = []
    report_public_files(home, release, lines.append)
    assert lines[0] == "2 public files were published"
    assert lines[1].startswith(f"  {release.public}  published ")
    assert lines[1].endswith("  current")
    assert lines[2].startswith(f"  {before.public}  published ")
    assert (home.releases / before.public).exists()
    (home.releases / before.public).unlink()
    report_public_files(home, release, lines.append)
    assert lines[-1].endswith("gone from the releases folder")


def test_a_build_is_compared_with_the_last_release_of_another(home: Home) -> None:
    first, second = current_release(home), publish(home, None, quiet)
    assert first
    manifest = home.releases / f"release-{first.release_id}.json"
    manifest.write_text(manifest.read_text().replace(warehouse.BUILD, "20210110T085500Z"))
    with open_warehouse(home) as connection:
        keep_released(connection, home)
        rows = connection.execute(
            "select release_id, build_id, place, counted from meta.released_figures "
            "where figure_id = 'wave_1_ordered' order by place"
        ).fetchall()
    assert rows == [
        (second.release_id, warehouse.BUILD, 0, 1000),
        (first.release_id, "20210110T085500Z", 1, 1000),
    ]


# Preview ----------------------------------------------------------------------------------------------------------
def test_a_preview_says_what_would_leave_and_writes_nothing(home: Home) -> None:
    warehouse.set_figure(home.warehouse, "wave_1_ordered", 1010)
    before = state(home)
    lines: list[str] = []
    preview(home, None, lines.append)
    assert state(home) == before
    text = "\n".join(lines)
    assert lines[0].startswith(f"SYNTHETIC DATA: preview of a release of build {warehouse.BUILD}, LOS ANGELES")
    assert re.search(r"^public: [0-9]+ tables, [0-9,]+ rows$", text, re.MULTILINE)
    assert f"  {WAVE_1}: 1,000 before, 1,010 convictions now (+10); usable with notes" in lines
    assert "  Wave 2: cases ordered dismissed: 900 before, 900 cases now (no change); usable with notes" in lines
    assert "rpt_relief_funnel" in next(line for line in lines if line.startswith("withheld outside the office, whole"))
    assert lines[-1] == "preview: nothing was written, and publishing would pass"
    assert warehouse.MARK not in text


def test_a_preview_counts_what_is_suppressed_by_reason(good: Home) -> None:
    lines: list[str] = []
    preview(good, None, lines.append)
    release = current_release(good)
    assert release
    (line,) = [line for line in lines if line.startswith("  rpt_dismissals_by_year") and "suppressed" in line][:1]
    found = re.search(r"values suppressed: ([0-9,]+) small counts \(1 to 10\), ([0-9,]+) that would give", line)
    assert found
    small, near = (int(number.replace(",", "")) for number in found.groups())
    cell = "rpt_dismissals_by_year_and_offense where dismissals"
    assert small == ask(good, release.leadership, f"select count(*) from {cell} between 1 and 10")[0][0]
    shown = ask(good, release.public, f"select count(*) from {cell} > 0")[0][0]
    there = ask(good, release.leadership, f"select count(*) from {cell} > 0")[0][0]
    assert isinstance(there, int) and isinstance(shown, int)
    assert near == there - shown - small > 0


def test_a_preview_ends_as_publishing_would(home: Home) -> None:
    warehouse.set_figure(home.warehouse, "wave_1_ordered", 990)
    before = state(home)
    lines: list[str] = []
    with pytest.raises(ReliefError) as previewed:
        preview(home, None, lines.append)
    with pytest.raises(ReliefError) as published:
        publish(home, None, quiet)
    assert str(previewed.value) == str(published.value)
    assert any(line.startswith("withheld") for line in lines)
    preview(home, None, lines.append, REASON)
    assert lines[-2] == f"would be accepted by {operating_system_user()}: {FALL}"
    assert state(home) == before


def test_a_preview_of_what_is_never_published_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="nothing is built yet"):
        preview(Home(tmp_path / "none"), None, quiet)
    warehouse.add_check(home.warehouse, "published", "stop", "failed")
    with pytest.raises(ReliefError, match=r"one_more \(published\)"):
        preview(home, None, quiet)
    assert not (tmp_path / "none").exists()


# `relief run` -------------------------------------------------------------------------------------------------------
def test_a_run_of_other_extracts_answers_for_itself_and_one_of_the_same_does_not(home: Home) -> None:
    assert _other_extracts(home, 0.05, 7) is None
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("insert into raw.deliveries (delivery_id, status) values ('ca_doj-1', 'landed')")
    reason = _other_extracts(home, 0.05, 7)
    assert reason == "relief run asked for SYNTHETIC extracts of scale 0.05 and seed 7 in the place of others"
    assert checked_reason(reason) == reason


def test_a_first_run_answers_for_nothing(first: Home) -> None:
    assert _other_extracts(first, 0.05, 7) is None
