"""A small invented warehouse with the schemas that publishing reads; every identifier contains a person's mark."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from relief.home import PROJECT_DIR
from tests.python.support.built_inputs import keep_inputs

MARK = "QXZPERSON"
BUILD = "20220110T085500Z"
FIGURES = PROJECT_DIR / "seeds/reference/published_figures.csv"
ARTICLE = (
    "https://laist.com/news/criminal-justice/la-district-attorney-gascon-to-drop-about-60-000-cannabis-convictions"
)
SOURCE = f"'LAist' as published_source_name, '{ARTICLE}' as published_source_url"
UNITS = {"convictions": "count(*)", "cases": "count(distinct case_key)", "people": "count(distinct person_key)"}


def build(path: Path, convictions: int = 3000) -> None:
    """Write the warehouse; its counts come from invented convictions, so that all totals agree."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("marts", "reporting", "quality", "reference", "meta", "raw"):
            connection.execute(f"create schema {schema}")
        _convictions(connection, convictions)
        _dismissals(connection)
        _reports(connection)
        _research(connection)
        _meta(connection)
    keep_inputs(path)


def add_check(path: Path, gate: str, severity: str, status: str, minutes: int = 30) -> None:
    """Add one result of a gate, later than the others."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into meta.check_results values (?, ?, 'one_more', 'One more check', ?, ?, '3', ?)",
            [BUILD, gate, severity, status, datetime(2022, 1, 10, 9) + timedelta(minutes=minutes)],
        )


def add_build(path: Path, status: str) -> None:
    """Add a later build."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into meta.builds select '20220111T085500Z', timestamp '2022-01-11 08:55:00', null, county, "
            f"evaluated_as_of_date, extract_as_of_date, '{status}', is_synthetic, fingerprint, inputs from meta.builds"
        )


