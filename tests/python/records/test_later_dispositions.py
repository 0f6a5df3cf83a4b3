"""Dispositions and later rows of a conviction, in both files: each takes effect, or the result is marked as unknown."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from relief.building.build import build
from relief.errors import ReliefError
from relief.explain import explain
from relief.home import Home, open_warehouse
from relief.landing import land
from tests.python.support.doj_file import row, write
from tests.python.support.warehouse import determinations, quiet

AS_OF = date(2020, 2, 13)
STATUTE, ALL, PILOT = "statutory_11361_8", "dismiss_all_prop64", "la_pilot_2019"
REDESIGNATED, SERVING = "Eligible for Redesignation", "Eligible for Resentencing"
CANNOT_TELL = "Cannot tell: disposition"
NONE = "not evaluated"
POSSESSION, OTHER = "11357(B) HS-POSS MARIJUANA", "459 PC-BURGLARY"


def step(subject_id: str, number: int, day: str, words: str, **columns: str) -> dict[str, str]:
    """A row of another step in the first cycle."""
    return row(subject_id, stp_event_date=day, disp_descr=words, **columns) | {"cnt_order": f"101{number:03d}001000"}


def later(subject_id: str, day: str, words: str, **columns: str) -> dict[str, str]:
    """A later row of the first count."""
    return row(subject_id, stp_event_date=day, disp_descr=words, **columns)


TERM = {"sent_loc_descr": "PRISON", "sent_length": "4", "sent_time_code": "Y"}
PROBATION = {"sent_loc_descr": "PROBATION", "sent_length": "2", "sent_time_code": "Y"}
# By person: the rows of the file, the result under H&S 11361.8 for the first count, and whether the published rules
# evaluate it.
PEOPLE: dict[str, tuple[list[dict[str, str]], str, bool]] = {
    # Later rows of the same count.
    "reversed": ([row("reversed"), later("reversed", "20070102", "REVERSED BY COURT OF APPEAL")], NONE, True),
    "reversed_first": (
        [later("reversed_first", "20070102", "CONV VACATED/1473.7 PC"), row("reversed_first")],
        NONE,
        True,
    ),
    "retried": (
        [row("retried"), later("retried", "20070102", "REVERSED"), later("retried", "20080102", "CONVICTED-JAIL")],
        REDESIGNATED,
        True,
    ),
    "set_aside": ([row("set_aside"), later("set_aside", "20070102", "SET ASIDE")], CANNOT_TELL, True),
    "dismissed_later": ([row("dismissed_later"), later("dismissed_later", "20070102", "DISMISSED")], CANNOT_TELL, True),
    "dismissed_before": (
        [later("dismissed_before", "20040102", "DISMISSED"), row("dismissed_before")],
        REDESIGNATED,
        True,
    ),
    "no_day": ([row("no_day"), later("no_day", "", "VACATED")], CANNOT_TELL, True),
    "same_day": (
        [row("same_day"), later("same_day", "20050615", "CONVICTED", offense_descr=POSSESSION)],
        CANNOT_TELL,
        True,
    ),
    "of_1203_4": (
        [row("of_1203_4"), later("of_1203_4", "20090102", "PLEA WITHDRAWN, DISM PC 1203.4")],
        REDESIGNATED,
        True,
    ),
    "refused": ([row("refused"), later("refused", "20090102", "PETITION PER PC 1203.4 DENIED")], REDESIGNATED, True),
    "of_17b": ([row("of_17b"), later("of_17b", "20090102", "FELONY REDUCED TO MISDEMEANOR")], REDESIGNATED, True),
    # Later rows of the same cycle and of the same case.
    "step_vacated": ([row("step_vacated"), step("step_vacated", 2, "20070102", "CONVICTION VACATED")], NONE, True),
    "step_of_another": (
        [row("step_of_another"), step("step_of_another", 2, "20070102", "VACATED", offense_descr=OTHER)],
        REDESIGNATED,
        True,
    ),
    "one_of_two": (
        [
            row("one_of_two"),
            row("one_of_two", 2, offense_descr=POSSESSION),
            step("one_of_two", 2, "20070102", "REVERSED"),
        ],
        CANNOT_TELL,
        True,
    ),
    "case_vacated": (
        [
            row("case_vacated", ofn="BA555001"),
            row("case_vacated", cycle=102, ofn="BA555001", stp_event_date="20070102", disp_descr="VACATED"),
        ],
        NONE,
        True,
    ),
    # Rows about sentences.
    "revoked": (
        [
            row("revoked", stp_event_date="20150301", **PROBATION),
            later("revoked", "20170301", "PROB REV/PRISON", **TERM),
        ],
        SERVING,
        True,
    ),
    "revoked_long_ago": (
        [row("revoked_long_ago", **PROBATION), later("revoked_long_ago", "20060301", "PROB REVOKED", **TERM)],
        REDESIGNATED,
        True,
    ),
    "revoked_no_term": (
        [row("revoked_no_term", **PROBATION), later("revoked_no_term", "20060301", "PROBATION REVOKED")],
        "Cannot tell: sentence_end",
        True,
    ),
    "consecutive": (
        [row("consecutive", **TERM), later("consecutive", "20060301", "CONSECUTIVE TERM")],
        "Cannot tell: sentence_end",
        True,
    ),
    # Words of dispositions.
    "jury": ([row("jury", disp_descr="FOUND GUILTY BY JURY")], REDESIGNATED, False),
    "sentenced": ([row("sentenced", disp_descr="SENTENCED")], CANNOT_TELL, False),
    "lesser": ([row("lesser", disp_descr="CONVICTED OF LESSER")], CANNOT_TELL, True),
    "contradicts": ([row("contradicts", disp_descr="CONVICTED/SET ASIDE")], CANNOT_TELL, True),
    "acquitted": ([row("acquitted", disp_descr="NOT GUILTY BY JURY")], NONE, False),
    "diverted": ([row("diverted", disp_descr="DEJ GRANTED - PC 1000")], NONE, False),
    "arrest": ([row("arrest", stp_type_descr="ARREST")], NONE, True),
    "arrested": ([row("arrested", stp_type_descr="ARRESTED", disp_descr="GUILTY")], NONE, False),
    "odd_step": ([row("odd_step", stp_type_descr="BLUE MOON")], CANNOT_TELL, True),
    # Another conviction of the same person.
    "reversed_strike": (
        [
            row("reversed_strike", cycle=102),
            row("reversed_strike", offense_descr="187(A) PC-MURDER", stp_event_date="19990101"),
            later("reversed_strike", "20010101", "REVERSED", offense_descr="187(A) PC-MURDER"),
        ],
        REDESIGNATED,
        True,
    ),
    "unclear_strike": (
        [
            row("unclear_strike", cycle=102),
            row("unclear_strike", offense_descr="187(A) PC-MURDER", stp_event_date="19990101", disp_descr="SENTENCED"),
        ],
        REDESIGNATED,
        True,
    ),
}
CASES_HEADER = (
    "extract_label,case_number,defendant_number,courthouse_name,filing_date,defendant_name,alias_names,birth_date,sex,"
    "race,cii_number,prosecuting_agency"
)
COUNTS_HEADER = (
    "extract_label,case_number,defendant_number,count_number,charged_statute,convicted_statute,offense_date,level,plea,"
    "disposition,disposition_date"
)
# By case: the rows of its first count (statute, level, words, date), and the result under H&S 11361.8.
SALE, LESSER = ("11359 HS", "FELONY"), ("11357(B) HS", "MISDEMEANOR")
COURT: dict[str, tuple[list[tuple[str, str, str, str]], str]] = {
    "BA300001": ([(*SALE, "Plead Guilty", "2001-03-01")], REDESIGNATED),
    "BA300002": ([(*SALE, "NOLO CONTENDERE - COURT PROBATION", "2001-03-01")], REDESIGNATED),
    "BA300003": ([(*SALE, "BAIL FORFEITURE", "2001-03-01")], CANNOT_TELL),
    "BA300004": ([(*SALE, "CONVICTED, REVERSED", "2001-03-01")], CANNOT_TELL),
    "BA300005": ([(*SALE, "CONVICTED (EXPUNGED PC 1203.4)", "2001-03-01")], REDESIGNATED),
    "BA300006": ([(*SALE, "ACQUITTED", "2001-03-01")], NONE),
    "BA300007": ([(*SALE, "REVERSED ON APPEAL", "2003-03-01"), (*SALE, "GUILTY", "2001-03-01")], NONE),
    "BA300008": ([(*SALE, "GUILTY", "2001-03-01"), (*SALE, "DISMISSED", "2003-03-01")], CANNOT_TELL),
    "BA300009": (
        [(*LESSER, "GUILTY", "2001-05-01"), (*SALE, "GUILTY", "2001-03-01")],
        "Eligible for Dismissal and Sealing",
    ),
    "BA300010": ([(*LESSER, "GUILTY", "2001-03-01"), (*SALE, "GUILTY", "2001-03-01")], CANNOT_TELL),
    "BA300011": ([(*LESSER, "GUILTY", ""), (*SALE, "GUILTY", "2001-03-01")], CANNOT_TELL),
    "BA300012": ([(*SALE, "GUILTY", "2001-03-01"), (*SALE, "GUILTY", "2001-03-01")], REDESIGNATED),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("later")
    home = Home(folder / "home")
    rows = [
        one | {"ofn": one["ofn"] if one["ofn"] != "BA000001" else f"BA4{number:05d}"}
        for number, (found, _, _) in enumerate(PEOPLE.values())
        for one in found
    ]
    cases, counts = [CASES_HEADER], [COUNTS_HEADER]
    for number, (case_number, (said, _)) in enumerate(COURT.items()):
        cases.append(f'SYNTHETIC,{case_number},01,ELM STREET,2001-01-10,"FICTION,C{number}",,1970-05-01,M,,,')
        counts += [
            f'SYNTHETIC,{case_number},01,01,{statute},{statute},2001-01-01,{level},GUILTY,"{words}",{day}'
            for statute, level, words, day in said
        ]
    (folder / "SYNTHETIC_cases.csv").write_text("\n".join(cases) + "\n", encoding="utf-8")
    (folder / "SYNTHETIC_counts.csv").write_text("\n".join(counts) + "\n", encoding="utf-8")
    land(home, "ca_doj", [write(folder / "SYNTHETIC_people.csv", rows)], AS_OF, None, quiet)
    court_files = [folder / "SYNTHETIC_cases.csv", folder / "SYNTHETIC_counts.csv"]
    land(home, "la_court", court_files, AS_OF, None, quiet)
    build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=AS_OF, report=quiet)
    return home


def answers(home: Home, policy: str, folder: Path) -> dict[tuple[str, str], str]:
    """A policy's result for each conviction: the reason if it is unknown, otherwise the determination."""
    return {
        (line["subject_id"] or line["case_number"], line["cnt_order"]): line["reason"]
        if line["reason"].startswith("Cannot tell")
        else line["determination"]
        for line in determinations(home, policy, folder / f"{policy}.csv")
    }


