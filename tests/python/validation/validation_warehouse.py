"""A small warehouse with the real one's schemas, in which everything passes the checks of the gates.

Every value that would be about a person starts with MARK, so that a test can search for it where it must not be.
"""

from pathlib import Path

import duckdb

from relief.landing.layout import all_sources
from tests.python.support.built_inputs import keep_inputs

MARK = "QXZ"

LAYOUTS = {
    "ca_doj": (
        "record_id subject_id cii_number pri_name stp_event_date stp_ori_cnty_name cnt_order disp_descr"
        " ofn sent_order sent_length stp_type_descr gender race_descr pri_dob offense_descr offense_toc conv_stat_descr"
        " stp_ori_descr"
    ),
    "la_court_cases": "extract_label case_number defendant_number courthouse_name defendant_name cii_number",
    "la_court_counts": "extract_label case_number defendant_number count_number charged_statute disposition",
    "la_court_sentences": "extract_label case_number defendant_number count_number sentence_order sentence_length",
    "relief_events": (
        "extract_label event_id event_type event_date subject_id cii_number cnt_order case_number defendant_number"
        " count_number batch_id relief_type legal_ground reason"
    ),
    "review_decisions": (
        "extract_label decision_id decision_type verdict attorney decision_date subject_id cii_number cnt_order"
        " case_number defendant_number count_number"
    ),
}

RAW = """
create schema raw;
create table raw.deliveries (
    delivery_id varchar, source varchar, table_name varchar, file_name varchar, records bigint, loaded bigint,
    rejected bigint, as_of_date date, as_of_given boolean, landed_at timestamp, status varchar, is_synthetic boolean
);
create table raw.layout_values (
    layout varchar, table_name varchar, column_name varchar, file_value varchar, our_value varchar
);
create table raw.case_number_rules (
    county_name varchar, shapes varchar, has_defendant_suffix boolean, prefix_pattern varchar
);
insert into raw.case_number_rules values ('LOS ANGELES', ' AA999999 ', true, null);
create table raw.rejects (
    delivery_id varchar, source varchar, table_name varchar, record_no bigint, line_number bigint,
    byte_offset bigint, reason_code varchar, reason varchar, raw_text varchar
);
create table raw.reject_repairs (repair_id varchar, delivery_id varchar, record_no bigint, outcome varchar);
"""

DELIVERED = f"""
insert into raw.ca_doj
select
    'ca_doj-1', i, 'R', '{MARK}' || (10000000 + i // 4), 'A' || (10000000 + i // 4), '{MARK}NAME',
    strftime(date '1995-01-02' + cast(i * 3 % 3000 as integer), '%Y%m%d'), 'LOS ANGELES',
    lpad(cast(i as varchar), 12, '1'), case when i % 2 = 0 then 'CONVICTED' else 'DISMISSED' end,
    'BA' || (100000 + i), '', '', case when i % 10 = 3 then 'ARREST' else 'COURT ACTION' end,
    case when i % 5 = 0 then 'F' else 'M' end, case when i % 3 = 0 then 'WHITE' else 'BLACK' end,
    strftime(date '1970-01-01' + cast(i as integer), '%Y%m%d'),
    case when i % 20 = 0 then '11357 HS-POSSESS' else '459 PC-BURGLARY' end, case when i % 4 = 0 then 'F' else 'M' end,
    case when i % 4 = 0 then 'FELONY' else 'MISDEMEANOR' end, 'VAN NUYS'
from range(2000) as numbers(i);
insert into raw.la_court_cases
select 'la_court-1', i, '', '{MARK}' || i, '01', 'Van Nuys  Courthouse West', '{MARK},NAME', ''
from range(50) as numbers(i);
insert into raw.la_court_counts
select 'la_court-2', i, '', '{MARK}' || i, '01', '1', '11357 HS', 'CONVICTED' from range(50) as numbers(i);
insert into raw.la_court_sentences
select 'la_court-3', i, '', '{MARK}' || i, '01', '1', '1', '90' from range(50) as numbers(i);
insert into raw.relief_events
select
    'relief_events-1', i, '', '{MARK}E' || i, 'order_signed', '2020-02-11', '{MARK}' || i, '', '101001001000',
    '', '', '', 'b1', 'dismissal', 'PC 1385', ''
from range(100) as numbers(i);
insert into raw.review_decisions
select
    'review_decisions-1', i, '', '{MARK}D' || i, 'eligibility', 'Not  Eligible', '{MARK}A', case
        when i = 1 then '5/13/2020' when i = 2 then '5/2/2020' else '2020-05-02' end,
    '{MARK}' || (10000000 + i), '', '101001001000', '', '', ''
from range(20) as numbers(i);
insert into raw.deliveries values
    ('ca_doj-1', 'ca_doj', 'ca_doj', 'a', 2001, 2000, 1, '2019-07-01', true, '2026-01-01', 'landed', false),
    ('la_court-1', 'la_court', 'la_court_cases', 'b', 50, 50, 0, '2021-07-01', true, '2026-01-01', 'landed', false),
    ('la_court-2', 'la_court', 'la_court_counts', 'c', 50, 50, 0, '2021-07-01', true, '2026-01-01', 'landed', false),
    ('la_court-3', 'la_court', 'la_court_sentences', 'd', 50, 50, 0, '2021-07-01', true, '2026-01-01', 'landed', false),
    ('relief_events-1', 'relief_events', 'relief_events', 'e', 100, 100, 0, '2021-10-01', true, '2026-01-01',
     'landed', false),
    ('review_decisions-1', 'review_decisions', 'review_decisions', 'f', 20, 20, 0, '2020-06-30', true, '2026-01-01',
     'landed', false);
alter table raw.deliveries add column layout varchar;
alter table raw.deliveries add column county_name varchar;
insert into raw.rejects values
    ('ca_doj-1', 'ca_doj', 'ca_doj', 7, 8, 900, 'columns', 'too few columns', '{MARK}RAW');
"""

