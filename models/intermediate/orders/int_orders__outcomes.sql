-- The outcome of each conviction by its events, if the outcome prevents a filing.
with events as (

    select
        *,
        coalesce(relief_type, '') in ('dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing')
            as is_relief_known
    from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched'

),

relief as (

    select
        conviction_key,
        relief_type,
        relief_order_date
    from {{ ref('int_orders__relief') }}
    where relief_type is not null

),

event_summaries as (

    select
        conviction_key,
        bool_or(event_type = 'order_signed' and not is_relief_known) as has_order_of_unknown_relief,
        bool_or(event_type = 'order_denied') as is_denied,
        bool_or(event_type = 'already_relieved') as is_already_relieved,
        bool_or(event_type = 'not_found_in_court') as is_not_found_in_court,
        bool_or(event_type = 'referred_to_city_attorney') as is_referred_to_city_attorney,
        bool_or(event_type = 'petition_filed') as is_petitioned,
        max(event_date) filter (where event_type = 'petition_filed') as petition_date,
        bool_or(event_type = 'petition_filed' and event_date is null) as has_undated_petition,
        bool_or(event_type in ('order_signed', 'order_denied', 'already_relieved')) as is_decided,
        bool_or(event_type in ('order_signed', 'order_denied', 'already_relieved') and event_date is null)
            as has_undated_decision,
        max(event_date) filter (where event_type in ('order_signed', 'order_denied', 'already_relieved'))
            as decision_date
    from events
    group by conviction_key

),

final as (

    select
        event_summaries.conviction_key,
        case
            when relief.conviction_key is not null then 'ordered_' || relief.relief_type
            when event_summaries.has_order_of_unknown_relief then 'ordered_relief_unknown'
            when event_summaries.is_denied then 'denied'
            when event_summaries.is_already_relieved then 'already_relieved'
            when event_summaries.is_not_found_in_court then 'not_found_in_court'
            when event_summaries.is_referred_to_city_attorney then 'referred_to_city_attorney'
        end as outcome,
        relief.relief_order_date,
        relief.relief_type,
        event_summaries.petition_date,
        -- A petition is pending until an order or a denial; if a date is missing, it is unknown whether the petition is
        -- pending.
        case
            when not event_summaries.is_petitioned then false
            when not event_summaries.is_decided then true
            when event_summaries.has_undated_decision or event_summaries.has_undated_petition then null
            else event_summaries.petition_date > event_summaries.decision_date
        end as is_petition_pending
    from event_summaries
    left join relief on event_summaries.conviction_key = relief.conviction_key

)

select * from final
