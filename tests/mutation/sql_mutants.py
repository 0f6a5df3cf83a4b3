"""Small changes of SQL: comparisons, boundaries, days, and/or, not, NULL and its defaults, min/max, lists."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from tests.mutation.mutant import Mutant
from tests.mutation.sql_tokens import Token, closing, line_of, opening, place_of, regular_expressions, streams

Change = tuple[int, int, str]  # from, to, the text that comes there

# To the neighbour.
COMPARISONS = {"=": "<>", "<>": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
FUNCTIONS = {
    "min": "max",
    "max": "min",
    "bool_or": "bool_and",
    "bool_and": "bool_or",
    "least": "greatest",
    "greatest": "least",
}
_DATE = re.compile(r"'(\d{4}-\d\d-\d\d)'")
_COMPARING = {*COMPARISONS, "between"}


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Every mutant of one file."""
    seen: Counter[tuple[str, str, str, str]] = Counter()
    found = []
    patterns = regular_expressions(text)
    for tokens in streams(text):
        for start, end, new in _changes(tokens):
            if any(low <= start < high for low, high in patterns):
                continue
            place, line, was = place_of(text, start), line_of(text, start), _short(text[start:end])
            key = (place, line, was, _short(new))
            seen[key] += 1
            changed = text[:start] + new + text[end:]
            found.append(Mutant(_kind(path), path, place, line, was, _short(new), seen[key], text=changed))
    return found


def _kind(path: str) -> str:
    folder = path.rpartition("/")[0]
    return {"macros": "SQL of macros"}.get(folder, f"SQL of {folder.rpartition('/')[2]}")


def _short(text: str) -> str:
    return " ".join(text.split()) or "(nothing)"


def _changes(tokens: list[Token]) -> Iterator[Change]:
    betweens = _ands_of_between(tokens)
    for index, token in enumerate(tokens):
        before = tokens[index - 1].low if index else ""
        after = tokens[index + 1].low if index + 1 < len(tokens) else ""
        if token.kind == "operator":
            if token.text in COMPARISONS and not _is_key(tokens, index):
                yield token.start, token.end, COMPARISONS[token.text]
        elif token.kind == "number":
            yield from _number(token, before, index >= 2 and tokens[index - 2].low in _COMPARING)
        elif token.kind == "text" and (match := _DATE.fullmatch(token.text)):
            yield from _day(token, date.fromisoformat(match[1]))
        elif token.text == "(" and not (index and tokens[index - 1].kind in {"word", "operand", "name"}):
            yield from _shorter_list(tokens, index)
        elif token.kind == "word":
            if token.low in {"and", "or"} and index not in betweens:
                yield token.start, token.end, "or" if token.low == "and" else "and"
            yield from _word(tokens, index, before, after)


def _is_key(tokens: list[Token], index: int) -> bool:
    """`a.key = b.key`: how tables are joined is no rule of law."""
    sides = [tokens[place].text if 0 <= place < len(tokens) else "" for place in (index - 1, index + 3)]
    dots = [tokens[place].text if 0 <= place < len(tokens) else "" for place in (index - 2, index + 2)]
    return tokens[index].text == "=" and dots == [".", "."] and sides[0] == sides[1]


def _number(token: Token, before: str, is_second: bool) -> Iterator[Change]:
    """A boundary by one, both ways; what a case gives, or what stands for NULL, to the other of 0 and 1."""
    if before in COMPARISONS or (before == "and" and is_second):
        if token.text.isdigit():
            yield token.start, token.end, str(int(token.text) + 1)
            if int(token.text):
                yield token.start, token.end, str(int(token.text) - 1)
    elif float(token.text) in {0, 1} and before in {"then", "else", ","}:
        other = "0" if float(token.text) else "1"
        yield token.start, token.end, other + token.text[1:]


