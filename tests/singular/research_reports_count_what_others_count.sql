-- The reports for researchers break down the counts of the other reports, so their totals are equal.
with compared as (

    select
        'rpt_research_dismissals' as report,
        (
            select sum(convictions) from {{ ref('rpt_research_dismissals') }}
            where
                decade = 'all' and age_at_conviction = 'all' and offense = 'all' and offense_letter = 'all'
                and arresting_agency_type = 'all'
        ) as found,
        (
            select sum(dismissals) from {{ ref('rpt_dismissals_by_year_and_offense') }}
            where
                year_basis = 'conviction_year' and year = 'all' and offense = 'all' and level = 'all' and wave = 'all'
                and unit = 'convictions'
        ) as expected
    union all
    select
        'rpt_research_in_review' as report,
        (
            select sum(convictions) from {{ ref('rpt_research_in_review') }}
            where
                race = 'all' and sex = 'all' and age_band = 'all' and wave = 'all' and known_to = 'all' and link = 'all'
                and days_to_order = 'all' and standing <> 'all'
        ) as found,
        (
            select sum(convictions) from {{ ref('rpt_relief_standing') }}
            where courthouse = 'all' and standing = 'all'
        ) as expected
    union all
    select
        'rpt_research_stage_days' as report,
        (
            select sum(convictions) from {{ ref('rpt_research_stage_days') }}
            where transition = 'order_to_doj' and wave = 'all' and courthouse <> 'all' and result <> 'all'
        ) as found,
        (
            select sum(convictions) from {{ ref('rpt_relief_standing') }}
            where courthouse = 'all' and standing not in ('all', 'not_ordered', 'unknown')
        ) as expected
    union all
    select
        'rpt_research_people' as report,
        (
            select sum(people) from {{ ref('rpt_research_people') }}
            where
                basis = 'relief orders' and race = 'all' and sex = 'all' and felony_outcome = 'no felony left'
        ) as found,
        (
            select sum(no_felony_left) from {{ ref('rpt_people_outcomes') }}
            where basis = 'relief orders' and overdue_records = 'counted'
        ) as expected
    union all
    select
        'rpt_research_policies' as report,
        (
            select sum(counted) from {{ ref('rpt_research_policies') }}
            where unit = 'people' and statute_answer = 'granted' and pilot_answer = 'all'
        ) as found,
        (
            select sum(people_with_relief) from {{ ref('rpt_people_outcomes') }}
            where basis = 'statutory_11361_8' and overdue_records = 'counted'
        ) as expected

)

select * from compared
where coalesce(found, 0) <> coalesce(expected, 0)
