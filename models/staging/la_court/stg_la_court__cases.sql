with source as (

    {{ court_rows('la_court_cases', ['courthouse_name', 'sex', 'race']) }}

),

numbered as (

    {{ with_case_numbers('source', 'case_number') }}

),

final as (

    select
        delivery_id,
        row_no,
        county_name,

        -- case
        {{ clean_text('case_number') }} as case_number_raw,
        case_number_read as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, defendant_number_read) as defendant_number,
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
        {{ cii_number('cii_number') }} as cii_number
    from numbered

)

select * from final
