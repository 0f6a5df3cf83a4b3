with convictions as (

    select * from {{ ref('fct_convictions') }}

),

history as (

    {{ people_history() }}

),

determinations as (

    select * from {{ ref('fct_relief_determinations') }}

),

policies as (

    select * from {{ ref('dim_policies') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

bases as (

    select
        'relief orders' as basis,
        'orders' as basis_type,
        '' as variant_of,
        'counted' as policy_choice
    union all
    select
        policy_id as basis,
        'policy' as basis_type,
        variant_of,
        coalesce(overdue_records, 'counted') as policy_choice
    from policies
    -- A draft is not yet in use; rpt_policy_comparison shows what it would change.
    where status <> 'draft'

),

-- A dismissal removes the conviction; a reduction removes only the felony.
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

{{ people_outcomes() }},

counted as (

    select
        basis,
        overdue_records,
        {{ count_people_outcomes() }}
    from outcomes_and_certainty
    group by basis, overdue_records

),

-- Without event files, the effects of the orders are NULL, not zero.
delivered as (

    select count(*) as event_deliveries
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

ways as (

    select 'counted' as overdue_records
    union all
    select 'left_out' as overdue_records

),

known as (

    select
        bases.basis,
        bases.basis_type,
        bases.variant_of,
        bases.policy_choice,
        ways.overdue_records,
        case when bases.basis_type = 'policy' or delivered.event_deliveries > 0 then 0 end as none
    from bases
    cross join delivered
    cross join ways

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
        context.is_synthetic,
        {% for name in ['people_with_relief'] + people_answers() | list %}
        cast(coalesce(counted.{{ name }}_low, known.none) as bigint) as {{ name }}_low,
        cast(coalesce(counted.{{ name }}_high, known.none) as bigint) as {{ name }}_high,
        {% endfor %}
        known.overdue_records,
        known.overdue_records = known.policy_choice as is_policy_choice
    from known
    cross join context
    left join counted on known.basis = counted.basis and known.overdue_records = counted.overdue_records

)

select * from final
