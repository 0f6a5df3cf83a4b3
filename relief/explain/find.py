"""Find a conviction by its key: a conviction_key of the marts, or DELIVERY:ROW of a landed file."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from relief.errors import ReliefError

if TYPE_CHECKING:
    import duckdb

_ROW = re.compile(r"([A-Za-z0-9_]+-[0-9a-f]+):([0-9]{1,18})")

_OF_A_ROW = """
    select convictions.conviction_key
    from intermediate.int_convictions__criminal_history_rows as conviction_rows
    inner join marts.fct_convictions as convictions
        on conviction_rows.doj_conviction_key = convictions.doj_conviction_key
    where conviction_rows.delivery_id = $delivery_id and conviction_rows.row_no = $row_no
        and conviction_rows.reached_by = 'count'
    union
    select convictions.conviction_key
    from intermediate.int_convictions__court as court_convictions
    inner join marts.fct_convictions as convictions
        on court_convictions.court_conviction_key = convictions.court_conviction_key
    where court_convictions.delivery_id = $delivery_id and court_convictions.row_no = $row_no
"""
_EVALUATED = """
    select identified_key, history_key, source, delivery_id, row_no, subject_id, cnt_order, coalesce(case_number, '')
    from intermediate.int_policies__evaluated_convictions
    where identified_key = ? and reading = ?
"""


@dataclass(frozen=True)
class Evaluated:
    """One evaluated conviction with its keys and numbers. Every field except the row is an identifier."""

    conviction_key: str
    history_key: str
    source: str
    delivery_id: str
    row_no: int
    subject_id: str
    cnt_order: str
    case_number: str
    ended: str = ""  # a sentence with the day on which the conviction was vacated or reversed; otherwise empty

    @property
    def place(self) -> str:
        """The row of the conviction, as DELIVERY:ROW."""
        return f"{self.delivery_id}:{self.row_no}"


def find_conviction(connection: "duckdb.DuckDBPyConnection", key: str) -> Evaluated:
    """Find the evaluated conviction of a key. It may be vacated or reversed if the published rules still evaluate it.

    Raises ReliefError when no conviction has the key or no policy evaluates it. The message never repeats a
    conviction_key, because that may contain a CII number.
    """
    row = _ROW.fullmatch(key.strip())
    if row:
        place = row[1], int(row[2])
        which = f"the conviction of row {place[1]} of {place[0]}"
        found = connection.execute(_OF_A_ROW, {"delivery_id": place[0], "row_no": place[1]}).fetchone()
        ended = connection.execute(_ENDED, place).fetchone()
        lost = "" if found or ended else _why_no_conviction(connection, *place)
    else:
        which = "the conviction of this key"
        found = connection.execute(
            "select conviction_key from marts.fct_convictions "
            "where conviction_key = $key or doj_conviction_key = $key or court_conviction_key = $key",
            {"key": key.strip()},
        ).fetchone()
        ended = connection.execute(_ENDED_KEY, [key.strip()]).fetchone()
        lost = (
            "no conviction of the last build has this key; give a conviction_key of the marts, or DELIVERY:ROW "
            "(delivery_id and row_no, as relief export determinations lists them)"
        )
    if found:
        evaluated = connection.execute(_EVALUATED, [found[0], "ours"]).fetchone()
        if evaluated is None:
            raise ReliefError(_why_not_evaluated(connection, found[0]))
        return Evaluated(*evaluated)
    if ended:
        said = _ended(which, ended[1])
        evaluated = connection.execute(_EVALUATED, [ended[0], "published"]).fetchone()
        if evaluated is None:
            raise ReliefError(f"{said}, and no policy evaluates it")
        return replace(
            Evaluated(*evaluated), ended=f"{said[0].upper()}{said[1:]}; the published rules alone evaluate it."
        )
    raise ReliefError(lost)


_ENDED = """
    select judgments.source_conviction_key, judgments.ended_date
    from intermediate.int_judgments__judgments as judgments
    inner join intermediate.int_judgments__rows as rows_said
        on judgments.source_conviction_key = rows_said.source_conviction_key
    where judgments.conviction_status = 'ended' and rows_said.delivery_id = ? and rows_said.row_no = ?
"""
_ENDED_KEY = """
    select source_conviction_key, ended_date from intermediate.int_judgments__judgments
    where conviction_status = 'ended' and source_conviction_key = ?
"""


def _why_no_conviction(connection: "duckdb.DuckDBPyConnection", delivery_id: str, row_no: int) -> str:
    known = connection.execute(
        "select count(*) from staging.stg_landing__deliveries where delivery_id = ?", [delivery_id]
    ).fetchone()
    if not known or not known[0]:
        return f"no delivery is named {delivery_id}; relief status lists the deliveries"
    return (
        f"row {row_no} of {delivery_id} belongs to no conviction in use: it is another kind of row, was replaced by a "
        "newer delivery, or is not in the file"
    )


def _ended(which: str, ended_date: date | None) -> str:
    return f"{which} ended on {ended_date or 'an unknown day'} (vacated or reversed) and is no conviction from that day"


def _why_not_evaluated(connection: "duckdb.DuckDBPyConnection", conviction_key: str) -> str:
    row = connection.execute(
        "select is_in_county, is_prop_64 or is_prop_64_predecessor from marts.fct_convictions where conviction_key = ?",
        [conviction_key],
    ).fetchone()
    is_in_county, is_cannabis = row or (None, False)
    if is_in_county is False:
        return "no policy evaluates this conviction: it is from another county than the one that was built"
    if not is_cannabis:
        return "no policy evaluates this conviction: its charge names no section that a policy covers"
    return "no policy evaluates this conviction: its number of the count (CNT_ORDER) is not readable"
