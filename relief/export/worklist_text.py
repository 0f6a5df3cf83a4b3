"""The text file beside the worklist, which explains its files and how to answer."""

from dataclasses import asdict, dataclass
from typing import Any

from relief.export.built import Built

_TEXT = """{mark}WORKLIST FOR THE ATTORNEYS
{line}
Confidential (PC 11105, 13300): for the prosecutor's office only. Every file except this one contains identifiers.

{facts}

THE QUEUE
{queue}

THE FILES
hand_reviews             {reviews:,} convictions that the policy sends to an attorney and nobody has decided yet
possible_links           {links:,} pairs of a DOJ count and a court count that may be one conviction
possible_people          {people:,} pairs of a DOJ subject and a court defendant who may be one person
decisions_to_fill_in.csv the same rows in the layout in which decisions are landed
decisions_not_obeyed     {decisions:,} rows of decisions files without effect or with gaps: the reason, what to write
events_not_counted       {events:,} rows of events files that do not count or have gaps: the reason, what to write

ORDER OF ROWS
First people in custody and people with a pending petition (AB 1793), then the longest waiting, then the oldest
conviction. in_custody is yes, no or unknown, as far as the files show it. waiting_days counts from the as-of date of
the first delivery in use that contains the conviction. `missing` lists the facts that the rules lacked. relief explain
RECORD shows more. A conviction of the DOJ's list that nobody challenged by challenge_deadline_date has to be relieved
for that reason alone (H&S 11361.9): challenge_status shows the recorded challenges, beside the policy's own reason.

POSSIBLE PEOPLE
{people:,} pairs wait: a court defendant who is linked to no subject of the DOJ's file, and a subject who may be
that person. {people_first:,} go first, because the defendant's case has cannabis convictions: the answer decides
whose they are, and whether they are already in the DOJ's file. possible_subjects counts the subjects who may be one
defendant; at most one of them is, and they are listed together. `agreements` has the outcome of each comparison.
too_little_evidence         likely, but not likely enough to be linked without a person
given_name_differs          surname and birth date agree, and no given name does: perhaps twins
several_persons             another subject is nearly as likely
another_fits_better         this other subject, or a less likely one
cii_differs                 the CII numbers differ, and counts of one case look like one conviction
name_and_birth_date_differ  name and birth date differ, and counts of one case look like one conviction

HOW TO ANSWER
Fill in verdict, ground, attorney and decision_date (YYYY-MM-DD) in decisions_to_fill_in.csv, and legal_ground for a
dismissal; leave the other columns. A row without verdict, attorney and date decides nothing and may stay. Then:
    relief land --source review_decisions --as-of DAY decisions_to_fill_in.csv
    relief build
DAY is the day of the last decision or a later one: a decision with a later date has no effect.
eligibility  dismissal, dismissal_and_sealing, redesignation, resentencing, not_eligible, hand_review, withdrawn
challenge    challenged, not_challenged, withdrawn; ground: eligibility, or unreasonable risk of danger, and the reason
count_link   same, different, withdrawn (the DOJ's count and the court's)
person_link  same, different, withdrawn (the DOJ's subject, by record, and the court's defendant, by case and defendant)
legal_ground H&S 11361.8 legal invalidity, H&S 11361.8 redesignation, H&S 11361.8 resentencing, PC 1385, office policy
policy_id    the policy whose answer the decision replaces; empty: every policy
ground       the reason, in words that a court may read, without names
The next build follows the decision, and records who decided, when and why beside the rules' own answer. The latest
decision counts. A decision is not an order: it dismisses nothing. All identifiers of a row must agree: record,
SUBJECT_ID, CII, CNT_ORDER, case, defendant and count. A date such as 3/1/2024 can be read only if another date of its
column shows which part is the month.

WHAT WAS NOT OBEYED
decisions_not_obeyed repeats each such row as it was given; column_to_mend and what_to_write show what to change. Mend
the row in the file that it came from (file_name), save the file under a new name and land it in place of the old one:
    relief land --source review_decisions --as-of DAY --supersedes DELIVERY_ID mended.csv
Or leave the mistake, and give the decision again in decisions_to_fill_in.csv, which still contains the conviction.
"""


@dataclass(frozen=True)
class Counts:
    """The number of rows of each file. `people_first` counts the pairs of people that go first."""

    reviews: int
    links: int
    people: int
    people_first: int
    decisions: int
    events: int


def methodology(built: Built, progress: list[tuple[Any, ...]], counts: Counts) -> str:
    """The text, with the counts and dates of this worklist."""
    return _TEXT.format(
        mark="SYNTHETIC DATA: every person and record is invented.\n" if built.is_synthetic else "",
        line="=" * 26,
        facts="\n".join(f"{name}: {value}" for name, value in [*built.facts, ("policy", built.policy_title)]),
        queue=_queue(progress),
        **asdict(counts),
    )


def _queue(progress: list[tuple[Any, ...]]) -> str:
    if not progress:
        return "This policy sends no conviction to an attorney."
    _, to_review, decided, settled, waiting, share, oldest, median, as_of = progress[0]
    lines = [
        f"{to_review:,} convictions sent to an attorney by the policy's rules: {decided:,} decided, "
        f"{settled:,} settled by a court meanwhile, {waiting:,} waiting, as of {as_of}."
    ]
    if share is not None:
        lines.append(f"Attorneys have decided {share:.1%} of those that need a decision.")
    if oldest is not None:
        lines.append(f"The oldest has waited {oldest:,} days, and half of them {median:,.0f} days or longer.")
    lines += ["", "Waiting, decided (convictions), by reason:"]
    lines += [f"{row[4]:>8,} {row[2]:>8,}  {row[0]}" for row in progress[1:] if row[2] or row[4]]
    return "\n".join(lines)
