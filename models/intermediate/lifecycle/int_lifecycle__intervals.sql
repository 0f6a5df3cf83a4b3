-- Days between two stages, where they can be measured. A conviction that has not reached the second stage is censored,
-- never left out.
with stages as (

    select * from {{ ref('int_lifecycle__stages') }}

),

milestones as (

    select
        conviction_key,
        is_ended,
        ended_date
    from {{ ref('int_lifecycle__milestones') }}

),

transitions as (

    select * from {{ ref('lifecycle_transitions') }}

),

clock as (

    select lifecycle_as_of_date from {{ ref('int_lifecycle__clock') }}

),

started as (

    select
        transitions.transition,
        stages.conviction_key,
        stages.stage_status as from_status,
        stages.stage_date as from_date,
        ends.stage_status as to_status,
        ends.stage_date as to_date
    from stages
    inner join transitions on stages.stage = transitions.from_stage
    inner join stages as ends
        on stages.conviction_key = ends.conviction_key and transitions.to_stage = ends.stage
    where stages.stage_status in ('dated', 'undated', 'doubtful')

),

measured as (

    select
        started.transition,
        started.conviction_key,
        case
            when started.from_status <> 'dated' then 'not_measurable'
            when started.to_status = 'dated' and started.to_date >= started.from_date then 'reached'
            when started.to_status <> 'not_reached' then 'not_measurable'
            -- A denial ends the wait; if its day is unknown, the length of the wait is unknown.
            when milestones.is_ended and coalesce(milestones.ended_date < started.from_date, true) then 'not_measurable'
            when clock.lifecycle_as_of_date < started.from_date then 'not_measurable'
            else 'censored'
        end as result,
        datediff(
            'day',
            started.from_date,
            case
                when started.to_status = 'dated' then started.to_date
                else least(coalesce(milestones.ended_date, clock.lifecycle_as_of_date), clock.lifecycle_as_of_date)
            end
        ) as days
    from started
    inner join milestones on started.conviction_key = milestones.conviction_key
    cross join clock

),

final as (

    select
        transition,
        conviction_key,
        result,
        case when result <> 'not_measurable' then days end as days
    from measured

)

select * from final
