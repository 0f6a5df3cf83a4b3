with events as (

    select * from {{ ref('int_orders__event_matches') }}

),

final as (

    select
        event_key,
        delivery_id,
        row_no,
        event_type,
        event_date,
        relief_type,
        legal_ground,
        reason,
        batch_id,
        conviction_key,
        match_status,
        differing_column as fault_column
    from events

)

select * from final
