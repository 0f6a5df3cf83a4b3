"""SQL inside dbt's Jinja as tokens, and what stands around each: enough to change one of them and nothing else."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<comment>\{\#.*?\#\}|--[^\n]*)
    |(?P<statement>\{%.*?%\})
    |(?P<expression>\{\{.*?\}\})
    |(?P<text>'(?:\{\{.*?\}\}|[^']|'')*')
    |(?P<name>"[^"]*")
    |(?P<number>\b\d+(?:\.\d+)?\b)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<operator><>|<=|>=|\|\||[=<>|+\-*/%&])
    |(?P<mark>[(),.;:\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_LITERAL = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'')
# A text of Jinja's that is a piece of SQL: it compares, or chooses.
_IS_SQL = re.compile(r" (?:<>|[<>=]=?) |\b(?:case when|coalesce\(|is null|and|or|not)\b")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
_WHOLE_MACRO = re.compile(r"\{%-?\s*macro\s.*?%\}(.*?)\{%-?\s*endmacro", re.DOTALL)
_CTE = re.compile(r"(?:^|\n)(?:with )?([\w{} ]+?) as \(\n")


@dataclass(frozen=True)
class Token:
    """One token of a file; `start` and `end` are places in the whole text."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """As a keyword."""
        return self.text.lower()


def streams(text: str) -> list[list[Token]]:
    """The file's own SQL, and each piece of SQL in a text of its Jinja."""
    own: list[Token] = []
    inner: list[list[Token]] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind in {"statement", "expression"}:
            inner += _in_jinja(text, match.start(), match.end())
        if kind in {"comment", "statement"}:
            continue
        own.append(Token("operand" if kind == "expression" else kind, match[0], match.start(), match.end()))
    return [own, *inner]


def _in_jinja(text: str, start: int, end: int) -> list[list[Token]]:
    found = []
    for match in _LITERAL.finditer(text, start, end):
        group = 1 if match[1] is not None else 2
        if _IS_SQL.search(match[group]):
            found.append(
                [
                    Token(token.lastgroup or "", token[0], token.start(), token.end())
                    for token in _TOKEN.finditer(text, match.start(group), match.end(group))
                ]
            )
    return found


def regular_expressions(text: str) -> list[tuple[int, int]]:
    """Where a macro is a regular expression and nothing else: no comparison of SQL."""
    return [m.span() for m in _WHOLE_MACRO.finditer(text) if "[" in m[1] and "'" not in m[1]]


def place_of(text: str, position: int) -> str:
    """The CTE or the macro in which a position lies."""
    pattern = _MACRO if _MACRO.search(text) else _CTE
    found = "top"
    for match in pattern.finditer(text):
        if match.start() > position:
            break
        found = match[1].strip(" {}")
    return found


def line_of(text: str, position: int) -> str:
    """The line of a position, without the spaces around it."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return text[start : end if end >= 0 else len(text)].strip()


def closing(tokens: list[Token], opening: int) -> int:
    """The index of the parenthesis that closes the one at `opening`."""
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].text == "(":
            depth += 1
        elif tokens[index].text == ")":
            depth -= 1
            if depth == 0:
                return index
    return len(tokens) - 1


def opening(tokens: list[Token], closing_index: int) -> int:
    """The index of the parenthesis that the one at `closing_index` closes."""
    depth = 0
    for index in range(closing_index, -1, -1):
        if tokens[index].text == ")":
            depth += 1
        elif tokens[index].text == "(":
            depth -= 1
            if depth == 0:
                return index
    return 0
