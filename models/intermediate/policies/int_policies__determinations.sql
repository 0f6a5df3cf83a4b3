with alike as (

    select * from {{ ref('int_policies__alike_convictions') }}

),

walks as (

    select * from {{ ref('int_policies__walks') }}

),

final as (

    select
        alike.conviction_key,
        walks.* exclude (conviction_key)
    from alike
    inner join walks on alike.representative_key = walks.conviction_key

)

select * from final
