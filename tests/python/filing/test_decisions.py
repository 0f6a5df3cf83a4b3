"""Attorneys' decisions, from the worklist to the next build: what waits, what is answered, and what it changes."""

import csv
import json
import shutil
import stat
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from relief.building.build import build
from relief.cli.app import app
from relief.errors import ReliefError
from relief.explain import explain
from relief.export.worklist import FORM, export_worklist
from relief.home import Home
from relief.landing import land
from tests.python.support.warehouse import ask, quiet, read_csv

STATUTE = "statutory_11361_8"
GRANTED, REFUSED, CHALLENGED, BAD_DATE, UNKNOWN_VERDICT, TWICE = range(6)


@pytest.fixture(scope="module")
def decided(ran: tuple[Home, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[dict[str, str]]]:
    """A data folder whose worklist was filled in and landed, and the rows of the filled-in form."""
    folder = tmp_path_factory.mktemp("decisions")
    home = Home(folder / "home")
    shutil.copytree(ran[0].path, home.path)
    export_worklist(ran[0], STATUTE, folder / "out")
    rows = [row for row in read_csv(folder / "out" / FORM) if row["decision_type"] == "eligibility"]
    answer(rows[GRANTED], "Eligible for Dismissal", "PC 1385", "the plea was to possession")
    answer(rows[REFUSED], "not eligible", "", "a strike of 1990 stands in the paper file")
    answer(rows[CHALLENGED], "challenged", "", "unreasonable risk of danger")
    rows[CHALLENGED]["decision_type"] = "challenge"
    answer(rows[BAD_DATE], "dismissal", "PC 1385", "why", day="05/02/2020")
    answer(rows[UNKNOWN_VERDICT], "granted", "PC 1385", "why")
    answer(rows[TWICE], "redesignation", "", "first thought", day="2020-05-01")
    rows.append(rows[TWICE] | {"verdict": "dismissal_and_sealing", "decision_date": "2020-05-03", "ground": "second"})
    land(home, "review_decisions", [write(folder / "decisions.csv", rows)], date(2020, 6, 1), None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home, rows


def answer(row: dict[str, str], verdict: str, legal_ground: str, ground: str, day: str = "2020-05-02") -> None:
    row |= {"verdict": verdict, "legal_ground": legal_ground, "ground": ground, "attorney": "A. Attorney"}
    row["decision_date"] = day


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def determination(home: Home, record: str) -> tuple[Any, ...]:
    found = ask(
        home,
        "select determination, reason, legal_ground, rule_determination, decided_by, decided_date, decision_ground "
        "from marts.fct_relief_determinations where policy_id = ? and delivery_id || ':' || row_no = ?",
        STATUTE,
        record,
    )
    return found[0]


def test_a_decision_stands_in_the_place_of_the_rules_answer(decided: tuple[Home, list[dict[str, str]]]) -> None:
    home, rows = decided
    by, day = "A. Attorney", date(2020, 5, 2)
    assert determination(home, rows[GRANTED]["record"]) == (
        "Eligible for Dismissal", "Decided by an attorney", "PC 1385", "Hand Review", by, day,
        "the plea was to possession",
    )  # fmt: skip
    assert determination(home, rows[REFUSED]["record"])[:4] == (
        "Not eligible", "Decided by an attorney", "", "Hand Review",
    )  # fmt: skip
    # The later of two decisions applies, with the only legal ground that this relief can have.
    assert determination(home, rows[TWICE]["record"])[:3] == (
        "Eligible for Dismissal and Sealing", "Decided by an attorney", "H&S 11361.8 legal invalidity",
    )  # fmt: skip


@pytest.mark.parametrize("row", [BAD_DATE, UNKNOWN_VERDICT, CHALLENGED])
def test_what_cannot_be_obeyed_changes_nothing(decided: tuple[Home, list[dict[str, str]]], row: int) -> None:
    home, rows = decided
    assert determination(home, rows[row]["record"])[0] == "Hand Review"


def test_every_row_has_its_status_and_what_is_not_obeyed_is_listed(decided: tuple[Home, list[dict[str, str]]]) -> None:
    home, rows = decided
    (delivery,) = ask(home, "select max(delivery_id) from raw.deliveries where file_name = 'decisions.csv'")[0]
    found = dict(
        ask(home, "select decision_status, count(*) from marts.fct_review_decisions where delivery_id = ? group by 1",
            delivery)
    )  # fmt: skip
    assert found == {
        "in_force": 4, "replaced": 1, "date_unreadable": 1, "verdict_unknown": 1, "not_filled_in": len(rows) - 7,
    }  # fmt: skip
    listed = ask(home, "select row_no, finding from quality.audit_decisions where delivery_id = ? order by 1", delivery)
    assert listed == [(BAD_DATE + 1, "decision_date_unreadable"), (UNKNOWN_VERDICT + 1, "decision_verdict_unknown")]


def test_a_challenge_is_a_fact_with_ground_and_date(decided: tuple[Home, list[dict[str, str]]]) -> None:
    home, rows = decided
    lines: list[str] = []
    explain(home, rows[CHALLENGED]["record"], [STATUTE], with_identifiers=False, report=lines.append)
    (line,) = [line for line in lines if "hallenge" in line]
    assert line.startswith(
        "Challenged by the prosecution on 2020-05-02, by an attorney's decision; ground: unreasonable risk of danger"
    )


def test_explain_names_who_decided_and_what_the_rules_alone_say(decided: tuple[Home, list[dict[str, str]]]) -> None:
    home, rows = decided
    lines: list[str] = []
    explain(home, rows[GRANTED]["record"], [STATUTE], with_identifiers=False, report=lines.append)
    text = "\n".join(lines)
    assert "Eligible for Dismissal. Decided by A. Attorney on 2020-05-02: the plea was to possession." in text
    assert "The rules alone answer Hand Review" in text
    assert "Legal ground: PC 1385." in text


def test_what_is_decided_leaves_the_queue_and_the_share_is_counted(
    ran: tuple[Home, list[str]], decided: tuple[Home, list[dict[str, str]]], tmp_path: Path
) -> None:
    home, rows = decided
    query = (
        "select to_review, decided, settled, waiting, share_decided from reporting.rpt_review_progress "
        "where policy_id = ? and review_reason = 'all'"
    )
    before, after = ask(ran[0], query, STATUTE)[0], ask(home, query, STATUTE)[0]
    assert after[:4] == (before[0], before[1] + 3, before[2], before[3] - 3)
    assert after[4] == pytest.approx(after[1] / (after[1] + after[3]))
    written = export_worklist(home, STATUTE, tmp_path / "again")
    assert written.reviews == after[3]
    left = {row["record"] for row in read_csv(tmp_path / "again" / FORM)}
    assert rows[GRANTED]["record"] not in left
    assert rows[BAD_DATE]["record"] in left


def test_a_granted_review_is_filed_and_one_without_a_ground_is_not(decided: tuple[Home, list[dict[str, str]]]) -> None:
    home, rows = decided
    found = ask(
        home,
        "select filing_status, legal_ground from marts.fct_relief_filings as filings "
        "inner join marts.fct_relief_determinations as determined using (conviction_key, policy_id) "
        "where policy_id = ? and determined.delivery_id || ':' || determined.row_no = ?".replace(
            "legal_ground from", "filings.legal_ground from"
        ),
        STATUTE,
        rows[GRANTED]["record"],
    )
    assert found[0][1] == "PC 1385"
    assert found[0][0] != "no_legal_ground"


def test_the_rules_alone_are_compared_between_policies(
    ran: tuple[Home, list[str]], decided: tuple[Home, list[dict[str, str]]]
) -> None:
    query = "select * from reporting.rpt_policy_comparison where from_policy_id = ? order by all"
    assert ask(ran[0], query, STATUTE) == ask(decided[0], query, STATUTE)


def test_the_synthetic_decisions_are_read_as_they_were_planted(ran: tuple[Home, list[str]]) -> None:
    (truth,) = (ran[0].path / "synthetic").glob("*/SYNTHETIC_truth.json")
    planted = json.loads(truth.read_text(encoding="utf-8"))["decisions"]
    found = Counter(status for (status,) in ask(ran[0], "select decision_status from marts.fct_review_decisions"))
    assert dict(found) == planted["by_status"]


def test_the_worklist_is_for_its_owner_in_order_and_says_synthetic(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = export_worklist(ran[0], STATUTE, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    rows = read_csv(out / "hand_reviews.csv")
    assert len(rows) == written.reviews > 0
    assert {row["data_label"] for row in rows} == {"SYNTHETIC"}
    order = [(row["goes"] != "first", row["received_date"], row["conviction_date"] or "9999") for row in rows]
    assert order == sorted(order)
    assert {row["extract_label"] for row in read_csv(out / FORM)} == {"SYNTHETIC"}
    assert (out / "methodology.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA")


def test_a_form_that_nobody_filled_in_decides_nothing(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    export_worklist(ran[0], STATUTE, tmp_path / "out")
    lines: list[str] = []
    land(ran[0], "review_decisions", [tmp_path / "out" / FORM], date(2020, 6, 1), None, lines.append, dry_run=True)
    assert "0 would be rejected" in " ".join(lines)


def test_refusals_are_one_line(ran: tuple[Home, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReliefError, match="is not in the last build"):
        export_worklist(ran[0], "nowhere", tmp_path / "out")
    with pytest.raises(ReliefError, match="is in the data folder"):
        export_worklist(ran[0], STATUTE, ran[0].path / "out")
    with pytest.raises(ReliefError, match="there is no warehouse"):
        export_worklist(Home(tmp_path / "empty"), STATUTE, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv("RELIEF_HOME", str(ran[0].path))
    done = CliRunner().invoke(app, ["export", "worklist", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "contain identifiers" in done.output
