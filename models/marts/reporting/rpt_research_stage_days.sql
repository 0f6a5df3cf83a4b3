with lifecycle as (

    select
        conviction_key,
        courthouse_key,
        coalesce(cast(wave_number as varchar), 'neither') as wave,
        waiting_status = 'visible' as is_visible,
        waiting_status <> 'visible' and current_stage = 'order_signed' as is_not_entered
    from {{ ref('fct_relief_lifecycle') }}
    where
        waiting_status = 'visible'
        or current_stage in ('court_record_updated', 'reported_to_doj', 'order_entered', 'order_signed')

),

intervals as (

    select * from {{ ref('int_lifecycle__intervals') }}

),

survival as (

    select * from {{ ref('int_lifecycle__survival') }}

),

transitions as (

    select * from {{ ref('lifecycle_transitions') }}
    where transition in ('order_to_entered', 'order_to_doj')

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

-- is_reached uses the flags that rpt_relief_standing counts, so that the two reports agree.
stood as (

    select
        transitions.transition,
        lifecycle.conviction_key,
        lifecycle.courthouse_key as courthouse,
        lifecycle.wave,
        case
            when transitions.transition = 'order_to_doj' then lifecycle.is_visible
            else not lifecycle.is_not_entered
        end as is_reached
    from transitions
    cross join lifecycle

),

placed as (

    select
        stood.transition,
        stood.courthouse,
        stood.wave,
        case
            when stood.is_reached and intervals.result = 'reached' and intervals.days <= 30
                then 'reached within 30 days'
            when stood.is_reached and intervals.result = 'reached' then 'reached later'
            when stood.is_reached then 'reached, days unknown'
            when intervals.result = 'censored' and intervals.days <= 30 then 'waiting up to 30 days'
            when intervals.result = 'censored' then 'waiting longer'
            else 'waiting, days unknown'
        end as result
    from stood
    left join intervals
        on stood.transition = intervals.transition and stood.conviction_key = intervals.conviction_key

),

counted as (

    select
        transition,
        coalesce(wave, 'all') as wave,
        coalesce(courthouse, 'all') as courthouse,
        coalesce(result, 'all') as result,
        count(*) as convictions
    from placed
    group by
        -- The linter mistakes GROUPING SETS for two clauses. -- noqa: disable=LT02
        grouping sets (
            (transition), (transition, wave), (transition, courthouse), (transition, result),
            (transition, wave, result), (transition, courthouse, result)
        )
        -- noqa: enable=LT02

),

-- Days until a quarter, half and three quarters of the convictions have reached the stage. A conviction that still
-- waits counts with the days that it has waited so far.
quarters as (

    select
        transition,
        case when group_type = 'wave' then group_name else 'all' end as wave,
        case when group_type = 'courthouse' then group_name else 'all' end as courthouse,
        min(days) filter (where share_waiting <= 0.75) as quarter_days,
        min(days) filter (where share_waiting <= 0.5) as median_days,
        min(days) filter (where share_waiting <= 0.25) as three_quarters_days
    from survival
    group by transition, group_type, group_name

),

final as (

    select
        counted.transition,
        transitions.transition_title,
        counted.wave,
        counted.courthouse,
        counted.result,
        'convictions' as unit,
        counted.convictions,
        case when counted.result = 'all' then cast(quarters.quarter_days as bigint) end as quarter_days,
        case when counted.result = 'all' then cast(quarters.median_days as bigint) end as median_days,
        case when counted.result = 'all' then cast(quarters.three_quarters_days as bigint) end as three_quarters_days,
        clock.lifecycle_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from counted
    inner join transitions on counted.transition = transitions.transition
    left join quarters
        on
            counted.transition = quarters.transition
            and counted.wave = quarters.wave
            and counted.courthouse = quarters.courthouse
    cross join clock

)

select * from final
