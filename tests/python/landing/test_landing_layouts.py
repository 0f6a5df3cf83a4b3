"""Which layout reads a file: the one that fits its header best, the one named, or none, with a reason."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from relief.errors import ReliefError
from relief.landing.catalog import select_rows
from relief.landing.layout import county_of, load_source
from tests.python.landing.test_court_layouts import CASES, COUNTS, LAYOUT, land_court, lay
from tests.python.support.command import relief
from tests.python.support.landing_files import Desk, doj_file, doj_record, gzipped

KERN = LAYOUT.replace("county: Orange County", "county: Kern County")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refusal(desk: Desk, data: bytes, name: str = "cases.csv", **options: object) -> str:
    with pytest.raises(ReliefError) as refused:
        desk.land(desk.put(name, data), source="la_court", **options)
    return str(refused.value)


def deliveries(desk: Desk) -> list[tuple]:
    return desk.rows("select layout, county_name, table_name, records from raw.deliveries order by all")


@pytest.mark.parametrize("dry_run", [False, True], ids=["landing", "dry run"])
def test_a_header_that_fits_two_counties_lands_nothing_until_one_is_named(desk: Desk, dry_run: bool) -> None:
    lay(desk)
    lay(desk, KERN, "kern.yml")
    for name, data, table in (("cases.csv", CASES, "la_court_cases"), ("counts.csv", COUNTS, "la_court_counts")):
        message = refusal(desk, data, name, dry_run=dry_run)
        assert f"kern (KERN, {table}) and orange_2024 (ORANGE, {table})" in message
        assert "--layout NAME" in message
        assert "DOE" not in message
    if desk.home.warehouse.exists():
        assert deliveries(desk) == []
        assert list((desk.home.path / "landing").rglob("*.parquet")) == []
    desk.land(desk.put("cases.csv", CASES), source="la_court", layout="kern", dry_run=dry_run)
    desk.land(desk.put("counts.csv", COUNTS), source="la_court", layout="orange_2024.yml", dry_run=dry_run)
    assert any("layout orange_2024, county ORANGE" in line for line in desk.lines)
    if not dry_run:
        desk.check_account()
        assert deliveries(desk) == [
            ("kern", "KERN", "la_court_cases", 2),
            ("orange_2024", "ORANGE", "la_court_counts", 2),
        ]


def test_the_command_takes_the_layout_and_refuses_in_one_line(desk: Desk) -> None:
    lay(desk)
    lay(desk, KERN, "kern.yml")
    command = ("land", "--source", "la_court", "--as-of", "2021-09-01", str(desk.put("cases.csv", CASES)))
    refused = relief(desk.home.path, *command)
    assert refused.returncode != 0
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "--layout NAME" in refused.stderr
    landed = relief(desk.home.path, *command, "--layout", "kern")
    assert landed.returncode == 0, landed.stderr
    assert deliveries(desk) == [("kern", "KERN", "la_court_cases", 2)]


def test_two_versions_of_one_county_that_fit_alike_are_ambiguous(desk: Desk) -> None:
    lay(desk)
    lay(desk, LAYOUT.replace("{MALE: M, FEMALE: F}", "{MALE: F, FEMALE: M}"), "orange_2025.yml")
    assert "orange_2024 (ORANGE, la_court_cases) and orange_2025 (ORANGE" in refusal(desk, CASES)
    assert deliveries(desk) == []


def test_of_two_versions_that_fit_the_closer_one_reads_the_file(desk: Desk) -> None:
    lay(desk)
    lay(desk, LAYOUT.replace("      filing_date: FILED\n    optional_columns: [filing_date]\n", ""), "orange_2025.yml")
    land_court(desk, CASES)
    land_court(desk, CASES.replace(b",FILED", b"").replace(b",1/9/2001", b"").replace(b",01/10/2001", b""), "new.csv")
    assert [row[0] for row in deliveries(desk)] == ["orange_2024", "orange_2025"]


def test_a_version_that_dropped_a_column_is_read_by_its_own_layout(desk: Desk) -> None:
    lay(desk, LAYOUT.replace("    optional_columns: [filing_date]\n", ""))
    lay(desk, LAYOUT.replace("    optional_columns: [filing_date]\n", "").replace("      sex: GENDER\n", ""), "z.yml")
    land_court(desk, b"CASE NO,DEF,NAME,DOB,FILED\n17CF0001,01,X,1970,1/9/2001\n")
    assert deliveries(desk) == [("z", "ORANGE", "la_court_cases", 1)]


def test_a_refused_file_is_compared_with_the_nearest_layout(desk: Desk) -> None:
    lay(desk, LAYOUT.replace("    optional_columns: [filing_date]\n", ""))
    lay(desk, LAYOUT.replace("      filing_date: FILED\n    optional_columns: [filing_date]\n", ""), "z.yml")
    message = refusal(desk, b"CASE NO,DEF,NAME,BORN,GENDER\n17CF0001,01,X,1970,M\n")
    assert "as the layout z has it, the nearest: its header lacks DOB (our birth_date), has 1 column" in message
    assert "FILED" not in message


def test_a_named_layout_says_exactly_what_the_file_lacks_of_it(desk: Desk) -> None:
    lay(desk)
    lay(desk, KERN.replace("DOB", "BORN").replace("GENDER", "SEX"), "kern.yml")
    message = refusal(desk, CASES, layout="kern")
    assert "as the layout kern has it: its header lacks BORN (our birth_date) and SEX (our sex)" in message
    assert "2 columns the layout does not know, at positions 4 and 5" in message
    strange = refusal(desk, b"A1,B2,C3\n1,2,3\n", layout="kern")
    assert "lacks CASE NO (our case_number), DEF" in strange
    assert "la_court, kern, orange_2024" in refusal(desk, CASES, layout="fresno")
    assert "as the layout la_court has it: its header lacks extract_label, case_number," in refusal(
        desk, CASES, layout="la_court"
    )
    assert deliveries(desk) == []


def test_a_delivery_keeps_the_layout_that_read_it(desk: Desk) -> None:
    lay(desk)
    land_court(desk, CASES)
    lay(desk, KERN, "kern.yml")
    land_court(desk, CASES)  # the content is recognized, whichever layout fits it now
    assert any("already landed" in line for line in desk.lines)
    message = refusal(desk, CASES, layout="kern")
    assert "already landed" in message
    assert "by the layout orange_2024" in message
    assert "wrong, add a blank line" in message
    assert "wrong, unpack it, add a blank line" in refusal(desk, gzipped(CASES), "c.gz", layout="kern")


def test_rejects_of_a_countys_layout_are_mended_under_its_own_names(desk: Desk) -> None:
    lay(desk)
    lay(desk, KERN, "kern.yml")
    data = CASES + b'17CF0003,01,"POE, EDGAR",1980-02-02,Male\n17CF0004,01,X\n'
    desk.land(desk.put("cases.csv", data), source="la_court", layout="orange_2024")
    header, *lines = desk.export()
    assert header.decode().split(",")[5:] == ["CASE NO", "DEF", "NAME", "DOB", "GENDER", "FILED"]
    with pytest.raises(ReliefError, match="by the layout orange_2024, and --layout says kern"):
        desk.mend([header, lines[0] + b",2001-02-03", lines[1]], source="la_court", layout="kern")
    desk.mend([header, lines[0] + b",2001-02-03", lines[1]], source="la_court")
    assert desk.rows("select case_number, sex, filing_date from raw.la_court_cases where row_no = 3") == [
        ("17CF0003", "Male", "2001-02-03")
    ]
    assert len(desk.export()) == 2


def test_rejects_of_two_layouts_are_exported_apart_and_never_mixed(desk: Desk) -> None:
    lay(desk)
    lay(desk, KERN, "kern.yml")
    for name, layout in ((b"1", "orange_2024"), (b"2", "kern")):
        path = desk.put("cases.csv", CASES + name + b",01,X\n")
        desk.land(path, source="la_court", layout=layout)
    with pytest.raises(ReliefError, match="2 different headers or layouts"):
        desk.export()
    exports = [desk.export(delivery_id=row[0]) for row in desk.rows("select delivery_id from raw.deliveries")]
    with pytest.raises(ReliefError, match="nothing of the file was landed"):
        desk.mend([*exports[0], exports[1][1] + b",1970,M,"], source="la_court")
    for number, lines in enumerate(exports):
        desk.mend([lines[0], lines[1] + b",1970,M,"], f"mended_{number}.csv", source="la_court")
    assert desk.rows("select count(*) from raw.reject_repairs where outcome = 'repaired'") == [(2,)]


def test_rejects_wait_for_their_layout_when_it_is_gone_or_maps_less(desk: Desk) -> None:
    lay(desk)
    land_court(desk, CASES + b"17CF0004,01,X\n")
    exported = desk.export()
    lay(desk, LAYOUT.replace("      sex: GENDER\n", ""))
    with pytest.raises(ReliefError, match="the layout orange_2024 no longer maps sex"):
        desk.export()
    (desk.home.path / "sources" / "orange_2024.yml").unlink()
    with pytest.raises(ReliefError, match=r"the layout orange_2024 of .* is gone"):
        desk.export()
    with pytest.raises(ReliefError, match=r"the layout orange_2024 of .* is gone"):
        desk.mend(exported, source="la_court")


def test_a_layout_may_not_have_the_name_of_a_source(desk: Desk) -> None:
    lay(desk, name="la_court.yml")
    assert "la_court.yml has the name of a source" in refusal(desk, CASES)
    (desk.home.path / "sources" / "la_court.yml").rename(desk.home.path / "sources" / "ca_doj.yml")
    assert "ca_doj.yml has the name of a source" in refusal(desk, CASES)


def test_two_layouts_may_not_have_one_name(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(desk)
    lay(desk, name="orange_2024.yaml")
    assert "orange_2024.yaml and orange_2024.yml are two layouts with one name" in refusal(desk, CASES)
    (desk.home.path / "sources" / "orange_2024.yaml").unlink()
    shipped = tmp_path / "project" / "layouts"
    shipped.mkdir(parents=True)
    (shipped / "orange_2024.yml").write_text(LAYOUT, encoding="utf-8")
    home_folder = desk.home.path / "sources"
    monkeypatch.setattr("relief.landing.deliver.layout_folders", lambda _home: [shipped, home_folder])
    assert "two layouts with one name" in refusal(desk, CASES)


@pytest.mark.parametrize("name", ["orange_2024.yaml", "orange_2024.YML"])
def test_either_ending_of_yaml_is_read(desk: Desk, name: str) -> None:
    lay(desk, name=name)
    land_court(desk, CASES)
    assert deliveries(desk) == [("orange_2024", "ORANGE", "la_court_cases", 2)]


def test_a_county_is_one_county_however_it_is_written() -> None:
    for text in ("ORANGE", "Orange County", " orange  county ", "County of Orange", "Orange\tCounty"):
        assert county_of(text) == "ORANGE"
    assert county_of("los  angeles") == "LOS ANGELES"


def test_ignored_columns_are_told_and_their_rejects_hold_the_record_whole(desk: Desk) -> None:
    lay(desk, LAYOUT.replace("    optional_columns: [filing_date]", '    ignored_columns: [PHONE, "EYES, HAIR"]'))
    header = b'PHONE,CASE NO,DEF,NAME,DOB,"EYES, HAIR",GENDER,FILED\n'
    data = header + b"555,1,01,A,1970,,M,2001-01-01\n556,2,01,B,1971,blue,F,2001-01-02\n557,3,01\n" + header
    desk.land(desk.put("cases.csv", data), source="la_court")
    desk.check_account()
    assert "  not kept, as the layout says: EYES, HAIR (1 value), PHONE (2 values)" in desk.lines
    assert desk.rows("select case_number, sex from raw.la_court_cases order by 1") == [("1", "M"), ("2", "F")]
    assert desk.rows("select reason_code, raw_text from raw.rejects order by record_no") == [
        ("too_few_fields", "557,3,01"),
        ("repeated_header", header.decode().strip()),
    ]
    exported, line, _ = desk.export()
    assert exported.endswith(b"," + header.strip())
    desk.mend([exported, line + b",C,1972,,M,2001-01-03"], source="la_court")
    assert "  not kept, as the layout says: EYES, HAIR (0 values), PHONE (1 value)" in desk.lines
    assert desk.rows("select case_number from raw.la_court_cases where row_no = 3") == [("3",)]
    # A file without the ignored columns is read too.
    land_court(desk, CASES)
    assert not any("not kept" in line for line in desk.lines)


WRONG = {
    "an ignored column that is mapped": ("ignored_columns: [NAME]", "both maps and ignores NAME"),
    "an ignored column twice": ("ignored_columns: [X, x]", "ignores one header name twice"),
    "ignored columns that are no list": ("ignored_columns: PHONE", "ignored_columns is a list of names"),
    "optional columns that are no list": ("optional_columns: sex", "optional_columns is a list of names"),
    "an optional column that we do not have": ("optional_columns: [FILED]", "optional_columns names FILED"),
    "a key that is not known": ("optional_column: [filing_date]", "optional_column is not known"),
}


@pytest.mark.parametrize(("line", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_line_of_a_layouts_table_is_refused(desk: Desk, line: str, says: str) -> None:
    lay(desk, LAYOUT.replace("optional_columns: [filing_date]", line))
    message = refusal(desk, CASES)
    assert message.startswith("orange_2024.yml, line 14: ")
    assert says in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (LAYOUT.replace("      sex: GENDER", "      sex:"), 12),
        ("source: la_court\ncounty: ORANGE\ntables: [la_court_cases]\n", 3),
        ("source: la_court\ncounty: ORANGE\ntables: {la_court_cases: {columns: [case_number]}}\n", 3),
        (LAYOUT.replace("{sex: {MALE: M, FEMALE: F}}", "[sex]"), 19),
    ],
    ids=["a column without a name", "tables that are a list", "columns that are a list", "values that are a list"],
)
def test_a_layout_of_another_build_is_refused_in_one_line(desk: Desk, text: str, line: int) -> None:
    lay(desk, text)
    assert refusal(desk, CASES).startswith(f"orange_2024.yml, line {line}: ")


MISTAKES = {
    "a key that stands twice": (LAYOUT + "county: KERN\n", ", line 21: county is there twice"),
    "a word that stands twice": (LAYOUT.replace("FEMALE: F}", "MALE: F}"), ": MALE is there twice"),
    "a word that differs in letter case": (LAYOUT.replace("FEMALE: F}", "male: F}"), ", line 19: sex has one word"),
    "no word of ours": (LAYOUT.replace("FEMALE: F}", "FEMALE: }"), ", line 19: sex gives no word of ours for FEMALE"),
    "a list for a name": (LAYOUT.replace("sex: GENDER", "sex: [GENDER]"), ", line 12: sex has no name in the file"),
    "a county that is a list": (LAYOUT.replace("county: Orange County", "county: [Orange]"), ", line 3: county says"),
    "a county of blanks": (LAYOUT.replace("county: Orange County", "county: ' '"), ", line 3: county says"),
    "an ignored name of blanks": (
        LAYOUT.replace("optional_columns: [filing_date]", "ignored_columns: ['']"),
        "ignored_columns is a list of names",
    ),
    "brackets without end": ("[" * 5000, "not a YAML"),
    "a file that is too large": (LAYOUT + "#" * (1 << 20), "larger than any layout"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_slip_of_the_pen_in_a_layout_is_refused_and_not_guessed(desk: Desk, text: str, says: str) -> None:
    lay(desk, text)
    message = refusal(desk, CASES)
    assert message.startswith("orange_2024.yml")
    assert says in message


def test_words_of_a_layout_are_read_as_they_stand(desk: Desk) -> None:
    lay(desk, LAYOUT.replace("{MALE: M, FEMALE: F}", "{Yes: M, 01: F, null: U, 2001-02-30: off}"))
    land_court(desk, CASES)
    assert desk.rows("select file_value, our_value from raw.layout_values where column_name = 'sex' order by 1") == [
        ("01", "F"),
        ("2001-02-30", "off"),
        ("NULL", "U"),
        ("YES", "M"),
    ]


@pytest.mark.parametrize(
    "text",
    ["source: la_court\ntables: [", "", "\0\1", LAYOUT + "colour: red\n"],
    ids=["no YAML", "empty", "binary", "key"],
)
def test_a_mistake_in_a_courts_layout_stops_no_other_source(desk: Desk, text: str) -> None:
    lay(desk, text)
    lay(desk, text, "orange_2024.yaml")
    desk.land_bytes(doj_file([doj_record(1)]))
    with pytest.raises(ReliefError, match=r"orange_2024\.yaml"):
        land_court(desk, CASES)


def test_a_layout_that_cannot_be_read_is_named(desk: Desk) -> None:
    lay(desk)
    (desk.home.path / "sources" / "kern.yml").symlink_to("nowhere.yml")
    assert refusal(desk, CASES).startswith("kern.yml cannot be read")
    desk.land_bytes(doj_file([doj_record(1)]))
    (desk.home.path / "sources" / "kern.yml").rename(desk.home.path / "sources" / "._kern.yml")
    land_court(desk, CASES)


def _landed(folder: Path, name: str, rows: dict[str, list[str]]) -> Path:
    path = folder / name
    pq.write_table(pa.table({"delivery_id": [name], "row_no": [1], **rows}), path)
    return path


def test_a_column_that_the_layout_got_later_is_null_in_what_was_landed_before(tmp_path: Path) -> None:
    table = load_source("la_court").tables[0]
    kept, added = table.columns[0], table.columns[-1]
    table = replace(table, columns=(kept, added))
    before = _landed(tmp_path, "before", {kept: ["x"]})
    after = _landed(tmp_path, "after", {added: ["new"], kept: ["y"]})
    for paths, rows in (
        ([before], [("before", 1, "x", None)]),
        ([before, after], [("after", 1, "y", "new"), ("before", 1, "x", None)]),
        ([after], [("after", 1, "y", "new")]),
    ):
        assert duckdb.sql(f"{select_rows(table, paths)} order by 1").fetchall() == rows
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"no parquet")
    with pytest.raises(duckdb.Error):
        duckdb.sql(select_rows(table, [damaged])).fetchall()
