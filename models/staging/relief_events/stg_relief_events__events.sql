with source as (

    select * from {{ source('relief_events', 'relief_events') }}

),

final as (

    select
        delivery_id,
        row_no,

        -- event
        {{ clean_text('event_id') }} as event_id,
        lower({{ clean_text('event_type') }}) as event_type,
        {{ parse_iso_date('event_date') }} as event_date,
        {{ clean_text('event_date') }} as event_date_raw,
        lower({{ clean_text('relief_type') }}) as relief_type,
        {{ clean_text('legal_ground') }} as legal_ground,
        {{ clean_text('reason') }} as reason,
        {{ clean_text('batch_id') }} as batch_id,

        -- the count as the DOJ names it
        {{ clean_text('subject_id') }} as subject_id,
        case when regexp_matches(trim(cii_number), '[0-9]{5}') then upper(trim(cii_number)) end as cii_number,
        {{ clean_text('cnt_order') }} as count_order,

        -- the count as the court names it
        {{ normalize_case_number('case_number') }} as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, {{ defendant_suffix('case_number') }})
            as defendant_number,
        {{ normalize_count_number('count_number') }} as count_number
    from source

)

select * from final
