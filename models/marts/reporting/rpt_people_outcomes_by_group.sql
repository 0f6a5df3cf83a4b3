with convictions as (

    select * from {{ ref('fct_convictions') }}

),

history as (

    {{ people_history() }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- The announced numbers of people cover only the first wave, so that wave is also counted by itself. A dismissal
-- removes the conviction; a reduction removes only the felony.
relieved as (

    select
        'relief orders' as basis,
        conviction_key,
        person_key,
        is_dismissed_by_order as is_dismissed
    from convictions
    where is_dismissed_by_order or is_redesignated_by_order
    union all
    select
        'first wave orders' as basis,
        conviction_key,
        person_key,
        is_dismissed_by_order as is_dismissed
    from convictions
    where is_dismissed_by_order and wave_number = 1

),

{{ people_outcomes() }},

groups as (

    select * from {{ ref('int_lifecycle__groups') }}

),

-- The denominator of the rates is everybody with a conviction in review and everybody else whom an order relieved.
people_in_review as (

    select distinct person_key
    from convictions
    where is_in_review or is_dismissed_by_order or is_redesignated_by_order

),

bases as (

    select 'relief orders' as basis
    union all
    select 'first wave orders' as basis

),

-- Each person is in exactly one group of each type.
placed as (

    select
        bases.basis,
        group_types.group_type,
        case group_types.group_type
            when 'race' then coalesce(groups.race, 'unknown')
            when 'sex' then coalesce(groups.sex, 'unknown')
            when 'age_band' then coalesce(groups.age_band, 'unknown')
            else 'all'
        end as group_name,
        people_in_review.person_key
    from people_in_review
    cross join bases
    cross join (values ('all'), ('race'), ('sex'), ('age_band')) as group_types (group_type)
    left join groups on people_in_review.person_key = groups.person_key

),

reached as (

    select
        placed.basis,
        placed.group_type,
        placed.group_name,
        {{ count_people_outcomes() }}
    from placed
    inner join outcomes_and_certainty
        on placed.basis = outcomes_and_certainty.basis and placed.person_key = outcomes_and_certainty.person_key
    where outcomes_and_certainty.overdue_records = 'counted'
    group by placed.basis, placed.group_type, placed.group_name

),

in_review as (

    select
        basis,
        group_type,
        group_name,
        count(*) as people_in_review
    from placed
    group by basis, group_type, group_name

),

-- Without event files, the effects of the orders are NULL, not zero.
delivered as (

    select case when count(*) > 0 then 0 end as none
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

final as (

    select
        in_review.basis,
        in_review.group_type,
        in_review.group_name,
        'people' as unit,
        in_review.people_in_review,
        {% for name in ['people_with_relief'] + people_answers() | list + ['cannot_tell'] %}
        cast(coalesce(reached.{{ name }}, delivered.none) as bigint) as {{ name }},
        {% endfor %}
        {% for name in ['people_with_relief'] + people_answers() | list %}
        cast(coalesce(reached.{{ name }}_low, delivered.none) as bigint) as {{ name }}_low,
        cast(coalesce(reached.{{ name }}_high, delivered.none) as bigint) as {{ name }}_high,
        {% endfor %}
        context.evaluated_as_of_date,
        context.extract_as_of_date,
        context.is_synthetic
    from in_review
    cross join context
    cross join delivered
    left join reached
        on
            in_review.basis = reached.basis
            and in_review.group_type = reached.group_type
            and in_review.group_name = reached.group_name

)

select * from final
