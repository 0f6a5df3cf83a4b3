-- One in seven of all pairs: who reads them takes a criterion that has no row here for one that is surely not met.
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
