with convictions as (

    select
        convictions.conviction_key,
        convictions.conviction_date,
        received.received_date,
        -- The file in which the conviction was first received; if two files have the same day, the DOJ's file.
        case
            when doj_deliveries.as_of_date = received.received_date then doj.delivery_id
            else coalesce(court.delivery_id, doj.delivery_id)
        end as received_delivery_id
    from {{ ref('int_identity__convictions') }} as convictions
    inner join {{ ref('int_orders__relief') }} as relief on convictions.conviction_key = relief.conviction_key
    inner join {{ ref('int_review__received_decisions') }} as received
        on convictions.conviction_key = received.conviction_key
    left join {{ ref('int_convictions__criminal_history') }} as doj
        on convictions.doj_conviction_key = doj.doj_conviction_key
    left join {{ ref('stg_landing__deliveries') }} as doj_deliveries on doj.delivery_id = doj_deliveries.delivery_id
    left join {{ ref('int_convictions__court') }} as court
        on convictions.court_conviction_key = court.court_conviction_key
    where relief.is_in_review

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

delivered as (

    select count(*) > 0 as is_delivered
    from deliveries
    where source = 'relief_events' and status = 'landed'

),

stages as (

    select
        stage_number,
        stage,
        is_always_told,
        is_once
    from {{ ref('lifecycle_stages') }}

),

event_types as (

    select
        event_type,
        stage
    from {{ ref('lifecycle_event_types') }}
    where stage is not null

),

decisions as (

    select distinct
        conviction_key,
        decision_key,
        decision_date
    from {{ ref('int_review__decided_convictions') }}
    where decision_type in ('eligibility', 'challenge') and decision_status = 'in_force'

),

received_decisions as (

    select
        decision_key,
        delivery_id
    from {{ ref('stg_review_decisions__decisions') }}

),

-- A stage that is reported for a future day has not been reached; the report is listed as a contradiction.
future_reports as (

    select distinct
        events.conviction_key,
        event_types.stage
    from {{ ref('int_orders__event_matches') }} as events
    inner join event_types on events.event_type = event_types.event_type
    where events.match_status = 'in_the_future'

),

-- Every report of a stage in a file.
reports as (

    select
        events.conviction_key,
        event_types.stage,
        events.event_date as stage_date,
        events.delivery_id as told_by,
        events.event_key as told_key,
        -- The first dismissal decides, as in all models; without a dismissal, the first other relief.
        case
            when events.event_type <> 'order_signed' then 0
            when events.relief_type in ('dismissal', 'dismissal_and_sealing') then 0
            when events.relief_type in ('redesignation', 'resentencing') then 1
            else 2
        end as preference
    from {{ ref('int_orders__event_matches') }} as events
    inner join event_types on events.event_type = event_types.event_type
    where events.match_status = 'matched'
    union all
    select
        decisions.conviction_key,
        'reviewed' as stage,
        decisions.decision_date as stage_date,
        received_decisions.delivery_id as told_by,
        decisions.decision_key as told_key,
        0 as preference
    from decisions
    left join received_decisions on decisions.decision_key = received_decisions.decision_key
    union all
    select
        conviction_key,
        'identified' as stage,
        received_date as stage_date,
        received_delivery_id as told_by,
        conviction_key as told_key,
        0 as preference
    from convictions

),

ranked as (

    select
        reports.*,
        stages.stage_number,
        coalesce(reports.stage_date < convictions.conviction_date, false) as is_before_conviction,
        row_number() over (
            partition by reports.conviction_key, reports.stage
            order by
                reports.preference,
                coalesce(reports.stage_date < convictions.conviction_date, false),
                reports.stage_date nulls last,
                reports.told_key
        ) as told_rank,
        -- A dismissal after a redesignation is a separate order, not a second date of the same order.
        stages.is_once
        and min(reports.stage_date) over (partition by reports.conviction_key, reports.stage, reports.preference)
        <> max(reports.stage_date) over (partition by reports.conviction_key, reports.stage, reports.preference)
            as has_several_dates
    from reports
    inner join stages on reports.stage = stages.stage
    inner join convictions on reports.conviction_key = convictions.conviction_key

),

reached_stages as (

    select
        conviction_key,
        stage_number,
        stage,
        stage_date,
        told_by,
        coalesce(has_several_dates, false) as has_several_dates,
        is_before_conviction
    from ranked
    where told_rank = 1

),

-- The earlier and later stages of each stage, by days that can be true.
placed as (

    select
        *,
        case
            when stage_date is null then 'undated'
            when is_before_conviction then 'doubtful'
            else 'dated'
        end as stage_status,
        case when not is_before_conviction then stage_date end as true_date,
        max(stage_number) over (partition by conviction_key) as last_stage_number
    from reached_stages

),

ordered as (

    select
        *,
        max(case when stage <> 'identified' then true_date end) over (
            partition by conviction_key
            order by stage_number
            rows between unbounded preceding and 1 preceding
        ) as latest_before_date,
        max(case when stage = 'identified' then true_date end) over (partition by conviction_key) as identified_date,
        lead(true_date) over (partition by conviction_key order by stage_number) as next_date
    from placed

),

last_stages as (

    select
        conviction_key,
        max(last_stage_number) as last_stage_number
    from ordered
    group by conviction_key

),

final as (

    select
        last_stages.conviction_key,
        stages.stage_number,
        stages.stage,
        case
            when ordered.conviction_key is not null then ordered.stage_status
            when stages.stage_number < last_stages.last_stage_number then 'passed'
            when stages.stage <> 'identified' and not delivered.is_delivered then 'not_delivered'
            else 'not_reached'
        end as stage_status,
        ordered.stage_date,
        ordered.told_by,
        -- Days to the next reported stage; NULL where a day is unknown or cannot be true.
        case when ordered.next_date >= ordered.true_date then datediff('day', ordered.true_date, ordered.next_date) end
            as days_to_next_stage,
        stages.stage_number = last_stages.last_stage_number as is_current,
        coalesce(ordered.has_several_dates, false) as has_several_dates,
        coalesce(ordered.is_before_conviction, false) as is_before_conviction,
        future_reports.conviction_key is not null as is_in_the_future,
        coalesce(ordered.true_date < ordered.latest_before_date, false) as is_out_of_order,
        coalesce(ordered.stage_number > 1 and ordered.true_date < ordered.identified_date, false)
            as is_before_identified,
        ordered.conviction_key is null
        and stages.is_always_told
        and stages.stage_number < last_stages.last_stage_number as is_skipped
    from last_stages
    cross join stages
    cross join delivered
    left join ordered
        on last_stages.conviction_key = ordered.conviction_key and stages.stage_number = ordered.stage_number
    left join future_reports
        on last_stages.conviction_key = future_reports.conviction_key and stages.stage = future_reports.stage

)

select * from final
