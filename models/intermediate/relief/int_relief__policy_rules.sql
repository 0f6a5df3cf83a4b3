with final as (

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
    from {{ source('landing', 'policy_rules') }}

)

select * from final
