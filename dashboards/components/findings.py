"""Sentences that put the numbers of a release into words."""

from collections.abc import Mapping, Sequence

from dashboards.components.cells import WAVES, Cell, Filters, known_years, one
from dashboards.components.data import ANNOUNCED_STAGE, Audit, Check, Delivery, ReviewQueue, StageCount
from dashboards.components.words import day, number, percent, plain, share, span


def wave_stage(stages: Sequence[StageCount], wave: int, stage: str) -> StageCount | None:
    """Return the count of one wave at one stage."""
    return next((row for row in stages if row.wave_number == wave and row.stage == stage), None)


def share_of_published(row: StageCount) -> str:
    """Return the share of the announced total that was counted; a range if the count is a range."""
    if not row.has_range:
        return share(row.counted, row.published_count)
    low, high = share(row.counted_low, row.published_count), share(row.counted_high, row.published_count)
    return low if low == high else f"{low} to {high}"


def finding(stages: Sequence[StageCount]) -> str:
    """Return one sentence that compares the county's own records with the announced totals.

    Each wave is counted in its own unit.
    """
    parts = [_wave_part(row) for row in stages if row.stage == ANNOUNCED_STAGE]
    parts = [part for part in parts if part]
    if not parts:
        return "This release counts no signed orders yet, so there is nothing to set beside the announced totals."
    return "The county's own records show signed court orders for " + ", and for ".join(parts) + "."


def quotable(stages: Sequence[StageCount]) -> str:
    """Return the text that may be quoted outside the office.

    The text gives the orders of each wave in the wave's own unit, their date, and what an order does not yet mean.
    """
    ordered = [row for row in stages if row.stage == ANNOUNCED_STAGE]
    if not ordered:
        return "This release counts no signed orders yet, so there is nothing to quote."
    days = sorted({day(row.extract_as_of_date) for row in ordered if row.extract_as_of_date})
    when = f"As of {' and '.join(days)}, courts" if days else "Courts"
    parts = [f"{_quoted_part(row)}" for row in ordered]
    return f"{when} have signed orders that dismiss {', and '.join(parts)}. {not_yet_visible(stages)}".strip()


def _quoted_part(row: StageCount) -> str:
    """Return a text such as '**64,812** of about **66,000** convictions announced in 2020'.

    A suppressed count is not shown.
    """
    unit = plain(row.unit)
    if row.mark == "suppressed":
        return f"a number of {unit} that is withheld, because a small count could be computed from it"
    if row.counted is None:
        return f"a number of {unit} that cannot be told yet"
    counted = f"**{span(row.counted_low, row.counted_high, row.counted)}**"
    if row.published_count is None:
        return f"{counted} {unit}"
    year = f" announced in {row.published_as_of_date.year}" if row.published_as_of_date else " announced"
    return f"{counted} of about **{number(row.published_count)}** {unit}{year}"


def _wave_part(row: StageCount) -> str:
    """Return a text such as '**64,812** of the **66,000** convictions announced in 2020 (98.2%)'."""
    unit = plain(row.unit)
    if row.counted is None:
        return f"a number of {unit} that cannot be told yet"
    counted = f"**{span(row.counted_low, row.counted_high, row.counted)}**"
    if row.published_count is None:
        return f"{counted} {unit}"
    year = f" announced in {row.published_as_of_date.year}" if row.published_as_of_date else " announced"
    return f"{counted} of the **{number(row.published_count)}** {unit}{year} ({share_of_published(row)})"


def not_yet_visible(stages: Sequence[StageCount]) -> str:
    """Return how many records the DOJ has updated, by wave. A signed order alone does not change the DOJ's record."""
    parts = [
        f"{span(row.counted_low, row.counted_high, row.counted)} {plain(row.unit)} of wave {row.wave_number}"
        for row in stages
        if row.stage == "doj_updated" and row.counted is not None
    ]
    if not parts:
        return ""
    return (
        "A signed order is not yet relief. The state Department of Justice (DOJ) has updated its record for "
        + " and ".join(parts)
        + "."
    )


