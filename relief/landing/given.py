"""Find the rows of a decisions or events file that a build cannot use, and why, as far as the file alone shows it.

The build's own staging models and macros are rendered here, so that a cell is read in the same way everywhere.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from relief.home import PROJECT_DIR

if TYPE_CHECKING:
    import duckdb

SHOWN_ROWS = 20
MODELS = {
    "review_decisions": "models/staging/review_decisions/stg_review_decisions__decisions.sql",
    "relief_events": "models/staging/relief_events/stg_relief_events__events.sql",
}
_MACROS = ("text_and_dates", "court_numbers", "court_layouts", "decisions", "relief_events")
_QUERIES = {
    "review_decisions": """
        select
            row_no,
            'decision_' || status as finding,
            coalesce(
                {{ decision_fault_column('status') }},
                case status
                    when 'record_unknown' then 'record'
                    when 'legal_ground_unknown' then 'legal_ground'
                    when 'without_legal_ground' then 'legal_ground'
                    when 'without_reason' then 'ground'
                end
            ) as column_name
        from (
            select
                given.*,
                coalesce(
                    {{ decision_status(
                        'given', "given.decision_type in (select decision_type from verdicts) is true",
                        "(given.decision_type, given.verdict) in (select decision_type, verdict from verdicts) is true",
                        "as_of.as_of_date"
                    ) }},
                    case
                        when given.record is not null and given.named_row_no is null then 'record_unknown'
                        when
                            given.record is null
                            and (
                                coalesce(given.count_order, given.count_number) is null
                                or coalesce(given.subject_id, given.cii_number, given.case_number) is null
                            )
                            then 'no_conviction'
                        when
                            given.legal_ground is not null
                            and given.decision_type = 'eligibility'
                            and {{ coded_ground('given.legal_ground') }} not in (select ground from grounds)
                            then 'legal_ground_unknown'
                        when
                            given.legal_ground is null
                            and given.decision_type = 'eligibility' and given.verdict = 'dismissal'
                            then 'without_legal_ground'
                        when given.ground is null and given.verdict <> 'withdrawn' then 'without_reason'
                    end
                ) as status
            from given
            cross join as_of
        ) as read
        where status <> 'not_filled_in'
    """,
    "relief_events": """
        select row_no, fault as finding, {{ event_fault_column('fault') }} as column_name
        from (
            select given.row_no, {{ event_fault('given', 'as_of.as_of_date') }} as fault
            from given
            cross join as_of
        ) as read
        where fault is not null
    """,
}


@dataclass(frozen=True)
class Fault:
    """One row that a build cannot use or that lacks something: its number in the file, the reason, what to mend."""

    delivery_id: str
    row_no: int
    finding: str
    column: str | None


@cache
def findings() -> dict[str, tuple[str, str]]:
    """Return the title of each finding, and what to write instead, from seeds/reference/quality_findings.csv."""
    with (PROJECT_DIR / "seeds/reference/quality_findings.csv").open(newline="", encoding="utf-8") as file:
        return {row["finding"]: (row["title"], row["what_to_do"]) for row in csv.DictReader(file)}


def faults(
    connection: "duckdb.DuckDBPyConnection", table: str, delivery_id: str, as_of: date, relation: str
) -> list[Fault]:
    """Return the faulty rows of one delivery, judged without other files. `relation` is the SQL of all its rows."""
    if table not in MODELS:
        return []
    found = connection.execute(f"{_rendered(table, relation, as_of)} order by 2, 3, 1").fetchall()
    return [Fault(delivery_id, *row) for row in found]


def lines(found: Iterable[Fault], *, with_delivery: bool) -> list[str]:
    """One line per delivery, finding and column: the row numbers, what is wrong, what to write. Never a value."""
    texts = []
    ordered = sorted(found, key=lambda fault: (*_group(fault), fault.row_no))
    for (delivery_id, finding, column), group in groupby(ordered, key=_group):
        rows = [fault.row_no for fault in group]
        title, what_to_do = findings().get(finding, (finding, ""))
        noun = "row" if len(rows) == 1 else "rows"
        shown = ", ".join(map(str, rows[:SHOWN_ROWS]))
        more = f" and {len(rows) - SHOWN_ROWS:,} more" if len(rows) > SHOWN_ROWS else ""
        where = f"{delivery_id} " if with_delivery else ""
        named = f", {column}" if column else ""
        texts.append(f"{where}{noun} {shown}{more}{named}: {title}. {what_to_do}".rstrip(". ") + ".")
    return texts


def _group(fault: Fault) -> tuple[str, str, str]:
    return fault.delivery_id, fault.finding, fault.column or ""


def _rendered(table: str, relation: str, as_of: date) -> str:
    from jinja2 import Environment  # noqa: PLC0415  (only for the two sources that people fill in)

    macros = "".join((PROJECT_DIR / f"macros/{name}.sql").read_text(encoding="utf-8") for name in _MACROS)
    model = (PROJECT_DIR / MODELS[table]).read_text(encoding="utf-8")
    grounds = "select {{ coded_ground('legal_ground') }} as ground from (values " + ", ".join(
        f"({_text(row['legal_ground'])})" for row in _seed("law/legal_grounds.csv")
    )
    template = f"""{macros}
        with given as ({model}),
        as_of as (select date '{as_of.isoformat()}' as as_of_date),
        verdicts as (select * from (values {_verdicts()}) as listed (decision_type, verdict)),
        grounds as ({grounds}) as listed (legal_ground))
        {_QUERIES[table]}"""
    environment = Environment(autoescape=False)  # noqa: S701  (SQL of our own files, no page)
    return environment.from_string(template).render(
        source=lambda _source, name: f"({relation})" if name == table else f"raw.{name}",
        ref=lambda name: f"raw.{name.removeprefix('stg_landing__')}",  # staging keeps these tables as landed
        # The county has no effect on the faults of a row. It decides only how case numbers are cut.
        var=lambda _name: "LOS ANGELES",
    )


def _verdicts() -> str:
    return ", ".join(
        f"({_text(row['decision_type'])}, {_text(row['verdict'])})" for row in _seed("policies/review_verdicts.csv")
    )


def _seed(name: str) -> list[dict[str, Any]]:
    with (PROJECT_DIR / "seeds" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
