"""Small release files in the published layout, for the tests of the dashboard: invented numbers, no warehouse."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.python.support.release_lifecycle import lifecycle_rows
from tests.python.support.release_pages import PAGE_TABLES, page_rows

AS_OF = date(2021, 12, 31)
HOSTILE = '<img src=x onerror="document.title=1"> ![x](http://198.51.100.7/x.png) [here](javascript:alert(1)) $a$ `b`'

_REACHED = (
    "stage_number integer, stage varchar, in_review bigint, counted bigint, rate double, stuck_here bigint, "
    "is_synthetic boolean"
)
TABLES = {
    "release_info": "release_id varchar, build_id varchar, kind varchar, published_at timestamp, county varchar, "
    "evaluated_as_of_date date, extract_as_of_date date, is_synthetic boolean, notice varchar, relief_version varchar, "
    "data_quality varchar",
    "rpt_data_quality": "figure_no integer, figure_id varchar, title varchar, unit varchar, counted bigint, "
    "verdict varchar",
    "audit_headline_findings": "figure_no integer, figure_id varchar, place integer, finding_group varchar, "
    "verdict varchar, sentence varchar",
    "acceptances": "figure_id varchar, counted_before bigint, counted_now bigint, may_fall_by double, reason varchar, "
    "accepted_by varchar, accepted_at timestamp",
    "rpt_progress_toward_published_totals": "wave_number integer, wave_title varchar, unit varchar, "
    "stage_number integer, stage varchar, stage_title varchar, published_count bigint, published_as_of_date date, "
    "published_source_name varchar, published_source_url varchar, counted bigint, counted_low bigint, "
    "counted_high bigint, share_of_published double, extract_as_of_date date, is_synthetic boolean",
    "rpt_dismissals_by_year_and_offense": "year_basis varchar, year varchar, offense varchar, level varchar, "
    "wave varchar, unit varchar, dismissals bigint, extract_as_of_date date, is_synthetic boolean",
    "rpt_people_outcomes": "basis varchar, basis_type varchar, unit varchar, people_with_relief bigint, "
    "no_felony_left bigint, no_conviction_left bigint, no_conviction_last_7_years bigint, cannot_tell bigint, "
    "evaluated_as_of_date date, extract_as_of_date date, is_synthetic boolean, overdue_records varchar, "
    "is_policy_choice boolean, people_with_relief_low bigint, people_with_relief_high bigint, "
    "no_felony_left_low bigint, no_felony_left_high bigint, no_conviction_left_low bigint, "
    "no_conviction_left_high bigint, no_conviction_last_7_years_low bigint, no_conviction_last_7_years_high bigint",
    "published_figures": "figure_id varchar, metric varchar, value bigint, unit varchar, as_of_date date, "
    "geography varchar, source_name varchar, source_url varchar, note varchar",
    "delivery_quality": "delivery_id varchar, source varchar, table_name varchar, as_of_date date, "
    "as_of_given boolean, landed_at timestamp, records bigint, loaded bigint, rejected bigint, rows_in_raw bigint, "
    "is_reconciled boolean, status varchar, is_synthetic boolean",
    "rpt_universe_reconciliation": "universe varchar, universe_title varchar, line_number integer, line varchar, "
    "kind varchar, line_title varchar, explanation varchar, unit varchar, counted bigint, counted_low bigint, "
    "counted_high bigint, extract_as_of_date date, published_count bigint, published_as_of_date date, "
    "published_scope varchar, published_source_name varchar, published_source_url varchar, is_synthetic boolean",
    "rpt_review_progress": "policy_id varchar, policy_title varchar, review_reason varchar, unit varchar, "
    "to_review bigint, decided bigint, settled bigint, waiting bigint, share_decided double, "
    "oldest_waiting_days bigint, median_waiting_days double, queue_as_of_date date, is_synthetic boolean",
    "unknown_plants": "from_policy_id varchar, to_policy_id varchar, from_rule_id varchar, from_rule_title varchar, "
    "from_determination varchar, to_rule_id varchar, to_rule_title varchar, to_determination varchar, "
    "convictions bigint, people bigint, evaluated_as_of_date date, is_synthetic boolean",
    "rpt_orders_by_month": "wave_number integer, unit varchar, order_month date, ordered bigint, "
    "ordered_so_far bigint, extract_as_of_date date, is_synthetic boolean",
    "rpt_relief_standing": "courthouse varchar, standing varchar, unit varchar, convictions bigint, share double, "
    "lifecycle_as_of_date date, extract_as_of_date date, is_synthetic boolean",
    "rpt_relief_funnel": "wave varchar, stage_number integer, stage varchar, stage_title varchar, unit varchar, "
    "counted bigint, counted_low bigint, counted_high bigint, waiting_here bigint, ended_here bigint, "
    "stuck_here bigint, stuck_unknown bigint, lifecycle_as_of_date date, is_synthetic boolean",
    "rpt_relief_stage_days": "transition_number integer, transition varchar, transition_title varchar, "
    "group_type varchar, group_name varchar, unit varchar, convictions bigint, reached bigint, still_waiting bigint, "
    "not_measurable bigint, median_days bigint, three_quarters_days bigint, is_synthetic boolean",
    "rpt_stuck_convictions": "stage_number integer, stage varchar, stage_title varchar, unit varchar, "
    "courthouse varchar, waiting bigint, stuck bigint, cannot_tell bigint, stuck_after_days integer, "
    "stuck_reason varchar, limit_source varchar, limit_citation varchar, oldest_days bigint, oldest_since_date date, "
    "oldest_rank bigint, is_synthetic boolean",
    "rpt_relief_by_courthouse": f"courthouse varchar, {_REACHED}",
    "rpt_relief_by_race_sex_age": f"race varchar, sex varchar, age_band varchar, {_REACHED}",
    "change_counts": "what varchar, policy_id varchar, cause varchar, changes bigint, convictions bigint",
    "audit_counts": "finding varchar, title varchar, unit varchar, findings bigint",
    "check_results": "build_id varchar, gate varchar, check_name varchar, description varchar, severity varchar, "
    "status varchar, observed varchar, checked_at timestamp",
    "data_dictionary": "table_name varchar, column_name varchar, description varchar",
    **PAGE_TABLES,
}
MARKED = {
    "rpt_progress_toward_published_totals",
    "rpt_dismissals_by_year_and_offense",
    "rpt_people_outcomes",
    "rpt_relief_standing",
}
NOT_PUBLIC = {
    "rpt_data_quality",
    "audit_headline_findings",
    "acceptances",
    "delivery_quality",
    "audit_counts",
    "check_results",
    "rpt_review_progress",
    "unknown_plants",
    "rpt_universe_reconciliation",
    "rpt_orders_by_month",
    "rpt_relief_funnel",
    "rpt_relief_stage_days",
    "rpt_stuck_convictions",
    "rpt_relief_by_courthouse",
    "rpt_relief_by_race_sex_age",
    "change_counts",
    *PAGE_TABLES,
}


@dataclass
class Numbers:
    """The values that a test may change."""

    release_id: str = "20220110T090000Z"
    synthetic: bool = True
    county: str = "LOS ANGELES"
    wave_1: tuple[int, int, int, int] = (66_020, 64_812, 62_300, 58_940)
    wave_2: tuple[tuple[int, int, int], ...] = (
        (57_640, 57_020, 58_210),
        (56_480, 55_910, 57_030),
        (51_020, 50_600, 51_500),
        (44_110, 43_700, 44_600),
    )
    failed_check: bool = False
    events: bool = True
    delivered: tuple[str, ...] = ("ca_doj", "la_court", "relief_events")
    years: dict[str, int] = field(
        default_factory=lambda: {
            **{str(year): 40 + 55 * (year - 1961) for year in range(1961, 2000)},
            **{str(year): 3_000 + 60 * (year - 2000) for year in range(2000, 2011)},
            **{str(year): 1_800 - 220 * (year - 2011) for year in range(2011, 2018)},
            "unknown": 412,
        }
    )
    order_years: dict[str, int] = field(
        default_factory=lambda: {"2020": 64_812, "2021": 55_204, "2022": 1_276, "unknown": 7}
    )


def write_release(home: Path, numbers: Numbers | None = None) -> dict[str, Any]:
    """Write the leadership and public files, and the pointer to them, which is returned."""
    numbers = numbers or Numbers()
    folder = home / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    names = {kind: f"{kind}-{numbers.release_id}.duckdb" for kind in ("leadership", "public", "research")}
    for kind in ("leadership", "public"):
        (folder / names[kind]).unlink(missing_ok=True)
        with duckdb.connect(str(folder / names[kind])) as connection:
            _fill(connection, numbers, kind)
    pointer = {
        "release_id": numbers.release_id,
        "build_id": "20220110T085500Z",
        "published_at": "2022-01-10T09:00:00Z",
        **names,
        "previous": None,
    }
    write_pointer(home, json.dumps(pointer))
    return pointer


def write_pointer(home: Path, content: str) -> None:
    """Replace the pointer as publishing does: write a new file and rename it over the old one."""
    folder = home / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "current.new").write_text(content, encoding="utf-8")
    (folder / "current.new").replace(folder / "current")


def _fill(connection: duckdb.DuckDBPyConnection, numbers: Numbers, kind: str) -> None:
    """Fill all tables of one release file."""
    public = kind == "public"
    rows = _rows(numbers, kind)
    for table, columns in TABLES.items():
        if public and table in NOT_PUBLIC:
            continue
        marked = public and table in MARKED
        connection.execute(f"create table {table} ({columns}{', mark varchar' if marked else ''})")
        names = [column.split()[0] for column in columns.split(", ")] + (["mark"] if marked else [])
        content = [_marked(table, row) if marked else row for row in rows[table]]
        if content:
            frame = pd.DataFrame(content, columns=names, dtype=object)
            connection.register("content", frame)
            connection.execute(f"insert into {table} select * from content")
            connection.unregister("content")


def _marked(table: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The public version of a row, in which small counts of the dismissals table are suppressed."""
    if table != "rpt_dismissals_by_year_and_offense":
        return (*row, "value")
    count = row[6]
    if 0 < count < 11:
        return (*row[:6], None, *row[7:], "suppressed")
    return (*row, "value" if count else "zero")


