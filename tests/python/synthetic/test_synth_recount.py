"""The truth file, compared with a new count of the written files in SQL that knows nothing of the generator.

Only the pairs come from the truth file: which people are the same and which counts are one conviction. The files
disagree on purpose, and finding the pairs is the warehouse's work. Everything else is counted again.
"""

import json
from pathlib import Path

import duckdb
import pytest

from synthetic import SynthResult, write_extracts

SQL = """
create macro code_text(t) as upper(trim(t));
create macro two_sections(t) as regexp_extract(code_text(t), '^(113[0-9]+/113[0-9]+) HS', 1);
create macro section_of(t) as
    coalesce(nullif(two_sections(t), ''), regexp_extract(code_text(t), '^(?:HS )?([0-9]+(?:[.][0-9]+)?)', 1));
create macro is_cannabis(t) as
    (two_sections(t) <> '' or section_of(t) in ('11357', '11358', '11359', '11360', '11530', '11530.5', '11531'))
    and code_text(t) like '%HS%';
create macro case_key(t) as upper(regexp_replace(regexp_replace(trim(t), '-[0-9][0-9]$', ''), '[^A-Za-z0-9]', '', 'g'));

create table doj_rows as
select *, row_number() over () as row_no, case
    when coalesce(offense_descr, 'NULL') in ('SEE COMMENT FOR CHARGE', 'NULL')
        then split_part(comment_text, '-', 1)
    else split_part(offense_descr, '-', 1) end as charge
from read_csv($doj, all_varchar = true, header = true, quote = '"', nullstr = '', normalize_names = false);

create table doj as
select
    subject_id, cii_number as cii, cnt_order, try_strptime(stp_event_date, '%Y%m%d')::date as convicted_on,
    section_of(charge) as section,
    case when nullif(trim(ofn), 'NULL') is null then null else case_key(ofn) end as case_number,
    regexp_extract(ofn, '-([0-9][0-9])$', 1) as defendant,
    -- `FELONY ` and `felony` are felonies as planted; the level of UNKNOWN and of level code X is known to the court.
    coalesce(nullif(upper(trim(conv_stat_descr)), 'UNKNOWN'),
        case offense_toc when 'F' then 'FELONY' when 'M' then 'MISDEMEANOR' when 'I' then 'INFRACTION' end) as level,
    gender, race_descr
from doj_rows
where stp_type_descr <> 'ARREST/DETAINED/CITED' and disp_descr like 'CONVICTED%'
    and coalesce(upper(trim(stp_ori_cnty_name)), 'LOS ANGELES') = 'LOS ANGELES'
    and is_cannabis(charge)
qualify row_number() over (partition by subject_id, cnt_order order by row_no) = 1;

create macro defendant_of(t) as lpad(ltrim(t, '0'), 2, '0');

create table cases as
select * replace (case_key(case_number) as case_number, defendant_of(defendant_number) as defendant_number)
from read_csv($cases, all_varchar = true, header = true);

create table counts as
select * replace (case_key(case_number) as case_number, defendant_of(defendant_number) as defendant_number)
from read_csv($counts, all_varchar = true, header = true);

create table pairs as
select * replace (case_key(case_number) as case_number, defendant_of(defendant_number) as defendant_number)
from read_csv($pairs, all_varchar = true, header = true);

create table defendants as
select k.case_number, k.defendant_number as defendant,
    coalesce(s.cii, 'subject ' || p.subject_id, k.cii_number, k.case_number || '/' || k.defendant_number) as person_key
from cases as k
left join pairs as p using (case_number, defendant_number)
left join (select distinct subject_id, cii_number as cii from doj_rows) as s on s.subject_id = p.subject_id;

create table court as
select c.case_number, c.defendant_number as defendant, c.count_number, k.person_key,
    section_of(convicted_statute) as section, try_cast(disposition_date as date) as convicted_on, level
from counts as c
join defendants as k on k.case_number = c.case_number and k.defendant = c.defendant_number
where disposition = 'CONVICTED' and is_cannabis(convicted_statute);

create table links as
select subject_id, cnt_order, case_key(case_number) as case_number, defendant_of(defendant_number) as defendant,
    count_number
from read_csv($same, all_varchar = true, header = true)
where kind in ('cannabis', 'two_sections');

create table convictions as
select
    d.subject_id, d.cnt_order, c.case_number, c.defendant, c.count_number,
    coalesce(d.level, c.level) as level, coalesce(d.section, c.section) as section,
    coalesce(d.convicted_on, c.convicted_on) as convicted_on,
    -- No two subjects share a case that the court's file does not hold; its number may be written wrongly.
    coalesce(c.case_number, d.subject_id || '/' || left(d.cnt_order, 6)) as case_key,
    coalesce(d.cii, 'subject ' || d.subject_id) as person_key,
    d.subject_id is not null as in_doj, c.case_number is not null as in_court
from doj as d
full join (links as l join court as c
    on c.case_number = l.case_number and c.defendant = l.defendant and c.count_number = l.count_number)
    on l.subject_id = d.subject_id and l.cnt_order = d.cnt_order
union all
select null, null, c.case_number, c.defendant, c.count_number, c.level, c.section, c.convicted_on, c.case_number,
    c.person_key, false, true
from court as c anti join links as l using (case_number, defendant, count_number);

create table facts as select * from convictions;

create table events as
select e.*, row_number() over () as n
from read_csv($events, all_varchar = true, header = true) as e;

create table found as
select f.rowid as fact, e.* from facts as f join events as e
    on e.subject_id = f.subject_id and e.cnt_order = f.cnt_order
union all
select f.rowid as fact, e.* from facts as f join events as e
    on e.case_number = f.case_number and e.defendant_number = f.defendant and e.count_number = f.count_number;

create table stages as
select
    f.*,
    min(e.event_date::date) filter (e.event_type = 'order_signed' and e.relief_type like 'dismissal%') as ordered_on,
    coalesce(bool_or(e.event_type = 'court_record_updated'), false) as court_record_updated,
    coalesce(bool_or(e.event_type = 'doj_updated'), false) as doj_updated,
    coalesce(bool_or(e.relief_type = 'redesignation'), false) as redesignated
from facts as f left join found as e on e.fact = f.rowid
group by all;

create table waved as
select *, case
    when in_doj and ordered_on <= date '2020-12-31' then '1'
    when in_court and ordered_on is not null then '2'
    when ordered_on is not null then 'neither' else '' end as wave,
    coalesce(convicted_on < date '2016-11-09', true) as qualifies
from stages;
"""

