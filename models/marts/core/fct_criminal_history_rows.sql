-- Integers and short texts only: what a row says stands in staging, under the same delivery and row number.
with all_rows as (

    select
        delivery_id,
        row_no,
        subject_id,
        count_order,
        is_count_order_valid,
        {{ event_type('step_type') }} as event_type,
        has_convicted_disposition,
        step_type = 'ARREST/DETAINED/CITED' as is_arrest
    from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

subject_keys as (

    select * from {{ ref('int_criminal_history__subject_keys') }}

),

rows_that_count as (

    select
        delivery_id,
        row_no
    from {{ ref('int_criminal_history__rows') }}

),

convictions as (

    select
        doj_conviction_key,
        subject_key,
        delivery_id,
        row_no,
        case when is_count_order_valid then cnt_order end as count_order,
        cycle_step,
        substr(cycle_step, 1, 3) as cycle_order
    from {{ ref('int_criminal_history__convictions') }}

),

convicted_steps as (

    select distinct
        subject_key,
        cycle_step
    from convictions

),

convicted_cycles as (

    select distinct
        subject_key,
        cycle_order
    from convictions

),

convicted_subjects as (

    select distinct subject_key from convictions

),

keyed as (

    select
        all_rows.*,
        subject_keys.subject_key,
        rows_that_count.row_no is not null as is_counted,
        case when all_rows.is_count_order_valid and rows_that_count.row_no is not null then all_rows.count_order end
            as counted_order
    from all_rows
    left join subject_keys
        on all_rows.delivery_id = subject_keys.delivery_id and all_rows.subject_id = subject_keys.subject_id
    left join rows_that_count
        on all_rows.delivery_id = rows_that_count.delivery_id and all_rows.row_no = rows_that_count.row_no

),

reached as (

    select
        keyed.*,
        coalesce(own.doj_conviction_key, of_count.doj_conviction_key) as conviction_key,
        own.doj_conviction_key is not null as is_conviction_row,
        convicted_steps.subject_key is not null as is_in_convicted_step,
        convicted_cycles.subject_key is not null as is_in_convicted_cycle,
        convicted_subjects.subject_key is not null as is_of_convicted_subject
    from keyed
    left join convictions as own on keyed.delivery_id = own.delivery_id and keyed.row_no = own.row_no
    left join convictions as of_count
        on keyed.subject_key = of_count.subject_key and keyed.counted_order = of_count.count_order
    left join convicted_steps
        on
            keyed.subject_key = convicted_steps.subject_key
            and substr(keyed.counted_order, 1, 6) = convicted_steps.cycle_step
    left join convicted_cycles
        on
            keyed.subject_key = convicted_cycles.subject_key
            and substr(keyed.counted_order, 1, 3) = convicted_cycles.cycle_order
    left join convicted_subjects on keyed.subject_key = convicted_subjects.subject_key

),

final as (

    select
        delivery_id,
        row_no,
        subject_key,
        case when is_count_order_valid then cast(substr(count_order, 1, 3) as integer) end as cycle_number,
        case when is_count_order_valid then cast(substr(count_order, 4, 3) as integer) end as step_number,
        case when is_count_order_valid then cast(substr(count_order, 7, 3) as integer) end as count_number,
        is_counted,
        case
            when not is_counted then 'not_counted'
            when is_conviction_row then 'conviction'
            when conviction_key is not null and has_convicted_disposition and not is_arrest then 'sentence_part'
            when conviction_key is not null then 'other_row_of_count'
            when event_type = 'court_action' then 'court_count'
            else coalesce(event_type, 'unnamed_step')
        end as row_role,
        case
            when coalesce(subject_id, '') = '' then 'subject_id_blank'
            when not is_counted then 'superseded_count'
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
