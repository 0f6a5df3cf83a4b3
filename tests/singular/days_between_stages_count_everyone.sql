-- Every conviction that reached the first stage has reached the second stage, waits for it, or cannot be measured. The
-- numbers of the courthouses add up to the total.
with started as (

    select
        transitions.transition,
        count(*) as convictions
    from {{ ref('int_lifecycle__stages') }} as stages
    inner join {{ ref('lifecycle_transitions') }} as transitions on stages.stage = transitions.from_stage
    where stages.stage_status in ('dated', 'undated', 'doubtful')
    group by transitions.transition

),

reported as (

    select
        transition,
        sum(reached + still_waiting + not_measurable) filter (where group_type = 'all') as convictions,
        sum(reached + still_waiting + not_measurable) filter (where group_type = 'courthouse') as by_courthouse
    from {{ ref('rpt_relief_stage_days') }}
    group by transition

)

select started.*
from started
left join reported on started.transition = reported.transition
where
    started.convictions <> coalesce(reported.convictions, 0)
    or started.convictions <> coalesce(reported.by_courthouse, 0)
