with source as (

    select * from {{ source('relief_events', 'relief_events') }}

),

date_orders as (

    {{ date_orders(source('relief_events', 'relief_events'), 'event_date') }}

),

-- The row does not name the court of the case number, so the case number is read by the rule of the evaluated county's
-- court.
numbered as (

    {{ with_case_numbers('source', 'case_number', county=evaluated_county()) }}

),

final as (

    select
        numbered.delivery_id,
        numbered.row_no,

        -- event
        {{ clean_text(plain_number('event_id')) }} as event_id,
        {{ coded_text('event_type') }} as event_type,
        coalesce(
            {{ parse_certain_date('event_date') }}, {{ parse_slash_date('event_date', 'date_orders.date_order') }}
        ) as event_date,
        {{ clean_text('event_date') }} as event_date_raw,
        {{ coded_text('relief_type') }} as relief_type,
        {{ clean_text('legal_ground') }} as legal_ground,
        {{ clean_text('reason') }} as reason,
        {{ clean_text(plain_number('batch_id')) }} as batch_id,

        -- the count as the DOJ names it
        {{ clean_text(plain_number('subject_id')) }} as subject_id,
        {{ cii_number('cii_number') }} as cii_number,
        {{ clean_text(plain_number('cnt_order')) }} as count_order,

        -- the count as the court names it
        case_number_read as case_number,
        -- A defendant number that is not a number is kept. It matches no defendant, so the row is listed as unmatched.
        coalesce(
            {{ normalize_defendant_number('defendant_number') }},
            {{ clean_text(plain_number('defendant_number')) }},
            defendant_number_read
        ) as defendant_number,
        {{ normalize_count_number('count_number') }} as count_number
    from numbered
    left join date_orders on numbered.delivery_id = date_orders.delivery_id

)

select * from final
