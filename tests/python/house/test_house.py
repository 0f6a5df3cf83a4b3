"""The repository matches its own documents: folders, commands, descriptions, sources, locks and notices."""

import re
import shlex
import shutil
from pathlib import Path

import duckdb
import pytest

from relief.home import PROJECT_DIR, Home
from relief.landing.catalog import Delivery, ensure_raw
from relief.landing.layout import all_sources
from relief.policies.store import TABLES
from relief.sandbox import query
from scripts.write_decision_list import INDEX, records, with_table
from scripts.write_measure_columns import written as written_measures
from scripts.write_rule_tables import METHODOLOGY, with_tables
from tests.conftest import BUILT_FOR_ANSWERS
from tests.python.support.house import (
    code_passages,
    commands,
    documents,
    make_targets,
    name_of,
    raw_tables,
    readme_tree,
    seed_rows,
    text_files,
    tracked_files,
    yaml_entries,
)
from tests.python.support.release_files import write_release

# The brackets keep these patterns from matching this file.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:h[o]me|r[o]ot|U[s]ers|w[o]rk|w[o]rkspace)/|[A-Z]:\\\\?U[s]ers")
REGISTRIES = re.compile(r"p[y]pi\.org|python[h]osted|(?<!emit)-ind[e]x-url|npm[j]s\.org|/simpl[e]/")
LOCKS = ("requirements/main.txt", "requirements/dev.txt")


# Documents -----------------------------------------------------------------------------------------------------------
def test_the_readme_tree_is_the_tree() -> None:
    named = readme_tree()
    assert [folder for folder in named if not (PROJECT_DIR / folder).is_dir()] == []
    top = {f"{path.relative_to(PROJECT_DIR).parts[0]}/" for path in tracked_files() if path.parent != PROJECT_DIR}
    assert sorted(top - set(named)) == []


def test_the_table_of_tests_has_a_line_for_each_folder() -> None:
    """The table lists the folders of tests/ and, in place of tests/python/, the folders in it."""
    tests = PROJECT_DIR / "tests"
    listed = re.findall(r"(?m)^\| `([a-z0-9_/]+)/` \| [^|]+ \| [^|]+ \|$", (tests / "README.md").read_text("utf-8"))
    parts = {path.relative_to(tests).parts[:-1] for path in tracked_files() if path.is_relative_to(tests)}
    folders = {"/".join(part[: 2 if part[0] == "python" else 1]) for part in parts if part}
    assert sorted(listed) == sorted(folders - {"python"})


def test_no_test_lies_outside_the_folders_and_no_two_have_the_same_name() -> None:
    files = sorted((PROJECT_DIR / "tests/python").rglob("test_*.py"))
    assert [name_of(path) for path in files if len(path.relative_to(PROJECT_DIR / "tests/python").parts) != 2] == []
    assert len({path.name for path in files}) == len(files)
    assert sorted(name for name in BUILT_FOR_ANSWERS if PROJECT_DIR / "tests/python" / name not in files) == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#", target) and not (path.parent / target.partition("#")[0]).exists():
                broken.append(f"{name_of(path)}: {target}")
    assert broken == []