UNITS = "count(*), count(distinct case_key), count(distinct person_key)"
STAGES = {
    "order_signed": "true",
    "court_record_updated": "court_record_updated",
    "doj_updated": "doj_updated",
}


@pytest.fixture(scope="module", params=[(0.05, 20200213), (0.004, 7)], ids=["calibration scale", "small scale"])
def recount(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    scale, seed = request.param
    out = tmp_path_factory.mktemp("synth")
    result = write_extracts(out, scale, seed, lambda _: None)
    truth = json.loads(result.truth_path.read_text())
    return recounted(result), truth, result


def recounted(result: SynthResult) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    files = {
        "doj": result.paths["ca_doj"][0],
        "cases": result.paths["la_court"][0],
        "counts": result.paths["la_court"][1],
        "events": result.paths["relief_events"][0],
        "pairs": result.pairs_path,
        "same": result.conviction_pairs_path,
    }
    script = SQL
    for name, path in files.items():
        script = script.replace(f"${name}", "'" + Path(path).as_posix() + "'")
    connection.execute(script)
    return connection


def units(connection: duckdb.DuckDBPyConnection, condition: str) -> dict[str, int]:
    row = connection.execute(f"select {UNITS} from waved where {condition}").fetchone()
    assert row is not None
    return dict(zip(("convictions", "cases", "people"), row, strict=True))


def test_every_wave_and_stage_equals_the_truth(recount):
    connection, truth, _ = recount
    for wave, identified in (("1", "in_doj"), ("2", "in_court and wave <> '1'")):
        expected = truth[f"wave_{wave}"]
        asked = {"identified": f"qualifies and {identified}"}
        asked |= {stage: f"qualifies and wave = '{wave}' and {column}" for stage, column in STAGES.items()}
        for stage, condition in asked.items():
            for level in ("felony", "misdemeanor"):
                got = units(connection, f"{condition} and level = '{level.upper()}'")
                assert got.items() <= expected[stage]["by_level"][level].items(), (wave, stage, level)
            assert units(connection, condition).items() <= expected[stage].items(), (wave, stage)
        got = units(connection, identified)
        assert got.items() <= expected["identified_any_date"].items(), wave


def test_totals_and_what_is_in_neither_wave(recount):
    connection, truth, _ = recount
    for stage, column in STAGES.items():
        got = units(connection, f"qualifies and wave in ('1', '2') and {column}")
        assert got.items() <= truth["total"][stage].items(), stage
    assert units(connection, "qualifies and (in_doj or in_court)").items() <= truth["total"]["identified"].items()
    assert units(connection, "wave = 'neither'").items() <= truth["neither"]["order_signed"].items()
    assert units(connection, "redesignated").items() <= truth["redesignations"].items()
    assert (
        units(connection, "qualifies and in_doj and in_court and wave <> '1'").items()
        <= truth["in_both_reviews"].items()
    )


@pytest.mark.parametrize("wave", ["1", "2"])
@pytest.mark.parametrize(
    ("key", "expression"),
    [
        ("by_order_year", "year(ordered_on)::varchar"),
        ("by_conviction_year", "coalesce(year(convicted_on)::varchar, 'unknown')"),
        ("by_section", "section"),
    ],
)
def test_years_and_sections(recount, wave, key, expression):
    connection, truth, _ = recount
    rows = connection.execute(
        f"select {expression} as y, {UNITS} from waved where qualifies and wave = '{wave}' group by 1"
    ).fetchall()
    expected = {
        name: (value["convictions"], value["cases"], value["people"])
        for name, value in truth[f"wave_{wave}"][key].items()
    }
    assert {row[0]: tuple(row[1:]) for row in rows} == expected


def test_events(recount):
    connection, truth, _ = recount
    row = connection.execute("""
        select count(*), count(*) filter (event_type = 'order_signed'),
            count(*) filter (event_type = 'order_signed' and relief_type like 'dismissal%'),
            count(*) filter (relief_type = 'redesignation'),
            count(*) filter (n not in (select n from found))
        from events""").fetchone()
    expected = truth["events"]
    names = ("total", "orders", "dismissal_orders", "redesignation_orders", "events_for_unknown_records")
    assert row == tuple(expected[name] for name in names)
    twice = connection.execute("""
        select count(*) - count(distinct (fact, event_type, event_date)) from found where event_type = 'order_signed'
    """).fetchone()
    assert twice == (expected["duplicate_events"],)


def test_every_pair_is_told_once_and_joins_records_that_exist(recount):
    connection, truth, _ = recount
    row = connection.execute("""
        select count(*), count(distinct (subject_id, cnt_order)),
            count(distinct (links.case_number, links.defendant, links.count_number))
        from links join doj using (subject_id, cnt_order)
        join court on court.case_number = links.case_number and court.defendant = links.defendant
            and court.count_number = links.count_number
        where coalesce(doj.convicted_on < date '2016-11-09', true)""").fetchone()
    assert row == (truth["in_both_files"]["convictions"],) * 3
    row = connection.execute("""
        select count(*), count(distinct (case_number, defendant_number)),
            count(*) filter (subject_id in (select subject_id from doj_rows)),
            count(*) filter ((case_number, defendant_number) in (select (case_number, defendant_number) from cases))
        from pairs""").fetchone()
    assert row == (truth["disagreement"]["pairs"],) * 4


def test_the_row_level_truth_has_the_same_convictions(recount):
    connection, _, result = recount
    connection.execute(
        f"create or replace table told as from read_csv('{result.convictions_path}', all_varchar = true)"
    )
    key = "coalesce(subject_id || cnt_order, ''), coalesce({c} || '/' || {d} || '/' || count_number, '')"
    told = key.format(c="case_key(case_number)", d="defendant_of(defendant_number)")
    missing = connection.execute(
        f"select {told}, coalesce(wave, ''), conviction_date, section from told "
        f"except select {key.format(c='case_number', d='defendant')}, wave, convicted_on::varchar, section from waved"
    ).fetchall()
    assert missing == []
    assert (
        connection.execute("select count(*) from told").fetchone()
        == connection.execute("select count(*) from waved").fetchone()
    )


def test_people_of_the_files(recount):
    connection, truth, _ = recount
    assert connection.execute("select count(distinct subject_id) from doj_rows").fetchone() == (
        truth["people"]["doj_subjects"],
    )
    row = connection.execute("""
        select count(distinct subject_id) from doj_rows
        where subject_id not in (select subject_id from waved where qualifies and in_doj)
        and cii_number is not null""").fetchone()
    assert row is not None
    assert (
        row[0] <= truth["not_qualifying"]["doj_subjects_without_a_conviction"] + truth["wave_2"]["identified"]["people"]
    )


def test_people_outcomes(recount):
    """For each person with an order: which convictions of either file, for any offense, remain."""
    connection, truth, _ = recount
    connection.execute("""
        create or replace table others as
        select distinct coalesce(cii_number, 'subject ' || subject_id) as person_key, cnt_order as id,
            coalesce(nullif(upper(trim(conv_stat_descr)), 'UNKNOWN'), case offense_toc when 'F' then 'FELONY' end, '')
                = 'FELONY' as felony
        from doj_rows
        where stp_type_descr <> 'ARREST/DETAINED/CITED' and disp_descr like 'CONVICTED%'
            and (subject_id, cnt_order) not in (select (subject_id, cnt_order) from facts where in_doj)
        union all
        select k.person_key, c.count_number, level = 'FELONY'
        from counts as c
        join defendants as k on k.case_number = c.case_number and k.defendant = c.defendant_number
        where disposition = 'CONVICTED' and (c.case_number, c.defendant_number, c.count_number) not in
            (select (case_number, defendant, count_number) from facts where in_court)""")
    for name, early in (("orders_by_2020_12_31", "and wave = '1'"), ("all_orders", "")):
        row = connection.execute(f"""
            with everything as (
                select person_key, level = 'FELONY' as felony, ordered_on is not null {early} as dismissed,
                    (ordered_on is not null {early}) or (redesignated {"and in_doj" if early else ""}) as relieved
                from waved
                union all select person_key, felony, false, false from others
            ), people as (
                select bool_or(relieved) as has_relief, bool_or(felony) as had_felony,
                    bool_or(felony and not relieved) as felony_left, bool_or(not dismissed) as something_left
                from everything group by person_key
            )
            select count(*) filter (has_relief), count(*) filter (has_relief and had_felony and not felony_left),
                count(*) filter (has_relief and not something_left) from people""").fetchone()
        assert row == tuple(truth["people_outcomes"][name].values()), name
