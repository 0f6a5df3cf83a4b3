"""The progress and people reports as they may leave the office, without small numbers and small differences.

Stages and outcomes are nested: an order precedes its record update, and no conviction left implies no felony left. So
the difference of two published numbers is itself a count of convictions, cases or people.
"""

from collections.abc import Iterable, Mapping
from typing import Any

STAGES = ("order_signed", "doj_updated", "court_record_updated", "identified")
"""The most important stage first. When two stages are too close, the first one stays."""
OUTCOMES = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years", "cannot_tell")
Row = dict[str, Any]


def is_close(first: int, second: int, threshold: int) -> bool:
    """Whether the difference of two numbers is a small count."""
    return 0 < abs(first - second) < threshold


def suppress_progress(
    rows: Iterable[Row], totals: Mapping[tuple[str, str], tuple[bool, int | None]], threshold: int
) -> list[Row]:
    """The rows with marks. ``totals[wave, unit]``: whether the dismissals report hides its total, and this total."""
    marked = [dict(row) for row in rows]
    for wave in sorted({row["wave_number"] for row in marked}):
        stages = sorted((row for row in marked if row["wave_number"] == wave), key=_importance)
        is_hidden, total = totals.get((str(wave), stages[0]["unit"]), (False, None))
        shown = [] if total is None else [total]
        for row in stages:
            hidden = _keep(row, "counted", shown, threshold, is_hidden)
            row["mark"] = _mark(hidden, row["counted"])
            if row["mark"] == "suppressed":
                row["share_of_published"] = None
        for row in stages:
            _keep_range(row, shown, threshold)
    return marked


def suppress_outcomes(rows: Iterable[Row], total: tuple[bool, int | None], threshold: int) -> list[Row]:
    """The rows with one mark each. ``total``: whether the dismissals report hides its people total, and that total."""
    marked = sorted((dict(row) for row in rows), key=lambda row: (row["basis_type"] != "orders", row["basis"]))
    by_column: dict[str, list[int]] = {name: [] for name in OUTCOMES}
    for row in marked:
        is_order = row["basis_type"] == "orders"
        shown = [total[1]] if is_order and total[1] is not None else []
        is_any_hidden = False
        for name in OUTCOMES:
            near = [*shown, *by_column[name]]
            is_any_hidden |= _keep(row, name, near, threshold, is_order and total[0])
            if row[name] is not None:
                shown.append(row[name])
                by_column[name].append(row[name])
        row["mark"] = _mark(is_any_hidden, row["people_with_relief"])
    return marked


def _importance(row: Row) -> int:
    return STAGES.index(row["stage"]) if row["stage"] in STAGES else len(STAGES)


def _keep(row: Row, name: str, shown: list[int], threshold: int, is_hidden: bool) -> bool:
    """Keep a number and add it to `shown`, or remove the number if it is small or is close to a shown number."""
    value = row[name]
    if value and (is_hidden or value < threshold or _any_close(value, shown, threshold)):
        row[name] = None
        return True
    if value is not None:
        shown.append(value)
    return False


def _keep_range(row: Row, shown: list[int], threshold: int) -> None:
    """Remove a range that is narrow, because few links are uncertain, or that is close to another shown number."""
    ends = [row["counted_low"], row["counted_high"]]
    small = any(end is not None and (0 < end < threshold or _any_close(end, shown, threshold)) for end in ends)
    is_narrow = None not in ends and is_close(ends[0], ends[1], threshold)
    if row["mark"] == "suppressed" or small or is_narrow:
        row["counted_low"] = row["counted_high"] = None
    else:
        shown += [end for end in ends if end is not None]


def _any_close(value: int, shown: list[int], threshold: int) -> bool:
    return any(is_close(value, other, threshold) for other in shown)


def _mark(is_hidden: bool, value: int | None) -> str:
    if is_hidden:
        return "suppressed"
    return "missing" if value is None else "value" if value else "zero"