def test_what_the_statute_says_of_each(home: Home, tmp_path: Path) -> None:
    found = answers(home, STATUTE, tmp_path)
    expected = {}
    for name, (rows, answer, _) in PEOPLE.items():
        expected[name, rows[0]["cnt_order"]] = answer
    expected |= {(case_number, ""): answer for case_number, (_, answer) in COURT.items()}
    asked = {key: found.get(key, NONE) for key in expected}
    assert asked == expected


def test_what_cannot_be_told_is_so_to_every_policy_but_the_published_ones(home: Home, tmp_path: Path) -> None:
    found = answers(home, ALL, tmp_path)
    for name, (rows, answer, _) in PEOPLE.items():
        if answer in (NONE, CANNOT_TELL):
            assert (name, found.get((name, rows[0]["cnt_order"]), NONE)) == (name, answer)


def test_a_prior_that_may_be_none_is_presumed_and_named(home: Home) -> None:
    with open_warehouse(home, read_only=True) as connection:
        found = connection.execute(
            "select assumed_facts from marts.fct_relief_determinations where policy_id = ? and subject_id = ?",
            [STATUTE, "unclear_strike"],
        ).fetchall()
        of_reversed = connection.execute(
            "select assumed_facts from marts.fct_relief_determinations where policy_id = ? and subject_id = ?",
            [STATUTE, "reversed_strike"],
        ).fetchall()
    assert "disposition" in found[0][0].split(";")
    assert "disposition" not in of_reversed[0][0].split(";")


