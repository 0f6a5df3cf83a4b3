"""Every command fails with one clear line, a non-zero exit code and no traceback."""

from pathlib import Path

import pytest

from relief.errors import ReliefError
from relief.export.determinations import export_determinations, write_csv
from relief.home import Home
from relief.policies.cmr_options import Rule, read_options, rules_of
from relief.policies.store import add_from_cmr_options, list_policies
from tests.python.support.command import relief
from tests.python.support.warehouse import CMR

FAILURES = {
    "land without a file": (["land", "--source", "ca_doj", "nowhere.csv"], "nowhere.csv"),
    "land an unknown source": (["land", "--source", "fbi", "nowhere.csv"], "fbi"),
    "land with a date that is none": (["land", "--source", "ca_doj", "--as-of", "2019-02-30", "x.csv"], "2019-02-30"),
    "land a dry run without a file": (["land", "--source", "ca_doj", "--dry-run", "nowhere.csv"], "nowhere.csv"),
    "list rejects of nothing": (["rejects", "list"], "relief land"),
    "export rejects of nothing": (["rejects", "export", "--out", "x.csv"], "relief land"),
    "land with a future date": (["land", "--source", "ca_doj", "--as-of", "2999-01-01", "x.csv"], "2999-01-01"),
    "validate an unknown gate": (["validate", "sideways"], "sideways"),
    "validate nothing": (["validate", "landed"], "relief land"),
    "build an unknown target": (["build", "--target", "moon"], "moon"),
    "build with a date that is none": (["build", "--evaluated-as-of", "yesterday"], "yesterday"),
    "build as known at no time": (["build", "--as-known-at", "someday"], "not a time"),
    "build as known at a time to come": (["build", "--as-known-at", "2999-01-01"], "not come yet"),
    "build as known before anything was landed": (["build", "--as-known-at", "2020-01-01"], "land a file first"),
    "publish nothing": (["publish"], "relief build"),
    "roll back nothing": (["publish", "--rollback"], "release"),
    "add a policy without a file": (["policy", "add", "mine", "--cmr-options", "nowhere.json"], "nowhere.json"),
    "add a policy with a bad id": (["policy", "add", "Mine!", "--cmr-options", "nowhere.json"], "Mine!"),
    "replace a shipped policy": (["policy", "add", "la_pilot_2019", "--cmr-options", "x.json"], "la_pilot_2019"),
    "export before a build": (["export", "determinations", "--policy", "la_pilot_2019", "--out", "x.csv"], "relief"),
    "export for the older tool before a build": (
        ["export", "cmr", "--policy", "la_pilot_2019", "--out", "x"],
        "relief",
    ),
    "compare before a build": (["compare", "--policy", "la_pilot_2019", "--peer-results", "pyproject.toml"], "relief"),
    "compare with half a pair": (
        ["compare", "--policy", "la_pilot_2019", "--peer-results", "x.csv", "--peer-columns", "reason"],
        "DETERMINATION,REASON",
    ),
    "compare with a file that is not there": (
        ["compare", "--policy", "la_pilot_2019", "--peer-results", "nowhere.csv"],
        "nowhere.csv",
    ),
    "query before a release": (["sql", "select 1"], "release"),
    "synth onto a file": (["synth", "--out", "/dev/null", "--scale", "0.001"], "/dev/null"),
}


@pytest.mark.parametrize("name", list(FAILURES))
def test_failure_is_one_line(name: str, tmp_path: Path) -> None:
    arguments, word = FAILURES[name]
    done = relief(tmp_path / "home", *arguments)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    (line,) = [text for text in done.stderr.splitlines() if text.startswith("relief: ")]
    assert word in line


def test_an_unknown_option_is_said() -> None:
    done = relief(Path("unused"), "build", "--colour", "blue")
    assert done.returncode == 2
    assert "--colour" in done.stderr


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "1e9", "inf"])
def test_a_scale_out_of_range_is_refused(scale: str, tmp_path: Path) -> None:
    done = relief(tmp_path, "synth", "--out", str(tmp_path / "out"), "--scale", scale)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    done = relief(tmp_path / "home", "build")
    assert done.returncode == 1
    assert done.stderr.startswith("relief: RELIEF_HOME")
    assert "Traceback" not in done.stderr


def test_status_of_an_empty_home_says_how_to_begin(tmp_path: Path) -> None:
    done = relief(tmp_path / "home", "status")
    assert done.returncode == 0
    assert "relief run" in done.stdout
    assert not (tmp_path / "home").exists()


