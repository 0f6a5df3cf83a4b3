with figures as (

    select * from {{ ref('headline_figures') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

events as (

    select coalesce(sum(records), 0) as events_delivered
    from deliveries
    where source = 'relief_events'

),

waves as (

    select
        'wave_' || cast(wave_number as varchar) || '_ordered' as figure_id,
        counted,
        counted_low,
        counted_high,
        extract_as_of_date as as_of_date
    from {{ ref('rpt_progress_toward_published_totals') }}
    where stage = 'order_signed'

),

-- The totals by order year and by conviction year are equal, so either can be used.
dismissals as (

    select
        'all_ordered' as figure_id,
        case when events.events_delivered > 0 then coalesce(max(dismissals.dismissals), 0) end as counted,
        cast(null as bigint) as counted_low,
        cast(null as bigint) as counted_high,
        max(context.extract_as_of_date) as as_of_date
    from events
    cross join context
    left join {{ ref('rpt_dismissals_by_year_and_offense') }} as dismissals
        on
            dismissals.year = 'all'
            and dismissals.offense = 'all'
            and dismissals.level = 'all'
            and dismissals.wave = 'all'
            and dismissals.unit = 'convictions'
    group by events.events_delivered

),

people as (

    select
        'people_relieved' as figure_id,
        people_with_relief as counted,
        people_with_relief_low as counted_low,
        people_with_relief_high as counted_high,
        extract_as_of_date as as_of_date
    from {{ ref('rpt_people_outcomes') }}
    where basis = 'relief orders' and is_policy_choice

),

funnel as (

    select * from {{ ref('rpt_relief_funnel') }}
    where wave = 'all'

),

visible as (

    select
        'visible_at_doj' as figure_id,
        counted,
        counted_low,
        counted_high,
        lifecycle_as_of_date as as_of_date
    from funnel
    where stage = 'doj_updated'

),

-- Without event files, it is unknown which convictions wait. A conviction whose waiting time is unknown may be waiting
-- too long, so the highest count includes it.
waiting as (

    select
        'waiting_too_long' as figure_id,
        case when count(stuck_here) = count(*) then sum(stuck_here) end as counted,
        case when count(stuck_here) = count(*) then sum(stuck_here) end as counted_low,
        case when count(stuck_here) = count(*) then sum(stuck_here + stuck_unknown) end as counted_high,
        max(lifecycle_as_of_date) as as_of_date
    from funnel

),

-- The policy that the county approved last, or the policy of the statute if the county approved none.
county_policy as (

    select policy_id
    from {{ ref('dim_policies') }}
    where status = 'approved' or policy_id = 'statutory_11361_8'
    order by approved_at desc nulls last, policy_id asc
    limit 1

),

eligible as (

    select
        'policy_eligible' as figure_id,
        count(*) filter (where starts_with(determinations.determination, 'Eligible')) as counted,
        count(*) filter (where starts_with(determinations.determination, 'Eligible')) as counted_low,
        count(*) filter (
            where starts_with(determinations.determination, 'Eligible') or determinations.cannot_tell <> ''
        ) as counted_high
    from {{ ref('fct_relief_determinations') }} as determinations
    inner join county_policy on determinations.policy_id = county_policy.policy_id

),

-- If no file was delivered, the number of eligible convictions is NULL, not zero.
policy as (

    select
        eligible.figure_id,
        case when context.evaluated_as_of_date is not null then eligible.counted end as counted,
        case when context.evaluated_as_of_date is not null then eligible.counted_low end as counted_low,
        case when context.evaluated_as_of_date is not null then eligible.counted_high end as counted_high,
        context.evaluated_as_of_date as as_of_date
    from eligible
    cross join context

),

numbers as (

    select * from waves
    union all
    select * from dismissals
    union all
    select * from people
    union all
    select * from visible
    union all
    select * from waiting
    union all
    select * from policy

),

final as (

    select
        figures.figure_no,
        figures.figure_id,
        figures.title,
        figures.unit,
        cast(numbers.counted as bigint) as counted,
        cast(numbers.counted_low as bigint) as counted_low,
        cast(numbers.counted_high as bigint) as counted_high,
        cast(numbers.as_of_date as date) as as_of_date,
        cast(events.events_delivered as bigint) as events_delivered,
        context.is_synthetic
    from figures
    cross join events
    cross join context
    left join numbers on figures.figure_id = numbers.figure_id

)

select * from final
