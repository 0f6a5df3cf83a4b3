with evaluated as (

    select * from {{ ref('int_relief__evaluated_convictions') }}

),

measures as (

    select * from {{ ref('int_relief__measures') }}

),

policies as (

    select * from {{ ref('int_relief__policies') }}

),

rules as (

    select * from {{ ref('int_relief__policy_rules') }}

),

conditions as (

    select * from {{ ref('int_relief__policy_conditions') }}

),

in_scope as (

    select
        evaluated.conviction_key,
        policies.policy_id
    from evaluated
    inner join policies
        on
            (evaluated.is_prop_64 or (policies.offense_scope = 'prop_64_and_predecessors' and evaluated.is_prop_64_predecessor))
            and (';' || policies.evaluates_sources || ';') like ('%;' || evaluated.source || ';%')

),

-- A comparison holds surely when it holds at both bounds, fails surely when it can hold at none; else it cannot be told.
compared as (

    select
        in_scope.conviction_key,
        conditions.policy_id,
        conditions.rule_id,
        conditions.if_unknown,
        measures.facts,
        case conditions.operator
            when '>=' then
                case
                    when measures.lower_bound >= conditions.threshold then true
                    when measures.upper_bound < conditions.threshold then false
                end
            when '>' then
                case
                    when measures.lower_bound > conditions.threshold then true
                    when measures.upper_bound <= conditions.threshold then false
                end
            when '<=' then
                case
                    when measures.upper_bound <= conditions.threshold then true
                    when measures.lower_bound > conditions.threshold then false
                end
            when '<' then
                case
                    when measures.upper_bound < conditions.threshold then true
                    when measures.lower_bound >= conditions.threshold then false
                end
            when '=' then
                case
                    when measures.lower_bound = conditions.threshold and measures.upper_bound = conditions.threshold then true
                    when measures.lower_bound > conditions.threshold or measures.upper_bound < conditions.threshold then false
                end
        end as holds
    from in_scope
    inner join conditions on in_scope.policy_id = conditions.policy_id
    left join measures on in_scope.conviction_key = measures.conviction_key and conditions.measure = measures.measure

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

final as (

    select
        rules_met.conviction_key,
        rules_met.policy_id,
        rules.step,
        rules_met.rule_id,
        rules_met.outcome,
        case when rules_met.outcome is null then rules_met.unknown_facts else 0 end as unknown_facts
    from rules_met
    inner join rules on rules_met.policy_id = rules.policy_id and rules_met.rule_id = rules.rule_id
    union all
    select
        in_scope.conviction_key,
        rules.policy_id,
        rules.step,
        rules.rule_id,
        true as outcome,
        0 as unknown_facts
    from in_scope
    inner join rules_without_conditions as rules on in_scope.policy_id = rules.policy_id

)

select * from final
