with convictions as (

    select
        doj_conviction_key,
        delivery_id,
        row_no,
        charge_text,
        convicted_charge_text,
        convicted_offense_source,
        is_prop_64
    from {{ ref('int_convictions__criminal_history') }}
    where is_count_order_valid

),

comparisons as (

    select * from {{ ref('int_criminal_history__offense_comparisons') }}

),

charges as (

    select
        charge_text,
        is_prop_64
    from {{ ref('int_charges__parsed') }}

),

final as (

    select
        convictions.doj_conviction_key as conviction_key,
        convictions.delivery_id,
        convictions.row_no,
        convictions.charge_text,
        convictions.convicted_charge_text,
        convictions.convicted_offense_source,
        comparisons.charged_convicted_difference,
        coalesce(convictions.is_prop_64, false) as is_charged_prop_64,
        coalesce(charges.is_prop_64, false) as is_convicted_prop_64,
        case
            when coalesce(convictions.is_prop_64, false) <> coalesce(charges.is_prop_64, false)
                then 'convicted_other_than_charged_cannabis'
            else 'convicted_other_than_charged'
        end as finding
    from convictions
    inner join comparisons
        on
            convictions.charge_text = comparisons.charge_text
            and convictions.convicted_charge_text = comparisons.convicted_charge_text
    left join charges on convictions.convicted_charge_text = charges.charge_text
    where comparisons.charged_convicted_difference in ('different_section', 'different_subdivision')

)

select * from final