def test_every_decision_is_numbered_and_linked() -> None:
    files = sorted(path.name for path in (PROJECT_DIR / "docs/decisions").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    index = INDEX.read_text(encoding="utf-8")
    assert [name for name in files if f"({name})" not in index] == []


def test_every_decision_has_a_date_and_a_status_and_knows_what_changed_it() -> None:
    text = INDEX.read_text(encoding="utf-8")
    assert with_table(text) == text, "python scripts/write_decision_list.py"
    found = records()
    assert [record.name for record in found if int(record.name[:4]) != record.number] == []
    assert [record.date for record in found] == sorted(record.date for record in found)
    changes = {(record.number, old) for record in found for old in record.changes}
    assert changes == {(later, record.number) for record in found for later in record.changed_by}
    assert all(later > old for later, old in changes)


def test_commands_and_options_in_documents_exist() -> None:
    known = commands()
    wrong = []
    for passage in code_passages():
        for call in re.split(r"\||&&|;", passage.text):
            words = _words(call)
            if words[:1] == ["relief"] and len(words) > 1:
                wrong += [f"{passage.document}: {passage.text}: {word}" for word in _unknown(words[1:], known)]
    assert wrong == []


def test_sql_examples_in_documents_run_on_a_release(tmp_path: Path) -> None:
    names = write_release(tmp_path)
    research = Path(shutil.copy(tmp_path / "releases" / names["public"], tmp_path / "releases" / names["research"]))
    with duckdb.connect(str(research)) as connection:
        connection.execute("update release_info set kind = 'research'")
        connection.execute(
            "create table if not exists data_dictionary as "
            "select table_name, column_name, comment as description from duckdb_columns()"
        )
    calls = (_words(passage.text) for passage in code_passages() if passage.text.startswith("relief sql "))
    examples = {next(word for word in words[2:] if word.startswith("select ")) for words in calls}
    assert len(examples) > 5
    assert [sql for sql in sorted(examples) if not query(Home(tmp_path), sql).rows] == []


def _words(call: str) -> list[str]:
    try:
        words = shlex.split(call, comments=True)
    except ValueError:
        words = call.split()
    while words and re.fullmatch(r"[A-Z_]+=.*|\$", words[0]):
        words = words[1:]
    if words and words[0].endswith("bin/relief"):
        words[0] = "relief"
    return words


def _unknown(words: list[str], known: dict[str, set[str]]) -> list[str]:
    if words[0].startswith("-"):
        command, rest = "", words
    elif " ".join(words[:2]) in known:
        command, rest = " ".join(words[:2]), words[2:]
    else:
        command, rest = words[0], words[1:]
    if command not in known:
        return [command]
    options = {word.partition("=")[0] for word in rest if re.match(r"--[a-z]", word)}
    return sorted(options - known[command])


def test_make_targets_in_documents_exist() -> None:
    known = make_targets()
    named = {
        (passage.document, target)
        for passage in code_passages()
        for target in re.findall(r"^make ([a-z-]+)", passage.text)
    }
    assert sorted(item for item in named if item[1] not in known) == []
    assert {target for _, target in named} >= {"run", "test"}


def test_environment_variables_in_documents_are_read_somewhere() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in text_files()
        if path.suffix in {".py", ".yml", ".sql"} and "tests" not in path.parts
    )
    named = {
        name for path in documents() for name in re.findall(r"\bRELIEF_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if name not in code) == []


def test_the_methodology_lists_every_shipped_rule_with_its_source() -> None:
    pages = sorted(METHODOLOGY.glob("*.md"))
    assert len(pages) == 7
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert with_tables(text) == text, "python scripts/write_rule_tables.py"
    policies = [policy["policy_id"] for policy in seed_rows("policies/policies.csv")]
    assert [policy for policy in policies if f"`{policy}`" not in text] == []
    variants = {policy["policy_id"] for policy in seed_rows("policies/policies.csv") if policy["variant_of"]}
    assert [policy for policy in policies if policy not in variants and f"<!-- rules of {policy} -->" not in text] == []


def test_measures_have_the_columns_that_the_seed_names() -> None:
    for path, text in written_measures().items():
        assert path.read_text(encoding="utf-8") == text, "python scripts/write_measure_columns.py"


def test_every_shipped_rule_and_condition_cites_a_source() -> None:
    """Each citation names a section, a case or a published policy, and never an internal paper."""
    rules = seed_rows("policies/policy_rules.csv") + seed_rows("policies/policy_conditions.csv")
    cited = re.compile(r"H&S|PC [0-9]|People v[.]|Proposition 64|Clear My Record|Los Angeles District Attorney")
    assert [f"{rule['policy_id']} {rule['rule_id']}" for rule in rules if not cited.search(rule["citation"])] == []


def _is_of_a_variant(rule: dict[str, str]) -> bool:
    """Whether a variant shares this rule with its policy, which tests/singular/variants_*.sql check."""
    variants = {policy["policy_id"] for policy in seed_rows("policies/policies.csv") if policy["variant_of"]}
    return rule["policy_id"] in variants and rule["rule_id"] != "any_11357"


def test_the_notice_names_every_carried_over_file() -> None:
    notice = (PROJECT_DIR / "NOTICE").read_text(encoding="utf-8")
    folders = ("seeds/", "tests/fixtures/", "synthetic/data/", "benchmarks/")
    carried = [name_of(path) for path in tracked_files() if path.suffix in {".csv", ".json", ".gz"}]
    data = [name for name in carried if name.startswith(folders)]
    assert data
    assert [name for name in data if not _named(name, notice)] == []


def _named(name: str, notice: str) -> bool:
    """Whether the notice names the file by its path, or names one of its folders with a slash at the end."""
    folders = [f"{parent.as_posix()}/" for parent in Path(name).parents if len(parent.parts) > 1]
    return any(re.search(rf"(?m)^\s*{re.escape(candidate)}(\s|$)", notice) for candidate in (name, *folders))


# Files ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["machine_paths", "registries"])
def test_files_name_no_machine_and_no_registry(pattern: re.Pattern[str]) -> None:
    found = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{name_of(path)}:{number}")
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_exact_versions_with_hashes(name: str) -> None:
    text = (PROJECT_DIR / name).read_text(encoding="utf-8").replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(requirements) > 20
    assert [
        line.split()[0] for line in requirements if not re.match(r"[\w.\[\],-]+==\S+.*--hash=sha256:[0-9a-f]{64}", line)
    ] == []


def test_both_locks_agree() -> None:
    main, dev = (dict(re.findall(r"(?m)^([\w.-]+)\S*==(\S+)", (PROJECT_DIR / name).read_text())) for name in LOCKS)
    assert {name: (version, dev.get(name)) for name, version in main.items() if dev.get(name) != version} == {}


# dbt -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "folder", "suffixes"), [("models", "models", (".sql", ".py")), ("seeds", "seeds", (".csv",))]
)
def test_every_model_and_seed_says_its_grain(kind: str, folder: str, suffixes: tuple[str, ...]) -> None:
    described = yaml_entries(kind, folder)
    files = {
        path.stem for path in tracked_files() if name_of(path).startswith(f"{folder}/") and path.suffix in suffixes
    }
    assert sorted(files - described.keys()) == []
    assert sorted(described.keys() - files) == []
    without = [
        n for n, entry in described.items() if not entry.get("description", "").strip().startswith("One row per")
    ]
    assert without == []
    assert [name for name, entry in described.items() if "Key" not in entry["description"]] == []


def test_every_shipped_rule_has_a_unit_test_of_its_name() -> None:
    tests = yaml_entries("unit_tests", "tests/unit")
    rules = [
        f"{rule['policy_id']}__{rule['rule_id']}"
        for rule in seed_rows("policies/policy_rules.csv")
        if not _is_of_a_variant(rule)
    ]
    assert [rule for rule in rules if rule not in tests] == []


def test_dbt_declares_the_layouts_columns() -> None:
    declared = raw_tables()
    for source in all_sources():
        for table in source.tables:
            want = {"delivery_id": "varchar", "row_no": "bigint", **dict.fromkeys(table.columns, "varchar")}
            assert list(declared[table.name].items()) == list(want.items()), table.name


def test_dbt_declares_the_landing_tables_as_landing_makes_them(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        ensure_raw(connection, Home(tmp_path))
        for table, columns in TABLES.items():
            connection.execute(f"create table raw.{table} ({columns})")
        made: dict[str, dict[str, str]] = {}
        for table, column, data_type in connection.execute(
            "select table_name, column_name, lower(data_type) from information_schema.columns "
            "where table_schema = 'raw' order by table_name, ordinal_position"
        ).fetchall():
            made.setdefault(table, {})[column] = data_type
    assert made == raw_tables()
    assert {table: list(columns) for table, columns in made.items()} == {
        table: list(columns) for table, columns in raw_tables().items()
    }
    assert list(made["deliveries"]) == list(Delivery.__dataclass_fields__)


# Private names of other libraries, which may change with any version.
_PRIVATE = re.compile(r"\bManifestLoader\b|\bEventManager\b|\._ENV\b|\._db_api\b|\bsplink\.internals\b")


def test_private_names_of_libraries_stand_in_one_module_that_says_why() -> None:
    """Only `relief/private_apis.py` and `tests/private_apis.py` use private names; an import for a type is allowed."""
    wrong = [
        f"{path.relative_to(PROJECT_DIR)}: {line.strip()}"
        for folder in ("relief", "dashboards", "tools", "scripts", "benchmarks", "synthetic", "models", "tests")
        for path in sorted((PROJECT_DIR / folder).rglob("*.py"))
        if path.name not in {"private_apis.py", "test_house.py"}
        for line in path.read_text(encoding="utf-8").splitlines()
        if _PRIVATE.search(line) and "only for its type" not in line
    ]
    assert wrong == []
