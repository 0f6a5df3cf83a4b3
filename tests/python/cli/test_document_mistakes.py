"""Every kind of mistake in every kind of document is reported in one line with the file and the line number."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relief.document_model import Part
from relief.errors import ReliefError
from relief.landing.layout import load_source
from relief.landing.layout_files import with_layouts
from relief.linkage.settings import Settings, load_settings
from relief.policies.check import read_policy
from relief.policies.cmr_options import Options, read_options
from relief.policies.life import check_policy
from relief.validation.plausible import plausibilities
from relief.validation.suites import load_suite
from tests.python.support.command import relief

SOURCE = """\
source: mine
title: A court
tables:
  cases:
    file_patterns: ["*cases*"]
    header: required
    synthetic_label: {column: label, value: SYNTHETIC}
    columns:
      label: LABEL
      number: NO
"""
LAYOUT = """\
source: la_court
county: Kern County
tables:
  la_court_cases:
    columns:
      case_number: CASE NO
      defendant_name: NAME
      birth_date: DOB
      sex: GENDER
values:
  la_court_cases: {sex: {MALE: M}}
case_numbers:
  shapes: [AA999999]
  defendant_suffix: none
"""
SETTINGS = """\
title: small
key: id
match_probability: 0.01
comparisons:
  - name: born
    unknown: born_l is null or born_r is null
    levels:
      - {name: same, when: born_l = born_r, m: 0.9, u: 0.01}
      - {name: differs, m: 0.1, u: 0.99}
candidates:
  - {when: l.born = r.born}
thresholds:
  link: 0.9
  review: 0.1
"""
POLICY = """\
policy: mine
title: Mine
version: '1'
offense_scope: prop_64
evaluates_sources: [ca_doj]
published_as: A page
source: A page
rules:
  - rule: not_a_felony
    conditions:
      - measure: is_felony
        operator: '='
        threshold: 0
    determination: Eligible for Dismissal
    reason: No felony
    citation: A page
    legal_ground: office policy
  - rule: otherwise
    determination: Hand Review
    reason: Something else
    citation: A page
"""
GATE = """\
opens_when:
  table_exists: raw.t
  otherwise: land first
checks:
  - name: A
    description: b
    severity: stop
    because: c
    unit: rows
    table: raw.t
    expectation: expect_column_to_exist
    kwargs: {column: a}
"""
MEASURES = """\
table: ca_doj
called: DOJ file
rows_from: 200
measures:
  - measure: a
    title: A
    is: b
    stop: [0.5, null]
    because: c
