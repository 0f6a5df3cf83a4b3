"""The files of the download page, and the briefing: they hold the public release's numbers, each with its note."""

import ast
import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components import balance, charts, glossary, methods, theme, trust
from dashboards.components.data import Release, current_release, query
from dashboards.components.downloads import public_release, standing_picture
from dashboards.components.public_files import TABLES, table_csv, table_parquet
from relief.errors import ReliefError
from relief.export.briefing import FILE, briefing_html, export_briefing
from relief.figures import percent, points, tenths
from relief.home import PROJECT_DIR, Home
from relief.policies.document import seed_rows
from tests.python.dashboard.test_dashboard import shown
from tests.python.support.release_files import HOSTILE, Numbers, write_pointer, write_release


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_release(folder)
    return folder


@pytest.fixture
def release(home: Path) -> Release:
    found = current_release(home / "releases")
    assert found
    return found


def test_each_file_is_its_public_table_with_note_day_and_release(release: Release) -> None:
    file, info = public_release(release)
    for table in TABLES:
        rows = query(file, f'select * from "{table.name}" order by all')
        written = table_csv(file, info, table).decode()
        notes = [line for line in written.splitlines() if line.startswith('"#')]
        assert notes[0].startswith('"# SYNTHETIC DATA')
        assert any(table.title in note for note in notes)
        assert any("Data as of 2021-12-31. Release 20220110T090000Z" in note for note in notes)
        found = list(csv.DictReader(line for line in written.splitlines() if not line.startswith('"#')))
        assert [list(row.values()) for row in found] == [
            ["" if value is None else " ".join(str(value).split()) for value in row.values()] for row in rows
        ]
        parquet = pq.read_table(io.BytesIO(table_parquet(file, info, table)))
        assert parquet.to_pylist() == rows
        assert b"SYNTHETIC DATA" in parquet.schema.metadata[b"relief"]
        assert b"Release 20220110T090000Z" in parquet.schema.metadata[b"relief"]


def test_the_page_offers_each_file_and_none_without_a_public_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_HOME", str(tmp_path))
    pointer = write_release(tmp_path)
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    app.switch_page("views/downloads.py").run()
    assert len(app.get("download_button")) == 1 + 2 * len(TABLES) + 3
    write_pointer(tmp_path, json.dumps(pointer | {"public": pointer["leadership"]}))
    app = AppTest.from_file(str(PROJECT_DIR / "dashboards" / "app.py"), default_timeout=120).run()
    app.switch_page("views/downloads.py").run()
    assert "Downloads need the public release" in shown(app)
    assert not app.get("download_button")


def test_the_picture_of_standing_says_what_it_is(release: Release) -> None:
    svg = standing_picture(*public_release(release))
    assert "SYNTHETIC DATA" in svg
    assert "Visible at DOJ" in svg
    assert "Release 20220110T090000Z" in svg


def test_the_briefing_is_two_pages_of_public_numbers(home: Path, tmp_path: Path) -> None:
    written = export_briefing(Home(home), tmp_path / "briefing")
    html = written.read_text(encoding="utf-8")
    assert written == tmp_path / "briefing" / FILE
    assert html.count("<h1>") == 1
    assert html.count('<section class="second">') == 1
    assert "SYNTHETIC DATA: no real person" in html
    assert "dismiss 64,812 of about 66,000 convictions announced in 2020" in html
    assert "and 55,910 to 57,030 of about 58,000 cases announced in 2021" in html
    assert "Release 20220110T090000Z" in html
    assert "src=" not in html
    assert "<script" not in html


def test_a_briefing_says_withheld_where_a_count_is_suppressed(tmp_path: Path) -> None:
    pointer = write_release(tmp_path, Numbers(synthetic=False))
    file = tmp_path / "releases" / pointer["public"]
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update rpt_progress_toward_published_totals set counted = null, counted_low = null, counted_high = null, "
            "mark = 'suppressed' where wave_number = 1"
        )
    html = briefing_html(file, pointer["release_id"])
    assert "a number of convictions that is withheld" in html
    assert "64,812" not in html
    assert "SYNTHETIC" not in html


