"""The older tool's summary (``gogen.json``): the same fields in the same order, counted from the warehouse."""

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

DISMISS_ALL = "dismiss_all_prop64"
SECONDS = "processingTimeInSeconds"
_PEOPLE = {
    "CountSubjectsNoConviction": "people with no conviction left",
    "CountSubjectsNoConvictionLast7Years": "people with no conviction in the last 7 years",
    "CountSubjectsNoFelony": "people with no felony left",
}
_BY_SECTION = re.compile(r"(?:Dismiss|Reduce) all HS (\d+) convictions")
_NOT_ADDITIONAL = ("Dismiss all HS", "Misdemeanor or Infraction")


def summarize(
    connection: "duckdb.DuckDBPyConnection", policy_id: str, rows: int, seconds: float, counted_as: str = "ours"
) -> dict[str, Any]:
    """The summary of one policy over `rows` rows. `counted_as` is ``ours``, or ``older_tool`` for its interpretation.

    Time is in seconds. The earliest conviction is None if no conviction has a date.
    """
    found: dict[tuple[str, str], dict[str, int]] = {}
    for policy, measure, item, counted in connection.execute(
        "select policy_id, measure, item, counted from reporting.rpt_older_tool_summary "
        "where counted_as = ? and policy_id in ('', ?, ?) order by all",
        [counted_as, policy_id, DISMISS_ALL],
    ).fetchall():
        found.setdefault((policy, measure), {})[item] = counted

    def number(measure: str, policy: str = "") -> int:
        return found.get((policy, measure), {}).get("") or 0

    def relief(policy: str) -> dict[str, int]:
        return {field: number(measure, policy) for field, measure in _PEOPLE.items()}

    dismissals = found.get((policy_id, "dismissals by reason"), {})
    reductions = found.get((policy_id, "reductions by reason"), {})
    reasons = [
        reason
        for (reason,) in connection.execute(
            "select distinct reason from intermediate.int_policies__rules where policy_id = ? order by reason",
            [policy_id],
        ).fetchall()
    ]
    county = connection.execute("select county_name from staging.stg_landing__build_context").fetchone()
    return {
        "county": county[0] if county else "",
        "earliestConviction": _day(number("earliest conviction")),
        "lineCount": rows,
        SECONDS: seconds,
        "reliefWithCurrentEligibilityChoices": relief(policy_id),
        "reliefWithDismissAllProp64": relief(DISMISS_ALL),
        "prop64ConvictionsCountInCountyByCodeSection": found.get(("", "convictions by section"), {}),
        "subjectsWithProp64ConvictionCountInCounty": number("people with convictions"),
        "prop64FelonyConvictionsCountInCounty": number("felony convictions"),
        "prop64NonFelonyConvictionsCountInCounty": number("non-felony convictions"),
        "subjectsWithSomeReliefCount": number("people with relief", policy_id),
        "convictionDismissalCountByCodeSection": _by_section(reasons, "Dismiss", dismissals),
        "convictionReductionCountByCodeSection": _by_section(reasons, "Reduce", reductions),
        "convictionDismissalCountByAdditionalRelief": {
            reason: count for reason, count in dismissals.items() if not reason.startswith(_NOT_ADDITIONAL)
        },
    }


def _by_section(reasons: list[str], verb: str, counts: dict[str, int]) -> dict[str, int]:
    """The count of every section that the policy names; 0 for a section without a conviction."""
    return {
        match[1]: counts.get(reason, 0)
        for reason in reasons
        if reason.startswith(verb) and (match := _BY_SECTION.fullmatch(reason))
    }


def _day(yyyymmdd: int) -> str | None:
    if not yyyymmdd:
        return None
    return f"{yyyymmdd // 10000:04d}-{yyyymmdd // 100 % 100:02d}-{yyyymmdd % 100:02d}T00:00:00Z"


def as_json(summary: dict[str, Any]) -> str:
    """One line as Go writes it: no spaces, and <, > and & escaped."""
    text = json.dumps(summary, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
