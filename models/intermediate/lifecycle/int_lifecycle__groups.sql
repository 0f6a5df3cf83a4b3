with persons as (

    select
        person_key,
        race_name,
        sex_code,
        birth_date
    from {{ ref('int_identity__persons') }}

),

race_groups as (

    select * from {{ ref('race_groups') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

-- Age in whole years. A person born on February 29 has a birthday on March 1 in years without that day.
aged as (

    select
        persons.*,
        date_part('year', context.evaluated_as_of_date) - date_part('year', persons.birth_date)
        - case
            when
                date_part('month', context.evaluated_as_of_date) * 100 + date_part('day', context.evaluated_as_of_date)
                < date_part('month', persons.birth_date) * 100 + date_part('day', persons.birth_date)
                then 1
            else 0
        end as age
    from persons
    cross join context

),

final as (

    select
        aged.person_key,
        case
            when aged.race_name is null then 'unknown'
            else coalesce(race_groups.race_group, 'other')
        end as race,
        case upper(aged.sex_code) when 'M' then 'male' when 'F' then 'female' else 'unknown' end as sex,
        -- A birth date after the day of evaluation gives no age.
        coalesce(age_bands.age_band, 'unknown') as age_band
    from aged
    left join race_groups on upper(trim(aged.race_name)) = race_groups.race_name
    left join age_bands on aged.age between age_bands.age_from and age_bands.age_to

)

select * from final
