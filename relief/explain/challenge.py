"""Whether the prosecution challenges the relief, in words: a fact of its own beside every policy (H&S 11361.9)."""

from typing import TYPE_CHECKING

from relief.explain.find import Evaluated

if TYPE_CHECKING:
    import duckdb

_TOLD_BY = {"relief_event": "by the events file", "review_decision": "by an attorney's decision"}


def challenge_line(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> str:
    """Status, ground and day of a challenge. No delivery of events is no answer, never "unchallenged"."""
    row = connection.execute(
        "select challenge_status, challenge_ground, challenge_date, withdrawal_date, told_by, challenge_deadline_date, "
        "coalesce(is_past_challenge_deadline, false), challenge_deadline_citation, events_as_of_date "
        "from intermediate.int_review__challenges where conviction_key = ?",
        [evaluated.conviction_key],
    ).fetchone()
    if row is None or row[0] == "not_delivered":
        return "Whether the prosecution challenges it cannot be told: no events were delivered."
    status, ground, day, withdrawn, told_by, deadline, is_late, citation, as_of = row
    source = _TOLD_BY.get(told_by, "")
    if status == "not_on_the_list":
        return _not_on_the_list(f"{_on(day)}, {source}; ground: {ground or 'none given'}" if day or ground else "")
    if status == "challenged":
        late = f", after the deadline of {deadline}" if is_late else ""
        return (
            f"Challenged by the prosecution {_on(day)}{late}, {source}; ground: {ground or 'none given'} ({citation})."
        )
    if status == "withdrawn":
        return f"A challenge of the prosecution was withdrawn {_on(withdrawn)}, {source}."
    if status == "cannot_tell":
        return "Whether a challenge still stands cannot be told: it or its withdrawal has no day."
    return (
        "Reviewed by the prosecution and not challenged, by an attorney's decision."
        if told_by == "review_decision"
        else f"No challenge on record, by events as of {as_of}; the prosecution had until {deadline} ({citation})."
    )


def _not_on_the_list(challenge: str) -> str:
    on_record = f" A challenge is on record {challenge}." if challenge else ""
    return (
        "On no list of the DOJ, since only the court's file holds it: the review of H&S 11361.9 does not speak of it. "
        f"Relief is asked by petition or motion (H&S 11361.8).{on_record}"
    )


def _on(day: object) -> str:
    return f"on {day}" if day else "on an unknown day"
