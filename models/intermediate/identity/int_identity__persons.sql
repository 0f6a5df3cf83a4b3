with impossible_births as (

    select
        source,
        record_key
    from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'birth_date'

),

subjects as (

    select
        subjects.* exclude (birth_date),
        subjects.birth_date as recorded_birth_date,
        case when impossible_births.record_key is null then subjects.birth_date end as birth_date
    from {{ ref('int_criminal_history__subjects') }} as subjects
    left join impossible_births
        on impossible_births.source = 'ca_doj' and subjects.subject_key = impossible_births.record_key

),

court_cases as (

    select
        cases.* exclude (birth_date),
        cases.birth_date as recorded_birth_date,
        case when impossible_births.record_key is null then cases.birth_date end as birth_date
    from {{ ref('int_court__cases') }} as cases
    left join impossible_births
        on impossible_births.source = 'la_court' and cases.case_defendant_key = impossible_births.record_key

),

person_links as (

    select * from {{ ref('int_identity__person_links') }}

),

defendants as (

    select
        person_links.person_key,
        court_cases.*,
        -- The case with the latest filing date comes first.
        row_number() over (
            partition by person_links.person_key
            order by court_cases.filing_date desc nulls last, person_links.case_defendant_key asc
        ) as filing_rank
    from person_links
    left join court_cases on person_links.case_defendant_key = court_cases.case_defendant_key

),

court_persons as (

    select
        person_key,
        first(defendant_name order by filing_rank) filter (where defendant_name is not null) as person_name,
        first(birth_date order by filing_rank) filter (where birth_date is not null) as birth_date,
        first(recorded_birth_date order by filing_rank) filter (where recorded_birth_date is not null)
            as recorded_birth_date,
        first(sex_code order by filing_rank) filter (where sex_code is not null) as sex_code,
        first(race_name order by filing_rank) filter (where race_name is not null) as race_name,
        case when count(distinct cii_number) = 1 then max(cii_number) end as cii_number,
        count(*) as court_cases
    from defendants
    group by person_key

),

persons as (

    select
        coalesce(subjects.subject_key, court_persons.person_key) as person_key,
        coalesce(subjects.subject_name, court_persons.person_name) as person_name,
        coalesce(subjects.birth_date, court_persons.birth_date) as birth_date,
        coalesce(subjects.recorded_birth_date, court_persons.recorded_birth_date) as recorded_birth_date,
        coalesce(subjects.sex_code, court_persons.sex_code) as sex_code,
        coalesce(subjects.race_name, court_persons.race_name) as race_name,
        coalesce(subjects.cii_number, court_persons.cii_number) as cii_number,
        coalesce(subjects.is_deceased, false) as is_deceased,
        subjects.subject_key is not null as is_in_doj_file,
        coalesce(court_persons.court_cases, 0) as court_cases
    from subjects
    full outer join court_persons on subjects.subject_key = court_persons.person_key

),

-- A birth date may fit the convictions of its own file but contradict a conviction of the other file. Such a birth date
-- cannot be true, because a person has only one.
contradicted as (

    select distinct persons.person_key
    from persons
    inner join {{ ref('int_identity__convictions') }} as convictions on persons.person_key = convictions.person_key
    where
        {{ is_age_impossible('persons.birth_date', 'convictions.conviction_date') }}
        and convictions.conviction_date >= {{ first_plausible_conviction_date() }}

),

final as (

    select persons.* replace (case when contradicted.person_key is null then persons.birth_date end as birth_date)
    from persons
    left join contradicted on persons.person_key = contradicted.person_key

)

select * from final
