-- Kaplan-Meier estimate. On each day on which convictions reach the stage, the share that still waits is multiplied by
-- (convictions that go on waiting / convictions at risk). A conviction that is censored on a day counts as at risk on
-- that day.
with intervals as (

    select
        intervals.transition,
        intervals.result,
        intervals.days,
        lifecycle.wave_number,
        lifecycle.courthouse_key,
        lifecycle.is_on_doj_list,
        transitions.from_stage = 'identified' as is_before_order
    from {{ ref('int_lifecycle__intervals') }} as intervals
    inner join {{ ref('int_lifecycle__convictions') }} as lifecycle
        on intervals.conviction_key = lifecycle.conviction_key
    inner join {{ ref('lifecycle_transitions') }} as transitions on intervals.transition = transitions.transition

),

counted as (

    select
        transition,
        days,
        wave_number,
        courthouse_key,
        is_on_doj_list,
        is_before_order,
        count(*) filter (where result = 'reached') as reached,
        count(*) filter (where result = 'censored') as censored,
        count(*) filter (where result = 'not_measurable') as not_measurable
    from intervals
    group by transition, days, wave_number, courthouse_key, is_on_doj_list, is_before_order

),

-- The first review covered the whole DOJ list, but only convictions with an order in time have wave 1. If convictions
-- were grouped by wave alone, the wait for an order would leave out all that still wait.
grouped as (

    select
        'all' as group_type,
        'all' as group_name,
        *
    from counted
    union all
    select
        'wave' as group_type,
        '1' as group_name,
        *
    from counted
    where case when is_before_order then is_on_doj_list else coalesce(wave_number, 0) = 1 end
    union all
    select
        'wave' as group_type,
        case when wave_number = 2 then '2' else 'neither' end as group_name,
        *
    from counted
    where wave_number = 2 or wave_number is null
    union all
    select
        'courthouse' as group_type,
        courthouse_key as group_name,
        *
    from counted

),

by_day as (

    select
        transition,
        group_type,
        group_name,
        days,
        sum(reached) as reached,
        sum(censored) as censored,
        sum(not_measurable) as not_measurable
    from grouped
    group by transition, group_type, group_name, days

),

at_risk as (

    select
        *,
        sum(reached + censored) over (
            partition by transition, group_type, group_name
            order by days desc
            rows between unbounded preceding and current row
        ) as at_risk
    from by_day
    where days is not null

),

-- The product is computed as the exponential of a sum of logarithms. The share is zero once all convictions at risk
-- have reached the stage.
multiplied as (

    select
        *,
        sum(case when reached < at_risk then ln(1 - cast(reached as double) / at_risk) else 0 end) over (
            partition by transition, group_type, group_name
            order by days
            rows between unbounded preceding and current row
        ) as log_share,
        max(case when reached >= at_risk then 1 else 0 end) over (
            partition by transition, group_type, group_name
            order by days
            rows between unbounded preceding and current row
        ) = 1 as is_nothing_left
    from at_risk

),

final as (

    select
        transition,
        group_type,
        group_name,
        cast(days as bigint) as days,
        cast(reached as bigint) as reached,
        cast(censored as bigint) as censored,
        cast(0 as bigint) as not_measurable,
        cast(at_risk as bigint) as at_risk,
        -- The share is rounded, because a logarithm would not give exactly one half.
        case when is_nothing_left then 0.0 else round(exp(log_share), 9) end as share_waiting
    from multiplied
    union all
    select
        transition,
        group_type,
        group_name,
        null as days,
        cast(reached as bigint) as reached,
        cast(censored as bigint) as censored,
        cast(not_measurable as bigint) as not_measurable,
        null as at_risk,
        null as share_waiting
    from by_day
    where days is null

)

select * from final
