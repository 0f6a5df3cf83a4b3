"""The methodology that goes with the filing package."""

from textwrap import fill

from relief.export.filing_package import Package

_TEXT = """{mark}WHAT GOES TO THE COURT: FILING PACKAGE
{line}
Confidential (PC 11105, 13300): for the court, the public defender and the Department of Justice only.
Every file holds identifiers but this one and the cover sheet.

{facts}
{days}
WHAT IS COUNTED
The unit is the conviction: one count of one defendant. Each conviction of {county} to which the policy grants relief
is on exactly one line of cover_sheet: {grants:,} convictions in all. The command counted the rows that it wrote and
compared them with the warehouse before this folder got its name.
Source: the deliveries of the DOJ's file, the court's file and the relief events that were in use on the dates above.
A determination is not an order: nothing here dismisses anything before a court signs it.

THE FILES (a file without rows is not written; every list is there as .csv and .xlsx)
cover_sheet                         counts by courthouse, prosecuting agency, list and status
<courthouse>/<agency>/unchallenged  the exhibit list of counts that nobody challenges
<courthouse>/<agency>/challenged    the exhibit list of challenged counts, with ground and date
<courthouse>/<agency>/challenge_unknown   counts of which it is not known: no event was delivered, a day is missing, or
                                          whether the count was on the DOJ's list cannot be told
<courthouse>/<agency>/not_on_the_list     counts that were not on the DOJ's list: by the motion or form that
                                          ordering_statute names; H&S 11361.9 and its deadline cover that list only
<courthouse>/<agency>/proposed_orders     for each unchallenged count the relief asked, its ground and its statute
<courthouse>/notice_to_court        challenged counts, whatever the policy says of them, and unchallenged ones to file
notice_to_public_defender           challenged counts
notice_to_public_defender_not_on_the_list   open challenges against counts that were not, or perhaps not, on the DOJ's
                                          list (was_on_the_list); H&S 11361.9 and its notices cover that list only
on_the_list_not_granted             counts of the DOJ's list that nobody challenges and the policy does not grant, each
                                    with determination, reason and what H&S 11361.9 says (what_is_owed)
on_the_list_not_granted_held        such counts that cannot be put to the court as they are, each with its held_reason
disposition_report_doj              orders signed and not known to be reported to the DOJ (PC 13151), oldest due first
held                                counts that cannot be filed as they are, each with its reason (filing_status)

STATUS: the first that holds
juvenile_case: a juvenile court's number; counted, never listed. already_ordered_...: a court signed that relief.
denied, already_relieved: a court said so. ordered_relief_unknown: an order that does not say which relief.
not_found_in_court, referred_to_city_attorney: as reported. deceased: the DOJ's file has the death; an attorney decides.
sentence_end_unknown, sentence_ended: a resentencing whose sentence may have ended, or has ended, by the day of the
package. One that has ended is asked as a redesignation where the rules behind the deciding one say so (H&S 11361.8(e),
(f)); else an attorney decides, as after an attorney's decision.
no_legal_ground: the rule of the policy names none, so nothing can be asked. relief_not_named: nor which relief.
redesignation_not_known: which form the offense has today cannot be told. no_case_number: no file has it, or several.
ground_cannot_order: H&S 11361.8 for an offense on or after 2016-11-09, or PC 1385 for anything but a dismissal.
no_section, no_count_number: what the order would name is not known, so no clerk could enter it.
to_be_filed: all others. Of those settled, no list is written: sealed records are counted only.

HELD IN EVERY LIST
held_reason names what a clerk would miss first: no_case_number, no_section or no_count_number. An open challenge stays
in its notices, because the notice is owed; complete the line before it goes. What would be put to the court without
one of them is in on_the_list_not_granted_held, beside list_unknown: whether it was on the DOJ's list cannot be told.

WHO WAS ON THE DOJ'S LIST
Convictions of the DOJ's file under H&S 11357 to 11360 and the sections before them, their attempts and conspiracies and
11361, with an offense before 2016-11-09 and a conviction by 2019-07-01. Where the offense or its day is not known it
cannot be told; that is never taken for yes or for no.

WHAT ORDERS IT
ordering_statute follows from the ground and the list. A ground of PC 1385 or of the office's policy is a motion under
PC 1385, on the list or not; it does not settle the order that is owed under H&S 11361.9. A ground of H&S 11361.8 is
ordered under H&S 11361.9 where the count was on the list, else on a motion or a form. citation is the statute that the
relief rests on, never the announcement of a policy; the cover sheet names the source of the policy.
redesignated_to_section and redesignated_to_level are the section and the level after the relief. A resentencing has
them where the rules would redesignate the conduct; they are empty where the conduct is lawful today or is not known.

ORDER OF ROWS
First people in custody and people with a pending petition (the office's choice; priority 1), then by case, defendant
and count, both as numbers.
in_custody is what the files tell on the day of evaluation: yes where a jail or prison part ends later even if all
parts run together; no where the DOJ's record of the person shows every such part ended; else unknown, which is not yes.
The files hold no release.

WHERE EACH IDENTIFIER COMES FROM
..._source names the file. A link to a court case that may be another person's lends nothing: such a count has the
DOJ's identifiers only. A courthouse is the court file's, else the court step's agency in the DOJ's file where it is a
listed courthouse, else unknown. The prosecuting agency is the court file's, else the District Attorney's for a felony,
else read from the arresting city, else unknown. `missing` names what a clerk would need and no file has.

CHALLENGES
{deadline}
A challenge is open until an order or a denial. Unknown is never "unchallenged".
Events that name a challenge and no known conviction: {loose:,} events. Look at them before filing
(audit_unmatched_events).

GROUNDS THAT DO NOT FIT
is_risk_against_completed_sentence: a challenge for risk of danger where the sentence had ended by the day of
evaluation; H&S 11361.8(b) speaks of danger for a sentence that is served. is_ground_fitting: whether the ground of a
signed order is one that the offense can have. Both are kept as delivered and counted on the cover sheet under
"for an attorney".

REPORTS TO THE DOJ
{report}
An order counts as reported when a report or an update of the same day or later is known. is_overdue is judged on the
events' as-of date.
"""


def methodology(package: Package, grants: int, loose: int, citations: dict[str, str]) -> str:
    """The text, with the counts and dates of this package."""
    built = package.built
    return _TEXT.format(
        mark="SYNTHETIC DATA: every person and record is invented.\n" if built.is_synthetic else "",
        line="=" * 38,
        facts="\n".join(f"{name}: {value}" for name, value in [*package.facts, ("policy", built.policy_title)]),
        days=f"\n{fill(package.note, 118)}\n" if package.note else "",
        county=built.county,
        grants=grants,
        loose=loose,
        deadline=citations["challenge"],
        report=citations["disposition_report"],
    )
