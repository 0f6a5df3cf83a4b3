"""All columns of staging, marts, quality and seeds are described, and four in five of the intermediate models."""

import re
from collections import defaultdict
from typing import Any

import pytest

from relief.home import Home, open_warehouse
from tests.direct_build import _manifest

SHARES = {"staging": 100, "marts": 100, "quality": 100, "seeds": 100, "intermediate": 80}
"""The least share of described columns, in percent, of each layer."""


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, Any]]:
    """Models and seeds of the manifest, by schema and name."""
    nodes = _manifest()["nodes"].values()
    return {f"{node['schema']}.{node['name']}": node for node in nodes if node["resource_type"] in {"model", "seed"}}


@pytest.fixture(scope="module")
def columns(ran: tuple[Home, list[str]]) -> dict[str, list[str]]:
    """Columns of the tables in a built warehouse, whether or not YAML describes them."""
    found = defaultdict(list)
    with open_warehouse(ran[0], read_only=True) as connection:
        for table, column in connection.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
        ).fetchall():
            found[table].append(column)
    return found


def _layer(node: dict[str, Any]) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["original_file_path"].split("/")[1])


def _undescribed(table: str, node: dict[str, Any], columns: dict[str, list[str]]) -> list[str]:
    described = {name for name, column in node["columns"].items() if column["description"].strip()}
    return [f"{node['name']}.{column}" for column in columns[table] if column not in described]


def _too_few(tables: dict[str, dict[str, Any]], columns: dict[str, list[str]]) -> list[str]:
    """One line for each layer below its required share, with the columns that have no description."""
    lines = []
    for layer, share in SHARES.items():
        of_layer = {table: node for table, node in tables.items() if _layer(node) == layer}
        total = sum(len(columns[table]) for table in of_layer)
        missing = [name for table, node in of_layer.items() for name in _undescribed(table, node, columns)]
        if 100 * len(missing) > (100 - share) * total:
            lines.append(
                f"{layer}: {total - len(missing)} of {total} columns are described, at least {share}% must be. "
                f"Add a description (models/docs/ has those that several models share) to {', '.join(missing)}"
            )
    return lines


def test_columns_are_described(tables: dict[str, dict[str, Any]], columns: dict[str, list[str]]) -> None:
    assert _too_few(tables, columns) == []


def test_every_table_is_in_the_warehouse(tables: dict[str, dict[str, Any]], columns: dict[str, list[str]]) -> None:
    assert [table for table in tables if not columns.get(table)] == []


def test_described_columns_exist(tables: dict[str, dict[str, Any]], columns: dict[str, list[str]]) -> None:
    gone = [
        f"{node['name']}.{name}"
        for table, node in tables.items()
        for name in set(node["columns"]) - set(columns[table])
    ]
    assert gone == []


def test_a_column_without_a_description_is_named(
    tables: dict[str, dict[str, Any]], columns: dict[str, list[str]]
) -> None:
    table = next(key for key, node in tables.items() if node["name"] == "dim_policies")
    (line,) = _too_few(tables, columns | {table: [*columns[table], "new_column"]})
    assert line.startswith("marts: ")
    assert line.endswith("to dim_policies.new_column")


def test_each_table_is_asked_for_its_key(tables: dict[str, dict[str, Any]]) -> None:
    """Every stored table has a test of its key, unless its description says that the key is none or all columns."""
    asked = {
        node["attached_node"]
        for node in _manifest()["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") in {"primary_key", "unique_combination"}
    }
    wrong = [
        f"{node['name']}: add primary_key (or unique_combination, where a column may be empty) beside its description"
        for node in tables.values()
        if node["config"]["materialized"] in {"table", "incremental", "seed"}
        and node["unique_id"] not in asked
        and not re.search(r"Key: (none|all columns)", node["description"])
    ]
    assert wrong == []
