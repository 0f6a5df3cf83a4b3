"""The cover sheet of the filing package, and the check that the rows on disk match the counts of the marts."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.export.filing_lists import HELD_STATUSES, LINE, TO_FILE, Line
from relief.export.filing_package import Package

if TYPE_CHECKING:
    import duckdb

COVER = (
    "section",
    "courthouse",
    "prosecuting_agency",
    "list",
    "status",
    "convictions",
    "cases",
    "people",
    "convictions_first",
    "orders",
    "events",
    "files",
)


def check(connection: "duckdb.DuckDBPyConnection", package: Package, told: int, tables: dict[str, int]) -> int:
    """Check that the rows on disk match the counts of the marts. Return the number of granted convictions.

    `told` is the number of rows in notices to courts. `tables` has the number of rows of each list of the whole county.
    """
    policy = [package.built.policy_id]
    counted = {
        Line(*line): convictions
        for *line, convictions in connection.execute(
            f"select {', '.join(LINE)}, count(distinct conviction_key) from filings group by all"
        ).fetchall()
    }
    of_evaluation = number(
        connection,
        "select coalesce(sum(convictions), 0) from reporting.rpt_filing_counts "
        "where policy_id = ? and line_type = 'all'",
        policy,
    )
    grants = number(
        connection,
        "select count(*) from marts.fct_relief_determinations "
        "where policy_id = ? and starts_with(determination, 'Eligible')",
        policy,
    )
    listed = {line: count for line, count in counted.items() if line.filing_list in (*TO_FILE, "held")}
    challenged = number(connection, _OPEN.format(which="is_open"))
    not_granted = dict(connection.execute(_NOT_GRANTED, policy).fetchall())
    accounted = sum(not_granted.values())
    on_the_list = number(
        connection,
        "select count(*) from marts.fct_ab1706_list where policy_id = ? and policy_answer <> 'granted'",
        policy,
    )
    unchallenged = sum(count for line, count in counted.items() if line.filing_list == "unchallenged")
    unreported = number(
        connection,
        "select count(*) from marts.fct_disposition_reports "
        "where (is_reported is null or not is_reported) and not is_juvenile_case",
    )
    on_disk = {path: records(path) for path in package.files}
    differences = {
        "grants": (sum(counted.values()), grants),
        "grants on the day of evaluation": (of_evaluation, grants),
        "lists": (dict(package.lines), listed),
        "notices to the court": (told, challenged + unchallenged),
        "on the list and not granted": (accounted, on_the_list),
        "lists of the county": (
            tables,
            {
                "notice_to_public_defender": challenged,
                "notice_to_public_defender_not_on_the_list": number(
                    connection, _OPEN.format(which="is_open_off_the_list")
                ),
                "on_the_list_not_granted": not_granted.get("put_to_the_court", 0),
                "on_the_list_not_granted_held": sum(not_granted.get(status, 0) for status in HELD_STATUSES),
                "disposition_report_doj": unreported,
            },
        ),
        "files": (on_disk, package.files),
    }
    wrong = [name for name, (found, wanted) in differences.items() if found != wanted]
    if wrong:
        raise ReliefError(
            f"the rows written are not those that the warehouse counts ({', '.join(wrong)}); nothing was written: "
            "build anew (relief build) and report it"
        )
    return grants


def records(path: Path) -> int:
    """The number of rows of the CSV on disk, without its header."""
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def number(connection: "duckdb.DuckDBPyConnection", text: str, parameters: list[str] | None = None) -> int:
    """The single number that a statement returns."""
    row = connection.execute(text, parameters or []).fetchone()
    return int(row[0]) if row else 0


def write_cover(connection: "duckdb.DuckDBPyConnection", package: Package) -> None:
    """Write counts of grants by status and by line, rows of each file, orders to report and unmatched challenges."""
    rows = connection.execute(_COUNTS).fetchall()
    sections = {"all": "all grants", "status": "grants by status", "line": "grants by courthouse and agency"}
    with package.open(("cover_sheet",), "Cover sheet", COVER) as table:
        if package.note:
            table.add(["days", *[None] * 3, package.note, *[None] * 7])
        for (source,) in connection.execute(_POLICY_SOURCE, [package.built.policy_id]).fetchall():
            table.add(["source of the policy", *[None] * 3, source, *[None] * 7])
        if not rows:
            table.add([sections["all"], *["all"] * 4, 0, 0, 0, 0, None, None, None])
        for kind, *line, convictions, cases, people, first in rows:
            table.add([sections[kind], *line, convictions, cases, people, first, None, None, None])
        for state, convictions in connection.execute(_SENTENCES).fetchall():
            table.add(["sentences on the package's day", *[None] * 3, state, convictions, *[None] * 6])
        for status, convictions in connection.execute(_NOT_GRANTED, [package.built.policy_id]).fetchall():
            listed = _NOT_GRANTED_LISTS.get(status)
            table.add(["on the DOJ's list, not granted", None, None, listed, status, convictions, *[None] * 6])
        for which, listed in _NOTICES.items():
            for reason, convictions in connection.execute(_HELD_CHALLENGES.format(which=which)).fetchall():
                table.add(["held in a notice", None, None, listed, reason, convictions, *[None] * 6])
        off_the_list = number(connection, _OPEN.format(which="is_open_off_the_list"))
        table.add(["for an attorney", *[None] * 3, _OFF_THE_LIST, off_the_list, *[None] * 6])
        for status, convictions, orders in connection.execute(_FLAGS).fetchall():
            table.add(["for an attorney", *[None] * 3, status, convictions, *[None] * 3, orders, None, None])
        for path, count in package.files.items():
            table.add(["rows of a file", *[None] * 9, None, f"{path.relative_to(package.folder)}: {count} rows"])
        for status, orders in connection.execute(_ORDERS).fetchall():
            table.add(["orders and the DOJ", *[None] * 3, status, *[None] * 4, orders, None, None])
        table.add(["challenges of no known conviction", *[None] * 9, number(connection, LOOSE), None])


# Two lines may share cases and people, so cases and people are not added up over lines.
_COUNTS = """
    select
        case when grouping(courthouse_key) = 0 then 'line' when grouping(filing_list) = 0 then 'status' else 'all' end
            as line_type,
        coalesce(courthouse_key, 'all'),
        coalesce(prosecuting_agency_name, 'all'),
        coalesce(filing_list, 'all'),
        coalesce(filing_status, 'all'),
        count(*),
        count(distinct case_key),
        count(distinct person_key),
        count(*) filter (where priority = 1)
    from filings
    inner join (select conviction_key, case_key from marts.fct_convictions) as cases
        on filings.conviction_key = cases.conviction_key
    group by grouping sets (
        (courthouse_key, prosecuting_agency_name, filing_list, filing_status), (filing_list, filing_status), ()
    )
    having count(*) > 0
    order by case line_type when 'all' then 0 when 'status' then 1 else 2 end, 2, 3, 4, 5
