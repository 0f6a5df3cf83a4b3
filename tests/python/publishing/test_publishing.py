"""Publishing: what a release holds, who is kept out, and that readers only ever see whole releases."""

import fcntl
import hashlib
import json
import re
import shutil
import stat
from pathlib import Path

import duckdb
import pytest
import yaml

from relief.errors import ReliefError
from relief.home import Home
from relief.publishing import Release, codebook, current_release, edition, publish, publisher, rollback
from relief.publishing.research_tables import COUNTED
from relief.publishing.tables import ACCEPTED_INSIDE, ACCEPTED_OUTSIDE, CHECKS, EXPORTED
from tests.python.publishing import published_warehouse as warehouse

REPORTS = (
    "rpt_progress_toward_published_totals",
    "rpt_dismissals_by_year_and_offense",
    "rpt_people_outcomes",
    "rpt_relief_standing",
)


def quiet(_line: str) -> None:
    """Report to no one."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "warehouse.duckdb"
    warehouse.build(path)
    return path


@pytest.fixture
def home(good: Path, tmp_path: Path) -> Home:
    shutil.copy(good, tmp_path / "warehouse.duckdb")
    return Home(tmp_path)


@pytest.fixture(scope="module")
def published(good: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release]:
    home = Home(tmp_path_factory.mktemp("published"))
    shutil.copy(good, home.warehouse)
    return home, publish(home, None, quiet)


def ask(home: Home, name: str, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.releases / name), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def files(home: Home) -> set[str]:
    return {path.name for path in home.releases.iterdir() if path.name != ".lock"}


def test_a_release_is_three_files_a_manifest_and_a_pointer(published: tuple[Home, Release]) -> None:
    home, release = published
    names = {f"{kind}-{release.release_id}.duckdb" for kind in ("leadership", "public", "research")}
    beside = f"research-{release.release_id}"
    assert files(home) == {*names, beside, f"release-{release.release_id}.json", "current"}
    written = {path.name for path in (home.releases / beside).iterdir()}
    assert {"codebook.md", "codebook.html", "CITATION.cff", "rpt_research_people.parquet"} <= written
    citation = yaml.safe_load((home.releases / beside / "CITATION.cff").read_text())
    assert citation["version"] == release.release_id
    assert citation["title"].startswith("SYNTHETIC DATA")
    assert hashlib.sha256((home.releases / release.research).read_bytes()).hexdigest() in str(citation["identifiers"])
    assert json.loads((home.releases / "current").read_text()) == {
        "release_id": release.release_id,
        "build_id": warehouse.BUILD,
        "published_at": release.published_at,
        "leadership": release.leadership,
        "public": release.public,
        "research": release.research,
        "previous": None,
    }
    assert current_release(home) == release


def test_only_the_owner_reads_the_exact_figures(published: tuple[Home, Release]) -> None:
    home, release = published
    modes = {name: stat.S_IMODE((home.releases / name).stat().st_mode) for name in files(home)}
    assert modes[release.leadership] == 0o600
    assert modes[release.public] == modes[release.research] == 0o644


@pytest.mark.parametrize("kind", ["leadership", "public", "research"])
def test_a_release_says_what_it_is(kind: str, published: tuple[Home, Release]) -> None:
    home, release = published
    [row] = ask(
        home,
        getattr(release, kind),
        "select release_id, build_id, kind, county, is_synthetic, notice[:14], extract_as_of_date::varchar "
        "from release_info",
    )
    assert row == (release.release_id, warehouse.BUILD, kind, "LOS ANGELES", True, "SYNTHETIC DATA", "2021-12-31")


@pytest.mark.parametrize("kind", ["leadership", "public", "research"])
def test_a_release_holds_the_tables_and_columns_of_the_allow_list_and_nothing_else(
    kind: str, published: tuple[Home, Release]
) -> None:
    home, release = published
    found: dict[str, set[str]] = {}
    for table, column in ask(
        home, getattr(release, kind), "select table_name, column_name from duckdb_columns() where not internal"
    ):
        found.setdefault(str(table), set()).add(str(column))
    allowed = {table.name: set(table.columns) for table in EXPORTED if kind in table.kinds}
    for report in REPORTS:
        allowed[report] |= set() if kind == "leadership" else {"mark"}
    allowed["acceptances"] = set(ACCEPTED_INSIDE if kind == "leadership" else ACCEPTED_OUTSIDE)
    if kind == "leadership":
        allowed["check_results"] = set(CHECKS)
    if kind == "research":
        allowed |= {"codebook": set(codebook.COLUMNS), "release_changes": found["release_changes"]}
        for counted in COUNTED:
            allowed[counted.name] |= {"mark"}
    del found["release_info"], found["data_dictionary"]
    assert found == allowed


def test_the_allow_list_names_no_identifier() -> None:
    identifier = re.compile(
        r"(person|defendant|subject|alias|file|member|pri|courthouse)_?(name|key|id)|birth|dob|cii|ssn|fbi|case_(key|number)"
        r"|conviction_key|count_(order|number)|cnt_order|raw_text|charge_text|row_no|record_no|event_id|batch|sha256|path"
    )
    named = {column for table in EXPORTED for column in table.columns} | set(CHECKS)
    assert {column for column in named if identifier.search(column)} == set()
    assert {table.source.split(".")[0] for table in EXPORTED} == {"reporting", "quality", "reference"}


def test_no_identifier_of_the_warehouse_is_in_any_published_byte(published: tuple[Home, Release]) -> None:
    home, _ = published
    assert warehouse.MARK.encode() in home.warehouse.read_bytes()
    for file in (path for path in home.releases.rglob("*") if path.is_file()):
        assert warehouse.MARK.encode() not in file.read_bytes()


def test_leadership_is_exact(published: tuple[Home, Release]) -> None:
    home, release = published
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        for table in (table for table in EXPORTED if "leadership" in table.kinds):
            columns = ", ".join(table.columns)
            exact = connection.execute(
                f"select {columns} from {table.source} where {table.where} order by all"
            ).fetchall()
            assert ask(home, release.leadership, f"select {columns} from {table.name} order by all") == exact
    assert ask(home, release.leadership, "select count(*) from check_results") == [(3,)]


def test_variants_of_a_policy_stay_out_of_every_release(published: tuple[Home, Release]) -> None:
    home, release = published
    for file in (release.leadership, release.public, release.research):
        assert ask(home, file, "select distinct basis from rpt_people_outcomes order by 1") == [
            ("la_pilot_2019",),
            ("relief orders",),
        ]


def test_of_two_policies_only_what_the_plants_decide_is_published_and_inside_the_office(
    published: tuple[Home, Release],
) -> None:
    home, release = published
    pairs = "select from_rule_id, to_rule_id, to_policy_id, convictions, people from unknown_plants"
    assert ask(home, release.leadership, pairs) == [
        ("cultivation_lawful_today", "cultivation", "statutory_11361_8_more_plants", 9, 8)
    ]
    for file in (release.public, release.research):
        assert ask(home, file, "select count(*) from duckdb_tables() where table_name = 'unknown_plants'") == [(0,)]


def test_only_the_policys_own_way_with_overdue_records_leaves_the_office(published: tuple[Home, Release]) -> None:
    # Counted with and without them, an outcome may differ by 1 to 10 people.
    home, release = published
    ways = "select basis, overdue_records from rpt_people_outcomes order by all"
    bases = ["la_pilot_2019", "relief orders"]
    for file in (release.public, release.research):
        assert ask(home, file, ways) == [(basis, "counted") for basis in bases]
    assert ask(home, release.leadership, ways) == [(basis, way) for basis in bases for way in ("counted", "left_out")]


def test_public_and_research_hold_the_same_suppressed_cubes(published: tuple[Home, Release]) -> None:
    home, release = published
    for report in REPORTS:
        rows = ask(home, release.public, f"from {report} order by all")
        assert rows == ask(home, release.research, f"from {report} order by all")
    small = "select count(*) from rpt_dismissals_by_year_and_offense where dismissals between 1 and 10"
    assert ask(home, release.leadership, small)[0][0] > 0
    assert ask(home, release.public, small) == [(0,)]


def test_exact_numbers_never_pass_through_a_file_that_is_published(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    real = edition.suppress_tables

    def watch(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
        tables = connection.execute("select table_name from duckdb_tables() where database_name = 'release'").fetchall()
        seen.append({name for (name,) in tables})
        real(connection, schema)

    monkeypatch.setattr(edition, "suppress_tables", watch)
    publish(home, None, quiet)
    assert seen == [set()]


def test_every_published_column_of_a_mark_or_release_is_described(published: tuple[Home, Release]) -> None:
    home, release = published
    [(entries,)] = ask(home, release.public, "select count(*) from data_dictionary")
    [(columns,)] = ask(home, release.public, "select count(*) from duckdb_columns() where not internal")
    assert entries == columns


def test_nothing_built_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="nothing is built yet; run: relief build"):
        publish(Home(tmp_path), None, quiet)
    assert current_release(Home(tmp_path)) is None


@pytest.mark.parametrize(
    ("status", "line"), [("failed", "failed and is not published"), ("running", "has not finished")]
)
def test_a_build_that_did_not_pass_is_not_published(status: str, line: str, home: Home) -> None:
    warehouse.add_build(home.warehouse, status)
    with pytest.raises(ReliefError, match=f"20220111T085500Z {line}"):
        publish(home, None, quiet)


def test_a_build_whose_published_gate_was_not_asked_is_not_published(home: Home) -> None:
    warehouse.add_build(home.warehouse, "passed")
    with pytest.raises(ReliefError, match="run: relief validate published"):
        publish(home, None, quiet)


@pytest.mark.parametrize("gate", ["landed", "published"])
@pytest.mark.parametrize("status", ["failed", "errored"])
def test_a_check_that_stops_is_named_and_keeps_the_old_release(gate: str, status: str, home: Home) -> None:
    before = publish(home, None, quiet)
    kept = files(home)
    warehouse.add_check(home.warehouse, gate, "stop", status)
    with pytest.raises(ReliefError, match=rf"one_more \({gate}\)"):
        publish(home, None, quiet)
    assert current_release(home) == before
    assert files(home) == kept


def test_a_warning_publishes(home: Home) -> None:
    warehouse.add_check(home.warehouse, "published", "warn", "warned")
    assert publish(home, None, quiet).build_id == warehouse.BUILD


def test_a_check_that_passed_when_asked_again_no_longer_stops(home: Home) -> None:
    warehouse.add_check(home.warehouse, "landed", "stop", "failed", minutes=10)
    warehouse.add_check(home.warehouse, "landed", "stop", "passed", minutes=20)
    publish(home, None, quiet)


@pytest.mark.parametrize("step", ["suppress_tables", "_describe", "_settle", "point_to"])
@pytest.mark.parametrize(
    "error",
    # A release is made for each step: the second way to fail is of the long suite.
    [OSError(28, "No space left on device"), pytest.param(KeyboardInterrupt(), marks=pytest.mark.full)],
)
def test_a_failure_at_any_step_leaves_the_old_release_and_no_half_files(
    step: str, error: BaseException, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(home, None, quiet)
    kept = files(home)

    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(edition if step in {"suppress_tables", "_describe"} else publisher, step, fail)
    with pytest.raises((ReliefError, KeyboardInterrupt)):
        publish(home, None, quiet)
    assert current_release(home) == before
    assert files(home) == kept
    monkeypatch.undo()
    assert publish(home, None, quiet).previous == before.release_id


def test_what_a_killed_publisher_left_is_cleared_by_the_next(home: Home) -> None:
    home.releases.mkdir()
    for name in ("leadership-20200101T000000000Z.duckdb.part", "public-20200101T000000000Z.duckdb", ".current.1.part"):
        (home.releases / name).write_bytes(b"half")
    publish(home, None, quiet)
    assert not [name for name in files(home) if "20200101" in name or ".part" in name]


def test_a_second_publisher_is_told_to_wait(home: Home) -> None:
    home.releases.mkdir()
    with (home.releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReliefError, match="another process is publishing"):
            publish(home, None, quiet)
    publish(home, None, quiet)


def test_a_reader_keeps_its_release_while_the_next_is_published(home: Home) -> None:
    first = publish(home, None, quiet)
    with duckdb.connect(str(home.releases / first.research), read_only=True) as reader:
        second = publish(home, None, quiet)
        assert reader.execute("select release_id from release_info").fetchone() == (first.release_id,)
    assert second.release_id > first.release_id
    assert current_release(home) == second


def test_rollback_goes_back_release_by_release_and_publishing_goes_on_from_there(home: Home) -> None:
    first, second, third = (publish(home, None, quiet) for _ in range(3))
    assert rollback(home) == second
    assert rollback(home) == first
    with pytest.raises(ReliefError, match="is the first"):
        rollback(home)
    assert current_release(home) == first
    assert publish(home, None, quiet).previous == first.release_id
    assert (home.releases / third.public).exists()


def test_rollback_without_a_release_is_one_clear_line(home: Home) -> None:
    with pytest.raises(ReliefError, match="no release yet"):
        rollback(home)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"release_id": "x"}'])
def test_a_damaged_pointer_is_one_clear_line(text: str, home: Home) -> None:
    home.releases.mkdir()
    (home.releases / "current").write_text(text)
    with pytest.raises(ReliefError, match="publish again"):
        current_release(home)


def test_a_pointer_that_leads_out_of_the_folder_is_refused(home: Home) -> None:
    release = publish(home, None, quiet)
    pointer = json.loads((home.releases / "current").read_text())
    (home.releases / "current").write_text(json.dumps(pointer | {"research": "../warehouse.duckdb"}))
    with pytest.raises(ReliefError, match="outside the releases folder"):
        current_release(home)
    assert release.research.startswith("research-")


def test_a_report_that_is_missing_is_one_clear_line(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("drop table reporting.rpt_people_outcomes")
    with pytest.raises(ReliefError, match="lacks a report"):
        publish(home, None, quiet)


def test_rows_under_an_agreement_are_refused(home: Home) -> None:
    with pytest.raises(ReliefError, match="without --agreement"):
        publish(home, "UCLA-1", quiet)
