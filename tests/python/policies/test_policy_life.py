"""A policy is copied, edited, evaluated as a draft, approved, frozen, and compared with its original."""

import stat
from pathlib import Path

import duckdb
import pytest

from relief.building import earlier_raw
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.landing.catalog import AS_KNOWN
from relief.policies import store
from relief.policies.compare import Answer, _by_rule, compare_policies
from relief.policies.life import approve_policy, check_policy, copy_policy, keep_drafts, policies_folder
from tests.python.support.command import relief
from tests.python.support.warehouse import CMR, land_and_build, quiet


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def keep(home: Home) -> list[str]:
    said: list[str] = []
    home.create()
    with open_warehouse(home) as connection:
        keep_drafts(connection, home, said.append)
    return said


def statuses(home: Home) -> dict[str, str]:
    return {policy.policy_id: policy.status for policy in store.list_policies(home) if policy.is_added}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_copy_is_written_once_and_for_its_owner_only(home: Home) -> None:
    path = copy_policy(home, "la_pilot_2019", "mine", None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert check_policy(path).variant_of == "la_pilot_2019"
    with pytest.raises(ReliefError, match="exists already"):
        copy_policy(home, "la_pilot_2019", "mine", None)
    assert [entry.name for entry in policies_folder(home).iterdir()] == ["mine.yml"]


def test_a_draft_stands_beside_the_approved_version_until_it_is_approved(home: Home) -> None:
    path = copy_policy(home, "la_pilot_2019", "mine", None)
    assert keep(home) == []
    assert statuses(home) == {"mine": "draft"}
    approve_policy(home, "mine", "A. Attorney", None)
    assert statuses(home) == {"mine": "approved"}
    keep(home)
    assert statuses(home) == {"mine": "approved"}

    edit(path, "threshold: 50", "threshold: 40")
    keep(home)
    assert statuses(home) == {"mine": "approved", "mine__draft": "draft"}
    with pytest.raises(ReliefError, match="is frozen; write another version"):
        approve_policy(home, "mine", "A. Attorney", None)
    edit(path, "version: ", "version: later ")
    done = approve_policy(home, "mine", "B. Attorney", None)
    assert (done.version_no, done.policy.version[:5]) == (3, "later")
    assert statuses(home) == {"mine": "approved"}
    with pytest.raises(ReliefError, match=r"approved by B\. Attorney on .* already"):
        approve_policy(home, "mine", "A. Attorney", None)


def test_a_draft_whose_file_is_gone_is_one_no_more_and_a_wrong_one_is_left_out(home: Home) -> None:
    path = copy_policy(home, "la_pilot_2019", "mine", None)
    copy_policy(home, "la_pilot_2019", "other", None)
    keep(home)
    edit(policies_folder(home) / "other.yml", "operator: '='", "operator: is")
    path.unlink()
    said = keep(home)
    assert len(said) == 1
    assert "other.yml is left out of this build, line " in said[0]
    assert statuses(home) == {}


def test_a_time_knows_the_versions_of_then(home: Home) -> None:
    path = copy_policy(home, "la_pilot_2019", "mine", None)
    keep(home)
    edit(path, "threshold: 50", "threshold: 40")
    keep(home)
    approve_policy(home, "mine", "A. Attorney", None)
    with open_warehouse(home) as connection:
        saved = [row[0] for row in connection.execute("select saved_at from raw.policy_versions order by 1").fetchall()]
        assert len(saved) == 2
        connection.execute(f"create schema {AS_KNOWN}")
        earlier_raw._write_policies(connection, saved[0])
        ages = f"select threshold from {AS_KNOWN}.added_policy_conditions where measure = 'age_at_evaluation_years'"
        status = f"select status, approved_by from {AS_KNOWN}.added_policies"
        assert connection.execute(ages).fetchall() == [(50.0,)]
        assert connection.execute(status).fetchall() == [("draft", None)]
        earlier_raw._write_policies(connection, saved[1])
        assert connection.execute(ages).fetchall() == [(40.0,)]
        now = connection.execute("select status, approved_by from raw.added_policies").fetchall()
        assert now == [("approved", "A. Attorney")]


def test_policies_of_an_earlier_warehouse_become_versions(home: Home) -> None:
    store.add_from_cmr_options(home, "county", CMR / "configurable/eligibility_options.json")
    with open_warehouse(home) as connection:
        before = [connection.execute(f"select * from raw.{table} order by all").fetchall() for table in store.TABLES]
        connection.execute("drop table raw.policy_versions")
        connection.execute("alter table raw.added_policy_rules drop column legal_ground")
        store.prepare(connection)
        store.write_added(connection)
        after = [connection.execute(f"select * from raw.{table} order by all").fetchall() for table in store.TABLES]
    assert after == before


REFUSALS = {
    "copy of a policy that is none": (["policy", "copy", "nothing", "mine"], "policy nothing: there is none"),
    "copy onto a shipped policy": (["policy", "copy", "la_pilot_2019", "dismiss_all_prop64"], "is frozen"),
    "copy with a bad id": (["policy", "copy", "la_pilot_2019", "Mine"], "lower-case letters"),
    "copy into no folder": (["policy", "copy", "la_pilot_2019", "mine", "--file", "no/where.yml"], "cannot be written"),
    "check without a file": (["policy", "check", "nowhere.yml"], "nowhere.yml: no such file"),
    "approve without a file": (["policy", "approve", "mine", "--by", "A"], "no such file"),
    "compare before a build": (["policy", "compare", "la_pilot_2019", "dismiss_all_prop64"], "relief"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_is_one_clear_line(case: str, tmp_path: Path) -> None:
    arguments, said = REFUSALS[case]
    result = relief(tmp_path / "home", *arguments)
    assert result.returncode == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x07b"])
def test_an_approval_names_somebody(home: Home, name: str) -> None:
    copy_policy(home, "la_pilot_2019", "mine", None)
    with pytest.raises(ReliefError, match="--by"):
        approve_policy(home, "mine", name, None)
    with pytest.raises(ReliefError, match="contains policy mine, not other"):
        approve_policy(home, "other", "A. Attorney", policies_folder(home) / "mine.yml")


@pytest.mark.full  # it makes its own build, which takes over half a minute
def test_a_draft_is_built_compared_and_no_part_of_a_release(home: Home) -> None:
    copy_policy(home, "la_pilot_2019", "mine", None)
    edit(policies_folder(home) / "mine.yml", "threshold: 50", "threshold: 40")
    land_and_build(home, CMR / "los_angeles/input.csv", "2019-11-11")
    said: list[str] = []
    compare_policies(home, "la_pilot_2019", "mine", said.append)
    assert said[0].startswith("From la_pilot_2019 to mine, evaluated as of 2019-11-11")
    with open_warehouse(home, read_only=True) as connection:
        rows = rows_of(connection, "la_pilot_2019", "mine")
        assert sum(n for (change, _), n in rows.items() if change in {"gained", "kept"}) == granted(connection, "mine")
        assert rows_of(connection, "mine", "la_pilot_2019")["lost", "all"] == rows["gained", "all"] > 0
        versions = connection.execute(
            "select distinct policy_version from marts.fct_relief_determinations where policy_id = 'mine'"
        ).fetchall()
        assert len(versions) == 1
        assert versions[0][0].endswith("(number 1)")
        outcomes = "select count(*) from reporting.rpt_people_outcomes where basis = ?"
        assert connection.execute(outcomes, ["mine"]).fetchone() == (0,)
        assert connection.execute(outcomes, ["la_pilot_2019"]).fetchone() != (0,)
    assert said[1:3] == ["la_pilot_2019: Published LA pilot rules.", "mine: Copy of Published LA pilot rules."]
    # Two variants can be compared like any other two policies.
    apart: list[str] = []
    compare_policies(home, "la_pilot_2019_no_290s", "la_pilot_2019_no_superstrikes", apart.append)
    assert apart[0].startswith(
        "From la_pilot_2019_no_290s to la_pilot_2019_no_superstrikes, evaluated as of 2019-11-11"
    )
    assert apart[3].startswith("People with convictions under several rules are counted under each")
    with pytest.raises(ReliefError, match="compared with itself"):
        compare_policies(home, "mine", "mine", quiet)


def test_each_change_stands_under_the_rules_of_the_policy_that_makes_it() -> None:
    total, nothing = Answer("all", ""), Answer("not evaluated", "")
    lawful, today = Answer("lawful", "Eligible for Dismissal", "Lawful"), Answer("today", "Eligible for Redesignation")
    counted = {
        ("kept", total, total): (3, 2),
        ("kept", lawful, today): (3, 2),
        ("kept", lawful, total): (3, 2),
        ("kept", total, today): (3, 2),
        ("lost", total, total): (1_000, 900),
        ("lost", lawful, nothing): (1_000, 900),
        ("lost", lawful, total): (1_000, 900),
        ("lost", total, nothing): (1_000, 900),
    }
    assert list(_by_rule(counted, "kept", "six", "more")) == [
        "  by rule today of more (Eligible for Redesignation): 3 convictions of 2 people",
        '    where six has lawful, "Lawful" (Eligible for Dismissal): 3 convictions of 2 people',
    ]
    assert list(_by_rule(counted, "lost", "six", "more")) == [
        '  by rule lawful of six, "Lawful" (Eligible for Dismissal): 1,000 convictions of 900 people',
        "    where more has not evaluated: 1,000 convictions of 900 people",
    ]
    assert list(_by_rule(counted, "gained", "six", "more")) == []


def rows_of(connection: duckdb.DuckDBPyConnection, of: str, to: str) -> dict[tuple[str, str], int]:
    return {
        (change, rule): convictions
        for change, rule, convictions in connection.execute(
            "select change, to_rule_id, sum(convictions) from reporting.rpt_policy_comparison "
            "where from_policy_id = ? and to_policy_id = ? and from_rule_id = 'all' and to_rule_id = 'all' "
            "group by all",
            [of, to],
        ).fetchall()
    }


def granted(connection: duckdb.DuckDBPyConnection, policy_id: str) -> int:
    row = connection.execute(
        "select count(*) from marts.fct_relief_determinations where policy_id = ? and determination like 'Eligible%'",
        [policy_id],
    ).fetchone()
    assert row
    return int(row[0])
