with evaluated as (

    select * from {{ ref('int_policies__evaluated_convictions') }}

),

representatives as (

    select distinct representative_key from {{ ref('int_policies__alike_convictions') }}

),

final as (

    select
        evaluated.conviction_key,
        evaluated.source,
        evaluated.is_prop_64,
        evaluated.is_prop_64_predecessor,
        evaluated.is_related,
        evaluated.is_of_the_statute
    from evaluated
    inner join representatives on evaluated.conviction_key = representatives.representative_key

)

select * from final
