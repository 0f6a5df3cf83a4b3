with convictions as (

    select * from {{ ref('int_readings__convictions') }}

),

histories as (

    select distinct
        history_key,
        reading,
        subject_key,
        history_delivery_id
    from convictions

),

disqualifiers as (

    select * from {{ ref('int_convictions__disqualifiers') }}

),

list_matches as (

    select
        charge_text,
        replace(list_id, 'sections_2019_', 'cmr_2019_') as list_id,
        starts_with(list_id, 'sections_2019_') as is_by_section
    from {{ ref('int_charges__list_matches') }}
    where
        list_id in (
            'cmr_2019_super_strike', 'cmr_2019_pc290', 'sections_2019_super_strike', 'sections_2019_pc290'
        )

),

listed_convictions as (

    select
        convictions.history_key,
        convictions.reading,
        list_matches.list_id,
        convictions.conviction_key,
        convictions.conviction_date as evidence_date,
        true as is_certain
    from convictions
    inner join list_matches
        on
            convictions.charge_text = list_matches.charge_text
            and list_matches.is_by_section = (convictions.reading = 'strike_list')

),

-- The older tool gives a gang pair no date.
gang_pairs as (

    select
        listed.history_key,
        listed.reading,
        'cmr_2019_super_strike' as list_id,
        listed.conviction_key,
        case
            when listed.reading in ('undated_disqualifier', 'older_tool') then {{ year_one() }}
            else listed.conviction_date
        end as evidence_date,
        true as is_certain
    from convictions as listed
    inner join convictions as enhancement
        on
            listed.history_key = enhancement.history_key
            and listed.cycle_step = enhancement.cycle_step
            and listed.conviction_key <> enhancement.conviction_key
    where
        regexp_matches(listed.code_section_text, {{ gang_listed_offense() }})
        and regexp_matches(enhancement.code_section_text, {{ gang_enhancement() }})

),

-- A blank charge may be anything to us; to the older tool it is nothing.
unknown_convictions as (

    select
        convictions.history_key,
        convictions.reading,
        disqualifiers.list_id,
        convictions.conviction_key,
        convictions.conviction_date as evidence_date,
        false as is_certain
    from disqualifiers
    inner join convictions on disqualifiers.doj_conviction_key = convictions.doj_conviction_key
    where
        not disqualifiers.is_certain
        and convictions.reading not in ('charge_blank', 'older_tool')

),

registrations as (

    select
        histories.history_key,
        histories.reading,
        disqualifiers.list_id,
        cast(null as varchar) as conviction_key,
        case
            when histories.reading in ('undated_disqualifier', 'older_tool') then {{ year_one() }}
            else disqualifiers.evidence_date
        end as evidence_date,
        true as is_certain
    from disqualifiers
    inner join histories
        on
            disqualifiers.subject_key = histories.subject_key
            and disqualifiers.delivery_id = coalesce(histories.history_delivery_id, disqualifiers.delivery_id)
    where disqualifiers.evidence = '290 registration'

),

registrations_by_prefix as (

    select distinct
        histories.history_key,
        histories.reading,
        'cmr_2019_pc290' as list_id,
        cast(null as varchar) as conviction_key,
        {{ year_one() }} as evidence_date,
        true as is_certain
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join histories
        on
            history_rows.subject_key = histories.subject_key
            and history_rows.delivery_id = coalesce(histories.history_delivery_id, history_rows.delivery_id)
    where histories.reading in ('registration_prefix', 'older_tool') and {{ is_registration_by_prefix() }}

),

final as (

    select * from listed_convictions
    union all
    select * from gang_pairs
    union all
    select * from unknown_convictions
    union all
    select * from registrations
    union all
    select * from registrations_by_prefix

)

select * from final
