"""Write docs/explanations.md: the output of `relief explain` for five SYNTHETIC people.

Run it as `python scripts/write_explanations.py`. A test checks that the page agrees with the output of the command.
"""

import tempfile
from datetime import date
from pathlib import Path

from relief.building.build import build
from relief.explain import explain
from relief.home import Home, open_warehouse
from relief.landing import land

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/explanations.md"
PEOPLE = ROOT / "tests/fixtures/worked_examples/SYNTHETIC_people.csv"
AS_OF, COUNTY, POLICY = date(2019, 7, 1), "LOS ANGELES", "statutory_11361_8"
# Title and deciding rule. The page explains the first conviction, in row order, that this rule decides.
KINDS = (
    ("Dismissal and sealing", "cultivation_lawful_today"),
    ("Redesignation", "possession_for_sale"),
    ("Not eligible", "prior_super_strike"),
    ("Still serving the sentence", "serving_sentence"),
    ("Cannot be told from the record", ""),
)
HEAD = f"""# Five explanations, one per kind of answer

SYNTHETIC: every person and record here is invented. Each answer is what `relief explain` prints of a conviction of
`{PEOPLE.relative_to(ROOT)}`,
landed as of {AS_OF} and built for {COUNTY}, under `{POLICY}`. The number behind the colon is the
number of the record in that file, the header not counted. A reader with the law and that file reaches the same answer
without the heading.

`python scripts/write_explanations.py` writes this page, and a test compares it with the command. The rules, in order,
are in the [methodology](methodology/statute.md); people adjudicated by hand are in the
[worked examples](worked-examples.md).
"""


def page(home: Home) -> str:
    """Return the page. The data folder must contain the five people, landed and built."""
    parts = [HEAD]
    for title, rule_id in KINDS:
        lines: list[str] = []
        key = _conviction(home, rule_id)
        explain(home, key, [POLICY], with_identifiers=False, report=lines.append)
        text = "\n".join(lines)
        parts.append(f"## {title}\n```\n$ relief explain {key} --policy {POLICY}\n{text}\n```\n")
    return "\n".join(parts)


def _conviction(home: Home, rule_id: str) -> str:
    with open_warehouse(home, read_only=True) as connection:
        row = connection.execute(
            "select delivery_id || ':' || row_no from marts.fct_relief_determinations "
            "where policy_id = ? and deciding_rule_id = ? and (? <> '' or cannot_tell <> '') order by row_no limit 1",
            [POLICY, rule_id, rule_id],
        ).fetchone()
    if row is None:
        raise LookupError(f"no conviction of the people is decided by {rule_id or 'no rule'}")
    return str(row[0])


def _quiet(_line: str) -> None:
    """Discard the progress messages."""


def main() -> None:
    """Land and build the five people in a new data folder, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        land(home, "ca_doj", [PEOPLE], AS_OF, None, _quiet)
        build(home, target="duckdb", county=COUNTY, evaluated_as_of=AS_OF, report=_quiet)
        PAGE.write_text(page(home), encoding="utf-8")


if __name__ == "__main__":
    main()
