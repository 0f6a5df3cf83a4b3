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
<courthouse>/<agency>/challenge_unknown   counts of which it is not known: no event was delivered, or a day is missing
<courthouse>/<agency>/not_on_the_list     counts that only the court's file has: by motion under H&S 11361.8(e), or form
                                          CR-400 or CR-401; H&S 11361.9 and its deadline speak of the DOJ's list only
<courthouse>/<agency>/proposed_orders     for each unchallenged count the relief asked, its ground and its statute
<courthouse>/notice_to_court        challenged counts, whatever the policy says of them, and unchallenged ones to file
notice_to_public_defender           challenged counts
notice_to_public_defender_not_on_the_list   open challenges against counts that only the court's file has; H&S 11361.9
                                          and its notices speak of the DOJ's list only
on_the_list_not_granted             counts of the DOJ's list that nobody challenges and the policy does not grant, each
                                    with determination, reason and what H&S 11361.9 says (what_is_owed)
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
no_section, no_count_number: what the order would name is not known, so no clerk could enter it.
to_be_filed: all others. Of those settled, no list is written: sealed records are counted only.

ORDER OF ROWS
First people in custody and people with a pending petition (the office's choice), then by case, defendant and count.
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
