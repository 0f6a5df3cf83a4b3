with convictions as (

    select * from {{ ref('fct_convictions') }}

),

-- The history includes rows that reports do not count as convictions, as in rpt_people_outcomes.
history as (

    select
        conviction_key,
        person_key,
        level
    from convictions
    union all
    select
        conviction_key,
        person_key,
        level
    from {{ ref('int_identity__convictions') }}
    where not is_counted

),

groups as (

    select * from {{ ref('int_lifecycle__groups') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

relieved as (

    select
        conviction_key,
        person_key
    from convictions
    where is_dismissed_by_order or is_redesignated_by_order

),

relieved_people as (

    select distinct person_key from relieved

),

felonies as (

    select
        relieved_people.person_key,
        count(*) filter (where history.level = 'felony') as felonies,
        count(*) filter (where history.level = 'felony' and relieved.conviction_key is null) as felonies_left,
        count(*) filter (where history.level is null and relieved.conviction_key is not null)
            as relieved_of_unknown_level,
        count(*) filter (where history.level is null and relieved.conviction_key is null) as left_of_unknown_level
    from relieved_people
    inner join history on relieved_people.person_key = history.person_key
    left join relieved on history.conviction_key = relieved.conviction_key
    group by relieved_people.person_key

),

outcomes as (

    select
        person_key,
        case
            when felonies_left > 0 then 'a felony left'
            when felonies + relieved_of_unknown_level = 0 then 'had no felony'
            when left_of_unknown_level > 0 or felonies = 0 then 'cannot tell'
            else 'no felony left'
        end as felony_outcome
    from felonies

),

-- A person whose dismissals all have one section would have no dismissal without that section.
dismissed_people as (

    select
        person_key,
        case when min(offense) = max(offense) then min(offense) else 'several' end as only_offense
    from convictions
    where is_dismissed_by_order and coalesce(is_in_county, true)
    group by person_key

),

people as (

    select
        coalesce(groups.race, 'unknown') as race,
        coalesce(groups.sex, 'unknown') as sex,
        outcomes.felony_outcome
    from outcomes
    left join groups on outcomes.person_key = groups.person_key

),

counted_outcomes as (

    select
        coalesce(race, 'all') as race,
        coalesce(sex, 'all') as sex,
        coalesce(felony_outcome, 'all') as felony_outcome,
        count(*) as people
    from people
    group by cube(race, sex, felony_outcome)

),

counted_sections as (

    select
        coalesce(only_offense, 'all') as only_offense,
        count(*) as people
    from dismissed_people
    group by cube(only_offense)

),

counted as (

    select
        'relief orders' as basis,
        race,
        sex,
        felony_outcome,
        'all' as only_offense,
        people
    from counted_outcomes
    union all
    select
        'dismissals' as basis,
        'all' as race,
        'all' as sex,
        'all' as felony_outcome,
        only_offense,
        people
    from counted_sections

),

final as (

    select
        counted.basis,
        counted.race,
        counted.sex,
        counted.felony_outcome,
        counted.only_offense,
        'people' as unit,
        counted.people,
        context.evaluated_as_of_date,
        context.extract_as_of_date,
        context.is_synthetic
    from counted
    cross join context
    where counted.people > 0

)

select * from final