def test_data_never_becomes_markup_in_a_briefing(tmp_path: Path) -> None:
    pointer = write_release(tmp_path, Numbers(county=HOSTILE))
    with duckdb.connect(str(tmp_path / "releases" / pointer["public"])) as connection:
        connection.execute(
            "update rpt_progress_toward_published_totals set published_source_url = 'javascript:alert(1)' "
            "where published_source_url is not null"
        )
    html = briefing_html(tmp_path / "releases" / pointer["public"], pointer["release_id"])
    assert "<img" not in html.lower()
    assert "href=" not in html


def test_a_briefing_needs_a_public_release(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="publish one first"):
        export_briefing(Home(tmp_path), tmp_path / "out")
    pointer = write_release(tmp_path)
    with pytest.raises(ReliefError, match="does not say that it is the public release"):
        briefing_html(tmp_path / "releases" / pointer["leadership"], pointer["release_id"])
    (tmp_path / "releases" / pointer["public"]).write_bytes(b"no database")
    with pytest.raises(ReliefError, match="cannot be read"):
        export_briefing(Home(tmp_path), tmp_path.parent / "out")
    assert not (tmp_path.parent / "out").exists()


def test_every_help_is_a_word_of_the_glossary() -> None:
    asked: set[str] = set()
    for file in (PROJECT_DIR / "dashboards").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "meaning":
                asked |= {str(part.value) for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
    asked -= {"people_with_relief", "neither"}
    asked |= {"gained", "lost", "kept", "eligible", "relieved", "remaining", "overdue order"}
    asked |= {"accounted for", "reject", "gate", "finding"}
    for word in asked:
        assert glossary.meaning(word).endswith(".")
    with pytest.raises(KeyError):
        glossary.meaning("no such word")


def test_the_glossary_keeps_every_line_and_no_markdown() -> None:
    text = glossary.FILE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    headers = [line for line in rows if line in {"| word | meaning |", "| name | what |"}]
    assert len(glossary.terms()) == len(rows) - len(headers)
    assert not any("](" in term.meaning or "`" in term.meaning for term in glossary.terms())


def test_methods_are_the_chapters_of_the_methodology() -> None:
    index = (methods.FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[[^\]]+\]\((\w+)\.md\)", index, re.MULTILINE) == list(methods.PAGES)
    lines = [line for page in methods.PAGES for line in (methods.FOLDER / f"{page}.md").read_text().splitlines()]
    chapters = [line for line in lines if line.startswith("## ")]
    assert [title for title, _ in methods.methods()] == [line.removeprefix("## ") for line in chapters]


def test_findings_that_can_change_a_headline_are_known_findings() -> None:
    known = {row["finding"] for row in seed_rows("reference/quality_findings.csv")}
    assert known >= trust.CAN_CHANGE_THE_HEADLINE


@pytest.mark.parametrize("part, whole", [(1, 3), (2, 3), (125, 1000), (1, 1), (0, 7), (999, 2000)])
def test_a_gap_is_of_the_shares_that_a_reader_sees(part: int, whole: int) -> None:
    assert percent(Fraction(part, whole)) == f"{tenths(part, whole) / 10:.1f}%"
    assert points(-tenths(part, whole)).endswith(" points")


def test_a_difference_in_points_has_its_sign() -> None:
    assert [points(value) for value in (31, -31, 0)] == ["+3.1 points", "\u22123.1 points", "0.0 points"]


def test_on_a_dark_page_no_colour_of_a_light_one_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    colours = {charts.ACCENT, charts.NEUTRAL, charts.INK, *balance.COLOURS.values()}
    written = f'{" ".join(colours)} "white"'
    assert theme.coloured(written) == written
    monkeypatch.setattr(theme, "is_dark", lambda: True)
    assert not [colour for colour in (*colours, '"white"') if colour in theme.coloured(written)]
