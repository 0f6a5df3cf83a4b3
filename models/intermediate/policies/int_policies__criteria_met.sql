-- Models that read this view treat a criterion without a row as certainly not met.
with alike as (

    select * from {{ ref('int_policies__alike_convictions') }}

),

criteria as (

    select * from {{ ref('int_policies__criteria') }}

),

final as (

    select
        alike.conviction_key,
        criteria.criterion_id,
        criteria.outcome,
        criteria.unknown_facts,
        criteria.assumed_facts
    from alike
    inner join criteria on alike.representative_key = criteria.conviction_key
    where criteria.outcome is null or criteria.outcome or criteria.assumed_facts > 0

)

select * from final
