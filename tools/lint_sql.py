"""Lint the project's SQL with sqruff: ``python -m tools.lint_sql [sqruff's own options and paths]``.

Sqruff is written in Rust, but it renders Jinja with Python in the same process. This tool changes two things in the
rendering:

- Sqruff would compile every macro of the project again for each file, which takes most of the time. This tool keeps
  the compiled Jinja templates.
- Sqruff would require the lines between ``{% for %}`` and ``{% endfor %}`` to be indented. Our models indent these
  lines as in the final SQL. Sqruff 0.44 has no setting for this, so this tool presents the tags to sqruff as comments.
"""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

import jinja2
from sqruff import run_cli
from sqruff.templaters import jinja_templater

PATHS = ["models", "tests/singular"]


def main() -> None:
    """Run ``sqruff lint`` on the models and the singular tests, or with the arguments of the command line.

    The exit code is that of sqruff.
    """
    _keep_what_is_compiled()
    _let_tags_indent_nothing()
    sys.exit(run_cli(["lint", *(sys.argv[1:] or PATHS)]))


def _keep_what_is_compiled() -> None:
    """Let all Jinja environments of this process share compiled templates, because sqruff makes them all alike."""
    compiled: dict[tuple[Any, ...], CodeType] = {}
    compile_anew = jinja2.Environment.compile

    def compile_once(environment: jinja2.Environment, source: Any, *rest: Any, **options: Any) -> Any:
        key = (type(environment), source, rest, tuple(options.items()))
        if key not in compiled:
            compiled[key] = compile_anew(environment, source, *rest, **options)
        return compiled[key]

    jinja2.Environment.compile = compile_once  # type: ignore[method-assign, assignment]


def _let_tags_indent_nothing() -> None:
    """Make sqruff treat Jinja tags as comments, so that they do not change the required indent."""
    render = jinja_templater.process_variants_from_rust

    def render_without_blocks(*arguments: Any) -> list[Any]:
        rendered: list[Any] = render(*arguments)
        for variant in rendered:
            variant.sliced_file = [_without_block(part) for part in variant.sliced_file]
            variant.raw_sliced = [_without_block(part) for part in variant.raw_sliced]
        return rendered

    jinja_templater.process_variants_from_rust = render_without_blocks


def _without_block(part: Any) -> Any:
    return part._replace(slice_type="comment") if part.slice_type.startswith("block_") else part


if __name__ == "__main__":
    main()
