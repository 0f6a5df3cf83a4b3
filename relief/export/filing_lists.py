"""The columns of each list of the filing package, and its query on the marts for one policy."""

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
# The relief, ground and statute that a proposed order or motion asks for, or that the challenge will decide.
ASKED = ("relief_asked", "redesignated_to_section", "redesignated_to_level", "legal_ground", "ordering_statute")
CHALLENGE = (
    "challenge_status",
    "challenge_ground",
    "challenge_date",
    "is_past_challenge_deadline",
    "is_risk_against_completed_sentence",
)
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
    "priority",
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
)
_CHALLENGED = (*_WHO, *CHALLENGE, "missing", "birth_date")
# The priority by which rows are ordered, and the reason to hold a row that a clerk could not find.
_LAST = ("priority", "held_reason")
NOTICE = (*_CHALLENGED, *CHARGE, *ASKED, "determination", *_LAST)
DEFENDER = (*_CHALLENGED, "cii_number", *CHARGE, *ASKED, "determination", *_LAST)
OFF_THE_LIST = ("stated_status", *DEFENDER, "was_on_the_list")
NOT_GRANTED = (
    *_WHO,
    "birth_date",
    "cii_number",
    *CHARGE,
    "determination",
    "reason",
    "citation",
    "list_standing",
    "challenge_status",
    "what_is_owed",
    "missing",
    "priority",
)
HELD_NOT_GRANTED = (*NOT_GRANTED, "held_reason")
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
    "is_ground_fitting",
    "is_reported",
    "courthouse_key",
    "missing",
    "held_reason",
)
LINE = ("courthouse_key", "prosecuting_agency_name", "filing_list", "filing_status")
TO_FILE = ("unchallenged", "challenged", "challenge_unknown", "not_on_the_list")
# Dates and booleans are written as texts, with a separate word for unknown.
_DATES = {"birth_date", "conviction_date", "challenge_date", "due_date", "order_date"}
_TRUTHS = {"is_overdue", "is_reported", "is_ground_fitting", "is_risk_against_completed_sentence", "was_on_the_list"}


class Line(NamedTuple):
    """A line of the cover sheet."""

    courthouse: str
    agency: str
    filing_list: str
    status: str


def place_in_case(number: str) -> str:
    """The SQL to order numbers of defendants or counts: 2 before 10, and other texts after the numbers."""
    return f"try_cast({number} as bigint) nulls last, {number} nulls last"


_PLACED = f"{place_in_case('defendant_number')}, {place_in_case('count_number')}"
BY_CASE = f"case_number nulls last, {_PLACED}"
# People in custody or with a pending petition come first (the office's choice), then rows as clerks look them up.
_ORDERED = f"priority, {BY_CASE}, conviction_key"

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
_AGENCY = "coalesce(agencies.prosecuting_agency_name, 'unknown') as prosecuting_agency_name"
_PRIORITY = (
    "case when priorities.in_custody = 'yes' or priorities.has_pending_petition = 'yes' then 1 else 2 end as priority"
)
_IDENTIFIED = """
    inner join intermediate.int_filing__case_identifiers as identifiers
        on listed.conviction_key = identifiers.conviction_key
    inner join intermediate.int_filing__priorities as priorities on listed.person_key = priorities.person_key
    left join intermediate.int_prosecution__agencies as agencies
        on listed.conviction_key = agencies.conviction_key
"""
_MISSING = """
        case when case_number is null then 'case_number' end,
        case when count_number is null then 'count_number' end,
        case when section is null then 'section' end,
        case when birth_date is null then 'birth_date' end"""
# The reasons and their order are the same as in fct_relief_filings.
_HELD_REASON = """
        case
            when {case} is null then 'no_case_number'
            when section is null then 'no_section'
            when count_number is null then 'no_count_number'
        end as held_reason"""
