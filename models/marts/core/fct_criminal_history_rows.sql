-- This model has only keys and short texts. The contents of a row are in staging, under the same delivery and row
-- number.
with all_rows as (

    select * from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

subject_keys as (

    select * from {{ ref('int_criminal_history__subject_keys') }}

),

rows_that_count as (

    select * from {{ ref('int_criminal_history__rows') }}

),

convictions as (

    select
        doj_conviction_key,
        subject_key,
        delivery_id,
        row_no,
        cycle_step,
        {{ count_key('cnt_order') }} as count_key
    from {{ ref('int_convictions__criminal_history') }}

),

judgment_rows as (

    select
        delivery_id,
        row_no
    from {{ ref('int_judgments__judgment_rows') }}
    where source = 'ca_doj'

),

-- This CTE has one row per person, so a row of the file gets all convicted steps and cycles of its person in one join.
convicted_subjects as (

    select
        subject_key,
        array_agg(distinct cycle_step) as cycle_steps,
        array_agg(distinct substr(cycle_step, 1, 3)) as cycles
    from convictions
    group by subject_key

),

-- A count can be superseded only if its person is in several deliveries.
subjects_of_several_deliveries as (

    select subject_key
    from subject_keys
    group by subject_key
    having count(*) > 1

),

superseded as (

    select
        all_rows.*,
        subject_keys.subject_key
    from all_rows
    inner join subject_keys
        on all_rows.delivery_id = subject_keys.delivery_id and all_rows.subject_id = subject_keys.subject_id
    inner join subjects_of_several_deliveries as several on subject_keys.subject_key = several.subject_key
    left join rows_that_count
        on all_rows.delivery_id = rows_that_count.delivery_id and all_rows.row_no = rows_that_count.row_no
    where rows_that_count.row_no is null

),

every_row as (

    select
        delivery_id,
        row_no,
        subject_key,
        count_order,
        is_count_order_valid,
        step_type,
        has_convicted_disposition,
        {{ count_key() }} as count_key,
        'counted' as standing
    from rows_that_count
    union all
    select
        delivery_id,
        row_no,
        subject_key,
        count_order,
        is_count_order_valid,
        step_type,
        has_convicted_disposition,
        cast(null as varchar) as count_key,
        'superseded_count' as standing
    from superseded
    union all
    select
        delivery_id,
        row_no,
        cast(null as varchar) as subject_key,
        count_order,
        is_count_order_valid,
        step_type,
        has_convicted_disposition,
        cast(null as varchar) as count_key,
        'subject_id_blank' as standing
    from all_rows
    where coalesce(subject_id, '') = ''

),

reached as (

    select
        every_row.*,
        convictions.doj_conviction_key as conviction_key,
        coalesce(convictions.row_no = every_row.row_no, false) as is_conviction_row,
        {{ event_type('every_row.step_type') }} as event_type,
        coalesce({{ event_type('every_row.step_type') }} = 'arrest', false) as is_arrest,
        judgment_rows.row_no is not null as is_judgment_row,
        convicted_subjects.subject_key is not null as is_of_convicted_subject,
        every_row.count_key is not null and every_row.is_count_order_valid
        and array_contains(convicted_subjects.cycle_steps, substr(every_row.count_order, 1, 6)) as is_in_convicted_step,
        every_row.count_key is not null and every_row.is_count_order_valid
        and array_contains(convicted_subjects.cycles, substr(every_row.count_order, 1, 3)) as is_in_convicted_cycle
    from every_row
    -- All rows of a count are from one delivery, so the row number is enough to identify the conviction's own row.
    left join convictions
        on every_row.subject_key = convictions.subject_key and every_row.count_key = convictions.count_key
    left join judgment_rows
        on every_row.delivery_id = judgment_rows.delivery_id and every_row.row_no = judgment_rows.row_no
    left join convicted_subjects on every_row.subject_key = convicted_subjects.subject_key

),

final as (

    select
        delivery_id,
        row_no,
        subject_key,
        case when is_count_order_valid then cast(substr(count_order, 1, 3) as integer) end as cycle_number,
        case when is_count_order_valid then cast(substr(count_order, 4, 3) as integer) end as step_number,
        case when is_count_order_valid then cast(substr(count_order, 7, 3) as integer) end as count_number,
        standing = 'counted' as is_counted,
        case
            when standing <> 'counted' then 'not_counted'
            when is_conviction_row then 'conviction'
            when conviction_key is not null and is_judgment_row then 'sentence_part'
            when conviction_key is not null then 'other_row_of_count'
            when event_type = 'court_action' then 'court_count'
            else coalesce(event_type, 'unnamed_step')
        end as row_role,
        case
            when standing <> 'counted' then standing
            when not is_count_order_valid then 'count_order_invalid'
            when has_convicted_disposition and is_arrest then 'convicted_text_on_arrest'
        end as not_evaluated_reason,
        conviction_key,
        case
            when conviction_key is not null then 'count'
            when is_in_convicted_step then 'step'
            when is_in_convicted_cycle then 'cycle'
            when is_of_convicted_subject then 'subject'
        end as reached_by
    from reached

)

select * from final
