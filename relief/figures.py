"""Format numbers and dates for pages and reports, always with the same rounding."""

from datetime import date, datetime
from fractions import Fraction


def number(value: int | float | None) -> str:
    """Format the number as 12,345, or 'cannot tell' for None."""
    if value is None:
        return "cannot tell"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def span(low: int | None, high: int | None, value: int | None) -> str:
    """One number, or a range if uncertain links leave the number open."""
    if low is None or high is None or low == high:
        return number(value)
    return f"{low:,} to {high:,}"


def share(part: int | None, whole: int | None) -> str:
    """The part as a percentage of the whole."""
    if part is None or not whole:
        return "cannot tell"
    return percent(Fraction(part, whole))


def percent(fraction: Fraction | float) -> str:
    """A percentage with one decimal, rounded half up. A share below 100% is never shown as 100.0%."""
    exact = Fraction(fraction) * 100
    tenths = int(exact * 10 + Fraction(1, 2))
    if exact > 0 and tenths == 0:
        return "less than 0.1%"
    if exact < 100 and tenths == 1000:  # noqa: PLR2004  (percent, and tenths of it)
        return "more than 99.9%"
    if exact > 100 and tenths == 1000:  # noqa: PLR2004  (as above)
        return "more than 100.0%"
    return f"{tenths / 10:,.1f}%"


def tenths(part: int, whole: int) -> int:
    """A share in tenths of a percent, rounded as in `percent`, so that differences match the shown percentages."""
    return int(Fraction(part * 1000, whole) + Fraction(1, 2))


def points(difference: int) -> str:
    """Format the difference of two percentages with its sign. The argument is in tenths of a percentage point."""
    sign = "+" if difference > 0 else "\u2212" if difference < 0 else ""
    return f"{sign}{abs(difference) / 10:.1f} points"


def day(value: date | datetime | str | None) -> str:
    """Format a date as an ISO date, or 'date unknown'."""
    if value is None:
        return "date unknown"
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value)[:10]


def moment(value: datetime | str | None) -> str:
    """Format a UTC time to the minute."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    return str(value) if value else "unknown"


def county_name(county: str) -> str:
    """Write a county such as LOS ANGELES as people write it: Los Angeles."""
    return f"{county.title()} County" if county else "County unknown"