def test_every_command_has_help() -> None:
    for command in (
        ["run"], ["synth"], ["land"], ["validate"], ["build"], ["publish"], ["status"], ["sql"], ["dashboard"],
        ["policy", "list"], ["policy", "add"], ["policy", "try"], ["export", "determinations"], ["rejects", "list"],
        ["rejects", "export"],
    ):  # fmt: skip
        done = relief(Path("unused"), *command, "--help")
        assert done.returncode == 0, command
        assert "Usage" in done.stdout


def test_policy_list_names_shipped_and_added(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    add_from_cmr_options(home, "county_options", CMR / "configurable/eligibility_options.json")
    listed = {policy.policy_id: policy for policy in list_policies(home)}
    assert listed["county_options"].is_added
    assert {"la_pilot_2019", "dismiss_all_prop64", "la_office_2020_no_conviction"} <= set(listed)


def options(tmp_path: Path, text: str) -> list[Rule]:
    file = tmp_path / "options.json"
    file.write_text(text)
    return rules_of(read_options(file))


def test_no_options_leave_two_rules(tmp_path: Path) -> None:
    assert [rule.rule_id for rule in options(tmp_path, "{}")] == ["not_a_felony", "otherwise"]


def test_sections_keep_the_order_of_the_list(tmp_path: Path) -> None:
    rules = options(tmp_path, '{"baselineEligibility": {"dismiss": ["11360", "11357"], "reduce": ["11359"]}}')
    assert [rule.reason for rule in rules[1:4]] == [
        "Dismiss all HS 11360 convictions",
        "Dismiss all HS 11357 convictions",
        "Reduce all HS 11359 convictions",
    ]


BAD_OPTIONS = {
    "not json": ("{", "line 1"),
    "a list": ("[]", "object"),
    "unknown section": ('{"baselineEligibility": {"dismiss": ["11361"]}}', "dismiss"),
    "age too low": ('{"additionalRelief": {"subjectAgeThreshold": 39}}', "40 to 65"),
    "age too high": ('{"additionalRelief": {"subjectAgeThreshold": 66}}', "40 to 65"),
    "age as text": ('{"additionalRelief": {"subjectAgeThreshold": "50"}}', "subjectAgeThreshold"),
    "years too many": ('{"additionalRelief": {"yearsCrimeFreeThreshold": 16}}', "1 to 15"),
    "years as true": ('{"additionalRelief": {"yearsSinceConvictionThreshold": true}}', "yearsSinceConvictionThreshold"),
    "flag as text": ('{"additionalRelief": {"subjectIsDeceased": "yes"}}', "subjectIsDeceased"),
    "unknown option": ('{"additionalRelief": {"subjectIsTall": true}}', "subjectIsTall"),
    "section in both": ('{"baselineEligibility": {"dismiss": ["11357"], "reduce": ["11357"]}}', "both"),
}


@pytest.mark.parametrize("name", list(BAD_OPTIONS))
def test_bad_options_say_what_and_where(name: str, tmp_path: Path) -> None:
    text, word = BAD_OPTIONS[name]
    with pytest.raises(ReliefError, match=r"options\.json") as raised:
        options(tmp_path, text)
    assert word in str(raised.value)


def test_options_from_a_device_or_too_deep_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="not an ordinary file"):
        read_options(Path("/dev/zero"))
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 100_000)
    with pytest.raises(ReliefError, match="nested too deeply"):
        read_options(deep)


def test_a_county_that_is_no_name_is_refused(tmp_path: Path) -> None:
    done = relief(tmp_path / "home", "build", "--county", "x'; drop table")
    assert done.returncode == 1
    assert "county" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_message_is_one_line_without_control_characters(tmp_path: Path) -> None:
    done = relief(tmp_path / "home", "land", "--source", "ca_doj", "no\nsuch\x1b[31m.csv")
    (line,) = done.stderr.splitlines()
    assert "\x1b" not in line


def test_an_export_never_replaces_a_device_or_lands_in_the_data_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for out in (Path("/dev/null"), home.path / "releases" / "x.csv"):
        with pytest.raises(ReliefError, match=r"ordinary file|data folder"):
            export_determinations(home, "la_pilot_2019", out)


def test_an_export_is_for_its_owner_and_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write_csv(out, ("a", "b"), [("=1+1", "\uff1d1"), ("plain", 3)])
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text(encoding="utf-8") == "a,b\n'=1+1,'\uff1d1\nplain,3\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
