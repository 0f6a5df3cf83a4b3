with bounds as (

    select * from {{ ref('int_policies__bounds') }}

),

final as (

    {{ measures_by_row('bounds', 'conviction_key') }}

)

select * from final
