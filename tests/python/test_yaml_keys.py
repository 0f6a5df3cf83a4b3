"""No YAML file of the project gives a key twice: YAML takes the last one and says nothing, so a test would be lost."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from relief.home import PROJECT_DIR

FOLDERS = ("models", "seeds", "snapshots", "expectations", "sources", "linkage")
FILES = sorted(
    path.relative_to(PROJECT_DIR).as_posix() for folder in FOLDERS for path in PROJECT_DIR.glob(f"{folder}/**/*.yml")
)


def keys_given_twice(node: yaml.Node | None) -> Iterator[str]:
    """Each key that stands twice in one mapping, with its line."""
    children: list[Any] = []
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        for number, (key, value) in enumerate(node.value):
            if key.value in names[:number]:
                yield f"line {key.start_mark.line + 1}: {key.value}"
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    for child in children:
        yield from keys_given_twice(child)


@pytest.mark.parametrize("path", FILES)
def test_no_key_is_given_twice(path: str) -> None:
    text = (PROJECT_DIR / path).read_text(encoding="utf-8")
    assert list(keys_given_twice(yaml.compose(text, Loader=yaml.SafeLoader))) == []


def test_a_key_given_twice_is_found() -> None:
    assert list(keys_given_twice(yaml.compose("a: {b: 1}\nc: [{d: 1, d: 2}]", Loader=yaml.SafeLoader))) == ["line 2: d"]
