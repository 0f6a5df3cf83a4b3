"""Lists for use inside the office: orders, decisions, notices and contact attempts owed for the DOJ's list."""

from pathlib import Path
from typing import TYPE_CHECKING

from relief.export.built import Built
from relief.export.filing_lists import BY_CASE
from relief.export.sheets import TableFiles

if TYPE_CHECKING:
    import duckdb

ACCOUNTS = ("list_standing", "policy_answer", "unit", "convictions")
_WHICH = (
    "list_standing",
    "policy_answer",
    "courthouse_key",
    "case_number",
    "defendant_number",
    "count_number",
    "name_court",
    "name_doj",
    "section",
    "subdivision",
    "challenge_status",
    "challenge_ground",
    "order_deadline_citation",
    "list_basis",
)
# People with an open challenge whom nobody tried to reach, whatever a policy determines for the conviction.
_NOT_REACHED = (
    "public_defender_attempt",
    "public_defender_attempt_date",
    "challenge_date",
    "challenge_ground",
    "prosecuting_agency_name",
    "courthouse_key",
    "case_number",
    "defendant_number",
    "count_number",
    "name_court",
    "name_doj",
    "birth_date",
)
NOTICES = ("prosecuting_agency_name", "notice", "notice_to", "unit", "convictions", "convictions_sent", "people")
DEADLINES = ("deadline_id", "deadline_title", "deadline_date", "is_past", "days_past", "citation")
_ACCOUNTS = """
    select list_standing, policy_answer, 'convictions' as unit, count(*) as convictions
    from marts.fct_ab1706_list where policy_id = ? group by all order by all
"""
_LISTED = f"""
    select {", ".join(_WHICH)}
    from marts.fct_ab1706_list as listed
    inner join intermediate.int_filing__case_identifiers as identifiers
        on listed.conviction_key = identifiers.conviction_key
    where policy_id = ? and list_standing = ? and not is_juvenile_case
    order by courthouse_key, {BY_CASE}, listed.conviction_key
"""
_CHALLENGED = f"""
    select {", ".join(_NOT_REACHED)}
    from (
        select challenges.*, identifiers.* exclude (conviction_key, person_key),
            coalesce(agencies.prosecuting_agency_name, 'unknown') as prosecuting_agency_name
        from marts.fct_relief_challenges as challenges
        inner join intermediate.int_filing__case_identifiers as identifiers
            on challenges.conviction_key = identifiers.conviction_key
        left join intermediate.int_prosecution__agencies as agencies
            on challenges.conviction_key = agencies.conviction_key
    )
    where is_open and public_defender_attempt <> 'attempted' and not is_juvenile_case
    order by person_key, {BY_CASE}, conviction_key
"""
_NOTICES = f"select {', '.join(NOTICES)} from reporting.rpt_prosecutor_notices order by all"
_DEADLINES = f"select {', '.join(DEADLINES)} from reporting.rpt_legal_deadlines order by deadline_date, deadline_id"


def write_list(connection: "duckdb.DuckDBPyConnection", folder: Path, built: Built, notice: str) -> None:
    """Write the accounts, the legal deadlines, the notices by agency, and the lists that name people."""
    for stem, title, columns, statement, parameters in (
        ("list_accounts_internal", "DOJ list accounts", ACCOUNTS, _ACCOUNTS, [built.policy_id]),
        ("deadlines_internal", "Days of the law", DEADLINES, _DEADLINES, []),
        ("prosecutor_notices_internal", "Notices by agency", NOTICES, _NOTICES, []),
        ("overdue_internal", "Overdue orders", _WHICH, _LISTED, [built.policy_id, "overdue"]),
        ("undecided_challenges_internal", "Undecided challenges", _WHICH, _LISTED, [built.policy_id, "challenged"]),
        ("challenged_not_reached_internal", "Challenged, not reached", _NOT_REACHED, _CHALLENGED, []),
    ):
        about = [("notice", notice), *built.facts]
        with TableFiles(folder / stem, title, columns, about, label=built.label, constants=built.facts) as table:
            for row in connection.execute(statement, parameters).fetchall():
                table.add(row)
