"""A gate as a whole: what it prints, stores and refuses, and that it shows no value of any person."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home
from relief.validation import ValidationResult, validate
from relief.validation.plausible import checks as band_checks
from relief.validation.runner import run_checks
from relief.validation.suites import load_suite
from tests.python.validation import validation_warehouse as warehouse


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "warehouse.duckdb"
    warehouse.build(path)
    return path


@pytest.fixture
def home(good: Path, tmp_path: Path) -> Home:
    shutil.copy(good, tmp_path / "warehouse.duckdb")
    return Home(tmp_path)


def run(home: Home, gate: str, **options: str) -> tuple[ValidationResult, list[str]]:
    lines: list[str] = []
    return validate(home, gate, lines.append, **options), lines


def kept(home: Home) -> list[tuple[str, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(
            "select build_id, gate, check_name, description, severity, status, observed from meta.check_results"
        ).fetchall()


@pytest.mark.parametrize("gate", ["landed", "published"])
def test_a_gate_passes_on_good_data_with_one_line_per_check(gate: str, home: Home) -> None:
    result, lines = run(home, gate)
    assert result.passed
    bands = {check.name for check in band_checks()}
    said = [line for line in lines if " bands that could be asked; " not in line]
    assert len(said) == len([check for check in load_suite(gate).checks if check.name not in bands])
    assert len(said) == len([check for check in result.checks if check.name not in bands])
    assert all(line.startswith("passed") for line in lines)
    assert "passed  Something has been landed: 6 deliveries in use" in lines or gate == "published"


def test_results_are_kept_for_the_last_build_and_replaced_by_a_second_run(home: Home) -> None:
    run(home, "published")
    result, _ = run(home, "published")
    run(home, "landed", build_id="20260103T000000Z")
    rows = kept(home)
    assert {row[:2] for row in rows} == {("20260102T000000Z", "published"), ("20260103T000000Z", "landed")}
    assert sum(row[1] == "published" for row in rows) == len(result.checks)


def test_before_a_first_build_the_landed_gate_keeps_an_empty_build_id(tmp_path: Path) -> None:
    warehouse.build(tmp_path / "warehouse.duckdb", built="")
    result, _ = run(Home(tmp_path), "landed")
    assert result.passed
    assert {row[0] for row in kept(Home(tmp_path))} == {""}


def test_a_county_that_delivered_only_the_doj_file_passes(home: Home) -> None:
    warehouse.change(
        home.warehouse,
        "delete from raw.deliveries where source <> 'ca_doj'; delete from raw.la_court_cases;"
        "delete from raw.la_court_counts; delete from raw.la_court_sentences; delete from raw.relief_events",
    )
    for gate in ("landed", "published"):
        result, lines = run(home, gate)
        assert result.passed
        assert "relief_events" in result.not_delivered
        assert "la_court_cases" in result.not_delivered
        assert lines[-1].startswith("not delivered: la_court_cases")


def test_a_stop_closes_the_gate_and_is_named_in_one_line(home: Home) -> None:
    warehouse.change(
        home.warehouse, "update raw.deliveries set loaded = loaded - 1 where table_name = 'la_court_cases'"
    )
    result, lines = run(home, "landed")
    assert not result.passed
    assert result.failure_line() == (
        "the landed gate stopped on 2 checks: Every record is loaded or rejected (1 exception among 6 deliveries); "
        "The warehouse reads every loaded row (1 exception among 6 deliveries in use)"
    )
    assert any(line.startswith("failed  Every record is loaded or rejected: 1 exception") for line in lines)


def test_a_warning_is_said_and_let_through(home: Home) -> None:
    warehouse.change(home.warehouse, "update raw.deliveries set as_of_given = false")
    result, lines = run(home, "landed")
    assert result.passed
    assert [line for line in lines if line.startswith("warned")] == [
        "warned  The as-of date of every delivery was given: 6 exceptions among 6 deliveries in use. "
        "Without it the landing date stands beside every figure. Land the file again with --as-of."
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"query": "select * from raw.not_there"}, "Catalog error: Table with name not_there does not exist"),
        ({"kwargs": {"column": "not_there"}}, "could not be asked"),
        ({"query": "select cast(pri_name as integer) as subject_id from raw.ca_doj"}, "could not be asked"),
        ({"expectation": "expect_something_else"}, "could not be asked"),
        ({"query": "this is not sql"}, "could not be asked"),
    ],
    ids=["no such table", "no such column", "conversion of a value fails", "no such expectation", "no sql"],
)
def test_a_check_that_cannot_be_asked_stops_though_it_would_only_warn(
    change: dict[str, object], says: str, good: Path
) -> None:
    checks = load_suite("landed").checks
    mild = next(check for check in checks if check.name == "Every DOJ row names its subject")
    broken, other = run_checks(good, [replace(mild, **change), checks[0]])  # type: ignore[arg-type]
    assert (broken.status, broken.severity, broken.stops) == ("errored", "stop", True)
    assert says in broken.observed
    assert warehouse.MARK not in repr(broken)
    assert other.status == "passed"


def test_a_missing_table_fails_the_gate_and_only_its_own_checks(home: Home) -> None:
    warehouse.change(home.warehouse, "drop table reporting.rpt_people_outcomes")
    result, _ = run(home, "published")
    assert not result.passed
    assert {check.status for check in result.checks} == {"passed", "errored"}
    assert {row[4] for row in kept(home) if row[5] == "errored"} == {"stop"}


def test_a_landing_file_that_is_gone_stops_the_gate_without_naming_a_path(home: Home) -> None:
    parquet = home.path / "sentences.parquet"
    warehouse.change(
        home.warehouse,
        f"copy raw.la_court_sentences to '{parquet}' (format parquet); drop table raw.la_court_sentences;"
        f"create view raw.la_court_sentences as select * from read_parquet('{parquet}')",
    )
    assert run(home, "landed")[0].passed
    parquet.unlink()
    result, lines = run(home, "landed")
    assert not result.passed
    assert "could not be asked (a file of the landing folder is missing or damaged)" in "".join(lines)
    assert str(home.path) not in "".join(lines)


def test_nobody_s_value_is_said_kept_or_printed(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    warehouse.change(
        home.warehouse,
        f"update raw.relief_events set event_type = '{warehouse.MARK}', relief_type = '{warehouse.MARK}', event_date = "
        f"'{warehouse.MARK}'; update raw.ca_doj set cnt_order = '{warehouse.MARK}', stp_event_date = pri_name;"
        f"update raw.la_court_counts set case_number = '{warehouse.MARK}' || row_no;"
        "update marts.fct_convictions set conviction_key = 'QXZ', wave_number = 7;"
        "update marts.fct_relief_determinations set conviction_key = 'QXZ', reason = ''",
    )
    said: list[str] = []
    for gate in ("landed", "published"):
        result, lines = run(home, gate)
        said += [*lines, repr(result), result.failure_line()]
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert warehouse.MARK not in "".join(said) + repr(kept(home))


def test_a_gate_with_that_name_must_exist(home: Home) -> None:
    with pytest.raises(ReliefError, match="there is no gate 'landing'; choose one of: landed, published"):
        run(home, "landing")


def test_without_a_warehouse_the_next_step_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="land a file first"):
        run(Home(tmp_path), "landed")


def test_before_a_build_the_published_gate_says_so(tmp_path: Path) -> None:
    warehouse.build(tmp_path / "warehouse.duckdb", built="")
    with pytest.raises(ReliefError, match="nothing has been built yet; build first: relief build"):
        run(Home(tmp_path), "published")


def test_an_empty_warehouse_does_not_pass(tmp_path: Path) -> None:
    warehouse.build(tmp_path / "warehouse.duckdb", landed="", built="")
    result, _ = run(Home(tmp_path), "landed")
    assert [check.name for check in result.checks if check.stops] == ["Something has been landed"]


@contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            yield
        finally:
            holder.kill()


def test_a_warehouse_in_use_is_one_clear_error(home: Home) -> None:
    with held_by_another_process(home.warehouse), pytest.raises(ReliefError, match="in use by another process"):
        run(home, "landed")
    with duckdb.connect(str(home.warehouse)), pytest.raises(ReliefError, match="in use by this process"):
        run(home, "landed")


def test_the_warehouse_is_free_again_afterwards(home: Home) -> None:
    run(home, "landed")
    with duckdb.connect(str(home.warehouse)) as connection:
        assert connection.execute("select count(*) from meta.check_results").fetchone() is not None


def test_a_gate_needs_no_network_and_writes_nothing_outside_its_home(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a gate must not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert run(home, "landed")[0].passed
    user = tmp_path / "user"
    user.mkdir()
    code = (
        "import sys; from pathlib import Path; from relief.home import Home; from relief.validation import validate;"
        "sys.exit(not validate(Home(Path(sys.argv[1])), 'landed', lambda line: None).passed)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home.path)],
        env={"HOME": str(user), "PYTHONPATH": str(PROJECT_DIR)},
        cwd=user,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert list(user.iterdir()) == []


def test_importing_the_package_does_not_import_great_expectations() -> None:
    code = "import sys, relief.validation; sys.exit('great_expectations' in sys.modules)"
    root = PROJECT_DIR
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