"""
_OPEN = """
    select count(*) from marts.fct_relief_challenges as challenges
    inner join intermediate.int_filing__case_identifiers as identifiers
        on challenges.conviction_key = identifiers.conviction_key
    where challenges.{which} and not identifiers.is_juvenile_case
"""
_NOT_GRANTED = """
    select not_granted_status, count(*) from marts.fct_relief_not_granted where policy_id = ? group by all order by all
"""
_NOT_GRANTED_LISTS = {
    "put_to_the_court": "on_the_list_not_granted",
    **dict.fromkeys(HELD_STATUSES, "on_the_list_not_granted_held"),
}
_POLICY_SOURCE = "select source from marts.dim_policies where policy_id = ? and source <> ''"
_NOTICES = {
    "is_open": "notice_to_court; notice_to_public_defender",
    "is_open_off_the_list": "notice_to_public_defender_not_on_the_list",
}
_HELD_CHALLENGES = """
    select
        case when case_number is null then 'no_case_number' when section is null then 'no_section'
            else 'no_count_number' end as held_reason,
        count(*)
    from marts.fct_relief_challenges as challenges
    inner join intermediate.int_filing__case_identifiers as identifiers
        on challenges.conviction_key = identifiers.conviction_key
    where challenges.{which} and not identifiers.is_juvenile_case
        and (case_number is null or section is null or count_number is null)
    group by all order by all
"""
_OFF_THE_LIST = "open challenge against a conviction that was not surely on the list"
# Each row has a number of convictions or a number of orders.
_FLAGS = """
    select 'risk of danger against a completed sentence', count(*), null
    from marts.fct_relief_challenges where is_risk_against_completed_sentence
    union all
    select 'challenge of which it cannot be told whether it is a risk of danger against a completed sentence', count(*),
        null
    from marts.fct_relief_challenges where is_risk_against_completed_sentence is null
    union all
    select 'order whose ground does not fit the offense', null, count(*) filter (where not is_ground_fitting)
    from marts.fct_disposition_reports
    union all
    select 'order of which it cannot be told whether its ground fits the offense', null,
        count(*) filter (where is_ground_fitting is null)
    from marts.fct_disposition_reports
"""
_SENTENCES = """
    select
        case sentence_state
            when 'served' then 'served: resentencing is asked'
            when 'unknown' then 'whether it has ended cannot be told: held'
            when 'ended' then case relief_asked
                when 'redesignation' then 'ended: redesignation is asked' else 'ended: held' end
        end as state,
        count(*)
    from filings
    where sentence_state is not null and filing_list not in ('settled', 'left_out')
    group by all order by all
"""
LOOSE = (
    "select count(*) from marts.fct_relief_events "
    "where event_type in ('challenged', 'challenge_withdrawn') "
    "and match_status in ('no_conviction', 'ambiguous', 'names_differ')"
)
_ORDERS = """
    select
        case
            when reports.event_key is null then 'of another or an unknown county: not listed'
            when reports.is_juvenile_case then 'of a juvenile case: not listed'
            when reports.is_reported then 'reported to the DOJ'
            when reports.is_reported is null and reports.is_due_date_past then 'reported or not cannot be told, overdue'
            when reports.is_reported is null then 'reported or not cannot be told'
            when reports.is_due_date_past then 'not reported, overdue'
            when reports.is_due_date_past is null then 'not reported, order without a date'
            else 'not reported, not due yet'
        end as status,
        count(*) as orders
    from marts.fct_relief_events as events
    left join marts.fct_disposition_reports as reports on events.event_key = reports.event_key
    where events.event_type = 'order_signed' and events.match_status = 'matched'
    group by all order by all
"""