_CHALLENGES = f"""
    select listed.*, identifiers.* exclude (conviction_key, person_key), {_AGENCY}, {_PRIORITY},
        coalesce(determinations.determination, 'not evaluated by this policy') as determination,
        asked.relief_asked,
        asked.redesignated_to_section,
        asked.redesignated_to_level,
        asked.legal_ground,
        asked.ordering_statute,
        concat_ws(';',{_MISSING},
            case when challenge_date is null then 'challenge_date' end,
            case when challenge_ground is null then 'challenge_ground' end
        ) as missing,{_HELD_REASON.format(case="case_number")}
    from marts.fct_relief_challenges as listed {_IDENTIFIED}
    left join (
        select conviction_key, determination from marts.fct_relief_determinations where policy_id = $policy
    ) as determinations on listed.conviction_key = determinations.conviction_key
    left join (
        select conviction_key, relief_asked, redesignated_to_section, redesignated_to_level, legal_ground,
            ordering_statute
        from filings
    ) as asked on listed.conviction_key = asked.conviction_key
    where not identifiers.is_juvenile_case
"""
# The court and the public defender are notified of a challenge, whatever the policy determines.
CHALLENGED = _CHALLENGES + " and listed.is_open"
DEFENDER_NOTICE = "select {columns} from (" + CHALLENGED + ") order by {ordered}"
# The review of H&S 11361.9 does not cover these challenges, so notices to the court leave them out.
DEFENDER_OFF_THE_LIST = "select {columns} from (" + _CHALLENGES + " and listed.is_open_off_the_list) order by {ordered}"
COURT_NOTICE = (
    "select {columns} from (select * from ("
    + CHALLENGED
    + """) union all by name
    select *, null as held_reason from filings where filing_list = 'unchallenged')
    order by courthouse_key, case when challenge_status = 'challenged' then 0 else 1 end, {ordered}
"""
)
_NOT_GRANTED = (
    "select {columns} from (select listed.*, identifiers.* exclude (conviction_key, person_key), "
    + f"{_AGENCY}, {_PRIORITY}, concat_ws(';',{_MISSING}) as missing, not_granted_status as held_reason"
    + f" from marts.fct_relief_not_granted as listed {_IDENTIFIED}"
    + """
    where listed.policy_id = $policy and listed.not_granted_status in (%s))
    order by courthouse_key, prosecuting_agency_name, {ordered}
"""
)
HELD_STATUSES = ("list_unknown", "no_case_number", "no_section", "no_count_number")
"""The reasons to hold a conviction that the policy does not grant until an attorney has completed it for the court."""
NOT_GRANTED_ROWS = _NOT_GRANTED % "'put_to_the_court'"
HELD_NOT_GRANTED_ROWS = _NOT_GRANTED % ", ".join(f"'{status}'" for status in HELD_STATUSES)
REPORTS = f"""
    select {{columns}} from (
        select *, is_due_date_past as is_overdue,
            concat_ws(';',
                case when cii_number is null then 'cii_number' end,
                case when docket_number is null then 'docket_number' end,
                case when count_number is null then 'count_number' end,
                case when section is null then 'section' end,
                case when order_date is null then 'order_date' end,
                case when coalesce(relief_type, '') not in
                    ('dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing') then 'relief_type' end
            ) as missing,{_HELD_REASON.format(case="docket_number")}
        from marts.fct_disposition_reports
        where coalesce(is_reported, false) = false and not is_juvenile_case
    )
    order by due_date nulls first, docket_number nulls last, {_PLACED}, event_key
"""


class Table(NamedTuple):
    """A list of the whole county."""

    title: str
    text: str
    columns: tuple[str, ...]


WHOLE_COUNTY = {
    "notice_to_public_defender": Table("Notice to defender", DEFENDER_NOTICE, DEFENDER),
    "notice_to_public_defender_not_on_the_list": Table("Defender, off the list", DEFENDER_OFF_THE_LIST, OFF_THE_LIST),
    "on_the_list_not_granted": Table("On the list, not granted", NOT_GRANTED_ROWS, NOT_GRANTED),
    "on_the_list_not_granted_held": Table("Not granted, held", HELD_NOT_GRANTED_ROWS, HELD_NOT_GRANTED),
    "disposition_report_doj": Table("Report to DOJ", REPORTS, REPORT),
}


def statement(text: str, columns: tuple[str, ...]) -> str:
    """Fill the columns into the statement. Dates become ISO texts, and booleans become yes, no or unknown."""
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
