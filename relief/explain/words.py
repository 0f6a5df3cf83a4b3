"""A conviction and a history in words. Free texts of the file are never shown as they are: they may hold a name."""

import re
from datetime import date

from relief.explain.record import Conviction, Destruction, Event, Meaning, SentenceEnd

_LISTS = {
    "cmr_2019_super_strike": "the list of super strikes of 2019",
    "cmr_2019_pc290": "the list of PC 290 offenses of 2019",
    "super_strike": "the statute's list of super strikes (PC 667(e)(2)(C)(iv))",
    "perhaps_super_strike": "the list of super strikes by facts that no charge names",
    "pc_290": "the statute's list of PC 290(c) offenses",
    "perhaps_pc_290": "the list of PC 290(c) offenses by facts that no charge names",
    "failure_to_register": "record for failing to register (PC 290)",
}
_STATUTORY = ("super_strike", "pc_290")
_UNTOLD = {
    "charge_blank": "no charge is given",
    "charge_without_section": "the charge names no section",
    "charge_two_sections": "the charge names two sections",
    "charge_two_subdivisions": "the charge names two subdivisions",
    "charge_not_understood": "words before the section are not understood",
    "meaning_text_and_code_differ": "the charge and its offense code differ",
    "meaning_date_unknown": "the day of the offense is unknown, and the law changed",
    "meaning_no_subdivision": "no subdivision is named, and they differ",
    "meaning_not_on_that_date": "the law had no such section or subdivision on that day",
    "law_not_in_sources": "of offenses from 2016-11-09 no source at hand says it",
    "attempt_conspiracy_or_accessory": "no source says it of an attempt, a conspiracy, an accessory or a solicitation",
    "conviction_date_missing": "the date of the conviction is missing",
    "birth_date_missing": "the birth date is missing",
    "age_at_offense": "the section is for persons under 18, and the dates on record do not say that",
    "offense_later_than_conviction": "the offense would be later than the conviction",
}
_DAYS = {"offense_date": "as the court has it", "arrest_date": "the day of the arrest"}
_PLACES = {"JAIL", "COUNTY JAIL", "PRISON", "STATE PRISON", "PROBATION", "PAROLE", "FINE", "RESTITUTION"}
_MOST_SECTIONS = 2
_NUMBER = re.compile(r"[0-9]{2,5}([.][0-9]{1,2})?")
_SUBDIVISION = re.compile(r"[A-Z]{0,2}[0-9]{0,2}[A-Z]?[0-9]?")
# A section as lawyers write it, with its code: 11360(A) HS, 213(A)(1)(A) PC, 266I(A) PC. It is shown as it is written
# where it has this shape, and decides nothing: what the rules read is of int_charges__read.
_AS_WRITTEN = re.compile(r"([0-9]{2,5}(?:[.][0-9]{1,2})?[A-Z]?(?:[(][A-Z0-9]{1,2}[)]){0,4}) ?(HS|PC|VC|BP|WI|GC|LC|FG)")
_COUNTY = re.compile(r"[A-Z][A-Z .]{1,24}")


def conviction_words(conviction: Conviction, *, with_sentence: bool) -> list[str]:
    """What the conviction is and how its charge was read, a line each."""
    lines = [
        f"A conviction {_in_county(conviction)}, {_dated(conviction)}; {_level(conviction)}.",
        f"The charge: {offense_words(conviction)}{_how_read(conviction)}.",
    ]
    return [*lines, f"The sentence: {sentence_words(conviction)}."] if with_sentence else lines


def meaning_line(meaning: Meaning) -> str:
    """The offense by statute and day, or why that cannot be told."""
    if meaning.status == "not_a_cannabis_section":
        return "By statute: none of the cannabis sections."
    if meaning.status != "resolved":
        reason = _UNTOLD.get(meaning.reason or "", (meaning.reason or "not said").replace("_", " "))
        return f"By statute and day of the offense: cannot tell; {reason}."
    day = f"; offense of {meaning.offense_date}" if meaning.offense_date else "; day of the offense unknown"
    source = _DAYS.get(meaning.offense_date_source)
    origin = f", {source}" if source and meaning.offense_date else ""
    return f"By statute: {meaning.meaning} (section {meaning.statute_id}{day}{origin})."


def sentence_end_line(end: SentenceEnd, evaluated_as_of: date) -> str:
    """Whether the sentence is completed on the day of evaluation, which decides between H&S 11361.8(a) and (e)."""
    if end.is_missing:
        return "No sentence is on record: a completed one is presumed."
    if end.ended_from and end.ended_from <= evaluated_as_of:
        return f"The sentence is completed: its parts, one after another, ended by {end.ended_from}."
    if end.served_until and end.served_until > evaluated_as_of:
        return f"The sentence is served until {end.served_until} at least, all its parts counted from the first day."
    until = f", or {end.ended_from} with its parts one after another" if end.ended_from else ""
    known = f": {end.served_until} with all its parts from the first day{until}" if end.served_until else ""
    return f"Whether the sentence is completed cannot be told{known}."


