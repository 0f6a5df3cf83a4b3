"""Tables are published and exported only if none of the inputs of their build has changed since."""

import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from relief.building import inputs
from relief.building.build import is_up_to_date
from relief.building.last_build import current_build
from relief.compare import compare
from relief.errors import ReliefError
from relief.explain.run import explain
from relief.export.ab1706 import export_ab1706
from relief.export.cmr import export_cmr
from relief.export.determinations import export_determinations
from relief.export.filing import export_filing
from relief.export.worklist import export_worklist
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing import land
from relief.landing.catalog import supersede
from relief.landing.open_rejects import export_rejects
from relief.linkage.settings import PEOPLE
from relief.policies.compare import compare_policies
from relief.policies.life import approve_policy, copy_policy, keep_drafts
from relief.policies.store import add_from_cmr_options
from relief.publishing import publish
from relief.status import show_status
from relief.validation import validate
from tests.python.support.landing_files import doj_file, doj_record
from tests.python.support.warehouse import CMR, quiet

POLICY = "statutory_11361_8"
OTHER = "la_pilot_2019"
READERS: dict[str, Callable[[Home, Path], object]] = {
    "publish": lambda home, _out: publish(home, None, quiet),
    "validate published": lambda home, _out: validate(home, "published", quiet),
    "determinations": lambda home, out: export_determinations(home, POLICY, out / "determinations.csv"),
    "cmr": lambda home, out: export_cmr(home, OTHER, out / "cmr"),
    "filing": lambda home, out: export_filing(home, POLICY, out / "filing"),
    "ab1706": lambda home, out: export_ab1706(home, POLICY, out / "ab1706"),
    "worklist": lambda home, out: export_worklist(home, POLICY, out / "worklist"),
    "compare": lambda home, out: compare(home, OTHER, out / "cmr" / "All_Results.csv", report=quiet),
    "policy compare": lambda home, _out: compare_policies(home, OTHER, POLICY, quiet),
    "explain": lambda home, _out: explain(home, first_key(home), [], with_identifiers=False, report=quiet),
}


def first_key(home: Home) -> str:
    with open_warehouse(home, read_only=True) as connection:
        row = connection.execute("select min(conviction_key) from marts.fct_relief_determinations").fetchone()
    assert row
    return str(row[0])


