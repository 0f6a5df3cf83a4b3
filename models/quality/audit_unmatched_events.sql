with events as (

    select
        *,
        event_type in ({{ event_types() }}) is true as is_type_known
    from {{ ref('fct_relief_events') }}

),

findings as (

    select
        delivery_id,
        row_no,
        event_type,
        event_date,
        match_status,
        case
            when not is_type_known then 'event_type_unknown'
            when match_status = 'no_conviction' and event_type = 'order_signed' then 'order_no_conviction'
            when match_status not in ('matched', 'in_the_future') then 'event_' || match_status
            when event_type = 'order_signed' and relief_type in ({{ relief_types() }}) is not true
                then 'order_relief_type_unknown'
            when event_date is null then 'event_without_date'
        end as finding,
        case
            when not is_type_known then 'event_type'
            when match_status = 'names_differ' then fault_column
            when match_status not in ('matched', 'in_the_future') then null
            when event_type = 'order_signed' and relief_type in ({{ relief_types() }}) is not true then 'relief_type'
            when event_date is null then 'event_date'
        end as column_name
    from events

),

final as (

    select * from findings
    where finding is not null

)

select * from final
