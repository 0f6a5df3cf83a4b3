with evaluated as (

    select * from {{ ref('int_relief__evaluated_convictions') }}

),

measures as (

    select * from {{ ref('int_relief__measures') }}

),

-- The policies that come with the warehouse, and beside them those that people added.
policies as (

    select
        policy_id,
        offense_scope,
        evaluates_sources
    from {{ ref('policies') }}
    union all
    select
        policy_id,
        offense_scope,
        evaluates_sources
    from {{ source('landing', 'added_policies') }}

),

rules as (

    select
        policy_id,
        step,
        rule_id,
        coalesce(determination, '') as determination,
        coalesce(reason, '') as reason,
        citation
    from {{ ref('policy_rules') }}
    union all
    select
        policy_id,
        step,
        rule_id,
        determination,
        reason,
        citation
    from {{ source('landing', 'added_policy_rules') }}

),

conditions as (

    select
        policy_id,
        rule_id,
        measure,
        operator,
        threshold,
        if_unknown
    from {{ ref('policy_conditions') }}
    union all
    select
        policy_id,
        rule_id,
        measure,
        operator,
        threshold,
        if_unknown
    from {{ source('landing', 'added_policy_conditions') }}

),

in_scope as (

    select
        evaluated.conviction_key,
        policies.policy_id
    from evaluated
    inner join policies
        on
            (
                evaluated.is_prop_64
                or (policies.offense_scope = 'prop_64_and_predecessors' and evaluated.is_prop_64_predecessor)
            )
            and (';' || policies.evaluates_sources || ';') like ('%;' || evaluated.source || ';%')

),

bounds as (

    select
        in_scope.conviction_key,
        conditions.policy_id,
        conditions.rule_id,
        conditions.operator,
        conditions.threshold,
        conditions.if_unknown,
        coalesce(measures.facts, 0) as facts,
        coalesce(measures.lower_bound, cast('-infinity' as double)) as lowest,
        coalesce(measures.upper_bound, cast('infinity' as double)) as highest
    from in_scope
    inner join conditions on in_scope.policy_id = conditions.policy_id
    left join measures on in_scope.conviction_key = measures.conviction_key and conditions.measure = measures.measure

),

-- A comparison holds surely when it holds wherever the measure may lie, and fails surely when it holds nowhere there.
compared as (

    select
        conviction_key,
        policy_id,
        rule_id,
        if_unknown,
        facts,
        case
            when operator = '>=' and lowest >= threshold then true
            when operator = '>=' and highest < threshold then false
            when operator = '>' and lowest > threshold then true
            when operator = '>' and highest <= threshold then false
            when operator = '<=' and highest <= threshold then true
            when operator = '<=' and lowest > threshold then false
            when operator = '<' and highest < threshold then true
            when operator = '<' and lowest >= threshold then false
            when operator = '=' and lowest = threshold and highest = threshold then true
            when operator = '=' and (lowest > threshold or highest < threshold) then false
        end as holds
    from bounds

),

conditions_met as (

    select
        conviction_key,
        policy_id,
        rule_id,
        facts,
        case
            when holds is not null then holds
            when if_unknown = 'presume_met' then true
            when if_unknown = 'presume_not_met' then false
        end as holds
    from compared

),

rules_met as (

    select
        conviction_key,
        policy_id,
        rule_id,
        -- Not met and unknown is not met; met and unknown is unknown.
        case
            when sum(case when not holds then 1 else 0 end) > 0 then false
            when sum(case when holds is null then 1 else 0 end) > 0 then null
            else true
        end as outcome,
        bit_or(case when holds is null then facts else 0 end) as unknown_facts
    from conditions_met
    group by conviction_key, policy_id, rule_id

),

rules_without_conditions as (

    select rules.*
    from rules
    left join conditions on rules.policy_id = conditions.policy_id and rules.rule_id = conditions.rule_id
    where conditions.rule_id is null

),

outcomes as (

    select
        conviction_key,
        policy_id,
        rule_id,
        outcome,
        case when outcome is null then unknown_facts else 0 end as unknown_facts
    from rules_met
    union all
    select
        in_scope.conviction_key,
        rules.policy_id,
        rules.rule_id,
        true as outcome,
        0 as unknown_facts
    from in_scope
    inner join rules_without_conditions as rules on in_scope.policy_id = rules.policy_id

),

final as (

    select
        outcomes.conviction_key,
        outcomes.policy_id,
        rules.step,
        outcomes.rule_id,
        outcomes.outcome,
        outcomes.unknown_facts,
        rules.determination,
        rules.reason,
        rules.citation
    from outcomes
    inner join rules on outcomes.policy_id = rules.policy_id and outcomes.rule_id = rules.rule_id

)

select * from final