def _convictions(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    connection.execute(
        f"""
        create table marts.fct_convictions as
        select
            '{MARK}' || i as conviction_key, '{MARK}' || (i * 10 // 13) as person_key,
            '{MARK}' || (i * 11 // 13) as case_key, i % 50 as rare,
            cast(2008 + (hash(i) % 3) as varchar) as conviction_year,
            case when i % 2 = 0 then '2020' when i % 97 = 0 then '2022' else '2021' end as order_year,
            ['11357', '11358', '11359', 'other'][1 + cast(floor(sqrt(hash(i + 7) % 16)) as integer)] as offense,
            case when hash(i + 3) % 400 = 0 then 'infraction' when hash(i + 3) % 3 = 0 then 'misdemeanor'
                else 'felony' end as level,
            case when i % 151 = 0 then 'neither' when i % 2 = 0 then '1' else '2' end as wave
        from range({rows}) as numbers(i)
        """
    )


def _dismissals(connection: duckdb.DuckDBPyConnection) -> None:
    parts = [
        f"""
        select
            '{basis}' as year_basis, coalesce({year}, 'all') as year, coalesce(offense, 'all') as offense,
            coalesce(level, 'all') as level, coalesce(wave, 'all') as wave, '{unit}' as unit, {count} as dismissals,
            date '2021-12-31' as extract_as_of_date, true as is_synthetic, '{MARK}' as conviction_key
        from marts.fct_convictions group by cube ({year}, offense, level, wave)
        """
        for basis, year in (("relief_order_year", "order_year"), ("conviction_year", "conviction_year"))
        for unit, count in UNITS.items()
    ]
    connection.execute(f"create table reporting.rpt_dismissals_by_year_and_offense as {' union all '.join(parts)}")


def _reports(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        create table reporting.rpt_progress_toward_published_totals as
        select
            wave_number, case wave_number when 1 then 'First wave, 2020' else 'Second wave, 2021' end as wave_title,
            unit, stage_number, stage, stage_title,
            case when stage = 'order_signed' then 66000 end::bigint as published_count,
            date '2020-02-13' as published_as_of_date, {SOURCE}, counted::bigint as counted,
            counted::bigint as counted_low, counted::bigint + 40 as counted_high, counted / 66000 as share_of_published,
            date '2021-12-31' as extract_as_of_date, true as is_synthetic, '{MARK}' as person_name
        from (
            select 1 as wave_number, 'convictions' as unit, dismissals as signed
            from reporting.rpt_dismissals_by_year_and_offense
            where year = 'all' and offense = 'all' and level = 'all' and wave = '1' and unit = 'convictions'
                and year_basis = 'conviction_year'
            union all
            select 2, 'cases', dismissals from reporting.rpt_dismissals_by_year_and_offense
            where year = 'all' and offense = 'all' and level = 'all' and wave = '2' and unit = 'cases'
                and year_basis = 'conviction_year'
        ) as waves, (values
            (1, 'identified', 'Identified', 200), (2, 'order_signed', 'Order signed', 0),
            (3, 'court_record_updated', 'Court record updated', -3), (4, 'doj_updated', 'DOJ record updated', -120)
        ) as stages (stage_number, stage, stage_title, step), lateral (select signed + step as counted)
        """
    )
    outcomes = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years")
    ranges = ", ".join(f"900::bigint as {name}_low, 3000::bigint as {name}_high" for name in outcomes)
    connection.execute(
        f"""
        create table reporting.rpt_people_outcomes as
        select basis, basis_type, 'people' as unit, n::bigint as people_with_relief, 900::bigint as no_felony_left,
            (n - 4)::bigint as no_conviction_left, (n - 300)::bigint as no_conviction_last_7_years,
            7::bigint as cannot_tell, date '2021-09-01' as evaluated_as_of_date,
            date '2021-12-31' as extract_as_of_date, true as is_synthetic, '{MARK}' as person_key, variant_of,
            overdue_records, overdue_records = 'counted' as is_policy_choice, {ranges}
        from (values ('relief orders', 'orders', '', 2000), ('la_pilot_2019', 'policy', '', 1500),
            ('la_pilot_2019_no_290s', 'policy', 'la_pilot_2019', 1503)) as t (basis, basis_type, variant_of, n)
        cross join (values ('counted'), ('left_out')) as ways (overdue_records)
        """
    )
    connection.execute(
        f"""
        create table quality.audit_delivery_reconciliation as
        select 'ca_doj-0123456789ab' as delivery_id, 'ca_doj' as source, 'ca_doj' as table_name,
            date '2021-12-31' as as_of_date, true as as_of_given, timestamp '2022-01-10 08:00:00' as landed_at,
            10::bigint as records, 9::bigint as loaded, 1::bigint as rejected, 9::bigint as rows_in_raw,
            true as is_reconciled, 'landed' as status, true as is_synthetic, '{MARK}.csv' as file_name;
        create table reporting.rpt_review_progress as
        select 'statutory_11361_8' as policy_id, 'The statute' as policy_title, variant_of, status,
            'all' as review_reason, 'convictions' as unit, 9::bigint as to_review, 2::bigint as decided,
            3::bigint as settled, 4::bigint as waiting,
            1.0 / 3 as share_decided, 40::bigint as oldest_waiting_days, 30.0 as median_waiting_days,
            date '2021-12-31' as queue_as_of_date, true as is_synthetic, '{MARK}' as decided_by
        from (values ('', 'shipped'), ('', 'draft'), ('statutory_11361_8', 'shipped')) as t (variant_of, status);
        create table reporting.rpt_policy_comparison as
        select 'statutory_11361_8' as from_policy_id, to_policy_id, from_rule_id,
            'Cultivation of up to six plants that is lawful today' as from_rule_title,
            'Eligible for Dismissal and Sealing' as from_determination, 'cultivation' as to_rule_id,
            'Cultivation of more than six plants: a misdemeanor today' as to_rule_title,
            'Eligible for Redesignation' as to_determination, 9::bigint as convictions, 8::bigint as people,
            date '2021-12-31' as evaluated_as_of_date, true as is_synthetic, '{MARK}' as to_policy_title
        from (values
            ('statutory_11361_8_more_plants', 'cultivation_lawful_today'), ('statutory_11361_8_more_plants', 'all'),
            ('statutory_11361_8_more_plants', 'cultivation'), ('la_pilot_2019', 'cultivation_lawful_today')
        ) as t (to_policy_id, from_rule_id);
        create table reporting.rpt_universe_reconciliation as
        select 'both_waves' as universe, 'From one wave to both' as universe_title, 1 as line_number,
            'announced_together' as line, 'quoted' as kind, 'Announced together' as line_title,
            'Announced in convictions' as explanation, 'convictions' as unit,
            9::bigint as counted, 9::bigint as counted_low, 9::bigint as counted_high,
            date '2021-12-31' as extract_as_of_date, 'la' as published_figure_id, 66000::bigint as published_count,
            date '2020-02-13' as published_as_of_date, null::varchar as published_scope, {SOURCE},
            true as is_synthetic, '{MARK}' as decided_by;
        {_lifecycle()}
        {_pages()}
        create table quality.audit_counts as
        select 'subject_id_blank' as finding, 'DOJ rows without a SUBJECT_ID that can be read' as title, 'rows' as unit,
            3::bigint as findings,
            '{MARK}' as charge_text;
        {_verdicts()}
        create table quality.audit_unmapped_charges as select '{MARK}' as charge_text, 1 as rows, 'x' as reason;
        create table reference.published_figures as
        select * from read_csv('{FIGURES}') where figure_id = 'la_2021_cases';
        create table raw.rejects as select '{MARK}' as raw_text;
        """
    )


HEADLINES = {
    "wave_1_ordered": ("Wave 1: convictions ordered dismissed", "convictions", 1000),
    "wave_2_ordered": ("Wave 2: cases ordered dismissed", "cases", 900),
}


def set_figure(path: Path, figure_id: str, counted: int | None) -> None:
    """Change the number of a headline figure."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update reporting.rpt_data_quality set counted = ? where figure_id = ?", [counted, figure_id]
        )


def _verdicts() -> str:
    """Two headline figures, one of which has a reason with a small number in it."""
    sentence = "The number of signed orders that name no conviction in the files is 3."
    outside = "Some signed orders name no conviction in the files."
    figures = " union all ".join(
        f"select {number} as figure_no, '{figure_id}' as figure_id, '{title}' as title, '{unit}' as unit, "
        f"{counted}::bigint as counted"
        for number, (figure_id, (title, unit, counted)) in enumerate(HEADLINES.items(), start=1)
    )
    empty = "null::varchar"
    return f"""
        create table reporting.rpt_data_quality as
        select *, counted as counted_low, counted as counted_high, 'usable with notes' as verdict,
            '{sentence}' as reason_1, {empty} as reason_2, {empty} as reason_3, '{outside}' as reason_outside_1,
            {empty} as reason_outside_2, {empty} as reason_outside_3, 1::bigint as findings_that_change_it,
            0::bigint as findings_that_do_not, 5000::bigint as events_delivered, date '2021-12-31' as as_of_date,
            true as is_synthetic, '{MARK}' as conviction_key
        from ({figures});
        create table quality.audit_headline_findings as
        select 1 as figure_no, 'wave_1_ordered' as figure_id, 1 as place, 'orders_without_conviction' as rule_id,
            'changes the headline' as finding_group, 'usable with notes' as verdict, '{sentence}' as sentence,
            'Each may be a dismissal that the figure lacks.' as because, '{MARK}' as conviction_key;
    """


def _lifecycle() -> str:
    """The lifecycle reports, with a person's mark in a column that no release includes."""
    stage = "4 as stage_number, 'order_signed' as stage, 'Order signed' as stage_title, 'convictions' as unit"
    dates = (
        "date '2021-12-31' as lifecycle_as_of_date, date '2021-12-31' as extract_as_of_date, true as is_synthetic, "
        f"'{MARK}' as conviction_key"
    )
    reached = (
        "9::bigint as in_review, 5::bigint as counted, 4::bigint as counted_low, 6::bigint as counted_high, "
        "5 / 9 as rate, 4 / 9 as rate_low, 6 / 9 as rate_high, 3::bigint as waiting_here, 1::bigint as ended_here, "
        "2::bigint as stuck_here, date '2021-09-01' as evaluated_as_of_date"
    )
    return f"""
        create table reporting.rpt_relief_standing as
        with places as (
            select
                ['DOWNEY COURTHOUSE', 'NORWALK COURTHOUSE', 'POMONA COURTHOUSE SOUTH', 'other', 'unknown'][
                    1 + cast(hash(i) % 5 as integer)
                ] as courthouse,
                case when hash(i + 1) % 9 > 0 then 'visible' when hash(i + 2) % 20 = 0 then 'entered'
                    when i % 2 = 0 then 'ordered' else 'not_ordered' end as standing
            from range(6000) as numbers(i)
        )

        select coalesce(courthouse, 'all') as courthouse, coalesce(standing, 'all') as standing, 'convictions' as unit,
            count(*) as convictions, 0.5::double as share, {dates}
        from places group by cube (courthouse, standing);
        create table reporting.rpt_relief_funnel as
        select 'all' as wave, {stage}, 5::bigint as counted, 4::bigint as counted_low, 6::bigint as counted_high,
            5::bigint as dismissals, 1::bigint as day_unknown, 1::bigint as passed_untold, 3::bigint as waiting_here,
            1::bigint as ended_here, 2::bigint as stuck_here, 1::bigint as stuck_unknown, {dates};
        create table reporting.rpt_relief_stage_days as
        select 1 as transition_number, 'order_to_entered' as transition, 'Order signed to entered' as transition_title,
            'order_signed' as from_stage,
            'order_entered' as to_stage, 'all' as group_type, 'all' as group_name, 'convictions' as unit,
            9::bigint as convictions, 5::bigint as reached, 3::bigint as still_waiting, 1::bigint as not_measurable,
            20::bigint as median_days, null::bigint as three_quarters_days, 0.4 as share_still_waiting, {dates};
        create table reporting.rpt_stuck_convictions as
        select {stage}, 'all' as courthouse, 3::bigint as waiting, 2::bigint as stuck, 1::bigint as cannot_tell,
            30 as stuck_after_days, 'order_signed' as stuck_counted_from,
            'PC 13151: the disposition is due at the DOJ 30 days after the order' as stuck_reason,
            'law' as limit_source, 'disposition_report' as deadline_id,
            'PC 13151: within 30 days, with CII and docket number' as limit_citation,
            400::bigint as oldest_days, 300.0 as median_days_so_far,
            date '2020-11-26' as oldest_since_date, 1::bigint as oldest_rank, {dates};
        create table reporting.rpt_relief_by_courthouse as select 'all' as courthouse, {stage}, {reached}, {dates};
        create table reporting.rpt_relief_by_race_sex_age as
        select 'all' as race, 'all' as sex, 'all' as age_band, {stage}, {reached}, {dates};
        create table reporting.rpt_orders_by_month as
        select 1 as wave_number, 'convictions' as unit, date '2020-02-01' as order_month, 9::bigint as ordered,
            9::bigint as ordered_so_far, {dates};
        create table quality.audit_change_counts as
        select 'all' as what, '' as policy_id, 'first build' as cause, 0::bigint as changes, 0::bigint as convictions,
            '{MARK}' as conviction_key;
    """


def _research(connection: duckdb.DuckDBPyConnection) -> None:
    """The reports for researchers, which count the same invented convictions."""
    days = (
        "date '2021-09-01' as evaluated_as_of_date, date '2021-12-31' as lifecycle_as_of_date, "
        f"date '2021-12-31' as extract_as_of_date, true as is_synthetic, '{MARK}' as person_key"
    )
    connection.execute(
        f"""
        create table reporting.rpt_research_dismissals as
        with placed as (
            select conviction_year[:3] || '0s' as decade, if(hash(conviction_key) % 2 = 0, 'under 21', '21-34') as age,
                offense, if(offense = 'other', 'other', offense || '(a)') as letter,
                if(rare = 0, 'several', 'Police Department') as agency
            from marts.fct_convictions
        )

        select coalesce(decade, 'all') as decade, coalesce(age, 'all') as age_at_conviction,
            coalesce(offense, 'all') as offense, coalesce(letter, 'all') as offense_letter,
            coalesce(agency, 'all') as arresting_agency_type, 'convictions' as unit, count(*) as convictions, {days}
        from placed group by grouping sets ((), (decade), (age), (offense), (offense, letter), (agency));
        create table reporting.rpt_research_in_review as
        with places as (
            select ['latino', 'black', 'white', 'other'][1 + cast(floor(sqrt(hash(i + 5) % 16)) as integer)] as race,
                if(hash(i + 6) % 4 = 0, 'female', 'male') as sex, if(i % 2 = 0, '1', '2') as wave,
                case when hash(i + 1) % 9 > 0 then 'visible' when hash(i + 2) % 20 = 0 then 'entered'
                    when i % 2 = 0 then 'ordered' else 'not_ordered' end as standing
            from range(6000) as numbers(i)
        ), waits as (select *, if(standing = 'not_ordered', 'no order', '0-90') as wait from places)

        select coalesce(race, 'all') as race, coalesce(sex, 'all') as sex, 'all' as age_band,
            coalesce(wave, 'all') as wave, 'all' as known_to, 'all' as link, coalesce(standing, 'all') as standing,
            coalesce(wait, 'all') as days_to_order, 'convictions' as unit, count(*) as convictions, {days}
        from waits group by grouping sets (
            (), (race), (sex), (wave), (standing), (wait), (race, standing), (sex, standing), (race, wait), (sex, wait)
        );
        create table reporting.rpt_research_stage_days as
        select transition, 'Order signed to entered' as transition_title, 'all' as wave, courthouse, 'all' as result,
            'convictions' as unit, sum(convictions)::bigint as convictions, 10::bigint as quarter_days,
            20::bigint as median_days, 30::bigint as three_quarters_days, {days}
        from reporting.rpt_relief_standing, (values ('order_to_entered'), ('order_to_doj')) as t (transition)
        where standing not in ('all', 'not_ordered', 'unknown') group by transition, courthouse;
        create table reporting.rpt_research_people as
        select 'relief orders' as basis, 'all' as race, 'all' as sex, felony_outcome, 'all' as only_offense,
            'people' as unit, people::bigint as people, {days}
        from (values ('all', 2000), ('no felony left', 900), ('a felony left', 1094), ('cannot tell', 6)) as t (
            felony_outcome, people
        );
        create table reporting.rpt_research_policies as
        select 'convictions' as unit, 'all' as statute_answer, 'all' as pilot_answer, 'all' as statute_rule,
            'all' as pilot_rule, 'all' as missing_facts, 2500::bigint as counted, {days};
        create table quality.audit_source_years as
        select 'la_court' as source, 1970 as year, 'no' as covers_felonies, 'no' as covers_misdemeanors, 'none' as gap,
            {days};
        """
    )


def _pages() -> str:
    """The reports that only pages read, with a person's mark in a column that no release includes."""
    day = "date '2021-12-31'"
    dates = f"{day} as extract_as_of_date, true as is_synthetic, '{MARK}' as person_key"
    outcomes = ("people_with_relief", "no_felony_left", "no_conviction_left", "no_conviction_last_7_years")
    people = ", ".join(f"9::bigint as {name}{end}" for name in outcomes for end in ("", "_low", "_high"))
    policy = "'statutory_11361_8' as policy_id"
    return f"""
        create table reporting.rpt_people_outcomes_by_group as
        select 'relief orders' as basis, 'race' as group_type, 'black' as group_name, 'people' as unit,
            9::bigint as people_in_review, {people}, 1::bigint as cannot_tell, {day} as evaluated_as_of_date, {dates};
        create table reporting.rpt_policy_rules as
        select {policy}, 'The statute' as policy_title, '1' as policy_version, 'The code' as policy_source,
            '' as variant_of, 'shipped' as policy_status, 1 as step, 'cultivation' as rule_id,
            'Eligible for Redesignation' as determination, 'Cultivation' as reason, 'Plants: 6' as conditions,
            'H&S 11361.8' as citation, 'an attorney decides' as if_unknown, 9::bigint as convictions,
            {day} as evaluated_as_of_date, {dates};
        create table reporting.rpt_policy_changes as
        select 'la_pilot_2019' as from_policy_id, 'statutory_11361_8' as to_policy_id, 'gained' as change,
            'all' as by_rule_of, 'all' as rule_id, '' as rule_title, '' as determination, 'convictions' as unit,
            9::bigint as convictions, 8::bigint as people, {day} as evaluated_as_of_date, {dates};
        create table reporting.rpt_ab1706 as
        select policy_id, '1' as policy_version, 'LOS ANGELES' as county_name, race, 'all' as gender,
            'eligible' as measure, 'convictions' as unit, convictions::bigint as convictions,
            {day} as evaluated_as_of_date, {dates}
        from (values ('statutory_11361_8', 'all', 9), ('la_pilot_2019', 'all', 9), ('statutory_11361_8', 'latino', 900))
            as t (policy_id, race, convictions);
        create table reporting.rpt_ab1706_list as
        select policy_id, 'all' as courthouse, 'overdue' as list_standing, 'granted' as policy_answer,
            'convictions' as unit, 9::bigint as convictions, 8::bigint as people, {day} as order_deadline_date,
            {day} as events_as_of_date, {dates}
        from (values ('statutory_11361_8'), ('la_pilot_2019')) as t (policy_id);
        create table reporting.rpt_legal_deadlines as
        select 'challenge' as deadline_id, 'Last day for a prosecutor to challenge a conviction on the list'
            as deadline_title, date '2020-07-01' as deadline_date, true as is_past, 548::bigint as days_past,
            'H&S 11361.9 (AB 1793): prosecutors'' review or challenge due 2020-07-01' as citation,
            {day} as lifecycle_as_of_date, {dates};
    """


def _meta(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        create table meta.builds as
        select '{BUILD}' as build_id, timestamp '2022-01-10 08:55:00' as started_at,
            timestamp '2022-01-10 08:58:00' as finished_at, 'LOS ANGELES' as county,
            date '2021-09-01' as evaluated_as_of_date, date '2021-12-31' as extract_as_of_date, 'passed' as status,
            true as is_synthetic, 'f' as fingerprint;
        create table meta.check_results (
            build_id varchar, gate varchar, check_name varchar, description varchar, severity varchar, status varchar,
            observed varchar, checked_at timestamp
        );
        insert into meta.check_results values
            (null, 'landed', 'accounted', 'Every record is accounted for', 'stop', 'passed', '0',
                timestamp '2022-01-10 08:50:00'),
            ('{BUILD}', 'published', 'counted', 'The report has rows', 'stop', 'passed', '10',
                timestamp '2022-01-10 08:59:00'),
            ('{BUILD}', 'published', 'odd', 'A figure looks odd', 'warn', 'warned', '2',
                timestamp '2022-01-10 08:59:00');
        """
    )
