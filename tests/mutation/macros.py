"""The project's macros as functions: called with SQL, they give SQL."""

import re
from collections.abc import Callable
from typing import Any

import jinja2

from relief.home import PROJECT_DIR

_WHOLE_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+).*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)


class _ReturnedError(Exception):
    """What a macro hands back through dbt's `return`."""

    def __init__(self, value: object) -> None:
        self.value = value


def _return(value: object) -> None:
    raise _ReturnedError(value)


def macro_texts() -> dict[str, str]:
    """The files of macros, by path."""
    paths = sorted((PROJECT_DIR / "macros").glob("*.sql"))
    return {path.relative_to(PROJECT_DIR).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def load_macros(environment: jinja2.Environment, texts: dict[str, str]) -> dict[str, Callable[..., Any]]:
    """Every macro by name; the environment's templates find them too."""
    found: dict[str, Callable[..., Any]] = {}

    def late(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return found[name](*arguments, **named)
            except _ReturnedError as returned:
                return returned.value

        return call

    # Each in a template of its own: one that calls another finds it here, where `return` is understood.
    whole = {match[1]: match[0] for text in texts.values() for match in _WHOLE_MACRO.finditer(text)}
    environment.globals.update({"return": _return, **{name: late(name) for name in whole}})
    for name, text in whole.items():
        found[name] = getattr(environment.from_string(text).make_module({}), name)
    return {name: late(name) for name in whole}


def sql_environment() -> jinja2.Environment:
    """Jinja as dbt has it."""
    return jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701  (SQL is no page)
