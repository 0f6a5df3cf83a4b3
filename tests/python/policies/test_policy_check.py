"""`relief policy check` reports every kind of mistake with its line, and finds none in a copy of a shipped policy."""

import hashlib
from dataclasses import replace

import pytest

from relief.policies import document, store
from relief.policies.check import read_text

ALL = [row["policy_id"] for row in document.seed_rows("policies/policies.csv")]


def lines() -> list[str]:
    """The lines of a document that is a copy of the pilot rules."""
    policy = document.shipped("la_pilot_2019")
    assert policy
    return document.to_yaml(document.copy_of(policy, "mine", "one")).splitlines()


def problems(text: list[str]) -> list[tuple[int, str]]:
    policy, found = read_text("\n".join(text))
    assert (policy is None) == bool(found)
    return [(problem.line, problem.text) for problem in found]


@pytest.mark.parametrize("policy_id", ALL)
def test_a_copy_of_a_shipped_policy_is_the_policy(policy_id: str) -> None:
    policy = document.shipped(policy_id)
    assert policy
    copy = document.copy_of(policy, "mine", "one")
    assert read_text(document.to_yaml(copy)) == (copy, [])


def test_overdue_records_are_counted_where_the_document_does_not_say() -> None:
    text = [line for line in lines() if not line.startswith("overdue_records:")]
    policy, found = read_text("\n".join(text))
    assert (found, policy and policy.overdue_records) == ([], "counted")
    left_out, _ = read_text("\n".join(lines()).replace("overdue_records: counted", "overdue_records: left_out"))
    assert left_out and left_out.overdue_records == "left_out"
    # A version saved before this parameter existed stays the same version. Another way of counting makes another
    # version.
    assert policy
    without = document.to_yaml(policy).replace("overdue_records: counted\nunknown_plants: six_or_fewer\n", "")
    assert store.sha256_of(policy) == hashlib.sha256(without.encode()).hexdigest() != store.sha256_of(left_out)


def test_unknown_plants_are_six_or_fewer_where_the_document_does_not_say() -> None:
    text = [line for line in lines() if not line.startswith("unknown_plants:")]
    policy, found = read_text("\n".join(text))
    assert (found, policy and policy.unknown_plants) == ([], "six_or_fewer")
    more, _ = read_text("\n".join(lines()).replace("unknown_plants: six_or_fewer", "unknown_plants: more_than_six"))
    assert more and more.unknown_plants == "more_than_six"
    assert "\nunknown_plants: more_than_six\n" in document.to_yaml(more)
    # A version saved before this parameter existed stays the same version, with or without the parameter on overdue
    # records.
    assert policy
    for counted in ("overdue_records: counted\n", "overdue_records: left_out\n"):
        this = replace(policy, overdue_records=counted.split()[1])
        without = document.to_yaml(this).replace("unknown_plants: six_or_fewer\n", "")
        saved = without.replace("overdue_records: counted\n", "")
        assert store.sha256_of(this) == hashlib.sha256(saved.encode()).hexdigest()
        assert store.sha256_of(replace(this, unknown_plants="more_than_six")) != store.sha256_of(this)


def test_the_variant_of_more_plants_is_the_statute_with_the_parameter_turned() -> None:
    statute, variant = (document.shipped(key) for key in ("statutory_11361_8", "statutory_11361_8_more_plants"))
    assert statute and variant
    names = {"policy_id": variant.policy_id, "title": variant.title, "variant_of": statute.policy_id}
    assert replace(statute, **names, unknown_plants="more_than_six") == variant


