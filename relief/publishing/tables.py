"""The allow-list: the tables and columns of the warehouse in each release. Everything else stays inside."""

from relief.publishing.exported import Exported
from relief.publishing.page_tables import PAGE_TABLES
from relief.publishing.research_tables import RESEARCH

PROGRESS = "rpt_progress_toward_published_totals"
DISMISSALS = "rpt_dismissals_by_year_and_offense"
OUTCOMES = "rpt_people_outcomes"
STANDING = "rpt_relief_standing"
PLANTS = "unknown_plants"
QUALITY = "rpt_data_quality"
FINDINGS = "audit_headline_findings"
ACCEPTANCES = "acceptances"

OUTCOMES_COLUMNS = (
    "basis",
    "basis_type",
    "unit",
    "people_with_relief",
    "no_felony_left",
    "no_conviction_left",
    "no_conviction_last_7_years",
    "cannot_tell",
    "evaluated_as_of_date",
    "extract_as_of_date",
    "is_synthetic",
)

OUTCOMES_RANGES = tuple(
    f"{name}_{end}"
    for name in ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years")
    for end in ("low", "high")
)
"""The bounds of counts of people, where two records may be one or two persons. They stay inside the office."""


_REACHED = (
    "in_review",
    "counted",
    "counted_low",
    "counted_high",
    "rate",
    "rate_low",
    "rate_high",
    "waiting_here",
    "ended_here",
    "stuck_here",
    "lifecycle_as_of_date",
    "is_synthetic",
)
_STAGE = ("stage_number", "stage", "stage_title", "unit")
# The nested counts of this table differ by a few convictions and are for the people who act on them. The report by
# standing, which adds up, is published instead. By race and sex, only the AB 1706 report is published: a second report
# that differs by a few convictions would reveal small counts.
LIFECYCLE = (
    Exported(
        "rpt_relief_funnel",
        "reporting.rpt_relief_funnel",
        (
            "wave",
            *_STAGE,
            "counted",
            "counted_low",
            "counted_high",
            "dismissals",
            "day_unknown",
            "passed_untold",
            "waiting_here",
            "ended_here",
            "stuck_here",
            "stuck_unknown",
            "lifecycle_as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
    ),
    Exported(
        "rpt_relief_stage_days",
        "reporting.rpt_relief_stage_days",
        (
            "transition_number",
            "transition",
            "transition_title",
            "from_stage",
            "to_stage",
            "group_type",
            "group_name",
            "unit",
            "convictions",
            "reached",
            "still_waiting",
            "not_measurable",
            "median_days",
            "three_quarters_days",
            "share_still_waiting",
            "lifecycle_as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
    ),
    Exported(
        "rpt_stuck_convictions",
        "reporting.rpt_stuck_convictions",
        (
            *_STAGE,
            "courthouse",
            "waiting",
            "stuck",
            "cannot_tell",
            "stuck_after_days",
            "stuck_counted_from",
            "stuck_reason",
            "limit_source",
            "deadline_id",
            "limit_citation",
            "oldest_days",
            "median_days_so_far",
            "oldest_since_date",
            "oldest_rank",
            "lifecycle_as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
    ),
    Exported(
        "rpt_relief_by_courthouse",
        "reporting.rpt_relief_by_courthouse",
        ("courthouse", *_STAGE, *_REACHED),
        ("leadership",),
    ),
    Exported(
        "rpt_relief_by_race_sex_age",
        "reporting.rpt_relief_by_race_sex_age",
        ("race", "sex", "age_band", *_STAGE, *_REACHED, "evaluated_as_of_date"),
        ("leadership",),
    ),
    Exported(
        "rpt_orders_by_month",
        "reporting.rpt_orders_by_month",
        (
            "wave_number",
            "unit",
            "order_month",
            "ordered",
            "ordered_so_far",
            "extract_as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
    ),
    Exported(
        "change_counts",
        "quality.audit_change_counts",
        ("what", "policy_id", "cause", "changes", "convictions"),
        ("leadership",),
    ),
)
_REASONS_OUTSIDE = tuple(f"reason_outside_{place}" for place in (1, 2, 3))
_FIGURE = ("figure_no", "figure_id", "title", "unit", "verdict")
# Whether a headline figure may be quoted. Outside the office, the reason has no number: it could be a small count or
# differ by one from the last release.
VERDICT = (
    Exported(
        QUALITY,
        f"reporting.{QUALITY}",
        (
            *_FIGURE,
            "counted",
            "counted_low",
            "counted_high",
            *(f"reason_{place}" for place in (1, 2, 3)),
            *_REASONS_OUTSIDE,
            "findings_that_change_it",
            "findings_that_do_not",
            "events_delivered",
            "as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
        is_optional=True,
    ),
    Exported(
        QUALITY,
        f"reporting.{QUALITY}",
        (*_FIGURE, *_REASONS_OUTSIDE, "as_of_date", "is_synthetic"),
        ("public", "research"),
        is_optional=True,
    ),
    Exported(
        FINDINGS,
        f"quality.{FINDINGS}",
        ("figure_no", "figure_id", "place", "rule_id", "finding_group", "verdict", "sentence", "because"),
        ("leadership",),
        is_optional=True,
    ),
)
EXPORTED = (
    *VERDICT,
    Exported(
        PROGRESS,
        f"reporting.{PROGRESS}",
        (
            "wave_number",
            "wave_title",
            "unit",
            "stage_number",
            "stage",
            "stage_title",
            "published_count",
            "published_as_of_date",
            "published_source_name",
            "published_source_url",
            "counted",
            "counted_low",
            "counted_high",
            "share_of_published",
            "extract_as_of_date",
            "is_synthetic",
        ),
    ),
    Exported(
        DISMISSALS,
        f"reporting.{DISMISSALS}",
        (
            "year_basis",
            "year",
            "offense",
            "level",
            "wave",
            "unit",
            "dismissals",
            "extract_as_of_date",
            "is_synthetic",
        ),
    ),
    Exported(
        OUTCOMES,
        f"reporting.{OUTCOMES}",
        (*OUTCOMES_COLUMNS, *OUTCOMES_RANGES, "overdue_records", "is_policy_choice"),
        ("leadership",),
        # Counts by variants of the pilot rules differ by a few people, and such a difference would be a small count.
        where="variant_of = ''",
    ),
    # Counts with and without records that should have been destroyed differ by a few people. Only one is published.
    Exported(
        OUTCOMES,
        f"reporting.{OUTCOMES}",
        (*OUTCOMES_COLUMNS, "overdue_records"),
        ("public", "research"),
        where="variant_of = '' and is_policy_choice",
    ),
    Exported(
        STANDING,
        f"reporting.{STANDING}",
        (
            "courthouse",
            "standing",
            "unit",
            "convictions",
            "share",
            "lifecycle_as_of_date",
            "extract_as_of_date",
            "is_synthetic",
        ),
    ),
    *LIFECYCLE,
    # The lines of this table differ by few convictions. They are for the people who explain the totals.
    Exported(
        "rpt_universe_reconciliation",
        "reporting.rpt_universe_reconciliation",
        (
            "universe",
            "universe_title",
            "line_number",
            "line",
            "kind",
            "line_title",
            "explanation",
            "unit",
            "counted",
            "counted_low",
            "counted_high",
            "extract_as_of_date",
            "published_count",
            "published_as_of_date",
            "published_scope",
            "published_source_name",
            "published_source_url",
            "is_synthetic",
        ),
        ("leadership",),
    ),
    # Counts of convictions that wait for an attorney are small, concern the office's own work, and never leave the
    # office.
    Exported(
        "rpt_review_progress",
        "reporting.rpt_review_progress",
        (
            "policy_id",
            "policy_title",
            "review_reason",
            "unit",
            "to_review",
            "decided",
            "settled",
            "waiting",
            "share_decided",
            "oldest_waiting_days",
            "median_waiting_days",
            "queue_as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
        where="variant_of = '' and status <> 'draft'",
    ),
    # The effect of the presumed number of plants (no file reports it). The two compared policies differ in few
    # convictions.
    Exported(
        PLANTS,
        "reporting.rpt_policy_comparison",
        (
            "from_policy_id",
            "to_policy_id",
            "from_rule_id",
            "from_rule_title",
            "from_determination",
            "to_rule_id",
            "to_rule_title",
            "to_determination",
            "convictions",
            "people",
            "evaluated_as_of_date",
            "is_synthetic",
        ),
        ("leadership",),
        where="from_policy_id = 'statutory_11361_8' and to_policy_id = 'statutory_11361_8_more_plants' "
        "and from_rule_id <> to_rule_id and 'all' not in (from_rule_id, to_rule_id)",
    ),
    Exported(
        "published_figures",
        "reference.published_figures",
        (
            "figure_id",
            "metric",
            "value",
            "unit",
            "as_of_date",
            "geography",
            "source_name",
            "source_url",
            "note",
        ),
    ),
    Exported(
        "delivery_quality",
        "quality.audit_delivery_reconciliation",
        (
            "source",
            "table_name",
            "as_of_date",
            "as_of_given",
            "landed_at",
            "records",
            "loaded",
            "rejected",
            "rows_in_raw",
            "is_reconciled",
            "status",
            "is_synthetic",
        ),
        ("leadership",),
    ),
    Exported("audit_counts", "quality.audit_counts", ("finding", "title", "unit", "findings"), ("leadership",)),
    *RESEARCH,
    *PAGE_TABLES,
)
ACCEPTED_INSIDE = (
    "figure_id",
    "counted_before",
    "counted_now",
    "may_fall_by",
    "reason",
    "accepted_by",
    "accepted_at",
)
ACCEPTED_OUTSIDE = ("figure_id", "acceptance")
CHECKS = ("build_id", "gate", "check_name", "description", "severity", "status", "observed", "checked_at")
