"""`relief export ab1706`: exact counts add up for the office, and no hidden public count can be computed."""

import csv
import stat
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from relief.export import ab1706
from relief.export.ab1706 import Ab1706Export, check_sums, export_ab1706
from relief.export.filing import DEFAULT_POLICY
from relief.home import Home, open_warehouse
from relief.publishing.ab1706 import (
    ADD_UP_TO_ELIGIBLE,
    GENDERS,
    GROUPS,
    MEASURES,
    RACES,
    TOTAL,
    Beside,
    Place,
    _cube,
    suppress_ab1706,
)
from tests.python.publishing.attackers import bounds, equations, solve_exactly

NOTHING = Beside(set(), is_dismissed_hidden=False)
PARTS = {
    "sealed": ("dismissed", "relieved", "eligible"),
    "dismissed_not_sealed": ("dismissed", "relieved", "eligible"),
    "redesignated": ("relieved", "eligible"),
    "resentenced": ("relieved", "eligible"),
    "relieved_otherwise": ("relieved", "eligible"),
    "challenged": ("remaining", "eligible"),
    "denied": ("remaining", "eligible"),
    "not_challenged": ("remaining", "eligible"),
    "challenge_unknown": ("remaining", "eligible"),
    "not_on_the_list": ("remaining", "eligible"),
}


def counts_of(leaves: dict[tuple[str, str, str], int]) -> dict[Place, int | None]:
    """Counts for all groups and measures, summed from counts by race, gender and the finest measures."""
    found: dict[Place, int | None] = {
        (race, gender, name): 0 for race, gender, name in product((TOTAL, *RACES), (TOTAL, *GENDERS), MEASURES)
    }
    for (race, gender, part), count in leaves.items():
        for place in product((TOTAL, race), (TOTAL, gender), (part, *PARTS[part])):
            found[place] = (found[place] or 0) + count
    return found


