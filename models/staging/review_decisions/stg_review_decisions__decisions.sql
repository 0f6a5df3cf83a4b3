with source as (

    select * from {{ source('review_decisions', 'review_decisions') }}

),

date_orders as (

    {{ date_orders(source('review_decisions', 'review_decisions'), 'decision_date') }}

),

-- The row does not name the court of the case number, so the case number is read by the rule of the evaluated county's
-- court.
numbered as (

    {{ with_case_numbers('source', 'case_number', county=evaluated_county()) }}

),

final as (

    select
        numbered.delivery_id || ':' || cast(numbered.row_no as varchar) as decision_key,
        numbered.delivery_id,
        numbered.row_no,

        -- decision
        {{ clean_text(plain_number('decision_id')) }} as decision_id,
        {{ coded_text('decision_type') }} as decision_type,
        -- A mark without letters, such as a check mark, is kept. It is not a verdict, so the row is listed.
        coalesce(
            regexp_replace({{ coded_text('verdict') }}, '^eligible_for_', ''), {{ clean_text('verdict') }}
        ) as verdict,
        lower({{ clean_text('policy_id') }}) as policy_id,
        {{ clean_text('legal_ground') }} as legal_ground,
        {{ clean_text('ground') }} as ground,
        {{ clean_text('attorney') }} as attorney,
        coalesce(
            {{ parse_certain_date('decision_date') }}, {{ parse_slash_date('decision_date', 'date_orders.date_order') }}
        ) as decision_date,
        {{ clean_text('decision_date') }} as decision_date_raw,

        -- the row of a landed file
        {{ clean_text('record') }} as record,
        regexp_extract(trim(record), '^([A-Za-z0-9_]+-[0-9a-f]+):[0-9]+$', 1) as named_delivery_id,
        try_cast(regexp_extract(trim(record), '^[A-Za-z0-9_]+-[0-9a-f]+:([0-9]+)$', 1) as bigint) as named_row_no,

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
