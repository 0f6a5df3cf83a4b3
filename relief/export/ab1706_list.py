"""What is owed on the DOJ's list: accounts, overdue orders and undecided challenges, for use inside the office only."""

from pathlib import Path
from typing import TYPE_CHECKING

from relief.export.built import Built
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
)
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
    order by courthouse_key, case_number, defendant_number, count_number, listed.conviction_key
"""


def write_list(connection: "duckdb.DuckDBPyConnection", folder: Path, built: Built, notice: str) -> None:
    """The accounts, then one file each for overdue orders and for challenges that no court has decided."""
    for stem, title, columns, statement, parameters in (
        ("list_accounts_internal", "DOJ list accounts", ACCOUNTS, _ACCOUNTS, [built.policy_id]),
        ("overdue_internal", "Overdue orders", _WHICH, _LISTED, [built.policy_id, "overdue"]),
        ("undecided_challenges_internal", "Undecided challenges", _WHICH, _LISTED, [built.policy_id, "challenged"]),
    ):
        about = [("notice", notice), *built.facts]
        with TableFiles(folder / stem, title, columns, about, label=built.label, constants=built.facts) as table:
            for row in connection.execute(statement, parameters).fetchall():
                table.add(row)
