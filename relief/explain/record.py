"""Read the data of one conviction from the warehouse, as typed records."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from relief.explain.find import Evaluated

if TYPE_CHECKING:
    import duckdb

_CONVICTION = """
    select
        words.date_words, words.county_words, words.level_words, words.offense_words, words.sentence_words,
        coalesce(doj.is_charge_in_comment, false), coalesce(charges.is_prop_64_predecessor, false),
        coalesce(charges.is_attempt, false), coalesce(charges.is_conspiracy, false),
        coalesce(charges.is_two_sections, false), coalesce(counts.charged_convicted_difference, '')
    from marts.fct_conviction_words as words
    left join intermediate.int_convictions__criminal_history as doj on words.conviction_key = doj.doj_conviction_key
    left join intermediate.int_convictions__court as court on words.conviction_key = court.court_conviction_key
    left join intermediate.int_charges__parsed as charges
        on coalesce(doj.charge_text, court.charge_text) = charges.charge_text
    left join intermediate.int_convictions__criminal_history_counts as counts
        on doj.subject_key = counts.subject_key and doj.doj_conviction_key = counts.doj_conviction_key
    where words.conviction_key = ?
"""
_OTHER_CASES = """
    select distinct case_number from intermediate.int_convictions__criminal_history
    where subject_key = $history and doj_conviction_key <> $conviction and case_number <> ''
    union
    select court.case_number
    from intermediate.int_convictions__court as court
    inner join intermediate.int_identity__convictions as identified
        on court.court_conviction_key = identified.conviction_key
    where identified.person_key = $history and identified.source = 'la_court'
        and court.court_conviction_key <> $conviction and court.case_number <> ''
    order by 1
"""


@dataclass(frozen=True)
class Conviction:
    """A conviction in words, without free text from a file, and how its charge was read."""

    date_words: str
    county_words: str
    level_words: str
    offense_words: str
    sentence_words: str
    is_charge_in_comment: bool
    is_predecessor: bool
    is_attempt: bool
    is_conspiracy: bool
    is_two_sections: bool
    difference: str


@dataclass(frozen=True)
class Meaning:
    """What the statute says about the offense on its date; `status` and `reason` come from int_offenses__meanings."""

    status: str
    reason: str | None
    meaning: str | None
    statute_id: str | None
    offense_date: date | None
    offense_date_source: str


@dataclass(frozen=True)
class SentenceEnd:
    """A sentence ends no earlier than `served_until` and no later than `ended_from`. None means unknown."""

    is_missing: bool
    served_until: date | None
    ended_from: date | None


@dataclass(frozen=True)
class Destruction:
    """The day on which H&S 11361.5 requires the record to be destroyed, from int_offenses__destruction."""

    status: str
    due_date: date | None
    rule: str
    reason: str


@dataclass(frozen=True)
class Person:
    """Direct identifiers of the person, which are read only on request."""

    name: str | None
    cii_number: str | None
    birth_date: date | None


def read_conviction(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> Conviction:
    """Read the conviction that is to be explained."""
    row = connection.execute(_CONVICTION, [evaluated.conviction_key]).fetchone()
    if row is None:
        raise LookupError("an evaluated conviction is missing in fct_conviction_words")
    return Conviction(*row)


def read_other_cases(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> list[str]:
    """Case numbers of the person's other convictions. They are identifiers and are read only on request."""
    keys = {"history": evaluated.history_key, "conviction": evaluated.conviction_key}
    return [number for (number,) in connection.execute(_OTHER_CASES, keys).fetchall()]


def read_meaning(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> Meaning | None:
    """What the statute says about the offense on its date; None if no charge of the conviction could be read."""
    row = connection.execute(
        "select meaning_status, reason, meaning, statute_id, offense_date, offense_date_source "
        "from intermediate.int_offenses__classified where conviction_key = ?",
        [evaluated.conviction_key],
    ).fetchone()
    return Meaning(*row) if row else None


def read_sentence_end(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> SentenceEnd | None:
    """When the sentence ends; None for a conviction that the statute's rules do not evaluate."""
    row = connection.execute(
        "select is_sentence_missing, served_until_date, ended_from_date "
        "from intermediate.int_statute__sentences where conviction_key = ?",
        [evaluated.conviction_key],
    ).fetchone()
    return SentenceEnd(*row) if row else None


def read_destruction(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> Destruction:
    """The day on which the record of the conviction has to be destroyed."""
    row = connection.execute(
        "select destruction_status, destroy_due_date, coalesce(destruction_rule, ''), coalesce(cannot_tell_reason, '') "
        "from intermediate.int_offenses__destruction where conviction_key = ?",
        [evaluated.conviction_key],
    ).fetchone()
    return Destruction(*row) if row else Destruction("cannot_tell", None, "", "")


def has_impossible_birth_date(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> bool:
    """Whether the recorded birth date is impossible. Only the published rules use such a date; others ignore it."""
    row = connection.execute(
        "select recorded_birth_date is not null and birth_date is distinct from recorded_birth_date "
        "from intermediate.int_identity__persons where person_key = ?",
        [evaluated.history_key],
    ).fetchone()
    return bool(row and row[0])


def read_person(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> Person:
    """Name, CII number and birth date of the person, or of the court's defendant."""
    if evaluated.source == "ca_doj":
        query = (
            "select subject_name, cii_number, birth_date from intermediate.int_criminal_history__subjects "
            "where subject_key = ?"
        )
        row = connection.execute(query, [evaluated.history_key]).fetchone()
    else:
        query = (
            "select cases.defendant_name, cases.cii_number, cases.birth_date "
            "from intermediate.int_court__cases as cases "
            "inner join intermediate.int_convictions__court as convictions "
            "on cases.case_defendant_key = convictions.case_defendant_key "
            "where convictions.delivery_id = ? and convictions.row_no = ?"
        )
        row = connection.execute(query, [evaluated.delivery_id, evaluated.row_no]).fetchone()
    return Person(*row) if row else Person(None, None, None)