def test_the_published_rules_take_what_begins_with_convicted_and_nothing_else(home: Home, tmp_path: Path) -> None:
    evaluated = {name for name, _ in answers(home, PILOT, tmp_path)}
    assert evaluated == {name for name, (_, _, is_published) in PEOPLE.items() if is_published}
    assert not any("disposition" in answer for answer in answers(home, PILOT, tmp_path).values())


def test_every_word_and_every_later_row_is_listed(home: Home) -> None:
    with open_warehouse(home, read_only=True) as connection:
        later_rows = connection.execute("select finding, source_conviction_key from quality.audit_later_dispositions")
        listed = defaultdict(set)
        for finding, key in later_rows.fetchall():
            listed[finding].add(key.split("|")[1].rpartition(":")[2])
        words = {
            text
            for (text,) in connection.execute(
                "select text_written from quality.audit_disposition_words where finding = 'disposition_word_unknown'"
            ).fetchall()
        }
        counts = dict(connection.execute("select finding, findings from quality.audit_counts").fetchall())
        statuses = connection.execute(
            "select count(*) from marts.fct_convictions where conviction_status = 'unclear'"
        ).fetchone()
    assert {"reversed", "reversed_first", "step_vacated", "case_vacated", "reversed_strike", "BA300007"} <= (
        listed["conviction_ended"]
    )
    assert {"revoked", "revoked_long_ago", "revoked_no_term", "consecutive"} == listed["sentence_end_moved"]
    assert {"same_day", "BA300010", "BA300011"} == listed["disposition_contradicted"]
    assert listed["count_amended"] == {"BA300009"}
    assert words == {"SENTENCED", "CONVICTED OF LESSER", "BAIL FORFEITURE"}
    assert counts["disposition_word_unknown"] == 4
    assert counts["step_type_word_unknown"] == 1
    assert (
        statuses
        and statuses[0]
        == sum(
            answer == CANNOT_TELL for answer in [*(a for _, a, _ in PEOPLE.values()), *(a for _, a in COURT.values())]
        )
        + 1
    )  # one more for the strike that may not be one


