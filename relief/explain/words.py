"""Put a conviction into words. The warehouse already contains its history in words."""

from datetime import date

from relief.explain.record import Conviction, Destruction, Meaning, SentenceEnd

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
    "law_not_in_sources": "no source at hand covers an offense under the age of 18",
    "attempt_conspiracy_or_accessory": "no source covers an attempt, a conspiracy, an accessory or a solicitation",
    "conviction_date_missing": "the date of the conviction is missing",
    "release_day_unknown": "two years after the release from custody, whose day is not on record, may not be over",
    "birth_date_missing": "the birth date is missing",
    "age_at_offense": "the law depends on whether the person was 18, and the dates on record do not show it",
    "offense_later_than_conviction": "the offense would be later than the conviction",
}
_DAYS = {"offense_date": "as the court has it", "arrest_date": "the day of the arrest"}


def conviction_words(conviction: Conviction, *, with_sentence: bool) -> list[str]:
    """Describe the conviction, its charge with how this was read, and its sentence if asked, one line each."""
    lines = [
        f"A conviction {conviction.county_words}, {conviction.date_words}; {conviction.level_words}.",
        f"The charge: {conviction.offense_words}{_how_read(conviction)}.",
    ]
    return [*lines, f"The sentence: {conviction.sentence_words}."] if with_sentence else lines


def meaning_line(meaning: Meaning) -> str:
    """What the statute says about the offense on its date, or the reason why this is unknown."""
    if meaning.status == "not_a_cannabis_section":
        return "By statute: none of the cannabis sections."
    if meaning.status != "resolved":
        reason = _UNTOLD.get(meaning.reason or "", (meaning.reason or "not said").replace("_", " "))
        told = f" ({_offense_day(meaning)})" if meaning.offense_date else ""
        return f"By statute and day of the offense: cannot tell; {reason}{told}."
    return f"By statute: {meaning.meaning} (section {meaning.statute_id}; {_offense_day(meaning)})."


def _offense_day(meaning: Meaning) -> str:
    if not meaning.offense_date:
        return "day of the offense unknown"
    source = _DAYS.get(meaning.offense_date_source)
    return f"offense of {meaning.offense_date}{', ' + source if source else ''}"


def sentence_end_line(end: SentenceEnd, evaluated_as_of: date) -> str:
    """Whether the sentence is completed on the day of evaluation. This decides between H&S 11361.8(a) and (e)."""
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
    """The day to destroy the record. If this is an 18th birthday, it is an identifier: it reveals the birth date."""
    if destruction.status == "not_subject":
        return "H&S 11361.5 (destruction of records) does not name this offense."
    if destruction.status == "cannot_tell":
        reason = _UNTOLD.get(destruction.reason, destruction.reason.replace("_", " ") or "not said")
        return f"Whether the record was due for destruction (H&S 11361.5) cannot be told; {reason}."
    if destruction.due_date is None and destruction.rule == "two_years_after_conviction_or_release":
        day = "two years after the release from custody, whose day is not on record"
    elif destruction.due_date is None:
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


def _how_read(conviction: Conviction) -> str:
    words = ", read from the comment" if conviction.is_charge_in_comment else ""
    if conviction.is_predecessor:
        words += ", a section of before 1973"
    if conviction.is_attempt:
        words += ", read as an attempt (PC 664)"
    if conviction.is_conspiracy:
        words += ", read as a conspiracy (PC 182)"
    if conviction.is_two_sections:
        words += ", and neither is taken as the offense"
    if conviction.difference.startswith("different"):
        what = "section" if conviction.difference == "different_section" else "subdivision"
        words += f"; the file names another {what} as the one of the conviction"
    return words
