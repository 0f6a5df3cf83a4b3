"""The tables that only the research release contains, and the dimensions of each."""

from dataclasses import dataclass

from relief.publishing.exported import Exported

RESEARCH_ONLY = ("research",)
DETAILS = "rpt_research_dismissals"
IN_REVIEW = "rpt_research_in_review"
STAGE_DAYS = "rpt_research_stage_days"
PEOPLE = "rpt_research_people"
POLICIES = "rpt_research_policies"
SOURCE_YEARS = "audit_source_years"
CHANGES = "release_changes"
"""A table without a source in the warehouse: this release compared with the one before."""
CODEBOOK = "codebook"
"""A table without a source in the warehouse: a description of each column."""


@dataclass(frozen=True)
class Counted:
    """A table of counts: its dimensions, the column with the count, and the columns that depend on the count."""

    name: str
    dimensions: tuple[str, ...]
    count: str
    days: tuple[str, ...] = ()
    with_it: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def exported(self) -> Exported:
        """The table's entry in the allow-list."""
        unit = () if "unit" in self.dimensions else ("unit",)
        columns = (
            *self.titles,
            *self.dimensions,
            *unit,
            self.count,
            *self.with_it,
            *self.days,
            "extract_as_of_date",
            "is_synthetic",
        )
        return Exported(self.name, f"reporting.{self.name}", columns, RESEARCH_ONLY)


COUNTED = (
    Counted(
        DETAILS, ("decade", "age_at_conviction", "offense", "offense_letter", "arresting_agency_type"), "convictions"
    ),
    Counted(
        IN_REVIEW,
        ("race", "sex", "age_band", "wave", "known_to", "link", "standing", "days_to_order"),
        "convictions",
        ("lifecycle_as_of_date", "evaluated_as_of_date"),
    ),
    Counted(
        STAGE_DAYS,
        ("transition", "wave", "courthouse", "result"),
        "convictions",
        ("lifecycle_as_of_date",),
        ("quarter_days", "median_days", "three_quarters_days"),
        ("transition_title",),
    ),
    Counted(PEOPLE, ("basis", "race", "sex", "felony_outcome", "only_offense"), "people", ("evaluated_as_of_date",)),
    Counted(
        POLICIES,
        ("unit", "statute_answer", "pilot_answer", "statute_rule", "pilot_rule", "missing_facts"),
        "counted",
        ("evaluated_as_of_date",),
    ),
)
RESEARCH = (
    *(table.exported() for table in COUNTED),
    Exported(
        SOURCE_YEARS,
        f"quality.{SOURCE_YEARS}",
        ("source", "year", "covers_felonies", "covers_misdemeanors", "gap", "extract_as_of_date", "is_synthetic"),
        RESEARCH_ONLY,
    ),
)
