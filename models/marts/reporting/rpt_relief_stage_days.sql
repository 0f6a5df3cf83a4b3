with survival as (

    select * from {{ ref('int_lifecycle__survival') }}

),

transitions as (

    select * from {{ ref('lifecycle_transitions') }}

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

medians as (

    select
        transition,
        group_type,
        group_name,
        sum(reached + censored + not_measurable) as convictions,
        sum(reached) as reached,
        sum(censored) as still_waiting,
        sum(not_measurable) as not_measurable,
        min(days) filter (where share_waiting <= 0.5) as median_days,
        min(days) filter (where share_waiting <= 0.25) as three_quarters_days,
        min(share_waiting) as share_still_waiting
    from survival
    group by transition, group_type, group_name

),

final as (

    select
        cast(transitions.transition_number as integer) as transition_number,
        medians.transition,
        transitions.transition_title,
        transitions.from_stage,
        transitions.to_stage,
        medians.group_type,
        medians.group_name,
        'convictions' as unit,
        cast(medians.convictions as bigint) as convictions,
        cast(medians.reached as bigint) as reached,
        cast(medians.still_waiting as bigint) as still_waiting,
        cast(medians.not_measurable as bigint) as not_measurable,
        cast(medians.median_days as bigint) as median_days,
        cast(medians.three_quarters_days as bigint) as three_quarters_days,
        cast(medians.share_still_waiting as double) as share_still_waiting,
        clock.lifecycle_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from medians
    inner join transitions on medians.transition = transitions.transition
    cross join clock

)

select * from final