def ask(home: Home, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def whole(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A copy of a built data folder that `compare` can read, and a folder for exports."""
    folder = tmp_path_factory.mktemp("stale")
    home = Home(Path(shutil.copytree(ran[0].path, folder / "home", ignore=shutil.ignore_patterns("synthetic"))))
    out = folder / "out"
    out.mkdir()
    READERS["cmr"](home, out)
    return home, out


@pytest.fixture
def home(whole: tuple[Home, Path]) -> Iterator[Home]:
    """A data folder whose warehouse is restored after each change."""
    home = whole[0]
    kept = home.path.parent / "kept.duckdb"
    with open_warehouse(home) as connection:
        connection.execute("checkpoint")
    shutil.copy(home.warehouse, kept)
    yield home
    home.warehouse.with_name("warehouse.duckdb.wal").unlink(missing_ok=True)
    shutil.move(kept, home.warehouse)
    for folder in ("policies", "linkage"):
        shutil.rmtree(home.path / folder, ignore_errors=True)


def test_an_unchanged_build_is_published_and_exported(whole: tuple[Home, Path]) -> None:
    home, out = whole
    assert is_up_to_date(home, "LOS ANGELES", None)
    for read in READERS.values():
        read(home, out)
    assert not is_up_to_date(home, "ORANGE", None)


def landed(home: Home) -> None:
    path = home.path.parent / "new.csv"
    path.write_bytes(doj_file([doj_record(1), b"short"]))
    land(home, "ca_doj", [path], None, None, quiet)


def superseded_late(home: Home) -> None:
    """Let one delivery of the build replace another, as `relief land --supersedes` does."""
    ids = [str(row[0]) for row in ask(home, "select delivery_id from raw.deliveries order by table_name limit 2")]
    with open_warehouse(home) as connection:
        supersede(connection, home, *ids)


def dated_later(home: Home) -> None:
    ask(home, "update raw.deliveries set as_of_date = date '2019-01-01', as_of_given = true where source = 'ca_doj'")


def repaired(home: Home) -> None:
    path = home.path.parent / "rejects.csv"
    path.unlink(missing_ok=True)
    export_rejects(home, None, path, quiet)
    lines = path.read_text(encoding="utf-8").split("\n")
    drop = lines[1].replace(",,", ",drop,", 1)  # reject_action is the first empty cell
    path.write_text("\n".join([lines[0], drop, ""]), encoding="utf-8")
    (source,) = {str(row[0]) for row in ask(home, "select source from raw.deliveries where rejected > 0")}
    land(home, source, [path], None, None, quiet)


def policy_added(home: Home) -> None:
    add_from_cmr_options(home, "county_options", CMR / "configurable/eligibility_options.json")


def policy_copied(home: Home) -> None:
    copy_policy(home, OTHER, "county", None)


def policy_approved(home: Home) -> None:
    file = copy_policy(home, OTHER, "county", home.path.parent / f"county{len(list(home.path.parent.iterdir()))}.yml")
    approve_policy(home, "county", "A. Attorney", file)


def weighed_anew(home: Home) -> None:
    (home.path / "linkage").mkdir()
    shutil.copy(PEOPLE, home.path / "linkage")


CHANGES: dict[str, tuple[Callable[[Home], object], str]] = {
    "landed": (landed, "1 delivery landed"),
    "superseded late": (superseded_late, "1 delivery was superseded"),
    "as-of given later": (dated_later, "the as-of date of 1 delivery was given"),
    "policy added": (policy_added, "policy county_options was added"),
    "policy copied": (policy_copied, "policy county was added"),
    "policy approved": (policy_approved, "policy county was added"),
    "layout words": (
        lambda home: ask(home, "insert into raw.layout_values values ('x', 'la_court_cases', 'sex', 'MALE', 'M')"),
        "the words of 1 layout changed",
    ),
    "own weights": (weighed_anew, r"the county's own weights of links changed \(people.yml\)"),
    "dbt by hand": (
        lambda home: ask(home, "create or replace table meta.last_dbt_run as select '' as build_id"),
        "dbt was run by hand since",
    ),
}  # fmt: skip


def refused_by(readers: list[str], words: str, whole: tuple[Home, Path]) -> None:
    home, out = whole
    for reader in readers:
        with pytest.raises(ReliefError, match=words) as raised:
            READERS[reader](home, out)
        assert str(raised.value).endswith("run: relief build"), reader
        assert "\n" not in str(raised.value)
    assert not is_up_to_date(home, "LOS ANGELES", None)


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_alone_is_refused(name: str, home: Home, whole: tuple[Home, Path]) -> None:
    change, words = CHANGES[name]
    change(home)
    refused_by(["publish", "filing"], words, whole)


def test_a_change_is_refused_by_publishing_and_by_every_export(home: Home, whole: tuple[Home, Path]) -> None:
    dated_later(home)
    refused_by(list(READERS), "the as-of date of 1 delivery was given after build", whole)


def refusal(home: Home) -> str:
    with open_warehouse(home, read_only=True) as connection, pytest.raises(ReliefError) as raised:
        current_build(connection, home)
    return str(raised.value)


def rebuilt(home: Home) -> None:
    """Mark the last build as made from the current inputs."""
    with open_warehouse(home) as connection:
        made_of = inputs.as_text(inputs.read_inputs(connection, home))
        connection.execute("update meta.builds set inputs = ?", [made_of])


def test_status_says_by_which_weights_people_were_linked(home: Home) -> None:
    said: list[str] = []
    show_status(home, said.append)
    assert "  people linked by weights: those of the project (linkage/people.yml)" in said
    weighed_anew(home)
    show_status(home, said.append)
    assert said.count("  people linked by weights: those of the project (linkage/people.yml)") == 2  # until rebuilt
    rebuilt(home)
    show_status(home, said.append)
    assert "  people linked by weights: the county's own (linkage/people.yml of the data folder)" in said


def test_a_mended_reject_is_a_change(home: Home) -> None:
    landed(home)
    rebuilt(home)
    repaired(home)
    assert refusal(home).startswith("1 file of mended rejects landed after build ")


def test_a_draft_is_approved_edited_and_withdrawn(home: Home) -> None:
    file = copy_policy(home, OTHER, "county", None)
    with open_warehouse(home) as connection:
        keep_drafts(connection, home, quiet)
    rebuilt(home)
    with open_warehouse(home, read_only=True) as connection:
        current_build(connection, home)
    text = file.read_text(encoding="utf-8")
    file.write_text("# a remark is no rule\n" + text, encoding="utf-8")
    with open_warehouse(home, read_only=True) as connection:
        current_build(connection, home)
    file.write_text(text.replace("threshold: 50", "threshold: 51"), encoding="utf-8")
    assert refusal(home).startswith("policy county was changed after build ")
    file.unlink()
    assert refusal(home).startswith("policy county was withdrawn after build ")
    file.write_text(text, encoding="utf-8")
    approve_policy(home, "county", "A. Attorney", None)
    assert refusal(home).startswith("policy county was approved after build ")


def test_several_changes_are_said_in_one_line(home: Home) -> None:
    landed(home)
    superseded_late(home)
    policy_added(home)
    assert refusal(home).startswith(
        "1 delivery landed, 1 delivery was superseded, policy county_options was added after build "
    )


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("seeds/policies/policies.csv", "1 seed file changed (policies/policies.csv)"),
        ("models/docs/columns.md", "models or their code changed (models)"),
        ("macros/years_after.sql", "models or their code changed (macros)"),
        ("dbt_project.yml", "models or their code changed (dbt_project.yml)"),
    ],
)
def test_an_upgrade_of_seeds_or_models_is_a_change(
    file: str, words: str, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("seeds", "models", "macros", "snapshots", "linkage", "relief/linkage", "tests/generic"):
        shutil.copytree(PROJECT_DIR / folder, tmp_path / folder)
    shutil.copytree(PROJECT_DIR / "tests/singular", tmp_path / "tests/singular")
    shutil.copy(PROJECT_DIR / "dbt_project.yml", tmp_path)
    monkeypatch.setattr(inputs, "PROJECT_DIR", tmp_path)
    with open_warehouse(home, read_only=True) as connection:
        current_build(connection, home)
    with (tmp_path / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    assert refusal(home).startswith(words)


def test_an_upgrade_of_the_engine_is_a_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "version", lambda name: "0" if name == "duckdb" else inputs_version(name))
    assert refusal(home).startswith("the version of duckdb changed after build ")


def inputs_version(name: str) -> str:
    return version(name)


def test_a_build_of_an_earlier_version_asks_for_one_of_now(home: Home) -> None:
    ask(home, "alter table meta.builds drop column inputs")
    ask(home, "alter table meta.builds drop column build_no")
    assert "did not keep what it was made of" in refusal(home)


def test_a_clock_that_was_wrong_decides_nothing(home: Home) -> None:
    """The last build is the one with the highest number; a delivery is new if that build does not list it."""
    ask(home, "update meta.builds set started_at = timestamp '2031-01-01', finished_at = timestamp '2031-01-01'")
    landed(home)
    assert refusal(home).startswith("1 delivery landed after build ")
    rebuilt(home)
    ask(
        home,
        "insert into meta.builds by name select max(build_no) + 1 as build_no, 'later' as build_id, "
        "timestamp '2020-01-01' as started_at, 'failed' as status from meta.builds",
    )
    assert refusal(home).startswith("build later failed")
    with open_warehouse(home, read_only=True) as connection:
        assert {row[0] for row in connection.execute("select status from meta.builds").fetchall()} == {
            "passed",
            "failed",
        }
