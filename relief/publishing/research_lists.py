"""The closed list of texts for each column that only the research release contains (see ``closed_lists``)."""

from relief.publishing.closed import ClosedList, Columns, seed, shape, words
from relief.publishing.research import RESULTS
from relief.publishing.research_tables import CHANGES, DETAILS, IN_REVIEW, PEOPLE, POLICIES, SOURCE_YEARS
from relief.publishing.research_tables import STAGE_DAYS as DAYS
from relief.publishing.standing import STANDINGS
from relief.publishing.tables import EXPORTED

TOTAL = words("all")
# The facts that may be missing for a determination, as the macro `facts` lists them.
FACTS = (
    "conviction_date",
    "birth_date",
    "level",
    "section",
    "offense_date",
    "sentence_end",
    "strike_date",
    "registration_date",
    "county",
    "prosecuting_agency",
    "charge_date",
    "circumstances",
    "amount",
    "court_records",
    "earlier_relief",
    "destruction_due",
    "disposition",
    "plants",
    "payment",
    "recipient_age",
    "place",
)
RELEASE_TABLES = tuple(dict.fromkeys(table.name for table in EXPORTED if "research" in table.kinds))
_FACT = "|".join(FACTS)
_OFFENSES = ("11357", "11358", "11359", "11360", "11530", "11530.1", "11530.5", "11531", "other", "unknown")
_SECTION = "|".join(section.replace(".", "[.]") for section in _OFFENSES[:-2])
_ANSWER = words("granted", "not granted", "hand review", "not evaluated") | TOTAL
_RULE = seed("policies/policy_rules.csv", "rule_id") | words("cannot tell", "not evaluated") | TOTAL


def research_lists(  # noqa: PLR0917  (the lists that several tables share)
    race: ClosedList, sex: ClosedList, wave: ClosedList, courthouse: ClosedList, mark: ClosedList, unit: ClosedList
) -> dict[str, Columns]:
    """The lists by column for every table of ``research_tables``."""
    shared = {"unit": unit, "mark": mark}
    bands = seed("reference/age_bands.csv", "age_band") | words("unknown") | TOTAL
    kinds = seed("reference/la_arresting_agencies.csv", "agency_type")
    return {
        DETAILS: {
            "decade": shape("[1-9][0-9]{2}0s") | words("unknown") | TOTAL,
            "age_at_conviction": bands,
            "offense": words(*_OFFENSES) | TOTAL,
            "offense_letter": shape(rf"({_SECTION})([(][a-z0-9]{{1,2}}[)]| without a letter)")
            | words("other", "unknown")
            | TOTAL,
            "arresting_agency_type": kinds | words("several", "not listed", "unknown") | TOTAL,
            **shared,
        },
        IN_REVIEW: {
            "race": race,
            "sex": sex,
            "age_band": bands,
            "wave": wave,
            "known_to": words("ca_doj", "la_court", "both") | TOTAL,
            "link": words(
                "in the DOJ file only",
                "in court records only",
                "linked by case number",
                "linked by person and other facts",
            )
            | TOTAL,
            "standing": words(*STANDINGS) | TOTAL,
            "days_to_order": words("no order", "0-90", "91-180", "181-365", "366 and more", "days unknown") | TOTAL,
            **shared,
        },
        DAYS: {
            "transition": seed("reference/lifecycle_transitions.csv", "transition"),
            "transition_title": seed("reference/lifecycle_transitions.csv", "transition_title"),
            "wave": wave,
            "courthouse": courthouse,
            "result": words(*RESULTS) | TOTAL,
            **shared,
        },
        PEOPLE: {
            "basis": words("relief orders", "dismissals"),
            "race": race,
            "sex": sex,
            "felony_outcome": words("no felony left", "a felony left", "had no felony", "cannot tell") | TOTAL,
            "only_offense": words(*_OFFENSES, "several") | TOTAL,
            **shared,
        },
        POLICIES: {
            "statute_answer": _ANSWER,
            "pilot_answer": _ANSWER,
            "statute_rule": _RULE,
            "pilot_rule": _RULE,
            "missing_facts": shape(f"({_FACT})(;({_FACT}))*") | words("not named") | TOTAL,
            **shared,
        },
        SOURCE_YEARS: {
            "source": words("ca_doj", "la_court"),
            "covers_felonies": words("yes", "no", "cannot_tell"),
            "covers_misdemeanors": words("yes", "no", "cannot_tell"),
            "gap": words("every_courthouse", "some_courthouses", "none"),
        },
        CHANGES: {
            "table_name": words(*RELEASE_TABLES),
            "what": words("rows", "withheld", "rows that are new or differ", "total"),
            "unit": unit | words("rows"),
            "previous_release_id": shape("[0-9]{8}T[0-9]{6,9}Z"),
        },
    }
