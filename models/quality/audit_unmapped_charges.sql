with convictions as (

    select charge_text from {{ ref('int_convictions__criminal_history') }}
    where is_count_order_valid
    union all
    select charge_text from {{ ref('int_convictions__court') }}

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

named as (

    select
        coalesce(convictions.charge_text, '') as charge_text,
        case
            when coalesce(charges.is_blank, true) then 'charge_blank'
            when charges.is_not_understood then 'charge_not_understood'
            when charges.is_solicitation then 'charge_solicitation'
            when charges.is_two_sections then 'charge_two_sections'
            when charges.is_attempt then 'charge_attempt'
            when charges.is_conspiracy then 'charge_conspiracy'
            when charges.is_without_number
                then 'charge_without_section'
        end as reason
    from convictions
    left join charges on convictions.charge_text = charges.charge_text

),

-- Charges whose section is clear but whose meaning on the date of the offense is not.
meanings as (

    select
        coalesce(meanings.offense_text, '') as charge_text,
        count(*) as rows,
        meanings.reason
    from {{ ref('int_offenses__meanings') }} as meanings
    inner join {{ ref('int_offenses__dated') }} as offenses on meanings.offense_key = offenses.offense_key
    inner join {{ ref('fct_convictions') }} as convictions on offenses.conviction_key = convictions.conviction_key
    where meanings.reason = 'charge_two_subdivisions' or meanings.reason like 'meaning%'
    group by coalesce(meanings.offense_text, ''), meanings.reason

),

final as (

    select
        charge_text,
        count(*) as rows,
        reason
    from named
    where reason is not null
    group by charge_text, reason
    union all
    select
        charge_text,
        rows,
        reason
    from meanings

)

select * from final
