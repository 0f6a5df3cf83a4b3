"""The page Policies: two policies side by side, and the answer and the source of each rule."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.components import address, layout
from dashboards.components.data import Release, Summary
from dashboards.components.folds import why_and_limits
from dashboards.components.glossary import meaning
from dashboards.components.policies import (
    CHANGES,
    Change,
    Rule,
    already_relieved,
    by_rule,
    finding,
    load_changes,
    load_rules,
    of,
    sum_in_words,
    titles,
    total,
)
from dashboards.components.words import day, number, plain, text

KEPT = "address_of_policies"
TITLES = {
    "gained": "Gained (convictions)",
    "lost": "Lost (convictions)",
    "kept": "Kept (convictions)",
    "neither": "In neither (convictions)",
}
TABLE_HEIGHT = 460
MANY = 12


def page(release: Release, summary: Summary) -> None:
    """Show the two chosen policies, the finding, four numbers, the changes by rule, and then all rules."""
    layout.heading("Policies side by side (convictions)", summary)
    rules = load_rules(release.leadership)
    names = titles(rules)
    if len(names) < len(("from", "to")):
        st.markdown("This release contains fewer than two policies, so there is nothing to compare.")
        why_and_limits("policies")
        return
    first, second = choose(names)
    changes = load_changes(release.leadership, first, second)
    if first == second:
        layout.lead("Choose two different policies.")
    elif not changes:
        layout.lead("These two are not compared: a variant is compared with the policy that it was made from.")
    else:
        comparison(changes, names, first, second)
    for policy_id in dict.fromkeys((first, second)):
        rules_section(of(rules, policy_id), names[policy_id])
    why_and_limits("policies")


def choose(names: Mapping[str, str]) -> tuple[str, str]:
    """Return the two chosen policies, which the page's address contains.

    The default compares the pilot's rules with the statute.
    """
    order = list(names)
    pilot = next((policy for policy in order if policy == "la_pilot_2019"), order[-1])
    choices = {
        "from": [pilot, *(policy for policy in order if policy != pilot)],
        "to": order,
    }
    address.read(choices, KEPT)
    for column, (key, label) in zip(st.columns(2), (("from", "From this policy"), ("to", "to this one")), strict=True):
        column.selectbox(label, choices[key], format_func=names.__getitem__, key=key, help=meaning("policy"))
    chosen = address.write(choices, KEPT)
    return chosen["from"], chosen["to"]


def comparison(changes: Sequence[Change], names: Mapping[str, str], first: str, second: str) -> None:
    """Show the finding, the four counts of convictions that either policy evaluates, and the changes by rule."""
    layout.lead(finding(changes, names[first], names[second]))
    if relieved := already_relieved(changes):
        st.markdown(
            f"{number(relieved)} of those not relieved have their order already: *{plain(names[second])}* asks what is "
            "left to relieve, so nobody loses an order."
        )
    as_of = day(changes[0].evaluated_as_of_date)
    for column, change in zip(st.columns(len(CHANGES)), CHANGES, strict=True):
        convictions, people = total(changes, change)
        with column.container(border=True, height="stretch", gap="xxsmall"):
            explained = "gained" if change == "neither" else change
            st.metric(TITLES[change], number(convictions), help=meaning(explained))
            layout.small(f"of {number(people)} people  \nEvaluated as of {as_of}")
    layout.small(f"{sum_in_words(changes)} {text('policies_people').strip()}")
    for change, side, owner in (("gained", "to", second), ("lost", "from", first)):
        other = "from" if side == "to" else "to"
        layout.section(f"{change.capitalize()}, by rule (convictions, and people)", change)
        rows = by_rule(changes, change, side)
        if not rows:
            st.markdown("No conviction.")
            continue
        left, right = st.columns(2, gap="large")
        with left:
            changes_table(rows, f"Rule of {names[owner]}", change)
        with right:
            named = names[first if side == "to" else second]
            changes_table(by_rule(changes, change, other), f"Answered by {named}", change)


def changes_table(rows: Sequence[Change], title: str, change: str) -> None:
    """Show one change by the rules of one policy.

    The convictions add up to the number shown above. People do not add up.
    """
    layout.table(
        {
            title: [row.title() for row in rows] + ["All rules"],
            "Convictions": [*(row.convictions for row in rows), sum(row.convictions for row in rows)],
            "People": [*(row.people for row in rows), None],
        },
        f"Convictions and people {change}. {title}",
        numbers=("Convictions", "People"),
        absent="not added",
    )


def rules_section(rules: Sequence[Rule], title: str) -> None:
    """Show every rule of a policy in the order in which it is tested. The first rule that is met decides."""
    version = f"Version {plain(rules[0].policy_version)}, source: {plain(rules[0].policy_source)}."
    with st.expander(f"What each rule decides: {plain(title)} (convictions)", icon=":material/rule:"):
        layout.small(f"{version} {text('policies_rules').strip()}")
        layout.table(
            {
                "Step": [str(rule.step) for rule in rules] + [""],
                "Rule": [rule.reason for rule in rules] + ["All rules"],
                "Tests": [rule.conditions or "nothing" for rule in rules] + [""],
                "Answer": [rule.determination for rule in rules] + [""],
                "If a fact is missing": [rule.if_unknown for rule in rules] + [""],
                "Convictions": [*(rule.convictions for rule in rules), sum(rule.convictions for rule in rules)],
                "Source": [rule.citation for rule in rules] + [""],
            },
            f"The rules of {title} in order, each with what it asks, its answer, its source and its convictions",
            numbers=("Convictions",),
            height=TABLE_HEIGHT if len(rules) > MANY else 0,
        )
        layout.small(f"Evaluated as of {day(rules[0].evaluated_as_of_date)}. These are answers of rules, never orders.")


layout.with_release(page)
