"""The YAML of a layout file, read as nothing but text: a word `NO` or a number `01` is what stands there."""

import stat
from pathlib import Path
from typing import Any

import yaml

from relief.errors import ReliefError

MAX_BYTES = 1 << 20  # hundreds of times what a layout has


def layout_content(path: Path) -> bytes | None:
    """What a file holds, up to one byte more than a layout may have; None where it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a named pipe would be waited for
            return None
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError:
        return None


def read_layout(name: str, content: bytes | None) -> Any:
    """Mappings, lists and texts. Raises ReliefError that names the file and the line."""
    if content is None:
        raise ReliefError(f"{name} cannot be read; make it a file that you may read, or take it out of sources")
    if len(content) > MAX_BYTES:
        raise ReliefError(f"{name} is larger than any layout; take it out of the folder sources")
    try:
        return yaml.load(content.decode("utf-8-sig"), _Texts)  # noqa: S506  (it makes texts, lists and mappings only)
    except _Twice as error:
        raise ReliefError(f"{name}, line {error.line}: {error.key} stands there twice; take one out") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise ReliefError(f"{name} is no YAML file{where}; compare it with the example in docs/runbook.md") from None


class _Twice(Exception):
    """A key that stands twice in one mapping: YAML's readers take the last and say nothing."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__()
        self.key, self.line = key, line


class _Texts(yaml.BaseLoader):
    """Every scalar is its text: no booleans, numbers or dates are made of words."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise _Twice(key.value, key.start_mark.line + 1)
                seen.add(key.value)
        return super().construct_mapping(node, deep)
