"""The methodology text of the filing package."""

from textwrap import fill

from relief.export.filing_package import Package

_TEXT = """{mark}WHAT GOES TO THE COURT: FILING PACKAGE
{line}
Confidential (PC 11105, 13300): for the court, the public defender and the Department of Justice only.
Every file contains identifiers, except this one and the cover sheet.

{facts}
{days}
WHAT IS COUNTED
The unit is the conviction: one count of one defendant. Each conviction of {county} to which the policy grants relief
is on exactly one line of cover_sheet: {grants:,} convictions in all. The command counted the rows that it wrote and
compared them with the warehouse before this folder got its name.
Source: the deliveries of the DOJ's file, the court's file and the relief events that were in use on the dates above.
A determination is not an order: nothing here dismisses anything before a court signs it.

THE FILES (a file without rows is not written; every list is written as .csv and .xlsx)
cover_sheet                         counts by courthouse, prosecuting agency, list and status
<courthouse>/<agency>/unchallenged  the exhibit list of counts that nobody challenges
<courthouse>/<agency>/challenged    the exhibit list of challenged counts, with ground and date
<courthouse>/<agency>/challenge_unknown   counts that may be challenged: no event was delivered, a day is missing, or it
                                          is unknown whether the count was on the DOJ's list
<courthouse>/<agency>/not_on_the_list     counts that were not on the DOJ's list: by the motion or form that
                                          ordering_statute names; H&S 11361.9 and its deadline cover that list only
<courthouse>/<agency>/proposed_orders     for each unchallenged count the relief asked, its ground and its statute
<courthouse>/notice_to_court        challenged counts, whatever the policy answers, and unchallenged counts to file
notice_to_public_defender           challenged counts
notice_to_public_defender_not_on_the_list   open challenges against counts that were not, or perhaps not, on the DOJ's
                                          list (was_on_the_list); H&S 11361.9 and its notices cover that list only
on_the_list_not_granted             counts of the DOJ's list that nobody challenges and the policy does not grant, each
                                    with determination, reason and the duty under H&S 11361.9 (what_is_owed)
on_the_list_not_granted_held        such counts that cannot be put to the court as they are, each with its held_reason
disposition_report_doj              orders signed and not known to be reported to the DOJ (PC 13151), oldest due first
held                                counts that cannot be filed as they are, each with its reason (filing_status)

STATUS: the first that applies
juvenile_case: a juvenile court's number; counted, never listed. already_ordered_...: a court signed that relief.
denied, already_relieved: a court decided so. ordered_relief_unknown: an order that does not name the relief.
not_found_in_court, referred_to_city_attorney: as reported. deceased: the DOJ's file has the death; an attorney decides.
sentence_end_unknown, sentence_ended: a resentencing whose sentence may have ended, or has ended, by the day of the
package. If it has ended, a redesignation is asked where the rules after the deciding one allow it (H&S 11361.8(e),
(f)). Otherwise, and after an attorney's decision, an attorney decides.
no_legal_ground: the policy's rule names no ground, so nothing can be asked. relief_not_named: the relief is not named.
redesignation_not_known: the form that the offense has today is unknown. no_case_number: no file has it, or several.
ground_cannot_order: H&S 11361.8 for an offense on or after 2016-11-09, or PC 1385 for any relief except a dismissal.
no_section, no_count_number: an order would have to name it, and it is unknown, so no clerk could enter the order.
to_be_filed: all others. No list of settled convictions is written: sealed records are only counted.

HELD IN EVERY LIST
held_reason names the first thing that a clerk would miss: no_case_number, no_section or no_count_number. An open
challenge stays in its notices, because the law requires the notice; complete the line before it is sent. A count that
lacks one of them and is not granted is in on_the_list_not_granted_held, beside counts with list_unknown: it is unknown
whether they were on the DOJ's list.

WHO WAS ON THE DOJ'S LIST
Convictions of the DOJ's file under H&S 11357 to 11360 and the sections before them, their attempts and conspiracies and
11361, with an offense before 2016-11-09 and a conviction by 2019-07-01. If the offense or its day is unknown, it is
unknown whether the count was on the list. This is treated neither as yes nor as no.

WHICH STATUTE ORDERS THE RELIEF
ordering_statute follows from the ground and the list. A ground of PC 1385 or of the office's policy means a motion
under PC 1385, on the list or not; it does not replace the order that is owed under H&S 11361.9. A ground of H&S 11361.8
is ordered under H&S 11361.9 if the count was on the list, and otherwise on a motion or a form. citation is the statute
on which the relief is based, never the announcement of a policy; the cover sheet names the source of the policy.
redesignated_to_section and redesignated_to_level are the section and the level after the relief. A resentencing has
them where the rules would redesignate the conduct. They are empty if the conduct is lawful today or is unknown.

ORDER OF ROWS
First people in custody and people with a pending petition (the office's choice; priority 1), then by case, defendant
and count, both as numbers.
in_custody is judged from the files for the day of evaluation: yes if a jail or prison part ends later even if all parts
run together; no if the DOJ's record of the person shows that every such part has ended; otherwise unknown, which does
not mean yes. The files do not report releases.

WHERE EACH IDENTIFIER COMES FROM
..._source names the file. If a link may lead to another person's court case, its identifiers are not used: such a count
has the DOJ's identifiers only. The courthouse comes from the court's file; else it is the agency of the court step in
the DOJ's file, if that is a listed courthouse; else it is unknown. The prosecuting agency comes from the court's file;
else it is the District Attorney for a felony; else it follows from the arresting city; else it is unknown. `missing`
names identifiers that a clerk would need and that no file has.

CHALLENGES
{deadline}
A challenge is open until an order or a denial. An unknown challenge is never counted as unchallenged.
{loose:,} events report a challenge but match no known conviction. Look at them before filing (audit_unmatched_events).

GROUNDS THAT DO NOT FIT
is_risk_against_completed_sentence: a challenge for risk of danger where the sentence had ended by the day of
evaluation; H&S 11361.8(b) provides for danger only while a sentence is served. is_ground_fitting: whether the ground of
a signed order is possible for the offense. Such challenges and orders are kept as delivered and counted on the cover
sheet under "for an attorney".

REPORTS TO THE DOJ
{report}
An order counts as reported when a report or an update of the same day or later is known. is_overdue is judged by the
as-of date of the events.
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
