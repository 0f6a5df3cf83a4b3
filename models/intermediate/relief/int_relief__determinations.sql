with outcomes as (

    select * from {{ ref('int_relief__rule_outcomes') }}

),

rules as (

    select * from {{ ref('int_relief__policy_rules') }}

),

evaluated as (

    select * from {{ ref('int_relief__evaluated_convictions') }}

),

decided as (

    select
        conviction_key,
        policy_id,
        min(case when outcome then step end) as deciding_step
    from outcomes
    group by conviction_key, policy_id

),

-- The rules passed on the way to the first one surely met, whose outcome could not be told.
passed_unknown as (

    select
        outcomes.conviction_key,
        outcomes.policy_id,
        bit_or(outcomes.unknown_facts) as unknown_facts,
        sum(case when rules.determination = deciding.determination then 0 else 1 end) as unknown_rules_that_differ
    from outcomes
    inner join decided on outcomes.conviction_key = decided.conviction_key and outcomes.policy_id = decided.policy_id
    inner join rules on outcomes.policy_id = rules.policy_id and outcomes.step = rules.step
    left join rules as deciding on decided.policy_id = deciding.policy_id and decided.deciding_step = deciding.step
    where outcomes.outcome is null and outcomes.step < coalesce(decided.deciding_step, 999999)
    group by outcomes.conviction_key, outcomes.policy_id

),

walked as (

    select
        decided.conviction_key,
        decided.policy_id,
        deciding.rule_id,
        deciding.determination,
        deciding.reason,
        deciding.citation,
        coalesce(passed_unknown.unknown_facts, 0) as unknown_facts,
        evaluated.is_in_county is null as is_county_unknown,
        coalesce(passed_unknown.unknown_rules_that_differ, 0) = 0 as is_certain
    from decided
    inner join evaluated on decided.conviction_key = evaluated.conviction_key
    left join rules as deciding on decided.policy_id = deciding.policy_id and decided.deciding_step = deciding.step
    left join passed_unknown
        on decided.conviction_key = passed_unknown.conviction_key and decided.policy_id = passed_unknown.policy_id

),

final as (

    select
        conviction_key,
        policy_id,
        case when is_county_unknown or not is_certain then 'Hand Review' else determination end as determination,
        case
            when is_county_unknown then 'Cannot tell: county'
            when not is_certain then 'Cannot tell: ' || {{ facts_as_text('unknown_facts') }}
            else reason
        end as reason,
        case
            when is_county_unknown then 'county'
            when not is_certain then {{ facts_as_text('unknown_facts') }}
            else ''
        end as cannot_tell,
        -- Facts that were unknown on the way, whether or not they would have changed the answer.
        {{ facts_as_text('unknown_facts') }} as unknown_facts,
        case when is_certain and not is_county_unknown then rule_id end as deciding_rule_id,
        citation
    from walked

)

select * from final
