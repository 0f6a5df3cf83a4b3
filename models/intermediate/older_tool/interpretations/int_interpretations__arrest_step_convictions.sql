-- A CONVICTED text on an arrest is not a judgment for us. The older tool counts the text as a conviction, so the count
-- is read here in the older tool's way.
with subjects as (

    select distinct subject_key from {{ ref('int_criminal_history__rows') }}
    where has_convicted_disposition and step_type = 'ARREST/DETAINED/CITED'

),

convicted_rows as (

    select
        history_rows.*,
        {{ count_key('history_rows.count_order') }} as count_key
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join subjects on history_rows.subject_key = subjects.subject_key
    where history_rows.has_convicted_disposition

),

numbered as (

    select
        *,
        row_number() over (partition by subject_key, count_key order by row_no) as row_of_count
    from convicted_rows

),

final as (

    select
        'doj|' || subject_key || '|' || count_key as doj_conviction_key,
        subject_key,
        delivery_id,
        row_no,
        subject_id,
        count_order as cnt_order,
        case when is_count_order_valid then substr(count_order, 1, 6) end as cycle_step,
        is_count_order_valid,
        event_date as conviction_date,
        {{ is_felony_to_older_tool('conviction_level_raw', 'offense_level_code_raw') }} as is_felony_to_older_tool,
        county_name_raw,
        county_name,
        charge_text
    from numbered
    where row_of_count = 1 and step_type = 'ARREST/DETAINED/CITED'

)

select * from final
