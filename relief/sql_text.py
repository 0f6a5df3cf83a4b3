"""Render the SQL of the project's models and macros without dbt, which takes seconds to import."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from relief.home import PROJECT_DIR

if TYPE_CHECKING:
    import jinja2

_WHOLE_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+).*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)


class _ReturnedError(Exception):
    """Raised to carry the value that a macro passes to dbt's `return`."""

    def __init__(self, value: object) -> None:
        self.value = value


def _return(value: object) -> None:
    raise _ReturnedError(value)


def macro_texts() -> dict[str, str]:
    """The texts of the macro files, by path."""
    paths = sorted((PROJECT_DIR / "macros").glob("*.sql"))
    return {path.relative_to(PROJECT_DIR).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def load_macros(environment: "jinja2.Environment", texts: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    """Return every macro by name, as a function from SQL to SQL, and add all macros to the environment's templates."""
    # Each macro gets a template of its own when it is first called. A macro finds other macros in the environment,
    # which handles dbt's `return`.
    whole = {match[1]: match[0] for text in texts.values() for match in _WHOLE_MACRO.finditer(text)}
    found: dict[str, Callable[..., Any]] = {}

    def late(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if name not in found:
                found[name] = getattr(environment.from_string(whole[name]).make_module({}), name)
            try:
                return found[name](*arguments, **named)
            except _ReturnedError as returned:
                return returned.value

        return call

    macros = {name: late(name) for name in whole}
    environment.globals.update({"return": _return, **macros})
    return macros


def sql_environment() -> "jinja2.Environment":
    """Return a Jinja environment with dbt's settings."""
    import jinja2  # noqa: PLC0415  (keeps `relief --help` fast)

    return jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701  (SQL is no page)


def model_text(name: str) -> str:
    """The SQL text of a model."""
    (path,) = (PROJECT_DIR / "models").rglob(f"{name}.sql")
    return path.read_text(encoding="utf-8")
