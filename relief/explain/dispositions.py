"""What became of a conviction, in words: its disposition, the rows about it, and the person's others that ended."""

from datetime import date
from typing import TYPE_CHECKING

from relief.explain.find import Evaluated

if TYPE_CHECKING:
    import duckdb

_KEYS = """
    select coalesce(doj_conviction_key, ''), coalesce(court_conviction_key, ''), conviction_status
    from intermediate.int_identity__convictions where conviction_key = ?
"""
_OWN = """
    select rows_said.words_read, judgments.is_contradicted
    from intermediate.int_judgments__judgments as judgments
    inner join intermediate.int_judgments__rows as rows_said
        on judgments.delivery_id = rows_said.delivery_id and judgments.row_no = rows_said.row_no
    where judgments.source_conviction_key in (select unnest(?))
    order by judgments.source
"""
_LATER = """
    select disposed_date, words_read, reached_by, what_it_does
    from intermediate.int_judgments__later_rows
    where source_conviction_key in (select unnest(?))
    order by disposed_date nulls last, source, row_no
"""
_ENDED = """
    select rows_said.disposed_date, judgments.ended_date
    from intermediate.int_judgments__judgments as judgments
    inner join intermediate.int_judgments__rows as rows_said
        on judgments.delivery_id = rows_said.delivery_id and judgments.row_no = rows_said.row_no
    where judgments.conviction_status = 'ended' and rows_said.person_or_case_key = ?
    order by judgments.ended_date, judgments.row_no
"""
_EFFECTS = {
    "ends_conviction": "it ends the conviction",
    "makes_it_unclear": "it may have ended the conviction: that cannot be told",
    "changes_level": "the level is lower from that day",
    "may_change_level": "it may have lowered the level: that cannot be told",
    "moves_sentence_end": "the end of the sentence moves to what it says, or is not known",
    "may_move_sentence_end": "it may have moved the end of the sentence: that cannot be told",
    "still_stands": "the conviction stays on record, and relief is not barred by it",
    "relieved_before": "it names relief under H&S 11361.8",
    "changes_nothing": "it is of an earlier day and changes nothing",
}
_REACHED_BY = {"count": "of this count", "cycle": "of a step of this cycle", "case": "of the same court case"}


def disposition_lines(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> list[str]:
    """The disposition in words of the vocabulary, and a line for each row that is about the conviction."""
    doj_key, court_key, status = connection.execute(_KEYS, [evaluated.conviction_key]).fetchone() or ("", "", "")
    keys = [key for key in (doj_key, court_key) if key]
    own = connection.execute(_OWN, [keys]).fetchall()
    lines = [f"The disposition: {'; '.join(dict.fromkeys(words.lower() for words, _ in own)) or 'none given'}."]
    if any(contradicted for _, contradicted in own):
        lines.append("Rows of this count differ in charge or level, and their days do not say which of them counts.")
    if status == "unclear":
        lines.append("Whether it is a conviction, or still is one, cannot be told (Cannot tell: disposition).")
    later = connection.execute(_LATER, [keys]).fetchall()
    if later:
        lines.append("Rows that say what became of it:")
        lines += [
            f"- {_day(day)}, {_REACHED_BY[reached_by]}: {words.lower()}; {_EFFECTS[what_it_does]}."
            for day, words, reached_by, what_it_does in later
        ]
    return lines


def ended_lines(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> list[str]:
    """The person's convictions that have ended, which count for nothing."""
    ended = connection.execute(_ENDED, [evaluated.history_key]).fetchall()
    if not ended:
        return []
    return [
        "Convictions of the person that have ended, and count for nothing but in the published rules:",
        *(f"- one {_of(day)}, which ended {_day(ended_day)}." for day, ended_day in ended),
    ]


def _day(day: date | None) -> str:
    return f"on {day}" if day else "on an unknown day"


def _of(day: date | None) -> str:
    return f"of {day}" if day else "of an unknown day"
