with outcomes as (

    select * from {{ ref('int_relief__rule_outcomes') }}

),

final as (

    select
        conviction_key,
        policy_id,
        step,
        rule_id,
        outcome,
        {{ facts_as_text('unknown_facts') }} as unknown_facts
    from outcomes

)

select * from final
