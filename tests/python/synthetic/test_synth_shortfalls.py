"""Planted shortfalls: the truth file reports exactly that share for each wave and stage; invalid ones are refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from synthetic import existing_extracts, write_extracts
from synthetic.sizes import SHORTFALLS, parse_shortfalls

SCALE, SEED = 0.02, 5


def truth_of(out: Path, planted: dict[str, float]) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(
        write_extracts(out, SCALE, SEED, lambda _: None, planted).truth_path.read_text(encoding="utf-8")
    )
    return truth


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_planted_shares_are_what_the_truth_counts(tmp_path: Path, share: float) -> None:
    """In every stage of both waves, the share is missing of those that reach the stage, to the nearest conviction."""
    truth = truth_of(tmp_path, dict.fromkeys(SHORTFALLS, share))
    assert truth["shortfalls"]["planted_shares"] == dict.fromkeys(SHORTFALLS, share)
    for wave in ("wave_1", "wave_2"):
        told = truth["shortfalls"][wave]
        ordered = told["planned"] - told["no_order"]
        assert told["no_order"] == pytest.approx(share * told["planned"], abs=1)
        assert told["order_not_entered"] == pytest.approx(share * ordered, abs=1)
        assert told["entered_but_court_record_not_updated"] == pytest.approx(share * ordered, abs=2)
        updated = ordered - told["order_not_entered"] - told["entered_but_court_record_not_updated"]
        assert told["court_record_updated_but_doj_not"] == pytest.approx(share * updated, abs=1)


@pytest.mark.parametrize("name", ["wave_1_order", "wave_2_doj_updated"])
def test_a_planted_shortfall_lowers_its_own_stage(tmp_path: Path, name: str) -> None:
    wave = name[:6]
    usual = truth_of(tmp_path / "usual", dict.fromkeys(SHORTFALLS, 0.0))
    short = truth_of(tmp_path / "short", dict.fromkeys(SHORTFALLS, 0.0) | {name: 0.2})
    stage = {"order": "order_signed"}.get(name[7:], name[7:])
    assert short[wave][stage]["convictions"] < 0.83 * usual[wave][stage]["convictions"]
    other = "wave_2" if wave == "wave_1" else "wave_1"
    assert short[other]["order_signed"]["convictions"] == usual[other]["order_signed"]["convictions"]


def test_extracts_with_a_planted_shortfall_are_not_taken_for_the_usual_ones(tmp_path: Path) -> None:
    write_extracts(tmp_path, 0.001, SEED, lambda _: None, {"wave_1_order": 0.2})
    assert existing_extracts(tmp_path, 0.001, SEED) is None


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["wave_3_order=0.1"], "wave_1_order, wave_1_entered, wave_1_court_record_updated, wave_1_doj_updated"),
        (["wave_1_order"], "NAME=SHARE"),
        (["wave_1_order=5"], "from 0 to 0.9"),
        (["wave_1_order=nan"], "from 0 to 0.9"),
        (["wave_1_order=many"], "from 0 to 0.9"),
        (["wave_1_order=0.1", "wave_1_order=0.2"], "given twice"),
    ],
)
def test_what_names_no_stage_or_share_is_refused(texts: list[str], said: str) -> None:
    with pytest.raises(ReliefError, match=said):
        parse_shortfalls(texts)


def test_the_command_names_the_stages_and_writes_nothing_when_refused(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["synth", "--help"], env={"COLUMNS": "200"})
    assert all(
        stage in said.output for stage in ("wave_1_order=0.05", "entered", "court_record_updated", "doj_updated")
    )
    refused = CliRunner().invoke(app, ["synth", "--out", str(tmp_path / "out"), "--shortfall", "order=0.1"])
    assert refused.exit_code != 0
    assert not (tmp_path / "out").exists()
