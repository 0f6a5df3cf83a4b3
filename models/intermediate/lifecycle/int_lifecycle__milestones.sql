-- Milestones that are not stages, and events that end the process for a conviction.
with convictions as (

    select conviction_key from {{ ref('int_orders__relief') }}
    where is_in_review

),

events as (

    select
        events.conviction_key,
        event_types.milestone,
        events.event_date
    from {{ ref('int_orders__event_matches') }} as events
    inner join {{ ref('lifecycle_event_types') }} as event_types on events.event_type = event_types.event_type
    where events.match_status = 'matched'

),

milestones as (

    select
        conviction_key,
        min(event_date) filter (where milestone = 'notice_to_public_defender') as notice_to_public_defender_date,
        min(event_date) filter (where milestone = 'public_defender_attempt') as public_defender_attempt_date,
        min(event_date) filter (where milestone = 'petition_filed') as petition_filed_date,
        min(event_date) filter (where milestone = 'record_sealed') as record_sealed_date,
        bool_or(milestone = 'record_sealed') as is_record_sealed,
        bool_or(milestone = 'order_denied') as is_denied,
        min(event_date) filter (where milestone = 'order_denied') as order_denied_date,
        bool_or(milestone = 'order_denied' and event_date is null) as has_undated_denial,
        bool_or(milestone = 'order_signed') as is_ordered,
        max(event_date) filter (where milestone = 'order_signed') as last_order_date,
        bool_or(milestone = 'order_signed' and event_date is null) as has_undated_order,
        bool_or(milestone in ('order_denied', 'already_relieved')) as is_ended,
        min(event_date) filter (where milestone in ('order_denied', 'already_relieved')) as ended_date
    from events
    group by conviction_key

),

final as (

    select
        convictions.conviction_key,
        milestones.notice_to_public_defender_date,
        milestones.public_defender_attempt_date,
        milestones.petition_filed_date,
        milestones.record_sealed_date,
        coalesce(milestones.is_record_sealed, false) as is_record_sealed,
        milestones.order_denied_date,
        case
            when not coalesce(milestones.is_denied and milestones.is_ordered, false) then null
            when milestones.has_undated_denial or milestones.has_undated_order then 'order_and_denial_undated'
            when milestones.last_order_date >= milestones.order_denied_date then 'order_after_denial'
            else 'denial_after_order'
        end as order_and_denial,
        -- If no order was signed, a denial or earlier relief ends the process.
        coalesce(milestones.is_ended and not milestones.is_ordered, false) as is_ended,
        case when milestones.is_ended and not milestones.is_ordered then milestones.ended_date end as ended_date
    from convictions
    left join milestones on convictions.conviction_key = milestones.conviction_key

)

select * from final