def waiting_for_attorneys(queue: ReviewQueue) -> str:
    """Return one sentence on the review queue of a policy: the number that waits, the oldest, and the share decided."""
    decided = "" if queue.share_decided is None else f"; {percent(queue.share_decided)} of what is for them is decided"
    oldest = "" if queue.oldest_waiting_days is None else f", the oldest for {number(queue.oldest_waiting_days)} days"
    return (
        f"Under *{plain(queue.policy_title)}*, **{number(queue.waiting)} convictions** wait for an attorney{oldest}, "
        f"as of {day(queue.queue_as_of_date)}{decided}."
    )


def quality(deliveries: Sequence[Delivery], checks: Sequence[Check], audits: Sequence[Audit]) -> str:
    """Return one line about the quality of the data: deliveries, checks and findings."""
    landed = [row for row in deliveries if row.status == "landed"]
    records, rejected = sum(row.records or 0 for row in landed), sum(row.rejected or 0 for row in landed)
    open_deliveries = sum(1 for row in landed if not row.is_reconciled)
    failed = sum(1 for row in checks if row.status in {"failed", "errored"})
    warned = sum(1 for row in checks if row.status == "warned")
    accounted = (
        f"all {len(landed)} delivered files account for every record"
        if landed and not open_deliveries
        else f"{open_deliveries} of {len(landed)} delivered files do not account for every record"
    )
    return (
        f"{accounted[0].upper()}{accounted[1:]} ({records:,} records, {rejected:,} rejected). "
        f"{len(checks) - failed - warned} of {len(checks)} checks passed, {warned} warned, {failed} failed. "
        f"{sum(1 for row in audits if row.findings)} kinds of finding are open for review."
    )


def is_sound(deliveries: Sequence[Delivery], checks: Sequence[Check]) -> bool:
    """Whether every record of every delivery is accounted for, and every check passed."""
    return all(row.is_reconciled for row in deliveries if row.status == "landed") and all(
        row.status == "passed" for row in checks
    )


def sum_of_years(cells: tuple[Cell, ...], filters: Filters) -> str:
    """Show how the years add up to the total.

    Convictions add up, but a case or a person can be counted in several years.
    """
    total, unknown, years = one(cells, "all"), one(cells, "unknown"), known_years(cells)
    of_years = sum(cell.dismissals or 0 for cell in years)
    of_unknown = (unknown.dismissals or 0) if unknown else 0
    counted = (total.dismissals or 0) if total else 0
    more = of_years + of_unknown - counted
    line = f"{number(of_years)} in known years + {number(of_unknown)} in an unknown year"
    if not more:
        return f"{number(counted)} {filters.unit} = {line}."
    return f"{number(counted)} {filters.unit} = {line} \u2212 {number(more)} counted in more than one year."


def sum_of_waves(waves: Mapping[str, int], total: int, filters: Filters) -> str:
    """Show how the waves add up to the total on the page."""
    titles = {wave: title.lower() for wave, title in WAVES.items() if wave != "all"}
    parts = " + ".join(f"{number(waves.get(wave, 0))} in {title}" for wave, title in titles.items())
    more = sum(waves.values()) - total
    twice = f" \u2212 {number(more)} in more than one" if more else ""
    return f"{number(total)} {filters.unit} = {parts}{twice}."


def by_year(cells: tuple[Cell, ...], filters: Filters) -> str:
    """Describe the result of the chart by year in one sentence."""
    total, unknown, years = one(cells, "all"), one(cells, "unknown"), known_years(cells)
    if total is None or not total.dismissals:
        return "No dismissal in this release fits these filters."
    if filters.unit == "convictions":
        sentence = f"Court orders dismissed **{number(total.dismissals)}** convictions"
    else:
        sentence = f"**{number(total.dismissals)}** {filters.unit} have a conviction dismissed by court order"
    if years:
        peak = max(years, key=lambda cell: cell.dismissals or 0)
        kind = "order year" if filters.year_basis == "relief_order_year" else "conviction year"
        sentence += f". The {kind} with the most is **{peak.year}** with **{number(peak.dismissals)}**"
    unknown_count = unknown.dismissals if unknown and unknown.dismissals else 0
    return f"{sentence}; the year is unknown for **{unknown_count:,}**."
