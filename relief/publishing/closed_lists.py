"""The closed list of texts for each column that leaves the office, for every table of every release.

A new column of texts needs an entry here, or else ``closed`` refuses it.
"""

import re
from functools import cache

from relief import __version__
from relief.policies.document import seed_rows
from relief.publishing.ab1706 import GENDERS, MEASURES, RACES, TOTAL
from relief.publishing.closed import INSIDE, ClosedList, Columns, seed, shape, words
from relief.publishing.codebook import COLUMNS as CODEBOOK_COLUMNS
from relief.publishing.codebook import texts as codebook_texts
from relief.publishing.county_policies import ACCEPTED, COUNTY_TITLE
from relief.publishing.dictionary import descriptions
from relief.publishing.dismissals import UNITS
from relief.publishing.headlines import VERDICTS
from relief.publishing.page_tables import AB1706 as AB1706_RACE_AND_GENDER
from relief.publishing.page_tables import AB1706_LIST, DEADLINES, PEOPLE_BY_GROUP, POLICY_CHANGES, POLICY_RULES
from relief.publishing.research_lists import RELEASE_TABLES, research_lists
from relief.publishing.standing import STANDINGS
from relief.publishing.tables import (
    ACCEPTANCES,
    ACCEPTED_INSIDE,
    ACCEPTED_OUTSIDE,
    CHECKS,
    DISMISSALS,
    EXPORTED,
    FINDINGS,
    OUTCOMES,
    PLANTS,
    PROGRESS,
    QUALITY,
    STANDING,
)
from relief.publishing.words import COLUMNS, KINDS, NOTICES, SYNTHETIC_NOTICE
from relief.validation.suites import gates

