with disqualifiers as (

    select * from {{ ref('int_statute__disqualifiers') }}
    where not is_certain and conviction_key is not null

),

offenses as (

    select * from {{ ref('int_offenses__dated') }}

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

-- People with a cannabis conviction for which a disqualifier could bar relief; nobody else is listed.
evaluated as (

    select distinct person_key from {{ ref('int_statute__convictions') }}

),

uncertain_convictions as (

    select distinct
        disqualifiers.conviction_key,
        coalesce(offenses.offense_text, '') as charge_text,
        case
            when coalesce(charges.is_unreadable, true) then 'prior_unreadable'
            else 'prior_perhaps_listed'
        end as reason
    from disqualifiers
    inner join evaluated on disqualifiers.person_key = evaluated.person_key
    inner join offenses on disqualifiers.conviction_key = offenses.conviction_key
    left join charges on offenses.offense_text = charges.charge_text

),

final as (

    select
        charge_text,
        count(*) as rows,
        reason
    from uncertain_convictions
    group by charge_text, reason

)

select * from final
