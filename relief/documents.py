"""Documents that a person writes, in YAML or JSON: plain data, and a key that is given twice is refused with its line.

The readers of both formats take the last of two equal keys and say nothing, so a gate's `stop` or a threshold could be
lost. Layouts, linkage settings, expectations and the older tool's options are read here; a policy is read node by node
(`relief.policies.check`), because all that is wrong with it is said at once.

"""

import json
from typing import Any

import yaml

from relief.errors import ReliefError


def read_yaml(name: str, content: str | bytes, *, as_texts: bool = False, hint: str) -> Any:
    """Mappings, lists and values; with `as_texts` every scalar is its text: NO and 01 are what stands there.

    Raises ReliefError that names the document (`name`), the line, and what to do (`hint`).

    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return yaml.load(text, _Texts if as_texts else _Values)  # noqa: S506  (both make plain data only)
    except _Twice as error:
        raise ReliefError(f"{name}, line {error.line}: {error.key} stands there twice; take one out") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: no UTF-8, or a date that is none
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise ReliefError(f"{name} is no YAML file{where}; {hint}") from None


def read_json(name: str, text: str) -> Any:
    """The same for JSON. Raises ReliefError for a key given twice; json.JSONDecodeError and RecursionError are left."""
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except _Twice as error:
        raise ReliefError(f"{name}: {error.key} stands there twice in one object; take one out") from None


class _Twice(Exception):
    """A key that stands twice in one mapping."""

    def __init__(self, key: str, line: int = 0) -> None:
        super().__init__()
        self.key, self.line = key, line


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


class _KeysOnce:
    """Of a loader: refuses the second of two equal keys of one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise _Twice(key.value, key.start_mark.line + 1)
                seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[misc, no-any-return]


class _Texts(_KeysOnce, yaml.BaseLoader):
    """Every scalar is its text: no booleans, numbers or dates are made of words."""


class _Values(_KeysOnce, yaml.SafeLoader):
    """Booleans, numbers and dates as YAML has them."""
