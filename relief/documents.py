"""Read documents that people write, in YAML or JSON, as plain data with the line of each part.

The libraries for both formats silently take the last of two equal keys, so a gate's `stop` or a threshold could be
lost. Here a key that is given twice is refused. A model checks each kind of document (`relief.document_model`).

"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from relief.errors import ReliefError

# How a word such as NO, 01 or null is read: as YAML's value, as the word itself, or as the word with null as "".
Scalars = Literal["values", "texts", "texts_or_empty"]
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+|\n')


@dataclass(frozen=True)
class Problem:
    """A mistake at a line of a document, and what to do."""

    line: int
    text: str
    is_missing: bool = False  # whether the mistake is that a key is missing


@dataclass(frozen=True)
class Document:
    """A document as it was read. `twice` lists the keys that are given twice."""

    name: str
    data: Any
    twice: tuple[Problem, ...]
    _node: yaml.Node | None = field(repr=False)

    def line(self, place: Sequence[str | int]) -> int:
        """The line of a key or entry, found by the keys and numbers that lead to it, or the nearest existing line."""
        node = self._node
        line = _line(node) if node else 1
        for part in place:
            if isinstance(node, yaml.MappingNode):
                pairs = [pair for pair in node.value if pair[0].value == str(part)]
                if not pairs:
                    break
                line, node = _line(pairs[-1][0]), pairs[-1][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = _line(node)
            else:
                break
        return line


class NoDocumentError(ReliefError):
    """A text that is not valid in its format, with the reason and, where it is known, the line."""

    def __init__(self, message: str, line: int | None, why: str) -> None:
        """Take the message, the line and the reason."""
        super().__init__(message)
        self.line, self.why = line, why


def read_document(name: str, content: str | bytes, *, scalars: Scalars = "values", hint: str) -> Document:
    """Read a YAML document. Raises NoDocumentError with the document's name, the line, and what to do (`hint`)."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        loader = _LOADERS[scalars](text)
        try:
            node = loader.get_single_node()
            twice = tuple(sorted(_given_twice(node), key=lambda problem: problem.line)) if node else ()
            data = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except RecursionError:
        raise NoDocumentError(f"{name} is not a YAML file; {hint}", None, "nested too deeply") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line, why = _where(error, content)
        raise NoDocumentError(f"{name} is not a YAML file (line {line}); {hint}", line, why) from None
    return Document(name, data, twice, node)


def read_yaml(name: str, content: str | bytes, *, as_texts: bool = False, hint: str) -> Any:
    """Read the mappings, lists and values of a YAML document; with `as_texts` every scalar is its text.

    Raises ReliefError with the document's name, the line, and what to do (`hint`).

    """
    document = read_document(name, content, scalars="texts" if as_texts else "values", hint=hint)
    refuse_twice(document)
    return document.data


def read_json(name: str, text: str) -> Document:
    """Read a JSON document. json.JSONDecodeError and RecursionError are passed on."""
    data = json.loads(text)
    node = _json_node(text)
    return Document(name, data, tuple(sorted(_given_twice(node), key=lambda problem: problem.line)), node)


def refuse_twice(document: Document) -> None:
    """Raise ReliefError for the first key that is given twice."""
    for problem in document.twice:
        raise refusal(document, problem)


def refusal(document: Document, problem: Problem) -> ReliefError:
    """Return the error in one line: the document, the line and the mistake."""
    return ReliefError(f"{document.name}, line {problem.line}: {problem.text}")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _where(error: yaml.YAMLError | UnicodeDecodeError, content: str | bytes) -> tuple[int, str]:
    """The line at which reading stopped, and the reason."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[: error.start].count(b"\n") + 1, "not UTF-8"
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return (int(mark.line) + 1 if mark else 1), str(error.problem or error.context)
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    before = text[: getattr(error, "position", 0) or 0]
    return before.count("\n") + 1, "it contains a character that no text may have"


def _given_twice(node: yaml.Node) -> Iterator[Problem]:
    """Yield the second of two equal keys of a mapping, anywhere in the document."""
    open_nodes, seen = [node], set()
    while open_nodes:
        node = open_nodes.pop()
        if id(node) in seen:  # an alias of YAML
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            open_nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                open_nodes += (key, value)
                if isinstance(key, yaml.ScalarNode) and key.value in keys:
                    yield Problem(_line(key), f"{key.value} is there twice; take one out")
                if isinstance(key, yaml.ScalarNode):
                    keys.add(key.value)


def _json_node(text: str) -> yaml.Node:
    """Build YAML nodes with their lines from a valid JSON text."""
    tokens = _json_tokens(text)

    def node(first: str, mark: yaml.Mark) -> yaml.Node:
        if first == "{":
            pairs = []
            for key, key_mark in tokens:
                if key == "}":
                    break
                if key != ",":
                    next(tokens)  # the colon
                    pairs.append((yaml.ScalarNode("", json.loads(key), key_mark), node(*next(tokens))))
            return yaml.MappingNode("", pairs, mark)
        if first == "[":
            entries = []
            for entry, entry_mark in tokens:
                if entry == "]":
                    break
                if entry != ",":
                    entries.append(node(entry, entry_mark))
            return yaml.SequenceNode("", entries, mark)
        return yaml.ScalarNode("", first, mark)

    return node(*next(tokens))


def _json_tokens(text: str) -> Iterator[tuple[str, yaml.Mark]]:
    line = 0
    for found in _JSON_TOKEN.finditer(text):
        if found[0] == "\n":
            line += 1
        else:
            yield found[0], yaml.Mark("", found.start(), line, 0, None, 0)


class _Values(yaml.SafeLoader):
    """Reads booleans, numbers and dates as YAML does."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Report the line of a word that looks like a value but is not one, such as 2001-02-30."""
        try:
            return super().construct_object(node, deep)  # type: ignore[no-untyped-call]
        except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None


class _Texts(yaml.BaseLoader):
    """Reads every scalar as its text, and makes no booleans, numbers or dates."""


class _TextsOrEmpty(yaml.BaseLoader):
    """Reads every scalar as its text, and null as an empty text."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:  # type: ignore[override]
        """Return the text of a scalar."""
        return "" if node.tag == _NULL else super().construct_scalar(node)  # type: ignore[no-untyped-call]


_NULL = "tag:yaml.org,2002:null"
_TextsOrEmpty.add_implicit_resolver(_NULL, re.compile(r"(~|null|Null|NULL|)$"), ["~", "n", "N", ""])  # type: ignore[no-untyped-call]
_LOADERS: dict[Scalars, Callable[[str], Any]] = {
    "values": _Values,
    "texts": _Texts,
    "texts_or_empty": _TextsOrEmpty,
}
