"""`relief export worklist`: write hand reviews, possible links and possible people, and the form for decisions."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.attention import is_built
from relief.errors import ReliefError
from relief.export.built import Built, read_built
from relief.export.folder import new_folder
from relief.export.sheets import TableFiles, csv_cell
from relief.export.worklist_given import columns, not_obeyed
from relief.export.worklist_text import Counts, methodology
from relief.home import Home, open_warehouse
from relief.landing.layout import load_source

if TYPE_CHECKING:
    import duckdb

MARTS = {"fct_hand_reviews", "fct_person_reviews", "fct_relief_determinations", "rpt_review_progress"}
FORM = "decisions_to_fill_in.csv"
GIVEN = ("review_decisions", "relief_events")
_REVIEWS = """
    select
        reviews.delivery_id || ':' || reviews.row_no as record,
        case reviews.priority when 1 then 'first' else '' end as goes,
        reviews.in_custody, reviews.in_custody_basis, reviews.has_pending_petition,
        reviews.rule_reason as reason, reviews.missing_in_words as missing,
        reviews.conviction_date, reviews.received_date, reviews.waiting_days, reviews.queue_as_of_date,
        reviews.challenge_status, reviews.challenge_ground, reviews.challenge_date, reviews.challenge_deadline_date,
        coalesce(identifiers.name_court, identifiers.name_doj) as name, identifiers.birth_date,
        identifiers.cii_number, identifiers.subject_id, identifiers.cnt_order,
        identifiers.case_number, identifiers.defendant_number, identifiers.count_number,
        nullif(identifiers.courthouse_key, 'unknown') as courthouse,
        agencies.prosecuting_agency_name as prosecuting_agency,
        identifiers.offense_text as charge, identifiers.level
    from marts.fct_hand_reviews as reviews
    left join intermediate.int_filing__case_identifiers as identifiers
        on reviews.conviction_key = identifiers.conviction_key
    left join intermediate.int_prosecution__agencies as agencies
        on reviews.conviction_key = agencies.conviction_key
    where reviews.policy_id = ? and reviews.review_status = 'waiting'
    order by reviews.priority, reviews.received_date nulls last, reviews.conviction_date nulls last,
        reviews.rule_reason, reviews.conviction_key
"""
_LINKS = """
    select
        doj.delivery_id || ':' || doj.row_no as record, court.delivery_id || ':' || court.row_no as court_record,
        queue.reason,
        subjects.subject_name as name_doj, cases.defendant_name as name_court, cases.alias_names as aliases_court,
        subjects.birth_date as birth_date_doj, cases.birth_date as birth_date_court,
        subjects.cii_number as cii_doj, cases.cii_number as cii_court,
        doj.case_number_first as case_number_doj, court.case_number as case_number_court,
        court.defendant_number as defendant_number_court, court.count_number as count_number_court,
        doj.charge_text as charge_doj, court.charge_text as charge_court,
        doj.conviction_date as conviction_date_doj, court.conviction_date as conviction_date_court,
        doj.subject_id, doj.cnt_order
    from intermediate.int_identity__review_queue as queue
    inner join intermediate.int_convictions__criminal_history as doj
        on queue.doj_conviction_key = doj.doj_conviction_key
    inner join intermediate.int_convictions__court as court
        on queue.court_conviction_key = court.court_conviction_key
    left join intermediate.int_criminal_history__subjects as subjects on doj.subject_key = subjects.subject_key
    left join intermediate.int_court__cases as cases on court.case_defendant_key = cases.case_defendant_key
    order by queue.reason, doj.conviction_date nulls last, queue.doj_conviction_key, queue.court_conviction_key
"""
_PEOPLE = """
    select
        reviews.delivery_id || ':' || reviews.row_no as record,
        case reviews.priority when 1 then 'first' else '' end as goes,
        reviews.reason,
        reviews.cannabis_convictions as cannabis_convictions_court,
        reviews.subject_cannabis_convictions as cannabis_convictions_doj,
        reviews.possible_subjects,
        round(reviews.match_probability, 3) as match_probability,
        subjects.subject_name as name_doj, cases.defendant_name as name_court, cases.alias_names as aliases_court,
        subjects.birth_date as birth_date_doj,
        coalesce(cast(cases.birth_date as varchar), cases.birth_date_raw) as birth_date_court,
        subjects.cii_number as cii_doj, cases.cii_number as cii_court,
        subjects.sex_code as sex_doj, cases.sex_code as sex_court,
        cases.case_number as case_number_court, cases.defendant_number as defendant_number_court,
        cases.filing_date as filing_date_court,
        reviews.agreements
    from marts.fct_person_reviews as reviews
    left join intermediate.int_criminal_history__subjects as subjects on reviews.subject_key = subjects.subject_key
    left join intermediate.int_court__cases as cases on reviews.case_defendant_key = cases.case_defendant_key
    order by
        reviews.priority,
        -- All subjects who may be one defendant stand together.
        max(reviews.match_weight) over (partition by reviews.case_defendant_key) desc nulls last,
        reviews.case_defendant_key, reviews.match_weight desc nulls last, reviews.subject_key
