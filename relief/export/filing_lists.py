"""What each list of the filing package holds, and where it comes from: the marts, for one policy."""

from typing import NamedTuple

EXHIBIT = (
    "priority",
    "in_custody",
    "in_custody_basis",
    "has_pending_petition",
    "case_number",
    "case_number_source",
    "defendant_number",
    "count_number",
    "name_court",
    "name_doj",
    "birth_date",
    "birth_date_source",
    "cii_number",
    "cii_source",
    "section",
    "subdivision",
    "offense_text",
    "offense_read",
    "level",
    "offense_form",
    "conviction_date",
    "courthouse_key",
    "courthouse_source",
    "prosecuting_agency_name",
    "agency_source",
    "missing",
    "subject_id",
    "cnt_order",
)
# Relief, ground and statute: asked by the proposed order, by motion, or decided with the challenge.
ASKED = ("relief_asked", "redesignated_to_section", "redesignated_to_level", "legal_ground", "ordering_statute")
CHALLENGE = ("challenge_status", "challenge_ground", "challenge_date", "is_past_challenge_deadline")
ORDER = (
    "case_number",
    "defendant_number",
    "count_number",
    "name_court",
    "name_doj",
    "birth_date",
    "courthouse_key",
    "prosecuting_agency_name",
    "offense_text",
    "offense_form",
    "section",
    "subdivision",
    "level",
    "conviction_date",
    "relief_asked",
    "redesignated_to_section",
    "redesignated_to_level",
    "legal_ground",
    "ordering_statute",
    "reason",
    "citation",
    "assumed_facts",
    "challenge_status",
)
HELD = ("filing_status", *EXHIBIT, "relief_asked", "legal_ground", "determination", "reason", *CHALLENGE)
CHARGE = ("section", "subdivision", "level", "offense_text", "offense_form", "conviction_date")
_WHO = (
    "courthouse_key",
    "prosecuting_agency_name",
    "case_number",
    "defendant_number",
    "count_number",
    "name_court",
    "name_doj",
    *CHALLENGE,
    "missing",
    "birth_date",
)
NOTICE = (*_WHO, *CHARGE, *ASKED, "determination")
DEFENDER = (*_WHO, "cii_number", *CHARGE, *ASKED, "determination")
REPORT = (
    "is_overdue",
    "due_date",
    "cii_number",
    "cii_source",
    "docket_number",
    "docket_number_source",
    "defendant_number",
    "count_number",
    "name_court",
    "name_doj",
    "birth_date",
    "section",
    "subdivision",
    "offense_text",
    "order_date",
    "relief_type",
    "legal_ground",
    "is_reported",
    "courthouse_key",
    "missing",
)
LINE = ("courthouse_key", "prosecuting_agency_name", "filing_list", "filing_status")
TO_FILE = ("unchallenged", "challenged", "challenge_unknown", "not_on_the_list")
# Dates and truths as texts: unknown is a word of its own.
_DATES = {"birth_date", "conviction_date", "challenge_date", "due_date", "order_date"}
_TRUTHS = {"is_overdue", "is_reported"}


class Line(NamedTuple):
    """A line of the cover sheet."""

    courthouse: str
    agency: str
    filing_list: str
    status: str


# People in custody and pending petitions first, which is the office's choice; then as a clerk finds them.
_ORDERED = "priority, case_number, defendant_number, count_number, conviction_key"

FILINGS = """
    select {columns} from filings
    where filing_list in ('unchallenged', 'challenged', 'challenge_unknown', 'not_on_the_list')
    order by courthouse_key, prosecuting_agency_name, filing_list, {ordered}
"""
HELD_ROWS = """
    select {columns} from filings
    where filing_list = 'held'
    order by filing_status, {ordered}
"""
# A challenge is told to the court and to the public defender whatever the policy says of the conviction.
CHALLENGED = """
    select challenges.*, identifiers.* exclude (conviction_key, person_key),
        coalesce(agencies.prosecuting_agency_name, 'unknown') as prosecuting_agency_name,
        coalesce(determinations.determination, 'not evaluated by this policy') as determination,
        asked.relief_asked,
        asked.redesignated_to_section,
        asked.redesignated_to_level,
        asked.legal_ground,
        asked.ordering_statute,
        case when priorities.in_custody = 'yes' or priorities.has_pending_petition = 'yes' then 1 else 2 end
            as priority,
        concat_ws(';',
            case when case_number is null then 'case_number' end,
            case when count_number is null then 'count_number' end,
            case when birth_date is null then 'birth_date' end,
            case when challenge_date is null then 'challenge_date' end,
            case when challenge_ground is null then 'challenge_ground' end
        ) as missing
    from marts.fct_relief_challenges as challenges
    inner join intermediate.int_filing__case_identifiers as identifiers
        on challenges.conviction_key = identifiers.conviction_key
    inner join intermediate.int_filing__priorities as priorities on challenges.person_key = priorities.person_key
    left join intermediate.int_relief__prosecuting_agencies as agencies
        on challenges.conviction_key = agencies.conviction_key
    left join (
        select conviction_key, determination from marts.fct_relief_determinations where policy_id = $policy
    ) as determinations on challenges.conviction_key = determinations.conviction_key
    left join (
        select conviction_key, relief_asked, redesignated_to_section, redesignated_to_level, legal_ground,
            ordering_statute
        from filings
    ) as asked on challenges.conviction_key = asked.conviction_key
    where challenges.is_open and not identifiers.is_juvenile_case
"""
DEFENDER_NOTICE = "select {columns} from (" + CHALLENGED + ") order by {ordered}"
COURT_NOTICE = (
    "select {columns} from (select * from ("
    + CHALLENGED
    + """) union all by name
    select * from filings where filing_list = 'unchallenged')
    order by courthouse_key, case when challenge_status = 'challenged' then 0 else 1 end, {ordered}
"""
)
REPORTS = """
    select {columns} from (
        select *, is_due_date_past as is_overdue,
            concat_ws(';',
                case when cii_number is null then 'cii_number' end,
                case when docket_number is null then 'docket_number' end,
                case when count_number is null then 'count_number' end,
                case when order_date is null then 'order_date' end,
                case when coalesce(relief_type, '') not in
                    ('dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing') then 'relief_type' end
            ) as missing
        from marts.fct_disposition_reports
        where coalesce(is_reported, false) = false and not is_juvenile_case
    )
    order by due_date nulls first, docket_number, defendant_number, count_number, event_key
"""


def statement(text: str, columns: tuple[str, ...]) -> str:
    """The statement with its columns, dates as ISO texts and three-valued truths as words."""
    return text.format(columns=", ".join(_printed(name) for name in columns), ordered=_ORDERED)


def _printed(name: str) -> str:
    if name in _DATES:
        return f"cast({name} as varchar) as {name}_text"
    if name in _TRUTHS:
        return f"case {name} when true then 'yes' when false then 'no' else 'unknown' end as {name}_text"
    if name == "is_past_challenge_deadline":
        return (
            "case when challenge_status <> 'challenged' then null when is_past_challenge_deadline then 'yes' "
            "when not is_past_challenge_deadline then 'no' else 'unknown' end as is_past_challenge_deadline_text"
        )
    return name
