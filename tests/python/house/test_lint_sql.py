"""`python -m tools.lint_sql` finds faults in a model's own SQL and in the SQL that Jinja makes of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from relief.home import PROJECT_DIR

# Correct SQL with everything that a linter may take for a fault: loops, our macros, clauses of two words.
CLEAN = """\
-- Comments say why.
with source as (

    select * from {{ ref('stg_landing__deliveries') }}

),

{% for level in ['felony', 'misdemeanor'] %}
{{ level }}_rows as (

    select
        source.source,
        source.delivery_id,
        {{ plain_number('source.records') }} as records,
        {% for year in [2020, 2021] %}
        case
            when source.records > 0 then {{ year }}
        end as year_{{ year }}{{ ',' if not loop.last }}
        {% endfor %}
    from source

),

{% endfor %}

final as (

    select felony_rows.*
    from felony_rows
    inner join misdemeanor_rows on felony_rows.delivery_id = misdemeanor_rows.delivery_id
    where
        felony_rows.records is not null
        and misdemeanor_rows.records is not null

)

select * from final
"""

# Text of the clean model, its replacement, and the rule that this breaks; `????` marks text that is not SQL.
FAULTS = {
    "keyword_in_upper_case": ("    from source\n", "    FROM source\n", "CP01"),
    "name_in_another_case": ("source.delivery_id,\n", "SOURCE.delivery_id,\n", "CP02"),
    "function_in_upper_case": ("source.records > 0", "Abs(source.records) > 0", "CP03"),
    "null_in_upper_case": ("felony_rows.records is not null", "felony_rows.records is not NULL", "CP0[14]"),
    "indentation_missing": ("    inner join", "inner join", "LT02"),
    "indentation_missing_in_a_loop": ("        source.delivery_id", "     source.delivery_id", "LT02"),
    "indentation_missing_in_a_loop_in_a_loop": ("            when", "        when", "LT02"),
    "line_too_long": ("is not null\n        and", "is not null -- " + "long " * 20 + "\n        and", "LT05"),
    "comma_trailing": ("select felony_rows.*\n", "select felony_rows.delivery_id,\n", "CV03"),
    "comma_leading": ("source.source,\n        source", "source.source\n        , source", "LT04"),
    "alias_unused": ("    from source\n", "    from source as unused\n", "AL05"),
    "alias_without_as": ("as records,", "records,", "AL02"),
    "cte_unused": ("final as (", "unused as (\n\n    select * from source\n\n),\n\nfinal as (", "ST03"),
    "join_of_no_kind": ("inner join", "join", "AM05"),
    "space_missing": ("records > 0", "records>0", "LT01"),
    "space_missing_in_jinja": ("{{ year }}\n", "{{year}}\n", "JJ01"),
    "space_at_the_end": ("    from source\n", "    from source   \n", "LT01"),
    "null_compared": ("felony_rows.records is not null", "felony_rows.records <> null", "CV05"),
    "no_newline_at_the_end": ("select * from final\n", "select * from final", "LT12"),
    "no_sql": ("select * from final", "select * from ((final", "[?]{4}"),
}


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, str]]:
    """The exit code of one run for all files, and the messages about each file."""
    folder = tmp_path_factory.mktemp("linted")
    (folder / "clean.sql").write_text(CLEAN, encoding="utf-8")
    long = CLEAN.replace("-- Comments say why.\n", "-- Comments say why.\n" * 2000)
    (folder / "fault_in_a_long_file.sql").write_text(long.replace("from source", "FROM source"), encoding="utf-8")
    for name, (clean, faulty, _) in FAULTS.items():
        assert clean in CLEAN, name
        (folder / f"{name}.sql").write_text(CLEAN.replace(clean, faulty), encoding="utf-8")
    done = _lint("--config", str(PROJECT_DIR / ".sqruff"), str(folder))
    parts = re.split(r"^== \[.*?(\w+)\.sql\] \w+$", done.stdout + done.stderr, flags=re.MULTILINE)
    return done.returncode, dict(zip(parts[1::2], parts[2::2], strict=True))


def _lint(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.lint_sql", *arguments]
    return subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(linted: tuple[int, dict[str, str]], fault: str) -> None:
    code, found = linted
    assert code == 1
    assert re.search(rf"\| +({FAULTS[fault][2]}) \|", found.get(fault, "")), found.get(fault)


def test_a_file_of_our_style_has_no_fault(linted: tuple[int, dict[str, str]]) -> None:
    assert "clean" not in linted[1], linted[1]["clean"]


def test_a_long_file_is_read_too(linted: tuple[int, dict[str, str]]) -> None:
    assert "CP01" in linted[1]["fault_in_a_long_file"]


@pytest.mark.parametrize("model", ["select {{ no_macro_of_ours('x') }}\n", "{% for x in [1] %}\nselect 1\n"])
def test_what_cannot_be_rendered_fails(tmp_path: Path, model: str) -> None:
    (tmp_path / "model.sql").write_text(model, encoding="utf-8")
    assert _lint("--config", str(PROJECT_DIR / ".sqruff"), str(tmp_path)).returncode != 0
