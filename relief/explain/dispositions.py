"""The disposition of a conviction in words."""

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


def disposition_lines(connection: "duckdb.DuckDBPyConnection", evaluated: Evaluated) -> list[str]:
    """The disposition in words of the vocabulary, and which facts about it are unknown."""
    doj_key, court_key, status = connection.execute(_KEYS, [evaluated.conviction_key]).fetchone() or ("", "", "")
    keys = [key for key in (doj_key, court_key) if key]
    own = connection.execute(_OWN, [keys]).fetchall()
    lines = [f"The disposition: {'; '.join(dict.fromkeys(words.lower() for words, _ in own)) or 'none given'}."]
    if any(contradicted for _, contradicted in own):
        lines.append("Rows of this count differ in charge or level, and their days do not say which of them counts.")
    if status == "unclear":
        lines.append("Whether it is a conviction, or still is one, cannot be told (Cannot tell: disposition).")
    return lines
