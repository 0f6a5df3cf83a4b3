-- The reports by stage, courthouse and group count the same convictions. From the order on, each conviction is in one
-- wave.
with in_review as (

    select count(*) as convictions from {{ ref('int_orders__relief') }}
    where is_in_review

),

funnel as (

    select * from {{ ref('rpt_relief_funnel') }}

),

courthouses as (

    select * from {{ ref('rpt_relief_by_courthouse') }}

),

groups as (

    select * from {{ ref('rpt_relief_by_race_sex_age') }}

),

dismissals as (

    select * from {{ ref('rpt_dismissals_by_year_and_offense') }}
    where unit = 'convictions' and level = 'all' and year_basis = 'relief_order_year' and wave in ('1', '2')

),

compared as (

    select
        'convictions of the lifecycle' as what,
        (select convictions from in_review) as expected,
        count(*) as found
    from {{ ref('fct_relief_lifecycle') }}
    union all
    select
        'convictions where they last are' as what,
        (select convictions from in_review) as expected,
        (
            select count(*) from {{ ref('fct_relief_lifecycle') }}
            where waiting_status in ('visible', 'unknown')
        ) + coalesce(sum(waiting_here + ended_here), 0) as found
    from funnel
    where wave = 'all'
    union all
    select
        'in review, courthouses, ' || stage as what,
        (select convictions from in_review) as expected,
        sum(in_review) as found
    from courthouses
    where courthouse <> 'all'
    group by stage
    union all
    select
        'in review, groups, ' || stage as what,
        (select convictions from in_review) as expected,
        sum(in_review) as found
    from groups
    where race <> 'all' and sex <> 'all' and age_band <> 'all'
    group by stage
    union all
    select
        'reached, courthouses, ' || courthouses.stage as what,
        max(funnel.counted) as expected,
        sum(courthouses.counted) as found
    from courthouses
    inner join funnel on courthouses.stage = funnel.stage and funnel.wave = 'all'
    where courthouses.courthouse <> 'all'
    group by courthouses.stage
    union all
    select
        'reached, all courthouses, ' || courthouses.stage as what,
        funnel.counted as expected,
        courthouses.counted as found
    from courthouses
    inner join funnel on courthouses.stage = funnel.stage and funnel.wave = 'all'
    where courthouses.courthouse = 'all'
    union all
    select
        'reached, groups, ' || groups.stage as what,
        max(funnel.counted) as expected,
        sum(groups.counted) as found
    from groups
    inner join funnel on groups.stage = funnel.stage and funnel.wave = 'all'
    where groups.race <> 'all' and groups.sex <> 'all' and groups.age_band <> 'all'
    group by groups.stage
    union all
    -- From the order on, each conviction is in one wave.
    select
        'reached, waves, ' || stage as what,
        sum(counted) filter (where wave = 'all') as expected,
        sum(counted) filter (where wave <> 'all') as found
    from funnel
    where stage_number >= 4
    group by stage
    union all
    -- The report by order year, the report by offense and the funnel give the same number.
    select
        'dismissals by year, wave ' || dismissals.wave as what,
        max(funnel.dismissals) as expected,
        sum(dismissals.dismissals) as found
    from dismissals
    inner join funnel on dismissals.wave = funnel.wave and funnel.stage = 'order_signed'
    where dismissals.year <> 'all' and dismissals.offense = 'all'
    group by dismissals.wave
    union all
    select
        'dismissals by offense, wave ' || dismissals.wave as what,
        max(funnel.dismissals) as expected,
        sum(dismissals.dismissals) as found
    from dismissals
    inner join funnel on dismissals.wave = funnel.wave and funnel.stage = 'order_signed'
    where dismissals.year = 'all' and dismissals.offense <> 'all'
    group by dismissals.wave

)

select * from compared
where coalesce(expected, 0) <> coalesce(found, 0)
