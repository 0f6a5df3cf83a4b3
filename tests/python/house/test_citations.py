"""The sources that rules cite: published opinions only, each with year and reporter, and nothing cited from memory."""

import re

from relief.home import PROJECT_DIR
from tests.python.support.house import name_of, seed_rows, text_files

SEEDS = (
    *(f"policies/{name}.csv" for name in ("policies", "policy_rules", "policy_conditions")),
    *(f"law/{name}.csv" for name in ("offense_list_entries", "relief_measures", "statutory_relief", "statutes")),
    *(f"law/{name}.csv" for name in ("redesignations", "presumptions", "legal_grounds", "legal_deadlines")),
    "law/record_destruction.csv",
)
# Cal. Rules of Court, rule 8.1115: a filing must not cite an unpublished opinion.
UNPUBLISHED = re.compile(r"Samra|Carmony|unpublished|\b[A-H]0\d{5}\b", re.IGNORECASE)
# A citation of a case has its year, its reporter and its first page: People v. Smit (2018) 24 Cal.App.5th 596.
CASE = re.compile(r"\b(?:People|[A-Z][a-z]+) v\. [A-Z][\w' ]*")
REPORTER = re.compile(r" \((?:19|20)\d\d\) \d+ (?:Cal\.App\.[345]th|Cal\.[345]th|Cal\.3d|Cal\.2d) \d+")
# Working papers that were never part of the repository, so a reader cannot open them.
PAPERS = re.compile(
    r"\b(?:relief_policies|doj_research_file|process_and_reporting|(?:law|design|style)\.md|the brief)\b"
)
PAGE = re.compile(r"(?<![\w/.-])(?:docs|seeds)/[\w/.-]+\.(?:md|csv)\b")
# A text may cite a section of a page like this: docs/methodology/records.md, Which offense.
SECTION = re.compile(r"(docs/[\w/.-]+\.md), ([A-Z][a-z]+(?: [a-z]+)+)")


def cited(column: str) -> list[tuple[str, str]]:
    """Every (seed, text) of a column that names sources, from the seeds of the law and of the policies."""
    return [(seed, row[column]) for seed in SEEDS for row in seed_rows(seed) if row.get(column)]


def sources() -> list[tuple[str, str]]:
    return [*cited("citation"), *cited("source")]


def incomplete(text: str) -> list[str]:
    """Cases that a text names without year and reporter."""
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
    """UNSOURCED is allowed only for the dates of statutes, and for the destruction of records where it is unknown."""
    deciding = [seed for seed in SEEDS if seed not in ("law/statutes.csv", "law/record_destruction.csv")]
    assert [(seed, text) for seed, text in sources() if seed in deciding and "UNSOURCED" in text] == []


def test_an_incomplete_or_unpublished_citation_is_seen() -> None:
    assert incomplete("prior means before the charge [People v. Smit (2018)]") == ["People v. Smit"]
    assert incomplete("People v. Smit") == ["People v. Smit"]
    assert incomplete("Younger v. Superior Court (1978) 21 Cal.3d 102; People v. Smit (2018) 24 Cal.App.5th 596") == []
    assert UNPUBLISHED.search("People v. Carmony (2017, H043568)")
    assert not UNPUBLISHED.search("People v. Raybon (2021) 11 Cal.5th 1056")


def unreachable(text: str) -> list[str]:
    """Citations that a reader cannot open: papers outside the repository, and pages that it does not have."""
    papers = [found[0] for found in PAPERS.finditer(text)]
    return [*papers, *(page for page in PAGE.findall(text) if not (PROJECT_DIR / page).exists())]


def lost_section(text: str) -> list[str]:
    """Cited sections for which the cited page has no heading."""
    wrong = []
    for page, section in SECTION.findall(text):
        document = PROJECT_DIR / page
        headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE) if document.exists() else []
        if not any(section.startswith(heading) for heading in headings):
            wrong.append(f"{page}, {section}")
    return wrong


def test_every_citation_can_be_opened_by_a_reader() -> None:
    """Every citation is a statute, a case, a published rule, an address, or a page of this repository."""
    own = "tests/python/house/test_citations.py"
    texts = [(name_of(path), path.read_text(errors="replace")) for path in text_files() if name_of(path) != own]
    assert [(name, wrong) for name, text in texts if (wrong := [*unreachable(text), *lost_section(text)])] == []


def test_a_citation_that_nobody_can_open_is_seen() -> None:
    assert unreachable("Source - relief_policies P1 rule 1; law.md, forms") == ["relief_policies", "law.md"]
    assert unreachable("Source - docs/none.md; docs/methodology/records.md; seeds/law/none.csv") == [
        "docs/none.md",
        "seeds/law/none.csv",
    ]
    assert lost_section("docs/methodology/records.md, Which offense, look_alike") == []
    assert lost_section("docs/methodology/records.md, Which colour") == ["docs/methodology/records.md, Which colour"]


def test_every_announcement_has_its_address() -> None:
    told = [(seed, text) for seed, text in sources() if "announced" in text]
    assert told
    assert [(seed, text) for seed, text in told if "https://" not in text] == []


def test_every_published_figure_has_an_address() -> None:
    """Published figures, such as 66,000, are in seeds/reference/published_figures.csv, each with its address."""
    rows = seed_rows("reference/published_figures.csv")
    assert [row["figure_id"] for row in rows if not row["source_url"].startswith("http")] == []