VERDICTS = {
    "wave_1_ordered": ("Wave 1: convictions ordered dismissed", "convictions", "usable"),
    "wave_2_ordered": ("Wave 2: cases ordered dismissed", "cases", "usable with notes"),
    "visible_at_doj": ("Convictions whose relief is visible in the record of the DOJ", "convictions", "usable"),
    "waiting_too_long": ("Convictions that wait longer than the limit", "convictions", "do not quote"),
}


def _verdicts() -> dict[str, Iterable[tuple[Any, ...]]]:
    """One figure with each verdict, findings of both groups, and one figure that somebody accepted."""
    figures = enumerate(VERDICTS.items(), start=1)
    return {
        "rpt_data_quality": [
            (number, figure_id, title, unit, 800 + number, verdict)
            for number, (figure_id, (title, unit, verdict)) in figures
        ],
        "audit_headline_findings": [
            (2, "wave_2_ordered", 1, "changes the headline", "usable with notes", "Links leave a range from 7 to 9."),
            (2, "wave_2_ordered", 2, "does not change the headline", "usable", "Of 240 checks 239 passed."),
            (4, "waiting_too_long", 1, "changes the headline", "do not quote", f"The figure is 0. {HOSTILE}"),
        ],
        "acceptances": [("wave_2_ordered", 900, 802, 0.02, f"Withdrawn {HOSTILE}", "clerk", datetime(2022, 1, 10, 9))],
    }


