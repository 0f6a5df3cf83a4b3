with convictions as (

    select * from {{ ref('fct_convictions') }}

),

determinations as (

    select * from {{ ref('fct_relief_determinations') }}

),

policies as (

    select * from {{ ref('dim_policies') }}

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

),

bases as (

    select
        'relief orders' as basis,
        'orders' as basis_type,
        '' as variant_of
    union all
    select
        policy_id as basis,
        'policy' as basis_type,
        variant_of
    from policies
    -- A draft is nobody's policy yet: rpt_policy_comparison shows what it would change.
    where status <> 'draft'

),

-- A dismissal takes the conviction away, a reduction only the felony.
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
        determinations.policy_id as basis,
        determinations.conviction_key,
        convictions.person_key,
        starts_with(determinations.determination, 'Eligible for Dismissal') as is_dismissed
    from determinations
    inner join convictions on determinations.conviction_key = convictions.conviction_key
    where starts_with(determinations.determination, 'Eligible')

),

people as (

    select distinct
        basis,
        person_key
    from relieved

),

-- Every conviction of these people, of any county, offense and source.
histories as (

    select
        people.basis,
        people.person_key,
        convictions.level,
        convictions.conviction_date,
        relieved.conviction_key is not null as is_relieved,
        coalesce(relieved.is_dismissed, false) as is_dismissed,
        {{ whole_years_between('convictions.conviction_date', 'context.evaluated_as_of_date', anchor='to') }} < 7
            as is_in_last_7_years
    from people
    inner join convictions on people.person_key = convictions.person_key
    cross join context
    left join relieved on people.basis = relieved.basis and convictions.conviction_key = relieved.conviction_key

),

sums as (

    select
        basis,
        person_key,
        sum(case when level = 'felony' then 1 else 0 end) as felonies,
        sum(case when level = 'felony' and not is_relieved then 1 else 0 end) as felonies_left,
        sum(case when level is null and is_relieved then 1 else 0 end) as relieved_of_unknown_level,
        sum(case when level is null and not is_relieved then 1 else 0 end) as left_of_unknown_level,
        sum(case when not is_dismissed then 1 else 0 end) as convictions_left,
        sum(case when is_in_last_7_years then 1 else 0 end) as recent,
        sum(case when is_in_last_7_years and not is_dismissed then 1 else 0 end) as recent_left,
        sum(case when conviction_date is null and is_dismissed then 1 else 0 end) as undated_dismissed,
        sum(case when conviction_date is null and not is_dismissed then 1 else 0 end) as undated_left
    from histories
    group by basis, person_key

),

-- NULL where an unknown level or date decides.
outcomes as (

    select
        basis,
        person_key,
        case
            when felonies_left > 0 or felonies + relieved_of_unknown_level = 0 then false
            when left_of_unknown_level > 0 then null
            when felonies > 0 then true
        end as has_no_felony_left,
        convictions_left = 0 as has_no_conviction_left,
        case
            when recent_left > 0 or recent + undated_dismissed = 0 then false
            when undated_left > 0 then null
            when recent > 0 then true
        end as has_no_conviction_in_last_7_years
    from sums

),

counted as (

    select
        basis,
        count(*) as people_with_relief,
        sum(case when has_no_felony_left then 1 else 0 end) as no_felony_left,
        sum(case when has_no_conviction_left then 1 else 0 end) as no_conviction_left,
        sum(case when has_no_conviction_in_last_7_years then 1 else 0 end) as no_conviction_last_7_years,
        sum(case when has_no_felony_left is null or has_no_conviction_in_last_7_years is null then 1 else 0 end)
            as cannot_tell
    from outcomes
    group by basis

),

-- Without the events, what the orders changed is missing, never zero.
delivered as (

    select count(*) as event_deliveries
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

known as (

    select
        bases.basis,
        bases.basis_type,
        bases.variant_of,
        case when bases.basis_type = 'policy' or delivered.event_deliveries > 0 then 0 end as none
    from bases
    cross join delivered

),

final as (

    select
        known.basis,
        known.basis_type,
        known.variant_of,
        'people' as unit,
        coalesce(counted.people_with_relief, known.none) as people_with_relief,
        cast(coalesce(counted.no_felony_left, known.none) as bigint) as no_felony_left,
        cast(coalesce(counted.no_conviction_left, known.none) as bigint) as no_conviction_left,
        cast(coalesce(counted.no_conviction_last_7_years, known.none) as bigint) as no_conviction_last_7_years,
        cast(coalesce(counted.cannot_tell, known.none) as bigint) as cannot_tell,
        context.evaluated_as_of_date,
        context.extract_as_of_date,
        context.is_synthetic
    from known
    cross join context
    left join counted on known.basis = counted.basis

)

select * from final
