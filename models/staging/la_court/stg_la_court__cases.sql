with source as (

    {{ court_rows('la_court_cases', ['courthouse_name', 'sex', 'race']) }}

),

final as (

    select
        delivery_id,
        row_no,
        county_name,

        -- case
        {{ clean_text('case_number') }} as case_number_raw,
        {{ county_case_number(normalize_case_number('case_number'), 'county_name') }} as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, {{ defendant_suffix('case_number') }})
            as defendant_number,
        {{ our_word('courthouse_name') }} as courthouse_name,
        {{ parse_court_date('filing_date') }} as filing_date,
        {{ clean_text('prosecuting_agency') }} as prosecuting_agency_name,

        -- defendant
        {{ clean_text('defendant_name') }} as defendant_name,
        {{ clean_text('alias_names') }} as alias_names,
        {{ parse_court_date('birth_date') }} as birth_date,
        coalesce(cast({{ parse_court_date('birth_date') }} as varchar), {{ clean_text('birth_date') }})
            as birth_date_raw,
        upper({{ our_word('sex') }}) as sex_code,
        upper({{ our_word('race') }}) as race_name,
        case when regexp_matches(trim(cii_number), '[0-9]{5}') then upper(trim(cii_number)) end as cii_number
    from source

)

select * from final
