"""Tables of the leadership release that only the pages read. They are exact and stay inside the office."""

from relief.publishing.exported import INSIDE, Exported

POLICY_RULES = "rpt_policy_rules"
POLICY_CHANGES = "rpt_policy_changes"
PEOPLE_BY_GROUP = "rpt_people_outcomes_by_group"
AB1706 = "rpt_ab1706"
AB1706_LIST = "rpt_ab1706_list"
DEADLINES = "rpt_legal_deadlines"
STATUTE = "statutory_11361_8"
"""The policy that defines eligible in the AB 1706 report, as in `relief export ab1706`."""

_OUTCOMES = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years")
PAGE_TABLES = (
    Exported(
        PEOPLE_BY_GROUP,
        f"reporting.{PEOPLE_BY_GROUP}",
        (
            "basis",
            "group_type",
            "group_name",
            "unit",
            "people_in_review",
            *_OUTCOMES,
            "cannot_tell",
            *(f"{name}_{end}" for name in _OUTCOMES for end in ("low", "high")),
            "evaluated_as_of_date",
            "extract_as_of_date",
            "is_synthetic",
        ),
        INSIDE,
    ),
    Exported(
        POLICY_RULES,
        f"reporting.{POLICY_RULES}",
        (
            "policy_id",
            "policy_title",
            "policy_version",
            "policy_source",
            "variant_of",
            "policy_status",
            "step",
            "rule_id",
            "determination",
            "reason",
            "conditions",
            "citation",
            "if_unknown",
            "convictions",
            "evaluated_as_of_date",
            "is_synthetic",
        ),
        INSIDE,
    ),
    Exported(
        POLICY_CHANGES,
        f"reporting.{POLICY_CHANGES}",
        (
            "from_policy_id",
            "to_policy_id",
            "change",
            "by_rule_of",
            "rule_id",
            "rule_title",
            "determination",
            "unit",
            "convictions",
            "people",
            "evaluated_as_of_date",
            "is_synthetic",
        ),
        INSIDE,
    ),
    Exported(
        AB1706,
        f"reporting.{AB1706}",
        (
            "policy_id",
            "policy_version",
            "county_name",
            "race",
            "gender",
            "measure",
            "unit",
            "convictions",
            "evaluated_as_of_date",
            "extract_as_of_date",
            "is_synthetic",
        ),
        INSIDE,
        where=f"policy_id = '{STATUTE}'",
    ),
    Exported(
        AB1706_LIST,
        f"reporting.{AB1706_LIST}",
        (
            "policy_id",
            "courthouse",
            "list_standing",
            "policy_answer",
            "unit",
            "convictions",
            "people",
            "order_deadline_date",
            "events_as_of_date",
            "extract_as_of_date",
            "is_synthetic",
        ),
        INSIDE,
        where=f"policy_id = '{STATUTE}'",
    ),
    Exported(
        DEADLINES,
        f"reporting.{DEADLINES}",
        (
            "deadline_id",
            "deadline_title",
            "deadline_date",
            "is_past",
            "days_past",
            "citation",
            "lifecycle_as_of_date",
            "is_synthetic",
        ),
        INSIDE,
    ),
)
