-- This view uses no grouping sets, so that a query for one policy reads only that policy.
with determinations as (

    select * from {{ ref('fct_relief_determinations') }}

),

identifiers as (

    select
        conviction_key,
        person_key
    from {{ ref('int_filing__case_identifiers') }}
    where not is_juvenile_case

),

outcomes as (

    select * from {{ ref('int_orders__outcomes') }}

),

challenges as (

    select * from {{ ref('int_review__challenges') }}

),

race_groups as (

    select * from {{ ref('race_groups') }}

),

persons as (

    select
        persons.person_key,
        case
            when persons.race_name is null then 'unknown'
            else coalesce(race_groups.race_group, 'other')
        end as race,
        case upper(persons.sex_code) when 'M' then 'male' when 'F' then 'female' else 'unknown' end as gender
    from {{ ref('int_identity__persons') }} as persons
    left join race_groups on upper(trim(persons.race_name)) = race_groups.race_name

),

context as (

    select county_name from {{ ref('stg_landing__build_context') }}

),

standing as (

    select
        determinations.policy_id,
        determinations.policy_version,
        persons.race,
        persons.gender,
        -- What became of the conviction. An order comes first, whatever the policy would determine today.
        case
            when outcomes.outcome in ('ordered_dismissal', 'ordered_dismissal_and_sealing') then 'dismissed'
            when outcomes.outcome = 'ordered_redesignation' then 'redesignated'
            when outcomes.outcome = 'ordered_resentencing' then 'resentenced'
            when outcomes.outcome in ('already_relieved', 'ordered_relief_unknown') then 'relieved_otherwise'
            when not starts_with(determinations.determination, 'Eligible') then null
            when outcomes.outcome = 'denied' then 'denied'
            when challenges.challenge_status = 'challenged' then 'challenged'
            when challenges.challenge_status in ('not_challenged', 'withdrawn') then 'not_challenged'
            when challenges.challenge_status = 'not_on_the_list' then 'not_on_the_list'
            else 'challenge_unknown'
        end as standing,
        outcomes.outcome,
        determinations.evaluated_as_of_date,
        determinations.extract_as_of_date,
        determinations.is_synthetic
    from determinations
    inner join identifiers on determinations.conviction_key = identifiers.conviction_key
    inner join persons on identifiers.person_key = persons.person_key
    left join outcomes on determinations.conviction_key = outcomes.conviction_key
    left join challenges on determinations.conviction_key = challenges.conviction_key

),

-- Each eligible conviction is repeated for every measure that counts it.
measured as (

    select
        standing.*,
        measures.measure
    from standing
    inner join (
        values
        ('dismissed', 'eligible'), ('dismissed', 'relieved'), ('dismissed', 'dismissed'),
        ('redesignated', 'eligible'), ('redesignated', 'relieved'), ('redesignated', 'redesignated'),
        ('resentenced', 'eligible'), ('resentenced', 'relieved'), ('resentenced', 'resentenced'),
        ('relieved_otherwise', 'eligible'), ('relieved_otherwise', 'relieved'),
        ('relieved_otherwise', 'relieved_otherwise'),
        ('denied', 'eligible'), ('denied', 'remaining'), ('denied', 'denied'),
        ('challenged', 'eligible'), ('challenged', 'remaining'), ('challenged', 'challenged'),
        ('not_challenged', 'eligible'), ('not_challenged', 'remaining'), ('not_challenged', 'not_challenged'),
        ('challenge_unknown', 'eligible'), ('challenge_unknown', 'remaining'),
        ('challenge_unknown', 'challenge_unknown'),
        ('not_on_the_list', 'eligible'), ('not_on_the_list', 'remaining'), ('not_on_the_list', 'not_on_the_list')
    ) as measures (standing, measure) on standing.standing = measures.standing
    union all
    select
        standing.*,
        case outcome when 'ordered_dismissal_and_sealing' then 'sealed' else 'dismissed_not_sealed' end as measure
    from standing
    where standing = 'dismissed'

),

-- Each conviction is counted by race and gender, by race, by gender, and in the total.
told as (

    select
        policy_id,
        policy_version,
        case when by_race.is_told then race else 'all' end as race,
        case when by_gender.is_told then gender else 'all' end as gender,
        measure,
        evaluated_as_of_date,
        extract_as_of_date,
        is_synthetic
    from measured
    cross join (values (true), (false)) as by_race (is_told)
    cross join (values (true), (false)) as by_gender (is_told)

),

final as (

    select
        told.policy_id,
        told.policy_version,
        max(context.county_name) as county_name,
        told.race,
        told.gender,
        told.measure,
        'convictions' as unit,
        count(*) as convictions,
        max(told.evaluated_as_of_date) as evaluated_as_of_date,
        max(told.extract_as_of_date) as extract_as_of_date,
        bool_or(told.is_synthetic) as is_synthetic
    from told
    cross join context
    group by told.policy_id, told.policy_version, told.race, told.gender, told.measure

)

select * from final
