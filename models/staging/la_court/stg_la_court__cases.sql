with source as (

    select * from {{ source('la_court', 'la_court_cases') }}

),

final as (

    select
        delivery_id,
        row_no,

        -- case
        {{ clean_text('case_number') }} as case_number_raw,
        {{ normalize_case_number('case_number') }} as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, {{ defendant_suffix('case_number') }})
            as defendant_number,
        {{ clean_text('courthouse_name') }} as courthouse_name,
        {{ parse_iso_date('filing_date') }} as filing_date,
        {{ clean_text('prosecuting_agency') }} as prosecuting_agency_name,

        -- defendant
        {{ clean_text('defendant_name') }} as defendant_name,
        {{ clean_text('alias_names') }} as alias_names,
        {{ parse_iso_date('birth_date') }} as birth_date,
        {{ clean_text('birth_date') }} as birth_date_raw,
        upper({{ clean_text('sex') }}) as sex_code,
        upper({{ clean_text('race') }}) as race_name,
        case when regexp_matches(trim(cii_number), '[0-9]{5}') then upper(trim(cii_number)) end as cii_number
    from source

)

select * from final