def destruction_line(destruction: Destruction, *, with_identifiers: bool) -> str:
    """When the record was or is to be destroyed. An 18th birthday tells a birth date: its day is an identifier."""
    if destruction.status == "not_subject":
        return "H&S 11361.5 (destruction of records) does not name this offense."
    if destruction.status == "cannot_tell":
        reason = _UNTOLD.get(destruction.reason, destruction.reason.replace("_", " ") or "not said")
        return f"Whether the record was due for destruction (H&S 11361.5) cannot be told; {reason}."
    if destruction.due_date is None:
        day = "on a day that depends on the meaning of the charge"
    elif destruction.rule == "eighteenth_birthday" and not with_identifiers:
        day = "when the person turned 18" if destruction.status == "due" else "when the person turns 18"
    else:
        day = f"on {destruction.due_date}"
    if destruction.status == "due":
        return (
            f"The record was due for destruction {day} (H&S 11361.5); "
            "it is not to be taken as accurate for any purpose (H&S 11361.7)."
        )
    return f"The record is due for destruction {day} (H&S 11361.5)."


def history_line(conviction: Conviction, of: date | None) -> str:
    """Another conviction of the person, and what makes it matter to one of the date `of`."""
    marks = [
        f"on {_LISTS.get(list_id, list_id)}" if certain else f"may be on {_LISTS.get(list_id, list_id)}"
        for list_id, certain in conviction.lists
    ]
    if conviction.is_prior:
        marks.append("a prior of the same section")
    parts = [
        f"{_dated(conviction)}{_order(None if conviction.is_date_impossible else conviction.conviction_date, of)}",
        _in_county(conviction),
        _level(conviction),
        offense_words(conviction),
        f"sentence: {sentence_words(conviction)}",
        *marks,
    ]
    return "- " + "; ".join(parts) + "."


def unreadable_lines(others: tuple[Conviction, ...]) -> list[str]:
    """How many of the others may be a disqualifier that cannot be read, and what the statute presumes of them."""
    unsure = sum(1 for other in others if any(list_id in _STATUTORY and not sure for list_id, sure in other.lists))
    if not unsure:
        return []
    which = "One of them has a charge" if unsure == 1 else f"{unsure} of them have charges"
    return [
        f"{which} that cannot be read surely enough to know whether it is a super strike or a PC 290 offense. "
        "The statute's rules presume that it is neither (H&S 11361.8(b), (f)): read it in the court's record."
    ]


def event_line(event: Event) -> str:
    """A registration or a death."""
    if event.event_type == "death":
        return f"- a death, {_on(event.event_date)}."
    kind = "under PC 290" if event.is_pc_290 else "of another kind than PC 290"
    return f"- a registration {kind}, {_on(event.event_date)}."


def offense_words(conviction: Conviction) -> str:
    """Section and subdivision: as written where it is one section and its code, `HS 11360(A)`, else what was read."""
    if conviction.is_blank:
        return "no charge is given"
    written = _AS_WRITTEN.fullmatch((conviction.charge_text or "").split("-", 1)[0].strip().upper())
    if written:
        return f"{written[2]} {written[1]}"
    numbers = (conviction.section_numbers or conviction.section or "").split("/")
    if not all(_NUMBER.fullmatch(number) for number in numbers) or len(numbers) > _MOST_SECTIONS:
        return "names no section that could be read" if numbers == [""] else "names sections that could not be read"
    words = " and ".join(numbers)
    subdivisions = [part for part in (conviction.subdivisions or conviction.subdivision or "").split("/") if part]
    if subdivisions and all(_SUBDIVISION.fullmatch(part) for part in subdivisions):
        words += f", subdivision {' and '.join(subdivisions)}"
    return f"{conviction.code_type} {words}" if conviction.code_type else f"{words}, no code named"


def sentence_words(conviction: Conviction) -> str:
    """The parts in the order of the file; a part of no readable length says so."""
    parts = []
    for place, length, unit, readable in conviction.sentence_parts:
        name = place.lower() if place in _PLACES else "another kind of sentence"
        if not readable:
            parts.append(f"{name} of no readable length")
        elif length is not None and unit:
            parts.append(f"{length:g} {unit if length != 1 else unit.rstrip('s')} {name}")
        else:
            parts.append(name)
    return ", ".join(parts) or "none given"


def _how_read(conviction: Conviction) -> str:
    words = ", read from the comment" if conviction.is_charge_in_comment else ""
    if conviction.is_predecessor:
        words += ", a section of before 1973"
    if conviction.is_attempt:
        words += ", read as an attempt (PC 664)"
    if conviction.is_conspiracy:
        words += ", read as a conspiracy (PC 182)"
    if conviction.is_two_sections:
        words += ", of which none is taken for the offense"
    if conviction.difference.startswith("different"):
        what = "section" if conviction.difference == "different_section" else "subdivision"
        words += f"; the file names another {what} as the one of the conviction"
    return words


def _in_county(conviction: Conviction) -> str:
    if not conviction.county_name:
        return "in a county that is not given"
    readable = _COUNTY.fullmatch(conviction.county_name)
    return f"in {conviction.county_name} county" if readable else "in a county whose name could not be read"


def _level(conviction: Conviction) -> str:
    return conviction.level or "level (felony, misdemeanor or infraction) unknown"


def _dated(conviction: Conviction) -> str:
    words = _on(conviction.conviction_date)
    return f"{words}, which cannot be true" if conviction.is_date_impossible else words


def _on(day: date | None) -> str:
    return f"dated {day}" if day else "without a full date"


def _order(day: date | None, of: date | None) -> str:
    if day is None or of is None:
        return " (cannot be ordered)"
    return " (the same day)" if day == of else " (earlier)" if day < of else " (later)"
