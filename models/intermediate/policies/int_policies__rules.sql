-- The policies that come with the warehouse, together with those that people added.
with policies as (

    select
        policy_id,
        offense_scope,
        evaluates_sources,
        overdue_records,
        unknown_plants,
        1 as origin
    from {{ ref('policies') }}
    union all
    select
        policy_id,
        offense_scope,
        evaluates_sources,
        coalesce(overdue_records, 'counted') as overdue_records,
        coalesce(unknown_plants, 'six_or_fewer') as unknown_plants,
        2 as origin
    from {{ ref('stg_landing__added_policies') }}

),

rules as (

    select
        policy_id,
        step,
        rule_id,
        coalesce(determination, '') as determination,
        coalesce(reason, '') as reason,
        citation,
        coalesce(legal_ground, '') as legal_ground
    from {{ ref('policy_rules') }}
    union all
    select
        policy_id,
        step,
        rule_id,
        determination,
        reason,
        citation,
        coalesce(legal_ground, '') as legal_ground
    from {{ ref('stg_landing__added_policy_rules') }}

),

written as (

    select
        policy_id,
        rule_id,
        string_agg(
            measure || ' ' || operator || ' ' || cast(threshold as varchar) || ' ' || if_unknown,
            ' and ' order by measure, operator, threshold, if_unknown
        ) as conditions
    from {{ ref('int_policies__conditions') }}
    group by policy_id, rule_id

),

final as (

    select
        rules.policy_id,
        rules.step,
        rules.rule_id,
        rules.determination,
        rules.reason,
        rules.citation,
        rules.legal_ground,
        policies.offense_scope,
        policies.evaluates_sources,
        policies.overdue_records,
        policies.unknown_plants,
        -- Rules with the same conditions share one criterion, which is evaluated only once for all policies.
        case
            when written.conditions is not null
                then first_value(rules.policy_id || '.' || rules.rule_id) over (
                    partition by written.conditions order by policies.origin, rules.policy_id, rules.step
                )
        end as criterion_id
    from rules
    inner join policies on rules.policy_id = policies.policy_id
    left join written on rules.policy_id = written.policy_id and rules.rule_id = written.rule_id

)

select * from final
