"""Compare the counts of the warehouse with the truth file of the SYNTHETIC extracts, line by line."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relief.home import Home, open_warehouse

UNITS = {
    "convictions": "count(distinct conviction_key)",
    "cases": "count(distinct case_key)",
    "people": "count(distinct person_key)",
}
STAGES = {
    "order_signed": "is_dismissed_by_order",
    "court_record_updated": "is_dismissed_by_order and is_court_record_updated",
    "doj_updated": "is_dismissed_by_order and is_doj_updated",
}


@dataclass(frozen=True)
class Line:
    """One fact in one unit: the number that was planted, and the number that the warehouse counts."""

    fact: str
    unit: str
    truth: int
    counted: int

    @property
    def difference(self) -> int:
        """The warehouse's count minus the true number."""
        return self.counted - self.truth


def compare(home: Home, truth_file: Path) -> list[Line]:
    """Return one line for each fact and unit: waves, stages, levels, years, sections, events and outcomes."""
    truth: dict[str, Any] = json.loads(truth_file.read_text(encoding="utf-8"))
    lines: list[Line] = []
    with open_warehouse(home, read_only=True) as connection:

        def count(measure: str, where: str, table: str = "marts.fct_convictions") -> int:
            row = connection.execute(f"select {measure} from {table} where {where}").fetchone()
            return int(row[0] or 0) if row else 0

        def add(fact: str, injected: dict[str, int], where: str) -> None:
            for unit, measure in UNITS.items():
                lines.append(Line(fact, unit, injected[unit], count(measure, where)))

        for wave in (1, 2):
            injected = truth[f"wave_{wave}"]
            for stage, condition in STAGES.items():
                where = f"wave_number = {wave} and {condition}"
                add(f"wave {wave} {stage}", injected[stage], where)
                for level, part in injected[stage]["by_level"].items():
                    add(f"wave {wave} {stage} {level}", part, f"{where} and level = '{level}'")
            dismissed = f"wave_number = {wave} and is_dismissed_by_order"
            for year, part in injected["by_order_year"].items():
                add(f"wave {wave} ordered in {year}", part, f"{dismissed} and year(relief_order_date) = {year}")
            for year, part in injected["by_conviction_year"].items():
                condition = "conviction_year is null" if year == "unknown" else f"conviction_year = {year}"
                add(f"wave {wave} convicted in {year}", part, f"{dismissed} and {condition}")
            for section, part in injected["by_section"].items():
                add(f"wave {wave} section {section}", part, f"{dismissed} and offense = '{section}'")
        add(
            "neither wave, ordered",
            truth["neither"]["order_signed"],
            "is_dismissed_by_order and is_in_county and wave_number is null",
        )
        add("in both files", truth["in_both_files"], _BOTH)
        orders = "event_type = 'order_signed'"
        events = "marts.fct_relief_events"
        lines += [
            Line("events", "events", truth["events"]["total"], count("count(*)", "true", events)),
            Line("orders signed", "events", truth["events"]["orders"], count("count(*)", orders, events)),
            Line(
                "duplicate events",
                "events",
                truth["events"]["duplicate_events"],
                count("count(*)", "match_status = 'duplicate'", events),
            ),
            Line(
                "events for unknown records",
                "events",
                truth["events"]["events_for_unknown_records"],
                count("count(*)", "match_status = 'no_conviction'", events),
            ),
        ]
        outcomes = truth["people_outcomes"]["all_orders"]
        for outcome in ("people_with_relief", "no_felony_left", "no_conviction_left"):
            counted = count(outcome, "basis = 'relief orders' and is_policy_choice", "reporting.rpt_people_outcomes")
            lines.append(Line(f"people outcome {outcome}", "people", outcomes[outcome], counted))
    return lines


_BOTH = (
    "source = 'both' and is_in_county and (is_prop_64 or is_prop_64_predecessor) and offense <> 'unknown' "
    "and (conviction_date < date '2016-11-09' or conviction_date is null)"
)


def print_table(lines: list[Line]) -> None:
    """Print every line except the conviction years that agree."""
    print(f"{'fact':<44}{'unit':<17}{'truth':>9}{'counted':>9}{'difference':>11}")
    for line in lines:
        if line.difference or "convicted in" not in line.fact:
            print(f"{line.fact:<44}{line.unit:<17}{line.truth:>9,}{line.counted:>9,}{line.difference:>+11,}")
    differing = sum(1 for line in lines if line.difference)
    print(f"{len(lines)} facts compared, {differing} differ")
