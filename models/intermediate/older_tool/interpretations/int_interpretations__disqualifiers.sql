with convictions as (

    select * from {{ ref('int_interpretations__convictions') }}

),

{{ disqualifiers_of_readings() }},

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
