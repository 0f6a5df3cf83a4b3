"""tools/model_shape.py counts correctly on a manifest of four models."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.model_shape import main, shape


def _model(name: str, folder: str, key: str, reads: list[str], lines: int = 1) -> dict[str, Any]:
    return {
        "name": name,
        "resource_type": "model",
        "original_file_path": f"models/{folder}/{name}.sql",
        "description": f"One row per thing. Key: {key}. Nuance: none.",
        "depends_on": {"nodes": [f"model.relief.{parent}" for parent in reads]},
        "raw_code": "\n".join(["select 1"] * lines),
    }


@pytest.fixture
def manifest() -> dict[str, Any]:
    models = [
        _model("stg_a", "staging/a", "a", []),
        _model("int_b__x", "intermediate/b", "a", ["stg_a"]),
        _model("int_c__y", "intermediate/c", "a", ["int_b__x"], lines=3),
        _model("int_b__z", "intermediate/b", "z", ["int_c__y", "stg_a"]),
    ]
    return {"nodes": {f"model.relief.{node['name']}": node for node in models} | {"seed": {"resource_type": "seed"}}}


def test_the_shape_of_four_models(manifest: dict[str, Any]) -> None:
    assert shape(manifest) == {
        "models": "4",
        "levels": "4",
        "folders": "3",
        "pairs of folders that read each other": "1",
        "intermediate, one reader, the key of that reader": "1",
        "longest model": "int_c__y",
        "its lines": "3",
    }


def test_two_manifests_stand_side_by_side(
    manifest: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    assert main([str(path), str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["models", "4", "4"]


@pytest.mark.parametrize("text", ["", "{}", "[]"])
def test_what_is_no_manifest_is_one_line(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    assert main([str(path)]) == 2
    assert capsys.readouterr().err.startswith("not a dbt manifest: ")
