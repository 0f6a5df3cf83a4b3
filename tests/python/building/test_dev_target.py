"""dbt's target `dev` builds a sample of people, or one model with deferral, and does not change the warehouse."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from relief.building.build import build, last_build_id
from relief.duck import connect
from relief.home import Home, open_warehouse
from relief.landing.catalog import renew_views_of_a_copy
from relief.publishing import publish
from relief.sql_text import load_macros, macro_texts, sql_environment
from tests.python.building.test_dbt import dbt
from tests.python.support.warehouse import quiet

SHARE = 30
MODEL = "int_policies__bounds"
DEFERRED = ("build", "--target", "dev", "--defer", "--favor-state", "--state")


def copy_of(home: Home, place: Path) -> Home:
    shutil.copytree(home.path, place, ignore=shutil.ignore_patterns("target", "logs"))
    renew_views_of_a_copy(Home(place))
    return Home(place)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def sampled(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A data folder with a dev build of a sample, whose data tests passed, and the earlier digest of its warehouse."""
    home = copy_of(ran[0], tmp_path_factory.mktemp("dev") / "home")
    before = digest(home.warehouse)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELIEF_DEV_SAMPLE", str(SHARE))
        build(home, target="dev", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home, before


@pytest.fixture
def both(sampled: tuple[Home, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the sample, attached as `dev`, and to the whole warehouse, attached as `warehouse`."""
    home = sampled[0]
    with connect() as connection:
        connection.execute(f"attach '{home.path / 'dev.duckdb'}' as dev (read_only)")
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        yield connection


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_the_warehouse_is_not_changed_and_the_sample_is_the_owners_only(sampled: tuple[Home, str]) -> None:
    home, before = sampled
    assert digest(home.warehouse) == before
    assert (home.path / "dev.duckdb").stat().st_mode & 0o777 == 0o600


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_a_subject_is_in_the_sample_with_all_rows_or_not_at_all(both: duckdb.DuckDBPyConnection) -> None:
    rows = "(select subject_id, count(*) as rows from {}.raw.ca_doj group by 1)"
    everyone, kept, whole = both.execute(
        "select count(*), count(drawn.rows), count(*) filter (where drawn.rows = landed.rows) "
        f"from {rows.format('warehouse')} as landed left join {rows.format('dev')} as drawn using (subject_id)"
    ).fetchall()[0]
    assert 0 < kept < everyone
    assert whole == kept


@pytest.mark.full  # dbt builds the sample, which takes over a minute
@pytest.mark.parametrize("table", ["la_court_counts", "la_court_sentences"])
def test_a_case_is_in_the_sample_with_all_rows(both: duckdb.DuckDBPyConnection, table: str) -> None:
    kept, expected = both.execute(
        f"select (select count(*) from dev.raw.{table}), (select count(*) from warehouse.raw.{table} where "
        "case_number in (select case_number from dev.raw.la_court_cases union select case_number from "
        f"dev.raw.{table}))"
    ).fetchall()[0]
    assert 0 < kept == expected


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_a_sampled_subjects_cases_are_in_the_sample(both: duckdb.DuckDBPyConnection) -> None:
    here = both.execute("select count(*) from dev.marts.fct_convictions where source = 'both'").fetchall()[0][0]
    assert here > 0
    named, kept = both.execute(
        "select count(*), count(*) filter (where case_number in (select case_number from dev.raw.la_court_cases)) "
        "from warehouse.raw.la_court_cases where cii_number in (select cii_number from dev.raw.ca_doj) "
        "and regexp_matches(cii_number, '[0-9]{5}')"  # two rows with an empty number do not match each other
    ).fetchall()[0]
    assert 0 < named == kept


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_the_sample_accounts_for_its_own_rows(both: duckdb.DuckDBPyConnection) -> None:
    counted = both.execute(
        "select count(*), bool_and(is_reconciled), sum(rows_in_raw) from dev.quality.audit_delivery_reconciliation"
    ).fetchall()[0]
    everything = both.execute("select sum(loaded) from warehouse.raw.deliveries").fetchall()[0][0]
    assert counted[0] == both.execute("select count(*) from warehouse.raw.deliveries").fetchall()[0][0]
    assert counted[1]
    assert 0 < counted[2] < everything


def test_a_larger_share_holds_the_smaller_one() -> None:
    is_drawn = load_macros(sql_environment(), macro_texts())["is_drawn"]
    with connect() as connection:
        drawn, both = connection.execute(
            f"select count(*) filter (where {is_drawn('text', 5)}), "
            f"count(*) filter (where {is_drawn('text', 5)} and {is_drawn('text', 20)}) "
            "from (select cast(number as varchar) as text from range(10000) as numbers (number))"
        ).fetchall()[0]
    assert 400 < drawn == both < 600


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_a_sample_is_never_published(sampled: tuple[Home, str], tmp_path: Path) -> None:
    home = copy_of(sampled[0], tmp_path / "home")
    build_id = last_build_id(home)
    (home.path / "dev.duckdb").write_text("no database", encoding="utf-8")
    publish(home, None, quiet)
    assert last_build_id(home) == build_id
    assert (home.path / "dev.duckdb").read_text(encoding="utf-8") == "no database"


@pytest.fixture(scope="module")
def deferring(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A data folder without a dev build, and the folder of dbt's state for the code that built its warehouse."""
    folder = tmp_path_factory.mktemp("defer")
    home = copy_of(ran[0], folder / "home")
    done = dbt(home.path, "parse", "--target", "duckdb")
    assert done.returncode == 0, done.stdout[-3000:]
    state = folder / "published"
    state.mkdir()
    shutil.copy(home.path / "target/manifest.json", state)
    return home, state


def defer(home: Home, state: Path) -> subprocess.CompletedProcess[str]:
    return dbt(home.path, *DEFERRED, str(state), "--select", MODEL, "--exclude-resource-type", "unit_test")


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_one_model_is_built_from_the_warehouse(deferring: tuple[Home, Path]) -> None:
    home, state = deferring
    before = digest(home.warehouse)
    done = defer(home, state)
    assert done.returncode == 0, done.stdout[-3000:]
    assert digest(home.warehouse) == before
    with connect(home.path / "dev.duckdb") as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'dev' and table_schema = 'intermediate'"
        ).fetchall()
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        table = f"intermediate.{MODEL}"
        differing = connection.execute(
            f"select count(*) from (from dev.{table} except all from warehouse.{table})"
        ).fetchall()[0][0]
        counts = connection.execute(
            f"select (select count(*) from dev.{table}), (select count(*) from warehouse.{table})"
        ).fetchall()[0]
    assert tables == [(MODEL,)]
    assert counts[0] == counts[1] > 0
    assert differing == 0


@pytest.fixture
def unfinished(deferring: tuple[Home, Path], tmp_path: Path) -> Iterator[Home]:
    """The data folder of `deferring` with its last build marked as failed.

    The test uses that folder again because dbt would have to parse the whole project for a new one.
    """
    home = deferring[0]
    shutil.copy(home.warehouse, tmp_path)
    with open_warehouse(home) as connection:
        connection.execute("update meta.builds set status = 'failed'")
    yield home
    shutil.copy(tmp_path / home.warehouse.name, home.warehouse)


@pytest.mark.full  # dbt builds the sample, which takes over a minute
def test_without_a_finished_warehouse_nothing_is_deferred_to(unfinished: Home, deferring: tuple[Home, Path]) -> None:
    failed = defer(unfinished, deferring[1])
    assert failed.returncode != 0
    assert "did not pass, so there is nothing to defer to; run `relief build`" in " ".join(failed.stdout.split())
    unfinished.warehouse.unlink()
    missing = defer(unfinished, deferring[1])
    assert missing.returncode != 0
    assert "to defer to; build it first with `relief run` or `relief build`" in " ".join(missing.stdout.split())
