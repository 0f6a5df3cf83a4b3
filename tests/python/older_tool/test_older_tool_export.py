"""`relief export cmr`: the older tool's result columns byte for byte, its files, its summary; and what it refuses."""

import csv
import io
import json
import stat
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from relief.building.build import build
from relief.errors import ReliefError
from relief.export import cmr, doj_rows, go_csv
from relief.export.cmr import export_cmr
from relief.export.cmr_columns import CONDENSED_COLUMNS, FILE_COLUMNS, RESULT_COLUMNS
from relief.home import Home, open_warehouse
from relief.landing import land
from tests.python.support.doj_file import row, write
from tests.python.support.landing_files import Desk, doj_file, doj_record, mend_line
from tests.python.support.warehouse import CMR, quiet, read_csv

FILES = ["All_Results.csv", "All_Results_Condensed.csv", "Prop64_Results.csv", "gogen.json"]
DAY = date(2019, 11, 11)
COMMENTS = [
    # OFFENSE_DESCR, COMMENT_TEXT, and whether the comment may name another Prop 64 charge.
    ("484 PC-THEFT", "11359 HS-SALE", True),
    ("11358 HS-CULTIVATE", "11359 HS-SALE", True),
    ("11359 HS-SALE", "11359 HS-SALE", False),
    ("11357(A) HS", "11357(C) HS", True),
    ("11357(D) HS", "11357(B) HS", True),
    ("11357(A) HS", "11357(B) HS", False),
    ("11357 HS", "11357(C) HS", True),
    ("11357(A) HS", "11357 HS", False),
    ("11357(A) HS", "11357(E) HS", False),
    ("SEE COMMENT FOR CHARGE", "11359 HS-SALE", False),
    (" ", "11359 HS-SALE", False),
    ("NULL", "11359 HS-SALE", True),
    ("484 PC-THEFT", "SERVED 113 DAYS", False),
]


def result_bytes(path: Path) -> list[bytes]:
    """The bytes of each row's result columns, for files whose fields contain no quote and no line end."""
    rows = []
    for line in path.read_bytes().splitlines()[1:]:
        fields = next(csv.reader([line.decode()]))
        end = ",".join(fields[-len(RESULT_COLUMNS) :])
        rows.append(line[len(line) - len(end.encode()) :])
    return rows


