"""What an explanation says about the end of a sentence: completed, served or unknown; completed on its last day."""

from datetime import date

import pytest

from relief.explain.record import SentenceEnd
from relief.explain.words import sentence_end_line

DAY = date(2019, 7, 1)
BEFORE, AFTER = date(2019, 6, 30), date(2019, 7, 2)


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (SentenceEnd(True, None, None), "No sentence is on record: a completed one is presumed."),
        (
            SentenceEnd(False, BEFORE, DAY),
            "The sentence is completed: its parts, one after another, ended by 2019-07-01.",
        ),
        (SentenceEnd(False, AFTER, AFTER), "The sentence is served until 2019-07-02 at least"),
        (SentenceEnd(False, AFTER, None), "The sentence is served until 2019-07-02 at least"),
        (
            SentenceEnd(False, DAY, AFTER),
            "Whether the sentence is completed cannot be told: 2019-07-01 with all its parts from the first day, "
            "or 2019-07-02 with its parts one after another.",
        ),
        (SentenceEnd(False, BEFORE, None), "cannot be told: 2019-06-30 with all its parts from the first day."),
        (SentenceEnd(False, None, None), "Whether the sentence is completed cannot be told."),
    ],
)
def test_the_end_of_a_sentence_is_said_as_it_is_known(end: SentenceEnd, says: str) -> None:
    assert says in sentence_end_line(end, DAY)
