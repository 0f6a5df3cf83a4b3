"""Lint the project's SQL with sqlfluff: ``python -m tools.lint_sql [sqlfluff's own options and paths]``.

sqlfluff compiles every macro of the project anew for each file that it lints, which was a third of its time. This keeps
what Jinja compiled, and changes nothing else.
"""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

import jinja2
from sqlfluff.cli.commands import cli

PATHS = ["models", "tests/singular"]


def main() -> None:
    """Run ``sqlfluff lint`` over the models and the singular tests; exits as sqlfluff does.

    Arguments of the command line take the place of these paths.
    """
    _keep_what_is_compiled()
    cli(["lint", "--disable-progress-bar", *(sys.argv[1:] or PATHS)])


def _keep_what_is_compiled() -> None:
    """Let every Jinja environment of this process share its compiled templates: sqlfluff makes them all alike."""
    compiled: dict[tuple[Any, ...], CodeType] = {}
    compile_anew = jinja2.Environment.compile

    def compile_once(environment: jinja2.Environment, source: Any, *rest: Any, **options: Any) -> Any:
        key = (type(environment), source, rest, tuple(options.items()))
        if key not in compiled:
            compiled[key] = compile_anew(environment, source, *rest, **options)
        return compiled[key]

    jinja2.Environment.compile = compile_once  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    main()
