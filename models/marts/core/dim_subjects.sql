with persons as (

    select * from {{ ref('int_identity__persons') }}

),

final as (

    select
        person_key,
        person_name,
        birth_date,
        recorded_birth_date,
        sex_code,
        race_name,
        cii_number,
        is_deceased,
        is_in_doj_file,
        court_cases > 0 as is_in_court_records,
        court_cases
    from persons

)

select * from final
