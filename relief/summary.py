"""The summary of `relief run`: published totals beside the warehouse's counts, each in its unit."""

from collections.abc import Callable

from relief.home import Home, open_warehouse


def print_summary(home: Home, report: Callable[[str], None]) -> None:
    """Print one line per wave and stage, with the published number beside the counted one. Units are never added."""
    with open_warehouse(home, read_only=True) as connection:
        rows = connection.execute(
            """
            select wave_title, unit, stage_title, published_count, counted, counted_low, counted_high,
                extract_as_of_date, published_as_of_date, published_source_name, published_source_url, is_synthetic
            from reporting.rpt_progress_toward_published_totals order by wave_number, stage_number
            """
        ).fetchall()
    if any(row[-1] for row in rows):
        report("SYNTHETIC DATA: no line below is about a real person")
    report(f"{'':<44}{'unit':<13}{'published':>10}{'counted':>10}  range and date of the data")
    sources = []
    for wave, unit, stage, published, counted, low, high, as_of, announced, name, url, _ in rows:
        published_text = f"~{published:,}" if published is not None else ""
        counted_text = f"{counted:,}" if counted is not None else "unknown"
        between = f"{low:,} to {high:,}, " if low is not None and low != high else ""
        report(f"{f'{wave}: {stage}':<44.44}{unit:<13}{published_text:>10}{counted_text:>10}  {between}as of {as_of}")
        if published is not None:
            sources.append(f"published: about {published:,} {unit}, {announced}, {name} ({url})")
    for line in sources:
        report(line)
    report("each line is in its own unit; convictions and cases are never added")