"""
OPTIONS = """\
{
  "baselineEligibility": {
    "dismiss": ["11357"],
    "reduce": ["11359"]
  },
  "additionalRelief": {
    "subjectAgeThreshold": 50,
    "subjectIsDeceased": true
  }
}
"""


def written(folder: Path, text: str, name: str = "mine.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read_source(folder: Path, text: str) -> object:
    written(folder, text)
    return load_source("mine", folder)


def read_layout(folder: Path, text: str) -> object:
    written(folder, text)
    return with_layouts(load_source("la_court"), [folder])


def read_gate(folder: Path, text: str) -> object:
    written(folder, text)
    return load_suite("mine", folder)


def read_measures(folder: Path, text: str) -> object:
    written(folder, text)
    return plausibilities(folder)


KINDS: dict[str, tuple[str, Callable[[Path, str], object]]] = {
    "source": (SOURCE, read_source),
    "layout": (LAYOUT, read_layout),
    "settings": (SETTINGS, lambda folder, text: load_settings(written(folder, text))),
    "policy": (POLICY, lambda folder, text: check_policy(written(folder, text))),
    "gate": (GATE, read_gate),
    "measures": (MEASURES, read_measures),
    "options": (OPTIONS, lambda folder, text: read_options(written(folder, text, "mine.json"))),
}
# For each kind of document: the text to replace, its replacement, and the line and the words of the message.
MISTAKES: dict[str, dict[str, tuple[str, str, int, str]]] = {
    "source": {
        "a key given twice": ("title: A court\n", "title: A\ntitle: B\n", 3, "title is there twice; take one out"),
        "an unknown key": ("    header:", "    heading: x\n    header:", 6, "heading is not known; a table has"),
        "a missing key": ("title: A court\n", "", 1, "title is missing; add it"),
        "a wrong type": ('["*cases*"]', "cases", 5, "file_patterns is a list of names"),
        "a value of no list": ("header: required", "header: maybe", 6, "header is 'required' or 'optional'"),
        "a name of nothing": ("label: LABEL", "label:", 9, "label has no name in the file"),
        "a column of no table": ("{column: label,", "{column: x,", 7, "synthetic_label names x, which the table does"),
    },
    "layout": {
        "a key given twice": ("{MALE: M}", "{MALE: M, MALE: F}", 11, "MALE is there twice; take one out"),
        "an unknown key": ("    columns:\n", "    colour: x\n    columns:\n", 5, "colour is not known; a table of a"),
        "a missing key": ("county: Kern County\n", "", 1, "county is missing; add it"),
        "a wrong type": ("sex: GENDER", "sex: [GENDER]", 9, "sex has no name in the file"),
        "a value of no list": ("suffix: none", "suffix: some", 14, "defendant_suffix is hyphen_2_or_3_digits or none"),
        "a wrong table": ("la_court_cases:\n", "cases:\n", 4, "cases is not a table of the source; its tables are la_"),
        "a wrong shape": ("[AA999999]", "\n    - AA999999\n    - BA1", 15, "'BA1' is not a shape"),
    },
    "settings": {
        "a key given twice": ("  link: 0.9\n", "  link: 0.9\n  link: 0.8\n", 14, "link is there twice; take"),
        "an unknown key": ("m: 0.1,", "weight: 0.1,", 9, "weight is not known; a level has name, when, m, u"),
        "a missing key": ("    unknown: born_l is null or born_r is null\n", "", 5, "unknown is missing; add it"),
        "a wrong type": ("m: 0.1,", "m: much,", 9, "m is a number between 0 and 1"),
        "a value of no list": ("title: small\n", "files: 3\n", 1, "files is 1 or 2"),
        "lists that are none": ("{when: l.born = r.born}", "{when: l.a = r.a, lists: 3}", 11, "lists is a list of"),
        "thresholds upside down": ("review: 0.1", "review: 0.95", 12, "thresholds go keep <= review <= link"),
    },
    "policy": {
        "a key given twice": ("title: Mine\n", "title: A\ntitle: B\n", 3, "title is there twice; take one out"),
        "an unknown key": ("    reason: No felony\n", "    why: x\n    reason: x\n", 15, "why is not known; a rule"),
        "a missing key": ("    citation: A page\n    legal", "    legal", 9, "citation is missing; add it"),
        "a wrong type": ("[ca_doj]", "ca_doj", 5, "evaluates_sources is not a list; begin each entry with a dash"),
        "a value of no list": ("'='", "like", 12, "operator 'like' is none of: =, <, <=, >, >="),
    },
    "gate": {
        "a key given twice": ("severity: stop\n", "severity: stop\n    severity: warn\n", 8, "severity is there"),
        "an unknown key": ("unit: rows", "units: rows", 9, "units is not known; a check has name, description"),
        "a missing key": ("    because: c\n", "", 5, "because is missing; add it"),
        "a wrong type": ("{column: a}", "[a]", 12, "kwargs is a mapping of names to values"),
        "a word that is a value": ("name: A", "name: NO", 5, "name is not a text; write one, in quotes where YAML"),
        "a value of no list": ("severity: stop", "severity: panic", 7, "severity is 'stop' or 'warn'"),
    },
    "measures": {
        "a key given twice": ("is: b\n", "is: b\n    is: c\n", 8, "is is there twice; take one out"),
        "an unknown key": ("rows_from: 200\n", "rows_from: 200\nrows_to: 9\n", 4, "rows_to is not known; a file of"),
        "a missing key": ("table: ca_doj\n", "", 1, "table is missing; add it"),
        "a wrong type": ("[0.5, null]", "0.5", 8, "stop is a band: its lower and its upper end"),
        "a value of no list": ("stop: [", "halt: [", 8, "halt is not known; a measure has measure, title, because"),
        "no band": ("    stop: [0.5, null]\n", "", 5, "measure 'a' has no band; write one of stop, warn"),
        "a number of rows that is none": ("rows_from: 200", "rows_from: few", 3, "rows_from is a whole number of rows"),
    },
    "options": {
        "a key given twice": (
            '"subjectIsDeceased": true',
            '"subjectAgeThreshold": 0',
            8,
            "subjectAgeThreshold is there twice",
        ),
        "an unknown key": ("subjectIsDeceased", "subjectIsTall", 8, "subjectIsTall is not known; additionalRelief has"),
        "a wrong type": ("true", '"yes"', 8, "subjectIsDeceased must be true or false"),
        "a value of no list": ('"11359"', '"11361"', 4, "reduce must be a list of sections out of 11357, 11358"),
        "a number out of range": ("50", "39", 7, "subjectAgeThreshold must be 0 (off) or a whole number from 40 to 65"),
        "a section in both": ('"11359"', '"11357"', 4, "section 11357 is in both dismiss and reduce"),
    },
}  # fmt: skip
ALL = [(kind, mistake) for kind, mistakes in MISTAKES.items() for mistake in mistakes]


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_without_a_mistake_is_read(kind: str, tmp_path: Path) -> None:
    text, read = KINDS[kind]
    assert read(tmp_path, text)


@pytest.mark.parametrize(("kind", "mistake"), ALL)
def test_a_mistake_is_one_line_with_its_file_and_its_line(kind: str, mistake: str, tmp_path: Path) -> None:
    text, read = KINDS[kind]
    before, after, line, words = MISTAKES[kind][mistake]
    assert before in text
    with pytest.raises(ReliefError) as refused:
        read(tmp_path, text.replace(before, after, 1))
    said = str(refused.value)
    assert refused.value.exit_code
    assert "\n" not in said
    name = "mine.json" if kind == "options" else "mine.yml"
    where = f"{name}:{line}: " if kind == "policy" else f"{name}, line {line}: "
    assert where + words in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ["", "7", "- a", "a: [", "a: 1\n  b: 2", "\0", "[" * 5000, "a: &a [*a]", "a: !!bool x"]
)
def test_what_is_no_document_is_refused(kind: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ReliefError) as refused:
        KINDS[kind][1](tmp_path, text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_one_wrong_value_anywhere_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    """A wrong value after a colon or a dash is read or refused with our own error, which always names a line."""
    text, read = KINDS[kind]
    values = ["", "null", "1", "[]", "{}", "[1]", "{1: 2}", "[null]", '"\\ud800"', "'x'", "2001-02-30", "yes", ".nan"]
    lines = text.splitlines()
    for number, line in enumerate(lines):
        key, separator, _ = line.partition(": ")
        for value in values if separator else []:
            changed = [*lines[:number], f"{key}: {value}", *lines[number + 1 :]]
            try:
                read(tmp_path, "\n".join(changed))
            except ReliefError as error:
                assert "line" in str(error) or f"{tmp_path}/mine.yml:" in str(error)


def test_a_missing_key_is_said_after_one_that_may_be_it(tmp_path: Path) -> None:
    with pytest.raises(ReliefError, match="line 8: becuase is not known"):
        read_gate(tmp_path, GATE.replace("because:", "becuase:"))


def test_a_policy_says_all_that_is_wrong_at_once(tmp_path: Path) -> None:
    text = POLICY.replace("title: Mine\n", "").replace("'='", "like").replace("Hand Review", "Maybe") + "colour: red\n"
    _, problems = read_policy(written(tmp_path, text))
    assert [(problem.line, problem.text.split(" ")[0]) for problem in problems] == [
        (1, "title"),
        (11, "operator"),
        (18, "determination"),
        (21, "colour"),
    ]
    # The order of the rules is checked too, although one of them is wrong.
    text = POLICY.replace("'='", "like") + POLICY[POLICY.index("  - rule: otherwise") :].replace("otherwise", "more")
    _, problems = read_policy(written(tmp_path, text))
    assert [(problem.line, problem.text[:34]) for problem in problems] == [
        (12, "operator 'like' is none of: =, <, "),
        (18, "rule otherwise has no conditions, "),
    ]


@pytest.mark.parametrize(("model", "value"), [(Settings, "small.yml"), (Options, "mine.json")])
def test_what_was_read_does_not_change(model: type[Part], value: str, tmp_path: Path) -> None:
    read: Any = load_settings(written(tmp_path, SETTINGS)) if model is Settings else Options()
    field = next(iter(model.model_fields))
    with pytest.raises(ValueError, match="frozen"):
        setattr(read, field, value)


COMMANDS = {
    "layout": ("land", "--source", "la_court", "cases.csv"),
    "settings": ("link", "mine.yml", "cases.csv", "--out", "pairs.csv"),
    "policy": ("policy", "check", "mine.yml"),
    "options": ("policy", "add", "mine", "--cmr-options", "mine.json"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_refuses_it_without_a_traceback(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home/sources").mkdir(parents=True)
    written(tmp_path, "a,b\n1,2\n", "cases.csv")
    before, after, line, words = MISTAKES[kind]["an unknown key"]
    folder = tmp_path / "home/sources" if kind == "layout" else tmp_path
    written(folder, KINDS[kind][0].replace(before, after), "mine.json" if kind == "options" else "mine.yml")
    done = relief(tmp_path / "home", *COMMANDS[kind])
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert words in done.stderr.splitlines()[-1]
    assert f"line {line}: " in done.stderr or f"mine.yml:{line}: " in done.stderr
