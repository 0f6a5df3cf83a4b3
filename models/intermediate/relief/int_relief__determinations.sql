with outcomes as (

    select * from {{ ref('int_relief__rule_outcomes') }}

),

evaluated as (

    select * from {{ ref('int_relief__evaluated_convictions') }}

),

-- The first rule surely met.
deciding as (

    select * from (
        select
            *,
            row_number() over (partition by conviction_key, policy_id order by step) as met_rule
        from outcomes
        where outcome
    ) as met
    where met_rule = 1

),

-- The rules passed on the way to it whose outcome could not be told.
passed_unknown as (

    select
        outcomes.conviction_key,
        outcomes.policy_id,
        bit_or(outcomes.unknown_facts) as unknown_facts,
        sum(case when outcomes.determination = deciding.determination then 0 else 1 end) as unknown_rules_that_differ
    from outcomes
    inner join deciding
        on
            outcomes.conviction_key = deciding.conviction_key
            and outcomes.policy_id = deciding.policy_id
            and outcomes.step < deciding.step
    where outcomes.outcome is null
    group by outcomes.conviction_key, outcomes.policy_id

),

walked as (

    select
        deciding.conviction_key,
        deciding.policy_id,
        deciding.rule_id,
        deciding.determination,
        deciding.reason,
        deciding.citation,
        coalesce(passed_unknown.unknown_facts, 0) as unknown_facts,
        evaluated.is_in_county is null as is_county_unknown,
        coalesce(passed_unknown.unknown_rules_that_differ, 0) = 0 as is_certain
    from deciding
    inner join evaluated on deciding.conviction_key = evaluated.conviction_key
    left join passed_unknown
        on deciding.conviction_key = passed_unknown.conviction_key and deciding.policy_id = passed_unknown.policy_id

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