_ID = shape("[0-9]{8}T[0-9]{6,9}Z")
_COUNT = "([0-9]{1,4}|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?"
_DAY = shape("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNTY = seed("reference/california_counties.csv", "county_name")
_COURTHOUSE = seed("reference/courthouses.csv", "courthouse_name", upper=True) | words(TOTAL, "other", "unknown")
_RACE, _GENDER = words(TOTAL, *RACES), words(TOTAL, *GENDERS)
_WAVE = words(TOTAL, "1", "2", "neither")
COUNTY_POLICY = shape("county_policy_[0-9]{1,4}")
_POLICY = seed("policies/policies.csv", "policy_id")
_MARK = words("value", "suppressed", "zero", "missing")
_UNIT = words(*UNITS)


def _figures(column: str) -> ClosedList:
    return seed("reference/published_figures.csv", column)


def _rules(column: str) -> ClosedList:
    return seed("policies/policy_rules.csv", column)


def _lines(column: str) -> ClosedList:
    return seed("reference/universe_lines.csv", column)


def _headlines(column: str) -> ClosedList:
    return seed("reference/headline_figures.csv", column)


def _rules_of_the_verdict(column: str) -> ClosedList:
    return seed("reference/headline_rules.csv", column)


def _sentences() -> ClosedList:
    """The sentences that the rules of the verdict may produce, with any number in each placeholder."""
    sentences = (re.escape(row["sentence"]) for row in seed_rows("reference/headline_rules.csv"))
    return shape("|".join(re.sub(r"\\\{[a-z]+\\\}", _COUNT, sentence) for sentence in sentences))


def _stages(file: str) -> Columns:
    return {"stage": seed(file, "stage"), "stage_title": seed(file, "stage_title"), "unit": _UNIT}


@cache
def _codebook_texts() -> frozenset[str]:
    return codebook_texts(RELEASED)


def _column_names() -> frozenset[str]:
    names = {column for table in EXPORTED for column in table.columns}
    typed = {*CHECKS, *COLUMNS, *ACCEPTED_INSIDE, *ACCEPTED_OUTSIDE}
    return frozenset({column for columns in RELEASED.values() for column in columns} | names | typed)


_LIFECYCLE = _stages("reference/lifecycle_stages.csv")
_SOURCES = {"published_source_name": _figures("source_name"), "published_source_url": _figures("source_url")}

RELEASED: dict[str, Columns] = {
    QUALITY: {
        "figure_id": _headlines("figure_id"),
        "title": _headlines("title"),
        "unit": _UNIT,
        "verdict": words(*VERDICTS),
        **{f"reason_{place}": _sentences() for place in (1, 2, 3)},
        **{f"reason_outside_{place}": _rules_of_the_verdict("sentence_outside") for place in (1, 2, 3)},
    },
    FINDINGS: {
        "figure_id": _headlines("figure_id"),
        "rule_id": _rules_of_the_verdict("rule_id"),
        "finding_group": words("changes the headline", "does not change the headline"),
        "verdict": words(*VERDICTS),
        "sentence": _sentences(),
        "because": _rules_of_the_verdict("because"),
    },
    # A person of the office typed the reason, and the name is that person's, so both stay inside.
    ACCEPTANCES: {
        "figure_id": _headlines("figure_id"),
        "reason": INSIDE,
        "accepted_by": INSIDE,
        "acceptance": words(ACCEPTED),
    },
    PROGRESS: {
        "wave_title": seed("reference/progress_stages.csv", "wave_title"),
        **_stages("reference/progress_stages.csv"),
        **_SOURCES,
        "mark": _MARK,
    },
    DISMISSALS: {
        "year_basis": words("relief_order_year", "conviction_year"),
        "year": shape("[1-9][0-9]{0,3}") | words(TOTAL, "unknown"),
        # The sections are written as literals in int_charges__parsed.
        "offense": words(
            TOTAL, "11357", "11358", "11359", "11360", "11530", "11530.1", "11530.5", "11531", "other", "unknown"
        ),
        "level": words(TOTAL, "felony", "misdemeanor", "infraction", "unknown"),
        "wave": _WAVE,
        "unit": _UNIT,
        "mark": _MARK,
    },
    OUTCOMES: {
        "basis": words("relief orders") | _POLICY | COUNTY_POLICY | INSIDE,
        "basis_type": words("orders", "policy"),
        "unit": _UNIT,
        "overdue_records": words("counted", "left_out"),
        "mark": _MARK,
    },
    STANDING: {"courthouse": _COURTHOUSE, "standing": words(TOTAL, *STANDINGS), "unit": _UNIT, "mark": _MARK},
    "rpt_relief_funnel": {"wave": _WAVE, **_LIFECYCLE},
    "rpt_relief_stage_days": {
        "transition": seed("reference/lifecycle_transitions.csv", "transition"),
        "transition_title": seed("reference/lifecycle_transitions.csv", "transition_title"),
        "from_stage": _LIFECYCLE["stage"],
        "to_stage": _LIFECYCLE["stage"],
        "group_type": words(TOTAL, "wave", "courthouse"),
        "group_name": _WAVE | _COURTHOUSE,
        "unit": _UNIT,
    },
    "rpt_stuck_convictions": {
        **_LIFECYCLE,
        "courthouse": _COURTHOUSE,
        "stuck_counted_from": seed("reference/lifecycle_stages.csv", "stuck_counted_from"),
        "stuck_reason": seed("reference/lifecycle_stages.csv", "stuck_reason"),
        "limit_source": seed("reference/lifecycle_stages.csv", "limit_source"),
        "deadline_id": seed("reference/lifecycle_stages.csv", "deadline_id"),
        "limit_citation": seed("law/legal_deadlines.csv", "citation"),
    },
    "rpt_orders_by_month": {"unit": _UNIT},
    "rpt_relief_by_courthouse": {"courthouse": _COURTHOUSE, **_LIFECYCLE},
    "rpt_relief_by_race_sex_age": {
        "race": _RACE,
        "sex": _GENDER,
        "age_band": seed("reference/age_bands.csv", "age_band") | words(TOTAL, "unknown"),
        **_LIFECYCLE,
    },
    "change_counts": {
        "what": words(TOTAL, "determination", "wave", "outcome", "stage"),
        "policy_id": words("") | _POLICY | INSIDE,
        "cause": words(
            "first build",
            "nothing changed",
            "decision",
            "delivery",
            "policy",
            "county",
            "evaluation date",
            "rules or seeds",
        ),
    },
    "rpt_universe_reconciliation": {
        **{name: _lines(name) for name in ("universe", "universe_title", "line", "kind", "line_title", "explanation")},
        "unit": words(*UNITS, "mixed"),
        "published_scope": _figures("scope"),
        **_SOURCES,
    },
    "rpt_review_progress": {"policy_id": INSIDE, "policy_title": INSIDE, "review_reason": INSIDE, "unit": _UNIT},
    PLANTS: {
        f"{side}_{name}": closed
        for side in ("from", "to")
        for name, closed in {
            "policy_id": _POLICY,
            "rule_id": _rules("rule_id") | words("cannot tell"),
            "rule_title": _rules("reason") | words(""),
            "determination": _rules("determination"),
        }.items()
    },
    **research_lists(_RACE, _GENDER, _WAVE, _COURTHOUSE, _MARK, _UNIT),
    PEOPLE_BY_GROUP: {
        "basis": words("relief orders", "first wave orders"),
        "group_type": words(TOTAL, "race", "sex", "age_band"),
        "group_name": _RACE | _GENDER | seed("reference/age_bands.csv", "age_band"),
        "unit": _UNIT,
    },
    # People wrote the titles, rules and reasons of their own policies, so these stay inside.
    POLICY_RULES: dict.fromkeys(
        (
            "policy_id",
            "policy_title",
            "policy_version",
            "policy_source",
            "variant_of",
            "policy_status",
            "rule_id",
            "determination",
            "reason",
            "conditions",
            "citation",
            "if_unknown",
        ),
        INSIDE,
    ),
    POLICY_CHANGES: {
        "from_policy_id": INSIDE,
        "to_policy_id": INSIDE,
        "change": words("gained", "lost", "kept", "neither"),
        "by_rule_of": words(TOTAL, "from", "to"),
        "rule_id": INSIDE,
        "rule_title": INSIDE,
        "determination": INSIDE,
        "unit": _UNIT,
    },
    AB1706_RACE_AND_GENDER: {
        "policy_id": _POLICY,
        "policy_version": INSIDE,
        "county_name": _COUNTY,
        "race": _RACE,
        "gender": _GENDER,
        "measure": words(*MEASURES),
        "unit": _UNIT,
    },
    AB1706_LIST: {
        "policy_id": _POLICY,
        "courthouse": _COURTHOUSE,
        "list_standing": words("relieved", "denied", "list_unknown", "challenged", "overdue", "waiting"),
        "policy_answer": words("granted", "hand review", "not granted", "not evaluated"),
        "unit": _UNIT,
    },
    DEADLINES: {
        "deadline_id": seed("law/legal_deadlines.csv", "deadline_id"),
        "deadline_title": seed("law/legal_deadlines.csv", "title"),
        "citation": seed("law/legal_deadlines.csv", "citation"),
    },
    "published_figures": {
        name: _figures(name)
        for name in ("figure_id", "metric", "unit", "geography", "source_name", "source_url", "note")
    },
    "delivery_quality": {
        "source": words("ca_doj", "la_court", "relief_events", "review_decisions"),
        "table_name": words(
            "ca_doj", "la_court_cases", "la_court_counts", "la_court_sentences", "relief_events", "review_decisions"
        ),
        "status": words("landed", "superseded"),
    },
    "audit_counts": {name: seed("reference/quality_findings.csv", name) for name in ("finding", "title", "unit")},
    # A check may come from a gate of an earlier version, whose texts are no longer listed, so its texts stay inside.
    "check_results": {
        "build_id": _ID | words(""),
        "gate": words("dbt", *gates()),
        "check_name": INSIDE,
        "description": INSIDE,
        "severity": words("stop", "warn"),
        "status": words("passed", "warned", "failed", "errored"),
        "observed": shape(f"{_COUNT}|{_COUNT} [^0-9]{{1,99}}({_COUNT} [^0-9]{{1,99}})?|no number"),
    },
    "release_info": {
        "release_id": _ID,
        "build_id": _ID,
        "kind": words(*KINDS),
        "county": _COUNTY,
        "notice": words(*NOTICES.values(), *(SYNTHETIC_NOTICE + notice for notice in NOTICES.values())),
        "relief_version": words(__version__),
        "data_quality": words("The headline figures were not judged.")
        | shape(f"Headline figures: {', '.join(f'[0-9]{{1,2}} {verdict}' for verdict in VERDICTS)}[.]"),
    },
    "codebook": {
        "table_name": words(*RELEASE_TABLES, "release_info", "data_dictionary", "release_changes", ACCEPTANCES),
        "column_name": ClosedList(_column_names),
        **{name: ClosedList(_codebook_texts) for name in CODEBOOK_COLUMNS[2:-1]},
        "description": ClosedList(lambda: frozenset(descriptions().values())) | words("", *COLUMNS.values()),
    },
    "data_dictionary": {
        "table_name": words(
            *(table.name for table in EXPORTED),
            "release_info",
            "data_dictionary",
            "check_results",
            "release_changes",
            ACCEPTANCES,
        ),
        "column_name": ClosedList(_column_names),
        "description": ClosedList(lambda: frozenset(descriptions().values())) | words("", *COLUMNS.values()),
    },
}
AB1706 = "ab1706_public"
"""The list of texts for `relief export ab1706` outside the office, with the texts of each file's header."""
EXPORTS: dict[str, Columns] = {
    AB1706: {
        "data_label": words("SYNTHETIC", "COUNTY RECORDS"),
        "county": _COUNTY,
        "dimension": words("total", "race", "gender"),
        "race": _RACE,
        "gender": _GENDER,
        "measure": words(*MEASURES),
        "unit": words("convictions"),
        "convictions": shape("[0-9]*"),
        "mark": _MARK,
        "policy_id": _POLICY | COUNTY_POLICY,
        "policy_version": seed("policies/policies.csv", "version") | words(ACCEPTED),
        "notice": words("small counts taken out: may leave the office"),
        "eligible by policy": seed("policies/policies.csv", "title") | words(COUNTY_TITLE),
        "evaluated_as_of_date": _DAY | words("not delivered"),
        "extract_as_of_date": _DAY | words("not delivered"),
        "events_as_of_date": _DAY | words("not delivered"),
        "build_id": _ID | words("none (dbt was run by hand)"),
    }
}
