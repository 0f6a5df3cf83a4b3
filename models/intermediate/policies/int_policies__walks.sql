with in_scope as (

    select scope.*
    from {{ ref('int_policies__scope') }} as scope
    inner join {{ ref('int_policies__distinct_convictions') }} as convictions
        on scope.conviction_key = convictions.conviction_key

),

criteria as (

    select * from {{ ref('int_policies__criteria') }}
    where outcome is null or outcome or assumed_facts > 0

),

rules as (

    select * from {{ ref('int_policies__rules') }}

),

-- A rule without conditions is always met, so no later rule is applied.
last_steps as (

    select
        policy_id,
        min(step) as step
    from rules
    where criterion_id is null
    group by policy_id

),

-- The first rule that is certainly met, for each conviction and policy.
first_met as (

    select
        criteria.conviction_key,
        rules.policy_id,
        min(rules.step) as step
    from criteria
    inner join rules on criteria.criterion_id = rules.criterion_id
    where criteria.outcome
    group by criteria.conviction_key, rules.policy_id

),

reached as (

    select
        in_scope.conviction_key,
        in_scope.policy_id,
        in_scope.is_county_unknown,
        in_scope.is_disposition_unknown,
        case
            when first_met.step < last_steps.step or last_steps.step is null then first_met.step
            else last_steps.step
        end as step
    from in_scope
    left join last_steps on in_scope.policy_id = last_steps.policy_id
    left join first_met
        on in_scope.conviction_key = first_met.conviction_key and in_scope.policy_id = first_met.policy_id

),

deciding as (

    select
        reached.conviction_key,
        reached.policy_id,
        reached.is_county_unknown,
        reached.is_disposition_unknown,
        rules.step,
        rules.rule_id,
        rules.determination,
        rules.reason,
        rules.citation,
        rules.legal_ground
    from reached
    inner join rules on reached.policy_id = rules.policy_id and reached.step = rules.step

),

-- Rules before the deciding rule whose outcome is unknown.
passed_unknown as (

    select
        criteria.conviction_key,
        rules.policy_id,
        bit_or(criteria.unknown_facts) as unknown_facts,
        sum(case when rules.determination = deciding.determination then 0 else 1 end) as rules_that_differ
    from criteria
    inner join rules on criteria.criterion_id = rules.criterion_id
    inner join deciding
        on
            criteria.conviction_key = deciding.conviction_key
            and rules.policy_id = deciding.policy_id
            and rules.step < deciding.step
    where criteria.outcome is null
    group by criteria.conviction_key, rules.policy_id

),

-- Facts that the deciding rule or an earlier rule presumes, as the rule itself states.
assumed as (

    select
        criteria.conviction_key,
        rules.policy_id,
        bit_or(criteria.assumed_facts) as assumed_facts
    from criteria
    inner join rules on criteria.criterion_id = rules.criterion_id
    inner join deciding
        on
            criteria.conviction_key = deciding.conviction_key
            and rules.policy_id = deciding.policy_id
            and rules.step <= deciding.step
    where criteria.assumed_facts > 0
    group by criteria.conviction_key, rules.policy_id

),

walked as (

    select
        deciding.*,
        coalesce(assumed.assumed_facts, 0) as assumed_facts,
        coalesce(passed_unknown.unknown_facts, 0) as unknown_facts,
        coalesce(passed_unknown.rules_that_differ, 0) = 0
        and not deciding.is_county_unknown
        and not coalesce(deciding.is_disposition_unknown, false) as is_certain
    from deciding
    left join passed_unknown
        on deciding.conviction_key = passed_unknown.conviction_key and deciding.policy_id = passed_unknown.policy_id
    left join assumed
        on deciding.conviction_key = assumed.conviction_key and deciding.policy_id = assumed.policy_id

),

named as (

    select
        *,
        {{ facts_as_text('unknown_facts') }} as facts,
        {{ facts_as_text('assumed_facts') }} as facts_assumed
    from walked

),

final as (

    select
        conviction_key,
        policy_id,
        case when is_certain then determination else 'Hand Review' end as determination,
        case
            when is_certain then reason
            -- No rule decides if it is unknown whether the count is a conviction.
            when coalesce(is_disposition_unknown, false) then 'Cannot tell: disposition'
            when is_county_unknown then 'Cannot tell: county'
            else 'Cannot tell: ' || facts
        end as reason,
        case
            when is_certain then ''
            when coalesce(is_disposition_unknown, false) then 'disposition'
            when is_county_unknown then 'county'
            else facts
        end as cannot_tell,
        -- Unknown facts in the rules before the deciding rule, whether or not they could change the answer.
        facts as unknown_facts,
        case when is_certain then rule_id end as deciding_rule_id,
        citation,
        -- Facts that a rule presumes with a citation; an answer that is certain may depend on such facts.
        facts_assumed as assumed_facts,
        case when is_certain then legal_ground else '' end as legal_ground
    from named

)

select * from final
