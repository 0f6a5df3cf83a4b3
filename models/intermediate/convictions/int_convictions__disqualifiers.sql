with convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

list_matches as (

    select * from {{ ref('int_charges__list_matches') }}
    where list_id in ('cmr_2019_super_strike', 'cmr_2019_pc290')

),

history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

listed_convictions as (

    select
        convictions.subject_key,
        list_matches.list_id,
        convictions.doj_conviction_key,
        convictions.delivery_id,
        convictions.conviction_date as evidence_date,
        list_matches.matched_text as evidence,
        not coalesce(convictions.conviction_status = 'unclear', false) as is_certain,
        coalesce(convictions.conviction_status = 'unclear', false) as is_conviction_unclear
    from convictions
    inner join list_matches on convictions.charge_text = list_matches.charge_text

),

-- A listed offense with a gang enhancement in the same cycle and step is a strike.
gang_pairs as (

    select
        listed.subject_key,
        'cmr_2019_super_strike' as list_id,
        listed.doj_conviction_key,
        listed.delivery_id,
        listed.conviction_date as evidence_date,
        regexp_extract(listed.code_section_text, {{ gang_listed_offense() }})
        || ' + 186.22(B)(4) PC' as evidence,
        not coalesce('unclear' in (listed.conviction_status, enhancement.conviction_status), false) as is_certain,
        coalesce('unclear' in (listed.conviction_status, enhancement.conviction_status), false)
            as is_conviction_unclear
    from convictions as listed
    inner join convictions as enhancement
        on
            listed.subject_key = enhancement.subject_key
            and listed.cycle_step = enhancement.cycle_step
            and listed.doj_conviction_key <> enhancement.doj_conviction_key
    where
        regexp_matches(listed.code_section_text, {{ gang_listed_offense() }})
        and regexp_matches(enhancement.code_section_text, {{ gang_enhancement() }})

),

registrations as (

    select
        subject_key,
        'cmr_2019_pc290' as list_id,
        cast(null as varchar) as doj_conviction_key,
        delivery_id,
        event_date as evidence_date,
        '290 registration' as evidence,
        true as is_certain,
        false as is_conviction_unclear
    from history_rows
    where step_type = 'REGISTRATION' and regexp_matches(trim(offense_description_raw), '^290([^0-9]|$)')
    group by subject_key, count_order, delivery_id, event_date

),

lists as (

    select distinct list_id from {{ ref('offense_list_entries') }}
    where list_id in ('cmr_2019_super_strike', 'cmr_2019_pc290')

),

-- A conviction without a charge may be for any offense.
unknown_convictions as (

    select
        convictions.subject_key,
        lists.list_id,
        convictions.doj_conviction_key,
        convictions.delivery_id,
        convictions.conviction_date as evidence_date,
        'charge unknown' as evidence,
        false as is_certain,
        false as is_conviction_unclear
    from convictions
    cross join lists
    where coalesce(convictions.is_blank, true)

),

final as (

    select * from listed_convictions
    union all
    select * from gang_pairs
    union all
    select * from registrations
    union all
    select * from unknown_convictions

)

select * from final
