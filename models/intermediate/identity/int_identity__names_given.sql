-- The numbers and file rows by which events and decisions name counts, as they are in the staging models.
with events as (

    select * from {{ ref('stg_relief_events__events') }}

),

decisions as (

    select * from {{ ref('stg_review_decisions__decisions') }}

),

final as (

    select
        'event|' || delivery_id || '|' || cast(row_no as varchar) as naming_key,
        subject_id,
        cii_number,
        count_order,
        case_number,
        defendant_number,
        count_number,
        cast(null as varchar) as record,
        cast(null as varchar) as named_delivery_id,
        cast(null as bigint) as named_row_no
    from events
    union all
    select
        'decision|' || decision_key as naming_key,
        subject_id,
        cii_number,
        count_order,
        case_number,
        defendant_number,
        count_number,
        record,
        nullif(named_delivery_id, '') as named_delivery_id,
        named_row_no
    from decisions

)

select * from final
