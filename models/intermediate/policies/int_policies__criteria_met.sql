-- These are about one in seven of all pairs of a conviction and a criterion. Models that read this table treat a
-- criterion without a row as certainly not met.
with criteria as (

    select * from {{ ref('int_policies__criteria') }}

),

final as (

    select
        conviction_key,
        criterion_id,
        outcome,
        unknown_facts,
        assumed_facts
    from criteria
    where outcome is null or outcome or assumed_facts > 0

)

select * from final