def _rows(numbers: Numbers, kind: str) -> dict[str, Iterable[tuple[Any, ...]]]:
    """The rows of every table."""
    flag = numbers.synthetic
    notice = "SYNTHETIC DATA: made by a program; no real person, case or order is counted here." if flag else ""
    published = datetime(2022, 1, 10, 9, 0)
    info = (
        numbers.release_id,
        "20220110T085500Z",
        kind,
        published,
        numbers.county,
        AS_OF,
        AS_OF,
        flag,
        notice,
        "0.1.0",
        "Headline figures: 2 usable, 1 usable with notes, 1 do not quote.",
    )
    ways = (AS_OF, AS_OF, flag, "counted", True)
    return {
        "release_info": [info],
        **_verdicts(),
        "rpt_progress_toward_published_totals": _progress(numbers),
        "rpt_dismissals_by_year_and_offense": _dismissals(numbers),
        "rpt_people_outcomes": [
            (basis, kind, "people", *counts, unknown, *ways, *(end for n in counts for end in (n - 30, n + 50)))
            for basis, kind, counts, unknown in (
                ("relief orders", "orders", (90_211, 38_204, 25_310, 40_987), 1_204),
                ("la_pilot_2019", "policy", (52_870, 21_930, 14_870, 23_110), 640),
            )
        ],
        "published_figures": [
            (
                "f1",
                "convictions_first_wave",
                66_000,
                "convictions",
                date(2020, 2, 13),
                "LA County",
                "Local press",
                "https://example.org/wave-1",
                "from DOJ bulk data",
            ),
            (
                "f2",
                "cases_second_wave",
                58_000,
                "cases",
                date(2021, 9, 27),
                "LA County",
                "Local press",
                "https://example.org/wave-2",
                None,
            ),
        ],
        "delivery_quality": [
            (
                f"{source}-0123456789ab",
                source,
                table,
                AS_OF,
                source != "relief_events",
                published,
                records,
                records - rejected,
                rejected,
                records - rejected,
                True,
                "landed",
                flag,
            )
            for source, table, records, rejected in (
                ("ca_doj", "ca_doj", 412_006, 11),
                ("la_court", "la_court_cases", 88_120, 0),
                ("la_court", "la_court_counts", 121_544, 4),
                ("la_court", "la_court_sentences", 130_002, 0),
                ("relief_events", "relief_events", 301_775, 0),
            )
            if source in numbers.delivered
        ],
        "rpt_universe_reconciliation": [
            (
                "first_wave",
                "From the list to the first wave",
                number,
                line,
                kind,
                title,
                "What it counts",
                unit,
                count,
                count,
                high,
                AS_OF,
                figure,
                date(2020, 2, 13) if figure else None,
                None,
                "office",
                HOSTILE,
                numbers.synthetic,
            )
            for number, line, kind, title, count, high, figure in (
                (1, "on_doj_list", "start", "On the list", 67_010, 67_010, None),
                (2, "no_event", "minus", "No order", 1_010, 1_090, None),
                (3, "wave_1", "result", "Ordered in the first wave", 66_000, 66_000, 66_000),
            )
            for unit in ("convictions", "cases", "people")
        ],
        "unknown_plants": [
            (
                "statutory_11361_8",
                "statutory_11361_8_more_plants",
                rule,
                title,
                answer,
                "cultivation",
                "Cultivation of more than six plants: a misdemeanor today",
                "Eligible for Redesignation",
                convictions,
                people,
                AS_OF,
                numbers.synthetic,
            )
            for rule, title, answer, convictions, people in (
                ("cultivation_at_18_to_20", "An infraction today", "Eligible for Redesignation", 1_950, 1_900),
                ("cultivation_lawful_today", HOSTILE, "Eligible for Dismissal and Sealing", 10_401, 9_870),
            )
        ],
        "rpt_review_progress": [
            (
                "statutory_11361_8",
                "The statute",
                "all",
                "convictions",
                1_240,
                310,
                120,
                810,
                0.2767857,
                912,
                400.5,
                AS_OF,
                numbers.synthetic,
            ),
            (
                "statutory_11361_8",
                "The statute",
                "An attempt",
                "convictions",
                1_240,
                310,
                120,
                810,
                0.2767857,
                912,
                400.5,
                AS_OF,
                numbers.synthetic,
            ),
        ],
        "rpt_orders_by_month": _months(numbers) * numbers.events,
        **page_rows(flag, events=numbers.events),
        **lifecycle_rows(flag, events=numbers.events),
        "audit_counts": [
            ("unmapped", "Charge texts that name no known section", "charge texts", 214),
            ("look_alike", "Charge texts that look like another section", "charge texts", 38),
            ("dates", "Dates that cannot be true", "records", 97),
            ("unmatched", "Relief events that match no conviction", "events", 1_103),
        ],
        "check_results": [
            ("20220110T085500Z", gate, name, description, severity, status, observed, published)
            for gate, name, description, severity, status, observed in (
                ("landed", "rows", "Every delivery has rows", "stop", "passed", "5"),
                ("landed", "dates", "Conviction dates lie between 1900 and the extract's date", "warn", "warned", "97"),
                ("dbt", "unique", "One row per conviction", "stop", "passed", "0"),
                ("dbt", "contracts", "Marts keep their contracts", "stop", "passed", "0"),
                (
                    "published",
                    "totals",
                    "Published totals match the warehouse",
                    "stop",
                    "failed" if numbers.failed_check else "passed",
                    "0",
                ),
            )
        ],
        "data_dictionary": [("release_info", "release_id", "Which release this is")],
    }


