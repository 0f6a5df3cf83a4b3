with doj_convictions as (

    select * from {{ ref('int_criminal_history__convictions') }}

),

-- A conviction that only the court's file holds is evaluated from there, by the policies that need no history.
court_only as (

    select
        unified.conviction_key,
        unified.person_key,
        court.*
    from {{ ref('int_identity__convictions') }} as unified
    inner join {{ ref('int_court__convictions') }} as court
        on unified.court_conviction_key = court.court_conviction_key
    where unified.source = 'la_court'

),

convictions as (

    select
        doj_conviction_key as conviction_key,
        'ca_doj' as source,
        subject_key,
        delivery_id,
        row_no,
        subject_id,
        cnt_order,
        case_number,
        conviction_date,
        level,
        is_in_county,
        charge_text
    from doj_convictions
    where is_count_order_valid
    union all
    select
        conviction_key,
        'la_court' as source,
        person_key as subject_key,
        delivery_id,
        row_no,
        '' as subject_id,
        '' as cnt_order,
        case_number,
        conviction_date,
        level,
        is_in_county,
        charge_text
    from court_only

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

final as (

    select
        convictions.*,
        charges.* exclude (charge_text),
        -- An attempt, a conspiracy or two sections: which section it is cannot be told.
        charges.is_attempt or charges.is_conspiracy or charges.is_two_sections as is_section_unknown,
        -- Two sections are surely Prop 64 where both are among the four.
        not charges.is_attempt and not charges.is_conspiracy and not charges.names_another_section
            as is_surely_cannabis
    from convictions
    inner join charges on convictions.charge_text = charges.charge_text
    where (charges.is_prop_64 or charges.is_prop_64_predecessor) and coalesce(convictions.is_in_county, true)

)

select * from final
