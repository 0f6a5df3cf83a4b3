"""Each folder of models reads only folders above it in the order, and only staging reads landed data.

The order is the one in docs/architecture.md. A folder that is missing there is refused.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from relief.home import PROJECT_DIR
from tests.direct_build import _manifest

FOLDERS = (
    "staging",
    "intermediate/charges",
    "intermediate/dispositions",
    "intermediate/criminal_history",
    "intermediate/court",
    "intermediate/judgments",
    "intermediate/convictions",
    "intermediate/linkage",
    "intermediate/identity",
    "intermediate/offenses",
    "intermediate/orders",
    "intermediate/prosecution",
    "intermediate/statute",
    "intermediate/published_rules",
    "intermediate/older_tool/interpretations",
    "intermediate/policies",
    "intermediate/review",
    "intermediate/filing",
    "intermediate/lifecycle",
    "intermediate/changes",
    "intermediate/older_tool/comparison",
    "marts/core",
    "marts/reporting",
    "quality",
    "marts/reporting/verdict",
)
PREFIXES = {
    "staging": "stg",
    "marts/core": ("dim_", "fct_"),
    "marts/reporting": "rpt_",
    "quality": "audit_",
    "marts/reporting/verdict": "rpt_",
}


def _folder(node: dict[str, Any]) -> str:
    """The model's folder below models/; all sources of staging count as one folder."""
    path = Path(node["original_file_path"]).parent.relative_to("models").as_posix()
    return "staging" if path.startswith("staging") else path


@pytest.fixture(scope="module")
def models() -> dict[str, dict[str, Any]]:
    return {key: node for key, node in _manifest()["nodes"].items() if node["resource_type"] == "model"}


def _against_the_order(models: dict[str, dict[str, Any]]) -> list[str]:
    """One line for each model that reads a folder further down in the order."""
    return [
        f"{node['name']} ({_folder(node)}) reads {models[parent]['name']} of {_folder(models[parent])}, "
        "which stands below it: move one of them, or move what both need up"
        for node in models.values()
        for parent in node["depends_on"]["nodes"]
        if parent in models and FOLDERS.index(_folder(models[parent])) > FOLDERS.index(_folder(node))
    ]


def test_every_folder_has_its_place(models: dict[str, dict[str, Any]]) -> None:
    assert {_folder(node) for node in models.values()} == set(FOLDERS)


def test_a_folder_reads_only_folders_above_it(models: dict[str, dict[str, Any]]) -> None:
    assert _against_the_order(models) == []


def test_a_model_that_reads_below_is_named(models: dict[str, dict[str, Any]]) -> None:
    charges = models["model.relief.int_charges__words"]
    turned = models | {"x": charges | {"depends_on": {"nodes": ["model.relief.fct_convictions"]}}}
    (line,) = _against_the_order(turned)
    assert line.startswith("int_charges__words (intermediate/charges) reads fct_convictions of marts/core")


def test_staging_alone_reads_sources(models: dict[str, dict[str, Any]]) -> None:
    others = [node for node in models.values() if _folder(node) != "staging"]
    assert [node["name"] for node in others if any(p.startswith("source.") for p in node["depends_on"]["nodes"])] == []


def test_others_may_read_marts_and_quality_alone(models: dict[str, dict[str, Any]]) -> None:
    """An intermediate model is private, so that it can change freely, unless the exposure of a command reads it."""
    exposed = {key for node in _manifest()["exposures"].values() for key in node["depends_on"]["nodes"]}
    wrong = []
    for key, node in models.items():
        folder = _folder(node)
        if folder.startswith("intermediate/"):
            access = "protected" if key in exposed else "private"
        else:
            access = "protected" if folder == "staging" else "public"
        if node["access"] != access:
            wrong.append(f"{node['name']} is {node['access']} and should be {access}")
    assert wrong == []


def test_each_model_has_an_owner(models: dict[str, dict[str, Any]]) -> None:
    groups = {group["name"]: group["owner"]["email"] for group in _manifest()["groups"].values()}
    assert [node["name"] for node in models.values() if not groups.get(node["group"])] == []


def test_a_name_begins_with_its_folder(models: dict[str, dict[str, Any]]) -> None:
    for node in models.values():
        folder = _folder(node)
        prefix = PREFIXES.get(folder, f"int_{folder.rsplit('/', 1)[-1]}__")
        assert node["name"].startswith(prefix), f"{node['name']} stands in {folder}: its name begins with {prefix}"


def test_the_page_of_the_architecture_names_the_same_order() -> None:
    text = (PROJECT_DIR / "docs/architecture.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- order of the folders -->\n(```\n.*?```\n)", text, re.DOTALL)
    assert block, "docs/architecture.md has no order of the folders"
    assert re.findall(r"^(\w\S+)", block[1], re.MULTILINE) == list(FOLDERS)
    assert block[1] in (PROJECT_DIR / "models/docs/overview.md").read_text(encoding="utf-8")


# Models that are read from outside ------------------------------------------------------------------------------------
_READ = re.compile(r"\b(?:staging|intermediate|marts|reporting|quality)\.((?:stg|int|dim|fct|rpt|audit)_\w+)")


def test_every_model_that_a_command_reads_is_declared_by_an_exposure() -> None:
    """The exposure makes `dbt ls --select +exposure:NAME` list what a command needs, so that nobody merges it away."""
    declared = {
        key.rsplit(".", 1)[1] for node in _manifest()["exposures"].values() for key in node["depends_on"]["nodes"]
    }
    for path in sorted((PROJECT_DIR / "relief").rglob("*.py")):
        read = set(_READ.findall(path.read_text(encoding="utf-8")))
        assert read <= declared, f"{path.relative_to(PROJECT_DIR)} reads {sorted(read - declared)}: name the exposure"
