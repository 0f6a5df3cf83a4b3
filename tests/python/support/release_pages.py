"""People by group, policies and the AB 1706 report of a small published release: invented numbers that add up."""

from datetime import date
from typing import Any

AS_OF = date(2021, 12, 31)
Rows = list[tuple[Any, ...]]

_OUTCOMES = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years")
PAGE_TABLES = {
    "rpt_people_outcomes_by_group": "basis varchar, group_type varchar, group_name varchar, unit varchar, "
    "people_in_review bigint, "
    + ", ".join(f"{name} bigint" for name in _OUTCOMES)
    + ", cannot_tell bigint, "
    + ", ".join(f"{name}_low bigint, {name}_high bigint" for name in _OUTCOMES)
    + ", evaluated_as_of_date date, extract_as_of_date date, is_synthetic boolean",
    "rpt_policy_rules": "policy_id varchar, policy_title varchar, policy_version varchar, policy_source varchar, "
    "variant_of varchar, policy_status varchar, step integer, rule_id varchar, determination varchar, "
    "reason varchar, conditions varchar, citation varchar, if_unknown varchar, convictions bigint, "
    "evaluated_as_of_date date, is_synthetic boolean",
    "rpt_policy_changes": "from_policy_id varchar, to_policy_id varchar, change varchar, by_rule_of varchar, "
    "rule_id varchar, rule_title varchar, determination varchar, unit varchar, convictions bigint, people bigint, "
    "evaluated_as_of_date date, is_synthetic boolean",
    "rpt_ab1706": "policy_id varchar, policy_version varchar, county_name varchar, race varchar, gender varchar, "
    "measure varchar, unit varchar, convictions bigint, evaluated_as_of_date date, extract_as_of_date date, "
    "is_synthetic boolean",
    "rpt_ab1706_list": "policy_id varchar, courthouse varchar, list_standing varchar, policy_answer varchar, "
    "unit varchar, convictions bigint, people bigint, order_deadline_date date, events_as_of_date date, "
    "extract_as_of_date date, is_synthetic boolean",
    "rpt_legal_deadlines": "deadline_id varchar, deadline_title varchar, deadline_date date, is_past boolean, "
    "days_past bigint, citation varchar, lifecycle_as_of_date date, is_synthetic boolean",
}
GROUPS = {
    "all": {"all": 1_000},
    "race": {"latino": 450, "black": 320, "white": 200, "other": 20, "unknown": 10},
    "sex": {"male": 880, "female": 115, "unknown": 5},
    "age_band": {"under 21": 5, "21-34": 245, "35-49": 400, "50 and older": 340, "unknown": 10},
}
SHARES = {"latino": 0.9, "black": 0.8, "white": 0.85}
STANDINGS = {
    "dismissed": ("eligible", "relieved", "dismissed", "sealed"),
    "redesignated": ("eligible", "relieved", "redesignated"),
    "challenged": ("eligible", "remaining", "challenged"),
    "not_challenged": ("eligible", "remaining", "not_challenged"),
}
CHANGES = (("gained", 25, 21), ("lost", 12, 11), ("kept", 18, 17), ("neither", 45, 40))
POLICIES = (
    ("la_pilot_2019", "Published LA pilot rules", ""),
    ("statutory_11361_8", "H&S 11361.8 as it stands", ""),
    ("statutory_11361_8_more_plants", "H&S 11361.8, more than six plants", "statutory_11361_8"),
)


def page_rows(synthetic: bool, *, events: bool = True) -> dict[str, Rows]:
    """The rows of the tables for the pages on people, policies and AB 1706."""
    return {
        "rpt_people_outcomes_by_group": _people(synthetic, events),
        "rpt_policy_rules": _rules(synthetic),
        "rpt_policy_changes": _changes(synthetic),
        "rpt_ab1706": _ab1706(synthetic, events),
        "rpt_ab1706_list": _list(synthetic, events),
        "rpt_legal_deadlines": [
            (
                "ab1706_orders",
                "Last day for the courts' orders",
                date(2023, 3, 1),
                False,
                0,
                "AB 1706",
                AS_OF,
                synthetic,
            ),
            ("challenge", "Last day to challenge", date(2020, 7, 1), True, 548, "AB 1793", AS_OF, synthetic),
        ],
    }