def random_counts(seed: int) -> dict[Place, int | None]:
    random = np.random.default_rng(seed)
    scale = random.choice([2, 15, 60, 400])
    return counts_of(
        {
            place: int(random.poisson(scale * random.random() ** 3))
            for place in product(RACES, GENDERS, PARTS)
            if random.random() < 0.7
        }
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def report(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ab1706Export]:
    out = tmp_path_factory.mktemp("ab1706") / "out"
    return out, export_ab1706(ran[0], DEFAULT_POLICY, out)


@pytest.mark.parametrize("seed", range(12))
def test_no_small_count_is_shown_and_none_can_be_worked_out(seed: int) -> None:
    counts = random_counts(seed)
    public = suppress_ab1706(counts, NOTHING, 11)
    known = list(MEASURES)
    cube = _cube(counts, known)
    hidden = np.array([[public[race, gender, name][1] == "suppressed" for name in known] for race, gender in GROUPS])
    hidden = hidden.reshape(-1)
    values = cube.values["convictions"]
    assert not ((values > 0) & (values < 11) & ~hidden).any()
    assert not (hidden & (values == 0)).any()
    system = equations(cube, hidden, "convictions")
    # An attacker can also subtract the sums within relieved and remaining from each other.
    assert not set(solve_exactly(system)) & set(np.flatnonzero(hidden).tolist())
    ranges = bounds(system, {int(cell): (1, 100_000) for cell in np.flatnonzero(hidden)})
    assert ranges is not None
    small = [int(cell) for cell in np.flatnonzero(hidden & (values < 11))]
    assert all(ranges[cell][1] - ranges[cell][0] >= 10 for cell in small)


def test_what_is_large_in_every_part_is_shown_whole() -> None:
    counts = counts_of({place: 50 for place in product(RACES, GENDERS, PARTS)})
    public = suppress_ab1706(counts, NOTHING, 11)
    assert {mark for _, mark in public.values()} == {"value"}
    assert public[TOTAL, TOTAL, "eligible"] == (50 * 5 * 3 * 10, "value")


def test_a_total_near_what_the_public_release_shows_is_hidden_with_its_complements() -> None:
    counts = counts_of({place: 50 for place in product(RACES, GENDERS, PARTS)})
    dismissed = int(counts[TOTAL, TOTAL, "dismissed"] or 0)
    for beside in (Beside({dismissed + 10}, False), Beside({dismissed - 1}, False), Beside(set(), True)):
        public = suppress_ab1706(counts, beside, 11)
        assert public[TOTAL, TOTAL, "dismissed"] == (None, "suppressed")
        assert sum(public[race, TOTAL, "dismissed"][1] == "suppressed" for race in RACES) >= 1
        assert sum(public[TOTAL, gender, "dismissed"][1] == "suppressed" for gender in GENDERS) >= 1
        assert sum(public[TOTAL, TOTAL, name][1] == "suppressed" for name in ("sealed", "dismissed_not_sealed")) >= 1
    for beside in (Beside({dismissed}, False), Beside({dismissed + 11}, False)):
        assert suppress_ab1706(counts, beside, 11)[TOTAL, TOTAL, "dismissed"] == (dismissed, "value")


def test_a_report_that_does_not_add_up_is_not_protected_but_refused() -> None:
    for wrong in ((TOTAL, TOTAL, "relieved"), ("black", TOTAL, "challenged"), (TOTAL, "male", "eligible")):
        counts = counts_of({place: 50 for place in product(RACES, GENDERS, PARTS)})
        counts[wrong] = 51
        with pytest.raises(ReliefError, match="does not add up"):
            suppress_ab1706(counts, NOTHING, 11)
    counts = counts_of({place: 50 for place in product(RACES, GENDERS, PARTS)})
    counts["black", "male", "challenged"] = 49
    with pytest.raises(ReliefError, match="does not add up in challenged"):
        check_sums(counts)


def test_the_exact_report_is_what_the_events_and_the_policy_say(
    ran: tuple[Home, list[str]], report: tuple[Path, Ab1706Export]
) -> None:
    with open_warehouse(ran[0], read_only=True) as connection:
        counted = connection.execute(
            f"""
            with orders as (
                select distinct conviction_key from marts.fct_relief_events
                where match_status = 'matched' and event_type in ('order_signed', 'already_relieved')
            ), dismissed as (
                select distinct conviction_key from marts.fct_convictions where is_dismissed_by_order
            ), asked as (
                select conviction_key, determination from marts.fct_relief_determinations
                join marts.fct_convictions using (conviction_key)
                where policy_id = '{DEFAULT_POLICY}' and is_in_county
            )
            select
                count(*) filter (where conviction_key in (from orders) or determination like 'Eligible%'),
                count(*) filter (where conviction_key in (from orders)),
                count(*) filter (where conviction_key in (from dismissed)),
                count(*) filter (where conviction_key not in (from orders) and determination like 'Eligible%')
            from asked
            """
        ).fetchone()
    found = {
        (row["race"], row["gender"], row["measure"]): int(row["convictions"])
        for row in rows(report[0] / "ab1706_internal.csv")
    }
    names = ("eligible", "relieved", "dismissed", "remaining")
    assert tuple(found[TOTAL, TOTAL, name] for name in names) == counted
    for race, gender in product((TOTAL, *RACES), (TOTAL, *GENDERS)):
        for parts in ADD_UP_TO_ELIGIBLE:
            assert found[race, gender, "eligible"] == sum(found[race, gender, name] for name in parts)


def test_the_public_file_holds_no_small_count_and_no_crossed_group(report: tuple[Path, Ab1706Export]) -> None:
    out, written = report
    public = rows(out / "ab1706_public.csv")
    assert len(public) == written.public_rows == len(GROUPS) * len(MEASURES)
    assert {row["dimension"] for row in public} == {"total", "race", "gender"}
    assert {row["mark"] for row in public} <= {"value", "suppressed", "zero", "missing"}
    for row in public:
        assert (row["convictions"] == "") == (row["mark"] in {"suppressed", "missing"})
        assert row["mark"] != "value" or int(row["convictions"]) > 10
        assert row["mark"] != "zero" or row["convictions"] == "0"
        assert row["unit"] == "convictions"
        assert row["data_label"] == "SYNTHETIC"
        assert row["policy_id"] == DEFAULT_POLICY
        assert row["build_id"] and row["extract_as_of_date"] and row["evaluated_as_of_date"]
    assert sum(row["mark"] == "suppressed" for row in public) == written.suppressed > 0
    book = load_workbook(out / "ab1706_public.xlsx")
    assert all(name.startswith("SYNTHETIC") for name in book.sheetnames)
    cells = [[cell.value for cell in line] for line in book["SYNTHETIC AB 1706 public"].iter_rows(min_row=2)]
    assert [["" if value is None else str(value) for value in line] for line in cells] == [
        list(row.values())[: len(cells[0])] for row in public
    ]
    wide = [[cell.value for cell in line] for line in book["SYNTHETIC by group"].iter_rows(min_row=2)]
    assert len(wide) == len(GROUPS)
    assert {cell for line in wide for cell in line[3:] if not isinstance(cell, int)} <= {"suppressed", "missing"}


def test_the_internal_file_says_that_it_stays_inside(report: tuple[Path, Ab1706Export]) -> None:
    out, written = report
    internal = rows(out / "ab1706_internal.csv")
    assert len(internal) == written.rows
    assert {row["notice"] for row in internal} == {"exact: for use inside the office only"}
    assert "race and gender" in {row["dimension"] for row in internal}
    text = (out / "methodology.txt").read_text(encoding="utf-8")
    assert text.startswith("SYNTHETIC DATA") and "eligible = relieved + remaining" in text and "{" not in text
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


@pytest.mark.full  # it makes its own build, which takes over half a minute
def test_without_events_relief_is_missing_and_not_zero(los_angeles: Home, tmp_path: Path) -> None:
    export_ab1706(los_angeles, "dismiss_all_prop64", tmp_path / "out")
    for name in ("internal", "public"):
        marks = {
            row["measure"]: row["mark"]
            for row in rows(tmp_path / f"out/ab1706_{name}.csv")
            if row["dimension"] == "total"
        }
        assert {mark for measure, mark in marks.items() if measure != "eligible"} == {"missing"}
        assert marks["eligible"] != "missing"


def test_refusals_write_nothing(ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for out, policy, words in (
        (ran[0].path / "out", DEFAULT_POLICY, "is in the data folder"),
        (tmp_path / "out", "no_such_policy", "is not in the last build"),
        (tmp_path / "missing" / "out", DEFAULT_POLICY, "cannot be written"),
    ):
        with pytest.raises(ReliefError, match=words):
            export_ab1706(ran[0], policy, out)
    with pytest.raises(ReliefError, match="no warehouse"):
        export_ab1706(Home(tmp_path / "nobody"), DEFAULT_POLICY, tmp_path / "out")
    read = ab1706.read_counts

    def one_too_many(*arguments: object) -> dict[Place, int | None]:
        counts = read(*arguments)  # type: ignore[arg-type]
        counts[TOTAL, TOTAL, "eligible"] = (counts[TOTAL, TOTAL, "eligible"] or 0) + 1
        return counts

    monkeypatch.setattr(ab1706, "read_counts", one_too_many)
    with pytest.raises(ReliefError, match="does not add up"):
        export_ab1706(ran[0], DEFAULT_POLICY, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_command_needs_out_alone(
    ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(ran[0].path))
    result = CliRunner().invoke(app, ["export", "ab1706", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "inside the office only" in result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ab1706_internal.csv", "ab1706_internal.xlsx", "ab1706_public.csv", "ab1706_public.xlsx",
        "challenged_not_reached_internal.csv", "challenged_not_reached_internal.xlsx",
        "deadlines_internal.csv", "deadlines_internal.xlsx",
        "list_accounts_internal.csv", "list_accounts_internal.xlsx", "methodology.txt",
        "overdue_internal.csv", "overdue_internal.xlsx",
        "prosecutor_notices_internal.csv", "prosecutor_notices_internal.xlsx",
        "undecided_challenges_internal.csv", "undecided_challenges_internal.xlsx",
    ]  # fmt: skip


def test_overdue_orders_are_listed_inside_only_and_the_accounts_add_up(
    ran: tuple[Home, list[str]], report: tuple[Path, Ab1706Export]
) -> None:
    out = report[0]
    with open_warehouse(ran[0], read_only=True) as connection:
        ((listed,),) = connection.execute(
            "select count(*) from marts.fct_convictions join intermediate.int_review__doj_list using (conviction_key) "
            "where is_in_county and was_on_the_list is not false"
        ).fetchall()
        related = connection.execute(
            "select distinct list_standing from marts.fct_ab1706_list "
            "join intermediate.int_filing__case_identifiers using (conviction_key) "
            f"where policy_id = '{DEFAULT_POLICY}' "
            "and (offense_form in ('attempt', 'conspiracy') or section = '11361')"
        ).fetchall()
    accounts = rows(out / "list_accounts_internal.csv")
    assert sum(int(row["convictions"]) for row in accounts) == listed > 0
    assert ("overdue",) in related
    for name, standing in (("overdue_internal", "overdue"), ("undecided_challenges_internal", "challenged")):
        counted = sum(int(row["convictions"]) for row in accounts if row["list_standing"] == standing)
        assert {row["list_standing"] for row in rows(out / f"{name}.csv")} <= {standing}
        assert len(rows(out / f"{name}.csv")) == counted
    assert "overdue" not in (out / "ab1706_public.csv").read_text(encoding="utf-8")


def test_who_is_challenged_and_not_reached_is_listed_once_per_open_challenge(
    ran: tuple[Home, list[str]], report: tuple[Path, Ab1706Export]
) -> None:
    listed = rows(report[0] / "challenged_not_reached_internal.csv")
    with open_warehouse(ran[0], read_only=True) as connection:
        counted = dict(
            connection.execute(
                """
                select public_defender_attempt, count(*) from marts.fct_relief_challenges
                join intermediate.int_filing__case_identifiers using (conviction_key)
                where is_open and not is_juvenile_case group by all
                """
            ).fetchall()
        )
    assert counted["attempted"] > 0
    assert len(listed) == sum(counted.values()) - counted["attempted"] > 0
    assert {row["public_defender_attempt"] for row in listed} == set(counted) - {"attempted"}
    assert {row["data_label"] for row in listed} == {"SYNTHETIC"}


def test_notices_are_counted_by_agency_over_the_whole_list(report: tuple[Path, Ab1706Export]) -> None:
    out = report[0]
    notices = rows(out / "prosecutor_notices_internal.csv")
    on_list = sum(int(row["convictions"]) for row in rows(out / "list_accounts_internal.csv"))
    assert sum(int(row["convictions"]) for row in notices if row["notice_to"] == "court") == on_list
    to_court, to_defender = (
        {row["prosecuting_agency_name"]: row["convictions"] for row in notices if row["notice_to"] == addressee}
        for addressee in ("court", "public_defender")
    )
    challenged = {
        row["prosecuting_agency_name"]: row["convictions"]
        for row in notices
        if (row["notice"], row["notice_to"]) == ("challenged", "court")
    }
    assert challenged == to_defender
    assert len(to_court) > 1
    assert {row["notice"] for row in notices if row["notice_to"] == "public_defender"} == {"challenged"}


def test_the_days_of_the_law_are_listed_in_their_order(report: tuple[Path, Ab1706Export]) -> None:
    days = rows(report[0] / "deadlines_internal.csv")
    assert [row["deadline_date"] for row in days] == [
        "2019-07-01", "2020-07-01", "2023-03-01", "2023-07-01", "2024-06-01",
    ]  # fmt: skip
    assert all(row["citation"].startswith("H&S 11361.9") for row in days)
