with convictions as (

    select charge_text from {{ ref('int_convictions__criminal_history') }}
    where is_count_order_valid
    union all
    select charge_text from {{ ref('int_convictions__court') }}

),

charges as (

    select * from {{ ref('int_charges__parsed') }}
    where is_look_alike and not is_near_miss

),

final as (

    select
        convictions.charge_text,
        count(*) as rows,
        'charge_look_alike' as reason
    from convictions
    inner join charges on convictions.charge_text = charges.charge_text
    group by convictions.charge_text

)

select * from final
