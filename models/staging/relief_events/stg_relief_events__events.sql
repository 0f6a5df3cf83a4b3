with source as (

    select * from {{ source('relief_events', 'relief_events') }}

),

date_orders as (

    {{ date_orders(source('relief_events', 'relief_events'), 'event_date') }}

),

final as (

    select
        source.delivery_id,
        source.row_no,

        -- event
        {{ clean_text('event_id') }} as event_id,
        {{ coded_text('event_type') }} as event_type,
        coalesce(
            {{ parse_iso_date('event_date') }}, {{ parse_slash_date('event_date', 'date_orders.date_order') }}
        ) as event_date,
        {{ clean_text('event_date') }} as event_date_raw,
        {{ coded_text('relief_type') }} as relief_type,
        {{ clean_text('legal_ground') }} as legal_ground,
        {{ clean_text('reason') }} as reason,
        {{ clean_text('batch_id') }} as batch_id,

        -- the count as the DOJ names it
        {{ clean_text('subject_id') }} as subject_id,
        case when regexp_matches(trim(cii_number), '[0-9]{5}') then upper(trim(cii_number)) end as cii_number,
        {{ clean_text('cnt_order') }} as count_order,

        -- the count as the court names it
        {{ normalize_case_number(without_decimals('case_number')) }} as case_number,
        -- What is no number names no defendant, and must not be passed over.
        coalesce(
            {{ normalize_defendant_number(without_decimals('defendant_number')) }},
            {{ clean_text('defendant_number') }},
            {{ defendant_suffix('case_number') }}
        ) as defendant_number,
        {{ normalize_count_number(without_decimals('count_number')) }} as count_number
    from source
    left join date_orders on source.delivery_id = date_orders.delivery_id

)

select * from final
