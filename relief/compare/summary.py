"""Compare the older tool's summary (``gogen.json``) with ours, count by count, and name each difference."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.compare.result import CLOCK, COUNTED_PER_FILE, UNEXPLAINED, Comparison
from relief.errors import ReliefError
from relief.export.cmr_summary import DISMISS_ALL, SECONDS, summarize
from relief.landing.layout import county_of

if TYPE_CHECKING:
    import duckdb

EARLIEST = "earliestConviction"
LAST_7_YEARS = "CountSubjectsNoConvictionLast7Years"
FIELDS = {"county", "lineCount", "reliefWithCurrentEligibilityChoices", "reliefWithDismissAllProp64"}
Count = int | str | None


def is_summary(path: Path) -> bool:
    """Whether the file is JSON, judged by its first character (a brace) and not by its name."""
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    except OSError:
        return False


def compare_summaries(
    connection: "duckdb.DuckDBPyConnection", policy_id: str, peer: Path, report: Callable[[str], None]
) -> Comparison:
    """Compare count by count, except the running time. A count that one side lacks is 0.

    A difference in the 7-year counts is named `clock`, since these counts depend on the day on which the older tool
    ran. If the older tool's interpretation of the file gives the peer's count, the difference gets the names of the
    file's defects. If people are in several files and the peer counts more, the difference is named `counted_per_file`.
    Raises ReliefError when the file is not a summary or is for another county.
    """
    found = _read(peer)
    rows = connection.execute("select count(*) from marts.fct_criminal_history_rows").fetchone()
    lines = rows[0] if rows else 0
    ours = summarize(connection, policy_id, lines, 0.0)
    if county_of(str(found["county"])) != ours["county"]:
        raise ReliefError(
            f"{peer}: was not made for {ours['county']}, the county of the last build; "
            "build for its county: relief build --county NAME"
        )
    here, there = _flat(ours), _flat(found)
    expected = _flat(summarize(connection, policy_id, lines, 0.0, "older_tool"))
    several = _is_anyone_in_several_files(connection)
    names = sorted({*here, *there})
    differing = [name for name in names if here.get(name, 0) != there.get(name, 0)]
    report(f"{peer.name} beside policy {policy_id}, {ours['county']}")
    report(f"counts compared: {len(names)}; equal: {len(names) - len(differing)}; differing: {len(differing)}")
    named: dict[str, int] = {}
    unexplained = 0
    for name in differing:
        counts = (here.get(name, 0), there.get(name, 0), expected.get(name, 0))
        policy = DISMISS_ALL if name.startswith("reliefWithDismissAllProp64") else policy_id
        why = _why(connection, policy, name, counts, several)
        unexplained += why == UNEXPLAINED
        for defect in why.split(";"):
            named[defect] = named.get(defect, 0) + 1
        report(f"  {name}: {counts[0]} here, {counts[1]} in the peer file: {why}")
    return Comparison(len(names), len(names) - len(differing), len(differing), unexplained, named)


def _read(peer: Path) -> dict[str, Any]:
    try:
        found = json.loads(peer.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ReliefError(f"{peer}: cannot be read ({error.strerror}); name a file you can read") from None
    except ValueError:  # wrong JSON or a wrong encoding
        raise ReliefError(f"{peer}: cannot be read as JSON; give the summary (gogen.json) as it was written") from None
    if not isinstance(found, dict) or not found.keys() >= FIELDS or not _is_flat(found):
        raise ReliefError(f"{peer}: is not a summary of the older tool; give its gogen.json as it was written")
    return found


def _is_flat(found: dict[str, Any]) -> bool:
    plain = (int, float, str, type(None))
    return all(
        isinstance(value, plain)
        or (isinstance(value, dict) and all(isinstance(count, int) for count in value.values()))
        for value in found.values()
    )


def _flat(summary: dict[str, Any]) -> dict[str, Count]:
    """Return every count by its name, or by `map.key` for a count in a map. County and time are left out."""
    flat: dict[str, Count] = {}
    for name, value in summary.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": count for key, count in value.items()}
        elif name not in {"county", SECONDS}:
            flat[name] = value
    return flat


def _why(
    connection: "duckdb.DuckDBPyConnection",
    policy_id: str,
    name: str,
    counts: tuple[Count, Count, Count],
    several: bool,
) -> str:
    here, there, expected = counts
    # Without any conviction, the older tool writes the time at which it ran.
    if name.endswith(LAST_7_YEARS) or (name == EARLIEST and here is None):
        return CLOCK
    if there == expected:
        return _defects(connection, policy_id) or UNEXPLAINED
    if several and name != EARLIEST and isinstance(there, int) and isinstance(here, int) and there > here:
        return COUNTED_PER_FILE
    return UNEXPLAINED


def _defects(connection: "duckdb.DuckDBPyConnection", policy_id: str) -> str:
    """The defects that change answers of this policy; without such, all that affect how the older tool reads files."""
    for query in (
        "select distinct unnest(string_split(defects, ';')) as name from marts.fct_relief_defects "
        "where policy_id = $policy_id and defects <> ''",
        "select distinct reading as name from intermediate.int_interpretations__subjects "
        "where reading not in ('older_tool', 'strike_list', 'charged_not_convicted') and $policy_id <> ''",
    ):
        names = [name for (name,) in connection.execute(f"{query} order by name", {"policy_id": policy_id}).fetchall()]
        if names:
            return ";".join(names)
    return ""


def _is_anyone_in_several_files(connection: "duckdb.DuckDBPyConnection") -> bool:
    row = connection.execute(
        "select exists(select 1 from intermediate.int_criminal_history__subject_keys "
        "group by subject_key having count(distinct delivery_id) > 1)"
    ).fetchone()
    return bool(row and row[0])
