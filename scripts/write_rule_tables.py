"""Write the tables of rules and measures in docs/methodology/ from the seeds: `python scripts/write_rule_tables.py`.

Each table is between `<!-- rules of POLICY -->` (or `<!-- measures -->`) and `<!-- end -->`. A test checks that the
tables agree with the seeds.
"""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
METHODOLOGY = ROOT / "docs/methodology"
MARKED = re.compile(r"(<!-- (rules of (?P<policy>\w+)|measures) -->\n).*?(<!-- end -->)", re.DOTALL)
_PRESUMED = {"presume_met": "presumed met", "presume_not_met": "presumed not met"}


def with_tables(text: str) -> str:
    """Return the page with each marked table made anew from the seeds."""
    return MARKED.sub(lambda found: f"{found[1]}{_table(found['policy'])}{found[4]}", text)


def _table(policy_id: str | None) -> str:
    return _rules(policy_id) if policy_id else _measures()


def _rules(policy_id: str) -> str:
    conditions: dict[str, list[dict[str, str]]] = {}
    for row in _seed("policies/policy_conditions.csv"):
        if row["policy_id"] == policy_id:
            conditions.setdefault(row["rule_id"], []).append(row)
    lines = [
        "| step | rule | determination | reason | condition | an unknown makes | source | legal ground |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rule in _seed("policies/policy_rules.csv"):
        if rule["policy_id"] == policy_id:
            asked = conditions.get(rule["rule_id"], [])
            written = [f"`{row['measure']}` {row['operator']} {row['threshold']}" for row in asked]
            cells = (
                rule["step"],
                f"`{rule['rule_id']}`",
                rule["determination"],
                rule["reason"],
                " and ".join(written) or "always met",
                _unknown(asked),
                rule["citation"],
                rule["legal_ground"] or "-",
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _unknown(asked: list[dict[str, str]]) -> str:
    """Return how the rule treats a missing fact. For a presumption, add its source up to the first colon."""
    if not asked:
        return "-"
    presumed = [row for row in asked if row["if_unknown"] in _PRESUMED]
    words = [
        f"`{row['measure']}` {_PRESUMED[row['if_unknown']]} [{row['citation'].partition(':')[0]}]" for row in presumed
    ]
    return "; ".join((["the rule unknown"] if len(presumed) < len(asked) else []) + words)


def _measures() -> str:
    lines = ["| measure | unit | what | source |", "|---|---|---|---|"]
    lines += [
        f"| `{row['measure']}` | {row['unit']} | {row['title']}. {row['description']}. | {row['source']} |"
        for row in _seed("law/relief_measures.csv")
    ]
    return "\n".join(lines) + "\n"


def _seed(name: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    for page in sorted(METHODOLOGY.glob("*.md")):
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
