with registration_charges as (

    select distinct charge_text
    from {{ ref('int_charges__citations') }}
    where (number = '290' or starts_with(number, '290.')) and coalesce(nearest_code, 'pc') = 'pc'

),

history_rows as (

    select
        *,
        {{ count_key() }} as count_key,
        {{ event_type('step_type') }} as event_type
    from {{ ref('int_criminal_history__rows') }}

),

final as (

    select
        subject_key,
        count_key,
        event_type,
        event_date,
        step_type,
        min(delivery_id) as delivery_id,
        min(row_no) as row_no,
        count(*) as row_count,
        first(history_rows.charge_text order by row_no) as charge_text,
        bool_or(event_type = 'registration' and registration_charges.charge_text is not null)
            as is_sex_offender_registration,
        first(county_name order by row_no) as county_name,
        first(agency_name order by row_no) as agency_name
    from history_rows
    left join registration_charges on history_rows.charge_text = registration_charges.charge_text
    where event_type is not null and event_type not in ('arrest', 'court_action')
    group by subject_key, count_key, event_type, step_type, event_date

)

select * from final
