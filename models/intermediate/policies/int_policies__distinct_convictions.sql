with evaluated as (

    select * from {{ ref('int_policies__evaluated_convictions') }}

),

representatives as (

    select distinct representative_key from {{ ref('int_policies__alike_convictions') }}

),

final as (

    select evaluated.*
    from evaluated
    inner join representatives on evaluated.conviction_key = representatives.representative_key

)

select * from final
