"""What `relief explain` says of the prosecution's challenge, one sentence per status."""

import duckdb
import pytest

from relief.explain.challenge import challenge_line
from relief.explain.find import Evaluated

EVALUATED = Evaluated("key", "history", "la_court", "delivery", 1, "", "", "")
NOTHING = {
    "challenge_ground": None,
    "challenge_date": None,
    "withdrawal_date": None,
    "told_by": None,
    "challenge_deadline_date": "2020-07-01",
    "is_past_challenge_deadline": None,
    "challenge_deadline_citation": "H&S 11361.9",
    "events_as_of_date": "2023-07-10",
}
COURT_ONLY = {"challenge_deadline_date": None, "challenge_deadline_citation": None}
CHALLENGE = {"challenge_ground": "risk", "challenge_date": "2020-06-01", "told_by": "relief_event"}


def said(status: str, **found: str | None) -> str:
    connection = duckdb.connect()
    row = {"conviction_key": "key", "challenge_status": status} | NOTHING | found
    columns = ", ".join(f"{'null' if value is None else repr(value)} as {name}" for name, value in row.items())
    connection.execute(
        f"create schema intermediate; create table intermediate.int_review__challenges as select {columns}"
    )
    connection.execute("alter table intermediate.int_review__challenges alter is_past_challenge_deadline type boolean")
    return challenge_line(connection, EVALUATED)


def test_a_court_only_conviction_is_on_no_list_and_had_no_deadline() -> None:
    line = said("not_on_the_list", **COURT_ONLY)
    assert line.startswith("On no list of the DOJ")
    assert "H&S 11361.8" in line
    for word in ("challenge is on record", "2020-07-01", "unchallenged", "None"):
        assert word not in line


def test_a_challenge_to_a_court_only_conviction_is_kept_with_its_day_and_ground() -> None:
    line = said("not_on_the_list", **COURT_ONLY, **CHALLENGE)
    assert "A challenge is on record on 2020-06-01, by the events file; ground: risk." in line


@pytest.mark.parametrize(
    ("status", "found", "wanted"),
    [
        ("not_delivered", {}, "cannot be told: no events were delivered"),
        ("not_challenged", {}, "the prosecution had until 2020-07-01 (H&S 11361.9)"),
        ("not_challenged", {"told_by": "review_decision"}, "not challenged, by an attorney's decision"),
        ("challenged", CHALLENGE, "Challenged by the prosecution on 2020-06-01, by the events file; ground: risk"),
        ("challenged", CHALLENGE | {"is_past_challenge_deadline": "true"}, ", after the deadline of 2020-07-01"),
        ("withdrawn", CHALLENGE | {"withdrawal_date": "2020-06-20"}, "was withdrawn on 2020-06-20"),
        ("cannot_tell", CHALLENGE, "it or its withdrawal has no day"),
    ],
)
def test_each_status_has_its_sentence(status: str, found: dict[str, str], wanted: str) -> None:
    assert wanted in said(status, **found)