def _progress(numbers: Numbers) -> list[tuple[Any, ...]]:
    """Rows for both waves of orders at the four stages."""
    stages = (
        ("identified", "Identified"),
        ("order_signed", "Order signed"),
        ("court_record_updated", "Court record updated"),
        ("doj_updated", "DOJ record updated"),
    )
    waves = (
        (1, "First wave, announced 2020", "convictions", 66_000, date(2020, 2, 13), "https://example.org/wave-1"),
        (2, "Second wave, announced 2021", "cases", 58_000, date(2021, 9, 27), "https://example.org/wave-2"),
    )
    rows: list[tuple[Any, ...]] = []
    for wave, title, unit, published, day, url in waves:
        counts = [(count, count, count) for count in numbers.wave_1] if wave == 1 else list(numbers.wave_2)
        for index, (stage, stage_title) in enumerate(stages):
            value, low, high = counts[index]
            announced = (published, day, "Local press", url) if stage == "order_signed" else (None, None, None, None)
            share = value / published if stage == "order_signed" else None
            rows.append(
                (
                    wave,
                    title,
                    unit,
                    index + 1,
                    stage,
                    stage_title,
                    *announced,
                    value,
                    low,
                    high,
                    share,
                    AS_OF,
                    numbers.synthetic,
                )
            )
    return rows