"""
_OF_REVIEW = ("record", "subject_id", "cii_number", "cnt_order", "case_number", "defendant_number", "count_number")


@dataclass(frozen=True)
class Worklist:
    """Counts: convictions that wait for an attorney, how many of these come first, pairs of counts, pairs of people."""

    reviews: int
    first: int
    links: int
    people: int


def export_worklist(home: Home, policy_id: str, out: Path) -> Worklist:
    """Write the lists and the form into the new folder `out`, for its owner only, completely or not at all.

    Raises ReliefError when nothing is built, the policy was not part of the build, or the folder cannot be used.
    """
    with open_warehouse(home, read_only=True) as connection:
        built = read_built(connection, home, MARTS, policy_id)
        if not is_built(connection):
            raise ReliefError(
                "an earlier version made the last build, which does not list its reasons; run: relief build"
            )
        with new_folder(home, out) as folder:
            reviews = _rows(connection, _REVIEWS, [policy_id])
            links = _rows(connection, _LINKS, [])
            _write(folder / "hand_reviews", "Hand reviews", reviews, built)
            people = _rows(connection, _PEOPLE, [])
            _write(folder / "possible_links", "Possible links", links, built)
            _write(folder / "possible_people", "Possible people", people, built, "pairs of a subject and a defendant")
            _write_form(folder / FORM, built, reviews, links, people)
            decisions, events = (Rows(columns(source), not_obeyed(connection, source)) for source in GIVEN)
            _write(folder / "decisions_not_obeyed", "Decisions not obeyed", decisions, built, "rows of decisions files")
            _write(folder / "events_not_counted", "Events not counted", events, built, "rows of events files")
            progress = _progress(connection, policy_id)
            first = sum(1 for pair in people if pair["goes"] == "first")
            counts = Counts(len(reviews), len(links), len(people), first, len(decisions), len(events))
            text = methodology(built, progress, counts)
            (folder / "methodology.txt").write_text(text, encoding="utf-8")
    return Worklist(len(reviews), sum(1 for row in reviews if row["goes"] == "first"), len(links), len(people))


@dataclass(frozen=True)
class Rows:
    """The rows of a query, each readable by column name."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dict by column name."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.rows)


def _rows(connection: "duckdb.DuckDBPyConnection", query: str, parameters: list[Any]) -> Rows:
    cursor = connection.execute(query, parameters)
    return Rows([column[0] for column in cursor.description or ()], cursor.fetchall())


def _write(stem: Path, title: str, rows: Rows, built: Built, unit: str = "convictions, or pairs of them") -> None:
    about = [*built.facts, ("policy", built.policy_title), ("unit", unit)]
    constants = [fact for fact in built.facts[1:] if fact[0] not in rows.columns]  # decisions name their own policy
    with TableFiles(stem, title, rows.columns, about, label=built.label, constants=constants) as table:
        for row in rows.rows:
            table.add(row)


def _write_form(path: Path, built: Built, reviews: Rows, links: Rows, people: Rows) -> None:
    """Write a form in the layout of review_decisions. It has the keys, but no verdict, ground, attorney or date."""
    (layout,) = load_source("review_decisions").tables
    label = {layout.label_column: layout.label_value} if built.is_synthetic else {}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(layout.headers)
        for review in reviews:
            keys = {name: review[name] for name in _OF_REVIEW}
            _row(writer, layout.columns, label | keys | {"decision_type": "eligibility", "policy_id": built.policy_id})
        for link in links:
            _row(writer, layout.columns, label | {"decision_type": "count_link"} | _sides(link))
        for pair in people:
            # A row of the DOJ's file names the subject, and the case and defendant number name the court's defendant.
            keys = {name: pair[f"{name}_court"] for name in ("case_number", "defendant_number")}
            _row(writer, layout.columns, label | {"decision_type": "person_link", "record": pair["record"]} | keys)


def _sides(link: dict[str, Any]) -> dict[str, Any]:
    """The cells that identify both counts of a possible link. If a court count has no number, its row identifies it."""
    if link["count_number_court"] is None:
        return {"record": link["court_record"], "subject_id": link["subject_id"], "cnt_order": link["cnt_order"]}
    names = ("case_number", "defendant_number", "count_number")
    return {"record": link["record"]} | {name: link[f"{name}_court"] for name in names}


def _row(writer: Any, columns: tuple[str, ...], values: dict[str, Any]) -> None:
    writer.writerow([csv_cell(values.get(column)) for column in columns])


def _progress(connection: "duckdb.DuckDBPyConnection", policy_id: str) -> list[tuple[Any, ...]]:
    """The progress of the review queue: first for all reasons together, then by reason."""
    return connection.execute(
        "select review_reason, to_review, decided, settled, waiting, share_decided, oldest_waiting_days, "
        "median_waiting_days, queue_as_of_date from reporting.rpt_review_progress where policy_id = ? "
        "order by review_reason = 'all' desc, waiting desc, review_reason",
        [policy_id],
    ).fetchall()
