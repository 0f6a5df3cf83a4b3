-- All convictions of one kind have the same reason. There are only a few dozen kinds, so the reason is computed once
-- per kind.
with policies as (

    select
        policy_id,
        max(offense_scope) as offense_scope,
        ';' || max(evaluates_sources) || ';' as evaluates_sources,
        max(overdue_records) as overdue_records
    from {{ ref('int_policies__rules') }}
    group by policy_id

),

kinds as (

    select
        * exclude (conviction_key),
        count(*) as convictions
    from {{ ref('int_policies__counted_convictions') }}
    group by all

),

not_evaluated as (

    select
        policies.policy_id,
        {{ reason_not_evaluated('policies', 'kinds') }} as reason,
        kinds.convictions
    from kinds
    cross join policies

),

-- This CTE counts the convictions that have a determination, not the ones that should have one. A test compares the two
-- numbers.
evaluated as (

    select
        determinations.policy_id,
        'evaluated' as reason,
        count(*) as convictions
    from {{ ref('int_policies__determinations') }} as determinations
    inner join {{ ref('int_policies__evaluated_convictions') }} as answered
        on determinations.conviction_key = answered.conviction_key and answered.reading in ('ours', 'published')
    inner join {{ ref('int_policies__counted_convictions') }} as counted
        on answered.identified_key = counted.conviction_key
    group by determinations.policy_id

),

told as (

    select
        policy_id,
        reason,
        sum(convictions) as convictions
    from not_evaluated
    where reason <> 'evaluated'
    group by policy_id, reason
    union all
    select * from evaluated

),

final as (

    select
        policies.policy_id,
        cast(reasons.reason_no as integer) as reason_no,
        reasons.reason,
        reasons.title,
        cast(coalesce(told.convictions, 0) as bigint) as convictions,
        cast((select coalesce(sum(kinds.convictions), 0) from kinds) as bigint) as counted
    from policies
    cross join {{ ref('evaluation_reasons') }} as reasons
    left join told on policies.policy_id = told.policy_id and reasons.reason = told.reason

)

select * from final
