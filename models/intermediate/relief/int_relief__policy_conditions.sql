with final as (

    select
        policy_id,
        rule_id,
        condition_no,
        measure,
        operator,
        threshold,
        if_unknown,
        citation
    from {{ ref('policy_conditions') }}
    union all
    select
        policy_id,
        rule_id,
        condition_no,
        measure,
        operator,
        threshold,
        if_unknown,
        citation
    from {{ source('landing', 'policy_conditions') }}

)

select * from final
