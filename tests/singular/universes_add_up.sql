-- The lines of each universe add up to its result. This is exact for convictions. Cases and people may be on several
-- lines, which is taken into account.
with undelivered as (

    select distinct universe from {{ ref('rpt_universe_reconciliation') }}
    where counted is null and kind <> 'quoted'

),

counted as (

    select report.*
    from {{ ref('rpt_universe_reconciliation') }} as report
    left join undelivered on report.universe = undelivered.universe
    where report.counted is not null and undelivered.universe is null

),

convictions as (

    select * from {{ ref('fct_convictions') }}
    where is_in_review and is_dismissed_by_order and wave_number is not null

),

mixed_cases as (

    select case_key
    from convictions
    group by case_key
    having count(distinct wave_number) > 1

),

faults as (

    select
        'convictions on several lines' as fault,
        universe
    from counted
    group by universe
    having
        sum(
            case
                when unit <> 'convictions' then 0
                when kind in ('start', 'plus') then counted
                when kind in ('minus', 'result') then -counted
                else 0
            end
        ) <> 0
    union all
    select
        'cases of both waves' as fault,
        universe
    from counted
    where
        universe = 'both_waves'
        and kind = 'overlap'
        and unit = 'cases'
        and -counted <> (select count(*) from mixed_cases)
    union all
    select
        'a range that leaves its count out' as fault,
        universe
    from counted
    where counted_low > counted or counted_high < counted
    union all
    select
        'cleared and remaining are the list' as fault,
        'doj_cleared' as universe
    from counted
    where unit = 'convictions'
    having
        count(distinct case when universe in ('first_wave', 'doj_cleared') then universe end) = 2
        and sum(case when universe = 'doj_cleared' and line in ('doj_updated', 'remaining') then counted else 0 end)
        <> sum(case when universe = 'first_wave' and line = 'on_doj_list' then counted else 0 end)
    union all
    select
        'a figure beside another unit' as fault,
        counted.universe
    from {{ ref('rpt_universe_reconciliation') }} as counted
    inner join {{ ref('published_figures') }} as figures on counted.published_figure_id = figures.figure_id
    where counted.unit <> figures.unit

)

select * from faults
