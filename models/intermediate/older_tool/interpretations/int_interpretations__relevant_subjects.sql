-- People with a conviction that the older tool or we evaluate; an interpretation matters only for these people.
with relevant_charges as (

    select charge_text from {{ ref('int_charges__parsed') }}
    where is_prop_64 or is_prop_64_predecessor
    union
    select charge_text from {{ ref('int_charges__list_matches') }}
    where list_id in ('cmr_2019_prop_64', 'cmr_2019_related')

),

final as (

    select convictions.subject_key
    from {{ ref('int_published_rules__convictions') }} as convictions
    inner join relevant_charges on convictions.charge_text = relevant_charges.charge_text
    union
    select convictions.subject_key
    from {{ ref('int_published_rules__convictions') }} as convictions
    inner join relevant_charges on convictions.convicted_charge_text = relevant_charges.charge_text
    union
    select convictions.subject_key
    from {{ ref('int_interpretations__arrest_step_convictions') }} as convictions
    inner join relevant_charges on convictions.charge_text = relevant_charges.charge_text

)

select * from final
