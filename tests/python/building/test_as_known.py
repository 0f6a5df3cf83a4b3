"""`relief build --as-known-at` rebuilds a figure from what was known at an earlier time, and changes nothing else."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from relief.building import as_known, earlier_raw
from relief.building.build import build, is_up_to_date
from relief.building.versions import SEEDS, code_sha256, keep_seeds, kept_seeds, project_with
from relief.errors import ReliefError
from relief.explain import explain
from relief.export.cmr import export_cmr
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing import land
from relief.landing.catalog import renew_views_of_a_copy
from relief.landing.layout import all_sources
from relief.pipeline import _use_only
from relief.policies.store import add_from_cmr_options
from relief.publishing import publish
from relief.status import show_status
from tests.python.support.house import raw_tables
from tests.python.support.landing_files import Desk, doj_file, doj_record
from tests.python.support.warehouse import CMR, quiet

FIRST = doj_file([doj_record(1), doj_record(2).rsplit(b",", 1)[0]])
SECOND = doj_file([doj_record(1), doj_record(2), doj_record(3)])


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def deliveries_at(desk: Desk, at: datetime) -> dict[str, str]:
    """Status of each delivery in the raw schema, rebuilt as it was at an earlier time."""
    with open_warehouse(desk.home) as connection:
        earlier_raw.write(connection, desk.home, at)
        return dict(connection.execute("select delivery_id, status from raw_as_known.deliveries").fetchall())


def subjects_then(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("select subject_id from raw_as_known.ca_doj order by delivery_id, row_no")]


# The time of an earlier figure ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-01T10:30:00", datetime(2024, 3, 1, 10, 30)),
        ("2024-03-01 10:30", datetime(2024, 3, 1, 10, 30)),
        ("2024-03-01T10:30:00Z", datetime(2024, 3, 1, 10, 30)),
        ("2024-03-01T10:30:00-08:00", datetime(2024, 3, 1, 18, 30)),
        ("2024-03-01T10:30:00.123456", datetime(2024, 3, 1, 10, 30, 0, 123456)),
        ("2024-03-01", datetime(2024, 3, 1, 23, 59, 59, 999999)),
    ],
)
def test_a_time_is_utc_unless_it_says_its_zone_and_a_date_is_its_end(written: str, meant: datetime) -> None:
    assert as_known.read_time(written) == meant


def test_today_is_now() -> None:
    before = now()
    assert before <= as_known.read_time(before.date().isoformat()) <= now()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("yesterday", "not a time"),
        ("", "not a time"),
        ("2024-02-30", "not a time"),
        ("0001-01-01T00:00+14:00", "not a time"),
        ("2999-01-01", "not come yet"),
        pytest.param((datetime.now(UTC) + timedelta(hours=1)).isoformat(), "not come yet", id="in an hour"),
    ],
)
def test_what_is_no_earlier_time_is_one_clear_line(written: str, said: str) -> None:
    with pytest.raises(ReliefError, match=said):
        as_known.read_time(written)


# The manifest at an earlier time --------------------------------------------------------------------------------------
def test_every_table_that_dbt_reads_of_raw_has_its_earlier_state() -> None:
    layouts = {table.name for source in all_sources() for table in source.tables}
    assert set(raw_tables()) - layouts == set(earlier_raw.TABLES)


def test_a_delivery_superseded_later_counts_again_and_one_landed_later_does_not(desk: Desk) -> None:
    first = desk.land_bytes(FIRST)
    then = now()
    second = desk.land_bytes(SECOND, supersedes=first.delivery_id)
    assert deliveries_at(desk, then) == {first.delivery_id: "landed"}
    assert subjects_then(desk) == ["1"]
    assert desk.rows("select superseded_by, superseded_at from raw_as_known.deliveries") == [(None, None)]
    assert deliveries_at(desk, now()) == {first.delivery_id: "superseded", second.delivery_id: "landed"}
    assert subjects_then(desk) == ["1", "2", "3"]
    assert desk.subjects() == [1, 2, 3]


def test_what_supersedes_afterwards_does_so_from_then_on(desk: Desk) -> None:
    first, second = desk.land_bytes(FIRST), desk.land_bytes(SECOND)
    then = now()
    desk.land_bytes(SECOND, supersedes=first.delivery_id)
    assert set(deliveries_at(desk, then).values()) == {"landed"}
    assert desk.rows("select distinct supersedes from raw_as_known.deliveries") == [(None,)]
    assert deliveries_at(desk, now()) == {first.delivery_id: "superseded", second.delivery_id: "landed"}


def test_where_the_time_was_not_kept_it_is_taken_as_the_landing_of_what_replaced_it_and_said(desk: Desk) -> None:
    first = desk.land_bytes(FIRST)
    then = now()
    desk.land_bytes(SECOND, supersedes=first.delivery_id)
    desk.rows("update raw.deliveries set superseded_at = null")
    assert deliveries_at(desk, then) == {first.delivery_id: "landed"}
    assert deliveries_at(desk, now())[first.delivery_id] == "superseded"
    assert not any("not recorded" in line for line in prepare(desk, then))
    assert any(
        "1 superseded deliveries were replaced at a time that was not recorded" in line for line in prepare(desk)
    )


def test_a_repair_and_its_outcomes_count_from_their_own_time(desk: Desk) -> None:
    desk.land_bytes(FIRST)
    then = now()
    desk.mend([line.replace(doj_record(2).rsplit(b",", 1)[0], doj_record(2)) for line in desk.export()])
    counts = "select (select count(*) from raw_as_known.repairs), (select count(*) from raw_as_known.reject_repairs)"
    deliveries_at(desk, then)
    assert (desk.rows(counts), subjects_then(desk)) == ([(0, 0)], ["1"])
    deliveries_at(desk, now())
    assert (desk.rows(counts), subjects_then(desk)) == ([(1, 1)], ["1", "2"])
    assert desk.rows("select count(*) from raw_as_known.rejects") == [(1,)]


def test_an_as_of_date_given_later_was_the_landing_date_before(desk: Desk) -> None:
    desk.land_bytes(FIRST, as_of=None)
    then = now()
    desk.land_bytes(FIRST, as_of=date(2020, 2, 1))
    dates = "select as_of_date, as_of_given from raw_as_known.deliveries"
    deliveries_at(desk, then)
    assert desk.rows(dates) == [(then.date(), False)]
    deliveries_at(desk, now())
    assert desk.rows(dates) == [(date(2020, 2, 1), True)]


def test_synthetic_extracts_that_were_brought_back_were_out_of_use_in_between(desk: Desk) -> None:
    first, second = desk.land_bytes(FIRST, "x.csv"), desk.land_bytes(SECOND, "x.csv")
    desk.rows("update raw.deliveries set is_synthetic = true")
    times = []
    for used in (first, second, first):
        _use_only(desk.home, "x.csv", used.delivery_id, quiet)
        times.append(now())
    in_use = [[delivery for delivery, status in deliveries_at(desk, at).items() if status == "landed"] for at in times]
    assert in_use == [[first.delivery_id], [second.delivery_id], [first.delivery_id]]


def test_a_policy_added_later_is_not_there(desk: Desk) -> None:
    desk.land_bytes(FIRST)
    then = now() - timedelta(seconds=2)
    add_from_cmr_options(desk.home, "county_options", CMR / "configurable/eligibility_options.json")
    tables = ("added_policies", "added_policy_rules", "added_policy_conditions")
    rows = " union all ".join(f"select count(*) from raw_as_known.{table}" for table in tables)
    deliveries_at(desk, then)
    assert desk.rows(rows) == [(0,)] * 3
    deliveries_at(desk, now())
    assert min(desk.rows(rows)) > (0,)
    assert desk.rows("select count(*) from raw.added_policies") == [(1,)]


# What the build reports and refuses -----------------------------------------------------------------------------------
def prepare(desk: Desk, at: datetime | None = None, county: str = "LOS ANGELES") -> list[str]:
    lines: list[str] = []
    with open_warehouse(desk.home) as connection:
        connection.execute(
            "create schema if not exists meta; create table if not exists meta.builds (build_id varchar, "
            "started_at timestamp, county varchar, evaluated_as_of_date date, status varchar, as_known_at timestamp, "
            "seeds_sha256 varchar, code_sha256 varchar)"
        )
        as_known.prepare(connection, desk.home, at or now(), county, lines.append)
    return lines


def add_build(desk: Desk, **values: object) -> None:
    facts = {"build_id": "b1", "started_at": now(), "county": "LOS ANGELES", "status": "passed"} | values
    names, marks = ", ".join(facts), ", ".join("?" * len(facts))
    desk.rows(f"insert into meta.builds ({names}) values ({marks})", *facts.values())


def test_seeds_and_code_of_then_are_told_apart_from_those_of_now(desk: Desk) -> None:
    desk.land_bytes(FIRST)
    before = now()
    assert any("no build by then recorded its seeds" in line for line in prepare(desk))
    seeds = keep_seeds(desk.home)
    add_build(desk, seeds_sha256=seeds, code_sha256=code_sha256())
    same = prepare(desk)
    assert any("seeds of build b1" in line for line in same)
    assert not any("differ" in line or "--county" in line for line in same)
    assert any("no build by then recorded its seeds" in line for line in prepare(desk, before))
    assert any("was for LOS ANGELES; for its figures give --county" in line for line in prepare(desk, county="KERN"))
    add_build(desk, build_id="b2", seeds_sha256=seeds, code_sha256="other")
    assert any("the code is not that of build b2: a figure may differ" in line for line in prepare(desk))
    add_build(desk, build_id="b3", status="failed")
    add_build(desk, build_id="b4", as_known_at=before, seeds_sha256="other")
    assert any("seeds of build b2" in line for line in prepare(desk))


def test_seeds_are_kept_once_and_used_only_unchanged(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sha256 = keep_seeds(home)
    assert keep_seeds(home) == sha256
    kept = kept_seeds(home, sha256)
    assert [path.name for path in (home.path / "seeds").iterdir()] == [sha256]
    names = {path.relative_to(SEEDS) for path in SEEDS.rglob("*") if path.suffix in {".csv", ".yml"}}
    assert {path.relative_to(kept) for path in kept.rglob("*") if path.is_file()} == names
    with (kept / "policies/policies.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(ReliefError, match="the seeds of that time were changed"):
        kept_seeds(home, sha256)
    shutil.rmtree(kept)
    with pytest.raises(ReliefError, match="the seeds of that time are gone"):
        kept_seeds(home, sha256)


def leave_out(seeds: Path, name: str) -> None:
    """Turn the seeds into those of an older version: one seed and its descriptions are missing."""
    (path,) = seeds.rglob(f"{name}.csv")
    path.unlink()
    for document in seeds.rglob("*.yml"):
        said = yaml.safe_load(document.read_text())
        said["seeds"] = [seed for seed in said["seeds"] if seed["name"] != name]
        document.write_text(yaml.safe_dump(said))


def test_a_seed_that_came_later_is_that_of_now_and_this_is_said(desk: Desk, tmp_path: Path) -> None:
    desk.land_bytes(FIRST)
    older = tmp_path / "older"
    shutil.copytree(SEEDS, older)
    leave_out(older, "age_bands")
    prepare(desk)
    sha256 = keep_seeds(desk.home, older)
    add_build(desk, seeds_sha256=sha256)
    assert any(
        "seeds that a later version added are used as they are today: age_bands" in line for line in prepare(desk)
    )
    seeds = project_with(desk.home, kept_seeds(desk.home, sha256)) / "seeds"
    found = [path for path in seeds.rglob("*") if path.is_file()]  # like dbt, it does not follow links to folders
    names = [path.name for path in found if path.suffix == ".csv"]
    assert sorted(names) == sorted(path.name for path in SEEDS.rglob("*.csv"))
    said = [
        seed["name"] for path in found if path.suffix == ".yml" for seed in yaml.safe_load(path.read_text())["seeds"]
    ]
    assert len(said) == len(set(said))
    assert "age_bands" in said


def build_at(home: Home, at: datetime, report: Callable[[str], None] = quiet, **options: str) -> None:
    asked = {"target": "duckdb", "county": "LOS ANGELES"} | options
    build(home, **asked, evaluated_as_of=None, as_known_at=at, report=report)  # type: ignore[arg-type]


def test_before_the_first_delivery_nothing_was_known(desk: Desk) -> None:
    before = now()
    desk.land_bytes(FIRST)
    with pytest.raises(ReliefError, match=r"nothing was known yet at .* UTC; the first delivery was landed at .* UTC"):
        build_at(desk.home, before)
    assert desk.rows("select count(*) from meta.builds") == [(0,)]
    assert desk.rows("select count(*) from duckdb_schemas() where schema_name = 'raw_as_known'") == [(0,)]


def test_a_folder_without_a_delivery_knew_nothing_and_is_not_made(tmp_path: Path, desk: Desk) -> None:
    with pytest.raises(ReliefError, match="there is no warehouse"):
        build_at(Home(tmp_path / "nowhere"), now())
    assert not (tmp_path / "nowhere").exists()
    desk.land_bytes(FIRST)
    desk.rows("delete from raw.deliveries")
    with pytest.raises(ReliefError, match="nothing was ever landed here"):
        build_at(desk.home, now())


def test_a_target_without_deliveries_has_no_earlier_time(desk: Desk) -> None:
    with pytest.raises(ReliefError, match="target dev has no deliveries of any time"):
        build_at(desk.home, now(), target="dev")


def test_a_build_that_fails_changes_nothing_of_now_and_names_what_may_be_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.land_bytes(FIRST)
    then = now()
    desk.land_bytes(SECOND, supersedes=first.delivery_id)
    add_from_cmr_options(desk.home, "county_options", CMR / "configurable/eligibility_options.json")
    before = raw_state(desk.home)
    seen: list[bool] = []

    def failing(*arguments: object) -> tuple[dict[str, int], list[str]]:
        seen.append(isinstance(arguments[4], as_known.Earlier))
        return {"error": 1}, ["model one error"]

    monkeypatch.setattr("relief.building.build._run_dbt", failing)
    with pytest.raises(ReliefError, match=r"model one error.*may not fit the seeds of that time"):
        build_at(desk.home, then)
    assert seen == [True]
    assert raw_state(desk.home) == before
    assert desk.rows("select status, as_known_at from meta.builds") == [("failed", then)]


def test_a_folder_of_an_older_version_gets_what_it_lacks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.land_bytes(FIRST)
    then = now()
    add_build_of_an_older_version = (
        "create table meta.builds as select 'b0' as build_id, $1 as started_at, $1 as finished_at, "
        "'LOS ANGELES' as county, date '2020-02-01' as evaluated_as_of_date, date '2020-02-01' as extract_as_of_date, "
        "'passed' as status, false as is_synthetic, 'f' as fingerprint"
    )
    desk.rows("create schema meta")
    desk.rows(add_build_of_an_older_version, then)
    for column in ("superseded_at", "as_of_given_at"):
        desk.rows(f"alter table raw.deliveries drop column {column}")
    desk.rows("drop table raw.past_supersedings")
    monkeypatch.setattr("relief.building.build._run_dbt", lambda *_: ({"error": 1}, ["model one error"]))
    said: list[str] = []
    with pytest.raises(ReliefError, match="model one error"):
        build_at(desk.home, now(), said.append)
    assert any("no build by then recorded its seeds and code" in line for line in said)
    assert desk.rows("select count(*), count(code_sha256) from meta.builds") == [(2, 1)]


def test_the_day_of_evaluation_is_compared_with_that_of_the_build_of_then() -> None:
    earlier = as_known.Earlier(None, as_known.Build("b1", "KERN", date(2020, 1, 1), None, None))
    lines: list[str] = []
    for evaluated in (date(2020, 1, 1), None, date(2021, 1, 1)):
        earlier.say_day(evaluated, lines.append)
    assert lines == [
        "build b1 was evaluated as of 2020-01-01, and this one as of 2021-01-01; for its figures give --evaluated-as-of"
    ]


def test_the_state_of_then_moves_with_its_folder_and_is_read_as_long_as_the_last_build_shows_it(desk: Desk) -> None:
    desk.land_bytes(FIRST)
    prepare(desk)
    desk.home.path.rename(desk.home.path.with_name("moved"))
    desk.home = Home(desk.home.path.with_name("moved"))
    renew_views_of_a_copy(desk.home)
    assert subjects_then(desk) == ["1"]
    for at, schema in ((now(), "raw_as_known"), (None, "raw")):
        add_build(desk, as_known_at=at)
        with open_warehouse(desk.home, read_only=True) as connection:
            assert as_known.raw_of_last_build(connection) == schema


# A whole figure -------------------------------------------------------------------------------------------------------
FIGURES = [
    f"{folder}.{path.stem}"
    for folder, pattern in (("marts", "core/fct_*.sql"), ("reporting", "reporting/rpt_*.sql"))
    for path in sorted((PROJECT_DIR / "models/marts").glob(pattern))
]


def figures(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with open_warehouse(home, read_only=True) as connection:
        return {name: connection.execute(f"select * from {name} order by all").fetchall() for name in FIGURES}


def raw_state(home: Home) -> list[object]:
    """Every row of the manifest, and the text of every view."""
    tables = [*earlier_raw.TABLES]
    with open_warehouse(home, read_only=True) as connection:
        return [
            *(connection.execute(f"select * from raw.{table} order by all").fetchall() for table in tables),
            connection.execute(
                "select view_name, sql from duckdb_views() where schema_name = 'raw' order by 1"
            ).fetchall(),
        ]


@pytest.mark.full  # it builds four times
def test_a_build_as_known_then_gives_the_figures_of_then_and_changes_nothing_of_now(
    los_angeles: Home, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(los_angeles.path, home.path, ignore=shutil.ignore_patterns("logs"))
    of_then = figures(home)
    assert sum(map(len, of_then.values())) > 0
    seeds = tmp_path / "seeds"  # the seeds of that time differ in one word
    shutil.copytree(SEEDS, seeds)
    leave_out(seeds, "age_bands")  # this seed was added in a later version
    findings = seeds / "reference/quality_findings.csv"
    findings.write_text(findings.read_text().replace("Deliveries whose", "Then, deliveries whose"))
    with open_warehouse(home) as connection:
        connection.execute("update meta.builds set seeds_sha256 = ?", [keep_seeds(home, seeds)])
        (superseded,) = connection.execute("select delivery_id from raw.deliveries").fetchone() or ("",)
    then = now()

    half = tmp_path / "half.csv"
    lines = (CMR / "los_angeles/input.csv").read_bytes().splitlines(keepends=True)
    half.write_bytes(b"".join(lines[: len(lines) // 2]))
    land(home, "ca_doj", [half], date(2020, 6, 1), superseded, quiet)
    add_from_cmr_options(home, "county_options", CMR / "configurable/eligibility_options.json")
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    of_now, raw_of_now = figures(home), raw_state(home)
    assert of_now["marts.fct_relief_determinations"] != of_then["marts.fct_relief_determinations"]

    said: list[str] = []
    build_at(home, then, said.append)
    assert any("are used as they are today: age_bands" in line for line in said)
    again = figures(home)
    assert [name for name in FIGURES if again[name] != of_then[name]] == []
    with open_warehouse(home, read_only=True) as connection:
        (conviction,) = connection.execute(
            "select delivery_id || ':' || row_no from marts.fct_relief_determinations where policy_id = 'la_pilot_2019'"
        ).fetchone() or ("",)
        titles = connection.execute("select title from quality.audit_counts").fetchall()
        record = connection.execute(
            "select as_known_at, seeds_sha256, code_sha256 from meta.builds order by started_at desc limit 1"
        ).fetchone()
    assert any("Then, deliveries whose" in title for (title,) in titles)
    assert record == (then, keep_seeds(home, seeds), code_sha256())
    assert raw_state(home) == raw_of_now
    written = [export_cmr(read, "la_pilot_2019", tmp_path / name) for read, name in ((los_angeles, "a"), (home, "b"))]
    assert written[0].rows == written[1].rows > 0
    assert not is_up_to_date(home, "LOS ANGELES", None)
    with pytest.raises(ReliefError, match=r"shows what was known at .* and is not published"):
        publish(home, None, quiet)
    shown: list[str] = []
    show_status(home, shown.append)
    explain(home, conviction, ["la_pilot_2019"], with_identifiers=False, report=shown.append)
    assert sum("as known at" in line.lower() for line in shown) == 2