def test_explain_shows_later_rows_with_their_words(home: Home) -> None:
    with open_warehouse(home, read_only=True) as connection:
        keys = {
            key.split(":")[-1].split("|")[0]: key
            for (key,) in connection.execute("select conviction_key from marts.fct_convictions").fetchall()
            if key.startswith("doj|")
        }
        (ended_key,) = connection.execute(
            "select source_conviction_key from intermediate.int_judgments__judgments "
            "where conviction_status = 'ended' and source_conviction_key like '%reversed|%'"
        ).fetchone() or ("",)
        (delivery_id,) = connection.execute(
            "select delivery_id from raw.deliveries where table_name = 'ca_doj'"
        ).fetchone() or ("",)
    lines: list[str] = []
    explain(home, keys["of_17b"], [STATUTE], with_identifiers=False, report=lines.append)
    assert "- on 2009-01-02, of this count: felony reduced to misdemeanor; the level is lower from that day." in lines
    lines.clear()
    explain(home, keys["set_aside"], [STATUTE], with_identifiers=False, report=lines.append)
    assert "Whether it is a conviction, or still is one, cannot be told (Cannot tell: disposition)." in lines
    lines.clear()
    explain(home, keys["reversed_strike"], [STATUTE], with_identifiers=False, report=lines.append)
    assert "- one of 1999-01-01, which ended on 2001-01-01." in lines
    # Only the published rules evaluate a conviction that has ended, as they read the file; the explanation gives the
    # date.
    lines.clear()
    explain(home, f"{delivery_id}:1", [PILOT], with_identifiers=False, report=lines.append)
    assert (
        f"The conviction of row 1 of {delivery_id} ended on 2007-01-02 (vacated or reversed) and is no conviction from "
        "that day; the published rules alone evaluate it."
    ) in lines
    assert not any(line.startswith("The sentence") for line in lines)
    with pytest.raises(ReliefError, match=f"{STATUTE} does not evaluate .* ended on 2007-01-02"):
        explain(home, f"{delivery_id}:1", [STATUTE], with_identifiers=False, report=lines.append)
    with pytest.raises(ReliefError, match=f"{STATUTE} does not .*of this key ended on 2007-01-02"):
        explain(home, ended_key, [STATUTE], with_identifiers=False, report=lines.append)