CHANGES = {
    "an id in capitals": ("policy: mine", "policy: Mine", "lower-case letters"),
    "a shipped id": ("policy: mine", "policy: la_pilot_2019", "is frozen"),
    "an id of a draft": ("policy: mine", "policy: mine__draft", "choose another id"),
    "no title": ("title: Copy of Published LA pilot rules", "title: ''", "title is empty"),
    "an unknown scope": (
        "offense_scope: prop_64_published",
        "offense_scope: everything",
        "offense_scope 'everything' is none of",
    ),
    "an unknown source": (
        "evaluates_sources: [ca_doj]",
        "evaluates_sources: [fbi]",
        "evaluates_sources 'fbi' is none of",
    ),
    "no source": ("evaluates_sources: [ca_doj]", "evaluates_sources: []", "evaluates_sources is empty"),
    "a source that is no list": ("evaluates_sources: [ca_doj]", "evaluates_sources: ca_doj", "is not a list"),
    "overdue records of no known way": (
        "overdue_records: counted",
        "overdue_records: ignored",
        "overdue_records 'ignored' is none of: counted, left_out",
    ),
    "a number of plants of no known kind": (
        "unknown_plants: six_or_fewer",
        "unknown_plants: seven",
        "unknown_plants 'seven' is none of: six_or_fewer, more_than_six",
    ),
    "plants left empty": ("unknown_plants: six_or_fewer", "unknown_plants:", "unknown_plants is empty"),
    "overdue records left empty": ("overdue_records: counted", "overdue_records:", "overdue_records is empty"),
    "an unknown key": ("county: LOS ANGELES", "country: LOS ANGELES", "country is not known"),
    "a key that stands twice": ("county: LOS ANGELES", "title: again", "title is there twice"),
    "an anchor": ("county: LOS ANGELES", "county: &county LOS ANGELES", "an anchor, alias or tag"),
    "a tag": ("county: LOS ANGELES", "county: !!python/name:os.system ''", "an anchor, alias or tag"),
    "an unknown measure": (
        "      - measure: is_felony",
        "      - measure: is_felon",
        "measure 'is_felon' is not known",
    ),
    "a measure of the statute": (
        "      - measure: is_felony",
        "      - measure: is_conspiracy",
        "only of offense_scope",
    ),
    "an unknown operator": ("        operator: '='", "        operator: ==", "operator '==' is none of"),
    "a threshold that is no number": ("        threshold: 0", "        threshold: none", "is not a number"),
    "a threshold below zero": ("        threshold: 0", "        threshold: -1", "below 0"),
    "a threshold out of range": ("        threshold: 0", "        threshold: nan", "out of range"),
    "a yes or no that is asked for two": ("        threshold: 0", "        threshold: 2", "yes-or-no"),
    "a day that is none": ("        threshold: 20161109", "        threshold: 20161131", "not a calendar date"),
    "an unknown determination": (
        "    determination: Hand Review",
        "    determination: Dismissed",
        "determination 'Dismissed' is none of: Eligible",
    ),
    "a grant without a ground": ("    legal_ground: office policy", "    legal_ground: ''", "legal_ground is empty"),
    "an unknown ground": (
        "    legal_ground: office policy",
        "    legal_ground: mercy",
        "legal_ground 'mercy' is none of",
    ),
    "no reason": ("    reason: Misdemeanor or Infraction", "    reason: ''", "reason is empty"),
    "a rule that stands twice": ("  - rule: after_prop_64", "  - rule: not_a_felony", "is there twice"),
}


@pytest.mark.parametrize("mistake", CHANGES)
def test_a_mistake_is_said_with_its_line(mistake: str) -> None:
    before, after, said = CHANGES[mistake]
    text = lines()
    number = next(n for n, line in enumerate(text) if line == before or line.startswith(before + "  #"))
    text[number] = after
    found = problems(text)
    assert [line for line, message in found if said in message] == [number + 1], found


def test_a_presumption_names_its_source() -> None:
    text = lines()
    number = text.index("        threshold: 0")
    text.insert(number + 1, "        if_unknown: presume_met")
    assert problems(text) == [(number - 1, "citation is missing; add it")]


def test_a_ground_without_a_grant_is_left_out() -> None:
    text = lines()
    number = text.index("    determination: Hand Review")
    text.insert(number + 1, "    legal_ground: office policy")
    assert [message for _, message in problems(text)] == [
        "legal_ground: a rule that says Hand Review grants nothing; leave it out"
    ]


def test_the_walk_ends_and_every_rule_is_reached() -> None:
    text = lines()
    last = max(n for n, line in enumerate(text) if line.startswith("  - rule: "))
    assert [message for _, message in problems(text[:last])] == [
        "the last rule must have no conditions: it says what is answered where no other rule is met"
    ]
    rule = text[last:]
    doubled = [*text, *[line.replace("otherwise", "further") for line in rule]]
    assert [(line, message[:35]) for line, message in problems(doubled)] == [
        (last + 1, "rule otherwise has no conditions, s")
    ]
    first = next(n for n, line in enumerate(text) if line.startswith("  - rule: "))
    second = next(n for n, line in enumerate(text) if n > first and line.startswith("  - rule: "))
    copied = [line.replace("not_a_felony", "again") for line in text[first:second]]
    found = problems([*text[:second], *copied, *text[second:]])
    assert found == [
        (second + 1, "rule again asks the same as rule not_a_felony and never decides; change or remove it")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("- a list", "the policy is a mapping with policy, title"),
        ("rules: [", "not YAML"),
        ("a: b: c", "not YAML"),
        ("[" * 5000, "nested too deeply"),
        ("policy: x\x00", "not YAML"),
        ("policy: x\nrules: 7", "rules is not a list"),
    ],
)
def test_what_is_no_policy_is_said(text: str, said: str) -> None:
    policy, found = read_text(text)
    assert policy is None
    assert any(said in problem.text for problem in found), found


def test_all_mistakes_are_said_at_once() -> None:
    text = lines()
    text[text.index("policy: mine")] = "policy: Mine"
    text[text.index("    determination: Hand Review")] = "    determination: Maybe"
    assert len(problems(text)) == 2
