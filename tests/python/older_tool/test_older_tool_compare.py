"""`relief compare`: no difference from the older tool is unexplained, each defect is named; and what it refuses."""

import csv
import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from relief.building.build import build
from relief.compare import Comparison, compare
from relief.compare.run import ROW_COLUMNS
from relief.errors import ReliefError
from relief.export.cmr import export_cmr
from relief.export.cmr_columns import CONDENSED_COLUMNS, FILE_COLUMNS, RESULT_COLUMNS
from relief.home import Home, open_warehouse
from relief.landing import land
from tests.python.older_tool.test_older_tool_defects import CASES, EVALUATED_AS_OF
from tests.python.support.command import relief
from tests.python.support.doj_file import row, write
from tests.python.support.warehouse import CMR, quiet, read_csv

PILOT = "la_pilot_2019"
ALL, CONDENSED, PROP64, SUMMARY = "All_Results.csv", "All_Results_Condensed.csv", "Prop64_Results.csv", "gogen.json"
Lines = list[dict[str, str]]


# The older tool's own results -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "policy", "columns", "rows"),
    [
        ("configurable", "county_options", None, 18),
        ("los_angeles", PILOT, None, 16),
        ("generated_5k", PILOT, ("la_pilot_determination", "la_pilot_reason"), 147),
        ("generated_5k", "county_options", ("Configurable_Determination", "configurable_reason"), 147),
    ],
)
def test_nothing_differs_on_the_fixtures(
    name: str, policy: str, columns: tuple[str, str] | None, rows: int, request: pytest.FixtureRequest
) -> None:
    home = request.getfixturevalue(name.removesuffix("_5k"))
    result = compare(home, policy, CMR / name / "expected.csv", answer_columns=columns, report=quiet)
    assert result == Comparison(rows, rows, 0, 0, {})


def test_its_summary_differs_in_nothing_but_the_clock(generated: Home, tmp_path: Path) -> None:
    peer = CMR / "generated_5k/summary_configurable.json"
    assert compare(generated, "county_options", peer, report=quiet).differences == 0
    found = json.loads(peer.read_text())
    found["processingTimeInSeconds"] = 99
    found["reliefWithDismissAllProp64"]["CountSubjectsNoConvictionLast7Years"] += 1
    found["convictionDismissalCountByCodeSection"]["11359"] = 0
    result = compare(generated, "county_options", written(tmp_path, found), report=quiet)
    assert (result.differences, result.unexplained, result.named) == (1, 0, {"clock": 1})
    found["subjectsWithSomeReliefCount"] += 1
    del found["convictionReductionCountByCodeSection"]["11360"]
    lines: list[str] = []
    result = compare(generated, "county_options", written(tmp_path, found), report=lines.append)
    assert (result.unexplained, result.named) == (2, {"clock": 1, "unexplained": 2})
    assert "  convictionReductionCountByCodeSection.11360: 13 here, 0 in the peer file: unexplained" in lines


def written(folder: Path, summary: dict[str, object]) -> Path:
    path = folder / SUMMARY
    path.write_text(json.dumps(summary))
    return path


@pytest.mark.parametrize("name", [ALL, CONDENSED, PROP64, SUMMARY])
def test_our_own_files_differ_in_nothing(name: str, generated: Home, tmp_path: Path) -> None:
    export_cmr(generated, PILOT, tmp_path / "out")
    result = compare(generated, PILOT, tmp_path / "out" / name, report=quiet)
    assert (result.differences, result.equal) == (0, result.compared)


