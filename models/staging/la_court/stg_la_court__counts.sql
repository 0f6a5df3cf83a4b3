with source as (

    select * from {{ source('la_court', 'la_court_counts') }}

),

final as (

    select
        delivery_id,
        row_no,

        -- count
        {{ clean_text('case_number') }} as case_number_raw,
        {{ normalize_case_number('case_number') }} as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, {{ defendant_suffix('case_number') }})
            as defendant_number,
        {{ normalize_count_number('count_number') }} as count_number,
        {{ clean_text('charged_statute') }} as charged_statute,
        {{ clean_text('convicted_statute') }} as convicted_statute,
        {{ parse_iso_date('offense_date') }} as offense_date,
        case upper(trim(level))
            when 'FELONY' then 'felony'
            when 'MISDEMEANOR' then 'misdemeanor'
            when 'INFRACTION' then 'infraction'
        end as level,

        -- disposition
        upper({{ clean_text('plea') }}) as plea_type,
        lower({{ clean_text('disposition') }}) as disposition_type,
        {{ parse_iso_date('disposition_date') }} as disposition_date,
        {{ clean_text('disposition_date') }} as disposition_date_raw
    from source

)

select * from final
