with statutes as (

    select * from {{ ref('statutes') }}

),

starts as (

    select in_force_from as era_from
    from statutes
    union
    select cast(in_force_to + interval 1 day as date) as era_from
    from statutes
    where in_force_to < cast('9999-12-31' as date)
    union
    select cast('0001-01-01' as date) as era_from

),

final as (

    select
        era_from,
        coalesce(
            cast(lead(era_from) over (order by era_from) - interval 1 day as date), cast('9999-12-31' as date)
        ) as era_to
    from starts

)

select * from final