# Defects --------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def defects(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("compared_defects")
    rows = [{**r, "subject_id": f"case{number}"} for number, case in enumerate(CASES) for r in case.rows]
    home = Home(folder / "home")
    land(home, "ca_doj", [write(folder / "doj.csv", rows)], EVALUATED_AS_OF, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home


def asked_rows() -> dict[int, tuple[str, tuple[str, str] | None]]:
    """For each case, the row asked about: its defects, and the older tool's answer."""
    asked = {}
    row_no = 0
    for case in CASES:
        row_no += len(case.rows)
        asked[row_no] = (case.defects, case.older_tool)
    return asked


@pytest.fixture(scope="module")
def older_tool(defects: Home, tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """All_Results.csv as the older tool writes it: its answers for the rows asked about, expected ones for others."""
    out = tmp_path_factory.mktemp("peer") / "out"
    export_cmr(defects, PILOT, out)
    lines = read_csv(out / ALL)
    with open_warehouse(defects, read_only=True) as connection:
        otherwise = {
            row_no: (determination, reason)
            for row_no, determination, reason in connection.execute(
                "select row_no, older_tool_determination, older_tool_reason from marts.fct_relief_defects "
                "where policy_id = ?",
                [PILOT],
            ).fetchall()
        }
    asked = asked_rows()
    for row_no, line in enumerate(lines, start=1):
        if row_no in asked:
            give(line, asked[row_no][1])
        elif row_no in otherwise:
            give(line, otherwise[row_no] if otherwise[row_no][0] is not None else None)
    return lines


def give(line: dict[str, str], answer: tuple[str, str] | None) -> None:
    """Write the older tool's answer, or show that it does not evaluate the row."""
    determination, reason = answer or ("", "")
    line["# of convictions on record"] = "1" if answer else ""
    line["Eligibility Determination"], line["Eligibility Reason"] = determination, reason


def as_file(path: Path, lines: Lines, columns: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return path


WHOLE = [*(column.upper() for column in FILE_COLUMNS), *RESULT_COLUMNS.values()]
SHAPES: dict[str, tuple[list[str], Callable[[dict[str, str]], bool]]] = {
    "all results": (WHOLE, lambda line: True),
    "condensed": ([*(column.upper() for column in CONDENSED_COLUMNS), *RESULT_COLUMNS.values()], lambda line: True),
    "Prop 64 results": (WHOLE, lambda line: bool(line["# of convictions on record"])),
    "row numbers": (["ROW_NO", "Eligibility Determination", "Eligibility Reason"], lambda line: True),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_defect_is_named(shape: str, defects: Home, older_tool: Lines, tmp_path: Path) -> None:
    columns, is_kept = SHAPES[shape]
    numbered = [{"ROW_NO": str(row_no), **line} for row_no, line in enumerate(older_tool, start=1)]
    peer = as_file(tmp_path / "peer.csv", [line for line in numbered if is_kept(line)], columns)
    report: list[str] = []
    result = compare(defects, PILOT, peer, out=tmp_path / "list.csv", report=report.append)
    assert result.unexplained == 0
    listed = {int(line["row_no"]): line["named"] for line in read_csv(tmp_path / "list.csv")}
    ours = {row_no: case.ours for row_no, case in zip(asked_rows(), CASES, strict=True)}
    wanted = {row_no: names for row_no, (names, answer) in asked_rows().items() if answer != ours[row_no]}
    assert {row_no: names for row_no, names in listed.items() if row_no in asked_rows()} == wanted
    for name in {name for names in wanted.values() for name in names.split(";")}:
        assert result.named[name] >= sum(name in names.split(";") for names in wanted.values())
        assert any(line.startswith(f"  {name}: {result.named[name]} (") for line in report)
    assert not any("case" in line.replace("letter case", "") for line in report)


def test_rows_alike_in_every_column_are_told_apart_by_their_order(
    defects: Home, older_tool: Lines, tmp_path: Path
) -> None:
    columns, _ = SHAPES["condensed"]
    alike: dict[tuple[str, ...], list[int]] = {}
    for row_no, line in enumerate(older_tool, start=1):
        alike.setdefault(tuple(line[column] for column in columns), []).append(row_no)
    first, *others = max(alike.values(), key=lambda rows: (bool(older_tool[rows[0] - 1]["Deceased"]), len(rows)))
    assert others
    lines = [dict(line) for line in older_tool]
    give(lines[first - 1], None)
    compare(
        defects,
        PILOT,
        as_file(tmp_path / "peer.csv", lines, columns),
        out=tmp_path / "list.csv",
        report=quiet,
    )
    unexplained = [line for line in read_csv(tmp_path / "list.csv") if line["named"] == "unexplained"]
    assert [(line["row_no"], line["difference"]) for line in unexplained] == [(str(first), "only here")]


def test_another_answer_is_unexplained_even_where_a_defect_is(defects: Home, older_tool: Lines, tmp_path: Path) -> None:
    attempt = next(number for number, (names, _) in asked_rows().items() if names == "attempt_ignored")
    clean = next(number for number, case in zip(asked_rows(), CASES, strict=True) if case.note == "none")
    lines = [dict(line) for line in older_tool]
    give(lines[attempt - 1], ("Not eligible", "Two priors"))
    give(lines[clean - 1], None)
    report: list[str] = []
    peer, out = as_file(tmp_path / "peer.csv", lines, WHOLE), tmp_path / "list.csv"
    result = compare(defects, PILOT, peer, out=out, report=report.append)
    assert result.unexplained == 2
    assert any(f"row {attempt}" in line and f"row {clean}" in line for line in report)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    listed = {int(line["row_no"]): line for line in read_csv(out)}
    assert list(listed[attempt]) == list(ROW_COLUMNS)
    assert (listed[attempt]["named"], listed[attempt]["defects"]) == ("unexplained", "attempt_ignored")
    assert (listed[clean]["named"], listed[clean]["difference"]) == ("unexplained", "only here")
    done = relief(defects.path, "compare", "--policy", PILOT, "--peer-results", str(peer))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("relief: 2 of ")
    assert "case" not in done.stdout + done.stderr


def test_the_command_succeeds_where_all_is_named(defects: Home, older_tool: Lines, tmp_path: Path) -> None:
    peer = as_file(tmp_path / "peer.csv", older_tool, WHOLE)
    done = relief(defects.path, "compare", "--policy", PILOT, "--peer-results", str(peer))
    assert (done.returncode, done.stderr) == (0, "")
    assert "attempt_ignored: 2" in done.stdout


def test_defects_are_named_in_a_summary_too(defects: Home, older_tool: Lines, tmp_path: Path) -> None:
    export_cmr(defects, PILOT, tmp_path / "out")
    found = json.loads((tmp_path / "out" / SUMMARY).read_text())
    counted = [line for line in older_tool if line["# of convictions on record"]]
    found["convictionDismissalCountByAdditionalRelief"] = {}
    sections = dict.fromkeys(("11357", "11358", "11359", "11360"), 0)
    for line in counted:
        sections[first_section(line["OFFENSE_DESCR"])] += 1
        if line["Eligibility Determination"] == "Eligible for Dismissal":
            reason = line["Eligibility Reason"]
            reasons = found["convictionDismissalCountByAdditionalRelief"]
            reasons[reason] = reasons.get(reason, 0) + 1
    found["prop64ConvictionsCountInCountyByCodeSection"] = sections
    found["prop64FelonyConvictionsCountInCounty"] = sum(line["CONV_STAT_DESCR"] == "FELONY" for line in counted)
    found["prop64NonFelonyConvictionsCountInCounty"] = sum(line["CONV_STAT_DESCR"] != "FELONY" for line in counted)
    found["earliestConviction"] = "0001-01-01T00:00:00Z"
    result = compare(defects, PILOT, written(tmp_path, found), report=quiet)
    assert (result.unexplained, result.differences > 3) == (0, True)
    assert result.named["missing_date"] == result.differences


def first_section(text: str) -> str:
    return min(("11357", "11358", "11359", "11360"), key=lambda section: (text.find(section) < 0, text.find(section)))


# Several files --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A person with one count that an older file and a newer file report as different things."""
    folder = tmp_path_factory.mktemp("two_files")
    home = Home(folder / "home")
    cii = "A00000001"
    one = [row("p", 1, cii_number=cii), row("p", 2, cii_number=cii), row("r", 1)]
    two = [row("q", 1, cii_number=cii, offense_descr="11358 HS"), row("s", 1)]
    for number, rows in enumerate([one, two], start=1):
        land(home, "ca_doj", [write(folder / f"{number}.csv", rows)], date(2019, 11, number), None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    return home


@pytest.mark.full  # it makes its own build, which takes over half a minute
def test_a_count_that_a_newer_file_holds_is_counted_per_file(two_files: Home, tmp_path: Path) -> None:
    export_cmr(two_files, "dismiss_all_prop64", tmp_path / "out")
    lines = read_csv(tmp_path / "out" / ALL)
    assert [bool(line["# of convictions on record"]) for line in lines] == [False, True, True, True, True]
    give(lines[0], ("Eligible for Dismissal", "Dismiss all Prop 64 charges"))
    peer = as_file(tmp_path / "peer.csv", lines, WHOLE)
    result = compare(two_files, "dismiss_all_prop64", peer, report=quiet)
    assert (result.equal, result.unexplained, result.named) == (4, 0, {"counted_per_file": 1})
    found = json.loads((tmp_path / "out" / SUMMARY).read_text())
    found["subjectsWithProp64ConvictionCountInCounty"] += 1
    summed = compare(two_files, "dismiss_all_prop64", written(tmp_path, found), report=quiet)
    assert (summed.unexplained, summed.named) == (0, {"counted_per_file": 1})


def test_one_delivery_of_several(two_files: Home, tmp_path: Path) -> None:
    with open_warehouse(two_files, read_only=True) as connection:
        (delivery_id,) = connection.execute(
            "select delivery_id from raw.deliveries where file_name = '2.csv'"
        ).fetchall()[0]
    lines = [
        {"row_no": str(number), "eligibility_determination": "Eligible for Dismissal", "eligibility_reason": reason}
        for number, reason in enumerate(["Dismiss all Prop 64 charges"] * 2, start=1)
    ]
    peer = as_file(tmp_path / "peer.csv", lines, list(lines[0]))
    with pytest.raises(ReliefError, match="2 are landed; name the delivery: --delivery"):
        compare(two_files, "dismiss_all_prop64", peer, report=quiet)
    with pytest.raises(ReliefError, match="there is no delivery ca_doj-none"):
        compare(two_files, "dismiss_all_prop64", peer, delivery_id="ca_doj-none", report=quiet)
    result = compare(two_files, "dismiss_all_prop64", peer, delivery_id=delivery_id, report=quiet)
    assert result == Comparison(2, 2, 0, 0, {})
