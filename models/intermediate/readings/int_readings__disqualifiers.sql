with convictions as (

    select * from {{ ref('int_readings__convictions') }}

),

histories as (

    select distinct
        history_key,
        reading,
        subject_key
    from convictions

),

disqualifiers as (

    select * from {{ ref('int_criminal_history__disqualifiers') }}

),

list_matches as (

    select
        charge_text,
        case list_id
            when 'statutory_super_strike' then 'cmr_2019_super_strike'
            when 'statutory_pc290' then 'cmr_2019_pc290'
            else list_id
        end as list_id,
        list_id like 'statutory%' as is_statutory
    from {{ ref('int_charges__list_matches') }}
    where list_id in ('cmr_2019_super_strike', 'cmr_2019_pc290', 'statutory_super_strike', 'statutory_pc290')

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
            and list_matches.is_statutory = (convictions.reading = 'strike_list')

),

-- Gang pairs and unknown charges: the older tool gives a gang pair no date and a blank charge no meaning.
other_convictions as (

    select
        convictions.history_key,
        convictions.reading,
        disqualifiers.list_id,
        convictions.conviction_key,
        case
            when disqualifiers.is_certain and convictions.reading in ('undated_disqualifier', 'older_tool')
                then {{ year_one() }}
            else convictions.conviction_date
        end as evidence_date,
        disqualifiers.is_certain
    from disqualifiers
    inner join convictions on disqualifiers.doj_conviction_key = convictions.doj_conviction_key
    where
        disqualifiers.evidence like '% + 186.22(B)(4) PC'
        or (not disqualifiers.is_certain and convictions.reading not in ('charge_blank', 'older_tool'))

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
    inner join histories on disqualifiers.subject_key = histories.subject_key
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
    inner join histories on history_rows.subject_key = histories.subject_key
    where histories.reading in ('registration_prefix', 'older_tool') and {{ is_registration_by_prefix() }}

),

final as (

    select * from listed_convictions
    union all
    select * from other_convictions
    union all
    select * from registrations
    union all
    select * from registrations_by_prefix

)

select * from final
