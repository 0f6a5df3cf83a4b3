-- Every counted conviction, with the facts that decide whether a policy evaluates it.
with convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_counted

),

evaluated as (

    select * from {{ ref('int_policies__evaluated_convictions') }}
    where reading = 'ours'

),

-- For people whose file the published rules interpret differently: the convictions that these rules count, with their
-- charges.
published as (

    select * from {{ ref('int_policies__evaluated_convictions') }}
    where reading = 'published'

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

final as (

    select
        convictions.conviction_key,
        case when convictions.source = 'la_court' then 'la_court' else 'ca_doj' end as source,
        coalesce(convictions.is_in_county, true) as is_in_county,
        coalesce(evaluated.is_prop_64, false) as is_prop_64,
        coalesce(published.is_prop_64_before_hyphen, evaluated.is_prop_64_before_hyphen, false)
            as is_prop_64_before_hyphen,
        published.identified_key is not null or not coalesce(evaluated.is_read_as_published, false)
            as is_conviction_as_published,
        coalesce(evaluated.is_prop_64_predecessor, false) as is_prop_64_predecessor,
        coalesce(evaluated.is_related, false) as is_related,
        coalesce(evaluated.is_of_the_statute, false) as is_of_the_statute,
        case
            when convictions.is_prop_64 or convictions.is_prop_64_predecessor then 'cannabis'
            when coalesce(charges.is_blank, true) then 'charge_blank'
            when charges.is_near_miss then 'charge_near_miss'
            when charges.is_look_alike then 'charge_look_alike'
            when charges.is_without_number then 'charge_without_section'
            else 'not_a_cannabis_offense'
        end as charge_kind
    from convictions
    left join evaluated on convictions.conviction_key = evaluated.identified_key
    left join published on convictions.conviction_key = published.identified_key
    left join charges on convictions.charge_text = charges.charge_text

)

select * from final
