with contradictions as (

    select * from {{ ref('int_lifecycle__contradictions') }}

),

stages as (

    select * from {{ ref('int_lifecycle__stages') }}

),

final as (

    select
        contradictions.conviction_key,
        contradictions.stage,
        'lifecycle_' || contradictions.finding as finding,
        stages.stage_date,
        stages.told_by
    from contradictions
    left join stages
        on contradictions.conviction_key = stages.conviction_key and contradictions.stage = stages.stage

)

select * from final
