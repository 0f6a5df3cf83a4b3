"""Lint the project's SQL with sqruff: ``python -m tools.lint_sql [sqruff's own options and paths]``.

Sqruff is written in Rust, but it renders Jinja in this process, with the Python that comes with it. Two things of that
rendering are changed here, and nothing else:

- Sqruff would compile every macro of the project anew for each file, which takes longer than everything else. This tool
  keeps the compiled templates of Jinja.
- Sqruff would require the lines between ``{% for %}`` and ``{% endfor %}`` to be indented. Our models indent them like
  the SQL that they become, and sqruff 0.44 has no setting for this, so the tags are passed to it as comments.
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
    """Run ``sqruff lint`` over the models and the singular tests, with sqruff's exit code.

    Arguments of the command line replace these paths.
    """
    _keep_what_is_compiled()
    _let_tags_indent_nothing()
    sys.exit(run_cli(["lint", *(sys.argv[1:] or PATHS)]))


def _keep_what_is_compiled() -> None:
    """Let every Jinja environment of this process share its compiled templates: sqruff makes them all alike."""
    compiled: dict[tuple[Any, ...], CodeType] = {}
    compile_anew = jinja2.Environment.compile

    def compile_once(environment: jinja2.Environment, source: Any, *rest: Any, **options: Any) -> Any:
        key = (type(environment), source, rest, tuple(options.items()))
        if key not in compiled:
            compiled[key] = compile_anew(environment, source, *rest, **options)
        return compiled[key]

    jinja2.Environment.compile = compile_once  # type: ignore[method-assign, assignment]


def _let_tags_indent_nothing() -> None:
    """Let sqruff take the tags of Jinja for comments, in what its own function says of each rendered text."""
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