def _people(synthetic: bool, events: bool) -> Rows:
    rows: Rows = []
    for basis, part in (("relief orders", 1.0), ("first wave orders", 0.5)):
        for group_type, groups in GROUPS.items():
            for group, people in groups.items():
                members = GROUPS["race"] if group == "all" else {group: people}
                relieved = sum(round(count * SHARES.get(name, 0.8) * part) for name, count in members.items())
                if group_type in {"sex", "age_band"}:
                    relieved = round(people * 0.8 * part)
                counts = (relieved, relieved // 2, relieved // 4, relieved // 5)
                told = counts if events else (None,) * 4
                ends = [end for count in counts for end in (max(count - 2, 0), count + 3)]
                rows.append(
                    (
                        basis,
                        group_type,
                        group,
                        "people",
                        people,
                        *told,
                        1 if events else None,
                        *(ends if events else [None] * 8),
                        AS_OF,
                        AS_OF,
                        synthetic,
                    )
                )
    return rows


def _rules(synthetic: bool) -> Rows:
    lines = (
        ("young", "Eligible for Dismissal", "21 years or younger", "Age at evaluation: 21 or less", "rule 1", 30),
        ("prior", "Not eligible", "Two priors", "Priors: 2 or more", "rule 2", 20),
        ("rest", "Hand Review", "All others", "", "rule 3", 40),
        ("cannot tell", "Cannot tell", "A missing fact would decide", "", "", 10),
    )
    unknown = {"young": "presumed not to be met", "prior": "an attorney decides", "cannot tell": "an attorney decides"}
    return [
        (
            policy,
            title,
            "1",
            "somebody",
            variant_of,
            "shipped",
            step,
            rule,
            determination,
            reason,
            conditions,
            citation,
            unknown.get(rule, "asks nothing"),
            convictions,
            AS_OF,
            synthetic,
        )
        for policy, title, variant_of in POLICIES
        for step, (rule, determination, reason, conditions, citation, convictions) in enumerate(lines, start=1)
    ]


def _changes(synthetic: bool) -> Rows:
    rows: Rows = []
    for first, second in (
        ("la_pilot_2019", "statutory_11361_8"),
        ("statutory_11361_8", "statutory_11361_8_more_plants"),
    ):
        for change, convictions, people in (
            ("gained", 25, 21),
            ("lost", 12, 11),
            ("kept", 18, 17),
            ("neither", 45, 40),
        ):
            first_part = convictions * 2 // 3
            parts = (
                ("all", "all", "", "", convictions, people),
                ("from", "young", "21 years or younger", "Eligible for Dismissal", first_part, people - 5),
                ("from", "not evaluated", "", "", convictions - first_part, 6),
                ("to", "rest", "All others", "Hand Review", convictions - 3, people - 2),
                ("to", "cannot tell", "", "", 3, 3),
            )
            rows += [
                (first, second, change, side, rule, title, answer, "convictions", count, persons, AS_OF, synthetic)
                for side, rule, title, answer, count, persons in parts
            ]
    return rows


def _ab1706(synthetic: bool, events: bool) -> Rows:
    counts: dict[tuple[str, str, str], int] = {}
    for race, gender, convictions in (
        ("latino", "male", (300, 10, 6, 4)),
        ("black", "female", (200, 5, 3, 2)),
        ("unknown", "unknown", (8, 0, 1, 1)),
    ):
        for (standing, measures), count in zip(STANDINGS.items(), convictions, strict=True):
            for measure in measures if events or standing else ():
                for place in ((race, gender), (race, "all"), ("all", gender), ("all", "all")):
                    counts[(*place, measure)] = counts.get((*place, measure), 0) + count
    return [
        ("statutory_11361_8", "1", "LOS ANGELES", *place, "convictions", count, AS_OF, AS_OF, synthetic)
        for place, count in counts.items()
        if count
    ]


def _list(synthetic: bool, events: bool) -> Rows:
    told = AS_OF if events else None
    standings = (
        (("relieved", 500), ("denied", 3), ("challenged", 10), ("overdue", 7)) if events else (("waiting", 520),)
    )
    return [
        (
            "statutory_11361_8",
            house,
            standing,
            answer,
            "convictions",
            part,
            part,
            date(2023, 3, 1),
            told,
            AS_OF,
            synthetic,
        )
        for standing, count in standings
        for house, in_house in (("all", count), ("COMPTON COURTHOUSE", count - count // 3), ("unknown", count // 3))
        for answer, part in (("granted", in_house - in_house // 4), ("not granted", in_house // 4))
        if part
    ]