@pytest.mark.parametrize(("name", "policy"), [("configurable", "county_options"), ("los_angeles", "la_pilot_2019")])
def test_result_columns_are_the_older_tools_byte_for_byte(
    name: str, policy: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    export_cmr(request.getfixturevalue(name), policy, tmp_path / "out")
    expected = read_csv(CMR / name / "expected.csv")
    columns = [column for column in RESULT_COLUMNS if column in expected[0]]
    assert len(columns) == {"configurable": 18, "los_angeles": 17}[name]
    missing = [list(RESULT_COLUMNS).index(column) for column in RESULT_COLUMNS if column not in expected[0]]
    found = []
    for line in result_bytes(tmp_path / "out/All_Results.csv"):
        fields = line.split(b",")
        assert len(fields) == len(RESULT_COLUMNS)
        found.append(b",".join(field for position, field in enumerate(fields) if position not in missing))
    assert found == [",".join(line[column] for column in columns).encode() for line in expected]
    evaluated = [line for line, answer in zip(found, expected, strict=True) if answer["evaluated"] == "Y"]
    assert len(result_bytes(tmp_path / "out/Prop64_Results.csv")) == len(evaluated)


def test_the_files_columns_come_back_as_they_were(configurable: Home, generated: Home, tmp_path: Path) -> None:
    for name, home in {"configurable": configurable, "generated_5k": generated}.items():
        written = export_cmr(home, "county_options", tmp_path / name)
        whole = read_rows(tmp_path / name / FILES[0])
        with open_warehouse(home, read_only=True) as connection:
            landed = connection.execute(f"select {', '.join(FILE_COLUMNS)} from raw.ca_doj order by row_no").fetchall()
        assert whole[0] == [*(column.upper() for column in FILE_COLUMNS), *RESULT_COLUMNS.values()]
        assert [tuple(line[:95]) for line in whole[1:]] == landed
        assert written.rows == len(landed)
        positions = [FILE_COLUMNS.index(column) for column in CONDENSED_COLUMNS] + list(range(95, 113))
        condensed = read_rows(tmp_path / name / FILES[1])
        assert condensed == [[line[position] for position in positions] for line in whole]
        assert read_rows(tmp_path / name / FILES[2]) == [line for line in whole if line[96]]
        assert written.evaluated == sum(1 for line in whole[1:] if line[96])


def read_rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_the_summary_is_the_older_tools_but_for_its_clock(generated: Home, tmp_path: Path) -> None:
    export_cmr(generated, "county_options", tmp_path / "out")
    found = (tmp_path / "out/gogen.json").read_text()
    expected = (CMR / "generated_5k/summary_configurable.json").read_text()
    assert without_clock(found) == without_clock(expected)
    # The file has the same fields in the same order and in the same format.
    assert json.dumps(json.loads(found), separators=(",", ":")) == found
    assert list(json.loads(found)) == list(json.loads(expected))


def without_clock(text: str) -> dict[str, object]:
    summary = json.loads(text)
    del summary["processingTimeInSeconds"]
    for relief in ("reliefWithCurrentEligibilityChoices", "reliefWithDismissAllProp64"):
        del summary[relief]["CountSubjectsNoConvictionLast7Years"]
    return dict(summary)


def test_people_of_the_summary_are_those_of_the_report(generated: Home) -> None:
    with open_warehouse(generated, read_only=True) as connection:
        wanted = connection.execute(
            "select basis, people_with_relief, no_felony_left, no_conviction_left, no_conviction_last_7_years "
            "from reporting.rpt_people_outcomes where basis_type = 'policy' and overdue_records = 'counted' "
            "order by basis"
        ).fetchall()
        found = connection.execute(
            "select policy_id, "
            + ", ".join(
                f"max(counted) filter (where measure = 'people with {what}')"
                for what in (
                    "relief",
                    "no felony left",
                    "no conviction left",
                    "no conviction in the last 7 years",
                )
            )
            + " from reporting.rpt_older_tool_summary "
            "where counted_as = 'ours' and policy_id <> '' group by 1 order by 1"
        ).fetchall()
        impossible = connection.execute(
            "select count(distinct record_key) from intermediate.int_convictions__impossible_dates "
            "where source = 'ca_doj'"
        ).fetchall()[0][0]
    # The older tool's summary omits a policy that dismisses nobody or that uses the words of the statute.
    of = {row[0] for row in found}
    assert len(of) > 10
    wanted_of = [row for row in wanted if row[0] in of]
    assert [row[:4] for row in found] == [row[:4] for row in wanted_of]
    # The older tool uses an impossible date as it is, while the report counts such a person as unknown.
    assert all(0 <= row[4] - told[4] <= impossible for row, told in zip(found, wanted_of, strict=True))
    assert not [row for row in wanted if row[0] not in of and not row[0].startswith("statutory_") and row[1]]


def test_files_are_for_their_owner_only_and_nothing_else_is_left(los_angeles: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        export_cmr(los_angeles, "la_pilot_2019", out)
        assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
        assert stat.S_IMODE(out.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


@pytest.mark.parametrize("out", [".", "landing"])
def test_the_data_folder_is_refused(los_angeles: Home, out: str) -> None:
    with pytest.raises(ReliefError, match="is in the data folder"):
        export_cmr(los_angeles, "la_pilot_2019", los_angeles.path / out)


def test_refusals_name_what_to_do(los_angeles: Home, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept")
    with pytest.raises(ReliefError, match="is not a folder"):
        export_cmr(los_angeles, "la_pilot_2019", file)
    assert file.read_text() == "kept"
    with pytest.raises(ReliefError, match="policy other is not in the last build"):
        export_cmr(los_angeles, "other", tmp_path / "out")
    with pytest.raises(ReliefError, match="cannot be written"):
        export_cmr(los_angeles, "la_pilot_2019", tmp_path / "no/such/folder")
    with pytest.raises(ReliefError, match="there is no warehouse"):
        export_cmr(Home(tmp_path / "empty").create(), "la_pilot_2019", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_built_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    land(home, "ca_doj", [write(tmp_path / "doj.csv", [row("p")])], DAY, None, quiet)
    with pytest.raises(ReliefError, match="nothing is built yet"):
        export_cmr(home, "la_pilot_2019", tmp_path / "out")


def test_a_full_disk_leaves_the_earlier_files(
    los_angeles: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export_cmr(los_angeles, "la_pilot_2019", out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cmr, "summarize", full)
    for folder in (out, tmp_path / "new"):
        with pytest.raises(ReliefError, match="No space left on device"):
            export_cmr(los_angeles, "la_pilot_2019", folder)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One person in two files of the same date; the first file has comments of every kind."""
    folder = tmp_path_factory.mktemp("two_files")
    home = Home(folder / "home")
    comments = [
        row(f"c{number}", offense_descr=offense, comment_text=comment, disp_descr="")
        for number, (offense, comment, _) in enumerate(COMMENTS)
    ]
    one = [row("p", 1, cii_number="A00000001", pri_name=' O"NEIL, A'), row("p", 2, stp_event_date=""), *comments]
    two = [row("q", 1, cii_number="A00000001", cycle=102), row("q", 3, cii_number="A00000001", offense_descr="187 PC-")]
    for name, rows in {"one.csv": one, "two.csv": two}.items():
        land(home, "ca_doj", [write(folder / name, rows)], DAY, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home


@pytest.mark.full  # it makes its own build, which takes over half a minute
def test_several_deliveries_stand_in_the_order_of_landing(two_files: Home, tmp_path: Path) -> None:
    written = export_cmr(two_files, "la_pilot_2019", tmp_path / "out")
    rows = read_rows(tmp_path / "out/All_Results.csv")[1:]
    assert (written.rows, written.deliveries) == (len(rows), 2)
    subjects = [line[FILE_COLUMNS.index("subject_id")] for line in rows]
    assert subjects == ["p", "p", *(f"c{number}" for number in range(len(COMMENTS))), "q", "q"]
    assert json.loads((tmp_path / "out/gogen.json").read_text())["lineCount"] == len(rows)


def test_a_possible_other_charge_stands_on_any_row(two_files: Home, tmp_path: Path) -> None:
    export_cmr(two_files, "la_pilot_2019", tmp_path / "out")
    rows = read_rows(tmp_path / "out/All_Results.csv")[3 : 3 + len(COMMENTS)]
    position = 95 + list(RESULT_COLUMNS).index("possible_other_p64_charges")
    assert [(line[position], line[96]) for line in rows] == [
        (comment if is_possible else "", "") for _, comment, is_possible in COMMENTS
    ]


def test_an_unknown_date_is_empty_and_never_year_one(two_files: Home, tmp_path: Path) -> None:
    export_cmr(two_files, "la_pilot_2019", tmp_path / "out")
    undated = dict(zip(RESULT_COLUMNS, read_rows(tmp_path / "out/All_Results.csv")[2][95:], strict=True))
    counted = ("occurred_after_2016_11_09", "date_of_conviction", "years_since_this_conviction")
    assert {undated[column] for column in (*counted, "years_since_any_conviction")} == {""}
    assert undated["n_convictions_on_record"] == "4"
    assert undated["eligibility_determination"] == "Hand Review"


def test_a_mended_record_stands_where_its_file_had_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doj_rows, "BATCH_ROWS", 2)
    desk = Desk(tmp_path)
    records = [doj_record(number) for number in range(1, 8)]
    for number in (1, 4, 7):
        records[number - 1] += b",surplus"
    desk.land_bytes(doj_file(records))
    lines = desk.export()
    for number in (1, 4, 7):
        mend_line(lines, number, doj_record(number))
    desk.mend(lines)
    with open_warehouse(desk.home, read_only=True) as connection:
        (delivery,) = doj_rows.landed_deliveries(connection, desk.home)
        tables = list(doj_rows.batches(connection, delivery, ("subject_id",)))
        queried = connection.execute(doj_rows.rows_sql([delivery], ("subject_id",)) + " order by row_no").fetchall()
    assert [number for table in tables for number in table["row_no"].to_pylist()] == list(range(1, 8))
    assert [subject for table in tables for subject in table["subject_id"].to_pylist()] == list("1234567")
    assert queried == [(delivery.delivery_id, number, str(number)) for number in range(1, 8)]


def test_later_deliveries_ask_for_a_build(two_files: Home, tmp_path: Path) -> None:
    with open_warehouse(two_files) as connection:
        connection.execute("update raw.deliveries set status = 'superseded' where file_name = 'two.csv'")
    try:
        with pytest.raises(ReliefError, match="1 delivery was superseded after build"):
            export_cmr(two_files, "la_pilot_2019", tmp_path / "out")
    finally:
        with open_warehouse(two_files) as connection:
            connection.execute("update raw.deliveries set status = 'landed'")


def test_fields_are_quoted_as_go_does() -> None:
    written = {
        "": "",
        "plain": "plain",
        "inner space ": "inner space ",
        " leading": '" leading"',
        "\ttab": '"\ttab"',
        "\u00a0hard": '"\u00a0hard"',
        "\u2003wide": '"\u2003wide"',
        "\u00e9t\u00e9": "\u00e9t\u00e9",
        "a,b": '"a,b"',
        'a"b': '"a""b"',
        '"': '""""',
        "a\nb": '"a\nb"',
        "a\rb": '"a\rb"',
        "a\r\nb": '"a\nb"',
        "\\.": '"\\."',
        "\\.x": "\\.x",
        "'=1+1": "'=1+1",
        "=1+1": "=1+1",
    }
    assert go_csv.fields(pa.array(list(written))).to_pylist() == list(written.values())
    for text, field in written.items():
        assert go_csv.fields(pa.array(["", text, None]).slice(1)).to_pylist() == [field, ""]
        assert set(go_csv.fields(pa.array([text] * 9)).to_pylist()) == {field}
    texts = go_csv.lines([go_csv.fields(pa.array(["a", "b,"])), go_csv.fields(pa.array(["", "d"]))])
    assert bytes(go_csv.joined_bytes(texts)) == b'a,\n"b,",d\n'
    assert bytes(go_csv.joined_bytes(texts.slice(1))) == b'"b,",d\n'
