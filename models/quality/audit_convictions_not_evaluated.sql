with policies as (

    select
        policy_id,
        max(offense_scope) as offense_scope,
        ';' || max(evaluates_sources) || ';' as evaluates_sources,
        max(overdue_records) as overdue_records
    from {{ ref('int_policies__rules') }}
    group by policy_id

),

counted as (

    select * from {{ ref('int_policies__counted_convictions') }}

),

reasons as (

    select
        policies.policy_id,
        counted.conviction_key,
        {{ reason_not_evaluated('policies', 'counted') }} as reason
    from counted
    cross join policies

),

final as (

    select * from reasons
    where reason <> 'evaluated'

)

select * from final
