with events as (

    select
        *,
        coalesce(event_type, '') in (
            'order_signed', 'order_denied', 'not_found_in_court', 'already_relieved', 'challenged',
            'challenge_withdrawn', 'referred_to_city_attorney', 'petition_filed', 'motion_filed', 'notice_to_court',
            'notice_to_public_defender', 'order_entered', 'court_record_updated', 'record_sealed', 'reported_to_doj',
            'doj_updated', 'verified'
        ) as is_type_known
    from {{ ref('fct_relief_events') }}

),

final as (

    select
        delivery_id,
        row_no,
        event_type,
        event_date,
        match_status,
        case
            when not is_type_known then 'event_type_unknown'
            when match_status = 'no_conviction' and event_type = 'order_signed' then 'order_no_conviction'
            when match_status in ('no_conviction', 'ambiguous', 'duplicate') then 'event_' || match_status
            else 'order_relief_type_unknown'
        end as finding
    from events
    where
        match_status not in ('matched', 'in_the_future')
        or not is_type_known
        or (
            event_type = 'order_signed'
            and coalesce(relief_type, '')
            not in ('dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing')
        )

)

select * from final
