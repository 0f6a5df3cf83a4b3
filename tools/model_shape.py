"""Print counts that describe the models: ``python -m tools.model_shape [MANIFEST ...]``, one column per dbt manifest.

Without a manifest, the project is parsed. To see the effect of a change, give the manifest from before the change and
the manifest from after it.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

Node = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Return 2 if a manifest cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m tools.model_shape", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("manifest", nargs="*", type=Path, help="target/manifest.json of a dbt run")
    paths = parser.parse_args(arguments).manifest
    try:
        manifests = [json.loads(path.read_text(encoding="utf-8")) for path in paths] or [_parsed()]
        columns = [shape(manifest) for manifest in manifests]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"not a dbt manifest: {error}", file=sys.stderr)
        return 2
    for name in columns[0]:
        print(f"{name:<48}", *(f"{column[name]:>24}" for column in columns))
    return 0


def shape(manifest: Node) -> dict[str, str]:
    """Return the figures of one manifest: the numbers of models, levels, folders and lines, by title."""
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    parents = {key: [name for name in node["depends_on"]["nodes"] if name in models] for key, node in models.items()}

    @cache
    def level(key: str) -> int:
        return 1 + max((level(parent) for parent in parents[key]), default=0)

    arrows = {
        (_folder(models[parent]), _folder(models[key]))
        for key, names in parents.items()
        for parent in names
        if _folder(models[parent]) != _folder(models[key])
    }
    readers: dict[str, set[str]] = {key: set() for key in models}
    for key, names in parents.items():
        for parent in names:
            readers[parent].add(key)
    alone = [
        key
        for key, names in readers.items()
        if len(names) == 1
        and models[key]["name"].startswith("int_")
        and _key(models[key])
        and _key(models[key]) == _key(models[next(iter(names))])
    ]
    lines = {key: len(str(node["raw_code"]).splitlines()) for key, node in models.items()}
    longest = max(lines, key=lambda key: lines[key])
    return {
        "models": str(len(models)),
        "levels": str(max(map(level, models))),
        "folders": str(len({_folder(node) for node in models.values()})),
        "pairs of folders that read each other": str(
            sum(
                (second, first) in arrows
                for first, second in combinations(sorted({f for a in arrows for f in a}), 2)
                if (first, second) in arrows
            )
        ),
        "intermediate, one reader, the key of that reader": str(len(alone)),
        "longest model": str(models[longest]["name"]),
        "its lines": str(lines[longest]),
    }


def _folder(node: Node) -> str:
    """The folder of a model below models/; all subfolders of staging count as one folder."""
    folder = Path(node["original_file_path"]).parent.as_posix().removeprefix("models/")
    return "staging" if folder.startswith("staging") else folder


def _key(node: Node) -> str:
    """The key that the model's description names; empty if it names none."""
    behind = str(node["description"]).partition("Key: ")[2].split(".")[0].split("(")[0].strip()
    return "" if behind.startswith("none") else behind


def _parsed() -> Node:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  (seconds of imports)

    done = dbtRunner().invoke(["--quiet", "parse", "--profiles-dir", "profiles"])
    if not done.success:
        raise ValueError("dbt cannot parse the project")
    manifest: Node = done.result.writable_manifest().to_dict(omit_none=False)  # type: ignore[union-attr]
    return manifest


if __name__ == "__main__":
    sys.exit(main())
