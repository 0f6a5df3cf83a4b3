"""`relief policy compare`: the convictions that one policy would relieve and another would not, by the last build."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from relief.errors import ReliefError
from relief.export.built import check_built
from relief.home import Home, open_warehouse

if TYPE_CHECKING:
    import duckdb

CHANGES = {
    "gained": "relieved by {to} alone",
    "lost": "relieved by {of} alone",
    "kept": "relieved by both",
    "neither": "relieved by neither",
}
ALL = "all"


class Answer(NamedTuple):
    """The deciding rule and its determination. The rule `all` with an empty determination is the sum over the rules."""

    rule_id: str
    determination: str
    title: str = ""  # the reason that the policy gives for the rule


TOTAL = Answer(ALL, "")
Counted = dict[tuple[str, Answer, Answer], tuple[int, int]]


def compare_policies(home: Home, from_id: str, to_id: str, report: Callable[[str], None]) -> None:
    """Print the number of convictions and people by change and by the rule of each policy.

    Raises ReliefError when a policy is compared with itself, was not built, or neither evaluates a conviction.
    """
    if from_id == to_id:
        raise ReliefError(f"policy {from_id} is compared with itself; name another one")
    with open_warehouse(home, read_only=True) as connection:
        check_built(connection, home, {"rpt_policy_comparison"}, from_id, to_id)
        print_comparison(connection, from_id, to_id, report)


def print_comparison(
    connection: "duckdb.DuckDBPyConnection",
    from_id: str,
    to_id: str,
    report: Callable[[str], None],
    comparison: str = "reporting.rpt_policy_comparison",
) -> None:
    """Print the counts of a comparison of two policies. Raises ReliefError when neither evaluates a conviction."""
    rows = connection.execute(
        "select change, from_rule_id, from_determination, from_rule_title, "
        "to_rule_id, to_determination, to_rule_title, convictions, people, "
        "from_policy_title, to_policy_title, evaluated_as_of_date, is_synthetic "
        f"from {comparison} "
        "where from_policy_id = ? and to_policy_id = ? "
        "order by convictions desc, to_rule_id, to_determination, from_rule_id, from_determination",
        [from_id, to_id],
    ).fetchall()
    if not rows:
        raise ReliefError(f"the last build does not compare {from_id} with {to_id}: neither evaluates a conviction")
    from_title, to_title, as_of, is_synthetic = rows[0][9:]
    counted = {
        (change, Answer(*first), Answer(*second)): (convictions, people)
        for change, *answers, convictions, people, _, _, _, _ in rows
        for first, second in [(answers[:3], answers[3:])]
    }
    if is_synthetic:
        report("SYNTHETIC: the people and the records are invented.")
    report(f"From {from_id} to {to_id}, evaluated as of {as_of}. A determination dismisses nothing.")
    for policy_id, title in ((from_id, from_title), (to_id, to_title)):
        report(f"{policy_id}: {title}.")
    report("People with convictions under several rules are counted under each: the people of rules do not add up.")
    for change, words in CHANGES.items():
        if (change, TOTAL, TOTAL) in counted:
            said = words.format(of=from_id, to=to_id)
            report(f"{said}: {_count(counted[change, TOTAL, TOTAL])}")
            for line in _by_rule(counted, change, from_id, to_id):
                report(line)


def _by_rule(counted: Counted, change: str, from_id: str, to_id: str) -> Iterator[str]:
    """Yield each relieving rule of the policy, followed by the other policy's rules for the same convictions."""
    is_of_first = change == "lost"
    policy_id, other_id = (from_id, to_id) if is_of_first else (to_id, from_id)
    # Convictions that only the first policy relieves are listed by its rules, and all others by the second's rules.
    placed = {
        ((first, second) if is_of_first else (second, first)): count
        for (row_change, first, second), count in counted.items()
        if row_change == change
    }
    for (answer, other), count in placed.items():
        if answer != TOTAL and other == TOTAL:
            yield f"  by rule {_named(answer, policy_id)}: {_count(count)}"
            for (met, rule), number in placed.items():
                if met == answer and rule != TOTAL:
                    yield f"    where {other_id} has {_named(rule)}: {_count(number)}"


def _named(answer: Answer, policy_id: str = "") -> str:
    of = f" of {policy_id}" if policy_id else ""
    title = f', "{answer.title}"' if answer.title else ""
    determination = f" ({answer.determination})" if answer.determination else ""
    return f"{answer.rule_id}{of}{title}{determination}"


def _count(count: tuple[int, int]) -> str:
    return f"{count[0]:,} convictions of {count[1]:,} people"
