"""What the warehouse holds of one conviction and of the person's history, typed, for the words beside it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from relief.explain.find import Evaluated

if TYPE_CHECKING:
    import duckdb

_CHARGE = """
    charges.section, charges.subdivision, offense_sections.code_type, offense_sections.section_numbers,
    offense_sections.subdivisions, coalesce(charges.is_attempt, false) as is_attempt,
    coalesce(charges.is_conspiracy, false) as is_conspiracy,
    coalesce(charges.is_two_sections, false) as is_two_sections,
    coalesce(charges.is_blank, true) as is_blank, coalesce(charges.is_prop_64_predecessor, false) as is_predecessor
"""
_CHARGES = """
    left join intermediate.int_charges__parsed as charges on convictions.charge_text = charges.charge_text
    left join intermediate.int_criminal_history__offense_sections as offense_sections
        on convictions.charge_text = offense_sections.charge_text
"""
_IS_IMPOSSIBLE = (
    "convictions.{key} in (select source_conviction_key from intermediate.int_convictions__impossible_dates "
    "where fact = 'conviction_date')"
)
_DOJ = f"""
    select
        convictions.doj_conviction_key as key, convictions.county_name, convictions.conviction_date, convictions.level,
        convictions.charge_text, coalesce(convictions.is_charge_in_comment, false) as is_charge_in_comment, {_CHARGE},
        coalesce(counts.charged_convicted_difference, '') as difference,
        coalesce(convictions.case_number, '') as case_number,
        {_IS_IMPOSSIBLE.format(key="doj_conviction_key")} as is_date_impossible
    from intermediate.int_convictions__criminal_history as convictions {_CHARGES}
    left join intermediate.int_convictions__criminal_history_counts as counts
        on convictions.subject_key = counts.subject_key and convictions.doj_conviction_key = counts.doj_conviction_key
    where convictions.subject_key = ?
    order by convictions.conviction_date nulls last, convictions.delivery_id, convictions.row_no
"""
# What only the court's file holds.
_COURT = f"""
    select
        convictions.court_conviction_key as key, convictions.county_name, convictions.conviction_date,
        convictions.level, convictions.charge_text, false as is_charge_in_comment, {_CHARGE},
        '' as difference, convictions.case_number,
        {_IS_IMPOSSIBLE.format(key="court_conviction_key")} as is_date_impossible
    from intermediate.int_convictions__court as convictions {_CHARGES}
    inner join intermediate.int_identity__convictions as identified
        on convictions.court_conviction_key = identified.conviction_key
    where identified.person_key = ? and identified.source = 'la_court'
    order by convictions.conviction_date nulls last, convictions.delivery_id, convictions.row_no
"""
_LISTED = """
    select conviction_key, list_id, bool_or(is_certain) as is_certain
    from intermediate.int_policies__history_disqualifiers
    where history_key = ? and conviction_key is not null
    group by all
    union all
    select conviction_key, kind, bool_or(is_certain)
    from intermediate.int_statute__disqualifiers
    where person_key = ? and conviction_key is not null
    group by all
    order by 2
"""
_SENTENCES = """
    select doj_conviction_key, sentence_place_name, sentence_length, sentence_unit, is_sentence_readable
    from intermediate.int_convictions__sentence_parts
    where subject_key = ? and doj_conviction_key is not null
    order by row_no, part_no
"""
# As the rule of priors reads them: first five characters of the charge, earlier, and surely a completed offense.
_PRIORS = """
    select others.conviction_key
    from intermediate.int_policies__evaluated_convictions as evaluated
    inner join intermediate.int_policies__history_convictions as others
        on evaluated.history_key = others.history_key and evaluated.conviction_key <> others.conviction_key
    where evaluated.conviction_key = ? and evaluated.reading = 'ours'
        and others.is_prop_64 and not others.is_attempt and not others.is_conspiracy
        and not others.names_another_section and not evaluated.is_section_unknown
        and others.first_five_characters = evaluated.first_five_characters
        and others.conviction_date < evaluated.conviction_date
