with source as (

    {{ court_rows('la_court_counts', ['level', 'plea', 'disposition']) }}

),

numbered as (

    {{ with_case_numbers('source', 'case_number') }}

),

final as (

    select
        delivery_id,
        row_no,
        county_name,

        -- count
        {{ clean_text('case_number') }} as case_number_raw,
        case_number_read as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, defendant_number_read) as defendant_number,
        {{ normalize_count_number('count_number') }} as count_number,
        {{ clean_text(plain_number('charged_statute')) }} as charged_statute,
        {{ clean_text(plain_number('convicted_statute')) }} as convicted_statute,
        {{ parse_court_date('offense_date') }} as offense_date,
        case upper({{ our_word('level') }})
            when 'FELONY' then 'felony'
            when 'MISDEMEANOR' then 'misdemeanor'
            when 'INFRACTION' then 'infraction'
        end as level,
        upper({{ our_word('level') }}) as level_raw,

        -- disposition
        upper({{ our_word('plea') }}) as plea_type,
        lower({{ our_word('disposition') }}) as disposition_type,
        {{ parse_court_date('disposition_date') }} as disposition_date,
        {{ clean_text('disposition_date') }} as disposition_date_raw
    from numbered

)

select * from final