def _day(token: Token, day: date) -> Iterator[Change]:
    if day < date.max:
        yield token.start, token.end, f"'{day + timedelta(days=1)}'"
    if day > date.min:
        yield token.start, token.end, f"'{day - timedelta(days=1)}'"


def _word(tokens: list[Token], index: int, before: str, after: str) -> Iterator[Change]:
    token, low = tokens[index], tokens[index].low
    if low in {"true", "false"} or (low == "null" and before in {"then", "else"}):
        yield token.start, token.end, "true" if low == "false" else "false"
    elif low == "is" and after in {"null", "distinct"}:
        yield token.start, token.end, "is not"
    elif low == "not":
        yield token.start, tokens[index + 1].start, ""
    elif low == "in" and before != "not" and after == "(":
        yield token.start, token.end, "not in"
    elif low == "like" and before != "not":
        yield token.start, token.end, "not like"
    elif low in FUNCTIONS and after == "(":
        yield token.start, token.end, FUNCTIONS[low]
    elif low == "between":
        yield from _between(tokens, index)
    if after == "(":
        yield from {"coalesce": _without_default, "in": _shorter_list}.get(low, _nothing)(tokens, index + 1)


def _nothing(_tokens: list[Token], _start: int) -> Iterator[Change]:
    yield from ()


def _ands_of_between(tokens: list[Token]) -> set[int]:
    found = set()
    for index, token in enumerate(tokens):
        if token.low == "between":
            found.add(_and_of(tokens, index))
    return found


def _and_of(tokens: list[Token], index: int) -> int:
    depth = 0
    for place in range(index + 1, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[place].text, 0)
        if depth == 0 and tokens[place].low == "and":
            return place
    return index


def _between(tokens: list[Token], index: int) -> Iterator[Change]:
    """`x between a and b` without its first day, and without its last."""
    middle = _and_of(tokens, index)
    first = _operand_before(tokens, index - 1)
    last = _operand_after(tokens, middle + 1)
    what = _joined(tokens[first:index])
    low, high = _joined(tokens[index + 1 : middle]), _joined(tokens[middle + 1 : last + 1])
    start, end = tokens[first].start, tokens[last].end
    yield start, end, " ".join([what, ">", low, "and", what, "<=", high])
    yield start, end, " ".join([what, ">=", low, "and", what, "<", high])


def _joined(tokens: list[Token]) -> str:
    text = " ".join(token.text for token in tokens)
    return text.replace(" . ", ".").replace(" (", "(").replace("( ", "(").replace(" )", ")").replace(" ,", ",")


def _operand_before(tokens: list[Token], index: int) -> int:
    if tokens[index].text == ")":
        index = opening(tokens, index) - 1
    while index >= 2 and tokens[index - 1].text == ".":
        index -= 2
    return index


def _operand_after(tokens: list[Token], index: int) -> int:
    while index + 2 < len(tokens) and tokens[index + 1].text == ".":
        index += 2
    if index + 1 < len(tokens) and tokens[index + 1].text == "(":
        index = closing(tokens, index + 1)
    return index


def _without_default(tokens: list[Token], start: int) -> Iterator[Change]:
    """`coalesce(x, y)` as x alone: NULL stays NULL."""
    end, depth = closing(tokens, start), 0
    commas = []
    for index in range(start, end):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0)
        if depth == 1 and tokens[index].text == ",":
            commas.append(index)
    if commas:
        yield tokens[commas[-1]].start, tokens[end].start, ""


def _shorter_list(tokens: list[Token], start: int) -> Iterator[Change]:
    """A list without one of its texts."""
    inside = tokens[start + 1 : closing(tokens, start)]
    texts = [token for token in inside if token.kind == "text"]
    if len(texts) < 2 or any(token.kind not in {"text", "mark"} for token in inside):
        return
    for number, token in enumerate(texts):
        if number:
            yield texts[number - 1].end, token.end, ""
        else:
            yield token.start, texts[1].start, ""