BUILT = f"""
create schema marts;
create schema reporting;
create schema quality;
create schema meta;
create table meta.builds (
    build_id varchar, build_no bigint, started_at timestamp, status varchar, county varchar default 'LOS ANGELES'
);
insert into meta.builds (build_id, build_no, started_at, status) values
    ('20260101T000000Z', 1, '2026-01-01', 'passed'), ('20260102T000000Z', 2, '2026-01-02', 'passed');

create table marts.fct_convictions as
select
    '{MARK}K' || i as conviction_key, true as is_in_county, 1999 as conviction_year, '11359' as offense,
    case when i < 60 then 1 when i < 90 then 2 end as wave_number, i < 100 as is_dismissed_by_order
from range(1000) as numbers(i);
create table marts.fct_relief_determinations as
select conviction_key, 'la_pilot_2019' as policy_id, 'Eligible' as determination, 'Because of its section' as reason
from marts.fct_convictions;
create table marts.fct_relief_events as
select '{MARK}' || i as event_key, 'order_signed' as event_type, 'matched' as match_status
from range(100) as numbers(i);

create table reporting.rpt_progress_toward_published_totals as
select
    wave_number, case wave_number when 1 then 'convictions' else 'cases' end as unit, stage_number,
    (['identified', 'order_signed', 'court_record_updated', 'doj_updated'])[stage_number] as stage,
    case when stage_number = 2 then case wave_number when 1 then 66000 else 58000 end end as published_count,
    case when stage_number = 2 then date '2020-02-13' end as published_as_of_date,
    case when stage_number = 2 then 'County' end as published_source_name,
    case when stage_number = 2 then 'https://example.org' end as published_source_url,
    counted, counted as counted_low, counted as counted_high, date '2021-10-01' as extract_as_of_date,
    false as is_synthetic
from (values
    (1, 1, 80), (1, 2, 60), (1, 3, 50), (1, 4, 40), (2, 1, 40), (2, 2, 25), (2, 3, 20), (2, 4, 10)
) as stages (wave_number, stage_number, counted);
create table reporting.rpt_dismissals_by_year_and_offense as
select
    unnest(['relief_order_year', 'conviction_year']) as year_basis, 'all' as year, 'all' as offense, 'all' as level,
    wave, unit, dismissals, date '2021-10-01' as extract_as_of_date, false as is_synthetic
from (values
    ('all', 'convictions', 100), ('1', 'convictions', 60), ('2', 'convictions', 30), ('neither', 'convictions', 10),
    ('all', 'cases', 90), ('1', 'cases', 58), ('2', 'cases', 25), ('neither', 'cases', 10)
) as cells (wave, unit, dismissals);
create table reporting.rpt_people_outcomes as
select
    'relief orders' as basis, 95 as people_with_relief, 20 as no_felony_left, 10 as no_conviction_left,
    12 as no_conviction_last_7_years, 3 as cannot_tell, date '2021-10-01' as extract_as_of_date, false as is_synthetic;
create table reporting.rpt_relief_funnel as
select
    'all' as wave, stage_number, stage, counted, counted as counted_low, counted as counted_high, dismissals,
    day_unknown, 10 as waiting_here, 0 as ended_here, 5 as stuck_here, date '2021-10-01' as lifecycle_as_of_date,
    false as is_synthetic
from (values
    (1, 'identified', 120, 0, 100), (4, 'order_signed', 100, 2, 100), (5, 'order_entered', 90, 1, 90),
    (6, 'court_record_updated', 80, 0, 80), (7, 'reported_to_doj', 3, 0, 3), (8, 'doj_updated', 60, 0, 60)
) as stages (stage_number, stage, counted, day_unknown, dismissals);
create table reporting.rpt_universe_reconciliation as
select
    'both_waves' as universe, kind, unit, counted, date '2021-10-01' as extract_as_of_date, false as is_synthetic
from (values
    ('start', 'cases', 60), ('plus', 'cases', 30), ('overlap', 'cases', -2), ('result', 'cases', 88)
) as lines (kind, unit, counted);
create table quality.audit_delivery_reconciliation as
select delivery_id, true as is_reconciled from raw.deliveries;
"""


def build(path: Path, *, landed: str = DELIVERED, built: str = BUILT) -> None:
    """Write the warehouse; an empty string leaves out what has not happened yet."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(RAW)
        for table, columns in LAYOUTS.items():
            typed = ", ".join(f"{column} varchar" for column in columns.split())
            connection.execute(f"create table raw.{table} (delivery_id varchar, row_no bigint, {typed})")
        connection.execute(landed)
        for table in (table for source in all_sources() for table in source.tables):
            for column in set(table.columns) - set(LAYOUTS[table.name].split()):
                connection.execute(f"alter table raw.{table.name} add column {column} varchar")
        connection.execute(built)
    if built:
        keep_inputs(path)


def change(path: Path, sql: str) -> None:
    """Break something in the last build, and store its inputs again so that nothing counts as changed since."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
        is_built = connection.execute("select count(*) from duckdb_tables() where table_name = 'builds'").fetchone()
    if is_built != (0,):
        keep_inputs(path)