"""


@dataclass(frozen=True)
class Conviction:
    """A conviction as the rules read it. `lists`: (list_id, whether certain) of the lists that its charge is on."""

    key: str
    county_name: str | None
    conviction_date: date | None
    level: str | None
    charge_text: str | None
    is_charge_in_comment: bool
    section: str | None
    subdivision: str | None
    code_type: str | None
    section_numbers: str | None
    subdivisions: str | None
    is_attempt: bool
    is_conspiracy: bool
    is_two_sections: bool
    is_blank: bool
    is_predecessor: bool
    difference: str
    case_number: str
    sentence_parts: tuple[tuple[str | None, float | None, str | None, bool], ...] = ()
    lists: tuple[tuple[str, bool], ...] = ()
    is_prior: bool = False
    is_date_impossible: bool = False


@dataclass(frozen=True)
class Event:
    """A registration or a death. `is_pc_290`: a registration as a sex offender."""

    event_type: str
    event_date: date | None
    is_pc_290: bool


@dataclass(frozen=True)
class Meaning:
    """What the offense means by statute on its day: `status` and `reason` as int_offenses__meanings has them."""

    status: str
    reason: str | None
    meaning: str | None
    statute_id: str | None
    offense_date: date | None
    offense_date_source: str


@dataclass(frozen=True)
class SentenceEnd:
    """Days of the end of a sentence: surely served before the first, surely ended from the second on; None: unknown."""

    is_missing: bool
    served_until: date | None
    ended_from: date | None


@dataclass(frozen=True)
class Destruction:
    """When H&S 11361.5 has the record destroyed: as int_offenses__destruction has it."""

    status: str
    due_date: date | None
    rule: str
    reason: str


@dataclass(frozen=True)
class Person:
    """Direct identifiers, read only when they are asked for."""

    name: str | None
    cii_number: str | None
    birth_date: date | None


@dataclass(frozen=True)
class Record:
    """The conviction asked about, the person's others in order of their dates, and events."""

    conviction: Conviction
    others: tuple[Conviction, ...]
    events: tuple[Event, ...]


def read_record(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> Record:
    """Read the conviction and the person's history: the DOJ's file, and what only the court's holds."""
    sentences: dict[str, list[tuple[Any, ...]]] = {}
    for key, *part in connection.execute(_SENTENCES, [evaluated.history_key]).fetchall():
        sentences.setdefault(key, []).append(tuple(part))
    lists: dict[str, list[tuple[Any, ...]]] = {}
    for key, *entry in connection.execute(_LISTED, [evaluated.history_key, evaluated.history_key]).fetchall():
        lists.setdefault(key, []).append(tuple(entry))
    priors = {key for (key,) in connection.execute(_PRIORS, [evaluated.conviction_key]).fetchall()}
    convictions = [
        Conviction(
            **row,
            sentence_parts=tuple(sentences.get(row["key"], ())),
            lists=tuple(lists.get(row["key"], ())),
            is_prior=row["key"] in priors,
        )
        for row in [
            *_rows(connection, _DOJ, [evaluated.history_key]),
            *_rows(connection, _COURT, [evaluated.history_key]),
        ]
    ]
    events = connection.execute(
        "select event_type, event_date, coalesce(is_sex_offender_registration, false) "
        "from intermediate.int_criminal_history__events "
        "where subject_key = ? and event_type in ('registration', 'death') order by event_date nulls last, row_no",
        [evaluated.history_key],
    ).fetchall()
    return Record(
        next(conviction for conviction in convictions if conviction.key == evaluated.conviction_key),
        tuple(conviction for conviction in convictions if conviction.key != evaluated.conviction_key),
        tuple(Event(*event) for event in events),
    )


def read_meaning(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> Meaning | None:
    """The offense's meaning by statute and day; None where the offense is read nowhere."""
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
    """When the record of the conviction is to be destroyed."""
    row = connection.execute(
        "select destruction_status, destroy_due_date, coalesce(destruction_rule, ''), coalesce(cannot_tell_reason, '') "
        "from intermediate.int_offenses__destruction where conviction_key = ?",
        [evaluated.conviction_key],
    ).fetchone()
    return Destruction(*row) if row else Destruction("cannot_tell", None, "", "")


def has_impossible_birth_date(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> bool:
    """Whether the birth date on record cannot be true, so that it is unknown to all but the published rules."""
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


def _rows(connection: "duckdb.DuckDBPyConnection", query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
