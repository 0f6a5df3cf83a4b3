with history_rows as (

    select * from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

court_counts as (

    select * from {{ ref('stg_la_court__counts') }}

),

final as (

    select
        'ca_doj' as source,
        delivery_id,
        row_no,
        case
            when coalesce(subject_id, '') = '' then 'subject_id_blank'
            when not coalesce(is_count_order_valid, false) then 'count_order_invalid'
            else 'convicted_text_on_arrest'
        end as finding
    from history_rows
    where
        coalesce(subject_id, '') = ''
        or not coalesce(is_count_order_valid, false)
        or (has_convicted_disposition and {{ event_type('step_type') }} = 'arrest')
    union all
    select
        'la_court' as source,
        delivery_id,
        row_no,
        case when case_number is null then 'case_number_blank' else 'juvenile_case' end as finding
    from court_counts
    where
        case_number is null
        or (
            {{ is_juvenile_case_number('case_number') }}
            and (disposition_type like 'convicted%' or disposition_type like 'sustained%')
        )

)

select * from final
