with bounds as (

    select * from {{ ref('int_statute__bounds') }}
    where is_level_above_the_law

),

conduct as (

    select * from {{ ref('int_statute__conduct') }}

),

final as (

    select
        conduct.conviction_key,
        conduct.section,
        conduct.subdivision,
        conduct.level,
        case conduct.highest_level when 2 then 'misdemeanor' else 'infraction' end as highest_level_of_the_law,
        'level_above_the_law' as finding
    from conduct
    inner join bounds on conduct.conviction_key = bounds.conviction_key

)

select * from final
