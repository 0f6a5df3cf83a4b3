"""A key given twice in a document is refused with its file and line, in every kind of document.

The readers of YAML and JSON silently take the last of two equal keys, so a test, a gate or a limit would be lost.
"""

from pathlib import Path

import pytest

from relief.documents import read_json, read_yaml
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.landing import layout as source_layouts
from relief.landing.layout_text import read_layout
from relief.linkage.settings import PEOPLE, load_settings
from relief.policies.check import read_text
from relief.policies.cmr_options import read_options
from relief.validation.suites import load_suite

FOLDERS = (
    "models",
    "tests/unit",
    "tests/singular",
    "seeds",
    "snapshots",
    "expectations",
    "sources",
    "linkage",
    "benchmarks",
)
FILES = sorted(
    path.relative_to(PROJECT_DIR).as_posix() for folder in FOLDERS for path in PROJECT_DIR.glob(f"{folder}/**/*.yml")
)


@pytest.mark.parametrize("path", FILES)
def test_no_key_of_the_project_is_given_twice(path: str) -> None:
    read_yaml(path, (PROJECT_DIR / path).read_bytes(), as_texts=True, hint="")


@pytest.mark.parametrize("as_texts", [True, False])
def test_a_key_given_twice_is_refused_with_its_line(*, as_texts: bool) -> None:
    with pytest.raises(ReliefError, match=r"^mine, line 3: d is there twice; take one out$"):
        read_yaml("mine", "a: {b: 1}\nc: [{d: 1,\n d: 2}]", as_texts=as_texts, hint="")


def test_what_is_no_yaml_is_one_line_with_what_to_do() -> None:
    with pytest.raises(ReliefError, match=r"^mine is not a YAML file \(line 2\); look there$"):
        read_yaml("mine", "a: [\n", hint="look there")
    for content in (b"a: 1\nb: \xff", "a: 1\nb: 2020-13-45", "a: 1\nb: !!bool x", "a: 1\nb: \0"):
        with pytest.raises(ReliefError, match=r"^mine is not a YAML file \(line 2\); look there$"):
            read_yaml("mine", content, hint="look there")
    with pytest.raises(ReliefError, match=r"^mine is not a YAML file; look there$"):
        read_yaml("mine", "[" * 5000, hint="look there")


def test_texts_stay_texts_and_values_become_values() -> None:
    assert read_yaml("mine", "a: NO\nb: 01\n", as_texts=True, hint="") == {"a": "NO", "b": "01"}
    assert read_yaml("mine", "a: NO\nb: 1.5\n", hint="") == {"a": False, "b": 1.5}


def test_a_key_given_twice_in_expectations(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("opens_when: {table_exists: raw.t, otherwise: land}\nchecks: []\nchecks: []\n")
    with pytest.raises(ReliefError, match=r"expectations/mine.yml, line 3: checks is there twice"):
        load_suite("mine", tmp_path)


def test_a_key_given_twice_in_a_source_and_in_a_layout(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("source: mine\ntitle: a\ntitle: b\n")
    with pytest.raises(ReliefError, match=r"sources/mine.yml, line 3: title is there twice"):
        source_layouts.load_source("mine", tmp_path)
    with pytest.raises(ReliefError, match=r"mine.yml, line 2: county is there twice"):
        read_layout("mine.yml", b"county: KERN\ncounty: NAPA\n")


def test_a_key_given_twice_in_weights_of_linkage(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(PEOPLE.read_text(encoding="utf-8") + "\ntitle: again\n", encoding="utf-8")
    with pytest.raises(ReliefError, match=r"mine.yml, line \d+: title is there twice"):
        load_settings(file)


def test_a_key_given_twice_in_a_policy() -> None:
    _, problems = read_text("policy: mine\ntitle: a\ntitle: b\n")
    assert [problem.line for problem in problems if "title is there twice" in problem.text] == [3]


def test_a_key_given_twice_in_options_of_the_older_tool(tmp_path: Path) -> None:
    file = tmp_path / "options.json"
    file.write_text('{"baselineEligibility": {},\n"baselineEligibility": {}}')
    with pytest.raises(ReliefError, match=r"options.json, line 2: baselineEligibility is there twice"):
        read_options(file)
    assert read_json("mine", '{"a": [{"b": 1}, {"b": 2}]}').data == {"a": [{"b": 1}, {"b": 2}]}