def _months(numbers: Numbers) -> list[tuple[Any, ...]]:
    """Half of each wave of orders in its first month, the rest a month later; the last sum is the wave's count."""
    rows: list[tuple[Any, ...]] = []
    for wave, unit, count, year in (
        (1, "convictions", numbers.wave_1[1], 2020),
        (2, "cases", numbers.wave_2[1][0], 2021),
    ):
        first = count // 2
        rows.append((wave, unit, date(year, 2, 1), first, first, AS_OF, numbers.synthetic))
        rows.append((wave, unit, date(year, 3, 1), count - first, count, AS_OF, numbers.synthetic))
    return rows


def _dismissals(numbers: Numbers) -> list[tuple[Any, ...]]:
    """Rows by year, offense, level, wave and unit; for cases and people, a total is never the sum of its parts."""
    offenses = {"11357": 0.22, "11358": 0.11, "11359": 0.34, "11360": 0.27, "11530": 0.04, "unknown": 0.02}
    units = {"convictions": 1.0, "cases": 0.9, "people": 0.75}
    bases = {"relief_order_year": numbers.order_years, "conviction_year": numbers.years}
    rows: list[tuple[Any, ...]] = []
    for basis, years in bases.items():
        for unit, factor in units.items():
            for wave, wave_share in (("all", 1.0), ("1", 0.53), ("2", 0.46), ("neither", 0.01)):
                for level, level_share in (("all", 1.0), ("felony", 0.7), ("misdemeanor", 0.3)):
                    for year, count in {"all": sum(years.values()), **years}.items():
                        base = count * factor * wave_share * level_share
                        for offense, part in {"all": 1.0, **offenses}.items():
                            rows.append(
                                (basis, year, offense, level, wave, unit, round(base * part), AS_OF, numbers.synthetic)
                            )
    return rows
