"""Layouts, policies and rows that somebody supplied and nothing uses: one line each, at landing and in the status."""

from pathlib import Path

import duckdb
import pytest

from relief.landing.layout import load_source
from relief.policies.life import copy_policy, keep_drafts
from relief.status import show_status
from tests.python.landing.test_court_layouts import CASES, LAYOUT
from tests.python.support.landing_files import Desk

HEADER = ",".join(load_source("review_decisions").tables[0].headers) + "\n"
DECIDED = "SYNTHETIC,,eligibility,ca_doj-0a1b2c:17,,,,,,,,{verdict},PC 1385,why,A. Attorney,{day}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def put_layout(desk: Desk, name: str, text: str) -> None:
    folder = desk.home.create().path / "sources"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def status(desk: Desk) -> list[str]:
    lines: list[str] = []
    show_status(desk.home, lines.append)
    return lines


def decisions(*rows: tuple[str, str]) -> bytes:
    return (HEADER + "".join(DECIDED.format(verdict=verdict, day=day) for verdict, day in rows)).encode()


def test_a_layout_that_nothing_reads_is_named_once_at_landing_and_in_the_status(desk: Desk) -> None:
    put_layout(desk, "orange_2024.yml", LAYOUT)
    put_layout(desk, "kern.txt", LAYOUT)
    (desk.home.path / "sources/older").mkdir()
    desk.land(desk.put("cases.csv", CASES), source="la_court")
    for lines in (desk.lines, status(desk)):
        text = "\n".join(lines)
        assert text.count("sources/kern.txt is not read: the name of a layout ends in .yml or .yaml") == 1
        assert text.count("sources/older is a folder and is not looked into") == 1
        assert "orange_2024.yml" not in text


def test_a_layout_of_no_source_is_named_while_another_source_lands(desk: Desk) -> None:
    put_layout(desk, "kern.yml", LAYOUT.replace("source: la_court", "source: kern_court"))
    put_layout(desk, "inyo.yml", LAYOUT.replace("  la_court_counts:\n    columns", "  inyo_counts:\n    columns"))
    desk.land(desk.put("decisions.csv", decisions(("dismissal", "2020-05-02"))), source="review_decisions")
    assert [line for line in desk.lines if line.startswith("a layout is not used: ")]
    assert [line for line in status(desk) if line.startswith("a layout is not used: ")]


def test_words_of_a_layout_that_never_occur_are_named(desk: Desk) -> None:
    put_layout(desk, "orange_2024.yml", LAYOUT.replace("{MALE: M, FEMALE: F}", "{MALE: M, FEMALE: F, WOMAN: F}"))
    desk.land(desk.put("cases.csv", CASES), source="la_court")
    line = (
        "layout orange_2024: 1 word never occurs in sex of its la_court_cases: WOMAN; "
        "compare the spelling with the files"
    )
    assert line in desk.lines
    assert line in status(desk)


def test_layouts_with_one_header_are_named(desk: Desk) -> None:
    put_layout(desk, "orange_2024.yml", LAYOUT)
    put_layout(desk, "orange_2025.yml", LAYOUT)
    desk.land(desk.put("decisions.csv", decisions(("dismissal", "2020-05-02"))), source="review_decisions")
    text = "\n".join(status(desk))
    assert "layouts orange_2024 and orange_2025 have one header of la_court_cases" in text


def test_policies_that_a_build_leaves_out_are_named_by_the_status_too(desk: Desk) -> None:
    desk.land(desk.put("decisions.csv", decisions(("dismissal", "2020-05-02"))), source="review_decisions")
    copy_policy(desk.home, "statutory_11361_8", "office", None)
    folder = desk.home.path / "policies"
    (folder / "again.yml").write_bytes((folder / "office.yml").read_bytes())
    (folder / "broken.yml").write_text("policy_id: broken\n", encoding="utf-8")
    (folder / "other.yaml").write_bytes((folder / "office.yml").read_bytes())
    built: list[str] = []
    with duckdb.connect(str(desk.home.warehouse)) as connection:
        keep_drafts(connection, desk.home, built.append)
    assert len(built) == 3
    assert any("other.yaml is left out of this build: the name of a policy's document ends in .yml" in x for x in built)
    assert set(built) <= set(status(desk))


def test_a_dry_run_lists_mistakes_as_landing_does(desk: Desk) -> None:
    path = desk.put("decisions.csv", decisions(("elligible", "2019-05-02"), ("dismissal", "3/1/2019")))
    desk.land(path, source="review_decisions", dry_run=True)
    dry = [line.removeprefix("dry run: ") for line in desk.lines if "    row" in line]
    desk.lines.clear()
    desk.land(path, source="review_decisions")
    assert len(dry) == 2
    assert dry == [line for line in desk.lines if "    row" in line]
    assert any(line.startswith("    row 1, verdict: ") for line in dry)
    assert any(line.startswith("    row 2, decision_date: ") and "2024-03-01" in line for line in dry)
    assert [line for line in status(desk) if line.startswith("not built yet: ")]


def test_a_mark_that_is_no_verdict_and_a_dash_that_is_nobody_are_listed(desk: Desk) -> None:
    """Earlier, a tick in an empty row of the form was read as an empty row, and a dash as an attorney's name."""
    form = "SYNTHETIC,,eligibility,ca_doj-0a1b2c:17,,,,,,,,{},,,,\n"
    form_rows = [form.format(mark) for mark in ("", "✓", "-", "?")]
    decided = DECIDED.format(verdict="dismissal", day="2019-05-02")
    attorneys = [decided.replace("A. Attorney", name) for name in ("-", "\t", "\u200b", "\xa0", "Ö")]
    data = "".join([HEADER, *form_rows, *attorneys])
    desk.land(desk.put("decisions.csv", data.encode()), source="review_decisions")
    assert [line.split(":")[0] for line in desk.lines if "    row" in line] == [
        "    rows 5, 6, 7, 8, attorney",
        "    rows 2, 3, 4, verdict",
    ]


def test_one_date_over_12_shows_the_month_of_the_others(desk: Desk) -> None:
    rows = [("dismissal", "3/1/2019"), ("dismissal", "3/15/2019"), ("not eligible", "4/2/2019")]
    desk.land(desk.put("decisions.csv", decisions(*rows)), source="review_decisions")
    assert not [line for line in desk.lines if "decision_date" in line]
