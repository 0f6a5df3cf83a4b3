"""The older tool's reading of a DOJ file, and its LA pilot rules, written a second time, record by record.

It shares only the lists of 2019 with the models, so that whole files can be compared (`relief compare`). It repeats the
older tool's defects on purpose: year 1 for a missing date, sentences given to the last conviction, and so on.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from relief.home import PROJECT_DIR

FOUR = re.compile("11357|11358|11359|11360")
GANG_LISTED = re.compile(r"(136[.]1|215|213[(]A[)][(]1[)][(]A[)]|246|519|12022[.]55) PC")
GANG_ENHANCEMENT = re.compile(r"186[.]22[(]B[)][(]4[)] PC")
PROP_64_DAY = date(2016, 11, 9)
YEAR_ONE = date(1, 1, 1)
DISMISSAL, REVIEW, NOT_ELIGIBLE = "Eligible for Dismissal", "Hand Review", "Not eligible"
Answer = tuple[str, str]


@dataclass
class Conviction:
    """One count; `ends` is the end of its sentence in days since year 1."""

    row_no: int
    section: str
    day: date
    order: str
    county: str
    is_felony: bool
    ends: float


@dataclass
class Subject:
    """What is known about a person after one pass over the rows."""

    birth: date
    convictions: list[Conviction] = field(default_factory=list)
    is_registered: bool = False
    is_deceased: bool = False


def answers(path: Path, county: str, evaluated: date) -> dict[int, Answer]:
    """The answer of the LA pilot rules for every row that the older tool evaluates, by row number."""
    with path.open(newline="", encoding="utf-8") as file:
        subjects = _subjects(csv.DictReader(file))
    return {
        conviction.row_no: _answer(conviction, subject, evaluated)
        for subject in subjects.values()
        for conviction in subject.convictions
        if conviction.county == county and FOUR.search(conviction.section)
    }


def _subjects(rows: "csv.DictReader[str]") -> dict[str, Subject]:
    subjects: dict[str, Subject] = {}
    for row_no, row in enumerate(rows, start=1):
        subject = subjects.setdefault(row["SUBJECT_ID"], Subject(_day(row["PRI_DOB"])))
        subject.is_deceased |= row["STP_TYPE_DESCR"] == "DECEASED"
        subject.is_registered |= row["STP_TYPE_DESCR"] == "REGISTRATION" and row["OFFENSE_DESCR"].startswith("290")
        if not row["DISP_DESCR"].startswith("CONVICTED"):
            continue
        if any(known.order == row["CNT_ORDER"] for known in subject.convictions):
            subject.convictions[-1].ends += _days(row)
            continue
        in_comment = row["OFFENSE_DESCR"].strip() in ("", "SEE COMMENT FOR CHARGE")
        day = _day(row["STP_EVENT_DATE"])
        level = row["CONV_STAT_DESCR"]
        subject.convictions.append(
            Conviction(
                row_no,
                row["COMMENT_TEXT" if in_comment else "OFFENSE_DESCR"].split("-")[0],
                day,
                row["CNT_ORDER"],
                row["STP_ORI_CNTY_NAME"],
                level == "FELONY" or (level == "" and row["OFFENSE_TOC"] == "F"),
                day.toordinal() + _days(row),
            )
        )
    return subjects


def _day(text: str) -> date:
    if not re.fullmatch("[0-9]{8}", text):
        return YEAR_ONE
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return YEAR_ONE


def _days(row: dict[str, str]) -> float:
    """Length of a sentence part in days; in nanoseconds it overflows 64 bits, as in the older tool."""
    try:
        length = int(row["SENT_LENGTH"])
    except ValueError:
        return 0
    days = length * {"D": 1, "M": 30.5, "Y": 366}.get(row["SENT_TIME_CODE"], 0)
    nanoseconds = (int(days * 86_400) * 10**9 + 2**63) % 2**64 - 2**63
    return nanoseconds / 86_400e9


def _answer(conviction: Conviction, subject: Subject, evaluated: date) -> Answer:
    others = subject.convictions
    alike = [c for c in others if FOUR.search(c.section) and c.section.startswith(conviction.section[:5])]
    is_serving = any(c.ends > evaluated.toordinal() for c in others)
    rules: list[tuple[bool, Answer]] = [
        (not conviction.is_felony, ("To be reviewed by City Attorneys", "Misdemeanor or Infraction")),
        (conviction.day >= PROP_64_DAY, (NOT_ELIGIBLE, "Occurred after 11/09/2016")),
        (conviction.section.startswith(("11357(A)", "11357(B)")), (DISMISSAL, "11357(a) or 11357(b)")),
        (FOUR.findall(conviction.section)[0] == "11357", (REVIEW, "Other 11357")),
        (
            _has_gang_pair(others) or _has_earlier(conviction, others, "cmr_2019_super_strike"),
            (NOT_ELIGIBLE, "PC 667(e)(2)(c)(iv)"),
        ),
        (subject.is_registered or _has_earlier(conviction, others, "cmr_2019_pc290"), (NOT_ELIGIBLE, "PC 290")),
        (sum(c.day < conviction.day for c in alike) > 1, (NOT_ELIGIBLE, "Two priors")),
        (_years_later(subject.birth, 50) <= evaluated, (DISMISSAL, "50 years or older")),
        ((evaluated - subject.birth).days / 365.25 <= 21, (DISMISSAL, "21 years or younger")),
        (
            all(FOUR.search(c.section) for c in others) and not is_serving,
            (DISMISSAL, "Only has 11357-60 charges and completed sentence"),
        ),
        (
            all(c.day <= _years_later(evaluated, -10) for c in others),
            (DISMISSAL, "No convictions in past 10 years"),
        ),
        (is_serving, (REVIEW, "Currently serving sentence")),
        (subject.is_deceased, (DISMISSAL, "Deceased")),
        (True, (REVIEW, "No applicable eligibility criteria")),
    ]
    return next(answer for is_met, answer in rules if is_met)


def _has_earlier(conviction: Conviction, others: list[Conviction], list_id: str) -> bool:
    return any(other.day < conviction.day and _is_listed(list_id, other.section) for other in others)


def _has_gang_pair(others: list[Conviction]) -> bool:
    """Whether a listed offense has a gang enhancement.

    The older tool compares no dates here, so the pair always counts as earlier.
    """
    return any(
        GANG_ENHANCEMENT.search(enhancement.section)
        and any(
            GANG_LISTED.search(other.section) and other.order[:6] == enhancement.order[:6]
            for other in others
            if other is not enhancement
        )
        for enhancement in others
    )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@cache
def _is_listed(list_id: str, section: str) -> bool:
    return any(
        pattern.search(section) and (companion is None or companion.search(section))
        for pattern, companion in _patterns(list_id)
    )


@cache
def _patterns(list_id: str) -> list[tuple[re.Pattern[str], re.Pattern[str] | None]]:
    with (PROJECT_DIR / "seeds/law/offense_list_entries.csv").open(newline="", encoding="utf-8") as file:
        return [
            (
                re.compile(entry["pattern"]),
                re.compile(entry["companion_pattern"]) if entry["companion_pattern"] else None,
            )
            for entry in csv.DictReader(file)
            if entry["list_id"] == list_id
        ]
