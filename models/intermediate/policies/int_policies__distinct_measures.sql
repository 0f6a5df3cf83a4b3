with bounds as (

    select bounds.*
    from {{ ref('int_policies__bounds') }} as bounds
    inner join {{ ref('int_policies__distinct_convictions') }} as convictions
        on bounds.conviction_key = convictions.conviction_key

),

final as (

    {{ measures_by_row('bounds', 'conviction_key') }}

)

select * from final
