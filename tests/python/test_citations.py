"""What the rules cite: published opinions only, each with year and reporter, and nothing that is only recalled."""

import re

from tests.python.house import seed_rows

SEEDS = (
    *(f"policies/{name}.csv" for name in ("policies", "policy_rules", "policy_conditions")),
    *(f"law/{name}.csv" for name in ("offense_list_entries", "relief_measures", "statutory_relief", "statutes")),
    *(f"law/{name}.csv" for name in ("redesignations", "presumptions", "legal_grounds", "legal_deadlines")),
    "law/record_destruction.csv",
)
# Cal. Rules of Court, rule 8.1115: an opinion that is not published must not be cited in a filing.
UNPUBLISHED = re.compile(r"Samra|Carmony|unpublished|\b[A-H]0\d{5}\b", re.IGNORECASE)
# A case is named with its year, its reporter and its first page: People v. Smit (2018) 24 Cal.App.5th 596.
CASE = re.compile(r"\b(?:People|[A-Z][a-z]+) v\. [A-Z][\w' ]*")
REPORTER = re.compile(r" \((?:19|20)\d\d\) \d+ (?:Cal\.App\.[345]th|Cal\.[345]th|Cal\.3d|Cal\.2d) \d+")


def cited(column: str) -> list[tuple[str, str]]:
    """Every (seed, text) of a column that names sources, in the seeds of the law and of the policies."""
    return [(seed, row[column]) for seed in SEEDS for row in seed_rows(seed) if row.get(column)]


def sources() -> list[tuple[str, str]]:
    return [*cited("citation"), *cited("source")]


def incomplete(text: str) -> list[str]:
    """The cases that a text names without year and reporter."""
    wrong = []
    for found in CASE.finditer(text):
        name = found[0].rstrip()
        if not REPORTER.match(text[found.start() + len(name) :]):
            wrong.append(name)
    return wrong


def test_no_unpublished_opinion_is_cited() -> None:
    assert [(seed, text) for seed, text in sources() if UNPUBLISHED.search(text)] == []


def test_every_case_has_its_year_and_reporter() -> None:
    assert [(seed, text) for seed, text in sources() if incomplete(text)] == []


def test_what_is_only_recalled_decides_nothing() -> None:
    """UNSOURCED may stand beside the dates of a statute, and where destruction cannot be told."""
    deciding = [seed for seed in SEEDS if seed not in ("law/statutes.csv", "law/record_destruction.csv")]
    assert [(seed, text) for seed, text in sources() if seed in deciding and "UNSOURCED" in text] == []


def test_an_incomplete_or_unpublished_citation_is_seen() -> None:
    assert incomplete("prior means before the charge [People v. Smit (2018)]") == ["People v. Smit"]
    assert incomplete("People v. Smit") == ["People v. Smit"]
    assert incomplete("Younger v. Superior Court (1978) 21 Cal.3d 102; People v. Smit (2018) 24 Cal.App.5th 596") == []
    assert UNPUBLISHED.search("People v. Carmony (2017, H043568)")
    assert not UNPUBLISHED.search("People v. Raybon (2021) 11 Cal.5th 1056")
